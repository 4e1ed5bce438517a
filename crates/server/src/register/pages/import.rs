//! A list from file to register: chosen, looked at row by row, confirmed.

use askama::Template;
use axum::extract::{FromRequest as _, Multipart, Path, Query, Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use base::{Division, Level};
use db::Snapshot;
use serde::{Deserialize, Serialize};
use serde_json::json;
use tokio::sync::Semaphore;
use uuid::Uuid;

use super::super::import::{Asked, Column, Line, Outcome, Plan, Sheet, Unread, Work, place, read};
use super::super::store::take::{known, take};
use super::super::store::upload::{self as uploads, UploadRow};
use super::{Choice, Faults, Names, record};
use crate::access::Action;
use crate::site::Site;
use crate::web::{Error, Form, Html, Page, Visit};

/// Bytes of a posted file, with what a form puts around it.
pub const LARGEST: usize = 21 << 20;
/// One file is read at a time: unpacked, each may be many times as large.
static READING: Semaphore = Semaphore::const_new(1);
/// Minutes for which an upload waits to be confirmed.
const KEPT: i64 = 24 * 60;
/// Rows on one page of the preview.
const PAGE: usize = 200;

#[derive(Template)]
#[template(path = "register/import.html")]
struct ChoosePage {
    page: Page,
    villages: Vec<Choice>,
    faults: Faults,
}

async fn choose_page(site: &Site, visit: &Visit, village: &str, faults: Faults) -> Result<Response, Error> {
    let scope = visit.may(Action::ChangeHouseholds)?;
    let mut tx = site.db.read().await?;
    let names = Names::of_town(&mut tx, visit).await?;
    let mut villages: Vec<Division> = names.within(&scope).filter_map(|d| d.at(Level::Village)).collect();
    villages.dedup();
    let only = villages.len() == 1;
    let choice = |division: &Division| Choice {
        value: division.code(),
        text: names.one(*division),
        chosen: only || division.code() == village,
    };
    let status = if faults.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let page =
        ChoosePage { page: visit.page.clone(), villages: villages.iter().map(choice).collect(), faults };
    Ok(Html::of(&page)?.with_status(status).into_response())
}

pub async fn choose(State(site): State<Site>, visit: Visit) -> Result<Response, Error> {
    choose_page(&site, &visit, "", Faults::default()).await
}

/// What the form brought.
#[derive(Default)]
struct Brought {
    name: String,
    file: Vec<u8>,
    village: String,
}

async fn receive(mut form: Multipart) -> Result<Brought, Error> {
    let refused = |error: axum::extract::multipart::MultipartError| match error.status() {
        StatusCode::PAYLOAD_TOO_LARGE => Error::TooLarge,
        _ => Error::Unreadable(error.body_text()),
    };
    let mut brought = Brought::default();
    while let Some(field) = form.next_field().await.map_err(refused)? {
        match field.name() {
            Some("file") => {
                brought.name = field.file_name().unwrap_or_default().chars().take(100).collect();
                brought.file = field.bytes().await.map_err(refused)?.to_vec();
            }
            Some("village") => brought.village = field.text().await.map_err(refused)?,
            _ => {}
        }
    }
    Ok(brought)
}

pub async fn upload(State(site): State<Site>, visit: Visit, request: Request) -> Result<Response, Error> {
    visit.may(Action::ChangeHouseholds)?;
    let town = visit.person.town().ok_or(Error::NotAllowed)?;
    let form = Multipart::from_request(request, &site).await;
    let brought = receive(form.map_err(|error| Error::Unreadable(error.body_text()))?).await?;
    let file = brought.file;
    let room = READING.acquire().await;
    let reader = site.settings.reader.clone();
    let read = tokio::task::spawn_blocking(move || read(&file, reader.as_deref())).await;
    drop(room);
    let mut faults = Faults::default();
    let sheet = match read.unwrap_or(Err(Unread::NoRows)) {
        Ok(sheet) => sheet,
        Err(unread) => {
            let (key, args) = unread.message();
            faults.tell("file", visit.words.get_with(key, &args));
            return choose_page(&site, &visit, &brought.village, faults).await;
        }
    };
    let village = Division::from_code(&brought.village).filter(|d| d.level() == Level::Village);
    let village = village.filter(|d| town.contains(*d));
    if village.is_none() && !sheet.has(Column::Village) {
        faults.add(&visit.words, "village", "import-choose-village");
        return choose_page(&site, &visit, "", faults).await;
    }
    let upload = UploadRow {
        town: town.town(),
        id: site.clock.new_id(),
        account: visit.person.account,
        file_name: brought.name,
        village: village.map(Division::number),
        sealed: Some(pack(&site, &sheet)?),
        result: None,
        uploaded_at: visit.now.0,
        expires_at: visit.now.plus_minutes(KEPT).0,
    };
    let mut tx = site.db.write().await?;
    uploads::keep(&mut tx, &upload).await?;
    let detail = json!({ "upload": upload.id, "rows": sheet.rows.len() });
    record(&mut tx, &site, &visit, "register.upload", (upload.town, 0), detail).await?;
    tx.commit().await?;
    Ok(Redirect::to(&format!("/households/import/{}", upload.id)).into_response())
}

/// The rows as they are kept: packed, since a sheet repeats itself, then sealed.
fn pack(site: &Site, sheet: &Sheet) -> Result<Vec<u8>, Error> {
    let text = serde_json::to_vec(sheet).map_err(|error| Error::Unreadable(error.to_string()))?;
    let packed = zstd::bulk::compress(&text, 1).map_err(|error| Error::Unreadable(error.to_string()))?;
    Ok(site.vault.seal_bytes(&packed))
}

fn unpack(site: &Site, sealed: &[u8]) -> Option<Sheet> {
    let packed = site.vault.open_bytes(sealed)?;
    let text = zstd::stream::decode_all(packed.as_slice()).ok()?;
    serde_json::from_slice(&text).ok()
}

/// What an import came to, as it is kept and shown.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
struct Taken {
    households: usize,
    residents: usize,
    contacts: usize,
    /// Residents of the register who were listed as key persons.
    listings: usize,
}

impl Taken {
    fn of(work: &Work) -> Taken {
        let given = work.households.iter().filter(|(_, contact)| contact.is_some()).count();
        Taken {
            households: work.households.len(),
            residents: work.residents(),
            contacts: given + work.contacts.len(),
            listings: work.listings.len(),
        }
    }

    fn is_nothing(&self) -> bool {
        *self == Taken::default()
    }
}

/// Which rows of the preview are shown.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Shown {
    /// An outcome's key.
    show: String,
    /// The page, from 0.
    page: usize,
}

struct Tab {
    key: &'static str,
    count: usize,
    current: bool,
}

struct Told {
    /// The sheet, where the file has several, and the line.
    line: String,
    name: String,
    house: String,
    place: String,
    mark: &'static str,
    outcome: String,
    reasons: Vec<String>,
}

#[derive(Template)]
#[template(path = "register/preview.html")]
struct PreviewPage {
    page: Page,
    path: String,
    file_name: String,
    rows: usize,
    digest: String,
    tabs: Vec<Tab>,
    lines: Vec<Told>,
    shown: Outcome,
    next: Option<usize>,
    /// What is taken without and with the rows in doubt.
    sure: Taken,
    all: Taken,
    ignored: String,
    unread: String,
    /// Lines that are nobody's: their numbers with what stands there.
    passed: String,
    /// The register changed since this was shown last.
    changed: bool,
}

#[derive(Template)]
#[template(path = "register/taken.html")]
struct TakenPage {
    page: Page,
    file_name: String,
    taken: Taken,
}

/// The plan of a kept upload, or nothing where it was imported already.
async fn plan(
    tx: &mut Snapshot,
    site: &Site,
    visit: &Visit,
    upload: &UploadRow,
) -> Result<Option<(Sheet, Plan)>, Error> {
    let scope = visit.may(Action::ChangeHouseholds)?;
    let Some(sealed) = &upload.sealed else { return Ok(None) };
    let sheet = unpack(site, sealed).ok_or(Error::NotFound)?;
    let town = Division::of_town(upload.town).ok_or(Error::NotFound)?;
    let asked =
        Asked { town, village: upload.village.and_then(Division::from_number), scope, day: visit.today };
    let known = known(tx, town, visit.today).await?;
    let plan = Plan::new(&sheet, &known, &site.vault, &asked);
    Ok(Some((sheet, plan)))
}

async fn find(tx: &mut Snapshot, visit: &Visit, id: Uuid) -> Result<UploadRow, Error> {
    visit.may(Action::ChangeHouseholds)?;
    let town = visit.person.town().ok_or(Error::NotFound)?.town();
    uploads::find(tx, town, visit.person.account, id, visit.now).await?.ok_or(Error::NotFound)
}

pub async fn preview(
    State(site): State<Site>,
    visit: Visit,
    Path(id): Path<Uuid>,
    Query(shown): Query<Shown>,
) -> Result<Response, Error> {
    let mut tx = site.db.read().await?;
    let upload = find(&mut tx, &visit, id).await?;
    match plan(&mut tx, &site, &visit, &upload).await? {
        Some((sheet, plan)) => {
            Ok(Html::of(&preview_page(&visit, &upload, &sheet, &plan, &shown))?.into_response())
        }
        None => {
            let taken = upload.result.as_deref().and_then(|text| serde_json::from_str(text).ok());
            let taken = taken.unwrap_or_default();
            let page = TakenPage { page: visit.page.clone(), file_name: upload.file_name, taken };
            Ok(Html::of(&page)?.into_response())
        }
    }
}

fn preview_page(visit: &Visit, upload: &UploadRow, sheet: &Sheet, plan: &Plan, shown: &Shown) -> PreviewPage {
    let by_need = [Outcome::Rejected, Outcome::Doubt, Outcome::New, Outcome::Same];
    let first = by_need.into_iter().find(|outcome| plan.count(*outcome) > 0).unwrap_or(Outcome::New);
    let chosen = Outcome::ALL.into_iter().find(|outcome| outcome.key() == shown.show).unwrap_or(first);
    let tab =
        |outcome: Outcome| Tab { key: outcome.key(), count: plan.count(outcome), current: outcome == chosen };
    let from = shown.page.saturating_mul(PAGE);
    let wanted = plan.lines.iter().filter(|line| line.outcome == chosen).skip(from).take(PAGE);
    PreviewPage {
        page: visit.page.clone(),
        path: format!("/households/import/{}", upload.id),
        file_name: upload.file_name.clone(),
        rows: plan.lines.len(),
        digest: plan.digest(),
        tabs: by_need.map(tab).into(),
        lines: wanted.map(|line| told(visit, line)).collect(),
        shown: chosen,
        next: (plan.count(chosen) > from + PAGE).then_some(shown.page + 1),
        sure: Taken::of(&plan.work(false)),
        all: Taken::of(&plan.work(true)),
        ignored: sheet.ignored.join("、"),
        unread: sheet.unread.join("、"),
        passed: passed(sheet),
        changed: false,
    }
}

/// Lines that were passed over, as many as can be read at a glance.
fn passed(sheet: &Sheet) -> String {
    let lines = sheet.passed.iter().take(10).map(|p| format!("{} {}", place(&p.sheet, p.line), p.text));
    let more = if sheet.passed.len() > 10 { "…" } else { "" };
    lines.collect::<Vec<_>>().join("、") + more
}

fn told(visit: &Visit, line: &Line) -> Told {
    let reason = |remark: &super::super::import::Remark| {
        visit.words.get_with(&format!("import-{}", remark.key), &remark.args)
    };
    Told {
        line: place(&line.sheet, line.line),
        name: line.name.clone(),
        house: line.house.clone(),
        place: line.place.clone(),
        mark: match line.outcome {
            Outcome::New | Outcome::Same => "done",
            Outcome::Doubt => "partly",
            Outcome::Rejected => "needs",
        },
        outcome: visit.words.get(&format!("outcome-{}", line.outcome.key())),
        reasons: line.remarks.iter().map(reason).collect(),
    }
}

/// What is confirmed: the plan as it was shown, without or with the rows in doubt.
#[derive(Debug, Deserialize)]
pub struct Confirm {
    digest: String,
    #[serde(default)]
    doubts: bool,
}

pub async fn confirm(
    State(site): State<Site>,
    visit: Visit,
    Path(id): Path<Uuid>,
    Form(confirm): Form<Confirm>,
) -> Result<Response, Error> {
    let path = format!("/households/import/{id}");
    let mut tx = site.db.write().await?;
    let upload = find(&mut tx, &visit, id).await?;
    tx.hold(&[upload.town].into()).await?;
    let Some((sheet, plan)) = plan(&mut tx, &site, &visit, &upload).await? else {
        return Ok(Redirect::to(&path).into_response());
    };
    if plan.digest() != confirm.digest {
        let page = preview_page(&visit, &upload, &sheet, &plan, &Shown::default());
        let page = PreviewPage { changed: true, ..page };
        return Ok(Html::of(&page)?.with_status(StatusCode::CONFLICT).into_response());
    }
    let work = plan.work(confirm.doubts);
    let taken = Taken::of(&work);
    let account = Some(visit.person.account);
    take(&mut tx, &site, upload.town, visit.today, account, work).await?;
    if !uploads::finish(&mut tx, upload.town, id, &json!(taken).to_string()).await? {
        return Ok(Redirect::to(&path).into_response());
    }
    let detail = json!({ "upload": id, "doubts": confirm.doubts, "taken": taken });
    record(&mut tx, &site, &visit, "register.import", (upload.town, 0), detail).await?;
    tx.commit().await?;
    site.people.forget();
    Ok(Redirect::to(&path).into_response())
}

pub async fn discard(
    State(site): State<Site>,
    visit: Visit,
    Path(id): Path<Uuid>,
) -> Result<Redirect, Error> {
    let mut tx = site.db.write().await?;
    let upload = find(&mut tx, &visit, id).await?;
    uploads::discard(&mut tx, upload.town, visit.person.account, id).await?;
    record(&mut tx, &site, &visit, "register.discard", (upload.town, 0), json!({ "upload": id })).await?;
    tx.commit().await?;
    Ok(Redirect::to("/households/import"))
}
