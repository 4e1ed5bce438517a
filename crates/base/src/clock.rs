//! Moments and where they come from. Time is passed in: nothing below `main` asks the system.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use serde::{Deserialize, Serialize};
use uuid::{ContextV7, Timestamp, Uuid};

/// A moment, in milliseconds since 1970-01-01T00:00:00Z. Stored as BIGINT on both engines, so
/// that a check costs eight bytes for each of its moments and compares without parsing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Moment(pub i64);

impl Moment {
    /// The moment `minutes` later (or earlier, when negative).
    pub fn plus_minutes(self, minutes: i64) -> Moment {
        Moment(self.0.saturating_add(minutes.saturating_mul(60_000)))
    }

    /// Whole seconds from `earlier` to this moment.
    pub fn seconds_since(self, earlier: Moment) -> i64 {
        (self.0 - earlier.0) / 1_000
    }
}

/// The source of the present moment: the system's, or one that a test sets by hand.
#[derive(Clone, Debug)]
pub enum Clock {
    System,
    /// The system's, that many milliseconds ahead (behind, when negative): a demonstration of
    /// another day.
    Shifted(i64),
    Fixed(Arc<AtomicI64>),
}

impl Clock {
    /// A clock that stands still at `at` until [`Clock::set`] moves it.
    pub fn fixed(at: Moment) -> Clock {
        Clock::Fixed(Arc::new(AtomicI64::new(at.0)))
    }

    /// The present moment.
    #[expect(clippy::disallowed_methods, reason = "the one place that asks the system")]
    pub fn now(&self) -> Moment {
        match self {
            Clock::System => Moment(jiff::Timestamp::now().as_millisecond()),
            Clock::Shifted(ahead) => Moment(Clock::System.now().0.saturating_add(*ahead)),
            Clock::Fixed(at) => Moment(at.load(Ordering::SeqCst)),
        }
    }

    /// A clock that shows `at` now and runs on from there.
    pub fn starting(at: Moment) -> Clock {
        Clock::Shifted(at.0.saturating_sub(Clock::System.now().0))
    }

    /// Moves a fixed clock; the system's clock is left alone.
    pub fn set(&self, to: Moment) {
        if let Clock::Fixed(at) = self {
            at.store(to.0, Ordering::SeqCst);
        }
    }

    /// A new UUIDv7 of the present moment: it sorts by time, so that new keys land side by side.
    pub fn new_id(&self) -> Uuid {
        static CONTEXT: std::sync::Mutex<ContextV7> = std::sync::Mutex::new(ContextV7::new());
        let ms = self.now().0.unsigned_abs();
        let nanos = u32::try_from(ms % 1_000).unwrap_or(0) * 1_000_000;
        Uuid::new_v7(Timestamp::from_unix(&CONTEXT, ms / 1_000, nanos))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fixed_clock_moves_only_by_hand() {
        let clock = Clock::fixed(Moment(1_000));
        assert_eq!(clock.now(), Moment(1_000));
        clock.set(Moment(1_000).plus_minutes(2));
        assert_eq!(clock.now(), Moment(121_000));
    }

    #[test]
    fn a_clock_started_elsewhere_runs_on_from_there() {
        let start = Moment(1_580_700_000_000);
        let shown = Clock::starting(start).now();
        assert!((0..60).contains(&shown.seconds_since(start)), "{shown:?}");
    }

    #[test]
    fn ids_of_one_moment_differ_and_sort() {
        let clock = Clock::fixed(Moment(1_580_700_000_123));
        let ids: Vec<_> = (0..50).map(|_| clock.new_id()).collect();
        assert!(ids.windows(2).all(|pair| pair[0] < pair[1]));
    }
}
