//! Idle exit: a browser that nobody has used for a while asks for a PIN before it goes on.

use base::{Division, Moment, Role};

/// Minutes without a request after which a browser locks. A desk stands open in an office; a phone
/// is in its owner's pocket, and gloves make a PIN costly.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Idle {
    pub desk: i64,
    pub field: i64,
}

impl Default for Idle {
    fn default() -> Idle {
        Idle { desk: 30, field: 12 * 60 }
    }
}

impl Idle {
    /// Nobody locks: the people of a demonstration have neither PIN nor password.
    pub const NEVER: Idle = Idle { desk: i64::MAX, field: i64::MAX };

    /// Whether a session last used at `seen` has to be unlocked. The strictest role decides; who sees
    /// figures only may leave them on the wall.
    pub fn is_over(self, appointments: &[(Role, Division)], seen: Moment, now: Moment) -> bool {
        let minutes = |role: &Role| match role {
            Role::SuperiorObserver => i64::MAX,
            role if works_outdoors(*role) => self.field,
            _ => self.desk,
        };
        let limit = appointments.iter().map(|(role, _)| minutes(role)).min().unwrap_or(self.desk);
        now.seconds_since(seen) / 60 >= limit
    }
}

/// Whether a role is carried out on a phone.
fn works_outdoors(role: Role) -> bool {
    use Role::*;
    matches!(role, HouseholdContact | StreetLead | TownCadre | GateGuard | Inspector | PlaceOwner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_strictest_role_decides() {
        let town = Division::from_code("141023105").unwrap();
        let over = |roles: &[Role], minutes| {
            let held: Vec<_> = roles.iter().map(|role| (*role, town)).collect();
            Idle::default().is_over(&held, Moment(0), Moment(0).plus_minutes(minutes))
        };
        assert!(!over(&[Role::HouseholdContact], 719));
        assert!(over(&[Role::HouseholdContact], 720));
        assert!(over(&[Role::HouseholdContact, Role::Headquarters], 30));
        assert!(!over(&[Role::SuperiorObserver], 100_000));
        assert!(over(&[], 30));
    }
}
