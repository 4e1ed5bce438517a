//! Rows in, XLSX and CSV out; plain rows back from the workbooks and CSV files that people have.
//! Knows nothing of the web, of databases or of features: the caller brings words and rows.
//!
//! Writing: describe a [`Sheet`], then feed an [`Export`] (one list, either format) or a [`Book`]
//! (several sheets) row by row. Reading: [`Table::read`], or [`each_row`] for long files; [`grids`]
//! for whole workbooks of any make, as they lie.

mod formula;
mod read;
mod write;

pub use read::{
    Grid, Head, Limits, Merge, ReadError, Remark, Row, Table, column_name, each_row, grids, old_grids,
    receive, send,
};
pub use write::{Book, Cell, Column, CsvSheet, Export, Format, Kind, OpenSheet, Sheet, WriteError};
