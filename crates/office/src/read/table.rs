//! What a table is once it is read, and how large it may be.

use serde::{Deserialize, Serialize};

use super::error::ReadError;
use super::grid::Grid;

/// Lines of one cell that may stand above a header.
const MOST_TITLES: usize = 20;

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

/// A row that holds something.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Row {
    /// Its line as the spreadsheet program shows it, from 1.
    pub number: u32,
    /// Up to the last that holds something; below a header, at least as many as it has columns.
    pub cells: Vec<String>,
    /// What must not be taken on trust, by column from 0.
    pub remarks: Vec<(usize, Remark)>,
}

/// Why a cell is not to be trusted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Remark {
    /// A number of more than 15 digits (an identity number, a bank card) was stored as a number:
    /// the program that saved it has replaced the last digits.
    DigitsLost,
    /// The cell shows an error, such as #N/A.
    ErrorValue,
}

/// The first sheet of a file, with a header line above its rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    pub head: Head,
    pub rows: Vec<Row>,
}

impl Table {
    /// The header is the first line of several cells; lines of one cell above it (the list's name, a
    /// watermark) are titles. After many such lines, and where no line is wider, the table has one column.
    pub fn of(grids: Vec<Grid>) -> Result<Table, ReadError> {
        let mut grids = grids.into_iter();
        let Grid { sheet, mut lines, .. } = grids.next().ok_or(ReadError::Empty)?;
        let is_wide = |line: &Row| line.cells.iter().filter(|cell| !cell.is_empty()).count() > 1;
        let at = lines.iter().take(MOST_TITLES + 1).position(is_wide).unwrap_or(0);
        let mut rows = lines.split_off(at + 1);
        let header = lines.pop().ok_or(ReadError::Empty)?;
        let head = Head {
            titles: lines.into_iter().flat_map(|line| line.cells).filter(|cell| !cell.is_empty()).collect(),
            line: header.number,
            columns: header.cells.iter().map(|cell| cell.trim().to_owned()).collect(),
            sheet,
            unread: grids.filter_map(|grid| grid.sheet).collect(),
        };
        for row in &mut rows {
            row.cells.resize(row.cells.len().max(head.columns.len()), String::new());
        }
        Ok(Table { head, rows })
    }

    /// Reads a file of any make in this process, however much memory it takes.
    pub fn read(file: &[u8], limits: &Limits) -> Result<Table, ReadError> {
        Table::of(super::grids(file, limits, super::old_grids)?)
    }
}
