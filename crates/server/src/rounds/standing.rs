//! What all checks of a household's day come to. It depends on the set of checks only, never on
//! the order in which they arrived.

use std::collections::{BTreeMap, BTreeSet};

use base::{Day, Division, Moment, TownTime};
use uuid::Uuid;

use super::model::{Answers, Away, Outcome, ResidentAnswer, indicators};
use super::rules::tenths;
use crate::playbook::Temperatures;
use crate::tally::Deltas;

/// A stored check, as far as the rules look at it.
#[derive(Clone, Debug, PartialEq)]
pub struct Fact {
    pub id: Uuid,
    pub outcome: Outcome,
    pub happened_at: Moment,
    pub entered_at: Moment,
    pub corrects: Option<Uuid>,
    pub answers: Option<Answers>,
}

/// In which state a household's day is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum State {
    Done,
    Late,
    Unreachable,
    /// Nothing has been told of it, or all that was told was taken back.
    Silent,
}

impl State {
    pub fn key(self) -> &'static str {
        match self {
            State::Done => "done",
            State::Late => "late",
            State::Unreachable => "unreachable",
            State::Silent => "silent",
        }
    }

    /// The message that names it.
    pub fn message(self) -> &'static str {
        match self {
            State::Done => "state-done",
            State::Late => "state-late",
            State::Unreachable => "state-unreachable",
            State::Silent => "state-silent",
        }
    }

    pub const ALL: [State; 4] = [State::Done, State::Late, State::Unreachable, State::Silent];

    pub fn of_key(key: &str) -> Option<State> {
        State::ALL.into_iter().find(|state| state.key() == key)
    }
}

/// Which of the households due on a day are listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Which {
    Due,
    /// Somebody was reached, in time or late.
    Reached,
    In(State),
}

impl From<State> for Which {
    fn from(state: State) -> Which {
        Which::In(state)
    }
}

impl Which {
    pub fn key(self) -> &'static str {
        match self {
            Which::Due => "due",
            Which::Reached => "reached",
            Which::In(state) => state.key(),
        }
    }

    pub fn of_key(key: &str) -> Option<Which> {
        match key {
            "due" => Some(Which::Due),
            "reached" => Some(Which::Reached),
            key => State::of_key(key).map(Which::In),
        }
    }

    /// The states that are listed.
    pub fn states(self) -> Vec<State> {
        State::ALL.into_iter().filter(|state| self.lists(*state)).collect()
    }

    pub fn lists(self, state: State) -> bool {
        match self {
            Which::Due => true,
            Which::Reached => matches!(state, State::Done | State::Late),
            Which::In(only) => state == only,
        }
    }
}

/// What is counted of a household's day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    pub state: State,
    /// The check whose answers stand: of those that reached somebody the latest to happen.
    pub standing: Uuid,
    /// When somebody was first reached.
    pub reached_at: Option<Moment>,
    /// In which hour of the town's day that was, 0 to 23.
    pub reached_hour: Option<i32>,
    pub measured: i32,
    pub feverish: i32,
    pub key_measured: i32,
    pub key_feverish: i32,
}

/// A finding's kind and whom it is about.
pub type Found = (Kind, String);

/// What a check may find that somebody has to look at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    Returnee,
    Visitor,
    Fever,
    Symptom,
    Need,
}

impl Kind {
    pub const ALL: [Kind; 5] = [Kind::Fever, Kind::Symptom, Kind::Returnee, Kind::Visitor, Kind::Need];

    pub fn key(self) -> &'static str {
        match self {
            Kind::Returnee => "returnee",
            Kind::Visitor => "visitor",
            Kind::Fever => "fever",
            Kind::Symptom => "symptom",
            Kind::Need => "need",
        }
    }

    pub fn of_key(key: &str) -> Option<Kind> {
        Kind::ALL.into_iter().find(|kind| kind.key() == key)
    }

    /// The message that names it.
    pub fn message(self) -> &'static str {
        match self {
            Kind::Returnee => "kind-returnee",
            Kind::Visitor => "kind-visitor",
            Kind::Fever => "kind-fever",
            Kind::Symptom => "kind-symptom",
            Kind::Need => "kind-need",
        }
    }

    /// The indicator that counts findings of this kind.
    pub fn indicator(self) -> base::Indicator {
        match self {
            Kind::Returnee => indicators::RETURNEES,
            Kind::Visitor => indicators::VISITORS,
            Kind::Fever => indicators::FEVERS,
            Kind::Symptom => indicators::SYMPTOMS,
            Kind::Need => indicators::NEEDS,
        }
    }
}

/// The checks that hold: those that no other check puts right. Of several that put the same one
/// right, each without knowing of the others, the last to be entered.
pub fn holding(facts: &[Fact]) -> impl Iterator<Item = &Fact> {
    let corrected: BTreeSet<Uuid> = facts.iter().filter_map(|fact| fact.corrects).collect();
    let mut last: BTreeMap<Uuid, &Fact> = BTreeMap::new();
    for fact in facts.iter().filter(|fact| !corrected.contains(&fact.id)) {
        let known = last.entry(first(facts, fact).id).or_insert(fact);
        if (known.entered_at, known.id) < (fact.entered_at, fact.id) {
            *known = fact;
        }
    }
    let holding: BTreeSet<Uuid> = last.into_values().map(|fact| fact.id).collect();
    facts.iter().filter(move |fact| holding.contains(&fact.id))
}

/// A check and those that it puts right, back to the first.
fn versions<'a>(facts: &'a [Fact], fact: &'a Fact) -> impl Iterator<Item = &'a Fact> {
    let before = |fact: &&Fact| fact.corrects.and_then(|id| facts.iter().find(|other| other.id == id));
    std::iter::successors(Some(fact), before)
}

/// The check that a correction puts right in the end; the check itself where it corrects none.
fn first<'a>(facts: &'a [Fact], fact: &'a Fact) -> &'a Fact {
    versions(facts, fact).last().unwrap_or(fact)
}

/// What counts as of a moment: a correction tells better what the check it puts right told, so it
/// counts from when that one happened.
pub fn before(facts: &[Fact], moment: Moment) -> Vec<Fact> {
    facts.iter().filter(|fact| first(facts, fact).happened_at < moment).cloned().collect()
}

/// Whether somebody was reached.
fn reached(fact: &Fact) -> bool {
    matches!(fact.outcome, Outcome::Well | Outcome::Detailed)
}

/// When it was first entered that a holding check reached somebody: a correction made later does
/// not make late what was entered in time.
fn told_at(facts: &[Fact], holding: &Fact) -> Moment {
    let reaching = versions(facts, holding).filter(|fact| reached(fact));
    reaching.map(|fact| fact.entered_at).min().unwrap_or(holding.entered_at)
}

/// The standing of a household's day from all its checks; nothing where there are none.
pub fn stand(
    facts: &[Fact],
    time: &TownTime,
    day: Day,
    bounds: Temperatures,
    key_persons: &BTreeSet<i64>,
) -> Option<Standing> {
    let order =
        |fact: &&Fact| (reached(fact), fact.outcome == Outcome::Unreachable, fact.happened_at, fact.id);
    let standing = holding(facts).max_by_key(order)?;
    let reaching = || holding(facts).filter(|fact| reached(fact));
    let cut_off = time.cut_off(day);
    let reached_at = reaching().map(|fact| fact.happened_at).min();
    let state = match reaching().map(|fact| told_at(facts, fact)).min() {
        Some(at) if at < cut_off => State::Done,
        Some(_) => State::Late,
        None if standing.outcome == Outcome::Unreachable => State::Unreachable,
        None => State::Silent,
    };
    let highest = temperatures(facts, bounds);
    let count = |of: &dyn Fn(i64, i32) -> bool| {
        i32::try_from(highest.iter().filter(|(who, tenths)| of(**who, **tenths)).count()).unwrap_or(i32::MAX)
    };
    let key = |who: i64| key_persons.contains(&who);
    Some(Standing {
        state,
        standing: standing.id,
        reached_at,
        reached_hour: reached_at.map(|at| time.hour(day, at)),
        measured: count(&|_, _| true),
        feverish: count(&|_, tenths| tenths >= bounds.fever),
        key_measured: count(&|who, _| key(who)),
        key_feverish: count(&|who, tenths| key(who) && tenths >= bounds.fever),
    })
}

/// The highest temperature of the day, in tenths of a degree, of each resident who was measured.
pub fn temperatures(facts: &[Fact], bounds: Temperatures) -> BTreeMap<i64, i32> {
    let mut highest = BTreeMap::new();
    for answer in holding(facts).filter_map(|fact| fact.answers.as_ref()).flat_map(|a| &a.residents) {
        if let Some(tenths) = answer.temperature.and_then(|degrees| tenths(degrees, bounds)) {
            let known = highest.entry(answer.resident).or_insert(tenths);
            *known = tenths.max(*known);
        }
    }
    highest
}

/// Where a resident is, as the checks of a day tell it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Whereabouts {
    Away(Away),
    /// Come back on this day.
    Back(Day),
    /// What was told of it has been taken back: as before the day.
    AsBefore,
}

/// Where those residents are of whom the checks of a day told it: the latest to happen that holds.
pub fn whereabouts(facts: &[Fact]) -> BTreeMap<i64, Whereabouts> {
    let told = |fact: &Fact| -> Vec<(i64, Whereabouts)> {
        let of = |answer: &ResidentAnswer| match (&answer.away, &answer.back) {
            (Some(away), _) => Some((answer.resident, Whereabouts::Away(away.clone()))),
            (None, Some(back)) => Some((answer.resident, Whereabouts::Back(back.on))),
            (None, None) => None,
        };
        fact.answers.iter().flat_map(|answers| &answers.residents).filter_map(of).collect()
    };
    let all = facts.iter().flat_map(told);
    let mut found: BTreeMap<_, _> = all.map(|(who, _)| (who, Whereabouts::AsBefore)).collect();
    let mut in_time: Vec<&Fact> = holding(facts).collect();
    in_time.sort_by_key(|fact| (fact.happened_at, fact.id));
    found.extend(in_time.into_iter().flat_map(told));
    found
}

/// How something found is told.
#[derive(Clone, Debug, PartialEq)]
pub struct Telling {
    /// The check that tells it first.
    pub source: Uuid,
    /// What that one told; of a fever the highest reading. `again` says when it was told last,
    /// where several checks tell it.
    pub detail: serde_json::Value,
    /// When it was told last.
    pub last: Moment,
}

/// Everything the holding checks found.
pub fn findings(facts: &[Fact], bounds: Temperatures) -> BTreeMap<Found, Telling> {
    let mut found: BTreeMap<Found, Telling> = BTreeMap::new();
    let mut in_time: Vec<&Fact> = holding(facts).collect();
    in_time.sort_by_key(|fact| (first(facts, fact).happened_at, fact.happened_at, fact.id));
    for fact in in_time {
        let Some(answers) = &fact.answers else { continue };
        for (what, detail) in found_in(answers, bounds) {
            match found.get_mut(&what) {
                Some(told) => told.again(fact, &detail),
                None => {
                    drop(found.insert(what, Telling { source: fact.id, detail, last: fact.happened_at }));
                }
            }
        }
    }
    found
}

impl Telling {
    /// Another check tells it too.
    fn again(&mut self, fact: &Fact, detail: &serde_json::Value) {
        if fact.id == self.source {
            return;
        }
        let degrees = |detail: &serde_json::Value| detail["temperature"].as_f64();
        if degrees(detail) > degrees(&self.detail) {
            self.detail["temperature"] = detail["temperature"].clone();
        }
        self.last = self.last.max(fact.happened_at);
        self.detail["again"] = serde_json::json!(self.last);
    }
}

fn found_in(answers: &Answers, bounds: Temperatures) -> Vec<(Found, serde_json::Value)> {
    use serde_json::json;
    let mut found = Vec::new();
    for answer in &answers.residents {
        let who = answer.resident.to_string();
        if let Some(degrees) = answer.temperature
            && tenths(degrees, bounds).is_some_and(|tenths| tenths >= bounds.fever)
        {
            found.push(((Kind::Fever, who.clone()), json!({ "temperature": degrees })));
        }
        if !answer.symptoms.is_empty() {
            found.push(((Kind::Symptom, who.clone()), json!({ "symptoms": answer.symptoms })));
        }
        if let Some(back) = &answer.back {
            found.push(((Kind::Returnee, who), json!(back)));
        }
    }
    for visitor in &answers.visitors {
        found.push(((Kind::Visitor, visitor.name.trim().to_owned()), json!({ "from": visitor.from })));
    }
    for need in &answers.needs {
        found.push(((Kind::Need, need.clone()), json!({ "note": answers.note })));
    }
    found
}

/// Adds what a standing counts for, `sign` times: 1 when it comes to hold, -1 when it no longer
/// does. A household that is not due counts for no state, but its temperatures count.
pub fn count(deltas: &mut Deltas, day: Day, division: Division, due: bool, standing: &Standing, sign: i64) {
    let state = match standing.state {
        State::Done => Some(indicators::DONE),
        State::Late => Some(indicators::LATE),
        State::Unreachable => Some(indicators::UNREACHABLE),
        // Silent is what is expected and nobody told: it is derived, never counted.
        State::Silent => None,
    };
    if let Some(state) = state.filter(|_| due) {
        deltas.add(day, division, state, sign);
        let hour = standing.reached_hour.and_then(|hour| usize::try_from(hour).ok());
        if let Some(reached) = hour.and_then(|hour| indicators::REACHED.get(hour)) {
            deltas.add(day, division, *reached, sign);
        }
    }
    for (indicator, people) in [
        (indicators::MEASURED, standing.measured),
        (indicators::FEVERISH, standing.feverish),
        (indicators::KEY_MEASURED, standing.key_measured),
        (indicators::KEY_FEVERISH, standing.key_feverish),
    ] {
        if people != 0 {
            deltas.add(day, division, indicator, sign * i64::from(people));
        }
    }
}
