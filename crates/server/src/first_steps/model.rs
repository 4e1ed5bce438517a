//! Which steps there are, and how far each is. Pure.

use base::Role;

use crate::access::Action;

/// What a town has on a day.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    pub villages: i64,
    pub villages_with_groups: i64,
    pub villages_with_households: i64,
    pub households: i64,
    /// Households with a contact.
    pub households_with_contact: i64,
    /// People who answer for something.
    pub stewards: i64,
    pub stewards_with_account: i64,
    /// Households that were ever checked.
    pub households_checked: i64,
}

/// A step of the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Divisions,
    Households,
    /// Those that the lists of households name are made with them.
    Groups,
    Stewards,
    Accounts,
    Check,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    Todo,
    Partly,
    Done,
}

/// A step and how far it is: `done` of `of`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step {
    pub kind: Kind,
    pub done: i64,
    pub of: i64,
}

impl Step {
    pub fn state(&self) -> State {
        match (self.done, self.of) {
            (0, _) => State::Todo,
            // The first check of the first household is what the list leads to.
            _ if self.kind == Kind::Check => State::Done,
            (done, of) if done < of => State::Partly,
            _ => State::Done,
        }
    }

    /// Where the step is taken.
    pub fn path(&self) -> &'static str {
        match self.kind {
            Kind::Divisions | Kind::Groups => "/divisions",
            Kind::Households => "/households/import",
            Kind::Stewards => "/stewards",
            Kind::Accounts => "/accounts",
            Kind::Check => "/round",
        }
    }

    /// Who of the two that are led through the steps takes it.
    pub fn role(&self) -> Role {
        if self.kind == Kind::Accounts { Role::Administrator } else { Role::Headquarters }
    }

    /// Who may take it.
    pub fn action(&self) -> Action {
        match self.kind {
            Kind::Divisions | Kind::Groups => Action::ChangeGroups,
            Kind::Households => Action::ChangeHouseholds,
            Kind::Stewards => Action::AssignStewards,
            Kind::Accounts => Action::ManageAccounts,
            Kind::Check => Action::SeeFigures,
        }
    }
}

/// The steps in the order in which they are taken.
pub fn steps(counts: &Counts) -> [Step; 6] {
    let step = |kind, done, of| Step { kind, done, of };
    [
        step(Kind::Divisions, counts.villages, counts.villages),
        step(Kind::Households, counts.villages_with_households, counts.villages),
        step(Kind::Groups, counts.villages_with_groups, counts.villages),
        step(Kind::Stewards, counts.households_with_contact, counts.households),
        step(Kind::Accounts, counts.stewards_with_account, counts.stewards),
        step(Kind::Check, counts.households_checked, counts.households),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_is_done_when_nothing_of_it_is_left() {
        let state = |done, of| Step { kind: Kind::Groups, done, of }.state();
        assert_eq!(state(0, 0), State::Todo);
        assert_eq!(state(0, 29), State::Todo);
        assert_eq!(state(28, 29), State::Partly);
        assert_eq!(state(29, 29), State::Done);
        assert_eq!(Step { kind: Kind::Check, done: 1, of: 10_600 }.state(), State::Done);
    }
}
