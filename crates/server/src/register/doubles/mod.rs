//! Who may be one and the same, among the people of a list and of the register. A person decides
//! (ADR 19), and what was decided is remembered. Nothing here touches the database.

mod decided;
mod like;
mod side;

pub use decided::{Called, Decision, Decisions, Question, Verdict};
pub use like::{At, By, Named, People, Person, Why};
pub use side::{Fact, Said, Side, facts};

use std::collections::BTreeSet;

use base::Division;

/// Two who may be one, side by side.
#[derive(Clone, Debug)]
pub struct Double {
    pub sides: [Whose; 2],
    pub why: Why,
    pub question: Question,
    pub facts: Vec<Fact>,
    /// While nobody decides, the row is taken for who it seems to be, together with others in doubt.
    pub soft: bool,
    /// What was decided when they were compared.
    pub verdict: Option<Verdict>,
}

/// Where one of two stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Whose {
    /// A row of a list by its place in it, with its sheet and line as people find it again.
    Row { at: usize, line: String },
    /// A resident: number, household, where the household stands.
    Resident { id: i64, household: i64, division: Division },
}

impl Double {
    /// The row that is asked about.
    pub fn row(&self) -> Option<usize> {
        match self.sides[0] {
            Whose::Row { at, .. } => Some(at),
            Whose::Resident { .. } => None,
        }
    }

    /// Where the residents among the two stand: who decides may change the register there.
    pub fn divisions(&self) -> impl Iterator<Item = Division> {
        self.sides.iter().filter_map(|side| match side {
            Whose::Resident { division, .. } => Some(*division),
            Whose::Row { .. } => None,
        })
    }
}

/// Where the deciding of two stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    Open,
    /// Put off.
    Later,
    Decided,
    /// Nothing is asked any more: the row was found to be somebody else.
    Moot,
}

/// Where the deciding of all stands, by what was decided of each.
pub fn states(doubles: &[Double], verdict: impl Fn(&Double) -> Option<Verdict>) -> Vec<State> {
    let verdicts: Vec<_> = doubles.iter().map(verdict).collect();
    let found = doubles.iter().zip(&verdicts).filter(|(_, verdict)| **verdict == Some(Verdict::Same));
    let found: BTreeSet<usize> = found.filter_map(|(double, _)| double.row()).collect();
    let state = |(double, verdict): (&Double, Option<Verdict>)| match verdict {
        Some(Verdict::Same | Verdict::Two) => State::Decided,
        _ if double.row().is_some_and(|row| found.contains(&row)) => State::Moot,
        Some(Verdict::Later) => State::Later,
        None => State::Open,
    };
    doubles.iter().zip(verdicts).map(state).collect()
}

#[cfg(test)]
mod tests;
