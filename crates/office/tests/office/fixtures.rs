//! Files of other programs; `fixtures/make.py` makes them again.

use firebreak_office::{Limits, ReadError, Remark, Table};

const REGISTER: &[u8] = include_bytes!("../fixtures/openpyxl-register.xlsx");
const MAC: &[u8] = include_bytes!("../fixtures/openpyxl-1904.xlsx");
const LIST: &[u8] = include_bytes!("../fixtures/libreoffice-list.xlsx");

fn read(file: &[u8]) -> Table {
    Table::read(file, &Limits::default()).unwrap()
}

fn refusal(file: &[u8]) -> ReadError {
    Table::read(file, &Limits::default()).unwrap_err()
}

#[test]
fn a_register_reads_as_people_see_it() {
    let table = read(REGISTER);
    let header = ["户号", "姓名", "身份证号", "出生日期", "体温", "到达时间", "编码", "备注"];
    assert_eq!(table.head.columns, header);
    assert_eq!((table.head.line, table.head.sheet.as_deref()), (1, Some("北街村")));
    let first =
        ["1", "张三", "141023198001010001", "1980-01-01", "36.5", "2020-02-03 14:05", "000007", "独居"];
    assert_eq!(table.rows[0].cells, first);
    let third = ["2", "王五\n(租)", "", "1955-12-31", "0.3", "09:30", "123456", "TRUE"];
    assert_eq!(table.rows[2].cells, third);
}

#[test]
fn a_row_bears_the_number_that_people_see() {
    let numbers: Vec<u32> = read(REGISTER).rows.iter().map(|row| row.number).collect();
    assert_eq!(numbers, [2, 3, 5]);
}

#[test]
fn an_identity_number_kept_as_number_is_pointed_at() {
    let row = &read(REGISTER).rows[1];
    assert_eq!(row.remarks, [(2, Remark::DigitsLost), (7, Remark::ErrorValue)]);
    assert_eq!(row.cells[2].len(), 18);
    assert_eq!(row.cells[3..], ["1992.3.15", "37", "2020-02-03", "000012", "#N/A"]);
}

#[test]
fn a_second_sheet_is_named_and_a_hidden_or_blank_one_is_not() {
    assert_eq!(read(REGISTER).head.unread, ["南街村"]);
}

#[test]
fn a_workbook_that_counts_from_1904_gives_the_same_day() {
    assert_eq!(read(MAC).rows[0].cells, ["赵六", "2020-02-03"]);
}

#[test]
fn a_title_is_no_header_and_a_formula_is_its_value() {
    let table = read(LIST);
    assert_eq!(table.head.titles, ["北街村返乡人员名单"]);
    assert_eq!((table.head.line, table.head.columns.len()), (2, 4));
    assert_eq!(table.rows[0].cells, ["孙七", "3", "2020-02-03", "6"]);
    assert_eq!(table.rows[1].cells, ["周八", "4", "2020-02-03", "周八一家"]);
    assert_eq!(table.rows[2].cells, ["吴九", "#DIV/0!", "2020-02-03", "7"]);
    assert_eq!(table.rows[2].remarks, [(1, Remark::ErrorValue)]);
}

#[test]
fn a_list_says_the_same_in_every_format() {
    let rows = read(LIST).rows;
    assert_eq!(read(include_bytes!("../fixtures/libreoffice-list.xls")).rows, rows);
    assert_eq!(read(include_bytes!("../fixtures/libreoffice-list.ods")).rows, rows);
}

#[test]
fn what_is_not_read_is_told_apart() {
    assert_eq!(refusal(include_bytes!("../fixtures/password.xlsx")), ReadError::Password);
    assert_eq!(refusal(include_bytes!("../fixtures/libreoffice-list.html")), ReadError::Markup);
}
