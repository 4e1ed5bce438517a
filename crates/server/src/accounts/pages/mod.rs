//! The pages of accounts, one file each.

pub mod import;
pub mod list;
pub mod me;
pub mod new;
pub mod one;
pub mod password;
pub mod resume;
pub mod sign_in;
pub mod slip;
pub mod slips;
pub mod steward;
pub mod stewards;
pub mod unlock;

use std::collections::{BTreeMap, BTreeSet};

use base::{Division, Level, Role};
use db::Snapshot;

use crate::divisions;
use crate::web::{Words, short_name};

/// A role in a division, in words: what a page shows of an appointment.
#[derive(Clone, Debug)]
pub struct HeldRow {
    pub role: Role,
    pub division: Division,
    pub text: String,
}

/// The names of divisions, to put appointments into words.
pub struct Names(BTreeMap<Division, String>);

impl Names {
    /// The last names that divisions had, with the villages of streets and teams.
    pub async fn of(tx: &mut Snapshot, divisions: impl IntoIterator<Item = Division>) -> db::Result<Names> {
        let wanted = divisions.into_iter().flat_map(|d| [Some(d), d.at(Level::Village)]).flatten();
        let wanted: BTreeSet<_> = wanted.collect();
        let names = divisions::last_names(tx, &wanted.into_iter().collect::<Vec<_>>()).await?;
        Ok(Names(names.into_iter().map(|(division, name)| (division, short_name(&name))).collect()))
    }

    /// 北街村; with its village before a street or team; the code where the name is not known.
    pub fn name(&self, division: Division) -> String {
        let own = self.0.get(&division).cloned().unwrap_or_else(|| division.code());
        let village = division.parent().filter(|_| division.level() == Level::Group);
        let village = village.and_then(|village| self.0.get(&village));
        village.map_or(own.clone(), |village| format!("{village}{own}"))
    }

    pub fn held(&self, words: &Words, roles: &[(Role, Division)]) -> Vec<HeldRow> {
        let row = |(role, division): &(Role, Division)| HeldRow {
            role: *role,
            division: *division,
            text: format!("{} · {}", self.name(*division), role_name(words, *role)),
        };
        roles.iter().map(row).collect()
    }
}

/// The screen's word for a role.
pub fn role_name(words: &Words, role: Role) -> String {
    words.get(&format!("role-{role}"))
}

/// A choice of a list of roles.
pub struct Choice {
    pub key: &'static str,
    pub name: String,
    pub chosen: bool,
}

/// All roles to choose from.
pub fn choices(words: &Words, chosen: &str) -> Vec<Choice> {
    let choice =
        |role: &Role| Choice { key: role.key(), name: role_name(words, *role), chosen: role.key() == chosen };
    Role::ALL.iter().map(choice).collect()
}
