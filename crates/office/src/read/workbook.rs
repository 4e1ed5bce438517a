//! .xlsx, read cell by cell: asking for a whole sheet would make room for the rectangle between
//! its first and its last cell, which two cells can stretch to 549 gigabytes.

use std::io::Cursor;
use std::panic::{AssertUnwindSafe, catch_unwind};

use calamine::{Cell, DataRef, Reader, SheetType, SheetVisible, Style, Xlsx, XlsxCellReader, XlsxError};

use super::error::ReadError;
use super::grid::Merge;
use super::number;
use super::pile::Pile;
use super::table::{Remark, Row};

type Workbook<'a> = Xlsx<Cursor<&'a [u8]>>;
type Cells<'a, 'b> = XlsxCellReader<'b, Cursor<&'a [u8]>>;

/// The last line of a sheet, in every program that writes .xlsx.
const LAST_LINE: u32 = 1_048_576;

/// Merged cells of one sheet that are kept; each costs memory though its cells be blank.
const MOST_MERGES: usize = 200_000;

/// Reads every visible sheet with its merged cells. The package has been checked before.
pub fn read(file: &[u8], pile: &mut Pile) -> Result<(), ReadError> {
    let mut workbook: Workbook<'_> = survive(None, || Xlsx::new(Cursor::new(file)))?;
    for name in visible(&workbook) {
        pile.open(Some(name.clone()), Some(vec![]));
        read_sheet(&mut workbook, &name, pile)?;
        if pile.is_blank() {
            continue;
        }
        let merges = survive(None, || workbook.merge_cells_by_sheet_name(&name))?;
        if merges.len() > MOST_MERGES {
            return Err(ReadError::damaged("too many merged cells"));
        }
        merges.iter().for_each(|merge| pile.merge(Merge::of(merge)));
    }
    Ok(())
}

/// Hidden sheets hold lists for drop-downs and last year's rows: nobody means them.
fn visible(workbook: &Workbook<'_>) -> Vec<String> {
    let sheets = workbook.sheets_metadata().iter();
    let shown =
        sheets.filter(|sheet| sheet.visible == SheetVisible::Visible && sheet.typ == SheetType::WorkSheet);
    shown.map(|sheet| sheet.name.clone()).collect()
}

fn read_sheet(workbook: &mut Workbook<'_>, name: &str, pile: &mut Pile) -> Result<(), ReadError> {
    let mut cells = survive(None, || workbook.worksheet_cells_reader(name))?;
    let mut row = blank_row(1);
    while let Some((cell, style)) = next(&mut cells, row.number)? {
        let (line, column) = cell.get_position();
        let line = line.saturating_add(1);
        if line < row.number || line > LAST_LINE {
            let reason = format!("line {line} out of place");
            return Err(ReadError::Damaged { line: Some(row.number), reason });
        }
        if line > row.number {
            pile.row(std::mem::replace(&mut row, blank_row(line)))?;
        }
        let (text, remark) = shown(cell.get_value(), cells.styles().get(style));
        pile.cell(&mut row, column as usize, text, remark)?;
    }
    pile.row(row)
}

fn blank_row(number: u32) -> Row {
    Row { number, cells: vec![], remarks: vec![] }
}

fn next<'b>(cells: &mut Cells<'_, 'b>, line: u32) -> Result<Option<(Cell<DataRef<'b>>, usize)>, ReadError> {
    survive(Some(line), || cells.next_cell_with_style_id())
}

/// What people see in the cell.
fn shown(value: &DataRef<'_>, style: Option<&Style>) -> (String, Option<Remark>) {
    match value {
        DataRef::Empty => (String::new(), None),
        DataRef::String(text) => (text.clone(), None),
        DataRef::SharedString(text) => ((*text).to_owned(), None),
        DataRef::Float(value) => {
            let format =
                style.and_then(|style| style.number_format.as_ref()).map_or("", |format| &format.format_code);
            number::number(*value, format)
        }
        DataRef::Int(value) => number::number(*value as f64, ""),
        DataRef::Bool(value) => (value.to_string().to_uppercase(), None),
        DataRef::DateTime(at) => number::moment(at),
        DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => (number::iso(text), None),
        DataRef::Error(error) => (error.to_string(), Some(Remark::ErrorValue)),
    }
}

/// The reader's own errors, and its panics (it adds up the digits of a line number without a
/// look at their count), are damage to whoever sent the file.
fn survive<T>(line: Option<u32>, work: impl FnOnce() -> Result<T, XlsxError>) -> Result<T, ReadError> {
    let reason = match catch_unwind(AssertUnwindSafe(work)) {
        Ok(Ok(done)) => return Ok(done),
        Ok(Err(XlsxError::Password)) => return Err(ReadError::Password),
        Ok(Err(error)) => error.to_string(),
        Err(_) => "a number beyond bounds".to_owned(),
    };
    Err(ReadError::Damaged { line, reason })
}
