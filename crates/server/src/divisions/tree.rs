//! A town's divisions as a tree, with the households of each.

use std::collections::BTreeMap;

use base::Level;

use super::store::Row;
use crate::web::short_name;

/// A division with what is below it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Branch {
    pub code: String,
    pub name: String,
    /// The number within the village, of a team area.
    pub number: i64,
    pub households: i64,
    /// A change that has not begun, in words.
    pub coming: Option<String>,
    pub below: Vec<Branch>,
}

/// Villages with their team areas: rows by code; households and coming changes by division.
pub(super) fn villages(
    rows: &[Row],
    households: &BTreeMap<i64, i64>,
    coming: &BTreeMap<i64, String>,
) -> Vec<Branch> {
    let mut villages: Vec<Branch> = Vec::new();
    for row in rows {
        let branch = branch(row, households, coming);
        match row.division().level() {
            Level::Village => villages.push(branch),
            Level::Group => {
                if let Some(village) = villages.last_mut() {
                    village.households += branch.households;
                    village.below.push(branch);
                }
            }
            _ => (),
        }
    }
    villages
}

/// A division alone, with the households that stand in it itself.
fn branch(row: &Row, households: &BTreeMap<i64, i64>, coming: &BTreeMap<i64, String>) -> Branch {
    Branch {
        code: row.division().code(),
        name: short_name(&row.name),
        number: row.code % 1_000,
        households: households.get(&row.code).copied().unwrap_or(0),
        coming: coming.get(&row.code).cloned(),
        below: Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(code: i64, name: &str, from_day: i32) -> Row {
        Row { code, name: name.to_owned(), from_day, until_day: super::super::OPEN, successor: None }
    }

    #[test]
    fn a_village_counts_its_team_areas_and_what_stands_outside_them() {
        let rows = [
            row(141_023_105_000_000, "襄陵镇", 19_000_101),
            row(141_023_105_200_000, "井头村民委员会", 19_000_101),
            row(141_023_105_200_001, "一组", 20_200_101),
            row(141_023_105_201_000, "中兴村民委员会", 19_000_101),
        ];
        let households = BTreeMap::from([(141_023_105_200_000, 2), (141_023_105_200_001, 30)]);
        let coming = BTreeMap::from([(141_023_105_200_001, "2月4日起改叫南巷".to_owned())]);
        let villages = villages(&rows, &households, &coming);
        let told: Vec<_> = villages.iter().map(|v| (v.name.as_str(), v.households, v.below.len())).collect();
        assert_eq!(told, [("井头村", 32, 1), ("中兴村", 0, 0)]);
        assert_eq!(villages[0].below[0].coming.as_deref(), Some("2月4日起改叫南巷"));
        assert_eq!(villages[0].coming, None);
    }
}
