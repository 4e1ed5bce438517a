//! Taking a list of people into the register: a table with a header line becomes households, each
//! row with an outcome and the reason for it. Nothing here touches the database: `plan` compares
//! the rows with what was read of the register, and `take` says what confirming would do.

mod called;
pub mod cells;
mod columns;
mod compare;
mod correct;
mod draft;
mod family;
mod gather;
mod layout;
mod pairs;
mod places;
mod plan;
mod row;
mod settle;
mod sheet;

pub use columns::{Column, HeadFault, REASON};
pub use correct::{HeadSeen, Kept, Layouts, Reading, Seen, SheetSeen, View};
pub use layout::Layout;
pub use places::Places;
pub use plan::{Also, Asked, Known, Line, Outcome, Plan, Work};
pub use sheet::{Sheet, Unread, place};

/// How much a remark on a row weighs. The order is from light to heavy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Weight {
    /// Worth knowing; the row is taken.
    Note,
    /// The register says otherwise, and is changed.
    Change,
    /// A person has to look; if he says so, the row is taken without what is doubtful.
    Doubt,
    /// A person has to look, and put it right by hand: the row is not taken.
    Held,
    /// It cannot be taken as it is written.
    Rejected,
}

/// What is remarkable about a row: the key of the message `import-<key>` and what it speaks of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remark {
    pub weight: Weight,
    pub key: &'static str,
    pub args: Vec<(&'static str, String)>,
}

impl Remark {
    fn new(weight: Weight, key: &'static str) -> Remark {
        Remark { weight, key, args: Vec::new() }
    }

    fn with(mut self, name: &'static str, value: impl ToString) -> Remark {
        self.args.push((name, value.to_string()));
        self
    }
}

#[cfg(test)]
mod tests;
