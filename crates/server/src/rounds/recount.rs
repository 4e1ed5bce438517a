//! Counting a day's figures anew from its checks, to compare with the tallies. It shares the rules
//! with the writer and nothing else: it starts from the register and the checks themselves.

use std::collections::{BTreeMap, BTreeSet};

use base::{Day, Division};
use db::Snapshot;
use uuid::Uuid;

use super::model::indicators;
use super::standing::{self, Fact};
use super::store::{self, CheckRow};
use crate::playbook::Playbook;
use crate::tally::{self, Deltas};

/// A figure whose tally is not what the facts say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    pub day: Day,
    pub division: i64,
    pub indicator: String,
    pub tally: i64,
    pub facts: i64,
}

/// What a recount found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Recount {
    pub days: usize,
    /// Days that are left as they are: their records were destroyed, so nothing counts them anew.
    pub frozen: usize,
    pub checks: usize,
    pub differences: Vec<Difference>,
    /// Checks that no household's day leads to.
    pub lost: usize,
}

impl Recount {
    pub fn agrees(&self) -> bool {
        self.differences.is_empty() && self.lost == 0
    }
}

/// Recounts every opened day of a town whose records are all there.
pub async fn recount(tx: &mut Snapshot, playbook: &Playbook, town: i64) -> db::Result<Recount> {
    let mut total = Recount::default();
    let stored = store::count_checks(tx, town).await?;
    let moving = store::moving_days(tx, town).await?;
    total.frozen = store::opened_days(tx, town).await?.len() - moving.len();
    for day in moving {
        let checks = checks_of(tx, town, day).await?;
        let visited: usize = checks.values().map(Vec::len).sum();
        let stored = stored.get(&day.number()).copied().unwrap_or_default();
        let stored = usize::try_from(stored).unwrap_or(usize::MAX);
        let facts = count_day(tx, playbook, town, day, checks).await?;
        total.days += 1;
        total.checks += visited;
        total.lost += stored.saturating_sub(visited);
        total.differences.extend(compare(tx, town, day, facts).await?);
    }
    Ok(total)
}

/// All checks of a day by household, found from the last of each back to the first.
async fn checks_of(tx: &mut Snapshot, town: i64, day: Day) -> db::Result<BTreeMap<i64, Vec<CheckRow>>> {
    let mut wanted: BTreeSet<(i64, Uuid)> = store::last_checks(tx, town, day).await?.into_iter().collect();
    let mut by_household: BTreeMap<i64, Vec<CheckRow>> = BTreeMap::new();
    while !wanted.is_empty() {
        let found = store::checks(tx, &wanted).await?;
        wanted = found.values().filter_map(|check| Some((town, check.previous?))).collect();
        for check in found.into_values() {
            by_household.entry(check.household).or_default().push(check);
        }
    }
    Ok(by_household)
}

async fn count_day(
    tx: &mut Snapshot,
    playbook: &Playbook,
    town: i64,
    day: Day,
    checks: BTreeMap<i64, Vec<CheckRow>>,
) -> db::Result<Deltas> {
    let playbook = playbook.on(day);
    let mut facts = Deltas::default();
    for (division, households) in store::expected(tx, town, day).await? {
        facts.add(day, division, indicators::EXPECTED, households);
    }
    let answered = checks.iter().filter(|(_, rows)| rows.iter().any(|row| row.answers.is_some()));
    let households = answered.map(|(household, _)| (town, *household)).collect();
    let mut key_persons: BTreeMap<i64, BTreeSet<i64>> = BTreeMap::new();
    for member in store::members(tx, &households).await? {
        if member.is_key_person(day.number()) {
            key_persons.entry(member.household).or_default().insert(member.id);
        }
    }
    let wanted = checks.keys().map(|household| (town, *household, day.number())).collect();
    let places = store::places(tx, &wanted, day).await?;
    let gone = store::turn::last_stood(tx, &wanted).await?;
    for (household, rows) in checks {
        let key = (town, household, day.number());
        // A household that left the register is due no more, and counts where it last stood.
        let stood = places.get(&key).map(|place| (place.division, place.occupancy == "lived-in"));
        let Some((number, due)) = stood.or_else(|| Some((*gone.get(&key)?, false))) else { continue };
        let Some(division) = Division::from_number(number) else { continue };
        let own: Vec<Fact> = rows.iter().map(CheckRow::fact).collect();
        let key = key_persons.remove(&household).unwrap_or_default();
        let standing = standing::stand(&own, &playbook.time, day, playbook.temperature, &key);
        if let Some(standing) = standing {
            standing::count(&mut facts, day, division, due, &standing, 1);
        }
        for (kind, _) in standing::findings(&own, playbook.temperature).into_keys() {
            facts.add(day, division, kind.indicator(), 1);
        }
    }
    Ok(facts)
}

async fn compare(tx: &mut Snapshot, town: i64, day: Day, facts: Deltas) -> db::Result<Vec<Difference>> {
    let mut both: BTreeMap<(i64, String), (i64, i64)> = BTreeMap::new();
    for (division, indicator, value) in tally::rows(tx, town, day).await? {
        both.entry((division, indicator)).or_default().0 = value;
    }
    for ((_, _, division, indicator), value) in facts.at_every_level() {
        both.entry((division, indicator.to_owned())).or_default().1 = value;
    }
    let own: BTreeSet<&str> = indicators::all().map(|indicator| indicator.key).collect();
    let differs = |((division, indicator), (tally, facts)): ((i64, String), (i64, i64))| {
        (tally != facts && own.contains(indicator.as_str())).then_some(Difference {
            day,
            division,
            indicator,
            tally,
            facts,
        })
    };
    Ok(both.into_iter().filter_map(differs).collect())
}
