//! One household.

use askama::Template;
use axum::extract::{Path, Query, State};
use base::{Day, Identity};
use db::Snapshot;
use serde::Deserialize;

use super::super::model::Occupancy;
use super::super::store::as_of;
use super::super::store::one::{self as rows, HouseholdRow, ResidentRow};
use super::readers::SHOWN;
use super::{Names, day_of, household_path};
use crate::access::Action;
use crate::audit;
use crate::rounds::{self, PastRow};
use crate::site::Site;
use crate::stewards::{self, Answerer, Responsible};
use crate::trail::Line;
use crate::vault::Vault;
use crate::web::{Error, Html, Page, Phone, Sight, Visit, Words};

/// Days of checks that the page shows.
const HISTORY: i32 = 14;

/// Somebody who answers for the household, at one of the three levels.
pub struct Answer {
    /// What he does for it: 分包、负责、监管.
    pub level: String,
    /// As what: 包户人; where there is none, who answers provisionally, or that nobody does yet.
    pub role: String,
    pub who: Option<Answerer>,
}

struct Person {
    path: String,
    id: i64,
    name: String,
    relation: String,
    sex: String,
    age: Option<i32>,
    birth: Option<Day>,
    identity: Option<String>,
    phone: Option<Phone>,
    lodging: bool,
    away: bool,
    since: Option<String>,
    whereabouts: String,
    key_person: bool,
}

/// Somebody who lives here no more.
struct Gone {
    name: String,
    how: String,
    day: String,
    path: String,
}

struct Past {
    day: String,
    /// The class of the mark, and its words.
    mark: &'static str,
    state: String,
    what: String,
}

#[derive(Template)]
#[template(path = "register/one.html")]
struct HouseholdPage {
    page: Page,
    path: String,
    head: String,
    house: String,
    place: String,
    address: String,
    phone: Option<Phone>,
    tags: Vec<String>,
    occupancy: Occupancy,
    since: String,
    closed: Option<String>,
    answers: [Answer; 3],
    number: String,
    people: Vec<Person>,
    gone: Vec<Gone>,
    past: Vec<Past>,
    /// Who looked at it and what was done to it; none for whom it is not.
    readers: Option<Vec<Line>>,
    may_change: bool,
    may_see_identities: bool,
    /// What somebody of the household asks of what is kept about him is taken in here.
    may_ask: bool,
    printed: String,
    /// The day as of which it is shown; none for today.
    as_of: Option<String>,
    /// The last day that may be asked for.
    today: Day,
}

/// As of which day it is wanted.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    day: String,
}

impl Asked {
    fn day(&self, today: Day) -> Result<Day, Error> {
        let day = day_of(&self.day, today).filter(|day| *day <= today);
        day.ok_or(Error::field("day", "household-day-wrong"))
    }
}

/// A household and its people on a day.
async fn on(
    tx: &mut Snapshot,
    site: &Site,
    visit: &Visit,
    key: (i64, i64),
    day: Day,
) -> Result<(HouseholdRow, Vec<ResidentRow>), Error> {
    let scope = visit.may(Action::SeeHouseholds)?;
    let household = rows::household(tx, &scope, key, day).await?.ok_or(Error::NotFound)?;
    if day < visit.today {
        let then = as_of::then(tx, &site.vault, &[key], day).await?.remove(&key).unwrap_or_default();
        return Ok(then.rows(&site.vault, household));
    }
    let residents = rows::residents(tx, &household).await?;
    Ok((household, residents))
}

pub async fn show(
    State(site): State<Site>,
    visit: Visit,
    Path(key): Path<(i64, i64)>,
    Query(asked): Query<Asked>,
) -> Result<Html, Error> {
    let (scope, day) = (visit.may(Action::SeeHouseholds)?, asked.day(visit.today)?);
    let is_past = day < visit.today;
    let mut tx = site.db.read().await?;
    let (household, residents) = on(&mut tx, &site, &visit, key, day).await?;
    let responsible = stewards::responsible(&mut tx, &site.vault, key.0, key.1, day).await?;
    let names = Names::of(&mut tx, key.0, day).await?;
    let past = rounds::history(&mut tx, &scope, key.0, key.1, day.plus(1 - HISTORY), day).await?;
    let division = household.division().ok_or(Error::NotFound)?;
    // What was is looked at, not changed.
    let may = |action| !is_past && visit.person.may(action).is_some_and(|scope| scope.covers(division));
    let readers = if may(Action::SeeReaders) {
        Some(audit::about(&mut tx, &audit::household(key), None, SHOWN).await?)
    } else {
        None
    };
    drop(tx);
    site.trail.saw(&site, &visit, key);
    let words = &visit.words;
    let path = household_path(key.0, key.1);
    let told_day = |number: i32| Day::from_number(number).map(|day| words.day(day)).unwrap_or_default();
    let contact = responsible.as_ref().and_then(|who| who.contact.as_ref()).map(|who| who.steward);
    let sight = if is_past { Sight::Masked } else { Sight::of(&visit, key.0, contact) };
    let open = site.vault.open_stored(household.phone_sealed.as_deref());
    let when = words.moment(&site.playbook.time, visit.now);
    Html::of(&HouseholdPage {
        page: visit.page.clone(),
        number: household.id.to_string(),
        gone: residents.iter().filter_map(|row| gone(row, words, &path, day)).collect(),
        people: residents
            .iter()
            .filter(|row| row.is_here(day))
            .map(|row| person(row, &site.vault, words, (&path, sight), day))
            .collect(),
        house: household.house_number.clone(),
        place: names.full(division),
        address: household.address.clone(),
        phone: open.map(|number| Phone::new(words, sight, &path, ("household", &household.head), number)),
        path,
        tags: household.tags.split_whitespace().map(|tag| words.get(&format!("tag-{tag}"))).collect(),
        occupancy: Occupancy::of_key(&household.occupancy).unwrap_or(Occupancy::LivedIn),
        since: told_day(household.from_day),
        closed: household.is_closed(day).then(|| told_day(household.until_day)),
        answers: answers(words, responsible.unwrap_or_default()),
        past: past.iter().map(|row| told(row, &site, words)).collect(),
        readers: readers.map(|rows| rows.iter().map(|row| Line::of(row, words, &site)).collect()),
        may_change: may(Action::ChangeHouseholds),
        may_see_identities: may(Action::SeeIdentities),
        may_ask: may(Action::HandleRequests),
        printed: say!(words, "households-printed", when = when, who = visit.person.name.clone()),
        head: household.head,
        as_of: is_past.then(|| words.day(day)),
        today: visit.today,
    })
}

/// Contact, street lead, town cadre: in this order, whether there is one or not.
fn answers(words: &Words, responsible: Responsible) -> [Answer; 3] {
    let Responsible { contact, lead, cadre } = responsible;
    [("household", contact), ("group", lead), ("village", cadre)].map(|(level, who)| Answer {
        level: words.get(&format!("answers-{level}")),
        role: match &who {
            Some(who) if who.provisional => stewards::provisionally(words, who),
            Some(_) => words.get(&format!("answers-{level}-role")),
            None if level == "household" => say!(words, "contact-none"),
            None => say!(words, "stewards-nobody"),
        },
        who,
    })
}

fn person(
    row: &ResidentRow,
    vault: &Vault,
    words: &Words,
    (path, sight): (&str, Sight),
    today: Day,
) -> Person {
    let identity = vault.open_stored(row.identity_sealed.as_deref());
    let identity = identity.and_then(|number| Some(Identity::parse(&number).ok()?.0.masked()));
    Person {
        path: format!("{path}/residents/{}", row.id),
        id: row.id,
        name: row.name.clone(),
        relation: row.relation.clone(),
        sex: row.sex.as_ref().map(|sex| words.get(&format!("sex-{sex}"))).unwrap_or_default(),
        age: row.birth().map(|birth| birth.age_on(today)),
        birth: row.birth(),
        identity,
        phone: vault
            .open_stored(row.phone_sealed.as_deref())
            .map(|number| Phone::new(words, sight, path, (&row.id.to_string(), &row.name), number)),
        lodging: row.registration == "lodging",
        away: row.presence == "away",
        since: row.presence_since.and_then(Day::from_number).map(|day| words.day(day)),
        whereabouts: row.whereabouts.clone(),
        key_person: row.is_key_person(today),
    }
}

fn gone(row: &ResidentRow, words: &Words, path: &str, day: Day) -> Option<Gone> {
    let how = row.gone_how.as_ref().filter(|_| !row.is_here(day))?;
    Some(Gone {
        name: row.name.clone(),
        how: words.get(&format!("gone-{how}")),
        day: row.gone_from.and_then(Day::from_number).map(|day| words.day(day)).unwrap_or_default(),
        path: format!("{path}/residents/{}/history", row.id),
    })
}

fn told(row: &PastRow, site: &Site, words: &Words) -> Past {
    let (mark, key) = match row.state.as_deref() {
        Some("done") => ("done", "check-state-done"),
        Some("late") => ("late", "check-state-late"),
        Some("unreachable") => ("away", "check-state-unreachable"),
        _ if row.due => ("", "check-state-silent"),
        _ => ("away", "check-state-not-due"),
    };
    let reason =
        row.reason.as_deref().and_then(|key| site.playbook.unreachable.iter().find(|c| c.key == key));
    let mut what = Vec::new();
    what.extend(row.happened_at().map(|at| words.clock(&site.playbook.time, at)));
    what.extend(reason.map(|reason| reason.name.of(words.language).to_owned()));
    if row.outcome.as_deref() == Some("well") {
        what.push(words.get("check-well-short"));
    }
    if row.measured > 0 {
        what.push(say!(words, "check-measured", n = row.measured));
    }
    if row.feverish > 0 {
        what.push(say!(words, "check-feverish", n = row.feverish));
    }
    let day = row.day().map(|day| words.day(day)).unwrap_or_default();
    Past { day, mark, state: words.get(key), what: what.join(" ") }
}
