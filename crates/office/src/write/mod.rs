//! Rows to files.

mod book;
mod cells;
mod csv;
mod error;
mod export;
mod height;
mod look;
mod name;
mod page;
mod sheet;

pub use book::{Book, OpenSheet};
pub use csv::CsvSheet;
pub use error::WriteError;
pub use export::{Export, Format};
pub use sheet::{Cell, Column, Kind, Sheet};
