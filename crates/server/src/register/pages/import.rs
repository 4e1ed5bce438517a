//! A list of people is chosen and read; [`preview`](super::preview) shows what it comes to.

use askama::Template;
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Redirect, Response};
use base::{Division, Level};
use db::Snapshot;
use serde_json::json;

use super::super::import::{Column, Kept, Layouts, Sheet, Unread};
use super::super::store::layout as layouts;
use super::super::store::upload::{self as uploads, UploadRow};
use super::{Choice, Faults, Names, record};
use crate::access::Action;
use crate::site::Site;
use crate::web::{Error, Html, Page, Upload, Visit, reading};

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
    let villages = villages(&mut site.db.read().await?, visit, village).await?;
    let status = faults.status();
    let page = ChoosePage { page: visit.page.clone(), villages, faults };
    Ok(Html::of(&page)?.with_status(status).into_response())
}

/// The villages of which somebody may bring a list.
pub async fn villages(tx: &mut Snapshot, visit: &Visit, chosen: &str) -> Result<Vec<Choice>, Error> {
    let scope = visit.may(Action::ChangeHouseholds)?;
    let names = Names::of_town(tx, visit, visit.today).await?;
    let mut villages: Vec<Division> = names.within(&scope).filter_map(|d| d.at(Level::Village)).collect();
    villages.dedup();
    let only = villages.len() == 1;
    let choice = |division: &Division| Choice {
        value: division.code(),
        text: names.one(*division),
        chosen: only || division.code() == chosen,
    };
    Ok(villages.iter().map(choice).collect())
}

/// The village of a form; nothing for one that is none of the town's.
pub fn village_of(town: Division, code: &str) -> Option<Division> {
    let village = Division::from_code(code).filter(|d| d.level() == Level::Village);
    village.filter(|d| town.contains(*d))
}

pub async fn choose(State(site): State<Site>, visit: Visit) -> Result<Response, Error> {
    choose_page(&site, &visit, "", Faults::default()).await
}

/// A file that was read.
struct Read {
    sealed: Result<Vec<u8>, Error>,
    /// Nothing where its columns have to be told first.
    list: Option<Sheet>,
}

fn read(site: &Site, file: &[u8], layouts: &Layouts) -> Result<Read, Unread> {
    let kept = Kept::read(file, site.settings.reader.as_deref(), layouts)?;
    let sealed = pack(site, &kept);
    match kept.sheet() {
        Ok(list) => Ok(Read { sealed, list: Some(list) }),
        Err(Unread::Head(_)) => Ok(Read { sealed, list: None }),
        Err(unread) => Err(unread),
    }
}

pub async fn upload(State(site): State<Site>, visit: Visit, request: Request) -> Result<Response, Error> {
    visit.may(Action::ChangeHouseholds)?;
    let town = visit.person.town().ok_or(Error::NotAllowed)?;
    let brought = Upload::receive(request, &site, LARGEST).await?;
    let chosen = brought.field("village").to_owned();
    let layouts = layouts::all(&mut site.db.read().await?, town.town()).await?;
    let (own, file) = (site.clone(), brought.file);
    let mut faults = Faults::default();
    let Read { sealed, list } = match reading(move || read(&own, &file, &layouts)).await? {
        Ok(read) => read,
        Err(unread) => {
            let (key, args) = unread.message();
            faults.tell("file", visit.words.get_with(key, &args));
            return choose_page(&site, &visit, &chosen, faults).await;
        }
    };
    let village = village_of(town, &chosen);
    // Where the columns have to be told first, the village is asked there.
    if village.is_none() && list.as_ref().is_some_and(|list| !list.has(Column::Village)) {
        faults.add(&visit.words, "village", "import-choose-village");
        return choose_page(&site, &visit, "", faults).await;
    }
    let upload = UploadRow {
        town: town.town(),
        id: site.clock.new_id(),
        account: visit.person.account,
        file_name: brought.name,
        village: village.map(Division::number),
        sealed: Some(sealed?),
        result: None,
        uploaded_at: visit.now.0,
        expires_at: visit.now.plus_minutes(KEPT).0,
    };
    let mut tx = site.db.write().await?;
    uploads::keep(&mut tx, &upload).await?;
    let detail = json!({ "upload": upload.id, "rows": list.map(|list| list.rows.len()) });
    record(&mut tx, &site, &visit, "register.upload", (upload.town, 0), detail).await?;
    tx.commit().await?;
    Ok(Redirect::to(&format!("/households/import/{}", upload.id)).into_response())
}

/// What is kept of an upload: packed, since a list repeats itself, then sealed.
pub fn pack(site: &Site, kept: &Kept) -> Result<Vec<u8>, Error> {
    let packing = || {
        let mut packer = zstd::Encoder::new(Vec::new(), 1)?;
        serde_json::to_writer(&mut packer, kept)?;
        packer.finish()
    };
    let packed = packing().map_err(|error: std::io::Error| Error::Failed(format!("packing: {error}")))?;
    Ok(site.vault.seal_bytes(&packed))
}

pub fn unpack(site: &Site, sealed: &[u8]) -> Option<Kept> {
    let packed = site.vault.open_bytes(sealed)?;
    let text = zstd::stream::decode_all(packed.as_slice()).ok()?;
    serde_json::from_slice(&text).ok()
}
