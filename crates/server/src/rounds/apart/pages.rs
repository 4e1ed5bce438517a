//! The lists of households apart: a village's or street's, and that of a contact's phone.

use askama::Template;
use axum::extract::{Path, Query, State};
use base::{Day, Division, Level};
use db::Snapshot;
use serde::Deserialize;

use super::{ApartRow, LIVED_IN, Summary, Wanted, Whose, apart_path, count, count_mine, has_list, page};
use crate::access::{Action, Scope};
use crate::rounds::pages::{Saved, Told};
use crate::rounds::places::{Places, place_name};
use crate::rounds::store::HouseholdRow;
use crate::rounds::view::day_path;
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
    groups: Vec<Group>,
    next: Option<String>,
    saved: Option<Saved>,
}

struct Group {
    name: String,
    /// Of all pages.
    number: i64,
    lines: Vec<Line>,
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

#[derive(Debug, Deserialize)]
pub struct Asked {
    /// The last row of the page before.
    after: Option<String>,
}

/// Households on one page.
const ROWS: i64 = 100;

/// The households apart of a village or street.
pub async fn of_division(
    visit: Visit,
    State(site): State<Site>,
    Path((division, day)): Path<(i64, Day)>,
    Query(asked): Query<Asked>,
    Query(told): Query<Told>,
) -> Result<Html, Error> {
    let scope = visit.may(Action::SeeHouseholds)?;
    let division = listed(&visit, &scope, division, day)?;
    let interval = site.playbook.round.interval_days;
    let wanted = Wanted { scope: &scope, whose: Whose::Division(division), day, interval };
    let after = asked.after.as_deref().and_then(|after| after.parse().ok());
    let mut tx = site.db.read().await?;
    let (rows, next) = page(&mut tx, &wanted, after.as_ref(), ROWS).await?;
    let counted = count(&mut tx, &wanted).await?;
    let next = next.map(|after| {
        let after =
            form_urlencoded::Serializer::new(String::new()).append_pair("after", &after.to_string()).finish();
        format!("{}?{after}", apart_path(division, day))
    });
    Html::of(&ApartPage {
        page: visit.page.clone(),
        back: day_path(division, day),
        back_name: place_name(&mut tx, division, day).await?,
        interval,
        groups: groups(&mut tx, &visit, &site, rows, counted, day).await?,
        next,
        saved: told.saved(&visit, &site, &mut tx).await?,
    })
}

/// The division whose list is asked for.
///
/// # Errors
/// 'Not found' for what is not within scope or has no list, and for days to come.
pub fn listed(visit: &Visit, scope: &Scope, division: i64, day: Day) -> Result<Division, Error> {
    let division = Division::from_number(division).filter(|division| scope.covers(*division));
    division.filter(|division| has_list(*division) && day <= visit.today).ok_or(Error::NotFound)
}

/// The households apart of whoever is signed in.
pub async fn mine(visit: Visit, State(site): State<Site>, Query(told): Query<Told>) -> Result<Html, Error> {
    let scope = visit.may(Action::EnterChecks)?;
    let interval = site.playbook.round.interval_days;
    let mut tx = site.db.read().await?;
    let rows = super::mine(&mut tx, &scope, visit.today, interval).await?;
    let counted = count_mine(&mut tx, &scope, visit.today, interval).await?;
    Html::of(&ApartPage {
        page: visit.page.clone(),
        back: "/my-households".to_owned(),
        back_name: say!(visit.words, "place-my-households"),
        interval,
        groups: groups(&mut tx, &visit, &site, rows, counted, visit.today).await?,
        next: None,
        saved: told.saved(&visit, &site, &mut tx).await?,
    })
}

/// The lines of a page below the names of their groups, which tell how many there are in all.
async fn groups(
    tx: &mut Snapshot,
    visit: &Visit,
    site: &Site,
    rows: Vec<ApartRow>,
    (number, due): (i64, i64),
    day: Day,
) -> Result<Vec<Group>, Error> {
    let (mut now, mut later) = (Vec::new(), Vec::new());
    let divisions = rows.iter().filter_map(|row| Division::from_number(row.division));
    let places = Places::of(tx, divisions.map(|division| (division, day))).await?;
    for row in rows {
        let division = Division::from_number(row.division).ok_or(Error::NotFound)?;
        let place = places.name(division, day);
        let line = line(visit, site, row, place, day);
        if line.due { now.push(line) } else { later.push(line) }
    }
    let words = &visit.words;
    let groups = [
        Group { name: say!(words, "apart-due"), number: due, lines: now },
        Group { name: say!(words, "apart-later"), number: number - due, lines: later },
    ];
    Ok(groups.into_iter().filter(|group| !group.lines.is_empty()).collect())
}

fn line(visit: &Visit, site: &Site, row: ApartRow, place: String, day: Day) -> Line {
    let interval = site.playbook.round.interval_days;
    let told = |day: Day| visit.words.day(day);
    Line {
        place,
        occupancy: visit.words.get(&format!("occupancy-{}", row.occupancy)),
        last: row.last().map(told),
        next: row.due_on(interval).map(told).unwrap_or_default(),
        due: row.is_due(),
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
    let interval = site.playbook.round.interval_days;
    let wanted = Wanted { scope, whose: Whose::Division(division), day, interval };
    let counted = count(tx, &wanted).await?;
    let named = visit.person.may(Action::SeeHouseholds).is_some_and(|scope| scope.covers(division));
    Ok(Summary::of(counted, named.then(|| apart_path(division, day))))
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
