//! The lists of households apart: a village's or street's, and that of a contact's phone.

use askama::Template;
use axum::extract::{Path, State};
use base::{Day, Division, Level};
use db::Snapshot;

use super::{ApartRow, LIVED_IN, Summary, Whose, apart, apart_path, has_list, of_stewards};
use crate::access::{Action, Scope};
use crate::rounds::places::{Places, place_name};
use crate::rounds::store::HouseholdRow;
use crate::rounds::view::list_path;
use crate::site::Site;
use crate::web::{Error, Html, Page, Visit};

/// The address of a contact's own list.
pub const OWN: &str = "/my-households/apart";

#[derive(Template)]
#[template(path = "rounds/apart.html")]
struct ApartPage {
    page: Page,
    /// The list one came from, and what it is called.
    back: String,
    back_name: String,
    interval: i32,
    /// Those to look at, then those whose turn comes later.
    groups: Vec<(String, Vec<Line>)>,
}

/// A household in the list.
struct Line {
    row: ApartRow,
    place: String,
    occupancy: String,
    last: Option<String>,
    next: String,
    due: bool,
    /// Its look can be entered.
    can_check: bool,
}

/// The households apart of a village or street.
pub async fn of_division(
    visit: Visit,
    State(site): State<Site>,
    Path((division, day)): Path<(i64, Day)>,
) -> Result<Html, Error> {
    let scope = visit.may(Action::SeeHouseholds)?;
    let division = Division::from_number(division).filter(|d| scope.covers(*d)).ok_or(Error::NotFound)?;
    if !has_list(division) || day > visit.today {
        return Err(Error::NotFound);
    }
    let mut tx = site.db.read().await?;
    let rows = apart(&mut tx, &scope, Whose::Division(division), day).await?;
    let back_name = place_name(&mut tx, division, day).await?;
    let groups = groups(&mut tx, &visit, &site, rows, day).await?;
    let (page, back) = (visit.page.clone(), list_path(division, day, None));
    let interval = site.playbook.round.interval_days;
    Html::of(&ApartPage { page, back, back_name, interval, groups })
}

/// The households apart of whoever is signed in.
pub async fn mine(visit: Visit, State(site): State<Site>) -> Result<Html, Error> {
    let scope = visit.may(Action::EnterChecks)?;
    let mut tx = site.db.read().await?;
    let rows = of_stewards(&mut tx, &scope, visit.today).await?;
    let groups = groups(&mut tx, &visit, &site, rows, visit.today).await?;
    Html::of(&ApartPage {
        page: visit.page.clone(),
        back: "/my-households".to_owned(),
        back_name: say!(visit.words, "place-my-households"),
        interval: site.playbook.round.interval_days,
        groups,
    })
}

async fn groups(
    tx: &mut Snapshot,
    visit: &Visit,
    site: &Site,
    rows: Vec<ApartRow>,
    day: Day,
) -> Result<Vec<(String, Vec<Line>)>, Error> {
    let (mut due, mut later) = (Vec::new(), Vec::new());
    let divisions = rows.iter().filter_map(|row| Division::from_number(row.division));
    let places = Places::of(tx, divisions.map(|division| (division, day))).await?;
    for row in rows {
        let division = Division::from_number(row.division).ok_or(Error::NotFound)?;
        let place = places.name(division, day);
        let line = line(visit, site, row, place, day);
        if line.due { due.push(line) } else { later.push(line) }
    }
    let words = &visit.words;
    let groups = [(say!(words, "apart-due"), due), (say!(words, "apart-later"), later)];
    Ok(groups.into_iter().filter(|(_, lines)| !lines.is_empty()).collect())
}

fn line(visit: &Visit, site: &Site, row: ApartRow, place: String, day: Day) -> Line {
    let interval = site.playbook.round.interval_days;
    let told = |day: Day| visit.words.day(day);
    Line {
        place,
        occupancy: visit.words.get(&format!("occupancy-{}", row.occupancy)),
        last: row.last().map(told),
        next: row.due_on(interval).map(told).unwrap_or_default(),
        due: row.is_due(day, interval),
        can_check: day == visit.today && visit.person.may(Action::EnterChecks).is_some(),
        row,
    }
}

/// What a division's page says of its households apart; nothing for a town, and where there are
/// none.
pub async fn summary(
    tx: &mut Snapshot,
    visit: &Visit,
    site: &Site,
    scope: &Scope,
    division: Division,
    day: Day,
) -> Result<Option<Summary>, Error> {
    if !has_list(division) {
        return Ok(None);
    }
    let rows = apart(tx, scope, Whose::Division(division), day).await?;
    let named = visit.person.may(Action::SeeHouseholds).is_some_and(|scope| scope.covers(division));
    let path = named.then(|| apart_path(division, day));
    Ok(Summary::of(&rows, day, site.playbook.round.interval_days, path))
}

/// Where a household just checked is listed, if it stands apart: the village's list, or the own.
pub fn list_of(visit: &Visit, row: &HouseholdRow) -> Option<String> {
    if row.occupancy == LIVED_IN {
        return None;
    }
    let division = Division::from_number(row.division)?;
    let scope = visit.person.may(Action::SeeHouseholds)?;
    let village = division.at(Level::Village).unwrap_or(division);
    let listed = [village, division].into_iter().find(|division| scope.covers(*division));
    Some(listed.map_or_else(|| OWN.to_owned(), |division| apart_path(division, visit.today)))
}
