//! The findings' pages: the list, one finding and what may be done with it.

mod list;
mod one;

pub use list::{list, watch};
pub use one::{close, reopen, show, take};
