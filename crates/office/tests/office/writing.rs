//! What others see in our files.

use base::{Day, Moment};
use firebreak_office::{Book, Cell, Column, CsvSheet, Kind, Sheet, WriteError};

use crate::package::part;

const MADE: Moment = Moment(1_580_700_000_000);

fn sheet() -> Sheet {
    Sheet::new(
        "北街村",
        vec![Column::new("姓名", Kind::Text).width(20), Column::new("体温", Kind::Decimal(1))],
    )
}

fn book(sheet: &Sheet, rows: Vec<Vec<Cell>>) -> Vec<u8> {
    let mut open = Book::new(MADE).open(sheet).unwrap();
    open.rows(rows).unwrap();
    let mut file = Vec::new();
    open.finish().unwrap().save(&mut file).unwrap();
    file
}

fn csv(sheet: &Sheet, rows: Vec<Vec<Cell>>) -> String {
    let mut open = CsvSheet::open(sheet, Vec::new()).unwrap();
    rows.into_iter().for_each(|row| open.row(row).unwrap());
    String::from_utf8(open.finish().unwrap()).unwrap()
}

#[test]
fn a_formula_typed_by_people_never_runs() {
    for text in ["=cmd|' /C calc'!A0", "+1", "-1", "@SUM(A1)", "\t=1", "=HYPERLINK(\"http://x\")"] {
        let row = vec![text.into(), Cell::Empty];
        let sheet = sheet().title(text).watermark(text).note(text);
        let cells = part(&book(&sheet, vec![row.clone()]), "xl/worksheets/sheet1.xml");
        assert!(!cells.contains("<f>") && !cells.contains("<f "), "{cells}");
        let lines = csv(&sheet, vec![row]);
        let bare =
            |line: &&str| line.trim_start_matches(['"', '\u{feff}']).starts_with(['=', '+', '-', '@', '\t']);
        assert_eq!(lines.lines().find(bare), None, "{lines}");
    }
}

#[test]
fn numbers_and_days_are_real() {
    let columns = vec![
        Column::new("n", Kind::Integer),
        Column::new("t", Kind::Decimal(1)),
        Column::new("d", Kind::Day),
    ];
    let row = vec![Cell::Integer(-3), Cell::Decimal(37.25), Day::new(2020, 2, 3).unwrap().into()];
    let file = book(&Sheet::new("a", columns), vec![row]);
    let cells = part(&file, "xl/worksheets/sheet1.xml");
    for value in ["<v>-3</v>", "<v>37.25</v>", "<v>43864</v>"] {
        assert!(cells.contains(value), "{cells}");
    }
    let styles = part(&file, "xl/styles.xml");
    assert!(styles.contains(r#"formatCode="yyyy-mm-dd""#) && styles.contains(r#"formatCode="0.0""#));
}

#[test]
fn the_page_is_a4_with_its_header_on_every_sheet_of_paper() {
    let sheet = sheet().title("名单 & 表").mark("演示").watermark("张三 2020-02-03");
    let file = book(&sheet, vec![]);
    let page = part(&file, "xl/worksheets/sheet1.xml");
    for sign in [
        r#"paperSize="9""#,
        r#"<pageSetUpPr fitToPage="1"/>"#,
        r#"fitToHeight="0""#,
        r#"<pane ySplit="4" topLeftCell="A5""#,
        r#"state="frozen""#,
        "<oddHeader>&amp;L名单 &amp;&amp; 表&amp;R演示</oddHeader>",
        "<oddFooter>&amp;L张三 2020-02-03&amp;R&amp;P / &amp;N</oddFooter>",
    ] {
        assert!(page.contains(sign), "{sign} in {page}");
    }
    let names = part(&file, "xl/workbook.xml");
    assert!(names.contains(r#"name="_xlnm.Print_Titles" localSheetId="0">北街村!$4:$4<"#), "{names}");
}

#[test]
fn a_long_note_has_room_on_paper() {
    let note = "户主外出务工，电话无人接听，邻居代为说明";
    let page = part(&book(&sheet(), vec![vec![note.into(), Cell::Empty]]), "xl/worksheets/sheet1.xml");
    assert!(page.contains(r#" ht="45" customHeight="1""#), "{page}");
    assert_eq!(page.matches("customHeight").count(), 1);
}

#[test]
fn no_row_is_written_twice() {
    let tall = || vec!["户主外出务工，电话无人接听".into(), Cell::Empty];
    for (rows, note) in [(0, false), (0, true), (1, false), (1, true), (3, false)] {
        let sheet = if note { sheet().note("编制：张三") } else { sheet() };
        let sheet = Sheet {
            columns: vec![Column::new("姓名（户主）", Kind::Text).width(4), sheet.columns[1].clone()],
            ..sheet
        };
        let page = part(&book(&sheet, (0..rows).map(|_| tall()).collect()), "xl/worksheets/sheet1.xml");
        let numbers: Vec<u32> = page
            .split("<row r=\"")
            .skip(1)
            .map(|rest| rest.split('"').next().unwrap().parse().unwrap())
            .collect();
        assert!(numbers.len() > rows && numbers.windows(2).all(|pair| pair[0] < pair[1]), "{numbers:?}");
    }
}

#[test]
fn a_wide_list_lies_across() {
    let wide = Sheet::new("a", (0..10).map(|_| Column::new("x", Kind::Text)).collect());
    assert!(part(&book(&wide, vec![]), "xl/worksheets/sheet1.xml").contains(r#"orientation="landscape""#));
    assert!(part(&book(&sheet(), vec![]), "xl/worksheets/sheet1.xml").contains(r#"orientation="portrait""#));
}

#[test]
fn a_book_holds_several_sheets_with_totals_and_notes() {
    let mut book = Book::new(MADE);
    for _ in 0..2 {
        let mut open = book.open(&sheet().note("编制：张三")).unwrap();
        open.row(vec!["李四".into(), Cell::Decimal(36.5)]).unwrap();
        open.total(vec!["合计".into(), Cell::Integer(1)]).unwrap();
        book = open.finish().unwrap();
    }
    let mut file = Vec::new();
    book.save(&mut file).unwrap();
    let names = part(&file, "xl/workbook.xml");
    assert!(names.contains(r#"name="北街村""#) && names.contains(r#"name="北街村 (2)""#));
    let second = part(&file, "xl/worksheets/sheet2.xml");
    assert!(second.contains(r#"<c r="A3""#) && second.contains("合计") && second.contains(r#"<c r="A5""#));
}

#[test]
fn csv_is_what_excel_in_china_expects() {
    let sheet = sheet().title("名单").note("张三");
    let rows = vec![vec!["李四, \"小李\"".into(), Cell::Decimal(37.0)], vec!["王五".into(), Cell::Empty]];
    let expected = "\u{feff}名单\r\n姓名,体温\r\n\"李四, \"\"小李\"\"\",37.0\r\n王五,\r\n\"\"\r\n张三\r\n";
    assert_eq!(csv(&sheet, rows), expected);
}

#[test]
fn what_no_cell_can_hold_is_refused_with_its_place() {
    let long = "长".repeat(32_768);
    for (cell, place) in [(Cell::Text(long), (2, 0)), (Cell::Decimal(f64::NAN), (2, 0))] {
        let row = vec![cell, Cell::Empty];
        let error = Book::new(MADE).open(&sheet()).unwrap().row(row.clone()).unwrap_err();
        let other = CsvSheet::open(&sheet(), Vec::new()).unwrap().row(row).unwrap_err();
        assert_eq!(error.to_string(), other.to_string());
        let found = match error {
            WriteError::CellTooLong { line, column } | WriteError::NotANumber { line, column } => {
                (line, column)
            }
            other => panic!("{other}"),
        };
        assert_eq!(found, place);
    }
}

#[test]
fn a_row_of_another_width_is_refused() {
    let mut open = Book::new(MADE).open(&sheet()).unwrap();
    let error = open.row(vec![Cell::Empty]).unwrap_err();
    assert!(matches!(error, WriteError::CellCount { line: 2, found: 1, expected: 2 }));
    assert!(matches!(Book::new(MADE).open(&Sheet::new("a", vec![])), Err(WriteError::NoColumns)));
}

/// A reader who has gone, or a disk that is full.
struct Gone;

impl std::io::Write for Gone {
    fn write(&mut self, _: &[u8]) -> std::io::Result<usize> {
        Err(std::io::ErrorKind::BrokenPipe.into())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[test]
fn an_output_that_fails_is_an_error() {
    let book = Book::new(MADE).open(&sheet()).unwrap().finish().unwrap();
    assert!(matches!(book.save(Gone), Err(WriteError::Output(_))));
    assert!(matches!(CsvSheet::open(&sheet(), Gone), Err(WriteError::Output(_))));
}
