//! The words of the made-up town, in the words of the register, the playbook and the round.

use base::{Day, Moment};
use sim::{Household, Resident, Town};
use uuid::Uuid;

use super::cast::Numbers;
use crate::register::{self, NewHousehold, NewResident};
use crate::rounds::{self, Answers, Away, Back, Check, PastCheck, ResidentAnswer};
use crate::stewards::{NewSteward, NewStewardship, Node};

/// Why somebody is listed as a key person, and for how many days.
const KEY_REASON: &str = "从疫情重点地区返回";
const KEY_DAYS: i32 = 14;

/// A household as the register knew it on the eve of the first round: what changed since then is
/// told by the checks.
pub fn household(household: &Household, eve: Day) -> NewHousehold {
    NewHousehold {
        division: household.division,
        house_number: household.house.clone(),
        head: household.residents.first().map(|head| head.name.clone()).unwrap_or_default(),
        address: household.address.clone(),
        phone: household.phone.clone(),
        occupancy: match household.occupancy {
            sim::Occupancy::Lived => register::Occupancy::LivedIn,
            sim::Occupancy::Vacant => register::Occupancy::Vacant,
            sim::Occupancy::Away => register::Occupancy::Away,
        },
        tags: household.tags.iter().map(|tag| tag.key().to_owned()).collect(),
        residents: household.residents.iter().map(|of| resident(of, eve)).collect(),
    }
}

fn resident(of: &Resident, eve: Day) -> NewResident {
    let away = of.travel.as_ref().filter(|travel| travel.covers(eve));
    let risky = of.travel.as_ref().filter(|travel| travel.affected);
    let back = risky.and_then(|travel| travel.back.as_ref());
    NewResident {
        name: of.name.clone(),
        sex: Some(of.sex),
        birth: Some(of.birth),
        identity: of.identity.clone(),
        phone: of.phone.clone(),
        relation: of.relation.zh().to_owned(),
        lodging: of.registered_elsewhere.is_some(),
        away: away.map(|travel| (travel.place.to_owned(), Some(travel.since))),
        key_person: back.map(|back| (back.day, Some(back.day.plus(KEY_DAYS)), KEY_REASON.to_owned())),
    }
}

pub fn steward(steward: &sim::Steward, account: i64) -> NewSteward {
    NewSteward {
        name: steward.name.clone(),
        phone: Some(steward.phone.clone()),
        branch: steward.branch.clone(),
        division: steward.division,
        account: Some(account),
    }
}

pub fn stewardship(link: sim::Stewardship, numbers: &Numbers) -> NewStewardship {
    NewStewardship {
        steward: numbers.steward(link.steward),
        node: match link.node {
            sim::Node::Division(division) => Node::Division(division),
            sim::Node::Household(place) => Node::Household(numbers.household(place)),
        },
        from: link.since,
    }
}

/// A check as it was sent in then. Its id depends on what it is of, so that taking it in again
/// changes nothing.
pub fn past_check(town: &Town, numbers: &Numbers, made: &sim::Check) -> PastCheck {
    let id = id(made.happened_at, made.household);
    let check = check(town, numbers, made, id, made.happened_at);
    PastCheck { account: numbers.account(made.entered_by), entered_at: made.entered_at, check }
}

/// The same check with an id and a moment of one's own.
pub fn check(town: &Town, numbers: &Numbers, made: &sim::Check, id: Uuid, happened_at: Moment) -> Check {
    let (outcome, reason, answers) = match &made.outcome {
        sim::Outcome::AllWell => (rounds::Outcome::Well, None, None),
        sim::Outcome::Unreachable(why) => (rounds::Outcome::Unreachable, Some(reason(*why)), None),
        sim::Outcome::Detailed(details) => {
            let answers = answers(details, numbers, made.household, made.day);
            (rounds::Outcome::Detailed, None, Some(answers))
        }
    };
    let paper = made.source == sim::Source::Paper && is_lead(town, made.entered_by);
    let by_other = paper && made.by != made.entered_by;
    Check {
        id,
        town: town.place.division.town(),
        household: numbers.household(made.household),
        outcome,
        reason: reason.map(str::to_owned),
        answers,
        happened_at,
        source: if paper { rounds::Source::Paper } else { rounds::Source::App },
        checked_by: by_other.then(|| numbers.steward(made.by)),
        corrects: None,
    }
}

/// Only a street lead types in what stands on paper; a contact without one enters his own.
fn is_lead(town: &Town, steward: u32) -> bool {
    town.stewards.get(steward as usize).is_some_and(|steward| steward.kind == sim::Kind::VillageCadre)
}

fn id(at: Moment, household: u32) -> Uuid {
    let mut tail = [0; 10];
    tail.copy_from_slice(&blake3::hash(&household.to_be_bytes()).as_bytes()[..10]);
    uuid::Builder::from_unix_timestamp_millis(at.0.unsigned_abs(), &tail).into_uuid()
}

fn answers(details: &sim::Details, numbers: &Numbers, household: u32, day: Day) -> Answers {
    let mut needs: Vec<String> = details.needs.iter().map(|need| need_key(*need).to_owned()).collect();
    needs.dedup();
    let unlisted = details.needs.iter().filter(|need| need_key(**need) == "other").map(|need| need.zh());
    let note: Vec<&str> = unlisted.chain(details.note).collect();
    Answers {
        residents: details.readings.iter().map(|of| reading(of, numbers, household, day)).collect(),
        visitors: details
            .visitors
            .iter()
            .map(|visitor| rounds::Visitor { name: visitor.name.clone(), from: visitor.from.to_owned() })
            .collect(),
        needs,
        note: note.join("；"),
    }
}

fn reading(of: &sim::Reading, numbers: &Numbers, household: u32, day: Day) -> ResidentAnswer {
    let (away, back) = match &of.whereabouts {
        sim::Whereabouts::Home => (None, None),
        sim::Whereabouts::Away { place, since } => {
            (Some(Away { place: (*place).to_owned(), since: (*since).min(day) }), None)
        }
        sim::Whereabouts::Back { from, how, .. } => {
            let transport = Some(transport_key(how.transport).to_owned());
            (None, Some(Back { from: (*from).to_owned(), on: how.day, transport }))
        }
    };
    ResidentAnswer {
        resident: numbers.resident(household, of.resident),
        temperature: of.temperature.map(|tenths| f64::from(tenths) / 10.0),
        symptoms: of.symptoms.iter().filter_map(|symptom| symptom_key(*symptom)).map(str::to_owned).collect(),
        away,
        back,
    }
}

fn reason(reason: sim::Reason) -> &'static str {
    match reason {
        sim::Reason::NotAtHome | sim::Reason::Locked => "nobody-home",
        sim::Reason::NoAnswer => "no-answer",
        sim::Reason::Refused => "refused",
    }
}

/// Fever is no symptom of the playbook: the temperature tells it.
fn symptom_key(symptom: sim::Symptom) -> Option<&'static str> {
    (symptom != sim::Symptom::Fever).then(|| symptom.key())
}

fn need_key(need: sim::Need) -> &'static str {
    match need {
        sim::Need::Medicine => "medicine",
        sim::Need::Food => "food",
        sim::Need::Doctor => "doctor",
        sim::Need::Coal => "fuel",
        sim::Need::Masks | sim::Need::Repair | sim::Need::Care => "other",
    }
}

fn transport_key(transport: sim::Transport) -> &'static str {
    match transport {
        sim::Transport::Train => "train",
        sim::Transport::Coach => "coach",
        sim::Transport::Car => "car",
        sim::Transport::Plane => "flight",
    }
}
