//! What we write, we read; whatever people typed.

use base::{Day, Moment};
use firebreak_office::{Cell, Column, Export, Format, Kind, Limits, Sheet, Table};
use proptest::prelude::*;

fn written(format: Format, sheet: &Sheet, rows: &[Vec<Cell>]) -> Vec<u8> {
    let mut file = Vec::new();
    let mut export = Export::open(format, sheet, Moment(1_580_700_000_000), &mut file).unwrap();
    rows.iter().for_each(|row| export.row(row.clone()).unwrap());
    export.finish().unwrap();
    file
}

fn read(file: &[u8]) -> Table {
    Table::read(file, &Limits::default()).unwrap()
}

fn sheet() -> Sheet {
    let columns = [
        ("姓名", Kind::Text),
        ("人数", Kind::Integer),
        ("体温", Kind::Decimal(1)),
        ("生日", Kind::Day),
        ("时间", Kind::DayTime),
    ];
    Sheet::new("北街村", columns.map(|(title, kind)| Column::new(title, kind)).into())
}

#[test]
fn every_kind_of_cell_comes_back_as_people_see_it() {
    let day = Day::new(2020, 2, 3).unwrap();
    let rows = [
        vec!["张三".into(), Cell::Integer(0), Cell::Decimal(37.2), day.into(), Cell::DayTime(day, 14, 5)],
        vec![
            "141023198001010001".into(),
            Cell::Integer(141_023_105_200_001),
            Cell::Decimal(-0.5),
            Day::new(1899, 5, 1).into(),
            Cell::DayTime(day, 0, 0),
        ],
        vec!["李四".into(), "不明".into(), Cell::Empty, None::<Day>.into(), Cell::Empty],
    ];
    for format in [Format::Xlsx, Format::Csv] {
        let table = read(&written(format, &sheet(), &rows));
        assert_eq!(table.head.columns, ["姓名", "人数", "体温", "生日", "时间"]);
        assert_eq!(table.rows[0].cells, ["张三", "0", "37.2", "2020-02-03", "2020-02-03 14:05"]);
        let midnight = if format == Format::Csv { "2020-02-03 00:00" } else { "2020-02-03" };
        assert_eq!(
            table.rows[1].cells,
            ["141023198001010001", "141023105200001", "-0.5", "1899-05-01", midnight]
        );
        assert_eq!(table.rows[2].cells, ["李四", "不明", "", "", ""]);
        assert!(table.rows.iter().all(|row| row.remarks.is_empty()));
    }
}

#[test]
fn our_own_export_reads_back_below_its_lines() {
    let sheet = sheet()
        .title("北街村名单")
        .title("2020年2月3日")
        .mark("演示")
        .watermark("张三 2020-02-03 14:05 核对");
    let row = vec!["李四".into(), Cell::Integer(1), Cell::Empty, Cell::Empty, Cell::Empty];
    for format in [Format::Xlsx, Format::Csv] {
        let table = read(&written(format, &sheet, std::slice::from_ref(&row)));
        assert_eq!(table.head.titles, ["演示", "北街村名单", "2020年2月3日", "张三 2020-02-03 14:05 核对"]);
        assert_eq!((table.head.line, table.rows[0].number), (5, 6));
        assert_eq!(table.rows[0].cells[..2], ["李四", "1"]);
    }
}

#[test]
fn the_same_rows_give_the_same_bytes() {
    let row = vec!["李四".into(), Cell::Integer(1), Cell::Empty, Cell::Empty, Cell::Empty];
    let once = written(Format::Xlsx, &sheet(), std::slice::from_ref(&row));
    assert_eq!(once, written(Format::Xlsx, &sheet(), std::slice::from_ref(&row)));
}

fn typed() -> impl Strategy<Value = String> {
    prop_oneof![
        "[=+@'\"\\-,;_x0-9 \\t北街🏠<>&]{0,10}",
        "\\PC{0,20}",
        "[\\t\\n]{0,2}[=+\\-@＝]{0,2}'{0,2}[a-z0-9]{0,4}",
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn any_text_comes_back(texts in prop::collection::vec(typed(), 1..20)) {
        let sheet = Sheet::new("a", vec![Column::new("a", Kind::Text), Column::new("b", Kind::Text)]);
        let rows: Vec<_> = texts.iter().map(|text| vec![Cell::Text(text.clone()), "x".into()]).collect();
        for format in [Format::Xlsx, Format::Csv] {
            let back = read(&written(format, &sheet, &rows)).rows;
            let back: Vec<String> = back.into_iter().map(|mut row| row.cells.swap_remove(0)).collect();
            let blank = |text: &String| if text.trim().is_empty() { String::new() } else { text.clone() };
            prop_assert_eq!(back, texts.iter().map(blank).collect::<Vec<_>>(), "{:?}", format);
        }
    }
}
