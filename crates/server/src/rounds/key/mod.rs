//! The rows behind the figures of key persons: who was to be measured on a day, who was, and who
//! had fever; and all who had fever since the operation began.

pub mod api;
mod count;
pub mod pages;
mod store;

use base::{Day, Division, Level, Moment};
use db::Snapshot;

use super::as_of::AsOf;
use super::model::indicators::KEY_FEVERISH;
use super::store::opened_days;
use crate::access::Scope;
use crate::site::Site;
use crate::tally;
use crate::web::{Error, Visit};
use count::{Key, Told};
use store::{After, KeyRow};

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

/// Which list is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum List {
    /// Key persons of the day.
    OfDay(Show),
    /// Those who had fever on the day or any before, once for each day, the latest first.
    FeverishSoFar,
}

impl List {
    /// The list by its words in a query; nothing where there is none such.
    pub fn asked(show: Option<&str>, total: bool) -> Option<List> {
        match show {
            _ if total => Some(List::FeverishSoFar),
            None => Some(List::OfDay(Show::Due)),
            Some(key) => Show::of_key(key).map(List::OfDay),
        }
    }

    pub fn show(self) -> Show {
        match self {
            List::OfDay(show) => show,
            List::FeverishSoFar => Show::Feverish,
        }
    }
}

/// Key persons of a division that are asked for.
#[derive(Clone, Copy, Debug)]
pub struct Asking<'a> {
    pub scope: &'a Scope,
    pub division: Division,
    pub as_of: AsOf<'a>,
    pub list: List,
}

/// Rows that are read at once, of which some may not belong to the list: what somebody was measured
/// stands in the answers of the checks, which no index knows.
const CHUNK: i64 = 256;

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

impl<'a> Asking<'a> {
    /// What a visitor asks for of a division's day.
    ///
    /// # Errors
    /// 'Not found' for what is not within his scope, for more than a town, and for days to come.
    pub fn open(
        visit: &Visit,
        site: &'a Site,
        scope: &'a Scope,
        (division, day): (i64, Day),
        before: Option<Moment>,
        list: List,
    ) -> Result<Asking<'a>, Error> {
        let division = Division::from_number(division).filter(|division| scope.covers(*division));
        let division = division.filter(|_| day <= visit.today).ok_or(Error::NotFound)?;
        let town = division.at(Level::Town).ok_or(Error::NotFound)?;
        let as_of = AsOf { town, day, before, playbook: &site.playbook };
        Ok(Asking { scope, division, as_of, list })
    }

    /// One page of the list, and where the next begins.
    pub async fn page(
        &self,
        tx: &mut Snapshot,
        mut after: Option<After>,
        limit: usize,
    ) -> db::Result<(Vec<KeyPerson>, Option<After>)> {
        let mut people: Vec<KeyPerson> = Vec::new();
        loop {
            let rows = self.rows(tx, after.as_ref()).await?;
            let full = i64::try_from(rows.len()).is_ok_and(|read| read == CHUNK);
            after = rows.last().map(KeyRow::place);
            let told = self.as_of.told(tx, rows.iter().map(KeyRow::key)).await?;
            let read = rows.into_iter().map(|row| KeyPerson::new(row, &told));
            people.extend(read.filter(|person| person.is(self.list.show())));
            if people.len() > limit || !full {
                break;
            }
        }
        let more = people.len() > limit;
        people.truncate(limit);
        let next = people.last().filter(|_| more).map(|person| person.row.place());
        Ok((people, next))
    }

    async fn rows(&self, tx: &mut Snapshot, after: Option<&After>) -> db::Result<Vec<KeyRow>> {
        let Asking { scope, division, as_of: AsOf { day, .. }, list } = *self;
        match list {
            List::OfDay(_) => store::listed(tx, scope, division, day, after, CHUNK).await,
            List::FeverishSoFar => store::of_feverish_days(tx, scope, division, day, after, CHUNK).await,
        }
    }

    /// How many there are in each list of the day.
    pub async fn counted(&self, tx: &mut Snapshot) -> db::Result<Measured> {
        Ok(self.as_of.key_persons(tx, self.division).await?.into_values().sum())
    }

    /// How many had fever on the day or any before, once for each day. Of the days before it is what
    /// the tallies say: they know of days too whose checks were destroyed.
    pub async fn fevers_so_far(&self, tx: &mut Snapshot) -> db::Result<i64> {
        let (division, last) = (self.division, self.as_of.day.previous());
        let first = opened_days(tx, division.town()).await?.first().copied().unwrap_or(last);
        let before = tally::figures_between(tx, division, first, last).await?.get(division, KEY_FEVERISH);
        Ok(before + self.counted(tx).await?.feverish)
    }
}

impl Measured {
    pub fn of(self, show: Show) -> i64 {
        match show {
            Show::Due => self.due,
            Show::Measured => self.measured,
            Show::Missing => self.missing(),
            Show::Feverish => self.feverish,
        }
    }
}

/// Reads a place as [`Display`](std::fmt::Display) writes it. The order of houses, which may hold
/// any sign, comes last.
impl std::str::FromStr for After {
    type Err = ();

    fn from_str(text: &str) -> Result<After, ()> {
        let mut parts = text.splitn(5, '~');
        let mut next = || parts.next().ok_or(());
        fn number<T: std::str::FromStr>(part: &str) -> Result<T, ()> {
            part.parse().map_err(|_| ())
        }
        let (day, division, household, resident) =
            (number(next()?)?, number(next()?)?, number(next()?)?, number(next()?)?);
        Ok(After { day, division, household, resident, house_order: next()?.to_owned() })
    }
}

impl std::fmt::Display for After {
    fn fmt(&self, to: &mut std::fmt::Formatter) -> std::fmt::Result {
        let After { day, division, house_order, household, resident } = self;
        write!(to, "{day}~{division}~{household}~{resident}~{house_order}")
    }
}

impl KeyRow {
    fn key(&self) -> Key {
        let KeyRow { town, day, household, resident, last, .. } = *self;
        Key { town, day, household, resident, last }
    }
    fn place(&self) -> After {
        let KeyRow { day, division, household, resident, .. } = *self;
        After { day, division, household, resident, house_order: self.house_order.clone() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_in_the_list_is_read_as_it_is_written() {
        let house_order = "00012~旁门".to_owned();
        let after =
            After { day: 20_200_203, division: 141_023_105_200_001, house_order, household: 7, resident: 14 };
        assert_eq!(after.to_string().parse(), Ok(after));
        for wrong in ["", "20200203~1~2", "a~1~2~3~4"] {
            assert_eq!(wrong.parse::<After>(), Err(()), "{wrong}");
        }
    }
}
