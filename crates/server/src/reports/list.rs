//! The list of reports.

use askama::Template;
use axum::extract::{Query, State};
use base::{Day, Division};
use db::Snapshot;
use serde::Deserialize;

use super::chain::Entry;
use super::store::{self, Operation};
use crate::access::{Action, Scope};
use crate::site::Site;
use crate::web::{Error, Html, Page, Visit};

/// Reports of one page.
pub const PAGE: i64 = 60;
/// Digits of a hash that are enough to tell two reports apart.
const HASH: usize = 16;

/// Which town, and from which day back.
#[derive(Clone, Debug, Default, Deserialize, utoipa::IntoParams)]
#[serde(default)]
#[into_params(parameter_in = Query)]
pub struct Wanted {
    /// The nine-digit code of the town; without it the first one in reach.
    pub town: Option<String>,
    /// Only days before this one, such as 2020-02-03.
    #[param(format = Date)]
    pub before: Option<String>,
}

/// A list of one town's reports.
pub struct Listed {
    pub town: Division,
    pub operation: Operation,
    /// All towns whose reports may be seen.
    pub operations: Vec<Operation>,
    pub entries: Vec<Entry>,
    /// The day before which the next page begins, where there is one.
    pub next: Option<Day>,
}

impl Listed {
    /// Reads a page of reports: of the town asked for, or of the only (the first) one in scope.
    pub async fn read(
        tx: &mut Snapshot,
        scope: &Scope,
        wanted: &Wanted,
        today: Day,
    ) -> Result<Listed, Error> {
        let seen =
            |operation: &Operation| Division::of_town(operation.town).is_some_and(|d| scope.touches(d));
        let operations: Vec<_> = store::operations(tx).await?.into_iter().filter(seen).collect();
        let asked = |operation: &&Operation| match &wanted.town {
            Some(code) => operation.town.to_string() == *code,
            None => true,
        };
        let operation = operations.iter().find(asked).cloned().ok_or(Error::NotFound)?;
        let town = Division::of_town(operation.town).ok_or(Error::NotFound)?;
        let before = match wanted.before.as_deref().map(str::parse) {
            None => today.next(),
            Some(Ok(day)) => day,
            Some(Err(_)) => return Err(Error::field("before", "report-day")),
        };
        let mut entries = store::reports_before(tx, town, before, PAGE + 1).await?;
        let more = entries.len() > usize::try_from(PAGE).unwrap_or(usize::MAX);
        entries.truncate(usize::try_from(PAGE).unwrap_or(usize::MAX));
        let last = entries.last().and_then(|entry| Day::from_number(entry.day));
        Ok(Listed { town, operation, operations, entries, next: last.filter(|_| more) })
    }
}

#[derive(Template)]
#[template(path = "reports/list.html")]
struct ListPage {
    page: Page,
    town: String,
    towns: Vec<(String, String, bool)>,
    today: Option<String>,
    rows: Vec<Row>,
    older: Option<String>,
}

struct Row {
    href: String,
    day: String,
    number: i64,
    sealed: String,
    hash: String,
}

/// The reports of a town, the newest first, and the way to today's.
pub async fn page(
    visit: Visit,
    State(site): State<Site>,
    Query(wanted): Query<Wanted>,
) -> Result<Html, Error> {
    let scope = visit.may(Action::SeeReports)?;
    let mut tx = site.db.read().await?;
    let listed = Listed::read(&mut tx, &scope, &wanted, visit.today).await?;
    let code = listed.town.code();
    let row = |entry: &Entry| {
        let day = Day::from_number(entry.day)?;
        Some(Row {
            href: format!("/reports/{code}/{day}"),
            day: visit.words.day(day),
            number: entry.number,
            sealed: visit.words.moment(&site.playbook.time, base::Moment(entry.sealed_at)),
            hash: entry.hash.chars().take(HASH).collect(),
        })
    };
    let of = |operation: &Operation| {
        (operation.town.to_string(), operation.name.clone(), operation.town == listed.operation.town)
    };
    Html::of(&ListPage {
        page: visit.page.clone(),
        town: listed.operation.name.clone(),
        towns: listed.operations.iter().map(of).collect(),
        today: listed.operation.runs_on(visit.today).then(|| format!("/reports/{code}/{}", visit.today)),
        rows: listed.entries.iter().filter_map(row).collect(),
        older: listed.next.map(|day| format!("/reports?town={code}&before={day}")),
    })
}
