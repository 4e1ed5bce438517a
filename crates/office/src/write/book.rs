//! XLSX. Rows go to a temporary file as they come, so that a long list needs no more memory than
//! a short one.

use std::io::Write;
use std::panic::{AssertUnwindSafe, catch_unwind};

use base::Moment;
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Workbook, Worksheet, XlsxError};

use super::cells::{check, put};
use super::error::WriteError;
use super::height;
use super::look::{self, CellLooks, LineLook};
use super::name::free_name;
use super::page;
use super::sheet::{Cell, Column, Sheet};

/// Rows whose heights are set. Each costs memory to the end of the sheet; a list longer than this
/// is not for paper.
const MEASURED: u32 = 2_000;

/// A workbook in the making.
pub struct Book {
    workbook: Workbook,
    names: Vec<String>,
}

/// A sheet that takes rows; [`OpenSheet::finish`] gives the book back.
pub struct OpenSheet {
    book: Book,
    columns: Vec<Column>,
    plain: CellLooks,
    total: CellLooks,
    notes: Vec<String>,
    /// The row that is written next, from 0.
    next: u32,
}

impl Book {
    /// A book without sheets. `made` is its date of creation: the same rows and the same moment
    /// give the same bytes.
    pub fn new(made: Moment) -> Book {
        let mut workbook = Workbook::new();
        if let Ok(at) = ExcelDateTime::from_timestamp(made.0.div_euclid(1_000)) {
            workbook.set_properties(&DocProperties::new().set_creation_datetime(&at));
        }
        Book { workbook, names: Vec::new() }
    }

    /// Begins a sheet: page, lines above, header.
    pub fn open(mut self, sheet: &Sheet) -> Result<OpenSheet, WriteError> {
        if sheet.columns.is_empty() {
            return Err(WriteError::NoColumns);
        }
        let name = free_name(&sheet.name, &self.names);
        self.names.push(name.clone());
        let next = survive(|| {
            let page = self.workbook.add_worksheet_with_constant_memory()?;
            page.set_name(name)?;
            write_above(page, sheet)
        })?;
        let (plain, total) = (CellLooks::plain(&sheet.columns), CellLooks::total(&sheet.columns));
        Ok(OpenSheet {
            book: self,
            columns: sheet.columns.clone(),
            plain,
            total,
            notes: sheet.notes.clone(),
            next,
        })
    }

    /// Writes the file. Nothing goes to `out` before: a list whose rows failed leaves no half file.
    pub fn save(mut self, out: impl Write + Send) -> Result<(), WriteError> {
        survive(|| self.workbook.save_to_writer(out))
    }
}

impl OpenSheet {
    /// Writes a row: as many cells as the list has columns.
    pub fn row(&mut self, cells: Vec<Cell>) -> Result<(), WriteError> {
        self.write(cells, false)
    }

    /// Writes a row that sums up the others.
    pub fn total(&mut self, cells: Vec<Cell>) -> Result<(), WriteError> {
        self.write(cells, true)
    }

    pub fn rows(&mut self, rows: impl IntoIterator<Item = Vec<Cell>>) -> Result<(), WriteError> {
        rows.into_iter().try_for_each(|cells| self.row(cells))
    }

    /// Writes the lines below, one line apart.
    pub fn finish(mut self) -> Result<Book, WriteError> {
        let page = self.book.workbook.worksheet_from_index(self.book.names.len() - 1)?;
        // The library writes the last row twice if its height was set, and Excel calls the file
        // broken. So there is always one more, with an unseen cell.
        survive(|| page.write_blank(self.next, 0, &look::unseen()).map(drop))?;
        for (row, line) in (self.next + 1..).zip(self.notes) {
            survive(|| page.write_string(row, 0, line).map(drop))?;
        }
        Ok(self.book)
    }

    fn write(&mut self, cells: Vec<Cell>, total: bool) -> Result<(), WriteError> {
        let (row, line) = (self.next, self.next + 1);
        if cells.len() != self.columns.len() {
            return Err(WriteError::CellCount { line, found: cells.len(), expected: self.columns.len() });
        }
        for (column, cell) in cells.iter().enumerate() {
            check(cell, line, column)?;
        }
        let looks = if total { &self.total } else { &self.plain };
        let page = self.book.workbook.worksheet_from_index(self.book.names.len() - 1)?;
        if row < MEASURED
            && let Some(points) = height::of(height::texts(&cells, &self.columns))
        {
            survive(|| page.set_row_height(row, points).map(drop))?;
        }
        for (column, cell) in (0u16..).zip(cells) {
            let format = looks.of(&cell, usize::from(column));
            survive(|| put(page, row, column, cell, format))?;
        }
        self.next += 1;
        Ok(())
    }
}

/// The row below the header.
fn write_above(page: &mut Worksheet, sheet: &Sheet) -> Result<u32, XlsxError> {
    let lines = lines_above(sheet);
    let header = u32::try_from(lines.len()).map_err(|_| XlsxError::RowColumnLimitError)?;
    page::set_up(page, sheet, header)?;
    for (row, (text, look)) in (0..).zip(lines) {
        page.set_row_height(row, look.height)?;
        page.write_string_with_format(row, 0, text, &look.format)?;
    }
    if let Some(points) = height::of(sheet.columns.iter().map(|column| (column.title.as_str(), column.width)))
    {
        page.set_row_height(header, points)?;
    }
    for (column, described) in (0..).zip(&sheet.columns) {
        page.write_string_with_format(header, column, &described.title, &look::header(described.kind))?;
    }
    Ok(header + 1)
}

fn lines_above(sheet: &Sheet) -> Vec<(&str, LineLook)> {
    let mark = sheet.mark.iter().map(|text| (text.as_str(), look::mark()));
    let titles = sheet.titles.iter().enumerate().map(|(n, text)| (text.as_str(), look::title(n == 0)));
    let watermark = sheet.watermark.iter().map(|text| (text.as_str(), look::watermark()));
    mark.chain(titles).chain(watermark).collect()
}

/// The writer panics where its temporary file fails (a full disk); here that is an error.
fn survive<T>(work: impl FnOnce() -> Result<T, XlsxError>) -> Result<T, WriteError> {
    match catch_unwind(AssertUnwindSafe(work)) {
        Ok(result) => result.map_err(WriteError::from),
        Err(_) => Err(WriteError::Scratch("the rows could not be kept".to_owned())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_disk_is_an_error_and_no_panic() {
        let full = survive::<()>(|| panic!("no space left on device"));
        assert!(matches!(full, Err(WriteError::Scratch(_))));
    }
}
