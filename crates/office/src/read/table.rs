//! What a table is once it is read, and how large it may be.

use std::ops::ControlFlow;

use super::error::ReadError;

/// How much a file may ask for. Every limit has its own error.
#[derive(Clone, Debug)]
pub struct Limits {
    pub file_bytes: u64,
    /// Of one part of a workbook, unpacked.
    pub part_bytes: u64,
    /// Of all parts of a workbook, unpacked.
    pub unpacked_bytes: u64,
    /// Rows that hold something, the header among them.
    pub rows: u32,
    pub columns: usize,
    /// Cells that hold something.
    pub cells: u64,
    pub cell_chars: usize,
    /// Of the text of all cells together: one long text can stand in many cells for few bytes.
    pub text_bytes: u64,
}

impl Default for Limits {
    /// Room for the register of a town: 40,000 people in 40 columns, twice over.
    fn default() -> Limits {
        Limits {
            file_bytes: 20 << 20,
            part_bytes: 160 << 20,
            unpacked_bytes: 240 << 20,
            rows: 100_000,
            columns: 256,
            cells: 3_200_000,
            cell_chars: 4_096,
            text_bytes: 128 << 20,
        }
    }
}

/// What stands above the rows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Head {
    /// Lines of one cell above the header.
    pub titles: Vec<String>,
    /// The header's line as the spreadsheet program shows it, from 1.
    pub line: u32,
    /// The header's cells, trimmed; blank ones at the end are left out.
    pub columns: Vec<String>,
    /// The sheet that was read; none in CSV.
    pub sheet: Option<String>,
    /// Other visible sheets that hold something and were not read: tell people.
    pub unread: Vec<String>,
}

/// A row below the header that holds something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Its line as the spreadsheet program shows it, from 1.
    pub number: u32,
    /// As many as the header has columns; more where the row reaches beyond it.
    pub cells: Vec<String>,
    /// What must not be taken on trust, by column from 0.
    pub remarks: Vec<(usize, Remark)>,
}

/// Why a cell is not to be trusted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Remark {
    /// A number of more than 15 digits (an identity number, a bank card) was stored as a number:
    /// the program that saved it has replaced the last digits.
    DigitsLost,
    /// The cell shows an error, such as #N/A.
    ErrorValue,
}

/// A whole table in memory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    pub head: Head,
    pub rows: Vec<Row>,
}

impl Table {
    /// Reads an .xlsx or CSV (UTF-8) file: the first visible sheet that holds something. Formulas
    /// read as the values that were saved with them; one saved without a value reads as blank.
    pub fn read(file: &[u8], limits: &Limits) -> Result<Table, ReadError> {
        let mut rows = Vec::new();
        let head = super::each_row(file, limits, |_, row| {
            rows.push(row);
            ControlFlow::Continue(())
        })?;
        Ok(Table { head, rows })
    }
}
