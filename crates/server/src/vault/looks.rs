//! How often somebody has done lately what shows numbers in full. Calling one household after another
//! stays far below the limit; going through a register does not.

use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, PoisonError};

use base::Moment;

/// Numbers that one account sees in full within [`WINDOW`] minutes at most.
pub const NUMBERS: usize = 30;
/// Lists with numbers in full that one account takes along within as long.
pub const LISTS: usize = 5;
const WINDOW: i64 = 10;

/// The looks of each account within the window, the oldest first.
#[derive(Debug)]
pub struct Looks {
    most: usize,
    of: Mutex<HashMap<i64, VecDeque<Moment>>>,
}

impl Looks {
    pub fn new(most: usize) -> Looks {
        Looks { most, of: Mutex::default() }
    }

    /// Counts a look; false where it would be one too many.
    pub fn take(&self, account: i64, now: Moment) -> bool {
        let mut looks = self.of.lock().unwrap_or_else(PoisonError::into_inner);
        let recent = |at: &Moment| now < at.plus_minutes(WINDOW);
        looks.retain(|_, of| of.back().is_some_and(recent));
        let own = looks.entry(account).or_default();
        while own.front().is_some_and(|at| !recent(at)) {
            own.pop_front();
        }
        let free = own.len() < self.most;
        if free {
            own.push_back(now);
        }
        free
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_too_many_waits_until_the_first_is_ten_minutes_old() {
        let (looks, now) = (Looks::new(NUMBERS), Moment(0));
        for n in 0..NUMBERS {
            assert!(looks.take(1, Moment(i64::try_from(n).unwrap())), "{n}");
        }
        assert!(!looks.take(1, now.plus_minutes(9)) && looks.take(2, now.plus_minutes(9)));
        assert!(looks.take(1, now.plus_minutes(WINDOW)) && !looks.take(1, now.plus_minutes(WINDOW)));
    }
}
