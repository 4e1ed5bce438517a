//! Where the lines of one table go: which of them is the header, and the rows below it.

use std::ops::ControlFlow;

use super::error::ReadError;
use super::gate::{Gate, Lines};
use super::table::{Head, Limits, Row};

/// Lines of one cell that may stand above a header; after more the table has one column.
const MOST_TITLES: usize = 20;

type Take<'a> = &'a mut dyn FnMut(&Head, Row) -> ControlFlow<()>;

pub struct Intake<'a> {
    gate: Gate,
    take: Take<'a>,
    head: Head,
    /// Lines of one cell each, until a wider line shows that they are titles.
    waiting: Vec<Row>,
    stopped: bool,
}

impl<'a> Intake<'a> {
    pub fn new(limits: &Limits, take: Take<'a>) -> Intake<'a> {
        let head = Head::default();
        Intake { gate: Gate::new(limits), take, head, waiting: vec![], stopped: false }
    }

    /// Whether a row with something in it has come.
    pub fn is_empty(&self) -> bool {
        self.gate.rows == 0
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

impl Lines for Intake<'_> {
    fn gate(&mut self) -> &mut Gate {
        &mut self.gate
    }

    /// Hands a row on; a blank one is dropped.
    fn row(&mut self, row: Row) -> Result<(), ReadError> {
        if row.cells.is_empty() || self.stopped {
            return Ok(());
        }
        self.gate.row(&row, self.head.columns.len())?;
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

    fn is_stopped(&self) -> bool {
        self.stopped
    }
}
