//! The list that the figures of key persons open to.

use askama::Template;
use axum::extract::{Path, Query, State};
use base::{Day, Division, Level, Moment};
use db::Snapshot;
use serde::Deserialize;

use super::{Asking, KeyPerson, Show};
use crate::access::Action;
use crate::rounds::as_of::AsOf;
use crate::rounds::places::{Places, division_names, place_name};
use crate::rounds::view::list_path;
use crate::site::Site;
use crate::web::{Error, Html, Page, Visit};

#[derive(Debug, Default, Deserialize)]
pub struct Asked {
    show: Option<String>,
    /// A moment of the day: what happened later is left out.
    before: Option<Moment>,
    /// All days up to this one: of those with fever only.
    #[serde(default)]
    total: bool,
}

#[derive(Template)]
#[template(path = "rounds/key_persons.html")]
struct KeyPage {
    page: Page,
    back: String,
    title: String,
    name: String,
    day_name: String,
    total: bool,
    until: Option<String>,
    picks: Vec<Pick>,
    lines: Vec<Line>,
}

/// Another part of the list.
struct Pick {
    name: String,
    path: String,
    number: usize,
    chosen: bool,
}

struct Line {
    person: KeyPerson,
    place: String,
    /// 36.5
    degrees: Option<String>,
    day: String,
    /// The household's page, for who may see it.
    path: Option<String>,
}

/// The key persons of a division's day.
pub async fn list(
    visit: Visit,
    State(site): State<Site>,
    Path((division, day)): Path<(i64, Day)>,
    Query(asked): Query<Asked>,
) -> Result<Html, Error> {
    let scope = visit.may(Action::SeeFindings)?;
    let division = Division::from_number(division).filter(|d| scope.covers(*d)).ok_or(Error::NotFound)?;
    let show = asked.show.as_deref().map(|key| Show::of_key(key).ok_or(Error::NotFound)).transpose()?;
    let show = if asked.total { Show::Feverish } else { show.unwrap_or(Show::Due) };
    if division.level() < Level::Town || day > visit.today {
        return Err(Error::NotFound);
    }
    let (before, playbook) = (asked.before, &site.playbook);
    let town = division.at(Level::Town).ok_or(Error::NotFound)?;
    let as_of = AsOf { town, day, before, playbook };
    let asking = Asking { scope: &scope, division, as_of };
    let mut tx = site.db.read().await?;
    let people =
        if asked.total { asking.feverish_so_far(&mut tx).await? } else { asking.of_day(&mut tx).await? };
    let picks = if asked.total { Vec::new() } else { picks(&visit, &people, division, day, &asked, show) };
    let shown = people.into_iter().filter(|person| person.is(show)).collect();
    Html::of(&KeyPage {
        back: list_path(division, day, None),
        title: visit.words.get(show.message()),
        name: name_of(&mut tx, division, day).await?,
        day_name: visit.words.day(day),
        total: asked.total,
        until: before.map(|before| visit.words.moment(&site.playbook.time, before)),
        picks,
        lines: lines(&mut tx, &visit, shown).await?,
        page: visit.page,
    })
}

async fn name_of(tx: &mut Snapshot, division: Division, day: Day) -> Result<String, Error> {
    if division.level() > Level::Town {
        return Ok(place_name(tx, division, day).await?);
    }
    let mut names = division_names(tx, division, day).await?;
    Ok(names.remove(&division.number()).unwrap_or_default())
}

fn picks(
    visit: &Visit,
    people: &[KeyPerson],
    division: Division,
    day: Day,
    asked: &Asked,
    chosen: Show,
) -> Vec<Pick> {
    let until = asked.before.map(|before| format!("&before={}", before.0)).unwrap_or_default();
    let pick = |show: Show| Pick {
        name: visit.words.get(show.message()),
        path: format!("/round/{}/{day}/key-persons?show={}{until}", division.number(), show.key()),
        number: people.iter().filter(|person| person.is(show)).count(),
        chosen: show == chosen,
    };
    Show::ALL.map(pick).into()
}

async fn lines(tx: &mut Snapshot, visit: &Visit, people: Vec<KeyPerson>) -> Result<Vec<Line>, Error> {
    let households = visit.person.may(Action::SeeHouseholds);
    let place = |person: &KeyPerson| {
        Some((Division::from_number(person.row.division)?, Day::from_number(person.row.day)?))
    };
    let places = Places::of(tx, people.iter().filter_map(place)).await?;
    let mut lines = Vec::with_capacity(people.len());
    for person in people {
        let row = &person.row;
        let (division, day) = place(&person).ok_or(Error::NotFound)?;
        let seen = households.as_ref().is_some_and(|scope| scope.covers(division));
        lines.push(Line {
            place: places.name(division, day),
            degrees: person.tenths.map(|tenths| format!("{}.{}", tenths / 10, tenths % 10)),
            day: visit.words.day(day),
            path: seen.then(|| format!("/households/{}/{}", row.town, row.household)),
            person,
        });
    }
    Ok(lines)
}
