//! Households that are vacant or wholly away: due on the playbook's interval and not every day, and
//! so shown apart from the day's expected ones. A look at one is entered as a check, which counts
//! in no denominator.

pub mod pages;
mod store;

use base::{Day, Division, Level};
use db::Snapshot;

pub use store::{ApartRow, Whose, apart};

use super::view::list_path;
use crate::access::Scope;
use crate::web::Error;

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

    pub fn is_due(&self, day: Day, interval: i32) -> bool {
        self.due_on(interval).is_none_or(|due| due <= day)
    }
}

/// How many households stand apart, how many of them are due, and where they are listed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Summary {
    pub number: usize,
    pub due: usize,
    /// None for whom names are not meant.
    pub path: Option<String>,
}

impl Summary {
    /// Nothing where there are none.
    pub fn of(rows: &[ApartRow], day: Day, interval: i32, path: Option<String>) -> Option<Summary> {
        let due = rows.iter().filter(|row| row.is_due(day, interval)).count();
        (!rows.is_empty()).then_some(Summary { number: rows.len(), due, path })
    }
}

/// Those of the stewards of a scope.
pub async fn of_stewards(tx: &mut Snapshot, scope: &Scope, day: Day) -> Result<Vec<ApartRow>, Error> {
    let mut rows = Vec::new();
    for (town, steward) in scope.stewards() {
        rows.extend(apart(tx, scope, Whose::Steward(*town, *steward), day).await?);
    }
    Ok(rows)
}

/// Whether a division has a list of its own: a village or a street; a town's would be too long to
/// walk.
pub fn has_list(division: Division) -> bool {
    matches!(division.level(), Level::Village | Level::Group)
}

/// The address of a division's list.
pub fn apart_path(division: Division, day: Day) -> String {
    format!("{}/apart", list_path(division, day, None))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_house_nobody_has_looked_at_is_due_at_once_and_then_after_the_interval() {
        let day = |d| Day::new(2020, 2, d).unwrap();
        assert_eq!(due_on(None, day(1), 3), day(1));
        assert_eq!(due_on(Some(day(1)), day(1), 3), day(4));
        let row = |last: Option<i32>| ApartRow {
            town: 141_023_105,
            household: 1,
            division: 141_023_105_200_001,
            house_number: String::new(),
            head: String::new(),
            occupancy: "vacant".into(),
            from_day: 20_200_201,
            last,
            contact: None,
        };
        let due: Vec<bool> = (2..=5).map(|d| row(Some(20_200_201)).is_due(day(d), 3)).collect();
        assert_eq!(due, [false, false, true, true]);
        let rows = [row(None), row(Some(20_200_202)), row(Some(20_200_203))];
        let summary = Summary::of(&rows, day(5), 3, None);
        assert_eq!(summary, Some(Summary { number: 3, due: 2, path: None }));
        assert_eq!(Summary::of(&[], day(5), 3, None), None);
    }
}
