//! How figures of the round are shown: the coverage of a division's day, its marks and bars.
//! Templates hand over fields by reference, hence `impl Borrow`.

use std::borrow::Borrow;

use askama::Template;
use base::{Day, Division};

use super::model::indicators;
use super::standing::{State, Which};
use crate::tally::Figures;
use crate::web::Words;

pub use crate::web::grouped;

/// Expected = done + late + unreachable + silent, over a division and a day.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct Coverage {
    /// Households due.
    pub expected: i64,
    /// Checked, entered before the cut-off.
    pub done: i64,
    /// Checked, entered at or after the cut-off.
    pub late: i64,
    /// Tried, not reached, with a reason.
    pub unreachable: i64,
    /// Nothing told.
    pub silent: i64,
}

impl Coverage {
    pub fn of(figures: &Figures, division: Division) -> Coverage {
        let get = |indicator| figures.get(division, indicator);
        let (expected, done, late, unreachable) = (
            get(indicators::EXPECTED),
            get(indicators::DONE),
            get(indicators::LATE),
            get(indicators::UNREACHABLE),
        );
        Coverage { expected, done, late, unreachable, silent: expected - done - late - unreachable }
    }

    pub fn count(&self, state: impl Borrow<State>) -> i64 {
        match state.borrow() {
            State::Done => self.done,
            State::Late => self.late,
            State::Unreachable => self.unreachable,
            State::Silent => self.silent,
        }
    }

    /// Where each part of the bar begins: done, late, unreachable, silent.
    pub fn offsets(&self) -> [i64; 4] {
        let late = self.done;
        let unreachable = late + self.late;
        [0, late, unreachable, unreachable + self.unreachable]
    }

    /// Every household due is told of. Where nobody is due, nothing is known by that.
    pub fn is_complete(&self) -> bool {
        self.expected > 0 && self.silent == 0
    }
}

/// How many households had been reached by the end of each hour of a day, from 0 to 23.
pub type Curve = [i64; 24];

/// The curve of a day over a division.
pub fn curve(figures: &Figures, division: Division) -> Curve {
    let mut sum = 0;
    indicators::REACHED.map(|reached| {
        sum += figures.get(division, reached);
        sum
    })
}

/// The coverage bar, with words for those who cannot see it.
#[derive(Clone, Debug, Template)]
#[template(path = "rounds/bar.html")]
pub struct Bar {
    pub coverage: Coverage,
    pub words: Words,
}

/// The coverage bar with its key; each part opens to its households.
#[derive(Clone, Debug, Template)]
#[template(path = "rounds/keys.html")]
pub struct Keys {
    pub coverage: Coverage,
    pub words: Words,
    pub division: Division,
    pub day: Day,
    bar: Bar,
}

impl Keys {
    pub fn new(coverage: Coverage, words: &Words, division: Division, day: Day) -> Keys {
        let bar = Bar { coverage, words: words.clone() };
        Keys { coverage, words: words.clone(), division, day, bar }
    }
}

impl askama::filters::HtmlSafe for Bar {}
impl askama::filters::HtmlSafe for Keys {}

/// The class that shows a state's shape and colour.
pub fn mark(state: impl Borrow<State>) -> &'static str {
    match state.borrow() {
        State::Done => "done",
        State::Late => "late",
        State::Unreachable => "away",
        State::Silent => "",
    }
}

/// The address of a division's day.
pub fn day_path(division: impl Borrow<Division>, day: impl Borrow<Day>) -> String {
    format!("/round/{}/{}", division.borrow().number(), day.borrow())
}

/// The address of a list of its households.
pub fn list_path(division: impl Borrow<Division>, day: impl Borrow<Day>, which: impl Into<Which>) -> String {
    format!("{}?state={}", day_path(division, day), which.into().key())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_parts_of_the_bar_follow_each_other() {
        let coverage = Coverage { expected: 10, done: 5, late: 1, unreachable: 1, silent: 3 };
        assert_eq!(coverage.offsets(), [0, 5, 6, 7]);
        assert!(!coverage.is_complete());
        assert!(Coverage { done: 8, silent: 0, ..coverage }.is_complete());
        assert!(!Coverage::default().is_complete(), "a zero is not known where nobody is due");
    }
}
