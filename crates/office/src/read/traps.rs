//! Traps of the workbook reader, closed before it runs: it trusts a few parts with its memory,
//! and goes on without a part that it does not find under the usual name.

use std::io::{BufRead, BufReader};

use calamine::Style;
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use super::error::ReadError;
use super::package::Archive;
use super::table::Limits;

/// Bytes that the cell formats may take in memory.
const STYLE_BYTES: usize = 64 << 20;

/// `names` are those of the parts, in their order, as [`super::package`] folds them.
pub fn check(archive: &mut Archive<'_>, names: &[String], limits: &Limits) -> Result<(), ReadError> {
    for (index, name) in names.iter().enumerate() {
        if name.ends_with("sharedstrings.xml") {
            check_strings(archive, index, limits)?;
        } else if name.ends_with("styles.xml") {
            check_styles(archive, index)?;
        } else if let Some(folder) = name.strip_suffix("_rels/workbook.xml.rels") {
            check_places(archive, index, folder, names)?;
        }
    }
    Ok(())
}

/// The reader makes room for as many texts as the part says it has, before it reads one: a wish
/// for a million million would end the program. Each text takes room though it be blank.
fn check_strings(archive: &mut Archive<'_>, index: usize, limits: &Limits) -> Result<(), ReadError> {
    let most = limits.cells;
    let mut texts = 0;
    each_element(archive, index, |element| {
        texts += u64::from(element.local_name().as_ref() == "si");
        let mut wishes = element.attributes_raw().split("uniqueCount").skip(1).map(wished);
        if texts <= most && wishes.all(|wish| wish <= most) {
            Ok(())
        } else {
            Err(ReadError::TooManyCells { line: 1, limit: most })
        }
    })
}

/// The number in what follows the name of an attribute.
fn wished(attribute: &str) -> u64 {
    let digits = attribute.trim_start_matches(|c: char| !c.is_ascii_digit());
    let end = digits.find(|c: char| !c.is_ascii_digit()).unwrap_or(digits.len());
    digits[..end].parse().unwrap_or(u64::MAX)
}

/// The reader gives each cell format a copy of its font and number format, names included: a
/// megabyte of name in 60,000 formats packs into a few kilobytes and unpacks to 60 gigabytes.
fn check_styles(archive: &mut Archive<'_>, index: usize) -> Result<(), ReadError> {
    let (mut formats, mut longest) = (0usize, 0usize);
    each_element(archive, index, |element| {
        match element.local_name().as_ref() {
            "xf" | "font" | "fill" | "border" => formats += 1,
            "name" | "numFmt" => longest = longest.max(element.len()),
            _ => {}
        }
        let bytes = formats.saturating_mul(size_of::<Style>() + longest);
        if bytes <= STYLE_BYTES {
            Ok(())
        } else {
            Err(ReadError::damaged("too many or too long cell formats"))
        }
    })
}

/// The reader looks for formats and texts under their usual names only. Without the formats every
/// date would pass for a number, and nobody would be told.
fn check_places(
    archive: &mut Archive<'_>,
    index: usize,
    folder: &str,
    names: &[String],
) -> Result<(), ReadError> {
    each_element(archive, index, |element| {
        let relation = element.attributes_raw().to_ascii_lowercase();
        for (kind, usual) in
            [("/relationships/styles", "styles.xml"), ("/relationships/sharedstrings", "sharedstrings.xml")]
        {
            let place = format!("{folder}{usual}");
            let named = relation.contains(usual) && names.contains(&place);
            if relation.contains(kind) && !named {
                return Err(ReadError::damaged(format!("{place} is missing")));
            }
        }
        Ok(())
    })
}

/// Shows `look` every opening tag of a part.
fn each_element(
    archive: &mut Archive<'_>,
    index: usize,
    mut look: impl FnMut(&BytesStart<'_>) -> Result<(), ReadError>,
) -> Result<(), ReadError> {
    let part = archive.by_index(index).map_err(ReadError::damaged)?;
    let mut reader = tolerant(BufReader::new(part));
    let mut buffer = Vec::new();
    loop {
        buffer.clear();
        match reader.read_event_into(&mut buffer).map_err(ReadError::damaged)? {
            Event::Start(element) | Event::Empty(element) => look(&element)?,
            Event::Eof => return Ok(()),
            _ => {}
        }
    }
}

/// As lenient as the workbook reader: what it would read must be seen here.
fn tolerant<R: BufRead>(part: R) -> Reader<R> {
    let mut reader = Reader::from_reader(part);
    reader.config_mut().check_end_names = false;
    reader
}
