//! What a person may see, as ranges of divisions and stewards whose households count too.

use base::{Day, Division, Range};
use sqlx::{Database, Encode, QueryBuilder, Type};

use super::holds;

/// The rows an action reaches for one person. Only [`Person::may`](super::Person::may) makes one
/// for a request, and no scoped row is read without it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scope {
    ranges: Vec<Range>,
    /// Stewards (town, number) whose households are reached: the person, and whom he stands in for.
    stewards: Vec<(i64, i64)>,
    /// The day as of which stewardships count: a hand-over may lie ahead.
    today: Day,
}

impl Scope {
    pub(super) fn new(mut ranges: Vec<Range>, stewards: Vec<(i64, i64)>, today: Day) -> Scope {
        ranges.sort_unstable();
        ranges.dedup();
        let whole = |outer: &Range, inner: &Range| {
            outer != inner && outer.low <= inner.low && inner.high <= outer.high
        };
        let all = ranges.clone();
        ranges.retain(|range| !all.iter().any(|outer| whole(outer, range)));
        Scope { ranges, stewards, today }
    }

    /// The scope of who runs a command beside the data folder, and so holds all of it anyway.
    pub fn of_command(division: Division, today: Day) -> Scope {
        Scope::new(vec![division.range()], Vec::new(), today)
    }

    /// The stewards (town, number) whose own households are reached: the person, then those he stands
    /// in for.
    pub fn stewards(&self) -> &[(i64, i64)] {
        &self.stewards
    }

    /// The day as of which stewardships count.
    pub fn today(&self) -> Day {
        self.today
    }

    /// Whether everything in a division is reached.
    pub fn covers(&self, division: Division) -> bool {
        let part = division.range();
        self.ranges.iter().any(|range| range.low <= part.low && part.high <= range.high)
    }

    /// Whether anything in a division, or the whole of it, is reached.
    pub fn touches(&self, division: Division) -> bool {
        let part = division.range();
        self.ranges.iter().any(|range| range.low <= part.high && part.low <= range.high)
    }

    /// Whether a household in `division`, whose contact is `steward`, is reached.
    pub fn reaches(&self, division: Division, steward: Option<i64>) -> bool {
        let own = |steward| self.stewards.contains(&(division.town(), steward));
        self.covers(division) || steward.is_some_and(own)
    }

    /// The first and last town that is reached, to search by a key that is led by the town.
    pub fn towns(&self) -> Option<(i64, i64)> {
        let ranges = self.ranges.iter().flat_map(|range| [range.low / 1_000_000, range.high / 1_000_000]);
        let towns: Vec<i64> = ranges.chain(self.stewards.iter().map(|(town, _)| *town)).collect();
        Some((*towns.iter().min()?, *towns.iter().max()?))
    }

    /// The divisions a person may choose among: the roots of the scope.
    pub fn roots(&self) -> Vec<Division> {
        self.ranges.iter().filter_map(|range| Division::from_number(range.low)).collect()
    }

    /// Adds the condition that a column of divisions is in scope, in parentheses. What is reached as
    /// somebody's own household is left out: rows of divisions belong to nobody.
    pub fn restrict_division<DB>(&self, sql: &mut QueryBuilder<DB>, column: &str)
    where
        DB: Database,
        i64: for<'q> Encode<'q, DB> + Type<DB>,
    {
        sql.push("(FALSE");
        for range in &self.ranges {
            sql.push(format_args!(" OR {column} BETWEEN ")).push_bind(range.low);
            sql.push(" AND ").push_bind(range.high);
        }
        sql.push(")");
    }

    /// Adds the condition that the row `alias` (with columns `town`, `division`, `household`) is in
    /// scope, in parentheses.
    pub fn restrict<DB>(&self, sql: &mut QueryBuilder<DB>, alias: &str)
    where
        DB: Database,
        i64: for<'q> Encode<'q, DB> + Type<DB>,
        i32: for<'q> Encode<'q, DB> + Type<DB>,
    {
        sql.push("(FALSE");
        for range in &self.ranges {
            let towns = (range.low / 1_000_000, range.high / 1_000_000);
            sql.push(format_args!(" OR ({alias}.town BETWEEN ")).push_bind(towns.0);
            sql.push(" AND ").push_bind(towns.1);
            sql.push(format_args!(" AND {alias}.division BETWEEN ")).push_bind(range.low);
            sql.push(" AND ").push_bind(range.high).push(")");
        }
        for (town, steward) in &self.stewards {
            sql.push(format_args!(" OR ({alias}.town = ")).push_bind(*town);
            sql.push(format_args!(
                " AND {alias}.household IN (SELECT own.node FROM stewardship own WHERE own.town = "
            ));
            sql.push_bind(*town).push(" AND own.steward = ").push_bind(*steward);
            sql.push(" AND own.level = 'household' AND ");
            holds(sql, "own", self.today);
            sql.push("))");
        }
        sql.push(")");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn division(code: &str) -> Division {
        Division::from_code(code).unwrap()
    }

    fn day() -> Day {
        Day::new(2020, 2, 3).unwrap()
    }

    #[test]
    fn a_village_inside_a_town_in_scope_adds_nothing() {
        let (town, village) = (division("141023105"), division("141023105203"));
        let scope = Scope::new(vec![village.range(), town.range(), town.range()], vec![], day());
        assert_eq!(scope.roots(), [town]);
        assert!(scope.covers(village));
        assert!(!scope.covers(division("141023106")));
    }

    #[test]
    fn a_village_in_scope_touches_its_town_and_no_other() {
        let scope = Scope::new(vec![division("141023105203").range()], vec![], day());
        assert!(scope.touches(division("141023105")) && scope.touches(division("141023105203001")));
        assert!(!scope.touches(division("141023106")) && !scope.covers(division("141023105")));
    }

    #[test]
    fn a_contact_reaches_his_own_households_only() {
        let group = division("141023105203001");
        let scope = Scope::new(vec![], vec![(141_023_105, 7)], day());
        assert!(scope.reaches(group, Some(7)));
        assert!(!scope.reaches(group, Some(8)));
        assert!(!scope.reaches(group, None));
        assert!(!scope.reaches(division("141023106203001"), Some(7)));
    }
}
