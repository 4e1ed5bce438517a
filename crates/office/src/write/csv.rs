//! CSV in UTF-8 with the mark that Excel in China needs to see it as such, lines as in RFC 4180.

use std::io::Write;

use csv::{Terminator, Writer, WriterBuilder};

use super::cells::{check, day_time};
use super::error::WriteError;
use super::sheet::{Cell, Kind, Sheet};
use crate::formula::disarm;

/// A list being written as CSV; every row goes straight on to `W`.
pub struct CsvSheet<W: Write> {
    out: Writer<W>,
    places: Vec<usize>,
    notes: Vec<String>,
    line: u32,
}

impl<W: Write> CsvSheet<W> {
    /// Begins a list: lines above, header.
    pub fn open(sheet: &Sheet, mut out: W) -> Result<CsvSheet<W>, WriteError> {
        if sheet.columns.is_empty() {
            return Err(WriteError::NoColumns);
        }
        out.write_all("\u{feff}".as_bytes())?;
        let out = WriterBuilder::new().flexible(true).terminator(Terminator::CRLF).from_writer(out);
        let places = sheet.columns.iter().map(|column| match column.kind {
            Kind::Decimal(places) => usize::from(places),
            _ => 1,
        });
        let mut list = CsvSheet { out, places: places.collect(), notes: sheet.notes.clone(), line: 0 };
        for line in sheet.lines_above() {
            list.record([disarm(line)])?;
        }
        list.record(sheet.columns.iter().map(|column| disarm(&column.title)))?;
        Ok(list)
    }

    /// Writes a row: as many cells as the list has columns.
    pub fn row(&mut self, cells: Vec<Cell>) -> Result<(), WriteError> {
        let line = self.line + 1;
        if cells.len() != self.places.len() {
            return Err(WriteError::CellCount { line, found: cells.len(), expected: self.places.len() });
        }
        for (column, cell) in cells.iter().enumerate() {
            check(cell, line, column)?;
        }
        let texts: Vec<String> =
            cells.into_iter().zip(&self.places).map(|(cell, n)| text(cell, *n)).collect();
        self.record(texts)
    }

    /// Writes the lines below, one line apart, and gives back the flushed output.
    pub fn finish(mut self) -> Result<W, WriteError> {
        let notes = std::mem::take(&mut self.notes);
        if !notes.is_empty() {
            self.record([""])?;
        }
        for note in notes {
            self.record([disarm(&note)])?;
        }
        self.out.into_inner().map_err(|error| WriteError::Output(error.into_error()))
    }

    fn record<T: AsRef<[u8]>>(&mut self, cells: impl IntoIterator<Item = T>) -> Result<(), WriteError> {
        self.out.write_record(cells)?;
        self.line = self.line.saturating_add(1);
        Ok(())
    }
}

fn text(cell: Cell, places: usize) -> String {
    match cell {
        Cell::Text(text) => disarm(&text),
        Cell::Integer(number) => number.to_string(),
        Cell::Decimal(number) => format!("{number:.places$}"),
        Cell::Day(day) => day.to_string(),
        Cell::DayTime(day, hour, minute) => day_time(day, hour, minute),
        Cell::Empty => String::new(),
    }
}
