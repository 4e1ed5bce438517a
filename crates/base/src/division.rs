//! Divisions: the code *is* the path, so ancestors and subtrees are arithmetic on ranges.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A division as a number of 15 digits: the statistical code padded with zeros to 12, then three
/// digits for the team area below a village (000: the village itself). Two digits of province, two
/// of prefecture, two of county, three of town, three of village, three of team area. Some
/// prefectures (东莞, 中山, 儋州) have no counties: their towns carry 00 there and stand right below.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Division(i64);

/// How deep a division stands. The order is from the country down.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    Country,
    Province,
    Prefecture,
    County,
    Town,
    Village,
    /// A street or team (街, 队, 组) below a village.
    Group,
}

impl Level {
    const ALL: [Level; 7] = [
        Level::Country,
        Level::Province,
        Level::Prefecture,
        Level::County,
        Level::Town,
        Level::Village,
        Level::Group,
    ];

    /// How many numbers a node of this level has for itself and what is below it; its own number
    /// divides by it.
    pub const fn span(self) -> i64 {
        match self {
            Level::Country => 1_000_000_000_000_000,
            Level::Province => 10_000_000_000_000,
            Level::Prefecture => 100_000_000_000,
            Level::County => 1_000_000_000,
            Level::Town => 1_000_000,
            Level::Village => 1_000,
            Level::Group => 1,
        }
    }

    /// The level below, or nothing below a group.
    pub fn below(self) -> Option<Level> {
        Level::ALL.get(self as usize + 1).copied()
    }
}

/// The divisions from `low` to `high`, both included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Range {
    pub low: i64,
    pub high: i64,
}

impl Range {
    pub fn contains(self, division: Division) -> bool {
        (self.low..=self.high).contains(&division.0)
    }
}

impl Division {
    /// The whole country: the root of the tree.
    pub const COUNTRY: Division = Division(0);

    /// The division of a stored number; nothing for a number that is no path (a village without a
    /// town, say; only the county may be missing), or that has more than 15 digits.
    pub fn from_number(number: i64) -> Option<Division> {
        let division = Division(number);
        let whole = (0..Level::Country.span()).contains(&number);
        let path = Level::ALL.into_iter().filter(|level| *level <= division.level()).all(|level| {
            let own = number / level.span() % (level.parent_span() / level.span());
            matches!(level, Level::Country | Level::County) || own != 0
        });
        (whole && path).then_some(division)
    }

    /// Reads a statistical code of 2, 4, 6, 9, 12 or (with a team area) 15 digits, or one padded
    /// with zeros to 12 or 15. Nothing where it is none of these.
    pub fn from_code(code: &str) -> Option<Division> {
        let digits = code.len();
        let number: i64 = code.bytes().all(|b| b.is_ascii_digit()).then(|| code.parse().ok())??;
        let padded = match digits {
            2 | 4 | 6 | 9 | 12 | 15 => number * 10_i64.pow(u32::try_from(15 - digits).ok()?),
            _ => return None,
        };
        let division = Division::from_number(padded)?;
        (padded != 0).then_some(division)
    }

    /// The number as it is stored.
    pub fn number(self) -> i64 {
        self.0
    }

    /// The statistical code without padding: 14, 141023105, 141023105203; 15 digits for a group.
    pub fn code(self) -> String {
        let level = self.level();
        let digits = 15 - level.span().ilog10() as usize;
        if level == Level::Country { String::new() } else { format!("{:0digits$}", self.0 / level.span()) }
    }

    pub fn level(self) -> Level {
        Level::ALL.into_iter().find(|level| self.0 % level.span() == 0).unwrap_or(Level::Group)
    }

    /// The division above, or nothing above the country.
    pub fn parent(self) -> Option<Division> {
        let level = self.level();
        (level != Level::Country).then(|| Division(self.0 - self.0 % level.parent_span()))
    }

    /// From the province down to this division itself.
    pub fn path(self) -> Vec<Division> {
        let mut path: Vec<_> = std::iter::successors(Some(self), |d| d.parent()).collect();
        path.pop();
        path.reverse();
        path
    }

    /// The ancestor of `level` (or itself), or nothing where this division stands above it. In a
    /// prefecture without counties, the prefecture stands for its county.
    pub fn at(self, level: Level) -> Option<Division> {
        (self.level() >= level).then(|| Division(self.0 - self.0 % level.span()))
    }

    /// The nine-digit code of the town this division belongs to: first column of every key. Above
    /// the town it is the padded prefix, which no town's rows carry.
    pub fn town(self) -> i64 {
        self.0 / Level::Town.span()
    }

    /// The town of a nine-digit code as it leads the keys.
    pub fn of_town(town: i64) -> Option<Division> {
        Division::from_number(town.checked_mul(Level::Town.span())?)
    }

    /// This division and all below it.
    pub fn range(self) -> Range {
        Range { low: self.0, high: self.0 + self.level().span() - 1 }
    }

    pub fn contains(self, other: Division) -> bool {
        self.range().contains(other)
    }

    /// The `n`th division right below (1 to 999 below towns and villages), if there may be one.
    pub fn child(self, n: i64) -> Option<Division> {
        let below = self.level().below()?;
        let child = self.0 + n * below.span();
        (n > 0 && child <= self.range().high).then_some(Division(child))
    }
}

impl Level {
    fn parent_span(self) -> i64 {
        match self {
            Level::Country => Level::Country.span(),
            below => Level::ALL[below as usize - 1].span(),
        }
    }
}

impl fmt::Display for Division {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.code())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn division(code: &str) -> Division {
        Division::from_code(code).unwrap()
    }

    #[test]
    fn the_digits_are_the_path() {
        let group = division("141023105203002");
        assert_eq!(group.level(), Level::Group);
        assert_eq!(group.town(), 141_023_105);
        let codes: Vec<_> = group.path().into_iter().map(Division::code).collect();
        assert_eq!(codes, ["14", "1410", "141023", "141023105", "141023105203", "141023105203002"]);
        assert_eq!(division("14").number(), 140_000_000_000_000);
        assert_eq!(group.at(Level::Village), Some(division("141023105203")));
        assert_eq!(division("14").at(Level::Village), None);
        assert_eq!(division("04").code(), "04");
    }

    #[test]
    fn a_subtree_is_a_range() {
        let town = division("141023105");
        assert!(town.contains(division("141023105228")));
        assert!(town.contains(town));
        assert!(!town.contains(division("141023106200")));
        assert!(Division::COUNTRY.contains(town));
        assert_eq!(town.child(203), Some(division("141023105203")));
        assert_eq!(town.child(1000), None);
    }

    #[test]
    fn a_town_may_stand_right_below_its_prefecture() {
        let village = division("441900101200");
        let codes: Vec<_> = village.path().into_iter().map(Division::code).collect();
        assert_eq!(codes, ["44", "4419", "441900101", "441900101200"]);
        assert_eq!(village.at(Level::County), Some(division("4419")));
        assert!(division("4419").contains(village));
    }

    #[test]
    fn what_is_no_path_is_no_division() {
        for bad in ["", "1", "141", "14102310520", "1410231052xx", "000000000000", "140000105"] {
            assert_eq!(Division::from_code(bad), None, "{bad}");
        }
        assert_eq!(Division::from_number(-1), None);
        assert_eq!(division("141023000000"), division("141023"));
    }
}
