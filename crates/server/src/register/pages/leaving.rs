//! Who leaves a household from a day on, and where to: they died, left the town, live in another
//! household or begin one; some of a household split off, all of it is merged into another.

use std::collections::BTreeSet;

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use base::{Day, Division, fold_width};
use db::Tx;
use serde::Deserialize;
use serde_json::json;

use super::super::store::change::NotTurned;
use super::super::store::life::{self, Gone, Rest, Since, To};
use super::super::store::one::{HouseholdRow, ResidentRow, living};
use super::{Choice, Faults, Names, arrival, day_of, household, household_path, record};
use crate::access::Action;
use crate::history::{Deed, Kind, Note};
use crate::site::Site;
use crate::web::{Changed, Error, Form, Html, Page, Visit};

/// Days back to which somebody may be said to have left.
const BACK: i32 = 30;

/// Where people go who move within the town.
const KNOWN: &str = "known";
const NEW: &str = "new";

/// The form as it is sent.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Sent {
    pub who: Vec<i64>,
    /// `died`, `moved-out`, `known` or `new`.
    pub how: String,
    pub to: String,
    pub division: String,
    pub house_number: String,
    /// What becomes of the house where nobody is left: `vacant` or `closed`.
    pub rest: String,
    pub from: String,
    pub told_by: String,
    pub note: String,
}

#[derive(Template)]
#[template(path = "register/leaving.html")]
struct LeavingPage {
    page: Page,
    path: String,
    head: String,
    people: Vec<Choice>,
    ways: Vec<Choice>,
    divisions: Vec<Choice>,
    rests: Vec<Choice>,
    tellers: Vec<Choice>,
    sent: Sent,
    faults: Faults,
}

/// What may be chosen, each with its message.
const WAYS: [(&str, &str); 4] = [
    (KNOWN, "leaving-known"),
    (NEW, "leaving-new"),
    ("moved-out", "leaving-moved-out"),
    ("died", "leaving-died"),
];
const RESTS: [(&str, &str); 2] = [("vacant", "leaving-rest-vacant"), ("closed", "leaving-rest-closed")];

fn choices(visit: &Visit, of: &[(&str, &str)], chosen: &str) -> Vec<Choice> {
    let choice = |(key, message): &(&str, &str)| Choice {
        value: (*key).to_owned(),
        text: visit.words.get(message),
        chosen: *key == chosen,
    };
    of.iter().map(choice).collect()
}

fn form(
    visit: &Visit,
    names: &Names,
    row: &HouseholdRow,
    people: &[ResidentRow],
    sent: Sent,
    faults: Faults,
) -> Result<Response, Error> {
    let scope = visit.may(Action::ChangeHouseholds)?;
    let person = |row: &ResidentRow| Choice {
        value: row.id.to_string(),
        text: format!("{} {}", row.name, row.relation),
        chosen: sent.who.contains(&row.id),
    };
    let page = LeavingPage {
        page: visit.page.clone(),
        path: household_path(row.town, row.id),
        head: row.head.clone(),
        people: people.iter().map(person).collect(),
        ways: choices(visit, &WAYS, &sent.how),
        divisions: names.homes(&scope, Division::from_code(&sent.division)),
        rests: choices(visit, &RESTS, &sent.rest),
        tellers: arrival::tellers(visit, &sent.told_by),
        sent,
        faults,
    };
    let status = page.faults.status();
    Ok(Html::of(&page)?.with_status(status).into_response())
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    who: Option<i64>,
}

pub async fn ask(
    State(site): State<Site>,
    visit: Visit,
    Path(key): Path<(i64, i64)>,
    Query(asked): Query<Asked>,
) -> Result<Response, Error> {
    let mut tx = site.db.read().await?;
    let row = household(&mut tx, &visit, Action::ChangeHouseholds, key).await?;
    let people = living(&mut tx, &row, visit.today).await?;
    let names = Names::of(&mut tx, key.0, visit.today).await?;
    let who = asked.who.into_iter().collect();
    let sent = Sent { who, from: visit.today.to_string(), ..Sent::default() };
    form(&visit, &names, &row, &people, sent, Faults::default())
}

/// What the form asks for.
struct Leaving {
    from: Day,
    gone: Gone,
    to: Option<To>,
    people: Vec<ResidentRow>,
    /// Where nobody is left: what becomes of the house.
    rest: Option<Rest>,
    note: Note,
}

/// Reads the form; the faults where it cannot be done.
async fn read(
    tx: &mut Tx,
    site: &Site,
    visit: &Visit,
    names: &Names,
    row: &HouseholdRow,
    (people, sent): (&[ResidentRow], &Sent),
) -> Result<Result<Leaving, Faults>, Error> {
    let (words, mut faults) = (&visit.words, Faults::default());
    let who: BTreeSet<i64> = sent.who.iter().copied().collect();
    let leaving: Vec<_> = people.iter().filter(|row| who.contains(&row.id)).cloned().collect();
    if leaving.is_empty() {
        faults.add(words, "who", "leaving-nobody");
    }
    let from = day_of(&sent.from, visit.today);
    let from = from.filter(|day| *day <= visit.today && *day >= visit.today.plus(-BACK));
    match from {
        None => faults.add(words, "from", "leaving-day-wrong"),
        Some(from) => match life::later(tx, site, (row.town, row.id), &who, from).await? {
            Some(Since::Changed(day)) => {
                faults.tell("from", say!(words, "leaving-changed-later", day = words.day(day)));
            }
            Some(Since::Checked(day)) => {
                faults.tell("from", say!(words, "leaving-checked-later", day = words.day(day)));
            }
            None => {}
        },
    }
    let (gone, to) = destination(tx, visit, names, row, sent, from, &mut faults).await?;
    let rest = match sent.rest.as_str() {
        "vacant" => Some(Rest::Vacant),
        "closed" => Some(Rest::Closed),
        _ => None,
    };
    let is_empty = leaving.len() == people.len();
    if is_empty && rest.is_none() {
        faults.add(words, "rest", "leaving-rest-missing");
    }
    let note = Note::read(&sent.told_by, &sent.note).unwrap_or_else(|key| {
        faults.add(words, "note", key);
        Note::default()
    });
    let (Some(from), Some(gone), true) = (from, gone, faults.is_empty()) else { return Ok(Err(faults)) };
    Ok(Ok(Leaving { from, gone, to, people: leaving, rest: rest.filter(|_| is_empty), note }))
}

/// How they leave, and where to.
async fn destination(
    tx: &mut Tx,
    visit: &Visit,
    names: &Names,
    row: &HouseholdRow,
    sent: &Sent,
    from: Option<Day>,
    faults: &mut Faults,
) -> Result<(Option<Gone>, Option<To>), Error> {
    let (words, scope) = (&visit.words, visit.may(Action::ChangeHouseholds)?);
    match sent.how.as_str() {
        KNOWN => {
            let number = fold_width(&sent.to).trim().parse().ok().filter(|number| *number != row.id);
            let to = match number.zip(from) {
                Some((number, from)) => life::standing(tx, row.town, number, from).await?,
                None => None,
            };
            // Whose register it is not finds none.
            let to = to.filter(|to| matches!(to, To::Known(_, division, _) if scope.covers(*division)));
            if to.is_none() {
                faults.add(words, "to", "leaving-to-unknown");
            }
            Ok((Some(Gone::Moved), to))
        }
        NEW => {
            let homes = names.homes(&scope, None);
            let division = Division::from_code(&sent.division);
            let division = division.filter(|d| homes.iter().any(|home| home.value == d.code()));
            if division.is_none() {
                faults.add(words, "division", "household-division-missing");
            }
            let house = fold_width(&sent.house_number);
            if house.is_empty() || house.chars().count() > 50 {
                faults.add(words, "house_number", "leaving-house-missing");
            }
            Ok((Some(Gone::Moved), division.map(|division| To::New(division, house))))
        }
        how => {
            let gone = Gone::of_key(how).filter(|gone| *gone != Gone::Moved);
            if gone.is_none() {
                faults.add(words, "how", "leaving-how-missing");
            }
            Ok((gone, None))
        }
    }
}

/// What it is called.
fn kind(leaving: &Leaving, of: usize) -> Kind {
    let lodgers = leaving.people.iter().all(|row| row.registration == "lodging");
    match (leaving.gone, &leaving.to) {
        (Gone::Died, _) => Kind::Died,
        (Gone::MovedOut, _) if lodgers => Kind::LodgerLeft,
        (Gone::MovedOut, _) => Kind::MovedOut,
        (_, Some(To::New(..))) if leaving.people.len() < of => Kind::Split,
        (_, Some(To::Known(..))) if leaving.people.len() == of => Kind::Merged,
        _ => Kind::Moved,
    }
}

pub async fn put(
    State(site): State<Site>,
    visit: Visit,
    Path(key): Path<(i64, i64)>,
    Form(sent): Form<Sent>,
) -> Result<Response, Error> {
    let mut tx = site.db.write().await?;
    // Held before anything is looked up: nobody counts them while they go.
    tx.hold(&[key.0].into()).await?;
    let row = household(&mut tx, &visit, Action::ChangeHouseholds, key).await?;
    let people = living(&mut tx, &row, visit.today).await?;
    let names = Names::of(&mut tx, key.0, visit.today).await?;
    let leaving = match read(&mut tx, &site, &visit, &names, &row, (&people, &sent)).await? {
        Ok(leaving) => leaving,
        Err(faults) => return form(&visit, &names, &row, &people, sent, faults),
    };
    let kind = kind(&leaving, people.len());
    let note = Some(leaving.note.clone());
    let deed = Deed { kind: Some(kind), note, ..Deed::by(&visit, key.0, leaving.from) };
    let to = match go(&mut tx, &site, &deed, (key.1, visit.today), &leaving).await {
        Ok(to) => to,
        Err(NotTurned::Database(error)) => return Err(error.into()),
        Err(NotTurned::Refused(why)) => {
            drop(tx);
            let mut faults = Faults::default();
            faults.add(&visit.words, "from", why);
            return form(&visit, &names, &row, &people, sent, faults);
        }
    };
    let ids: Vec<i64> = leaving.people.iter().map(|row| row.id).collect();
    let detail = json!({ "event": kind.key(), "from": leaving.from, "residents": ids, "to": to });
    record(&mut tx, &site, &visit, "resident.leave", key, detail).await?;
    tx.commit().await?;
    site.people.forget();
    let there = leaving.to.as_ref().map(|(To::Known(_, division, _) | To::New(division, _))| *division);
    site.live.tell(Changed(row.division().into_iter().chain(there).collect()));
    Ok(Redirect::to(&household_path(key.0, to.unwrap_or(key.1))).into_response())
}

/// They go; answers where they are, where that is in the town.
async fn go(
    tx: &mut Tx,
    site: &Site,
    deed: &Deed<'_>,
    (household, today): (i64, Day),
    leaving: &Leaving,
) -> Result<Option<i64>, NotTurned> {
    let to = match &leaving.to {
        Some(to) => Some(life::come(tx, site, deed, household, &leaving.people, to).await?),
        None => None,
    };
    life::leave(tx, site, deed, household, &leaving.people, leaving.gone).await?;
    if let Some(rest) = leaving.rest {
        life::empty(tx, site, deed, household, (today, rest)).await?;
    }
    Ok(to)
}
