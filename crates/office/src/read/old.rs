//! .xls and .ods: their reader makes room for a whole workbook before it gives the first cell, and
//! two far cells can make that more than there is. So it is run apart, in a process whose memory is
//! bounded; what it finds goes out as a stream.

use std::io::{self, Cursor, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};

use calamine::{Data, Ods, OdsError, Range, Reader, SheetVisible, Xls, XlsError};

use super::error::ReadError;
use super::grid::Merge;
use super::kind::{self, Kind};
use super::number;
use super::table::{Remark, Row};
use super::wire::Sender;

type Bytes<'a> = Cursor<&'a [u8]>;

/// Reads an .xls or .ods file and writes what it holds, or why it was not read, as
/// [`super::receive`] understands it.
pub fn send(file: &[u8], out: impl Write) -> io::Result<()> {
    let mut sender = Sender::new(out);
    let read = catch_unwind(AssertUnwindSafe(|| match kind::of(file) {
        Ok(Kind::Old) => old_workbook(file, &mut sender),
        Ok(_) => open_document(file, &mut sender),
        Err(error) => Err(error.into()),
    }));
    match read {
        Ok(Ok(())) => sender.end(),
        Ok(Err(Fault::Out(error))) => Err(error),
        Ok(Err(Fault::File(error))) => sender.refuse(&error),
        Err(_) => sender.refuse(&ReadError::damaged("a number beyond bounds")),
    }
}

/// Why it goes no further: the file, or whoever reads the stream.
enum Fault {
    File(ReadError),
    Out(io::Error),
}

impl From<ReadError> for Fault {
    fn from(error: ReadError) -> Fault {
        Fault::File(error)
    }
}

impl From<io::Error> for Fault {
    fn from(error: io::Error) -> Fault {
        Fault::Out(error)
    }
}

fn old_workbook<W: Write>(file: &[u8], sender: &mut Sender<W>) -> Result<(), Fault> {
    let refusal = |error| match error {
        XlsError::Password => ReadError::Password,
        other => ReadError::damaged(other),
    };
    let mut workbook: Xls<Bytes<'_>> = Xls::new(Cursor::new(file)).map_err(refusal)?;
    for name in visible(&workbook) {
        let merges = workbook.merge_cells_by_sheet_name(&name).map_err(refusal)?;
        let range = workbook.worksheet_range(&name).map_err(refusal)?;
        sender.sheet(&name, true)?;
        send_cells(&range, sender)?;
        merges.iter().try_for_each(|merge| sender.merge(&Merge::of(merge)))?;
    }
    Ok(())
}

fn open_document<W: Write>(file: &[u8], sender: &mut Sender<W>) -> Result<(), Fault> {
    let refusal = |error| match error {
        OdsError::Password => ReadError::Password,
        other => ReadError::damaged(other),
    };
    let mut workbook: Ods<Bytes<'_>> = Ods::new(Cursor::new(file)).map_err(refusal)?;
    for name in visible(&workbook) {
        let range = workbook.worksheet_range(&name).map_err(refusal)?;
        sender.sheet(&name, false)?;
        send_cells(&range, sender)?;
    }
    Ok(())
}

fn visible<'a>(workbook: &impl Reader<Bytes<'a>>) -> Vec<String> {
    let sheets = workbook.sheets_metadata().iter();
    sheets.filter(|sheet| sheet.visible == SheetVisible::Visible).map(|sheet| sheet.name.clone()).collect()
}

fn send_cells<W: Write>(range: &Range<Data>, sender: &mut Sender<W>) -> io::Result<()> {
    let (first_line, first_column) = range.start().unwrap_or_default();
    let mut row = Row { number: 0, cells: vec![], remarks: vec![] };
    for (line, column, value) in range.used_cells() {
        let number = first_line.saturating_add(line as u32).saturating_add(1);
        if number != row.number {
            sender.row(&row)?;
            row = Row { number, cells: vec![], remarks: vec![] };
        }
        let column = first_column as usize + column;
        let (text, remark) = shown(value);
        row.cells.resize(column, String::new());
        row.cells.push(text);
        row.remarks.extend(remark.map(|remark| (column, remark)));
    }
    sender.row(&row)
}

/// What people see in the cell.
fn shown(value: &Data) -> (String, Option<Remark>) {
    match value {
        Data::Empty => (String::new(), None),
        Data::String(text) => (text.clone(), None),
        Data::Float(value) => number::number(*value, ""),
        Data::Int(value) => number::number(*value as f64, ""),
        Data::Bool(value) => (value.to_string().to_uppercase(), None),
        Data::DateTime(at) => number::moment(at),
        Data::DateTimeIso(text) | Data::DurationIso(text) => (number::iso(text), None),
        Data::Error(error) => (error.to_string(), Some(Remark::ErrorValue)),
    }
}
