//! The lists that were imported: what each came to, and undoing one while nothing depends on it.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use base::{Division, Moment};
use db::Snapshot;
use serde_json::json;
use uuid::Uuid;

use super::super::plans::Taken;
use super::super::store::imports::{self, Hindrance, ImportRow, Why};
use super::super::store::{one, undo};
use super::{Names, household_path, record};
use crate::access::{Action, Scope};
use crate::history::{Deed, Source};
use crate::site::Site;
use crate::web::{Changed, Error, Html, Page, Visit};

/// Imports that the list shows, and households that are named as being in the way.
const MOST: i64 = 100;
const NAMED: usize = 20;

/// An import in words.
struct Told {
    path: String,
    file_name: String,
    when: String,
    who: String,
    what: String,
    undone: Option<String>,
}

#[derive(Template)]
#[template(path = "register/imports.html")]
struct ListPage {
    page: Page,
    imports: Vec<Told>,
}

/// A household on which something was built since.
struct InTheWay {
    path: String,
    head: String,
    why: String,
}

#[derive(Template)]
#[template(path = "register/imported.html")]
struct OnePage {
    page: Page,
    import: Told,
    place: String,
    in_the_way: Vec<InTheWay>,
    /// How many more there are than are named.
    more: usize,
}

fn told(site: &Site, visit: &Visit, row: &ImportRow) -> Told {
    let words = &visit.words;
    let moment = |at: i64| words.moment(&site.playbook.time, Moment(at));
    let who = |name: &Option<String>| name.clone().unwrap_or_else(|| say!(words, "imports-console"));
    let taken: Taken = serde_json::from_str(&row.result).unwrap_or_default();
    Told {
        path: format!("/households/imports/{}", row.id),
        file_name: row.file_name.clone(),
        when: moment(row.taken_at),
        who: who(&row.by),
        what: taken.told(words),
        undone: row
            .undone_at
            .map(|at| say!(words, "imports-undone-by", when = moment(at), who = who(&row.undone_by))),
    }
}

pub async fn list(State(site): State<Site>, visit: Visit) -> Result<Html, Error> {
    let scope = visit.may(Action::ChangeHouseholds)?;
    let town = visit.person.town().ok_or(Error::NotFound)?.town();
    let rows = imports::list(&mut site.db.read().await?, &scope, town, MOST).await?;
    let imports = rows.iter().map(|row| told(&site, &visit, row)).collect();
    Html::of(&ListPage { page: visit.page.clone(), imports })
}

/// An import within scope, or 'not found'.
async fn find(tx: &mut Snapshot, visit: &Visit, scope: &Scope, id: Uuid) -> Result<ImportRow, Error> {
    let town = visit.person.town().ok_or(Error::NotFound)?.town();
    imports::find(tx, scope, town, id).await?.ok_or(Error::NotFound)
}

pub async fn show(State(site): State<Site>, visit: Visit, Path(id): Path<Uuid>) -> Result<Html, Error> {
    let scope = visit.may(Action::ChangeHouseholds)?;
    let mut tx = site.db.read().await?;
    let row = find(&mut tx, &visit, &scope, id).await?;
    Html::of(&one_page(&mut tx, &site, &visit, &scope, &row).await?)
}

async fn one_page(
    tx: &mut Snapshot,
    site: &Site,
    visit: &Visit,
    scope: &Scope,
    row: &ImportRow,
) -> Result<OnePage, Error> {
    let found = if row.undone_at.is_none() {
        undo::hindrances(tx, &site.vault, row).await?.into_iter().collect()
    } else {
        Vec::new()
    };
    // One line for each household, whatever is in the way there.
    let mut of: BTreeMap<i64, Vec<Hindrance>> = BTreeMap::new();
    for hindrance in found {
        of.entry(hindrance.household).or_default().push(hindrance);
    }
    let more = of.len().saturating_sub(NAMED);
    let mut in_the_way = Vec::new();
    for (household, hindrances) in of.into_iter().take(NAMED) {
        let known = one::household(tx, scope, (row.town, household), visit.today).await?;
        let why: Vec<_> = hindrances.iter().map(|hindrance| why(visit, hindrance)).collect();
        let head = known.map(|known| known.head).unwrap_or_default();
        let path = household_path(row.town, household);
        in_the_way.push(InTheWay { path, head, why: why.join("、") });
    }
    let names = Names::of(tx, row.town, visit.today).await?;
    let division = Division::from_number(row.division);
    Ok(OnePage {
        page: visit.page.clone(),
        import: told(site, visit, row),
        place: division.map(|division| names.full(division)).unwrap_or_default(),
        in_the_way,
        more,
    })
}

fn why(visit: &Visit, hindrance: &Hindrance) -> String {
    let words = &visit.words;
    match hindrance.why {
        Why::Changed => say!(words, "imports-changed-since"),
        Why::Checked(day) => say!(words, "imports-checked-since", day = words.day(day)),
        Why::Given => say!(words, "imports-given-since"),
    }
}

pub async fn undo(State(site): State<Site>, visit: Visit, Path(id): Path<Uuid>) -> Result<Response, Error> {
    let scope = visit.may(Action::ChangeHouseholds)?;
    let town = visit.person.town().ok_or(Error::NotFound)?;
    let mut tx = site.db.write().await?;
    // Held before it is looked at: nothing is built on it meanwhile.
    tx.hold(&[town.town()].into()).await?;
    let row = find(&mut tx, &visit, &scope, id).await?;
    let path = format!("/households/imports/{id}");
    if row.undone_at.is_some() {
        return Ok(Redirect::to(&path).into_response());
    }
    if !undo::hindrances(&mut tx, &site.vault, &row).await?.is_empty() {
        let page = one_page(&mut tx, &site, &visit, &scope, &row).await?;
        return Ok(Html::of(&page)?.with_status(StatusCode::CONFLICT).into_response());
    }
    let deed = Deed { source: Source::Import(id), ..Deed::by(&visit, row.town, visit.today) };
    undo::undo(&mut tx, &site, &row, &deed).await?;
    record(&mut tx, &site, &visit, "register.undo", (row.town, 0), json!({ "upload": id })).await?;
    tx.commit().await?;
    site.people.forget();
    let division = Division::from_number(row.division);
    site.live.tell(Changed(division.into_iter().chain([town]).collect()));
    Ok(Redirect::to(&path).into_response())
}
