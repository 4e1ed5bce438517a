//! The rows of an uploaded table, as they are kept between preview and confirmation.

use base::fold_width;
use office::{Limits, ReadError, Table};
use serde::{Deserialize, Serialize};

use super::columns::{Column, HeadFault, recognise};

/// The columns that are taken, and every row of the table.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Sheet {
    /// What each cell of a row holds, with the words over it.
    pub columns: Vec<(Column, String)>,
    pub rows: Vec<Cells>,
    /// Columns that are not taken, by the words over them.
    pub ignored: Vec<String>,
    /// Other sheets of the workbook, which were not read.
    pub unread: Vec<String>,
}

/// The cells of one row.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Cells {
    /// As the spreadsheet program counts, from 1.
    pub line: u32,
    /// As many as there are columns; full-width forms made plain.
    pub cells: Vec<String>,
    /// Places of cells whose last digits are lost, and of cells that show an error.
    pub lost: Vec<usize>,
    pub faulty: Vec<usize>,
}

/// Why a file holds no list that can be taken in.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unread {
    #[error(transparent)]
    File(#[from] ReadError),
    #[error(transparent)]
    Head(#[from] HeadFault),
    #[error("the table has a header and no row below it")]
    NoRows,
}

impl Unread {
    /// The message that says what to do, with what it speaks of.
    pub fn message(&self) -> (&'static str, Vec<(&'static str, String)>) {
        match self {
            Unread::File(error) => (error.key(), error.args()),
            Unread::Head(fault) => (fault.key(), vec![("found", fault.found().to_owned())]),
            Unread::NoRows => ("import-no-rows", Vec::new()),
        }
    }
}

impl Sheet {
    /// Reads an .xlsx or CSV file.
    pub fn read(file: &[u8]) -> Result<Sheet, Unread> {
        let table = Table::read(file, &Limits::default())?;
        let columns = recognise(&table.head.columns)?;
        let named = columns.iter().zip(&table.head.columns);
        let ignored = named.clone().filter(|(column, name)| column.is_none() && !name.is_empty());
        let ignored = ignored.map(|(_, name)| name.clone()).collect();
        let taken: Vec<usize> = (0..columns.len()).filter(|at| columns[*at].is_some()).collect();
        let columns = named.filter_map(|(column, name)| Some(((*column)?, name.clone()))).collect();
        let rows: Vec<Cells> = table.rows.into_iter().map(|row| cells(row, &taken)).collect();
        let rows: Vec<Cells> =
            rows.into_iter().filter(|row| row.cells.iter().any(|c| !c.is_empty())).collect();
        if rows.is_empty() {
            return Err(Unread::NoRows);
        }
        Ok(Sheet { columns, rows, ignored, unread: table.head.unread })
    }

    /// Where a column's cell stands in a row.
    pub fn place(&self, column: Column) -> Option<usize> {
        self.columns.iter().position(|(own, _)| *own == column)
    }

    pub fn has(&self, column: Column) -> bool {
        self.place(column).is_some()
    }
}

fn cells(row: office::Row, taken: &[usize]) -> Cells {
    let marked = |wanted: office::Remark| {
        let places = taken.iter().enumerate();
        let marked = places.filter(|(_, at)| row.remarks.contains(&(**at, wanted)));
        marked.map(|(place, _)| place).collect()
    };
    let (lost, faulty) = (marked(office::Remark::DigitsLost), marked(office::Remark::ErrorValue));
    let cell = |at: &usize| row.cells.get(*at).map(|cell| fold_width(cell)).unwrap_or_default();
    Cells { line: row.number, cells: taken.iter().map(cell).collect(), lost, faulty }
}
