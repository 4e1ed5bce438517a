//! The rows behind the figures of key persons: who was to be measured on a day, who was, and who
//! had fever; and all who had fever since the operation began.

mod count;
pub mod pages;
mod store;

use base::Division;
use db::Snapshot;

use super::as_of::AsOf;
use crate::access::Scope;
use count::{Key, Told};
use store::KeyRow;

pub use count::Measured;

/// Which key persons are listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Show {
    /// All who are to be measured.
    Due,
    Measured,
    Missing,
    /// Also of those whose household left the register later on the day.
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
    pub as_of: AsOf<'a>,
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
    fn new(row: KeyRow, told: &Told) -> KeyPerson {
        let (tenths, feverish) = told.of(&row.key());
        KeyPerson { row, tenths, feverish }
    }

    pub fn is(&self, show: Show) -> bool {
        match show {
            Show::Due => self.row.due,
            Show::Measured => self.row.due && self.tenths.is_some(),
            Show::Missing => self.row.due && self.tenths.is_none(),
            Show::Feverish => self.feverish,
        }
    }
}

impl Asking<'_> {
    /// The key persons of the day.
    pub async fn of_day(&self, tx: &mut Snapshot) -> db::Result<Vec<KeyPerson>> {
        let rows = store::listed(tx, self.scope, self.division, self.as_of.day).await?;
        self.measured(tx, rows).await
    }

    /// Those who had fever on the day or any before, once for each day.
    pub async fn feverish_so_far(&self, tx: &mut Snapshot) -> db::Result<Vec<KeyPerson>> {
        let rows = store::of_feverish_days(tx, self.scope, self.division, self.as_of.day).await?;
        let mut people = self.measured(tx, rows).await?;
        people.retain(|person| person.feverish);
        Ok(people)
    }

    async fn measured(&self, tx: &mut Snapshot, rows: Vec<KeyRow>) -> db::Result<Vec<KeyPerson>> {
        let told = self.as_of.told(tx, rows.iter().map(KeyRow::key)).await?;
        Ok(rows.into_iter().map(|row| KeyPerson::new(row, &told)).collect())
    }
}

impl KeyRow {
    fn key(&self) -> Key {
        let KeyRow { town, day, household, resident, last, .. } = *self;
        Key { town, day, household, resident, last }
    }
}
