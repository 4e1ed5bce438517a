//! One cell of a workbook.

use base::Day;
use rust_xlsxwriter::{Format, Worksheet, XlsxError};

use super::error::WriteError;
use super::sheet::Cell;

/// UTF-16 units that a cell holds.
const LONGEST: usize = 32_767;

/// From here on a spreadsheet program rounds: it keeps 15 digits.
const ROUNDED: u64 = 1_000_000_000_000_000;

/// What no cell can hold; `line` counts from 1.
pub fn check(cell: &Cell, line: u32, column: usize) -> Result<(), WriteError> {
    match cell {
        Cell::Text(text) if text.len() > LONGEST && text.encode_utf16().count() > LONGEST => {
            Err(WriteError::CellTooLong { line, column })
        }
        Cell::Decimal(number) if !number.is_finite() => Err(WriteError::NotANumber { line, column }),
        _ => Ok(()),
    }
}

pub fn put(
    page: &mut Worksheet,
    row: u32,
    column: u16,
    cell: Cell,
    format: &Format,
) -> Result<(), XlsxError> {
    match content(cell) {
        Content::Text(text) => page.write_string_with_format(row, column, text, format),
        Content::Number(number) => page.write_number_with_format(row, column, number, format),
        Content::Nothing => page.write_blank(row, column, format),
    }
    .map(drop)
}

/// The three things that a cell of the file can be.
#[derive(Debug, PartialEq)]
enum Content {
    Text(String),
    Number(f64),
    Nothing,
}

fn content(cell: Cell) -> Content {
    match cell {
        Cell::Text(text) => Content::Text(text),
        Cell::Integer(number) if number.unsigned_abs() >= ROUNDED => Content::Text(number.to_string()),
        Cell::Integer(number) => Content::Number(number as f64),
        Cell::Decimal(number) => Content::Number(number),
        Cell::Day(day) => serial(day).map_or_else(|| Content::Text(day.to_string()), Content::Number),
        Cell::DayTime(day, hour, minute) => match serial(day) {
            Some(days) => Content::Number(days + (f64::from(hour) * 60.0 + f64::from(minute)) / 1_440.0),
            None => Content::Text(day_time(day, hour, minute)),
        },
        Cell::Empty => Content::Nothing,
    }
}

/// 2020-02-03 14:05
pub fn day_time(day: Day, hour: i8, minute: i8) -> String {
    format!("{day} {hour:02}:{minute:02}")
}

/// The number that stands for a day in a workbook: days since 1899-12-30. None before
/// 1900-03-01, where programs disagree because of a leap day that never was.
fn serial(day: Day) -> Option<f64> {
    let days = day.days_since(Day::new(1899, 12, 30)?);
    (days > 60).then(|| f64::from(days))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_the_number_that_programs_agree_on() {
        assert_eq!(content(Cell::Day(Day::new(2020, 2, 3).unwrap())), Content::Number(43_864.0));
        assert_eq!(content(Cell::Day(Day::new(1900, 3, 1).unwrap())), Content::Number(61.0));
        let early = Cell::Day(Day::new(1900, 2, 28).unwrap());
        assert_eq!(content(early), Content::Text("1900-02-28".to_owned()));
    }

    #[test]
    fn a_number_that_would_be_rounded_is_text() {
        assert_eq!(content(Cell::Integer(999_999_999_999_999)), Content::Number(999_999_999_999_999.0));
        assert_eq!(
            content(Cell::Integer(1_000_000_000_000_001)),
            Content::Text("1000000000000001".to_owned())
        );
    }
}
