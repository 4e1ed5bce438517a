//! Backups: all tables of one moment in one sealed file, which either engine reads back (ADR 12). Made
//! beside the program's work or by it, checked by being read whole before it is said to be there.
//! Restored into an empty database, in one transaction.

mod aside;
mod entries;
mod file;
mod jobs;
mod keep;
mod key;
mod line;
mod make;
mod restore;
mod seal;
mod shelf;
mod show;

pub use entries::{By, OBJECT, Status, made as record_made, removed as record_removed, status};
pub use file::{Header, Sealed, Unreadable};
pub use jobs::{Plan, keep_making, make_due};
pub use keep::{Keep, USUAL};
pub use key::{FILE as KEY_FILE, Key, NoKey, VARIABLE as KEY_VARIABLE};
pub use make::{ENDING, Made, NotMade, Wanted, make, untold};
pub use restore::{NotRestored, Restored, restore};
pub use shelf::{Kept, Shelf, remove_older, rotate};
pub use show::{Line, line};

#[cfg(test)]
mod tests;
