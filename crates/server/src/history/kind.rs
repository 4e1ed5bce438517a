//! What a change is called, in the field's words.

use base::Day;
use serde_json::Value;

use super::object::{Fields, differing, is_told, stands_on};

macro_rules! kinds {
    ($($(#[$doc:meta])* $name:ident = $key:literal),+ $(,)?) => {
        /// What a change of the register is.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Kind { $($(#[$doc])* $name),+ }

        impl Kind {
            pub const ALL: &[Kind] = &[$(Kind::$name),+];

            pub fn key(self) -> &'static str {
                match self { $(Kind::$name => $key),+ }
            }
        }
    };
}

kinds! {
    /// A household or resident came into the register.
    Registered = "registered",
    /// What was known of it is known better.
    Corrected = "corrected",
    /// A household stands elsewhere.
    Moved = "moved",
    /// A household stands where it stood, lived in, empty or away.
    Occupied = "occupied",
    /// A household is no more.
    Closed = "closed",
    Reopened = "reopened",
    /// A resident went away.
    Away = "away",
    Back = "back",
    /// A resident was listed as a key person, or his days on the list changed.
    Listed = "listed",
    Unlisted = "unlisted",
    /// Somebody came to live in the town.
    MovedIn = "moved-in",
    /// Somebody came from another household of the town.
    MovedHere = "moved-here",
    /// Somebody left the town.
    MovedOut = "moved-out",
    Born = "born",
    Died = "died",
    /// Some of a household began one of their own.
    Split = "split",
    /// All of a household came into another.
    Merged = "merged",
    HeadChanged = "head-changed",
    LodgerCame = "lodger-came",
    LodgerLeft = "lodger-left",
    /// An import that brought it was undone.
    Undone = "undone",
}

impl Kind {
    pub fn of_key(key: &str) -> Option<Kind> {
        Kind::ALL.iter().copied().find(|kind| kind.key() == key)
    }

    /// The message that names it.
    pub fn message(self) -> String {
        format!("history-{}", self.key())
    }
}

/// What a change from one state to another is called; none where nothing changed that is told.
pub fn told(was: Option<&Fields>, is: Option<&Fields>, day: Day) -> Option<Kind> {
    let (was, is) = match (was, is) {
        (None, None) => return None,
        (None, Some(_)) => return Some(Kind::Registered),
        (Some(_), None) => return Some(Kind::Undone),
        (Some(was), Some(is)) => (was, is),
    };
    let changed = differing(was, is);
    let told = || changed.keys().filter(|field| is_told(field));
    let only = |fields: &[&str]| told().all(|field| fields.contains(&field.as_str()));
    if changed.is_empty() {
        return None;
    }
    Some(if changed.contains_key("spans") {
        turned(stands_on(was, day), stands_on(is, day))
    } else if only(&["key_from", "key_until", "key_reason"]) {
        if is.get("key_from").is_none_or(Value::is_null) { Kind::Unlisted } else { Kind::Listed }
    } else if changed.contains_key("presence") && only(&["presence", "presence_since", "whereabouts"]) {
        if is.get("presence").is_some_and(|to| to == "away") { Kind::Away } else { Kind::Back }
    } else {
        Kind::Corrected
    })
}

/// What a household came to on the day, by where and how it stood.
fn turned(was: Option<(i64, &str)>, is: Option<(i64, &str)>) -> Kind {
    match (was, is) {
        (_, None) => Kind::Closed,
        (None, Some(_)) => Kind::Reopened,
        (Some((from, _)), Some((to, _))) if from != to => Kind::Moved,
        _ => Kind::Occupied,
    }
}
