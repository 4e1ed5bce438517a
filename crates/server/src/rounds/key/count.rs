//! Who of the key persons was measured, by name and not by number: one who was measured and is due
//! no more does not stand in for another who was not.

use std::collections::{BTreeMap, BTreeSet};

use base::{Day, Division};
use db::Snapshot;
use uuid::Uuid;

use super::super::as_of::AsOf;
use super::super::standing::{self, Fact};
use super::super::store::chains;
use super::store;
use crate::playbook::{Playbook, Temperatures};

/// Key persons of a division's day.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Measured {
    /// To be measured.
    pub due: i64,
    /// Of these, measured.
    pub measured: i64,
    /// With fever: also those whose household left the register later on the day.
    pub feverish: i64,
}

impl Measured {
    /// Due and not measured.
    pub fn missing(self) -> i64 {
        self.due - self.measured
    }
}

impl std::iter::Sum for Measured {
    fn sum<I: Iterator<Item = Measured>>(all: I) -> Measured {
        all.fold(Measured::default(), |sum, more| Measured {
            due: sum.due + more.due,
            measured: sum.measured + more.measured,
            feverish: sum.feverish + more.feverish,
        })
    }
}

/// A key person's day, with the last check of the household's day to arrive.
pub(super) struct Key {
    pub town: i64,
    pub day: i32,
    pub household: i64,
    pub resident: i64,
    pub last: Option<Uuid>,
}

/// What the checks of some households' days told of temperatures.
pub(super) struct Told<'a> {
    playbook: &'a Playbook,
    /// By household, day and resident: the highest of the day, in tenths of a degree.
    highest: BTreeMap<(i64, i32, i64), i32>,
}

impl Told<'_> {
    /// Somebody's highest temperature of the day, and whether it is fever.
    pub(super) fn of(&self, key: &Key) -> (Option<i32>, bool) {
        let tenths = self.highest.get(&(key.household, key.day, key.resident)).copied();
        let fever = bounds(self.playbook, key.day).fever;
        (tenths, tenths.is_some_and(|tenths| tenths >= fever))
    }
}

impl AsOf<'_> {
    /// How the key persons of the town, or of a part of it, were measured, by the division in which
    /// their household stands.
    pub async fn key_persons(
        &self,
        tx: &mut Snapshot,
        within: Division,
    ) -> db::Result<BTreeMap<Division, Measured>> {
        let rows = store::nameless(tx, within, self.day).await?;
        let told = self.told(tx, rows.iter().map(store::Nameless::key)).await?;
        let mut measured: BTreeMap<Division, Measured> = BTreeMap::new();
        for row in rows {
            let Some(division) = Division::from_number(row.division) else { continue };
            let (tenths, feverish) = told.of(&row.key());
            let counted = measured.entry(division).or_default();
            counted.due += i64::from(row.due);
            counted.measured += i64::from(row.due && tenths.is_some());
            counted.feverish += i64::from(feverish);
        }
        Ok(measured)
    }

    /// Reads what the checks of the households' days told; of the day itself, up to the moment.
    pub(super) async fn told(
        &self,
        tx: &mut Snapshot,
        keys: impl Iterator<Item = Key>,
    ) -> db::Result<Told<'_>> {
        let last: BTreeSet<(i64, Uuid)> = keys.filter_map(|key| Some((key.town, key.last?))).collect();
        let last: Vec<_> = last.into_iter().collect();
        let mut facts: BTreeMap<(i64, i32), Vec<Fact>> = BTreeMap::new();
        for check in chains(tx, &last).await? {
            facts.entry((check.household, check.day)).or_default().push(check.fact());
        }
        let mut highest = BTreeMap::new();
        for ((household, day), mut facts) in facts {
            if let Some(before) = self.before.filter(|_| day == self.day.number()) {
                facts = standing::before(&facts, before);
            }
            let told = standing::temperatures(&facts, bounds(self.playbook, day));
            highest.extend(told.into_iter().map(|(who, tenths)| ((household, day, who), tenths)));
        }
        Ok(Told { playbook: self.playbook, highest })
    }
}

impl store::Nameless {
    fn key(&self) -> Key {
        let store::Nameless { town, day, household, resident, last, .. } = *self;
        Key { town, day, household, resident, last }
    }
}

/// The bounds by which a stored day is judged.
fn bounds(playbook: &Playbook, day: i32) -> Temperatures {
    Day::from_number(day).map_or(playbook, |day| playbook.on(day)).temperature
}
