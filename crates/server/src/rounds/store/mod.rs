//! The round's rows: looked up and written in batches, so that a burst costs a handful of
//! statements, not some for each check.

mod answered;
mod checks;
mod findings;
pub mod history;
mod lists;
mod names;
mod opening;
mod paper;
mod places;
mod reading;
mod standings;
pub mod turn;

pub use answered::push_answered;
pub use checks::{CheckRow, chains, checks, insert_checks, outcome_key, source_key};
pub use findings::{
    FindingRow, NewFinding, findings_of, insert_findings, put_finding_state, put_finding_told,
};
pub use lists::{HouseholdRow, Listing, Resident, contact, household, households, mine, phone, residents};
pub use names::stewards_near;
pub use opening::{expected, open_day, open_days};
pub use paper::residents_of;
pub use places::{Member, Operation, Place, Presence, members, operations, places, put_presences};
pub use reading::{
    NamedCheck, count_checks, days_to_open, last_checks, moving_days, of_day, opened_days, towns,
};
pub use standings::{Counted, StandingRow, counted, put_standings};

/// A household's day: (town, household, day).
pub type HouseholdDay = (i64, i64, i32);
