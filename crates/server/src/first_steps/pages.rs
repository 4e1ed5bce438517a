//! The page of the first steps.

use askama::Template;
use axum::extract::State;
use base::{Day, Role};
use db::Snapshot;

use super::model::{self, Kind, State as StepState, Step};
use super::store;
use crate::site::Site;
use crate::web::{Error, Html, Page, Visit, Words};

struct Line {
    state: StepState,
    name: String,
    told: String,
    go: String,
    path: &'static str,
    allowed: bool,
    /// Who takes it, where it is not this person's to take.
    who: String,
    next: bool,
}

#[derive(Template)]
#[template(path = "first_steps/first_steps.html")]
struct StepsPage {
    page: Page,
    lines: Vec<Line>,
}

/// Whether a person is led through the first steps at all.
pub fn is_for(visit: &Visit) -> bool {
    visit.person.has(Role::Headquarters) || visit.person.has(Role::Administrator)
}

/// The list, and whether any of its steps has yet to begin.
pub async fn shown(visit: &Visit, tx: &mut Snapshot, day: Day) -> Result<(Html, bool), Error> {
    let town = visit.person.town().ok_or(Error::NotFound)?;
    let steps = model::steps(&store::counts(tx, town, day).await?);
    let first = steps.iter().position(|step| step.state() == StepState::Todo);
    let lines = steps.iter().enumerate().map(|(n, step)| {
        let (name, told, go) = words(&visit.words, step);
        let allowed = visit.person.may(step.action()).is_some();
        let (state, path, next) = (step.state(), step.path(), first == Some(n));
        let role = visit.words.get(&format!("role-{}", step.role()));
        Line {
            state,
            name,
            told,
            go,
            path,
            allowed,
            who: say!(visit.words, "first-steps-other-role", role = role),
            next,
        }
    });
    let page = StepsPage { page: visit.page.clone(), lines: lines.collect() };
    Ok((Html::of(&page)?, first.is_some()))
}

fn words(words: &Words, step: &Step) -> (String, String, String) {
    let (done, of) = (step.done, step.of);
    macro_rules! words {
        ($name:literal, $told:literal, $go:literal $(, $key:ident = $value:expr)*) => {
            (say!(words, $name), say!(words, $told $(, $key = $value)*), say!(words, $go))
        };
    }
    match step.kind {
        Kind::Divisions => {
            words!(
                "first-step-divisions",
                "first-step-divisions-told",
                "first-step-divisions-go",
                done = done
            )
        }
        Kind::Groups => {
            words!(
                "first-step-groups",
                "first-step-groups-told",
                "first-step-groups-go",
                done = done,
                of = of
            )
        }
        Kind::Households => words!(
            "first-step-households",
            "first-step-households-told",
            "first-step-households-go",
            done = done,
            of = of
        ),
        Kind::Stewards => words!(
            "first-step-stewards",
            "first-step-stewards-told",
            "first-step-stewards-go",
            done = done,
            of = of
        ),
        Kind::Accounts => words!(
            "first-step-accounts",
            "first-step-accounts-told",
            "first-step-accounts-go",
            done = done,
            of = of
        ),
        Kind::Check => {
            words!("first-step-check", "first-step-check-told", "first-step-check-go", done = done, of = of)
        }
    }
}

/// The list at its own address, for headquarters and administrator.
pub async fn first_steps(visit: Visit, State(site): State<Site>) -> Result<Html, Error> {
    if !is_for(&visit) {
        return Err(Error::NotAllowed);
    }
    let mut tx = site.db.read().await?;
    Ok(shown(&visit, &mut tx, visit.today).await?.0)
}
