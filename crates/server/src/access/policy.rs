//! The policy: which role may do what, and how far it reaches. `tests/golden/policy.txt` is the
//! same as a table; changing one changes both.

use base::Role;

macro_rules! actions {
    ($($(#[$doc:meta])* $name:ident = $key:literal),+ $(,)?) => {
        /// Something that a person may do.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Action { $($(#[$doc])* $name),+ }

        impl Action {
            pub const ALL: &[Action] = &[$(Action::$name),+];

            pub fn key(self) -> &'static str {
                match self { $(Action::$name => $key),+ }
            }
        }
    };
}

actions! {
    /// Figures: coverage, curves, reports; no names.
    SeeFigures = "figures.see",
    /// Households and their residents, masked.
    SeeHouseholds = "households.see",
    /// Take households and their residents along as a workbook, with numbers in full.
    ExportHouseholds = "households.export",
    /// Register, change, import households and residents.
    ChangeHouseholds = "households.change",
    /// See a phone number in full, to call it.
    CallPhones = "phones.call",
    /// See an identity number in full.
    SeeIdentities = "identities.see",
    /// Check a household.
    EnterChecks = "checks.enter",
    /// Enter checks that somebody else made: from paper, by proxy.
    EnterChecksForOthers = "checks.enter-for-others",
    SeeFindings = "findings.see",
    /// Take up and close findings.
    HandleFindings = "findings.handle",
    SeeStewards = "stewards.see",
    /// Assign, hand over, stand in.
    AssignStewards = "stewards.assign",
    /// Rename and merge villages.
    ChangeDivisions = "divisions.change",
    /// Add, rename and close the team areas of a village.
    ChangeGroups = "divisions.change-groups",
    ManageAccounts = "accounts.manage",
    SeeReports = "reports.see",
    /// Say for a village that nothing else happened on a day, so that its zeros are known.
    ConfirmZeros = "reports.confirm-zeros",
    CompileReports = "reports.compile",
    /// Check and sign a compiled report.
    ApproveReports = "reports.approve",
    SeeAudit = "audit.see",
    /// Who looked at a household's file, and when.
    SeeReaders = "readers.see",
    ChangeSettings = "settings.change",
    /// What residents ask of what is kept about them.
    HandleRequests = "requests.handle",
    /// What is kept for how long, what was destroyed; no names.
    SeeRetention = "retention.see",
    /// Ask that the operation be ended and all personal records destroyed.
    AskEnd = "operation.ask-end",
    /// Agree to it.
    AgreeEnd = "operation.agree-end",
}

/// How far a permission reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reach {
    /// The households the person is steward of, today.
    OwnHouseholds,
    /// The division of the appointment and all below it.
    Subtree,
}

/// How far a role may do something; nothing where it may not.
pub fn reach(role: Role, action: Action) -> Option<Reach> {
    use Action::*;
    use Role::*;
    let leads = matches!(role, StreetLead | VillageCadre | TownCadre | Headquarters | DutyLeader);
    let office = matches!(role, VillageCadre | TownCadre | Headquarters);
    if role == HouseholdContact {
        let own = matches!(action, SeeHouseholds | CallPhones | EnterChecks | SeeFindings);
        return own.then_some(Reach::OwnHouseholds);
    }
    let allowed = match action {
        SeeFigures => leads || matches!(role, SuperiorObserver | ReportApprover | Inspector | HealthCentre),
        SeeHouseholds => leads || matches!(role, HealthCentre | Police | Inspector),
        ChangeHouseholds | AssignStewards => office || role == StreetLead,
        // Who may see each of its numbers in full, one at a time.
        ExportHouseholds | HandleRequests => office,
        SeeIdentities => office || matches!(role, HealthCentre | Police),
        CallPhones | EnterChecks | EnterChecksForOthers => leads,
        SeeFindings => leads || matches!(role, HealthCentre | Inspector),
        HandleFindings => leads || role == HealthCentre,
        SeeStewards => leads || role == Inspector,
        ChangeDivisions => matches!(role, Headquarters | Administrator),
        ChangeGroups => office || role == Administrator,
        ManageAccounts | ChangeSettings | AgreeEnd => role == Administrator,
        SeeReports => office || matches!(role, DutyLeader | ReportApprover | SuperiorObserver),
        ConfirmZeros => matches!(role, VillageCadre | TownCadre),
        CompileReports | AskEnd => matches!(role, Headquarters),
        ApproveReports => role == ReportApprover,
        SeeAudit => role == Auditor,
        SeeRetention => matches!(role, Headquarters | Administrator | Auditor),
        SeeReaders => matches!(role, Auditor | VillageCadre),
    };
    allowed.then_some(Reach::Subtree)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table() -> String {
        let mut table = String::new();
        for role in Role::ALL {
            table += &format!("{role}\n");
            for action in Action::ALL {
                let reach = match reach(*role, *action) {
                    None => continue,
                    Some(Reach::OwnHouseholds) => "own households",
                    Some(Reach::Subtree) => "subtree",
                };
                table += &format!("  {:<24} {reach}\n", action.key());
            }
        }
        table
    }

    #[test]
    fn the_policy_is_the_golden_table() {
        insta::assert_snapshot!(table());
    }

    #[test]
    fn who_takes_the_register_along_may_see_all_that_stands_in_it() {
        for role in Role::ALL.iter().filter(|role| reach(**role, Action::ExportHouseholds).is_some()) {
            for action in
                [Action::SeeHouseholds, Action::CallPhones, Action::SeeIdentities, Action::SeeStewards]
            {
                assert_eq!(reach(*role, action), Some(Reach::Subtree), "{role} {action:?}");
            }
        }
    }

    #[test]
    fn administrator_and_observer_see_no_personal_data() {
        for role in [Role::Administrator, Role::SuperiorObserver, Role::Auditor] {
            for action in [
                Action::SeeHouseholds,
                Action::ExportHouseholds,
                Action::CallPhones,
                Action::SeeIdentities,
                Action::SeeFindings,
            ] {
                assert_eq!(reach(role, action), None, "{role} {action:?}");
            }
        }
    }
}
