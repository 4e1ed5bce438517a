//! Rows of the lists: a household of a street with its contact, a span of days of a node.

use base::{Day, Division};

use super::{Node, Pick};

/// A household on the list of its street.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct House {
    pub household: i64,
    pub house_number: String,
    pub house_order: String,
    pub head: String,
    pub division: Division,
    /// The contact of the day asked for.
    pub contact: Option<(i64, String)>,
    /// The contact with no end in sight, where he is another (a hand-over lies ahead) and from when.
    pub next: Option<(i64, String, Day)>,
    /// A hand-over to nobody lies ahead: the day on which the contact ends.
    pub ends: Option<Day>,
}

impl House {
    pub fn pick(&self) -> Pick {
        let open = match (&self.next, self.ends) {
            (Some((steward, ..)), _) => Some(*steward),
            (None, Some(_)) => None,
            (None, None) => self.contact.as_ref().map(|(steward, _)| *steward),
        };
        Pick { node: Node::Household(self.household), shown: open }
    }
}

/// A span of days in which a steward answered for a node.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Span {
    pub node: Node,
    pub steward: i64,
    pub name: String,
    pub from: Day,
    /// Not included; nothing while it lasts.
    pub until: Option<Day>,
}

impl Span {
    /// The last day of the span; nothing while it lasts.
    pub fn last(&self) -> Option<Day> {
        self.until.map(Day::previous)
    }

    pub fn holds(&self, day: Day) -> bool {
        self.from <= day && self.until.is_none_or(|until| day < until)
    }
}
