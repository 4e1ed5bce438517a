//! What a list comes to: looked at row by row, confirmed or discarded.

use std::collections::BTreeSet;
use std::sync::Arc;

use askama::Template;
use axum::Extension;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use base::{Division, Moment};
use db::Snapshot;
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::task::spawn_blocking;
use uuid::Uuid;

use super::super::doubles::State as Standing;
use super::super::import::{Also, Asked, Kept, Known, Line, Outcome, Plan, Remark, Sheet, place};
use super::super::plans::{Looked, Plans, Taken};
use super::super::store::take::{known, take};
use super::super::store::upload::{self as uploads, UploadRow};
use super::import::{pack, unpack};
use super::record;
use crate::access::Action;
use crate::audit;
use crate::divisions;
use crate::history::{Deed, Source};
use crate::site::Site;
use crate::web::{Changed, Error, Form, Html, Page, Visit, Words, reading};

/// Rows on one page of the preview.
const PAGE: usize = 200;

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
    rejected: usize,
    /// Pairs who may be one: not decided, put off, decided.
    open: usize,
    later: usize,
    decided: usize,
    /// What is taken without and with the rows in doubt.
    sure: Taken,
    all: Taken,
    sure_told: String,
    all_told: String,
    made: String,
    given: String,
    strangers: String,
    ignored: String,
    unread: String,
    /// Lines that are nobody's: their numbers with what stands there.
    passed: String,
    /// The columns are read as was said of an earlier list.
    remembered: bool,
    /// The register changed since this was shown last.
    changed: bool,
}

#[derive(Template)]
#[template(path = "register/taken.html")]
struct TakenPage {
    page: Page,
    id: Uuid,
    file_name: String,
    taken: Taken,
    /// Where the rows that were rejected are had; empty where there are none.
    returned: String,
    told: String,
}

/// A kept upload with what it is compared with, as it is now; nothing where none of its rows is kept.
pub struct Compared {
    sealed: Vec<u8>,
    known: Known,
    asked: Asked,
}

impl Compared {
    pub async fn of(tx: &mut Snapshot, visit: &Visit, upload: &UploadRow) -> Result<Option<Compared>, Error> {
        let scope = visit.may(Action::ChangeHouseholds)?;
        let Some(sealed) = upload.sealed.clone() else { return Ok(None) };
        let town = Division::of_town(upload.town).ok_or(Error::NotFound)?;
        let village = upload.village.and_then(Division::from_number);
        let groups = visit.person.may(Action::ChangeGroups);
        let asked = Asked { town, village, scope, groups, day: visit.today };
        let known = known(tx, town, visit.today).await?;
        let decisions = known.decisions.since(Moment(upload.uploaded_at));
        Ok(Some(Compared { sealed, known: Known { decisions, ..known }, asked }))
    }

    pub fn look(self, site: &Site) -> Option<(Sheet, Plan)> {
        let sheet = unpack(site, &self.sealed)?.sheet().ok()?;
        let plan = Plan::new(&sheet, &self.known, &site.vault, &self.asked);
        Some((sheet, plan))
    }
}

/// Somebody's own upload, imported or not.
pub async fn find(tx: &mut Snapshot, visit: &Visit, id: Uuid) -> Result<UploadRow, Error> {
    visit.may(Action::ChangeHouseholds)?;
    let town = visit.person.town().ok_or(Error::NotFound)?.town();
    uploads::find(tx, town, visit.person.account, id, visit.now).await?.ok_or(Error::NotFound)
}

pub async fn preview(
    State(site): State<Site>,
    visit: Visit,
    Extension(plans): Extension<Plans>,
    Path(id): Path<Uuid>,
    Query(shown): Query<Shown>,
) -> Result<Response, Error> {
    let mut tx = site.db.read().await?;
    let upload = find(&mut tx, &visit, id).await?;
    if let Some(taken) = &upload.result {
        return taken_page(&visit, &upload, taken);
    }
    let looked = match plans.fresh(id) {
        Some(looked) => Some(looked),
        None => look(&site, &visit, &plans, tx, &upload).await?,
    };
    // What the columns mean may have to be told first.
    let Some(looked) = looked else {
        return Ok(Redirect::to(&(import_path(id) + "/columns")).into_response());
    };
    Ok(Html::of(&preview_page(&visit, &upload, &looked, &shown))?.into_response())
}

/// Compares an upload with the register, and keeps what it comes to; nothing where its columns are not
/// known.
pub async fn look(
    site: &Site,
    visit: &Visit,
    plans: &Plans,
    mut tx: Snapshot,
    upload: &UploadRow,
) -> Result<Option<Arc<Looked>>, Error> {
    let compared = Compared::of(&mut tx, visit, upload).await?.ok_or(Error::NotFound)?;
    // Others may be read first: nothing is held while this one waits.
    drop(tx);
    let own = site.clone();
    let looked = reading(move || compared.look(&own).map(|(sheet, plan)| Looked::of(&sheet, &plan))).await?;
    let looked = looked.map(Arc::new);
    if let Some(looked) = &looked {
        plans.keep(upload.id, looked.clone());
    }
    Ok(looked)
}

fn taken_page(visit: &Visit, upload: &UploadRow, taken: &str) -> Result<Response, Error> {
    let returned = upload.sealed.as_ref().map(|_| returned_path(upload.id)).unwrap_or_default();
    let taken: Taken = serde_json::from_str(taken).unwrap_or_default();
    let (page, file_name) = (visit.page.clone(), upload.file_name.clone());
    let told = taken.told(&visit.words);
    Ok(Html::of(&TakenPage { page, id: upload.id, file_name, taken, told, returned })?.into_response())
}

/// Where an upload is looked at.
pub fn import_path(upload: Uuid) -> String {
    format!("/households/import/{upload}")
}

/// Where the rows are had that were rejected.
fn returned_path(upload: Uuid) -> String {
    import_path(upload) + "/rejected"
}

fn preview_page(visit: &Visit, upload: &UploadRow, looked: &Looked, shown: &Shown) -> PreviewPage {
    let by_need = [Outcome::Rejected, Outcome::Doubt, Outcome::Changed, Outcome::New, Outcome::Same];
    let first = by_need.into_iter().find(|outcome| looked.count(*outcome) > 0).unwrap_or(Outcome::New);
    let chosen = Outcome::ALL.into_iter().find(|outcome| outcome.key() == shown.show).unwrap_or(first);
    let tab = |outcome: Outcome| Tab {
        key: outcome.key(),
        count: looked.count(outcome),
        current: outcome == chosen,
    };
    let from = shown.page.saturating_mul(PAGE);
    let wanted = looked.lines.iter().filter(|line| line.outcome == chosen).skip(from).take(PAGE);
    PreviewPage {
        page: visit.page.clone(),
        path: import_path(upload.id),
        file_name: upload.file_name.clone(),
        rows: looked.lines.len(),
        digest: looked.digest.clone(),
        tabs: by_need.map(tab).into(),
        lines: wanted.map(|line| told(visit, line)).collect(),
        shown: chosen,
        rejected: looked.count(Outcome::Rejected),
        open: looked.pairs(Standing::Open),
        later: looked.pairs(Standing::Later),
        decided: looked.pairs(Standing::Decided),
        next: (looked.count(chosen) > from + PAGE).then_some(shown.page + 1),
        sure: looked.sure.clone(),
        all: looked.all.clone(),
        sure_told: looked.sure.told(&visit.words),
        all_told: looked.all.told(&visit.words),
        made: looked.made.clone(),
        given: looked.given.clone(),
        strangers: looked.strangers.clone(),
        ignored: looked.ignored.clone(),
        unread: looked.unread.clone(),
        passed: looked.passed.clone(),
        remembered: looked.remembered,
        changed: false,
    }
}

/// What is remarkable about a row, in words.
pub fn reasons(words: &Words, line: &Line) -> Vec<String> {
    let reason = |remark: &Remark| words.get_with(&format!("import-{}", remark.key), &remark.args);
    line.remarks.iter().map(reason).collect()
}

fn told(visit: &Visit, line: &Line) -> Told {
    Told {
        line: place(&line.sheet, line.line),
        name: line.name.clone(),
        house: line.house.clone(),
        place: line.place.clone(),
        mark: match line.outcome {
            Outcome::New | Outcome::Changed | Outcome::Same => "done",
            Outcome::Doubt => "partly",
            Outcome::Rejected => "needs",
        },
        outcome: visit.words.get(&format!("outcome-{}", line.outcome.key())),
        reasons: reasons(&visit.words, line),
    }
}

/// What is confirmed: the plan as it was shown, without or with the rows in doubt.
#[derive(Debug, Deserialize)]
pub struct Confirm {
    digest: String,
    #[serde(default)]
    doubts: bool,
    /// Whether the register is changed where the list says otherwise.
    #[serde(default)]
    changes: bool,
}

pub async fn confirm(
    State(site): State<Site>,
    visit: Visit,
    Extension(plans): Extension<Plans>,
    Path(id): Path<Uuid>,
    Form(confirm): Form<Confirm>,
) -> Result<Response, Error> {
    let path = import_path(id);
    let mut tx = site.db.write().await?;
    let upload = find(&mut tx, &visit, id).await?;
    tx.hold(&[upload.town].into()).await?;
    if upload.result.is_some() {
        return Ok(Redirect::to(&path).into_response());
    }
    let compared = Compared::of(&mut tx, &visit, &upload).await?.ok_or(Error::NotFound)?;
    let own = site.clone();
    let also = Also { doubts: confirm.doubts, changes: confirm.changes };
    // Not after others that are read: the town waits.
    let looked = spawn_blocking(move || {
        let (sheet, plan) = compared.look(&own)?;
        let left = plan.left(also);
        let back = (!left.is_empty()).then(|| pack(&own, &Kept::Back(sheet.only(&left))));
        Some((Arc::new(Looked::of(&sheet, &plan)), plan, (left.len(), back)))
    });
    let looked = looked.await.map_err(|error| Error::Failed(error.to_string()))?;
    let (looked, plan, (left, back)) = looked.ok_or(Error::NotFound)?;
    if looked.digest != confirm.digest {
        plans.keep(id, looked.clone());
        let page = preview_page(&visit, &upload, &looked, &Shown::default());
        let page = PreviewPage { changed: true, ..page };
        return Ok(Html::of(&page)?.with_status(StatusCode::CONFLICT).into_response());
    }
    let work = plan.work(also);
    let taken = Taken { left, ..Taken::of(&work) };
    let changed = work.households.iter().map(|(new, _)| new.division).chain(Division::of_town(upload.town));
    let changed: BTreeSet<Division> = changed.collect();
    let by = audit::Entry::by(&visit, "resident.change", "", Value::Null);
    divisions::add_groups(&mut tx, divisions::by(&visit, &site), &work.groups).await?;
    let deed = Deed { source: Source::Import(id), ..Deed::by(&visit, upload.town, visit.today) };
    take(&mut tx, &site, &deed, &upload.file_name, work, &by).await?;
    if !uploads::finish(&mut tx, upload.town, id, &json!(taken).to_string(), back.transpose()?).await? {
        return Ok(Redirect::to(&path).into_response());
    }
    let detail = json!({ "upload": id, "doubts": confirm.doubts, "taken": taken });
    record(&mut tx, &site, &visit, "register.import", (upload.town, 0), detail).await?;
    tx.commit().await?;
    plans.drop(id);
    site.people.forget();
    site.live.tell(Changed(changed.into_iter().collect()));
    Ok(Redirect::to(&path).into_response())
}

pub async fn discard(
    State(site): State<Site>,
    visit: Visit,
    Extension(plans): Extension<Plans>,
    Path(id): Path<Uuid>,
) -> Result<Redirect, Error> {
    let mut tx = site.db.write().await?;
    let upload = find(&mut tx, &visit, id).await?;
    uploads::discard(&mut tx, upload.town, visit.person.account, id).await?;
    record(&mut tx, &site, &visit, "register.discard", (upload.town, 0), json!({ "upload": id })).await?;
    tx.commit().await?;
    plans.drop(id);
    Ok(Redirect::to("/households/import"))
}
