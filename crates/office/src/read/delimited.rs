//! CSV: text with a comma, a tab or a semicolon between the cells.

use csv::{ReaderBuilder, StringRecord};

use super::error::ReadError;
use super::number::is_rounded;
use super::pile::Pile;
use super::table::{Remark, Row};
use super::text::decoded;
use crate::formula::rearm;

/// Digits of a mobile phone number: the shortest that people protect from a spreadsheet program.
const PHONE: usize = 11;

pub fn read(file: &[u8], pile: &mut Pile) -> Result<(), ReadError> {
    let text = decoded(file)?;
    let text = text.as_ref();
    let delimiter = delimiter(text);
    let mut options = ReaderBuilder::new();
    let mut reader =
        options.has_headers(false).flexible(true).delimiter(delimiter).from_reader(text.as_bytes());
    let mut record = StringRecord::new();
    let (mut number, mut from) = (0, 0);
    while reader.read_record(&mut record).map_err(ReadError::damaged)? {
        let to = usize::try_from(reader.position().byte()).unwrap_or(text.len());
        number += blank_lines(text, from) + 1;
        if to == text.len() && is_open(&text[from..], delimiter) {
            return Err(ReadError::OpenQuote { line: number });
        }
        let mut row = Row { number, cells: vec![], remarks: vec![] };
        for (column, cell) in record.iter().enumerate() {
            let (cell, remark) = plain(cell);
            pile.cell(&mut row, column, cell.to_owned(), remark)?;
        }
        pile.row(row)?;
        from = to;
    }
    Ok(())
}

/// The mark that stands most often in the first line that is not blank; a comma where none does.
fn delimiter(text: &str) -> u8 {
    let line = text.trim_start_matches(['\r', '\n']).lines().next().unwrap_or("");
    let mut quoted = false;
    let mut counts = [(b',', 0), (b';', 0), (b'\t', 0)];
    for byte in line.bytes() {
        quoted ^= byte == b'"';
        for (mark, count) in &mut counts {
            *count += i32::from(!quoted && byte == *mark);
        }
    }
    // The first of equals: max_by_key would take the last.
    counts.iter().rev().max_by_key(|(_, count)| *count).map_or(b',', |(mark, _)| *mark)
}

/// Blank lines that the CSV reader passed over before the record that it began to seek at `from`:
/// a spreadsheet program counts them.
fn blank_lines(text: &str, from: usize) -> u32 {
    let bytes = text.as_bytes();
    let ends_pair = |at: usize| at > 0 && bytes[at - 1] == b'\r' && bytes[at] == b'\n';
    let ends = (from..bytes.len()).take_while(|at| matches!(bytes[*at], b'\r' | b'\n'));
    u32::try_from(ends.filter(|at| !ends_pair(*at)).count()).unwrap_or(u32::MAX)
}

/// Whether the last record stops inside a quotation. The CSV reader takes that for the end of the
/// cell, and what was meant as many rows would be one.
fn is_open(record: &str, delimiter: u8) -> bool {
    let (mut quoted, mut starts) = (false, true);
    for byte in record.bytes() {
        // Two quotation marks inside a quotation toggle twice, which is right.
        quoted ^= byte == b'"' && (quoted || starts);
        starts = !quoted && (byte == delimiter || matches!(byte, b'\r' | b'\n' | b'"'));
    }
    quoted
}

/// A cell without what was put around it to pass through a spreadsheet program: our own
/// apostrophe, a formula that yields a text (="0123"), a tab beside a long number.
fn plain(cell: &str) -> (&str, Option<Remark>) {
    let unarmed = rearm(cell);
    if unarmed != cell {
        return (unarmed, None);
    }
    let inner = cell.strip_prefix("=\"").and_then(|rest| rest.strip_suffix('"'));
    if let Some(inner) = inner.filter(|inner| !inner.contains('"')) {
        return (inner, None);
    }
    let number = cell.trim_matches('\t');
    let is_long = number.len() >= PHONE && number.bytes().all(|byte| byte.is_ascii_alphanumeric());
    let cell = if is_long { number } else { cell };
    (cell, is_rounded(cell).then_some(Remark::DigitsLost))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_delimiter_is_the_most_frequent_outside_quotes() {
        for (text, mark) in
            [("a,b;c,d", b','), ("a\tb", b'\t'), ("\r\n\"a,b,c\";d", b';'), ("a", b','), ("a;b,c", b',')]
        {
            assert_eq!(delimiter(text), mark, "{text}");
        }
    }

    #[test]
    fn blank_lines_count() {
        assert_eq!(blank_lines("\r\n\n\ra", 0), 3);
        assert_eq!(blank_lines("x\r\n\r\na", 2), 1);
        assert_eq!(blank_lines("x\na", 2), 0);
    }

    #[test]
    fn an_open_quotation_is_seen() {
        assert!(is_open("a,\"b\nc", b','));
        assert!(is_open("\"a\"\"", b','));
        for closed in ["a,5\" pipe", "\"a\",\"b\"\"\"", "\"a\"\n", ""] {
            assert!(!is_open(closed, b','), "{closed}");
        }
    }

    #[test]
    fn wrappings_come_off() {
        assert_eq!(plain("=\"0123\""), ("0123", None));
        assert_eq!(plain("'=1+1"), ("=1+1", None));
        assert_eq!(plain("14010119800101000X\t"), ("14010119800101000X", None));
        assert_eq!(plain("1.40101E+17"), ("1.40101E+17", Some(Remark::DigitsLost)));
        assert_eq!(plain("two\twords\t"), ("two\twords\t", None));
    }
}
