//! What may become of a finding, and which findings are asked for.

use base::{Day, Division, Moment};
use uuid::Uuid;

use crate::rounds::Kind;

/// Characters of a closing note.
pub const NOTE: usize = 500;

/// Where a finding stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum State {
    /// Nobody has taken it up.
    Open,
    Taken,
    Closed,
    /// A correction of its check took it back.
    Withdrawn,
}

impl State {
    /// In the order in which lists show them.
    pub const ALL: [State; 4] = [State::Open, State::Taken, State::Closed, State::Withdrawn];

    pub fn key(self) -> &'static str {
        match self {
            State::Open => "open",
            State::Taken => "taken",
            State::Closed => "closed",
            State::Withdrawn => "withdrawn",
        }
    }

    pub fn of_key(key: &str) -> Option<State> {
        State::ALL.into_iter().find(|state| state.key() == key)
    }

    /// The message that names it.
    pub fn message(self) -> &'static str {
        match self {
            State::Open => "finding-state-open",
            State::Taken => "finding-state-taken",
            State::Closed => "finding-state-closed",
            State::Withdrawn => "finding-state-withdrawn",
        }
    }
}

/// What somebody does with a finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    Take,
    /// With what was done.
    Close(String),
    /// Puts back what was taken or closed, for anybody to take.
    Reopen,
}

impl Step {
    /// The word of the audit trail.
    pub fn action(&self) -> &'static str {
        match self {
            Step::Take => "finding.take",
            Step::Close(_) => "finding.close",
            Step::Reopen => "finding.reopen",
        }
    }

    /// Whether a finding in this state may go this way. One that nobody took may be closed at once:
    /// whoever closes it has taken it.
    pub fn may_follow(&self, state: State) -> bool {
        match self {
            Step::Take => state == State::Open,
            Step::Close(_) => matches!(state, State::Open | State::Taken),
            Step::Reopen => matches!(state, State::Taken | State::Closed),
        }
    }
}

/// The closing note as it is stored.
///
/// # Errors
/// The key of the message that says what to write.
pub fn closing_note(typed: &str) -> Result<String, &'static str> {
    let note = typed.trim();
    match note.chars().count() {
        0 => Err("finding-note-missing"),
        length if length > NOTE => Err("finding-note-long"),
        _ => Ok(note.to_owned()),
    }
}

/// Which findings are asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// This division and all below it.
    pub division: Option<Division>,
    /// The day on which it was found.
    pub day: Option<Day>,
    pub kind: Option<Kind>,
    /// All but the withdrawn, where none is given: these are what the day's figures count.
    pub state: Option<State>,
    /// Only what happened before this moment, and at or after that one: what a report counts.
    pub before: Option<Moment>,
    pub since: Option<Moment>,
}

/// The last row of the page before: its [`rank`] and number.
pub type After = (i32, Uuid);

/// The place of a finding in lists: by its state, within it what may be an infection first.
pub fn rank(state: State, kind: &str) -> i32 {
    let state = State::ALL.into_iter().position(|one| one == state).unwrap_or(State::ALL.len());
    let kind = match Kind::of_key(kind) {
        Some(Kind::Fever) => 0,
        Some(Kind::Symptom) => 1,
        _ => 2,
    };
    i32::try_from(state).unwrap_or(0) * 10 + kind
}

impl Filter {
    /// The address of the list.
    pub fn path(&self, after: Option<After>) -> String {
        let pairs = [
            self.division.map(|division| format!("division={}", division.number())),
            self.day.map(|day| format!("day={day}")),
            self.kind.map(|kind| format!("kind={}", kind.key())),
            self.state.map(|state| format!("state={}", state.key())),
            self.before.map(|before| format!("before={}", before.0)),
            self.since.map(|since| format!("since={}", since.0)),
            after.map(|(rank, id)| format!("after={rank}.{id}")),
        ];
        let query: Vec<String> = pairs.into_iter().flatten().collect();
        if query.is_empty() { "/findings".to_owned() } else { format!("/findings?{}", query.join("&")) }
    }
}

/// Reads `after` as [`Filter::path`] writes it.
pub fn parse_after(text: &str) -> Option<After> {
    let (rank, id) = text.split_once('.')?;
    Some((rank.parse().ok()?, id.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_withdrawn_finding_goes_nowhere_and_a_closed_one_back_only() {
        let steps = [Step::Take, Step::Close("已送药".to_owned()), Step::Reopen];
        let ways = |state| steps.iter().map(|step| step.may_follow(state)).collect::<Vec<_>>();
        assert_eq!(ways(State::Open), [true, true, false]);
        assert_eq!(ways(State::Taken), [false, true, true]);
        assert_eq!(ways(State::Closed), [false, false, true]);
        assert_eq!(ways(State::Withdrawn), [false, false, false]);
    }

    #[test]
    fn a_closing_note_says_something_and_not_too_much() {
        assert_eq!(closing_note("  已送药 "), Ok("已送药".to_owned()));
        assert_eq!(closing_note(" \n "), Err("finding-note-missing"));
        assert_eq!(closing_note(&"药".repeat(501)), Err("finding-note-long"));
    }

    #[test]
    fn the_address_of_a_page_is_read_as_it_is_written() {
        let id = Uuid::from_u128(7);
        let filter = Filter { kind: Some(Kind::Fever), state: Some(State::Open), ..Filter::default() };
        let path = filter.path(Some((rank(State::Taken, "symptom"), id)));
        assert_eq!(path, format!("/findings?kind=fever&state=open&after=11.{id}"));
        assert_eq!(parse_after(&format!("11.{id}")), Some((11, id)));
        assert_eq!(parse_after("taken"), None);
        assert_eq!(Filter::default().path(None), "/findings");
    }
}
