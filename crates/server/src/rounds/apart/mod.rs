//! Households that are vacant or wholly away: due on the playbook's interval and not every day, and
//! so shown apart from the day's expected ones. A look at one is entered as a check, which counts
//! in no denominator.

pub mod api;
pub mod pages;
mod store;

use base::{Day, Division, Level};
use db::Snapshot;

use store::{After, ApartRow, apart, count};

pub use store::{Wanted, Whose};

use super::view::day_path;
use crate::access::Scope;

/// The occupancy of households that are due every day.
pub const LIVED_IN: &str = "lived-in";

/// The day on which a household apart is due: at once where nobody has looked yet.
pub fn due_on(last: Option<Day>, since: Day, interval: i32) -> Day {
    last.map_or(since, |last| last.plus(interval))
}

impl ApartRow {
    pub fn last(&self) -> Option<Day> {
        self.last.and_then(Day::from_number)
    }

    /// The next day on which it is due.
    pub fn due_on(&self, interval: i32) -> Option<Day> {
        Some(due_on(self.last(), Day::from_number(self.from_day)?, interval))
    }

    pub fn is_due(&self) -> bool {
        self.later == 0
    }

    fn place(&self) -> After {
        let ApartRow { later, division, household, .. } = *self;
        After { later, division, household, house_order: self.house_order.clone() }
    }
}

/// How many households stand apart, how many of them are due, and where they are listed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    pub number: i64,
    pub due: i64,
    /// None for whom names are not meant.
    pub path: Option<String>,
}

impl Summary {
    /// Nothing where there are none.
    pub fn of((number, due): (i64, i64), path: Option<String>) -> Option<Summary> {
        (number > 0).then_some(Summary { number, due, path })
    }
}

/// One page of a list, and where the next begins.
pub async fn page(
    tx: &mut Snapshot,
    wanted: &Wanted<'_>,
    after: Option<&After>,
    limit: i64,
) -> db::Result<(Vec<ApartRow>, Option<After>)> {
    let mut rows = apart(tx, wanted, after, limit + 1).await?;
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let more = rows.len() > limit;
    rows.truncate(limit);
    let next = rows.last().filter(|_| more).map(ApartRow::place);
    Ok((rows, next))
}

/// What the stewards of a scope look for: each his own, a few dozen at most.
fn of_stewards(scope: &Scope, day: Day, interval: i32) -> impl Iterator<Item = Wanted<'_>> {
    let whose = scope.stewards().iter().map(|(town, steward)| Whose::Steward(*town, *steward));
    whose.map(move |whose| Wanted { scope, whose, day, interval })
}

/// All of those, the due ones of all first.
async fn mine(tx: &mut Snapshot, scope: &Scope, day: Day, interval: i32) -> db::Result<Vec<ApartRow>> {
    let mut rows = Vec::new();
    for wanted in of_stewards(scope, day, interval) {
        rows.extend(apart(tx, &wanted, None, i64::MAX).await?);
    }
    rows.sort_by_key(|row| row.later);
    Ok(rows)
}

/// How many those are.
pub async fn count_mine(tx: &mut Snapshot, scope: &Scope, day: Day, interval: i32) -> db::Result<(i64, i64)> {
    let mut sum = (0, 0);
    for wanted in of_stewards(scope, day, interval) {
        let (number, due) = count(tx, &wanted).await?;
        sum = (sum.0 + number, sum.1 + due);
    }
    Ok(sum)
}

/// Whether a division has a list of its own: a village or a street; a town's would be too long to
/// walk.
pub fn has_list(division: Division) -> bool {
    matches!(division.level(), Level::Village | Level::Group)
}

/// The address of a division's list.
pub fn apart_path(division: Division, day: Day) -> String {
    format!("{}/apart", day_path(division, day))
}

/// Reads a place as [`Display`](std::fmt::Display) writes it. The order of houses, which may hold
/// any sign, comes last.
impl std::str::FromStr for After {
    type Err = ();

    fn from_str(text: &str) -> Result<After, ()> {
        let mut parts = text.splitn(4, '~');
        let mut next = || parts.next().ok_or(());
        let (later, division) = (next()?.parse().map_err(|_| ())?, next()?.parse().map_err(|_| ())?);
        let household = next()?.parse().map_err(|_| ())?;
        Ok(After { later, division, household, house_order: next()?.to_owned() })
    }
}

impl std::fmt::Display for After {
    fn fmt(&self, to: &mut std::fmt::Formatter) -> std::fmt::Result {
        write!(to, "{}~{}~{}~{}", self.later, self.division, self.household, self.house_order)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_house_nobody_has_looked_at_is_due_at_once_and_then_after_the_interval() {
        let day = |d| Day::new(2020, 2, d).unwrap();
        assert_eq!(due_on(None, day(1), 3), day(1));
        assert_eq!(due_on(Some(day(1)), day(1), 3), day(4));
    }

    #[test]
    fn a_place_in_the_list_is_read_as_it_is_written() {
        let house_order = "00012~旁门".to_owned();
        let after = After { later: 1, division: 141_023_105_200_001, house_order, household: 7 };
        assert_eq!(after.to_string().parse(), Ok(after));
        for wrong in ["", "0~1~2", "a~1~2~3"] {
            assert_eq!(wrong.parse::<After>(), Err(()), "{wrong}");
        }
    }
}
