//! The kinds of requests, how far one has come, and the day by which it is answered.

use base::Day;

macro_rules! words {
    ($(#[$doc:meta])* $name:ident, $prefix:literal: $($member:ident = $key:literal),+ $(,)?) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum $name { $($member),+ }

        impl $name {
            pub const ALL: &[$name] = &[$($name::$member),+];

            pub fn key(self) -> &'static str {
                match self { $($name::$member => $key),+ }
            }

            pub fn of_key(key: &str) -> Option<$name> {
                $name::ALL.iter().copied().find(|one| one.key() == key)
            }

            pub fn message(self) -> String {
                format!(concat!($prefix, "{}"), self.key())
            }
        }
    };
}

words! {
    /// What is asked.
    Kind, "rights-kind-": Access = "access", Correction = "correction", Deletion = "deletion",
}
words! {
    /// How far it has come.
    State, "rights-state-": Received = "received", Taken = "taken", Answered = "answered", Closed = "closed",
}

impl State {
    /// Whether somebody still owes an answer.
    pub fn is_owed(self) -> bool {
        matches!(self, State::Received | State::Taken)
    }

    /// The class of its mark.
    pub fn mark(self, late: bool) -> &'static str {
        match self {
            _ if late => "needs",
            State::Received => "",
            State::Taken => "partly",
            State::Answered | State::Closed => "done",
        }
    }
}

/// The last day for an answer: so many working days after the day of the request. Public holidays are not
/// known here: they only make it later.
pub fn due(received: Day, working_days: i32) -> Day {
    let working = |day: &Day| day.weekday() <= 5;
    let after = std::iter::successors(Some(received.next()), |day| Some(day.next())).filter(working);
    let last = usize::try_from(working_days - 1).unwrap_or(0);
    after.into_iter().nth(last).unwrap_or(received)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weekends_do_not_count() {
        let day = |text: &str| text.parse::<Day>().unwrap();
        // 3 February 2020 is a Monday.
        assert_eq!(due(day("2020-02-03"), 1), day("2020-02-04"));
        assert_eq!(due(day("2020-02-03"), 5), day("2020-02-10"));
        assert_eq!(due(day("2020-02-03"), 15), day("2020-02-24"));
        assert_eq!(due(day("2020-02-08"), 1), day("2020-02-10"));
    }
}
