//! The rows behind the figures of key persons: who was to be measured on a day, who was, and who
//! had fever; and all who had fever since the operation began.

pub mod pages;
mod store;

use std::collections::{BTreeMap, BTreeSet};

use base::{Day, Division, Moment};
use db::Snapshot;
use uuid::Uuid;

use super::standing::{self, Fact};
use super::store::chains;
use crate::access::Scope;
use crate::playbook::{Playbook, Temperatures};
use store::KeyRow;

/// Which key persons are listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Show {
    /// All who are to be measured.
    Due,
    Measured,
    Missing,
    Feverish,
}

impl Show {
    pub const ALL: [Show; 4] = [Show::Due, Show::Measured, Show::Missing, Show::Feverish];

    pub fn key(self) -> &'static str {
        match self {
            Show::Due => "due",
            Show::Measured => "measured",
            Show::Missing => "missing",
            Show::Feverish => "feverish",
        }
    }

    pub fn of_key(key: &str) -> Option<Show> {
        Show::ALL.into_iter().find(|show| show.key() == key)
    }

    /// The message that names it.
    pub fn message(self) -> &'static str {
        match self {
            Show::Due => "key-due",
            Show::Measured => "key-measured",
            Show::Missing => "key-missing",
            Show::Feverish => "key-feverish",
        }
    }
}

/// Key persons of a division that are asked for.
#[derive(Clone, Copy, Debug)]
pub struct Asking<'a> {
    pub scope: &'a Scope,
    pub division: Division,
    pub day: Day,
    /// What happened on the day at this moment or later is left out: what a report counts.
    pub before: Option<Moment>,
    pub playbook: &'a Playbook,
}

/// A key person's day.
#[derive(Clone, Debug)]
pub struct KeyPerson {
    pub row: KeyRow,
    /// The highest temperature of the day, in tenths of a degree; none: not measured.
    pub tenths: Option<i32>,
    pub feverish: bool,
}

impl KeyPerson {
    pub fn is(&self, show: Show) -> bool {
        match show {
            Show::Due => true,
            Show::Measured => self.tenths.is_some(),
            Show::Missing => self.tenths.is_none(),
            Show::Feverish => self.feverish,
        }
    }
}

impl Asking<'_> {
    /// The key persons of the day.
    pub async fn of_day(&self, tx: &mut Snapshot) -> db::Result<Vec<KeyPerson>> {
        let rows = store::listed(tx, self.scope, self.division, self.day).await?;
        self.measured(tx, rows).await
    }

    /// Those who had fever on the day or any before, once for each day.
    pub async fn feverish_so_far(&self, tx: &mut Snapshot) -> db::Result<Vec<KeyPerson>> {
        let rows = store::of_feverish_days(tx, self.scope, self.division, self.day).await?;
        let mut people = self.measured(tx, rows).await?;
        people.retain(|person| person.feverish);
        Ok(people)
    }

    /// Reads what the checks of each household's day told of its key persons.
    async fn measured(&self, tx: &mut Snapshot, rows: Vec<KeyRow>) -> db::Result<Vec<KeyPerson>> {
        let last: BTreeSet<(i64, Uuid)> = rows.iter().filter_map(|row| Some((row.town, row.last?))).collect();
        let last: Vec<_> = last.into_iter().collect();
        let mut facts: BTreeMap<(i64, i32), Vec<Fact>> = BTreeMap::new();
        for check in chains(tx, &last).await? {
            facts.entry((check.household, check.day)).or_default().push(check.fact());
        }
        if let Some(before) = self.before {
            for (_, facts) in facts.iter_mut().filter(|((_, day), _)| *day == self.day.number()) {
                *facts = standing::before(facts, before);
            }
        }
        let told: BTreeMap<_, _> = facts
            .iter()
            .map(|(key, facts)| (*key, standing::temperatures(facts, bounds(self.playbook, key.1))))
            .collect();
        let person = |row: KeyRow| {
            let tenths =
                told.get(&(row.household, row.day)).and_then(|told| told.get(&row.resident)).copied();
            let fever = bounds(self.playbook, row.day).fever;
            KeyPerson { feverish: tenths.is_some_and(|tenths| tenths >= fever), row, tenths }
        };
        Ok(rows.into_iter().map(person).collect())
    }
}

/// The bounds by which a stored day is judged.
fn bounds(playbook: &Playbook, day: i32) -> Temperatures {
    Day::from_number(day).map_or(playbook, |day| playbook.on(day)).temperature
}
