//! Who answered for a household on a day, and who from when to when.

use askama::Template;
use axum::extract::{Path, State};
use axum_extra::extract::Query;
use base::{Day, Division};
use serde::Deserialize;

use super::{Names, Who, head, person_path, with_villages};
use crate::access::Action;
use crate::divisions;
use crate::site::Site;
use crate::stewards::model::{Node, Span};
use crate::stewards::store;
use crate::web::{Error, Html, Page, Visit};

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    day: String,
}

/// A line of a history: who, from when, to when.
pub struct PastRow {
    pub path: String,
    pub name: String,
    pub from: String,
    /// Empty while it lasts.
    pub last: String,
    pub today: bool,
}

impl PastRow {
    pub fn of(visit: &Visit, town: i64, span: &Span) -> PastRow {
        PastRow {
            path: person_path(town, span.steward),
            name: span.name.clone(),
            from: visit.words.day(span.from),
            last: span.last().map(|day| visit.words.day(day)).unwrap_or_default(),
            today: span.holds(visit.today),
        }
    }
}

#[derive(Template)]
#[template(path = "stewards/household.html")]
struct HouseholdPage {
    page: Page,
    head: String,
    place: String,
    day: String,
    /// As a date field has it.
    iso: String,
    contact: Option<Who>,
    lead: Option<Who>,
    cadre: Option<Who>,
    past: Vec<PastRow>,
    /// Where the household's street is assigned; empty for who may not.
    assign: String,
}

pub async fn show(
    visit: Visit,
    State(site): State<Site>,
    Path((town, id)): Path<(i64, i64)>,
    Query(asked): Query<Asked>,
) -> Result<Html, Error> {
    let scope = visit.may(Action::SeeStewards)?;
    let day: Day = match asked.day.as_str() {
        "" => visit.today,
        text => text.parse().map_err(|_| Error::field("day", "stewards-day-wrong"))?,
    };
    let mut tx = site.db.read().await?;
    let home = store::home(&mut tx, &scope, town, id, day).await?.ok_or(Error::NotFound)?;
    let division = Division::from_number(home.division).ok_or(Error::NotFound)?;
    let names = Names::of(divisions::names(&mut tx, &with_villages([division]), day).await?);
    let found = store::responsible(&mut tx, &site.vault, town, id, day).await?.unwrap_or_default();
    let spans = store::spans(&mut tx, town, Node::Household(id)).await?;
    let who = |answerer: Option<_>| answerer.map(|who| Who::of(&visit.words, town, &who));
    let assign = visit.person.may(Action::AssignStewards).filter(|scope| scope.covers(division));
    Html::of(&HouseholdPage {
        head: head(&visit.words, &home.head),
        place: format!("{} {}", names.full(division), home.house_number),
        day: visit.words.day(day),
        iso: day.to_string(),
        contact: who(found.contact),
        lead: who(found.lead),
        cadre: who(found.cadre),
        past: spans.iter().map(|span| PastRow::of(&visit, town, span)).collect(),
        assign: assign.map(|_| format!("/stewards/streets/{}#h{id}", division.code())).unwrap_or_default(),
        page: visit.page,
    })
}
