use firebreak_office::{Limits, ReadError, Remark, Table};

fn read(text: &str) -> Table {
    Table::read(text.as_bytes(), &Limits::default()).unwrap()
}

#[test]
fn csv_reads_with_and_without_mark() {
    for text in ["姓名,电话\n张三,1\n", "\u{feff}姓名,电话\r\n张三,1"] {
        let table = read(text);
        assert_eq!(table.head.columns, ["姓名", "电话"]);
        assert_eq!(table.rows[0].cells, ["张三", "1"]);
    }
}

#[test]
fn a_csv_row_bears_the_number_that_people_see() {
    let table = read("\r\na,b\r\n\r\n\r\n1,2\r\n\"two\nlines\",x\r\n,\r\n5,6\r\n");
    assert_eq!(table.head.line, 2);
    let numbers: Vec<u32> = table.rows.iter().map(|row| row.number).collect();
    assert_eq!(numbers, [5, 6, 8]);
}

#[test]
fn a_short_row_is_filled_and_a_long_one_is_kept() {
    let table = read("a,b,c\n1\n1,2,3,4,,\n");
    assert_eq!(table.rows[0].cells, ["1", "", ""]);
    assert_eq!(table.rows[1].cells, ["1", "2", "3", "4"]);
}

#[test]
fn a_rounded_number_is_pointed_at() {
    let table = read("姓名,身份证号\n张三,1.41023E+17\n李四,\"=\"\"141023198001010001\"\"\"\n");
    assert_eq!(table.rows[0].remarks, [(1, Remark::DigitsLost)]);
    assert_eq!(table.rows[1].cells[1], "141023198001010001");
    assert!(table.rows[1].remarks.is_empty());
}

#[test]
fn a_table_of_one_column_has_no_titles() {
    let names: Vec<String> = (0..60).map(|n| format!("村{n}")).collect();
    for count in [1, 5, 60] {
        let table = read(&format!("村名\n{}", names[..count].join("\n")));
        assert_eq!(table.head.columns, ["村名"]);
        assert_eq!(table.rows.iter().map(|row| row.cells[0].clone()).collect::<Vec<_>>(), names[..count]);
    }
}

#[test]
fn other_encodings_are_read_or_refused_with_the_line() {
    let gbk = b"name,phone\n\xd5\xc5\xc8\xfd,1\n";
    let table = Table::read(gbk, &Limits::default()).unwrap();
    assert_eq!(table.rows[0].cells, ["张三", "1"]);
    let neither = b"name,phone\n\xff\xff,1\n";
    assert_eq!(Table::read(neither, &Limits::default()), Err(ReadError::NotUtf8 { line: 2 }));
}

#[test]
fn a_quotation_that_never_closes_swallows_no_rows() {
    let error = Table::read("a,b\n1,2\n3,\"4\n5,6\n7,8\n".as_bytes(), &Limits::default());
    assert_eq!(error, Err(ReadError::OpenQuote { line: 3 }));
}

#[test]
fn nothing_is_an_error_and_a_lone_header_is_none() {
    for empty in ["", "\u{feff}", "\r\n\r\n", ",,\n , \n"] {
        assert_eq!(Table::read(empty.as_bytes(), &Limits::default()), Err(ReadError::Empty), "{empty:?}");
    }
    assert!(read("a,b\n").rows.is_empty());
}
