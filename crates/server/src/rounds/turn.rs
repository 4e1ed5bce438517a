//! When the register changes (a household comes, moves, is closed, is no longer lived in), the
//! round's figures of the days that are open follow: what is expected, and every state, reading
//! and finding that was counted where the household stood before.

use std::collections::{BTreeMap, BTreeSet};

use base::{Day, Division};
use db::Tx;

use super::model::indicators::EXPECTED;
use super::standing::{self, Kind};
use super::store::{self, HouseholdDay, turn as rows};
use crate::tally::Deltas;

/// From which day to which (not included) a household stood in a division, due or not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Spell {
    pub from: Day,
    /// None: still.
    pub until: Option<Day>,
    pub division: Division,
    pub due: bool,
}

/// A household whose spells changed.
#[derive(Clone, Debug)]
pub struct Turned {
    pub household: i64,
    pub before: Vec<Spell>,
    pub after: Vec<Spell>,
}

/// Where a household stands on a day.
fn on(spells: &[Spell], day: Day) -> Option<(Division, bool)> {
    let spell = spells.iter().find(|s| s.from <= day && s.until.is_none_or(|until| day < until))?;
    Some((spell.division, spell.due))
}

/// Where a household that is gone on a day stood last.
fn last_stood(spells: &[Spell], day: Day) -> Option<Division> {
    let over = spells.iter().filter(|spell| spell.until.is_some_and(|until| until <= day));
    over.max_by_key(|spell| spell.from).map(|spell| spell.division)
}

fn expect(deltas: &mut Deltas, day: Day, place: Option<(Division, bool)>, sign: i64) {
    if let Some((division, true)) = place {
        deltas.add(day, division, EXPECTED, sign);
    }
}

/// Brings the figures of a town's open days in line with changes of its register, but of those that stand still
/// for good. Call it in the
/// transaction that changes the spans, which must [hold](Tx::hold) the town from before it read
/// them.
///
/// A household that left the register keeps the checks of the days on which it is gone: they count
/// for no state, but what was measured and found there was measured and found, where it last stood.
pub async fn register_changed(tx: &mut Tx, town: i64, turned: &[Turned]) -> db::Result<()> {
    let spells = turned.iter().flat_map(|t| t.before.iter().chain(&t.after));
    let Some(first) = spells.map(|spell| spell.from).min() else { return Ok(()) };
    let mut days = store::moving_days(tx, town).await?;
    days.retain(|day| *day >= first);
    let mut deltas = Deltas::default();
    let mut places = BTreeMap::new();
    for household in turned {
        for day in &days {
            let (before, after) = (on(&household.before, *day), on(&household.after, *day));
            if before == after {
                continue;
            }
            expect(&mut deltas, *day, before, -1);
            expect(&mut deltas, *day, after, 1);
            // Who was never in the register before has no checks: an import asks for nothing more.
            if !household.before.is_empty() {
                let last = || last_stood(&household.after, *day);
                let place = after.or_else(|| Some((last()?, false)));
                places.extend(place.map(|place| ((town, household.household, day.number()), place)));
            }
        }
    }
    recount(tx, &places, &mut deltas).await?;
    deltas.write(tx).await
}

/// Counts what is stored of these households' days where they stand now.
async fn recount(
    tx: &mut Tx,
    places: &BTreeMap<HouseholdDay, (Division, bool)>,
    deltas: &mut Deltas,
) -> db::Result<()> {
    let keys: BTreeSet<HouseholdDay> = places.keys().copied().collect();
    for stored in store::counted(tx, &keys).await? {
        let key = stored.key();
        let day = Day::from_number(stored.day);
        let was = Division::from_number(stored.division);
        let (Some(day), Some(was), Some(standing)) = (day, was, stored.standing()) else { continue };
        let Some((division, due)) = places.get(&key).copied() else { continue };
        standing::count(deltas, day, was, stored.due, &standing, -1);
        standing::count(deltas, day, division, due, &standing, 1);
        rows::put_place(tx, key, division.number(), due).await?;
        for (kind, counted_in) in rows::held_findings(tx, key).await? {
            let (Some(kind), Some(old)) = (Kind::of_key(&kind), Division::from_number(counted_in)) else {
                continue;
            };
            deltas.add(day, old, kind.indicator(), -1);
            deltas.add(day, division, kind.indicator(), 1);
        }
        rows::move_findings(tx, key, division.number()).await?;
    }
    Ok(())
}
