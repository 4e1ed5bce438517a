//! A list of people is chosen and read; [`preview`](super::preview) shows what it comes to.

use askama::Template;
use axum::extract::{FromRequest as _, Multipart, Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use base::{Division, Level};
use serde_json::json;

use super::super::import::{Column, Sheet, read};
use super::super::store::upload::{self as uploads, UploadRow};
use super::{Choice, Faults, Names, record};
use crate::access::Action;
use crate::site::Site;
use crate::web::{Error, Html, Page, Visit, reading};

/// Bytes of a posted file, with what a form puts around it.
pub const LARGEST: usize = 21 << 20;
/// Minutes for which an upload waits to be confirmed.
const KEPT: i64 = 24 * 60;

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
    let names = Names::of_town(&mut tx, visit, visit.today).await?;
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
    let reader = site.settings.reader.clone();
    let mut faults = Faults::default();
    let sheet = match reading(move || read(&file, reader.as_deref())).await? {
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
pub fn pack(site: &Site, sheet: &Sheet) -> Result<Vec<u8>, Error> {
    let text = serde_json::to_vec(sheet).map_err(|error| Error::Unreadable(error.to_string()))?;
    let packed = zstd::bulk::compress(&text, 1).map_err(|error| Error::Unreadable(error.to_string()))?;
    Ok(site.vault.seal_bytes(&packed))
}

pub fn unpack(site: &Site, sealed: &[u8]) -> Option<Sheet> {
    let packed = site.vault.open_bytes(sealed)?;
    let text = zstd::stream::decode_all(packed.as_slice()).ok()?;
    serde_json::from_slice(&text).ok()
}
