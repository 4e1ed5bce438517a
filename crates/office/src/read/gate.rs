//! The gate that every cell of every format passes, and where lines go that pass it.

use super::error::ReadError;
use super::grid::{Grid, Merge};
use super::table::{Limits, Remark, Row};

/// Takes the cells and lines of a file as they come.
pub trait Lines {
    fn gate(&mut self) -> &mut Gate;

    /// Puts a cell into its row, if it holds something and the limits allow it.
    fn cell(
        &mut self,
        row: &mut Row,
        column: usize,
        text: String,
        remark: Option<Remark>,
    ) -> Result<(), ReadError> {
        self.gate().cell(row, column, text, remark)
    }

    fn row(&mut self, row: Row) -> Result<(), ReadError>;

    /// Whether no more is wanted.
    fn is_stopped(&self) -> bool {
        false
    }
}

/// Counts what has come, against the limits of the file.
pub struct Gate {
    limits: Limits,
    pub rows: u32,
    cells: u64,
    text_bytes: u64,
}

impl Gate {
    pub fn new(limits: &Limits) -> Gate {
        Gate { limits: limits.clone(), rows: 0, cells: 0, text_bytes: 0 }
    }

    pub fn cell(
        &mut self,
        row: &mut Row,
        column: usize,
        text: String,
        remark: Option<Remark>,
    ) -> Result<(), ReadError> {
        let text = base::without_controls(text);
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
        let Limits { columns, cells, cell_chars, text_bytes, .. } = self.limits;
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

    /// Counts a row that holds something and will be filled up to `width` cells: blanks take room as well.
    pub fn row(&mut self, row: &Row, width: usize) -> Result<(), ReadError> {
        let Limits { rows, cells, .. } = self.limits;
        if self.rows >= rows {
            return Err(ReadError::TooManyRows { line: row.number, limit: rows });
        }
        self.cells += row.cells.iter().filter(|cell| cell.is_empty()).count() as u64;
        self.cells += width.saturating_sub(row.cells.len()) as u64;
        if self.cells > cells {
            return Err(ReadError::TooManyCells { line: row.number, limit: cells });
        }
        self.rows += 1;
        Ok(())
    }
}

/// Keeps all lines, sheet by sheet.
pub struct Pile {
    gate: Gate,
    grids: Vec<Grid>,
}

impl Pile {
    pub fn new(limits: &Limits) -> Pile {
        Pile { gate: Gate::new(limits), grids: vec![] }
    }

    /// Begins another sheet; `merges` are none where the format does not tell them.
    pub fn open(&mut self, sheet: Option<String>, merges: Option<Vec<Merge>>) {
        self.grids.push(Grid { sheet, lines: vec![], merges });
    }

    /// Whether the sheet that was begun last holds nothing so far.
    pub fn is_blank(&self) -> bool {
        self.grids.last().is_none_or(|grid| grid.lines.is_empty())
    }

    pub fn merge(&mut self, merge: Merge) {
        if let Some(merges) = self.grids.last_mut().and_then(|grid| grid.merges.as_mut()) {
            merges.push(merge);
        }
    }

    /// The sheets that hold something.
    pub fn close(mut self) -> Result<Vec<Grid>, ReadError> {
        self.grids.retain(|grid| !grid.lines.is_empty());
        if self.grids.is_empty() { Err(ReadError::Empty) } else { Ok(self.grids) }
    }
}

impl Lines for Pile {
    fn gate(&mut self) -> &mut Gate {
        &mut self.gate
    }

    fn row(&mut self, row: Row) -> Result<(), ReadError> {
        if !row.cells.is_empty() {
            self.gate.row(&row, 0)?;
            if let Some(grid) = self.grids.last_mut() {
                grid.lines.push(row);
            }
        }
        Ok(())
    }
}
