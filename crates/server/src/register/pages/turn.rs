//! What a household comes to from a day on: it moves, stands empty, is closed, is lived in again.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use base::{Day, Division};
use serde::Deserialize;
use serde_json::json;

use super::super::model::{Occupancy, Turn};
use super::super::store::change::{NotTurned, turn};
use super::super::store::one::HouseholdRow;
use super::change::occupancies;
use super::{Choice, Faults, Names, day_of, household, household_path, record};
use crate::access::Action;
use crate::audit::Changes;
use crate::history::Deed;
use crate::site::Site;
use crate::web::{Changed, Error, Form, Html, Page, Visit};

/// The occupancy of the form that means: the household is no more.
const CLOSED: &str = "closed";

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Sent {
    pub division: String,
    pub occupancy: String,
    pub from: String,
}

#[derive(Template)]
#[template(path = "register/turn.html")]
struct TurnPage {
    page: Page,
    path: String,
    head: String,
    faults: Faults,
    divisions: Vec<Choice>,
    occupancies: Vec<Choice>,
    from: String,
}

/// Where a household may stand; where it stands it may stay.
fn places(
    visit: &Visit,
    names: &Names,
    row: &HouseholdRow,
    chosen: Option<Division>,
) -> Result<Vec<Choice>, Error> {
    let mut places = names.homes(&visit.may(Action::ChangeHouseholds)?, chosen);
    let own = row.division().filter(|_| !row.is_closed(visit.today));
    if let Some(own) = own.filter(|own| places.iter().all(|place| place.value != own.code())) {
        places.insert(0, names.choice(own, chosen));
    }
    Ok(places)
}

fn form(
    visit: &Visit,
    names: &Names,
    row: &HouseholdRow,
    sent: Sent,
    faults: Faults,
) -> Result<Response, Error> {
    let mut occupancies = occupancies(visit, &sent.occupancy);
    occupancies.push(Choice {
        value: CLOSED.to_owned(),
        text: say!(visit.words, "household-close"),
        chosen: sent.occupancy == CLOSED,
    });
    let status = if faults.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let page = TurnPage {
        page: visit.page.clone(),
        path: household_path(row.town, row.id),
        head: row.head.clone(),
        faults,
        divisions: places(visit, names, row, Division::from_code(&sent.division))?,
        occupancies,
        from: sent.from,
    };
    Ok(Html::of(&page)?.with_status(status).into_response())
}

pub async fn ask(
    State(site): State<Site>,
    visit: Visit,
    Path(key): Path<(i64, i64)>,
) -> Result<Response, Error> {
    let mut tx = site.db.read().await?;
    let row = household(&mut tx, &visit, Action::ChangeHouseholds, key).await?;
    let names = Names::of(&mut tx, key.0, visit.today).await?;
    let division = row.division().map(Division::code).unwrap_or_default();
    let sent = Sent { division, occupancy: row.occupancy.clone(), from: visit.today.to_string() };
    form(&visit, &names, &row, sent, Faults::default())
}

/// The change that the form asks for, to one of some places, or what is wrong with it.
fn read(visit: &Visit, places: &[Choice], sent: &Sent) -> Result<(Day, Turn), Faults> {
    let mut faults = Faults::default();
    let from = day_of(&sent.from, visit.today).filter(|day| *day <= visit.today);
    if from.is_none() {
        faults.add(&visit.words, "from", "household-day-wrong");
    }
    let turn = if sent.occupancy == CLOSED {
        Some(Turn::Closed)
    } else {
        let division = Division::from_code(&sent.division);
        let division = division.filter(|d| places.iter().any(|place| place.value == d.code()));
        if division.is_none() {
            faults.add(&visit.words, "division", "household-division-missing");
        }
        let occupancy = Occupancy::of_key(&sent.occupancy);
        if occupancy.is_none() {
            faults.add(&visit.words, "occupancy", "household-occupancy-missing");
        }
        division.zip(occupancy).map(|(division, occupancy)| Turn::Stands(division, occupancy))
    };
    from.zip(turn).ok_or(faults)
}

pub async fn put(
    State(site): State<Site>,
    visit: Visit,
    Path(key): Path<(i64, i64)>,
    Form(sent): Form<Sent>,
) -> Result<Response, Error> {
    let mut tx = site.db.write().await?;
    // Held before the household is read: nobody counts it while it moves.
    tx.hold(&[key.0].into()).await?;
    let row = household(&mut tx, &visit, Action::ChangeHouseholds, key).await?;
    let names = Names::of(&mut tx, key.0, visit.today).await?;
    let (from, to) = match read(&visit, &places(&visit, &names, &row, None)?, &sent) {
        Ok(change) => change,
        Err(faults) => return form(&visit, &names, &row, sent, faults),
    };
    let deed = Deed::by(&visit, key.0, from);
    match turn(&mut tx, &site.vault, &deed, key.1, visit.today, to).await {
        Ok(()) => {}
        Err(NotTurned::Database(error)) => return Err(error.into()),
        Err(NotTurned::Refused(why)) => {
            let mut faults = Faults::default();
            faults.add(&visit.words, "from", why);
            return form(&visit, &names, &row, sent, faults);
        }
    }
    let (place, occupancy) = match to {
        Turn::Closed => (None, None),
        Turn::Stands(division, occupancy) => (Some(division), Some(occupancy.key())),
    };
    let own = Some(row.occupancy.as_str()).filter(|_| !row.is_closed(visit.today));
    let changes = Changes::new(&site.vault)
        .plain("division", row.division().filter(|_| own.is_some()), place)
        .plain("occupancy", own, occupancy);
    let detail = changes.into(json!({ "from": from }));
    record(&mut tx, &site, &visit, "household.turn", key, detail).await?;
    tx.commit().await?;
    // A contact no longer reaches what was closed.
    site.people.forget();
    let moved = if let Turn::Stands(division, _) = to { Some(division) } else { None };
    site.live.tell(Changed(row.division().into_iter().chain(moved).collect()));
    Ok(Redirect::to(&household_path(key.0, key.1)).into_response())
}
