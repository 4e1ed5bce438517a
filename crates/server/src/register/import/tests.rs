//! Workbooks of different make, as they are understood; `tests/workbooks/make.py` made them.

mod any;

use std::fs;
use std::path::Path;

use office::{Limits, grids, old_grids};

use super::sheet::Cells;
use super::{Kept, Reading, place};

/// The columns, then every row: sheet, line, cells; then what was passed over and not read.
fn understood(name: &str) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/workbooks");
    let grids = grids(&fs::read(folder.join(name)).unwrap(), &Limits::default(), old_grids).unwrap();
    let sheet = Kept::File { grids, reading: Reading::default() }.sheet().unwrap();
    let columns: Vec<String> =
        sheet.columns.iter().map(|(column, word)| format!("{column:?} {word}")).collect();
    let mut told = vec![columns.join(" | ")];
    let row = |row: &Cells| format!("{}: {}", place(&row.sheet, row.line), row.cells.join(" | "));
    told.extend(sheet.rows.iter().map(row));
    told.extend(sheet.passed.iter().map(|p| format!("passed over {} {}", place(&p.sheet, p.line), p.text)));
    told.push(format!("unread {:?}, not used {:?}", sheet.unread, sheet.ignored));
    told.join("\n")
}

#[test]
fn one_workbook_says_the_same_in_every_format() {
    let streets = understood("streets.xlsx");
    insta::assert_snapshot!("streets", streets);
    assert_eq!(understood("streets-old.xls"), streets);
    let lines = understood("two-lines.xlsx");
    insta::assert_snapshot!("two_lines", lines);
    assert_eq!(understood("two-lines-gnumeric.xls"), lines);
}

#[test]
fn open_documents_are_read_without_their_merges() {
    insta::assert_snapshot!("streets_open", understood("streets-open.ods"));
}

#[test]
fn text_is_read_as_chinese_programs_save_it() {
    let text = understood("windows-gb18030.csv");
    insta::assert_snapshot!("text", text);
    assert_eq!(understood("unicode-text.csv"), text);
}
