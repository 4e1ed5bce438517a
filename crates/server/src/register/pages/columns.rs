//! What the columns of a list mean: looked at, put right, and remembered for the next list of the same
//! header.

use askama::Template;
use axum::Extension;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use axum_extra::extract::Query;
use base::Division;
use db::Tx;
use office::Grid;
use serde::Deserialize;
use serde_json::{Value, json};
use uuid::Uuid;

use super::super::import::{Column, HeadSeen, Kept, Layout, Reading, Seen, Sheet, Unread, View};
use super::super::plans::Plans;
use super::super::store::layout as layouts;
use super::super::store::upload::{self as uploads, UploadRow};
use super::import::{pack, unpack, village_of, villages};
use super::preview::{self, import_path};
use super::{Choice, Faults, record};
use crate::site::Site;
use crate::web::{Error, Form, Html, Page, Visit, Words, reading};

/// Which header and sheets are looked at; what somebody says of the columns.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Said {
    head: String,
    sheet: Vec<usize>,
    village: String,
    column: Vec<String>,
}

#[derive(Template)]
#[template(path = "register/columns.html")]
struct ColumnsPage {
    page: Page,
    path: String,
    file_name: String,
    view: View,
    villages: Vec<Choice>,
    /// Whether the list can be looked at as it is kept.
    readable: bool,
    remembered: bool,
    faults: Faults,
}

impl ColumnsPage {
    /// The answers for a column: not taken, then every meaning.
    fn meanings(&self, seen: &Seen) -> Vec<Choice> {
        let choice = |column: Option<Column>| Choice {
            value: seen.value(column),
            text: self.page.words.get(&format!("import-column-{}", column.map_or("none", Column::key))),
            chosen: seen.meaning == column,
        };
        std::iter::once(None).chain(Column::all().map(Some)).map(choice).collect()
    }

    /// The lines that may be the header.
    fn heads(&self) -> Vec<Choice> {
        let text = |head: &HeadSeen| {
            let line = self.page.words.get_with("import-columns-line", &[("line", head.lines.clone())]);
            format!("{} {line} {}", head.sheet, head.words).trim_start().to_owned()
        };
        let choice =
            |head: &HeadSeen| Choice { value: head.value.clone(), text: text(head), chosen: head.chosen };
        self.view.heads.iter().map(choice).collect()
    }
}

/// The sheets of an upload that waits; nothing of one that was imported.
async fn file(site: &Site, upload: &UploadRow) -> Result<(Vec<Grid>, Reading), Error> {
    let (own, sealed) = (site.clone(), upload.sealed.clone().ok_or(Error::NotFound)?);
    match reading(move || unpack(&own, &sealed)).await? {
        Some(Kept::File { grids, reading }) => Ok((grids, reading)),
        _ => Err(Error::NotFound),
    }
}

/// A file as somebody says that it is read.
struct Looked {
    kept: Kept,
    view: View,
    list: Result<Sheet, Unread>,
}

impl Looked {
    fn of((grids, kept): (Vec<Grid>, Reading), said: &Said) -> Option<Looked> {
        let mut reading = kept.turned(&grids, &said.head, &said.sheet);
        if !said.column.is_empty() {
            reading = reading.said(&grids, &said.column);
        }
        let view = View::of(&grids, &reading)?;
        let kept = Kept::File { grids, reading };
        let list = kept.sheet();
        Some(Looked { kept, view, list })
    }

    fn layout(&self) -> Option<&Layout> {
        self.kept.reading().and_then(|reading| reading.layout.as_ref())
    }
}

async fn look(site: &Site, upload: &UploadRow, said: Said) -> Result<Looked, Error> {
    let file = file(site, upload).await?;
    reading(move || Looked::of(file, &said)).await?.ok_or(Error::NotFound)
}

async fn columns_page(
    site: &Site,
    visit: &Visit,
    upload: &UploadRow,
    looked: Looked,
    village: &str,
    faults: Faults,
) -> Result<Html, Error> {
    let villages = villages(&mut site.db.read().await?, visit, village).await?;
    let page = ColumnsPage {
        page: visit.page.clone(),
        path: import_path(upload.id),
        file_name: upload.file_name.clone(),
        villages,
        readable: looked.list.is_ok(),
        remembered: looked.kept.reading().is_some_and(|reading| reading.remembered),
        view: looked.view,
        faults,
    };
    Html::of(&page)
}

/// What is wrong with the columns; nothing where the list can be read.
fn faults(words: &Words, list: &Result<Sheet, Unread>) -> Faults {
    let mut faults = Faults::default();
    if let Err(unread) = list {
        let (key, args) = unread.message();
        faults.tell("columns", words.get_with(key, &args));
    }
    faults
}

pub async fn show(
    State(site): State<Site>,
    visit: Visit,
    Path(id): Path<Uuid>,
    Query(said): Query<Said>,
) -> Result<Html, Error> {
    let upload = preview::find(&mut site.db.read().await?, &visit, id).await?;
    let looked = look(&site, &upload, Said { column: vec![], ..said }).await?;
    let faults = faults(&visit.words, &looked.list);
    let village = upload.village.and_then(Division::from_number).map(Division::code).unwrap_or_default();
    columns_page(&site, &visit, &upload, looked, &village, faults).await
}

pub async fn put(
    State(site): State<Site>,
    visit: Visit,
    Extension(plans): Extension<Plans>,
    Path(id): Path<Uuid>,
    Form(said): Form<Said>,
) -> Result<Response, Error> {
    let upload = preview::find(&mut site.db.read().await?, &visit, id).await?;
    let town = Division::of_town(upload.town).ok_or(Error::NotFound)?;
    let (code, village) = (said.village.clone(), village_of(town, &said.village));
    // What was read by itself and said otherwise before is forgotten.
    let before = file(&site, &upload).await?.1.layout;
    let looked = look(&site, &upload, said).await?;
    let mut faults = faults(&visit.words, &looked.list);
    if village.is_none() && looked.list.as_ref().is_ok_and(|list| !list.has(Column::Village)) {
        faults.add(&visit.words, "village", "import-choose-village");
    }
    if !faults.is_empty() {
        let status = faults.status();
        let page = columns_page(&site, &visit, &upload, looked, &code, faults).await?;
        return Ok(page.with_status(status).into_response());
    }
    let upload = UploadRow { village: village.map(Division::number), ..upload };
    let layout = looked.layout().cloned();
    let mut tx = site.db.write().await?;
    match (&layout, &before) {
        (Some(layout), _) => {
            layouts::remember(&mut tx, upload.town, layout, upload.account, visit.now).await?;
        }
        (None, Some(before)) => layouts::forget(&mut tx, upload.town, &before.header).await?,
        (None, None) => {}
    }
    let columns: Vec<_> =
        looked.view.columns.iter().filter_map(|seen| seen.meaning).map(Column::key).collect();
    let detail = json!({ "upload": id, "header": layout.map(|layout| layout.header), "columns": columns });
    read_anew(tx, &site, &visit, (&upload, looked.kept), ("register.columns", detail)).await?;
    plans.drop(id);
    Ok(Redirect::to(&import_path(id)).into_response())
}

/// Has the upload, and every later list of the same header, read as the program does by itself.
pub async fn forget(
    State(site): State<Site>,
    visit: Visit,
    Extension(plans): Extension<Plans>,
    Path(id): Path<Uuid>,
) -> Result<Redirect, Error> {
    let upload = preview::find(&mut site.db.read().await?, &visit, id).await?;
    let (grids, kept) = file(&site, &upload).await?;
    if let Some(layout) = &kept.layout {
        let mut tx = site.db.write().await?;
        layouts::forget(&mut tx, upload.town, &layout.header).await?;
        let detail = json!({ "upload": id, "header": layout.header });
        let kept = Kept::File { grids, reading: kept.by_itself() };
        read_anew(tx, &site, &visit, (&upload, kept), ("register.forget-columns", detail)).await?;
        plans.drop(id);
    }
    Ok(Redirect::to(&import_path(id)))
}

/// Keeps how an upload is read from now on, and writes down who said so.
async fn read_anew(
    mut tx: Tx,
    site: &Site,
    visit: &Visit,
    (upload, kept): (&UploadRow, Kept),
    (action, detail): (&str, Value),
) -> Result<(), Error> {
    let own = site.clone();
    let sealed = reading(move || pack(&own, &kept)).await??;
    uploads::read_anew(&mut tx, upload, &sealed).await?;
    record(&mut tx, site, visit, action, (upload.town, 0), detail).await?;
    Ok(tx.commit().await?)
}
