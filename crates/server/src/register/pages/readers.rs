//! Who looked at a household's file, and what else was done to it.

use askama::Template;
use axum::extract::{Path, Query, State};
use serde::Deserialize;
use uuid::Uuid;

use super::super::store;
use super::{Names, household_path};
use crate::access::Action;
use crate::audit;
use crate::site::Site;
use crate::trail::Line;
use crate::web::{Error, Html, Page, Visit};

/// Entries that the household's own page shows, and those of one page of all.
pub const SHOWN: i64 = 20;
const ROWS: usize = 50;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    after: Option<Uuid>,
}

#[derive(Template)]
#[template(path = "register/readers.html")]
struct ReadersPage {
    page: Page,
    path: String,
    /// The household by its number and place: who only audits sees no name.
    place: String,
    number: i64,
    sees: bool,
    lines: Vec<Line>,
    next: Option<String>,
}

pub async fn list(
    State(site): State<Site>,
    visit: Visit,
    Path(key): Path<(i64, i64)>,
    Query(asked): Query<Asked>,
) -> Result<Html, Error> {
    let scope = visit.may(Action::SeeReaders)?;
    let mut tx = site.db.read().await?;
    let row = store::one::household(&mut tx, &scope, key, visit.today).await?.ok_or(Error::NotFound)?;
    let most = i64::try_from(ROWS).unwrap_or(i64::MAX - 1) + 1;
    let mut rows = audit::about(&mut tx, &audit::household(key), asked.after, most).await?;
    let more = rows.len() > ROWS;
    rows.truncate(ROWS);
    let path = household_path(key.0, key.1);
    let next = rows.last().filter(|_| more).map(|last| format!("{path}/readers?after={}", last.id));
    let names = Names::of(&mut tx, key.0, visit.today).await?;
    Html::of(&ReadersPage {
        page: visit.page.clone(),
        path,
        place: row.division().map(|division| names.full(division)).unwrap_or_default(),
        number: key.1,
        sees: visit.person.may(Action::SeeHouseholds).is_some(),
        lines: rows.iter().map(|row| Line::of(row, &visit.words, &site)).collect(),
        next,
    })
}
