//! The filtered list as a file, which says who took it, when and what for.

use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use office::{Cell, Column, Export, Format, Kind, Sheet, WriteError};
use serde::Deserialize;
use serde_json::json;

use super::ask::Asked;
use super::pages::shown;
use super::view::Line;
use crate::access::Action;
use crate::audit;
use crate::site::Site;
use crate::web::{Error, Errors, Form, Visit, Words};

/// Entries of one file at most; more are narrowed by days.
const MOST: usize = 100_000;
/// Characters of a purpose.
const PURPOSE: usize = 200;

#[derive(Debug, Deserialize)]
pub struct Wanted {
    #[serde(flatten)]
    asked: Asked,
    #[serde(default)]
    purpose: String,
    format: String,
}

pub async fn take(
    State(site): State<Site>,
    visit: Visit,
    Form(wanted): Form<Wanted>,
) -> Result<Response, Error> {
    let scope = visit.may(Action::SeeAudit)?;
    let format = if wanted.format == "csv" { Format::Csv } else { Format::Xlsx };
    let purpose = wanted.purpose.trim().to_owned();
    if purpose.is_empty() || purpose.chars().count() > PURPOSE {
        let errors = Errors::of("purpose", "audit-purpose-missing");
        return shown(&site, &visit, wanted.asked, errors, purpose).await;
    }
    let mut tx = site.db.read().await?;
    let Ok(filter) = wanted.asked.filter(&mut tx, &site.playbook.time, visit.person.town()).await? else {
        drop(tx);
        return shown(&site, &visit, wanted.asked, Errors::default(), purpose).await;
    };
    let most = i64::try_from(MOST).unwrap_or(i64::MAX - 1) + 1;
    let rows = audit::page(&mut tx, &scope, &filter, most).await?;
    drop(tx);
    if rows.len() > MOST {
        let errors = Errors::of("from", "audit-export-many");
        return shown(&site, &visit, wanted.asked, errors, purpose).await;
    }
    let detail = json!({ "filter": wanted.asked.query(""), "rows": rows.len(), "purpose": purpose,
        "format": format.extension() });
    // Nobody waits for the writer while the list is read.
    let mut tx = site.db.write().await?;
    let entry = audit::Entry::by(&visit, "audit.export", "", detail);
    audit::record(&mut tx, site.clock.new_id(), visit.now, entry).await?;
    tx.commit().await?;
    let lines = rows.iter().map(|row| Line::of(row, &visit.words, &site));
    let bytes = write(&site, &visit, format, &purpose, lines);
    Ok(attachment(format, bytes.map_err(|error| db::Error::Encode(error.into()))?))
}

fn write(
    site: &Site,
    visit: &Visit,
    format: Format,
    purpose: &str,
    lines: impl Iterator<Item = Line>,
) -> Result<Vec<u8>, WriteError> {
    let words = &visit.words;
    let (name, at) = (visit.person.name.as_str(), words.moment(&site.playbook.time, visit.now));
    let taken = say!(words, "audit-taken", name = name, at = at, purpose = purpose);
    let mut sheet = Sheet::new(say!(words, "place-audit"), columns(words)).watermark(taken);
    sheet.mark = site.settings.demonstration.then(|| say!(words, "demonstration-mark"));
    let mut file = Vec::new();
    let mut export = Export::open(format, &sheet, visit.now, &mut file)?;
    for line in lines {
        let (day, hour, minute) = line.at;
        export.row(vec![
            Cell::DayTime(day, hour, minute),
            line.who.into(),
            line.what.into(),
            line.object.into(),
            line.detail.join("; ").into(),
            line.roles.join("; ").into(),
            line.address.into(),
        ])?;
    }
    export.finish()?;
    Ok(file)
}

fn columns(words: &Words) -> Vec<Column> {
    let text = |title: String, width| Column::new(title, Kind::Text).width(width);
    vec![
        Column::new(say!(words, "audit-when"), Kind::DayTime),
        text(say!(words, "audit-who"), 20),
        text(say!(words, "audit-what"), 24),
        text(say!(words, "audit-about"), 24),
        text(say!(words, "audit-detail"), 40),
        text(say!(words, "audit-roles"), 30),
        text(say!(words, "audit-address"), 16),
    ]
}

fn attachment(format: Format, bytes: Vec<u8>) -> Response {
    let name = format!("attachment; filename=\"audit.{}\"", format.extension());
    let headers =
        [(header::CONTENT_TYPE, format.media_type().to_owned()), (header::CONTENT_DISPOSITION, name)];
    (headers, bytes).into_response()
}
