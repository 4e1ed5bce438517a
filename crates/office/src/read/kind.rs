//! What a file is, by its content.

use super::error::ReadError;

/// The kinds that are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A zip archive, as .xlsx and .ods files are.
    Archive,
    /// A workbook of older Office programs, .xls.
    Old,
    Delimited,
}

const ZIP: [&[u8]; 2] = [b"PK\x03\x04", b"PK\x05\x06"];

/// The compound file of older Office programs (MS-CFB 2.2).
const COMPOUND: &[u8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1";

pub const UTF16: [&[u8]; 2] = [b"\xff\xfe", b"\xfe\xff"];

const MARKUP: [&str; 6] = ["<!doctype", "<html", "<?xml", "<table", "<head", "<meta"];

pub fn of(file: &[u8]) -> Result<Kind, ReadError> {
    if ZIP.iter().any(|magic| file.starts_with(magic)) {
        return Ok(Kind::Archive);
    }
    if file.starts_with(COMPOUND) {
        return compound(file);
    }
    if UTF16.iter().any(|mark| file.starts_with(mark)) {
        return Ok(Kind::Delimited);
    }
    let start = &file[..file.len().min(4_096)];
    let text = String::from_utf8_lossy(start.strip_prefix(b"\xef\xbb\xbf").unwrap_or(start)).to_lowercase();
    if file.len() == start.len() && text.trim().is_empty() {
        return Err(ReadError::Empty);
    }
    if text.starts_with("%pdf-")
        || text.chars().any(|c| c.is_control() && !"\t\r\n\u{b}\u{c}\u{1a}".contains(c))
    {
        return Err(ReadError::NotATable);
    }
    if MARKUP.iter().any(|tag| text.trim_start().starts_with(tag)) {
        return Err(ReadError::Markup);
    }
    Ok(Kind::Delimited)
}

/// A compound file is told by the names in its directory, which stand in UTF-16.
fn compound(file: &[u8]) -> Result<Kind, ReadError> {
    let has = |name: &str| {
        let name: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
        file.windows(name.len()).any(|window| window == name)
    };
    if has("EncryptedPackage") {
        Err(ReadError::Password)
    } else if has("Workbook") || has("Book") {
        Ok(Kind::Old)
    } else {
        Err(ReadError::NotATable)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn content_decides() {
        assert_eq!(of(b"PK\x03\x04..."), Ok(Kind::Archive));
        assert_eq!(of("\u{feff}姓名,电话\r\n".as_bytes()), Ok(Kind::Delimited));
        assert_eq!(of(b""), Err(ReadError::Empty));
        assert_eq!(of("\u{feff} \r\n".as_bytes()), Err(ReadError::Empty));
        assert_eq!(of(b"\xff\xfea\0"), Ok(Kind::Delimited));
        assert_eq!(of(b"%PDF-1.7\n"), Err(ReadError::NotATable));
        assert_eq!(of(b"\x89PNG\r\n\x1a\n\0\0"), Err(ReadError::NotATable));
        assert_eq!(of(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1W\0o\0r\0d\0"), Err(ReadError::NotATable));
        assert_eq!(of(b" <HTML><table>"), Err(ReadError::Markup));
    }
}
