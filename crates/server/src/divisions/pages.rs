//! The pages of divisions: the tree, a village with its team areas.

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use base::{Division, Level};
use db::Snapshot;
use serde::Deserialize;

use super::change;
use super::coming::coming;
use super::forms::{Faults, by};
use super::store::{self, Row, Sought};
use super::tree::{self, Branch};
use crate::access::{Action, Scope};
use crate::site::Site;
use crate::web::{Error, Form, Html, Page, Visit, short_name};

/// A division that a page leads to.
pub(super) struct Link {
    code: String,
    name: String,
    /// The names above it, from the county down.
    above: String,
}

#[derive(Template)]
#[template(path = "divisions/index.html")]
struct Index {
    page: Page,
    sought: String,
    links: Vec<Link>,
}

#[derive(Template)]
#[template(path = "divisions/town.html")]
struct TownPage {
    page: Page,
    name: String,
    households: i64,
    villages: Vec<Branch>,
}

#[derive(Template)]
#[template(path = "divisions/village.html")]
struct VillagePage {
    page: Page,
    village: Branch,
    /// Households outside all team areas.
    outside: i64,
    may_change_village: bool,
    faults: Faults,
    typed: NewGroup,
}

#[derive(Debug, Default, Deserialize)]
pub struct NewGroup {
    name: String,
    #[serde(default)]
    number: String,
}

#[derive(Deserialize)]
pub struct Search {
    #[serde(default)]
    q: String,
}

/// The divisions of whoever asks: the town's tree, the village, or what a search finds among them.
pub async fn index(
    visit: Visit,
    State(site): State<Site>,
    Query(search): Query<Search>,
) -> Result<Response, Error> {
    let scope = visit.may(Action::ChangeGroups)?;
    let mut tx = site.db.read().await?;
    if search.q.trim().is_empty() {
        if let [root] = scope.roots()[..] {
            return shown(&visit, &mut tx, &scope, root).await;
        }
        let mut links = Vec::new();
        for root in scope.roots() {
            links.extend(store::on_day(&mut tx, root, visit.today).await?);
        }
        return index_page(visit, &mut tx, String::new(), links).await;
    }
    let mut found = Vec::new();
    if let Some(sought) = Sought::typed(&search.q) {
        for root in scope.roots() {
            found.extend(store::search(&mut tx, root, &sought, visit.today).await?);
        }
    }
    found.dedup_by_key(|row| row.code);
    index_page(visit, &mut tx, search.q, found).await
}

async fn index_page(
    visit: Visit,
    tx: &mut Snapshot,
    sought: String,
    rows: Vec<Row>,
) -> Result<Response, Error> {
    let mut links = Vec::with_capacity(rows.len());
    for row in rows {
        let mut above = String::new();
        let parents = row.division().path().into_iter().filter(|d| *d != row.division());
        for parent in parents.filter(|d| d.level() >= Level::County) {
            let parent = store::on_day(tx, parent, visit.today).await?;
            above += &parent.map(|parent| short_name(&parent.name)).unwrap_or_default();
        }
        links.push(Link { code: row.division().code(), name: short_name(&row.name), above });
    }
    Ok(Html::of(&Index { page: visit.page, sought, links })?.into_response())
}

/// One division: a village with its team areas, a town's tree, or what is right below.
pub async fn one(
    visit: Visit,
    State(site): State<Site>,
    Path(code): Path<String>,
) -> Result<Response, Error> {
    let scope = visit.may(Action::ChangeGroups)?;
    let division = in_scope(&scope, &code)?;
    let mut tx = site.db.read().await?;
    shown(&visit, &mut tx, &scope, division).await
}

/// The division of a code in an address, if it may be seen.
pub(super) fn in_scope(scope: &Scope, code: &str) -> Result<Division, Error> {
    Division::from_code(code).filter(|division| scope.covers(*division)).ok_or(Error::NotFound)
}

async fn shown(
    visit: &Visit,
    tx: &mut Snapshot,
    scope: &Scope,
    division: Division,
) -> Result<Response, Error> {
    match division.level() {
        Level::Town => town(visit, tx, division).await,
        Level::Village => {
            let page = village(visit, tx, division, Faults::default(), NewGroup::default()).await?;
            Ok(page.into_response())
        }
        Level::Group => {
            let village = division.parent().filter(|village| scope.covers(*village));
            let village = village.ok_or(Error::NotFound)?;
            Ok(Redirect::to(&format!("/divisions/{}", village.code())).into_response())
        }
        _ => {
            let rows = store::children(tx, division, visit.today, 0, CHILDREN).await?;
            index_page(visit.clone(), tx, String::new(), rows).await
        }
    }
}

/// Counties of a prefecture, towns of a county: none has as many.
const CHILDREN: usize = 500;

async fn town(visit: &Visit, tx: &mut Snapshot, town: Division) -> Result<Response, Error> {
    let row = store::on_day(tx, town, visit.today).await?.ok_or(Error::NotFound)?;
    let rows = store::subtree(tx, town, visit.today).await?;
    let households = store::household_counts(tx, town, visit.today).await?;
    let coming = coming(tx, &visit.words, &rows).await?;
    let page = TownPage {
        page: visit.page.clone(),
        name: short_name(&row.name),
        households: households.values().sum(),
        villages: tree::villages(&rows, &households, &coming),
    };
    Ok(Html::of(&page)?.into_response())
}

async fn village(
    visit: &Visit,
    tx: &mut Snapshot,
    village: Division,
    faults: Faults,
    typed: NewGroup,
) -> Result<Html, Error> {
    let rows = store::subtree(tx, village, visit.today).await?;
    let households = store::household_counts(tx, village, visit.today).await?;
    let coming = coming(tx, &visit.words, &rows).await?;
    let outside = households.get(&village.number()).copied().unwrap_or(0);
    let village = tree::villages(&rows, &households, &coming).pop().ok_or(Error::NotFound)?;
    let may_change_village = visit.person.may(Action::ChangeDivisions).is_some();
    let page = VillagePage { page: visit.page.clone(), village, outside, may_change_village, faults, typed };
    Html::of(&page)
}

/// Adds a team area to a village; what was typed comes back with what is wrong with it.
pub async fn add_group(
    visit: Visit,
    State(site): State<Site>,
    Path(code): Path<String>,
    Form(typed): Form<NewGroup>,
) -> Result<Response, Error> {
    let at = in_scope(&visit.may(Action::ChangeGroups)?, &code)?;
    if at.level() != Level::Village {
        return Err(Error::NotFound);
    }
    let mut tx = site.db.write().await?;
    tx.hold(&[at.town()].into()).await?;
    change::standing(&mut tx, at).await?;
    match change::add_group(&mut tx, by(&visit, &site), at, &typed.name, &typed.number).await {
        Ok(_) => {
            tx.commit().await?;
            Ok(Redirect::to(&format!("/divisions/{code}")).into_response())
        }
        Err(error) => {
            let faults = Faults::of(&visit.words, error)?;
            drop(tx);
            let page = village(&visit, &mut site.db.read().await?, at, faults, typed).await?;
            Ok(page.with_status(axum::http::StatusCode::UNPROCESSABLE_ENTITY).into_response())
        }
    }
}
