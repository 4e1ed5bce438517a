//! In which capacity somebody acts: what the audit trail keeps of a person besides the account.

use std::sync::Arc;

use base::{Division, Role};

/// The roles somebody holds and where, in short; made once for a person, not for every request.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Capacity {
    /// `village-cadre@141023105200 household-contact@141023105/7`: each role with its division, a
    /// contact's with the stewards (town and number) whose own households he reaches.
    pub roles: Arc<str>,
    /// The smallest division that all of them lie in.
    pub division: Option<Division>,
}

impl Capacity {
    pub fn of(held: &[(Role, Division)], stewards: &[(i64, i64)]) -> Capacity {
        let mut roles = Vec::with_capacity(held.len() + stewards.len());
        for (role, division) in held {
            if *role == Role::HouseholdContact && !stewards.is_empty() {
                roles.extend(stewards.iter().map(|(town, steward)| format!("{role}@{town}/{steward}")));
            } else {
                roles.push(format!("{role}@{}", division.code()));
            }
        }
        roles.dedup();
        Capacity { roles: roles.join(" ").into(), division: around(held) }
    }
}

/// The smallest division that holds all of them.
fn around(held: &[(Role, Division)]) -> Option<Division> {
    let all = |wide: &Division| held.iter().all(|(_, division)| wide.contains(*division));
    std::iter::successors(Some(held.first()?.1), |division| division.parent()).find(all)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(code: &str) -> Division {
        Division::from_code(code).unwrap()
    }

    #[test]
    fn every_role_is_told_with_where_it_holds() {
        let held =
            [(Role::VillageCadre, at("141023105200")), (Role::HouseholdContact, at("141023105200001"))];
        let capacity = Capacity::of(&held, &[(141_023_105, 7)]);
        assert_eq!(&*capacity.roles, "village-cadre@141023105200 household-contact@141023105/7");
        assert_eq!(capacity.division, Some(at("141023105200")));
    }

    #[test]
    fn roles_in_two_villages_meet_in_the_town_and_none_nowhere() {
        let held = [(Role::TownCadre, at("141023105200")), (Role::TownCadre, at("141023105203"))];
        assert_eq!(Capacity::of(&held, &[]).division, Some(at("141023105")));
        assert_eq!(Capacity::of(&[], &[]), Capacity::default());
    }
}
