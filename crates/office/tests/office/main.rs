//! What people's files become, and what ours look like to others.
#![expect(clippy::unwrap_used, reason = "what a test needs and lacks ends it")]

mod broken;
mod csv_reading;
mod fixtures;
mod hostile;
mod limits;
mod package;
mod round_trip;
mod writing;
