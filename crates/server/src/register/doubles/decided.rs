//! What people decided of two, and by what it is found again.

use std::collections::HashMap;

use base::Moment;

use super::like::{By, Why};
use crate::vault::Vault;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The same person.
    Same,
    /// Two people.
    Two,
    /// Not now.
    Later,
}

impl Verdict {
    pub const ALL: [Verdict; 3] = [Verdict::Same, Verdict::Two, Verdict::Later];

    pub fn key(self) -> &'static str {
        match self {
            Verdict::Same => "same",
            Verdict::Two => "two",
            Verdict::Later => "later",
        }
    }

    pub fn of_key(key: &str) -> Option<Verdict> {
        Verdict::ALL.into_iter().find(|verdict| verdict.key() == key)
    }
}

/// What was decided, by whom and when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    pub verdict: Verdict,
    /// Both had the same identity number then.
    pub by_number: bool,
    pub who: String,
    pub at: Moment,
}

/// What one of two is called by: as a resident by his number, and always by his mark.
#[derive(Clone, Debug)]
pub struct Called {
    resident: Option<i64>,
    mark: String,
    /// Of the rows of one mark in a list, the first, the second.
    nth: usize,
    /// Nobody else of the mark is there.
    alone: bool,
}

impl Called {
    /// A resident; `alone` where nobody else has his mark, neither in the list nor in the register.
    pub fn resident(id: i64, mark: String, alone: bool) -> Called {
        Called { resident: Some(id), mark, nth: 1, alone }
    }

    pub fn row(mark: String, nth: usize) -> Called {
        Called { resident: None, mark, nth, alone: true }
    }

    /// The texts by which two are called, the surest first.
    fn texts(&self, other: &Called) -> Vec<String> {
        let by_number = |called: &Called| called.resident.map(|id| format!("resident {id}"));
        let by_mark = |called: &Called, nth: usize| match nth {
            1 => called.mark.clone(),
            nth => format!("{} #{nth}", called.mark),
        };
        let same_mark = self.mark == other.mark;
        let marks = match (self.resident, other.resident) {
            _ if !self.alone || !other.alone => None,
            // A row may be the very resident of its mark.
            (None, Some(_)) | (Some(_), None) if same_mark => None,
            (Some(_), Some(_)) if same_mark => Some([by_mark(self, 1), by_mark(other, 2)]),
            _ => Some([by_mark(self, self.nth), by_mark(other, other.nth)]),
        };
        let numbers = by_number(self).zip(by_number(other)).map(<[String; 2]>::from);
        let one = by_number(self).map(|one| [one, by_mark(other, other.nth)]);
        let two = by_number(other).map(|two| [by_mark(self, self.nth), two]);
        let text = |mut two: [String; 2]| {
            two.sort_unstable();
            two.join(" | ")
        };
        [numbers, one, two, marks].into_iter().flatten().map(text).collect()
    }
}

/// Whether two are one: the texts by which it may have been decided. The first is that by which it will
/// be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    texts: Vec<String>,
    pub by_number: bool,
}

impl Question {
    pub fn new(one: &Called, other: &Called, why: Why) -> Question {
        Question { texts: one.texts(other), by_number: why.by == By::Number }
    }

    /// What is remembered, sealed.
    pub fn text(&self) -> &str {
        &self.texts[0]
    }

    /// By which a form names it.
    pub fn key(&self, vault: &Vault) -> String {
        hex::encode(vault.index(self.text()))
    }
}

/// All that was decided in a town, by the digests of what was asked.
#[derive(Clone, Debug, Default)]
pub struct Decisions(HashMap<Vec<u8>, Decision>);

impl Decisions {
    pub fn new(all: impl IntoIterator<Item = (Vec<u8>, Decision)>) -> Decisions {
        Decisions(all.into_iter().collect())
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Without those to decide later that are older than `since`: they were said of another list.
    #[must_use]
    pub fn since(self, since: Moment) -> Decisions {
        let holds = |decision: &Decision| decision.verdict != Verdict::Later || decision.at >= since;
        Decisions(self.0.into_iter().filter(|(_, decision)| holds(decision)).collect())
    }

    /// The last decision. That two are two people says nothing any more once an identity number says
    /// that they are one.
    pub fn of(&self, vault: &Vault, question: &Question) -> Option<&Decision> {
        if self.is_empty() {
            return None;
        }
        // Of one moment the first text's.
        let digests = question.texts.iter().rev().flat_map(|text| vault.indexes(text));
        let found = digests.filter_map(|digest| self.0.get(&digest));
        let holds = |d: &&Decision| d.verdict != Verdict::Two || d.by_number || !question.by_number;
        found.filter(holds).max_by_key(|decision| decision.at)
    }
}
