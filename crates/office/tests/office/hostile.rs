//! Files made to do harm.

use firebreak_office::{Limits, ReadError, Table};

use crate::package::{RELS, cell, workbook, workbook_with, zip};

fn refusal(file: &[u8]) -> ReadError {
    Table::read(file, &Limits::default()).unwrap_err()
}

fn is_damage(error: &ReadError) -> bool {
    matches!(error, ReadError::Damaged { .. })
}

#[test]
fn two_far_cells_ask_for_no_memory() {
    let far = [
        r#"<row r="1">"#,
        &cell("A1", "x"),
        r#"</row><row r="1048576">"#,
        &cell("XFD1048576", "x"),
        "</row>",
    ];
    let error = ReadError::TooManyColumns { line: 1_048_576, column: 16_383, limit: 256 };
    assert_eq!(refusal(&workbook(&far.concat())), error);
    let deep = workbook(&far.concat().replace("XFD1048576", "B1048576"));
    let table = Table::read(&deep, &Limits::default()).unwrap();
    assert_eq!(table.rows[0].number, 1_048_576);
}

#[test]
fn a_bomb_is_found_by_part() {
    let zeros = vec![b' '; 8 << 20];
    let file = workbook_with(&cell("A1", "x"), &[("xl/media/image1.png", &zeros)]);
    assert!(file.len() < 20_000);
    let limits = Limits { part_bytes: 4 << 20, ..Limits::default() };
    let part = "xl/media/image1.png".to_owned();
    let error = ReadError::UnpacksTooLarge { part: part.clone(), limit: 4 << 20 };
    assert_eq!(Table::read(&file, &limits), Err(error));
    let limits = Limits { unpacked_bytes: 4 << 20, ..Limits::default() };
    let error = ReadError::UnpacksTooLarge { part, limit: 4 << 20 };
    assert_eq!(Table::read(&file, &limits), Err(error));
}

#[test]
fn a_size_that_lies_is_not_believed() {
    let mut file = workbook_with("", &[("xl/a.bin", &vec![0; 4 << 20])]);
    // The stated size, 4 MiB, becomes one byte wherever it stands.
    let stated = (4u32 << 20).to_le_bytes();
    let places: Vec<usize> = (0..file.len() - 4).filter(|at| file[*at..at + 4] == stated).collect();
    assert!(!places.is_empty());
    places.iter().for_each(|at| file[*at..at + 4].copy_from_slice(&1u32.to_le_bytes()));
    let limits = Limits { part_bytes: 1 << 20, ..Limits::default() };
    let error = Table::read(&file, &limits).unwrap_err();
    assert!(matches!(error, ReadError::UnpacksTooLarge { .. }) || is_damage(&error), "{error}");
}

#[test]
fn a_wish_for_a_million_million_texts_is_refused() {
    for wish in ["1000000000000", "99999999999999999999999", "x"] {
        let strings = format!(r#"<sst uniqueCount="{wish}"><si><t>a</t></si></sst>"#);
        let file =
            workbook_with(r#"<c r="A1" t="s"><v>0</v></c>"#, &[("xl/SharedStrings.xml", strings.as_bytes())]);
        assert!(matches!(refusal(&file), ReadError::TooManyCells { .. }), "{wish}");
    }
}

#[test]
fn more_blank_texts_than_cells_are_refused() {
    let strings = format!("<sst>{}</sst>", "<si/>".repeat(101));
    let file = workbook_with(&cell("A1", "x"), &[("xl/sharedStrings.xml", strings.as_bytes())]);
    let with = |cells| Table::read(&file, &Limits { cells, ..Limits::default() });
    assert_eq!(with(100), Err(ReadError::TooManyCells { line: 1, limit: 100 }));
    assert!(with(101).is_ok());
}

#[test]
fn a_long_name_in_many_formats_is_refused() {
    let font = format!(r#"<fonts><font><name val="{}"/></font></fonts>"#, "x".repeat(100_000));
    let styles =
        format!("<styleSheet>{font}<cellXfs>{}</cellXfs></styleSheet>", r#"<xf fontId="0"/>"#.repeat(1_000));
    let file = workbook_with(&cell("A1", "x"), &[("xl/styles.xml", styles.as_bytes())]);
    assert!(file.len() < 10_000);
    assert!(is_damage(&refusal(&file)));
}

#[test]
fn one_long_text_in_many_cells_is_refused() {
    let strings = format!("<sst><si><t>{}</t></si></sst>", "x".repeat(4_000));
    let row = format!("<row>{}</row>", r#"<c t="s"><v>0</v></c>"#.repeat(100));
    let file = workbook_with(&row.repeat(400), &[("xl/sharedStrings.xml", strings.as_bytes())]);
    assert!(file.len() < 20_000);
    let error = ReadError::TooMuchText { line: 336, limit: 128 << 20 };
    assert_eq!(refusal(&file), error);
}

#[test]
fn numbers_beyond_bounds_are_damage() {
    for place in ["A1048577", "A99999999999999999999", "ZZZZZZZZZZZZ1", "1A", "", "é1"] {
        let error = refusal(&workbook(&format!("<row>{}</row>", cell(place, "x"))));
        assert!(is_damage(&error) || matches!(error, ReadError::TooManyColumns { .. }), "{place}: {error}");
    }
}

#[test]
fn a_part_under_another_name_is_missed() {
    let relation = r#"<Relationships><Relationship Id="s1" Type="http://x/relationships/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="s2" Type="http://x/relationships/styles" Target="styles.xml"/></Relationships>"#;
    let with = |name| {
        let parts: [(&str, &[u8]); 2] =
            [("xl/_rels/workbook.xml.rels", relation.as_bytes()), (name, b"<styleSheet/>")];
        Table::read(&workbook_with(&cell("A1", "x"), &parts), &Limits::default())
    };
    assert!(with("xl/styles.xml").is_ok());
    let error = ReadError::Damaged { line: None, reason: "xl/styles.xml is missing".to_owned() };
    assert_eq!(with("xl/stiles.xml"), Err(error));
}

#[test]
fn lines_that_run_backwards_are_damage() {
    let cells = format!(r#"<row r="3">{}</row><row r="2">{}</row>"#, cell("A3", "x"), cell("A2", "y"));
    let error = ReadError::Damaged { line: Some(3), reason: "line 2 out of place".to_owned() };
    assert_eq!(refusal(&workbook(&cells)), error);
}

#[test]
fn other_packages_are_refused() {
    assert_eq!(refusal(&zip(&[("xl/workbook.bin", b"x")])), ReadError::BinaryWorkbook);
    assert_eq!(refusal(&zip(&[("a.txt", b"x")])), ReadError::NotATable);
    let letter = zip(&[("_rels/.rels", RELS.as_bytes()), ("word/document.xml", b"<a/>")]);
    assert_eq!(refusal(&letter), ReadError::NotATable);
    let letter = zip(&[("mimetype", b"application/vnd.oasis.opendocument.text"), ("content.xml", b"<a/>")]);
    assert_eq!(refusal(&letter), ReadError::NotATable);
    assert_eq!(refusal(b"PK\x05\x06\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"), ReadError::NotATable);
}

#[test]
fn a_locked_archive_is_told_from_a_broken_one() {
    let mut file = workbook(&cell("A1", "x"));
    // Bit 0 of the flags, in each local and central header, says 'encrypted'.
    for (magic, flags) in [(b"PK\x03\x04", 6), (b"PK\x01\x02", 8)] {
        let heads: Vec<usize> = (0..file.len() - 4).filter(|at| file[*at..].starts_with(magic)).collect();
        heads.iter().for_each(|at| file[at + flags] |= 1);
    }
    assert_eq!(refusal(&file), ReadError::Password);
}

#[test]
fn an_entity_that_grows_is_not_followed() {
    let bomb = r#"<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;">]><worksheet><sheetData><row><c t="inlineStr"><is><t>&b;</t></is></c></row></sheetData></worksheet>"#;
    let parts = [
        ("_rels/.rels", RELS.as_bytes()),
        ("xl/workbook.xml", br#"<workbook><sheets><sheet name="A" r:id="s"/></sheets></workbook>"# as &[u8]),
        (
            "xl/_rels/workbook.xml.rels",
            br#"<Relationships><Relationship Id="s" Type="/worksheet" Target="a.xml"/></Relationships>"#,
        ),
        ("xl/a.xml", bomb.as_bytes()),
    ];
    match Table::read(&zip(&parts), &Limits::default()) {
        Ok(table) => assert!(table.head.columns[0].len() < 20),
        Err(error) => assert!(is_damage(&error) || error == ReadError::Empty, "{error}"),
    }
}
