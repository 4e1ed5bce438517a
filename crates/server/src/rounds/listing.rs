//! When somebody is listed as a key person, or no longer, the round's figures follow: what was
//! measured counts among key persons on the days of the list, and on no other.

use std::collections::{BTreeMap, BTreeSet};

use base::{Day, Division};
use db::Tx;

use super::standing::{self, Fact};
use super::store::{self, Counted, HouseholdDay, StandingRow};
use crate::playbook::Playbook;
use crate::tally::Deltas;

/// A resident of a household whose days as a key person changed: from which day, until which (not
/// included; none: still). None: never listed.
#[derive(Clone, Copy, Debug)]
pub struct Relisted {
    pub household: i64,
    pub before: Option<(Day, Option<Day>)>,
    pub after: Option<(Day, Option<Day>)>,
}

impl Relisted {
    fn changes(&self, day: Day) -> bool {
        let on = |days: Option<(Day, Option<Day>)>| {
            days.is_some_and(|(from, until)| from <= day && until.is_none_or(|until| day < until))
        };
        on(self.before) != on(self.after)
    }
}

/// Brings the figures of a town's opened days in line with its list of key persons, but of those that stand
/// still for good. Call it in the
/// transaction that changed the list, which must [hold](Tx::hold) the town from before it read it.
pub async fn key_persons_changed(
    tx: &mut Tx,
    playbook: &Playbook,
    town: i64,
    relisted: &[Relisted],
) -> db::Result<()> {
    let days = store::moving_days(tx, town).await?;
    let changed = |day: &Day| {
        let households = relisted.iter().filter(|one| one.changes(*day)).map(|one| one.household);
        households.map(|household| (town, household, day.number())).collect::<Vec<_>>()
    };
    let counted = store::counted(tx, &days.iter().flat_map(changed).collect()).await?;
    let last: Vec<_> = counted.iter().map(|row| (town, row.last)).collect();
    let mut facts: BTreeMap<HouseholdDay, Vec<Fact>> = BTreeMap::new();
    for check in store::chains(tx, &last).await? {
        facts.entry(check.key()).or_default().push(check.fact());
    }
    let members = store::members(tx, &counted.iter().map(|row| (town, row.household)).collect()).await?;
    let mut deltas = Deltas::default();
    let mut standings = Vec::new();
    for row in &counted {
        let listed = |m: &&store::Member| m.household == row.household && m.is_key_person(row.day);
        let key_persons = members.iter().filter(listed).map(|member| member.id).collect();
        let facts = facts.remove(&row.key()).unwrap_or_default();
        standings.extend(restand(row, &facts, playbook, &key_persons, &mut deltas));
    }
    store::put_standings(tx, &standings).await?;
    deltas.write(tx).await
}

/// What a household's day comes to with these key persons, where it is counted already.
fn restand(
    row: &Counted,
    facts: &[Fact],
    playbook: &Playbook,
    key_persons: &BTreeSet<i64>,
    deltas: &mut Deltas,
) -> Option<StandingRow> {
    let (day, division) = (Day::from_number(row.day)?, Division::from_number(row.division)?);
    let playbook = playbook.on(day);
    let standing = standing::stand(facts, &playbook.time, day, playbook.temperature, key_persons)?;
    standing::count(deltas, day, division, row.due, &row.standing()?, -1);
    standing::count(deltas, day, division, row.due, &standing, 1);
    Some(StandingRow { key: row.key(), division: row.division, due: row.due, standing, last: row.last })
}
