//! The database: the only place that knows that there are two engines.
//!
//! A store function takes a [`Snapshot`] to read or a [`Tx`] to write and holds one SQL text for
//! both engines; [`on_db!`] runs the same `sqlx` call on whichever is open. Placeholders are `$1`.
//! Many rows at once are handed over as [`Rows`]; conditions that vary are put together with
//! `sqlx::QueryBuilder`, which both engines take.

mod copy;
mod group_commit;
mod migrate;
mod numbers;
mod open;
mod rows;
mod schema;
mod statistics;
#[cfg(feature = "testing")]
mod testing;
mod transaction;

pub use copy::{BATCH, Batch, Row, Value, read_all};
pub use group_commit::{Apply, GroupCommit, NotWritten};
pub use migrate::{Newer, latest_version};
pub use numbers::take_numbers;
pub use open::{Db, OpenError};
pub use rows::Rows;
pub use schema::{Column, Kind, Table, tables};
#[cfg(feature = "testing")]
pub use testing::TestDb;
pub use transaction::{Connection, Snapshot, Tx};

/// What a statement may fail with.
pub type Error = sqlx::Error;
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Whether a write was refused because a key or unique index already holds such a row.
pub fn is_taken(error: &Error) -> bool {
    error.as_database_error().is_some_and(|e| e.is_unique_violation())
}
