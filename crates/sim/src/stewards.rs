//! Who answers for whom: town leader, town cadres, street leads, household contacts.

use base::{Day, Division, Sex};

use crate::town::Town;
use crate::words::Kind;

/// A person who answers for others.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Steward {
    pub name: String,
    pub sex: Sex,
    pub phone: String,
    pub kind: Kind,
    /// The post as it is written: 副镇长, 街长, 包户人.
    pub title: &'static str,
    /// The party branch he belongs or is attached to.
    pub branch: String,
    /// Household in `Town::households` and place among its residents, of who lives in the town.
    pub resident: Option<(u32, u16)>,
    /// Where he serves: the town, a village, a team area.
    pub division: Division,
    /// Households he visits every day: those he is contact of or, for a street lead, those of his
    /// that have none.
    pub load: u16,
}

/// What a steward answers for; never two stewards for one node.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Node {
    /// The town, a village or a team area.
    Division(Division),
    /// A place in `Town::households`.
    Household(u32),
}

/// A link of the tree of responsibility, from the first day of the rounds on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Stewardship {
    /// A place in `Town::stewards`.
    pub steward: u32,
    pub node: Node,
    pub since: Day,
}

impl Town {
    /// The tree from the town down to the households; what has no steward is not in it.
    pub fn stewardships(&self) -> impl Iterator<Item = Stewardship> + '_ {
        let since = self.first_day();
        let town = std::iter::once((0, Node::Division(self.place.division)));
        let villages = self.villages.iter().map(|v| (v.cadre, Node::Division(v.place.division)));
        let groups = self.villages.iter().flat_map(|village| &village.groups);
        let groups = groups.filter_map(|group| Some((group.lead?, Node::Division(group.division))));
        let households = (0_u32..).zip(&self.households);
        let households = households.filter_map(|(n, h)| Some((h.contact?, Node::Household(n))));
        let links = town.chain(villages).chain(groups).chain(households);
        links.map(move |(steward, node)| Stewardship { steward, node, since })
    }
}
