//! Stewards, and what they answer for.

use base::{Day, Division, Level};

/// A steward to be taken in.
#[derive(Clone, Debug)]
pub struct NewSteward {
    pub name: String,
    pub phone: Option<String>,
    /// Party branch or villager group.
    pub branch: String,
    /// The team area, village or town he belongs to.
    pub division: Division,
    pub account: Option<i64>,
}

/// What somebody answers for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Node {
    /// A town, a village or a team area.
    Division(Division),
    /// A household, by its number within the town.
    Household(i64),
}

impl Node {
    /// The level as it is stored, and the node's number.
    pub fn key(self) -> (&'static str, i64) {
        match self {
            Node::Household(household) => ("household", household),
            Node::Division(division) => match division.level() {
                Level::Group => ("group", division.number()),
                Level::Village => ("village", division.number()),
                _ => ("town", division.number()),
            },
        }
    }
}

/// Somebody who comes to answer for a node.
#[derive(Clone, Copy, Debug)]
pub struct NewStewardship {
    pub steward: i64,
    pub node: Node,
    pub from: Day,
}
