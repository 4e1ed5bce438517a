//! The gate that every cell of every format passes: limits, and which line is the header.

use std::ops::ControlFlow;

use super::error::ReadError;
use super::table::{Head, Limits, Remark, Row};

/// Lines of one cell that may stand above a header; after more the table has one column.
const MOST_TITLES: usize = 20;

type Take<'a> = &'a mut dyn FnMut(&Head, Row) -> ControlFlow<()>;

pub struct Intake<'a> {
    limits: &'a Limits,
    take: Take<'a>,
    head: Head,
    /// Lines of one cell each, until a wider line shows that they are titles.
    waiting: Vec<Row>,
    rows: u32,
    cells: u64,
    text_bytes: u64,
    stopped: bool,
}

impl<'a> Intake<'a> {
    pub fn new(limits: &'a Limits, take: Take<'a>) -> Intake<'a> {
        let head = Head::default();
        Intake { limits, take, head, waiting: vec![], rows: 0, cells: 0, text_bytes: 0, stopped: false }
    }

    /// Whether a row with something in it has come.
    pub fn is_empty(&self) -> bool {
        self.rows == 0
    }

    /// Whether the taker wants no more.
    pub fn is_stopped(&self) -> bool {
        self.stopped
    }

    /// Puts a cell into its row, if it holds something and the limits allow it.
    pub fn cell(
        &mut self,
        row: &mut Row,
        column: usize,
        text: String,
        remark: Option<Remark>,
    ) -> Result<(), ReadError> {
        if text.trim().is_empty() {
            return Ok(());
        }
        self.admit(row.number, column, &text)?;
        if row.cells.len() <= column {
            row.cells.resize(column + 1, String::new());
        }
        row.cells[column] = text;
        row.remarks.extend(remark.map(|remark| (column, remark)));
        Ok(())
    }

    fn admit(&mut self, line: u32, column: usize, text: &str) -> Result<(), ReadError> {
        let Limits { columns, cells, cell_chars, text_bytes, .. } = *self.limits;
        self.cells += 1;
        self.text_bytes += text.len() as u64;
        if column >= columns {
            return Err(ReadError::TooManyColumns { line, column, limit: columns });
        }
        if text.len() > cell_chars && text.chars().count() > cell_chars {
            return Err(ReadError::CellTooLong { line, column, limit: cell_chars });
        }
        if self.cells > cells {
            return Err(ReadError::TooManyCells { line, limit: cells });
        }
        if self.text_bytes > text_bytes {
            return Err(ReadError::TooMuchText { line, limit: text_bytes });
        }
        Ok(())
    }

    /// Hands a row on; a blank one is dropped.
    pub fn row(&mut self, row: Row) -> Result<(), ReadError> {
        if row.cells.is_empty() || self.stopped {
            return Ok(());
        }
        if self.rows >= self.limits.rows {
            return Err(ReadError::TooManyRows { line: row.number, limit: self.limits.rows });
        }
        // The blanks that fill a row up take room as well.
        let width = row.cells.len().max(self.head.columns.len());
        self.cells += row.cells.iter().filter(|cell| cell.is_empty()).count() as u64;
        self.cells += (width - row.cells.len()) as u64;
        if self.cells > self.limits.cells {
            return Err(ReadError::TooManyCells { line: row.number, limit: self.limits.cells });
        }
        self.rows += 1;
        if !self.head.columns.is_empty() {
            self.give(row);
        } else if row.cells.iter().filter(|cell| !cell.is_empty()).count() > 1 {
            self.head.titles = self.waiting.drain(..).flat_map(|title| title.cells).collect();
            self.head.titles.retain(|title| !title.is_empty());
            self.set_header(row);
        } else if self.waiting.len() < MOST_TITLES {
            self.waiting.push(row);
        } else {
            self.settle_on_one_column();
            self.give(row);
        }
        Ok(())
    }

    /// The end of the table; which sheet it was, the caller says.
    pub fn close(mut self) -> Result<Head, ReadError> {
        if self.head.columns.is_empty() {
            self.settle_on_one_column();
        }
        if self.is_empty() { Err(ReadError::Empty) } else { Ok(self.head) }
    }

    /// No line was wider than one cell: the first is the header, the others are rows.
    fn settle_on_one_column(&mut self) {
        let mut lines = std::mem::take(&mut self.waiting).into_iter();
        if let Some(first) = lines.next() {
            self.set_header(first);
        }
        lines.for_each(|line| self.give(line));
    }

    fn set_header(&mut self, row: Row) {
        self.head.line = row.number;
        self.head.columns = row.cells.iter().map(|cell| cell.trim().to_owned()).collect();
    }

    fn give(&mut self, mut row: Row) {
        let width = row.cells.len().max(self.head.columns.len());
        row.cells.resize(width, String::new());
        if !self.stopped {
            self.stopped = (self.take)(&self.head, row).is_break();
        }
    }
}
