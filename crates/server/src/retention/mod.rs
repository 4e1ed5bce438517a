//! Records are kept for as long as the playbook says, then destroyed: by the clock, a few at a time, so
//! that the round goes on. The figures of a day stand still from the first record of it that goes: what
//! they count can no longer be counted anew. What was destroyed, when and by which rule, is told in the
//! place of the rows (ADR 16).

mod due;
mod ending;
mod jobs;
mod places;
mod show;
mod store;

pub use due::{Due, due};
pub use ending::destroy_all;
pub use jobs::{destroy_due, keep_destroying, next_run};
pub use show::{instead, kept, left_out, told};
pub use store::{Destroyed, frozen_days, latest, of_day};

#[cfg(test)]
mod tests;
