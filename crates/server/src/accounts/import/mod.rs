//! Accounts in bulk from a spreadsheet: read, planned with an outcome for every row, then all made or
//! none.

mod columns;
mod logins;
mod plan;

pub use columns::{Entry, Wrong, read};
pub use logins::{free_login, free_logins};
pub use plan::{Outcome, Plan, Planned, plan};
