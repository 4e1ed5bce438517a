//! How it stands with backups, in words for an administrator.

use base::{Moment, TownTime};

use super::entries::Status;
use crate::web::Words;

/// Minutes after which the last backup is an old one.
const OLD: i64 = 2 * 24 * 60;

/// A line of a page.
pub struct Line {
    pub text: String,
    /// Whether somebody has to do something.
    pub needs: bool,
}

/// `planned`: whether the program makes them by itself.
pub fn line(words: &Words, status: &Status, planned: bool, time: &TownTime, now: Moment) -> Line {
    let told = |at| words.moment(time, at);
    let made = status.made.map(told);
    if let Some((at, why)) = &status.failed {
        let failed = say!(words, "backup-failed", at = told(*at), why = words.get(why));
        let last = made.map(|at| say!(words, "backup-failed-last", at = at)).unwrap_or_default();
        return Line { text: format!("{failed}{last}"), needs: true };
    }
    match (made, status.made) {
        (Some(at), Some(made)) if now > made.plus_minutes(OLD) => {
            Line { text: say!(words, "backup-old", at = at), needs: true }
        }
        (Some(at), _) => Line { text: say!(words, "backup-made", at = at), needs: false },
        (None, _) if planned => Line { text: say!(words, "backup-first"), needs: false },
        (None, _) => Line { text: say!(words, "backup-none"), needs: true },
    }
}
