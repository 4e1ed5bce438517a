//! The list of stewards, with what they carry.

use askama::Template;
use axum::extract::State;
use axum_extra::extract::Query;
use base::Division;
use serde::Deserialize;

use super::{Names, person_path, with_villages};
use crate::access::Action;
use crate::divisions;
use crate::site::Site;
use crate::stewards::cover;
use crate::stewards::store::{self, Filter, StewardRow};
use crate::web::{Error, Html, Page, Visit};

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    division: String,
    /// Part of a name or its initials.
    q: String,
    over: bool,
    after: String,
}

struct Row {
    path: String,
    name: String,
    phone: String,
    branch: String,
    place: String,
    load: i64,
    leads: i64,
    over: bool,
    absent: bool,
}

#[derive(Template)]
#[template(path = "stewards/people.html")]
struct PeoplePage {
    page: Page,
    place: String,
    code: String,
    q: String,
    over: bool,
    limit: i64,
    may_add: bool,
    rows: Vec<Row>,
    after: Option<String>,
}

const MOST: i64 = 100;

pub async fn list(visit: Visit, State(site): State<Site>, Query(asked): Query<Asked>) -> Result<Html, Error> {
    let scope = visit.may(Action::SeeStewards)?;
    let root = cover::root(&scope, Some(&asked.division))?;
    let limit = site.playbook.round.contact_limit;
    let filter = Filter {
        below: super::coverage::filter(&asked.division)?,
        search: asked.q.trim().to_owned(),
        over: asked.over.then_some(limit),
        after: after(&asked.after)?,
        most: MOST,
    };
    let mut tx = site.db.read().await?;
    let found = store::list(&mut tx, &site.vault, &scope, root.town(), visit.today, &filter).await?;
    let divisions = with_villages(found.iter().map(|row| row.division).chain([root]));
    let names = Names::of(divisions::names(&mut tx, &divisions, visit.today).await?);
    let full = i64::try_from(found.len()).is_ok_and(|n| n == MOST);
    let last = found.last().filter(|_| full);
    let after = last.map(|row| format!("{}:{}", row.division.number(), row.id));
    let row = |row: StewardRow| Row {
        path: person_path(root.town(), row.id),
        place: names.full(row.division),
        over: row.load > limit,
        phone: row.phone.unwrap_or_default(),
        name: row.name,
        branch: row.branch,
        load: row.load,
        leads: row.leads,
        absent: row.absent,
    };
    Html::of(&PeoplePage {
        place: names.full(root),
        code: asked.division,
        q: asked.q,
        over: asked.over,
        limit,
        may_add: visit.person.may(Action::AssignStewards).is_some(),
        rows: found.into_iter().map(row).collect(),
        after,
        page: visit.page,
    })
}

fn after(text: &str) -> Result<Option<(i64, i64)>, Error> {
    if text.is_empty() {
        return Ok(None);
    }
    let parts = text.split_once(':').and_then(|(division, id)| {
        Some((Division::from_number(division.parse().ok()?)?.number(), id.parse().ok()?))
    });
    parts.map(Some).ok_or(Error::NotFound)
}
