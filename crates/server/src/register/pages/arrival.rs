//! How a new person came: born, moved in, come to lodge, or living here all along and not listed yet.

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use base::Day;
use db::Tx;
use serde_json::json;

use super::super::model::{NewResident, Occupancy, Turn};
use super::super::store::change::{NotTurned, Particulars, turn};
use super::super::store::load;
use super::super::store::one::HouseholdRow;
use super::resident::{self, Sent};
use super::{Choice, Faults, day_of, household, household_path, record};
use crate::access::Action;
use crate::history::{Deed, Kind, Note, TELLERS};
use crate::site::Site;
use crate::web::{Changed, Error, Form, Visit};

/// Days back to which somebody may be said to have come.
const BACK: i32 = 30;

/// What may be chosen, each with its message.
pub const WAYS: [(&str, &str); 4] = [
    ("registered", "arrival-registered"),
    ("born", "arrival-born"),
    ("moved-in", "arrival-moved-in"),
    ("lodger-came", "arrival-lodger-came"),
];

/// Those who may have told it, one of them chosen.
pub fn tellers(visit: &Visit, chosen: &str) -> Vec<Choice> {
    let choice = |key: &&str| Choice {
        value: (*key).to_owned(),
        text: visit.words.get(&format!("told-by-{key}")),
        chosen: *key == chosen,
    };
    TELLERS.iter().map(choice).collect()
}

/// From which day on somebody lives here, and how that came.
struct Arrival {
    kind: Kind,
    from: Day,
    note: Note,
}

impl Arrival {
    fn deed<'a>(&self, visit: &'a Visit, town: i64) -> Deed<'a> {
        let note = Some(self.note.clone()).filter(|_| self.kind != Kind::Registered);
        Deed { kind: Some(self.kind), note, ..Deed::by(visit, town, self.from) }
    }
}

/// What the form says of it, or what is wrong with it.
fn read(
    visit: &Visit,
    sent: &Sent,
    household: &HouseholdRow,
    person: &Particulars,
    faults: &mut Faults,
) -> Option<Arrival> {
    let kind = WAYS.iter().find(|(key, _)| *key == sent.came).and_then(|(key, _)| Kind::of_key(key));
    let kind = kind.unwrap_or(Kind::Registered);
    let from = if sent.from.is_empty() { person.birth.filter(|_| kind == Kind::Born) } else { None };
    let from = from.or_else(|| day_of(&sent.from, visit.today));
    let from = from.filter(|day| *day <= visit.today && *day >= visit.today.plus(-BACK));
    if from.is_none() {
        faults.add(&visit.words, "from", "arrival-day-wrong");
    } else if from.is_some_and(|from| from.number() < household.from_day) && kind != Kind::Registered {
        faults.add(&visit.words, "from", "household-later-change");
    }
    if kind == Kind::Born && person.birth.is_none() {
        faults.add(&visit.words, "birth", "arrival-birth-missing");
    } else if kind == Kind::Born && person.birth.is_some_and(|birth| from.is_some_and(|from| from < birth)) {
        faults.add(&visit.words, "from", "arrival-before-birth");
    }
    let note = match Note::read(&sent.told_by, &sent.note) {
        Ok(note) => note,
        Err(key) => {
            faults.add(&visit.words, "note", key);
            return None;
        }
    };
    Some(Arrival { kind, from: from?, note })
}

/// A house into which somebody comes is lived in from that day on.
async fn live_in(
    tx: &mut Tx,
    site: &Site,
    deed: &Deed<'_>,
    household: &HouseholdRow,
    new: &NewResident,
) -> Result<(), NotTurned> {
    let came = deed.kind != Some(Kind::Registered) && new.away.is_none();
    let today = site.playbook.time.day(deed.at);
    let Some(division) = household.division().filter(|_| came && !household.is_closed(today)) else {
        return Ok(());
    };
    if household.occupancy == Occupancy::LivedIn.key() {
        return Ok(());
    }
    let deed = Deed { kind: None, note: None, ..deed.clone() };
    let lived_in = Turn::Stands(division, Occupancy::LivedIn);
    turn(tx, &site.vault, &deed, household.id, today, lived_in).await
}

pub async fn new(
    State(site): State<Site>,
    visit: Visit,
    Path(key): Path<(i64, i64)>,
) -> Result<Response, Error> {
    let mut tx = site.db.read().await?;
    let household = household(&mut tx, &visit, Action::ChangeHouseholds, key).await?;
    resident::form(&site, &visit, &household, None, Sent::default(), Faults::default())
}

pub async fn add(
    State(site): State<Site>,
    visit: Visit,
    Path(key): Path<(i64, i64)>,
    Form(sent): Form<Sent>,
) -> Result<Response, Error> {
    let mut tx = site.db.write().await?;
    tx.hold(&[key.0].into()).await?;
    let household = household(&mut tx, &visit, Action::ChangeHouseholds, key).await?;
    let (person, mut faults) = resident::read(&visit, &sent);
    let arrival = read(&visit, &sent, &household, &person, &mut faults);
    if resident::taken(&mut tx, &site, key.0, &person, 0).await? {
        faults.add(&visit.words, "identity", "resident-identity-taken");
    }
    let (Some(arrival), true) = (arrival, faults.is_empty()) else {
        return resident::form(&site, &visit, &household, None, sent, faults);
    };
    let (new, deed) = (person.into_new(), arrival.deed(&visit, key.0));
    match live_in(&mut tx, &site, &deed, &household, &new).await {
        Ok(()) => {}
        Err(NotTurned::Database(error)) => return Err(error.into()),
        Err(NotTurned::Refused(why)) => {
            drop(tx);
            faults.add(&visit.words, "from", why);
            return resident::form(&site, &visit, &household, None, sent, faults);
        }
    }
    let numbers = load::join(&mut tx, &site.vault, &deed, &[(key.1, &new)]).await?;
    let detail = json!({ "residents": numbers, "event": arrival.kind.key(), "from": arrival.from });
    record(&mut tx, &site, &visit, "resident.add", key, detail).await?;
    tx.commit().await?;
    site.live.tell(Changed(household.division().into_iter().collect()));
    Ok(Redirect::to(&household_path(key.0, key.1)).into_response())
}
