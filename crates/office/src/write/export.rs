//! One list in the format that its reader asked for.

use std::io::Write;

use base::Moment;

use super::book::{Book, OpenSheet};
use super::csv::CsvSheet;
use super::error::WriteError;
use super::sheet::{Cell, Sheet};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    Xlsx,
    Csv,
}

impl Format {
    /// The end of a file's name, without the dot.
    pub fn extension(self) -> &'static str {
        match self {
            Format::Xlsx => "xlsx",
            Format::Csv => "csv",
        }
    }

    /// The media type, as registered with IANA.
    pub fn media_type(self) -> &'static str {
        match self {
            Format::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Format::Csv => "text/csv; charset=utf-8",
        }
    }
}

/// A list being written to `W`. CSV goes out row by row, XLSX when it is finished.
pub enum Export<W: Write + Send> {
    Xlsx(Box<OpenSheet>, W),
    Csv(Box<CsvSheet<W>>),
}

impl<W: Write + Send> Export<W> {
    /// `made` is the workbook's date of creation; CSV bears none.
    pub fn open(format: Format, sheet: &Sheet, made: Moment, out: W) -> Result<Export<W>, WriteError> {
        Ok(match format {
            Format::Xlsx => Export::Xlsx(Box::new(Book::new(made).open(sheet)?), out),
            Format::Csv => Export::Csv(Box::new(CsvSheet::open(sheet, out)?)),
        })
    }

    /// Writes a row: as many cells as the list has columns.
    pub fn row(&mut self, cells: Vec<Cell>) -> Result<(), WriteError> {
        match self {
            Export::Xlsx(sheet, _) => sheet.row(cells),
            Export::Csv(sheet) => sheet.row(cells),
        }
    }

    /// Writes a row that sums up the others.
    pub fn total(&mut self, cells: Vec<Cell>) -> Result<(), WriteError> {
        match self {
            Export::Xlsx(sheet, _) => sheet.total(cells),
            Export::Csv(sheet) => sheet.row(cells),
        }
    }

    /// Writes what is left; without it an XLSX file stays empty and a CSV file may lack its end.
    pub fn finish(self) -> Result<(), WriteError> {
        match self {
            Export::Xlsx(sheet, out) => sheet.finish()?.save(out),
            Export::Csv(sheet) => sheet.finish().map(drop),
        }
    }
}
