//! Rows in, XLSX and CSV out; plain rows back from the workbooks and CSV files that people have.
//! Knows nothing of the web, of databases or of features: the caller brings words and rows.
//!
//! Writing: describe a [`Sheet`], then feed an [`Export`] (one list, either format) or a [`Book`]
//! (several sheets) row by row. Reading: [`grids`] for workbooks of any make, as they lie; [`Table::of`]
//! for the first sheet of them with a header line above its rows.

mod formula;
mod read;
mod write;

pub use read::{
    Grid, Head, Limits, Merge, ReadError, Remark, Row, Table, column_name, grids, old_grids, receive, send,
};
pub use write::{Book, Cell, Column, CsvSheet, Export, Format, Kind, OpenSheet, Sheet, WriteError};
