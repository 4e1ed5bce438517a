//! What has nobody: figures that are to come down to zero.

use std::collections::BTreeSet;

use base::Division;
use serde::Serialize;
use utoipa::ToSchema;

use super::Tier;
use crate::divisions::Names;

/// A division, with all below it: how many nodes there are, and how many have no steward.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct Cover {
    pub villages: i64,
    pub villages_open: i64,
    pub groups: i64,
    pub groups_open: i64,
    pub households: i64,
    pub households_open: i64,
}

/// A line of the coverage table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    pub division: Division,
    pub name: String,
    pub cover: Cover,
}

impl Cover {
    /// The figures of a division from its parts: `divisions` that exist, those that are `held`, and
    /// (team area, households, with contact).
    pub fn of(
        root: Division,
        divisions: &Names,
        held: &BTreeSet<Division>,
        households: &[(Division, i64, i64)],
    ) -> Cover {
        let mut cover = Cover::default();
        for division in divisions.keys().filter(|division| root.contains(**division)) {
            let open = i64::from(!held.contains(division));
            match Tier::of(*division) {
                Some(Tier::Village) => {
                    cover.villages += 1;
                    cover.villages_open += open;
                }
                Some(Tier::Group) => {
                    cover.groups += 1;
                    cover.groups_open += open;
                }
                _ => {}
            }
        }
        for (_, count, with) in households.iter().filter(|(division, ..)| root.contains(*division)) {
            cover.households += count;
            cover.households_open += count - with;
        }
        cover
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_of_a_village_count_its_own_streets_only() {
        let division = |code| Division::from_code(code).unwrap();
        let (town, village) = (division("141023105"), division("141023105203"));
        let groups = [division("141023105203001"), division("141023105203002"), division("141023105204001")];
        let all = [town, village, groups[0], groups[1], division("141023105204"), groups[2]];
        let named: Names = all.iter().map(|d| (*d, String::new())).collect();
        let held = BTreeSet::from([town, village, groups[1]]);
        let households = [(groups[0], 20, 18), (groups[1], 30, 30), (groups[2], 10, 0)];
        let cover = Cover::of(village, &named, &held, &households);
        assert_eq!((cover.villages, cover.villages_open), (1, 0));
        assert_eq!((cover.groups, cover.groups_open), (2, 1));
        assert_eq!((cover.households, cover.households_open), (50, 2));
        let whole = Cover::of(town, &named, &held, &households);
        assert_eq!((whole.villages_open, whole.groups_open, whole.households_open), (1, 2, 12));
    }
}
