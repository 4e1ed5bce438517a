//! Where the cells and lines of every format go, against the limits of the file.

use super::error::ReadError;
use super::grid::{Grid, Merge};
use super::number;
use super::table::{Limits, Remark, Row};

/// Keeps all lines that hold something, sheet by sheet, and counts what has come.
pub struct Pile {
    limits: Limits,
    rows: u32,
    cells: u64,
    text_bytes: u64,
    grids: Vec<Grid>,
}

impl Pile {
    pub fn new(limits: &Limits) -> Pile {
        Pile { limits: limits.clone(), rows: 0, cells: 0, text_bytes: 0, grids: vec![] }
    }

    /// Begins another sheet; `merges` are none where the format does not tell them.
    pub fn open(&mut self, sheet: Option<String>, merges: Option<Vec<Merge>>) {
        self.grids.push(Grid { sheet, lines: vec![], merges });
    }

    /// Whether the sheet that was begun last holds nothing so far.
    pub fn is_blank(&self) -> bool {
        self.grids.last().is_none_or(|grid| grid.lines.is_empty())
    }

    /// Puts a cell into its row, if it holds something and the limits allow it.
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
        // .ods and CSV hold what is shown of an error, and no more.
        let remark = remark.or_else(|| number::is_error(&text).then_some(Remark::ErrorValue));
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

    /// Keeps a row; a blank one is dropped. Blanks before its last cell count as cells: they take room as
    /// well.
    pub fn row(&mut self, row: Row) -> Result<(), ReadError> {
        if row.cells.is_empty() {
            return Ok(());
        }
        let Limits { rows, cells, .. } = self.limits;
        if self.rows >= rows {
            return Err(ReadError::TooManyRows { line: row.number, limit: rows });
        }
        self.cells += row.cells.iter().filter(|cell| cell.is_empty()).count() as u64;
        if self.cells > cells {
            return Err(ReadError::TooManyCells { line: row.number, limit: cells });
        }
        self.rows += 1;
        if let Some(grid) = self.grids.last_mut() {
            grid.lines.push(row);
        }
        Ok(())
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
