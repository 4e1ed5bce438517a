//! My households today: the phone of a household contact.

use askama::Template;
use axum::Extension;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use base::Moment;
use serde::Deserialize;
use uuid::Uuid;

use super::enter;
use super::saved::{Saved, Told};
use crate::access::Action;
use crate::rounds::apart::pages::OWN;
use crate::rounds::apart::{Summary, count_mine};
use crate::rounds::model::{Check, Outcome, Source};
use crate::rounds::standing::State as Standing;
use crate::rounds::store::{self, HouseholdRow};
use crate::rounds::view::{Bar, Coverage, grouped, mark};
use crate::rounds::writer::Rounds;
use crate::site::Site;
use crate::web::{Error, Form, Html, Page, Visit};

/// The address of the list.
pub const LIST: &str = "/my-households";

#[derive(Template)]
#[template(path = "rounds/my_households.html")]
struct MyHouseholds {
    page: Page,
    cut_off: String,
    /// The cut-off has passed: what is checked now is late.
    is_closed: bool,
    bar: Bar,
    coverage: Coverage,
    silent: Vec<Cell>,
    unreachable: Vec<Cell>,
    reached: Vec<Cell>,
    saved: Option<Saved>,
    refused: Option<String>,
    /// Households that are not due every day.
    apart: Option<Summary>,
}

/// A household in the list.
struct Cell {
    row: HouseholdRow,
    /// A fresh id, so that two taps on one button store one check.
    id: Uuid,
    note: String,
    tags: Vec<String>,
    at: String,
}

/// The households of whoever is signed in, what is still to do first.
pub async fn my_households(
    visit: Visit,
    State(site): State<Site>,
    Query(told): Query<Told>,
) -> Result<Response, Error> {
    let scope = visit.may(Action::EnterChecks)?;
    let mut tx = site.db.read().await?;
    let rows = store::mine(&mut tx, &scope, visit.today).await?;
    let interval = site.playbook.round.interval_days;
    let apart = count_mine(&mut tx, &scope, visit.today, interval).await?;
    let apart = Summary::of(apart, Some(OWN.to_owned()));
    // Whoever has no household of his own answers for a place.
    let refused = told.refused(&visit);
    let has_none = rows.is_empty() && apart.is_none() && refused.is_none();
    if has_none && visit.person.may(Action::SeeFigures).is_some() {
        return Ok(Redirect::to("/round").into_response());
    }
    let coverage = coverage_of(&rows);
    let time = &site.playbook.on(visit.today).time;
    let mut page = MyHouseholds {
        apart,
        cut_off: visit.words.clock(time, time.cut_off(visit.today)),
        is_closed: visit.now >= time.cut_off(visit.today),
        bar: Bar { coverage, words: visit.words.clone() },
        coverage,
        silent: Vec::new(),
        unreachable: Vec::new(),
        reached: Vec::new(),
        saved: told.saved(&visit, &site, &mut tx).await?,
        refused,
        page: visit.page.clone(),
    };
    for row in rows {
        let state = row.state();
        let cell = cell(row, &visit, &site);
        match state {
            Standing::Silent => page.silent.push(cell),
            Standing::Unreachable => page.unreachable.push(cell),
            Standing::Done | Standing::Late => page.reached.push(cell),
        }
    }
    Ok(Html::of(&page)?.into_response())
}

fn coverage_of(rows: &[HouseholdRow]) -> Coverage {
    let count = |state| i64::try_from(rows.iter().filter(|row| row.state() == state).count()).unwrap_or(0);
    Coverage {
        expected: i64::try_from(rows.len()).unwrap_or(0),
        done: count(Standing::Done),
        late: count(Standing::Late),
        unreachable: count(Standing::Unreachable),
        silent: count(Standing::Silent),
    }
}

fn cell(row: HouseholdRow, visit: &Visit, site: &Site) -> Cell {
    let reason = row.reason.as_deref().and_then(|key| {
        let choice = site.playbook.unreachable.iter().find(|choice| choice.key == key)?;
        Some(choice.name.of(visit.words.language).to_owned())
    });
    let note = match reason {
        Some(reason) => reason,
        None if row.is_silent_again() => say!(visit.words, "silent-yesterday-too"),
        None => visit.words.get(row.state().message()),
    };
    let tags = row.tags.split_whitespace().map(|tag| tag_name(visit, tag)).collect();
    let at = row.reached_at.map(|at| visit.words.clock(&site.playbook.time, Moment(at)));
    Cell { id: site.clock.new_id(), note, tags, at: at.unwrap_or_default(), row }
}

/// A tag's word: those of the program in the visitor's language, others as they were written.
fn tag_name(visit: &Visit, tag: &str) -> String {
    let key = format!("tag-{tag}");
    if visit.words.has(&key) { visit.words.get(&key) } else { tag.to_owned() }
}

#[derive(Debug, Deserialize)]
pub struct Tap {
    pub id: Uuid,
    pub town: i64,
    pub household: i64,
}

/// One tap: all well.
pub async fn enter_well(
    visit: Visit,
    State(site): State<Site>,
    Extension(rounds): Extension<Rounds>,
    Form(tap): Form<Tap>,
) -> Result<Redirect, Error> {
    let check = check_of(&tap, visit.now, Outcome::Well, None);
    Ok(match enter(&visit, &site, &rounds, check).await? {
        Ok(()) => Redirect::to(&Told::path(LIST, tap.town, tap.id)),
        Err(key) => Redirect::to(&Told::refusal(LIST, key)),
    })
}

/// A plain check of a form with an id.
pub fn check_of(tap: &Tap, happened_at: Moment, outcome: Outcome, corrects: Option<Uuid>) -> Check {
    Check {
        id: tap.id,
        town: tap.town,
        household: tap.household,
        outcome,
        reason: None,
        answers: None,
        happened_at,
        source: Source::App,
        checked_by: None,
        corrects,
    }
}
