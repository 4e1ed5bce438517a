//! An indicator: the one way a figure is named. Each feature declares its own.

/// What a figure counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    Households,
    People,
    /// Happenings: findings, entries, articles.
    Times,
}

/// A figure over a division and a day. `key` is what `tally.indicator` holds and what a report's
/// binding names; it never changes once recorded. The sentence people read is the message
/// `indicator-<key with dashes>`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Indicator {
    pub key: &'static str,
    pub unit: Unit,
}

impl Indicator {
    pub const fn new(key: &'static str, unit: Unit) -> Indicator {
        Indicator { key, unit }
    }
}
