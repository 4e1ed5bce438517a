//! The roles a person may hold in a division.

use std::fmt;
use std::str::FromStr;

macro_rules! roles {
    ($($(#[$doc:meta])* $name:ident = $key:literal),+ $(,)?) => {
        /// A role, held in a division: what it may do stands in the access policy.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Role { $($(#[$doc])* $name),+ }

        impl Role {
            pub const ALL: &[Role] = &[$(Role::$name),+];

            /// The word stored and used in URLs; the screen's word is the message `role-<key>`.
            pub fn key(self) -> &'static str {
                match self { $(Role::$name => $key),+ }
            }
        }
    };
}

roles! {
    /// 包户人: checks the households he is steward of, and sees only these.
    HouseholdContact = "household-contact",
    /// 街长、队长: answers for one street or team.
    StreetLead = "street-lead",
    /// 村干部: the village's office.
    VillageCadre = "village-cadre",
    /// 包村干部: the town's cadre who answers for a village.
    TownCadre = "town-cadre",
    /// 指挥部.
    Headquarters = "headquarters",
    /// 卫生院.
    HealthCentre = "health-centre",
    /// 派出所.
    Police = "police",
    /// 纪委.
    Inspector = "inspector",
    /// 卡点值守.
    GateGuard = "gate-guard",
    /// 物资保管.
    SupplyKeeper = "supply-keeper",
    /// 宣传.
    Publicity = "publicity",
    /// 志愿者协调.
    VolunteerCoordinator = "volunteer-coordinator",
    /// 畜牧站.
    LivestockStation = "livestock-station",
    /// 值班领导.
    DutyLeader = "duty-leader",
    /// 场所负责人.
    PlaceOwner = "place-owner",
    /// 报表审签.
    ReportApprover = "report-approver",
    /// 审计员: sees who did what, never changes anything.
    Auditor = "auditor",
    /// 上级: figures only.
    SuperiorObserver = "superior-observer",
    /// 系统管理员: accounts and settings, without personal data.
    Administrator = "administrator",
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.key())
    }
}

impl FromStr for Role {
    type Err = UnknownRole;

    fn from_str(key: &str) -> Result<Role, UnknownRole> {
        Role::ALL.iter().copied().find(|role| role.key() == key).ok_or(UnknownRole)
    }
}

/// The text names no role.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no such role")]
pub struct UnknownRole;
