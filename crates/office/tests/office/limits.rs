//! Each limit has its own error, and what is just within it passes.

use firebreak_office::{Limits, ReadError, Table};

use crate::package::{cell, workbook};

const CSV: &str = "a,b\n1,2\n3,4\n";

/// The same table as a workbook.
fn xlsx() -> Vec<u8> {
    let row = |n: u32, a: &str, b: &str| {
        format!(r#"<row r="{n}">{}{}</row>"#, cell(&format!("A{n}"), a), cell(&format!("B{n}"), b))
    };
    workbook(&(row(1, "a", "b") + &row(2, "1", "2") + &row(3, "3", "4")))
}

fn both(limits: &Limits) -> Result<Table, ReadError> {
    let text = Table::read(CSV.as_bytes(), limits);
    let book = Table::read(&xlsx(), limits).map(|mut table| {
        table.head.sheet = None;
        table
    });
    assert_eq!(text, book);
    text
}

#[test]
fn what_is_within_the_limits_passes() {
    let limits = Limits { rows: 3, columns: 2, cells: 6, cell_chars: 1, text_bytes: 6, ..Limits::default() };
    assert_eq!(both(&limits).unwrap().rows.len(), 2);
}

#[test]
fn each_limit_is_named_with_the_place() {
    let limits = Limits::default();
    let refused = |limits| both(&limits).unwrap_err();
    assert_eq!(refused(Limits { rows: 2, ..limits.clone() }), ReadError::TooManyRows { line: 3, limit: 2 });
    let error = ReadError::TooManyColumns { line: 1, column: 1, limit: 1 };
    assert_eq!(refused(Limits { columns: 1, ..limits.clone() }), error);
    assert_eq!(refused(Limits { cells: 5, ..limits.clone() }), ReadError::TooManyCells { line: 3, limit: 5 });
    assert_eq!(
        refused(Limits { text_bytes: 3, ..limits.clone() }),
        ReadError::TooMuchText { line: 2, limit: 3 }
    );
    let error = ReadError::CellTooLong { line: 1, column: 0, limit: 0 };
    assert_eq!(refused(Limits { cell_chars: 0, ..limits.clone() }), error);
}

#[test]
fn the_blanks_before_a_cell_count_as_cells() {
    let csv = "a,b,c,d\n,,,1\n,,,2\n";
    let read = |cells| Table::read(csv.as_bytes(), &Limits { cells, ..Limits::default() });
    assert!(read(12).is_ok());
    assert_eq!(read(11), Err(ReadError::TooManyCells { line: 3, limit: 11 }));
}

#[test]
fn a_long_file_is_refused_before_it_is_looked_at() {
    let limits = Limits { file_bytes: 11, ..Limits::default() };
    let error = ReadError::FileTooLarge { bytes: 12, limit: 11 };
    assert_eq!(Table::read(CSV.as_bytes(), &limits), Err(error));
    assert!(Table::read(CSV.as_bytes(), &Limits { file_bytes: 12, ..limits }).is_ok());
}

#[test]
fn a_cell_is_measured_in_characters() {
    let limits = Limits { cell_chars: 3, ..Limits::default() };
    assert!(Table::read("北街村,b".as_bytes(), &limits).is_ok());
    let error = ReadError::CellTooLong { line: 1, column: 0, limit: 3 };
    assert_eq!(Table::read("北街村委,b".as_bytes(), &limits), Err(error));
}

#[test]
fn blank_cells_cost_nothing() {
    let blank = r#"<row><c s="0"/><c s="0"/><c t="inlineStr"><is><t> </t></is></c></row>"#.repeat(5_000);
    let limits = Limits { rows: 1, cells: 2, ..Limits::default() };
    let head = format!("<row>{}{}</row>", cell("A1", "a"), cell("B1", "b"));
    let table = Table::read(&workbook(&(head + &blank)), &limits).unwrap();
    assert_eq!((table.head.columns.len(), table.rows.len()), (2, 0));
}
