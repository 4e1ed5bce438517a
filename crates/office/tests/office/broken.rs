//! Files that came to harm.

use firebreak_office::{Limits, ReadError, Table};
use proptest::prelude::*;

use crate::package::{part, zip};

const REGISTER: &[u8] = include_bytes!("../fixtures/openpyxl-register.xlsx");

#[test]
fn a_cut_file_is_damaged_wherever_it_is_cut() {
    for kept in (4..REGISTER.len()).step_by(97) {
        let error = Table::read(&REGISTER[..kept], &Limits::default()).unwrap_err();
        assert!(matches!(error, ReadError::Damaged { .. }), "{kept}: {error}");
    }
}

#[test]
fn a_changed_byte_never_passes_for_good_content() {
    let good = Table::read(REGISTER, &Limits::default()).unwrap();
    let mut damaged = 0;
    for at in (0..REGISTER.len()).step_by(13) {
        let mut file = REGISTER.to_vec();
        file[at] ^= 0x55;
        match Table::read(&file, &Limits::default()) {
            Ok(table) => assert_eq!(table.rows, good.rows, "byte {at}"),
            Err(_) => damaged += 1,
        }
    }
    assert!(damaged > 300, "{damaged}");
}

/// By LibreOffice: the texts stand in a part of their own.
const LIST: &[u8] = include_bytes!("../fixtures/libreoffice-list.xlsx");

const PARTS: [&str; 6] = [
    "_rels/.rels",
    "xl/workbook.xml",
    "xl/_rels/workbook.xml.rels",
    "xl/styles.xml",
    "xl/sharedStrings.xml",
    "xl/worksheets/sheet1.xml",
];

/// The list with some bytes of one part replaced, and checksums that fit again.
fn edited(edited: usize, at: prop::sample::Index, with: &[u8]) -> Vec<u8> {
    let mut parts = PARTS.map(|name| (name, part(LIST, name).into_bytes()));
    let content = &mut parts[edited].1;
    let from = at.index(content.len());
    let to = (from + with.len()).min(content.len());
    content.splice(from..to, with.iter().copied());
    zip(&parts.each_ref().map(|(name, content)| (*name, content.as_slice())))
}

proptest! {
    #[test]
    fn no_edit_brings_the_reader_down(
        at in any::<prop::sample::Index>(),
        with in prop_oneof!["[0-9A-Z]{1,20}", "[<>/\"'&;=a-z ]{1,6}", "\\PC{1,4}"],
        part in 0..PARTS.len(),
    ) {
        if let Ok(table) = Table::read(&edited(part, at, with.as_bytes()), &Limits::default()) {
            prop_assert!(!table.head.columns.is_empty());
            let width = table.head.columns.len();
            prop_assert!(table.rows.iter().all(|row| row.cells.len() >= width && row.number > table.head.line));
        }
    }

    #[test]
    fn no_bytes_bring_the_reader_down(bytes in prop::collection::vec(any::<u8>(), 0..400), magic in any::<bool>()) {
        let file = if magic { [b"PK\x03\x04".as_slice(), &bytes].concat() } else { bytes };
        if let Ok(table) = Table::read(&file, &Limits::default()) {
            prop_assert!(!table.head.columns.is_empty());
        }
    }
}
