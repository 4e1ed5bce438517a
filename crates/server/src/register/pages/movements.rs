//! Who came, who left: the register's changes of life, by the days from which they hold. A household that
//! moves from one village to another stands in the lists of both.

use std::collections::{BTreeMap, BTreeSet};

use askama::Template;
use axum::extract::{Query, State};
use base::{Day, Division};
use serde::Deserialize;

use super::super::store::movements::{self, MovementRow};
use super::{Names, household_path};
use crate::access::Action;
use crate::history::{self, Kind};
use crate::site::Site;
use crate::web::{Error, Html, Page, Visit};

/// Movements on one page, and the days that are shown where none are asked for.
const ROWS: usize = 100;
const DAYS: i32 = 30;

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    /// Code of a village or team area.
    under: String,
    from: String,
    until: String,
}

struct Line {
    day: String,
    kind: String,
    /// Whom it is about; none: the whole household.
    name: Option<String>,
    head: String,
    path: String,
    place: String,
    /// Whether it tells of where the household left.
    has_left: bool,
}

#[derive(Template)]
#[template(path = "register/movements.html")]
struct MovementsPage {
    page: Page,
    asked: Asked,
    places: Vec<super::Choice>,
    lines: Vec<Line>,
    /// Whether there are more than are shown.
    more: bool,
}

pub async fn list(
    State(site): State<Site>,
    visit: Visit,
    Query(mut asked): Query<Asked>,
) -> Result<Html, Error> {
    let scope = visit.may(Action::SeeHouseholds)?;
    let town = visit.person.town().ok_or(Error::NotFound)?.town();
    let day = |text: &str, otherwise: Day| match text.trim() {
        "" => Some(otherwise),
        text => text.parse().ok(),
    };
    let wrong = || Error::field("from", "household-day-wrong");
    let until = day(&asked.until, visit.today).ok_or_else(wrong)?;
    let from = day(&asked.from, until.plus(1 - DAYS)).ok_or_else(wrong)?;
    (asked.from, asked.until) = (from.to_string(), until.to_string());
    let under = Division::from_code(&asked.under);
    let mut tx = site.db.read().await?;
    let names = Names::of(&mut tx, town, until).await?;
    let within = under.or(Division::of_town(town)).ok_or(Error::NotFound)?;
    let most = i64::try_from(ROWS).unwrap_or(i64::MAX - 1) + 1;
    let mut rows = movements::between(&mut tx, &scope, within, (from, until), most).await?;
    let more = rows.len() > ROWS;
    rows.truncate(ROWS);
    let households: BTreeSet<i64> = rows.iter().map(|row| row.household).collect();
    let people: BTreeSet<i64> = rows.iter().filter_map(|row| row.resident).collect();
    let stood = history::stands(&mut tx, &site.vault, town, households, people).await?;
    let called: BTreeMap<_, _> = stood.objects().iter().map(|(key, fields)| (*key, fields)).collect();
    let said = |key: history::Key, field| {
        called.get(&key).and_then(|fields| history::text(fields, field)).unwrap_or_default()
    };
    let line = |row: &MovementRow| Line {
        day: Day::from_number(row.from_day).map(|day| visit.words.day(day)).unwrap_or_default(),
        kind: Kind::of_key(&row.kind).map(|kind| visit.words.get(&kind.message())).unwrap_or_default(),
        name: row.resident.map(|resident| said((row.household, Some(resident)), "name")),
        head: said((row.household, None), "head"),
        path: format!("{}/history", household_path(town, row.household)),
        place: Division::from_number(row.division).map(|place| names.full(place)).unwrap_or_default(),
        has_left: row.has_left && row.kind == Kind::Moved.key(),
    };
    Html::of(&MovementsPage {
        page: visit.page.clone(),
        places: names.within(&scope).map(|division| names.choice(division, under)).collect(),
        lines: rows.iter().map(line).collect(),
        more,
        asked,
    })
}
