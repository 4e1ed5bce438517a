//! The rows of an uploaded table, as they are kept between preview and confirmation.

use base::fold_width;
use office::ReadError;
use serde::{Deserialize, Serialize};

use super::columns::{Column, HeadFault};

/// Stands between the cells of a whole row; in none of them, since control characters are not read.
pub const BETWEEN: char = '\u{1f}';

/// The columns that are taken, and every row of the table.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Sheet {
    /// What each cell of a row holds, with the words over it.
    pub columns: Vec<(Column, String)>,
    /// The words over all columns of the file, and where among them those that are taken stand.
    pub header: Vec<String>,
    pub taken: Vec<usize>,
    pub rows: Vec<Cells>,
    /// Columns that are not taken, by the words over them.
    pub ignored: Vec<String>,
    /// Other sheets of the workbook, which were not read.
    pub unread: Vec<String>,
    /// Lines that were passed over: totals, the header once more.
    pub passed: Vec<Passed>,
    /// Whether the columns are read as was said of an earlier list.
    pub remembered: bool,
}

/// A line that is nobody's.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Passed {
    /// The sheet it stands in; empty where the file has one.
    pub sheet: String,
    pub line: u32,
    /// What begins it.
    pub text: String,
}

/// The cells of one row.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Cells {
    /// As the spreadsheet program counts, from 1.
    pub line: u32,
    /// The sheet it stands in; empty where the file has one.
    pub sheet: String,
    /// As many as there are columns; full-width forms made plain.
    pub cells: Vec<String>,
    /// All cells of the file's row as they are written, with [`BETWEEN`] between them.
    pub whole: String,
    /// Places of cells whose last digits are lost, and of cells that show an error.
    pub lost: Vec<usize>,
    pub faulty: Vec<usize>,
}

/// Where a row stands, as people find it again: its sheet, where the file has several, and its line.
pub fn place(sheet: &str, line: u32) -> String {
    format!("{sheet} {line}").trim_start().to_owned()
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
    /// Where a column's cell stands in a row.
    pub fn place(&self, column: Column) -> Option<usize> {
        self.columns.iter().position(|(own, _)| *own == column)
    }

    pub fn has(&self, column: Column) -> bool {
        self.place(column).is_some()
    }

    /// A row as it stood in the file. Cells that are blank because they were merged with one above say
    /// what that one says; those that show an error or have lost digits are left blank.
    pub fn whole(&self, row: &Cells) -> Vec<String> {
        let mut whole: Vec<String> = row.whole.split(BETWEEN).map(str::to_owned).collect();
        whole.resize(self.header.len(), String::new());
        for (at, place) in self.taken.iter().enumerate() {
            if row.lost.contains(&at) || row.faulty.contains(&at) {
                whole[*place].clear();
            } else if whole[*place].trim().is_empty() {
                whole[*place].clone_from(&row.cells[at]);
            }
        }
        whole
    }

    /// The same list with some of its rows, by their places.
    pub fn only(&self, rows: &[usize]) -> Sheet {
        let rows = rows.iter().map(|at| self.rows[*at].clone()).collect();
        let (columns, header, taken) = (self.columns.clone(), self.header.clone(), self.taken.clone());
        Sheet { columns, header, taken, rows, ..Sheet::default() }
    }

    /// Gives the cells that are blank below another its text, where the format does not tell merged cells.
    pub(super) fn fill_blanks(&mut self) {
        let keys = [Column::Number, Column::Head, Column::Relation];
        if !keys.into_iter().any(|column| self.has(column)) {
            self.fill(Column::House);
        }
        self.fill(Column::Village);
        self.fill(Column::Group);
    }

    /// So of a column that is written so: its first cell filled, at most every second one.
    fn fill(&mut self, column: Column) {
        let Some(at) = self.place(column) else { return };
        let filled = self.rows.iter().filter(|row| !row.cells[at].is_empty()).count();
        if filled * 2 > self.rows.len() || self.rows.first().is_none_or(|row| row.cells[at].is_empty()) {
            return;
        }
        let mut above = String::new();
        for row in &mut self.rows {
            if row.cells[at].is_empty() {
                row.cells[at].clone_from(&above);
            } else {
                above.clone_from(&row.cells[at]);
            }
        }
    }
}

/// A cell as it is taken: full-width forms made plain, without marks that are not seen.
pub(super) fn plain(cell: &str) -> String {
    let unseen = |c: char| matches!(c, '\u{200b}'..='\u{200f}' | '\u{feff}' | '\u{2060}');
    // First made plain: a mark in full width is none that is kept either.
    let folded = fold_width(cell);
    folded.trim_matches(|c: char| unseen(c) || c.is_whitespace() || c == '`' || c == '\'').to_owned()
}
