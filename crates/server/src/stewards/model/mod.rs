//! Stewards, what they answer for, and who answers when somebody is missing.

mod answer;
mod cover;
mod household;
pub mod plan;

use std::fmt;
use std::str::FromStr;

use base::{Day, Division, Level};

pub use answer::{Answerer, Held, Responsible, answers_at};
pub use cover::{Cover, Line};
pub use household::{House, Span};

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

/// The level of a node in the tree of responsibility, from the town down.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    serde::Serialize,
    serde::Deserialize,
    utoipa::ToSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum Tier {
    Town,
    Village,
    Group,
    Household,
}

impl Tier {
    pub const ALL: [Tier; 4] = [Tier::Town, Tier::Village, Tier::Group, Tier::Household];

    /// The level as it is stored.
    pub fn key(self) -> &'static str {
        match self {
            Tier::Town => "town",
            Tier::Village => "village",
            Tier::Group => "group",
            Tier::Household => "household",
        }
    }

    pub fn of_key(key: &str) -> Option<Tier> {
        Tier::ALL.into_iter().find(|tier| tier.key() == key)
    }

    /// The level at which a division is a node; nothing above the town.
    pub fn of(division: Division) -> Option<Tier> {
        match division.level() {
            Level::Town => Some(Tier::Town),
            Level::Village => Some(Tier::Village),
            Level::Group => Some(Tier::Group),
            _ => None,
        }
    }
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
    pub fn tier(self) -> Tier {
        match self {
            Node::Household(_) => Tier::Household,
            Node::Division(division) => Tier::of(division).unwrap_or(Tier::Town),
        }
    }

    /// The number as it is stored: a division's, or a household's within its town.
    pub fn number(self) -> i64 {
        match self {
            Node::Household(household) => household,
            Node::Division(division) => division.number(),
        }
    }

    pub fn division(self) -> Option<Division> {
        match self {
            Node::Division(division) => Some(division),
            Node::Household(_) => None,
        }
    }

    /// The node of a stored level and number.
    pub fn stored(level: &str, number: i64) -> Option<Node> {
        match Tier::of_key(level)? {
            Tier::Household => Some(Node::Household(number)),
            tier => Division::from_number(number).filter(|d| Tier::of(*d) == Some(tier)).map(Node::Division),
        }
    }
}

/// The division from which the steward of a division is appointed: the next above, so that nobody
/// appoints who is to watch over him; the town itself for the town.
pub fn above(division: Division) -> Division {
    match Tier::of(division) {
        Some(Tier::Village | Tier::Group) => division.parent().unwrap_or(division),
        _ => division,
    }
}

/// Somebody who comes to answer for a node.
#[derive(Clone, Copy, Debug)]
pub struct NewStewardship {
    pub steward: i64,
    pub node: Node,
    pub from: Day,
}

/// A node chosen on a screen, with the steward that the screen showed for it: what changed
/// meanwhile is refused. Written `household:1207:33`; 0 where nobody answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Pick {
    pub node: Node,
    /// Who holds the node with no end in sight.
    pub shown: Option<i64>,
}

impl fmt::Display for Pick {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (level, number) = (self.node.tier().key(), self.node.number());
        write!(f, "{level}:{number}:{}", self.shown.unwrap_or(0))
    }
}

/// The text is no pick.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a chosen node")]
pub struct NoPick;

impl FromStr for Pick {
    type Err = NoPick;

    fn from_str(text: &str) -> Result<Pick, NoPick> {
        let mut parts = text.split(':');
        let (Some(level), Some(number), Some(shown), None) =
            (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return Err(NoPick);
        };
        let number = number.parse().map_err(|_| NoPick)?;
        let shown: i64 = shown.parse().map_err(|_| NoPick)?;
        let node = Node::stored(level, number).ok_or(NoPick)?;
        Ok(Pick { node, shown: (shown != 0).then_some(shown) })
    }
}

/// Days ahead for which a hand-over or a stand-in may be settled.
pub const DAYS_AHEAD: i32 = 60;

/// Whether a hand-over may begin on `day`: neither before the operation nor further back than
/// checks may be entered (`late_days`), and not too far ahead. The message says what to do.
pub fn check_start(day: Day, today: Day, started: Day, late_days: i32) -> Result<(), &'static str> {
    if day < started || day < today.plus(-late_days) {
        return Err("stewards-day-early");
    }
    if day > today.plus(DAYS_AHEAD) { Err("stewards-day-far") } else { Ok(()) }
}

/// A phone number as it is kept. Nothing for an empty field; an error for what cannot be called.
pub fn phone(typed: &str) -> Result<Option<String>, &'static str> {
    if typed.trim().is_empty() {
        return Ok(None);
    }
    base::phone(typed).map(Some).ok_or("stewards-phone-wrong")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pick_reads_as_it_is_written() {
        for text in
            ["household:1207:33", "household:1207:0", "group:141023105200001:4", "town:141023105000000:1"]
        {
            assert_eq!(text.parse::<Pick>().unwrap().to_string(), text);
        }
        for text in [
            "",
            "household:1207",
            "street:1:2",
            "village:141023105200001:4",
            "household:x:1",
            "household:1:2:3",
        ] {
            assert_eq!(text.parse::<Pick>(), Err(NoPick), "{text}");
        }
    }

    #[test]
    fn phones_are_kept_as_digits() {
        assert_eq!(phone("１２９ 0000-0001"), Ok(Some("12900000001".to_owned())));
        assert_eq!(phone("+86 (129)00000001"), Ok(Some("12900000001".to_owned())));
        assert_eq!(phone(" "), Ok(None));
        assert_eq!(phone("没有"), Err("stewards-phone-wrong"));
        assert_eq!(phone("129"), Err("stewards-phone-wrong"));
    }

    #[test]
    fn a_hand_over_starts_within_reach() {
        let (started, today) = (Day::new(2020, 1, 25).unwrap(), Day::new(2020, 2, 3).unwrap());
        let check = |day| check_start(day, today, started, 5);
        assert_eq!(check(today), Ok(()));
        assert_eq!(check(today.plus(-5)), Ok(()));
        assert_eq!(check(today.plus(-6)), Err("stewards-day-early"));
        assert_eq!(check_start(started.previous(), today, started, 14), Err("stewards-day-early"));
        assert_eq!(check(today.plus(DAYS_AHEAD)), Ok(()));
        assert_eq!(check(today.plus(DAYS_AHEAD + 1)), Err("stewards-day-far"));
    }
}
