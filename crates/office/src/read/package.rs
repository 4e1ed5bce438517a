//! A workbook's package is looked through before the workbook reader sees it: every part is
//! unpacked once into nothing, so that a bomb, a broken part or a password is found before the
//! first row is given away.

use std::io::{self, Cursor, Read};

use zip::ZipArchive;

use super::error::ReadError;
use super::table::Limits;
use super::traps;

pub type Archive<'a> = ZipArchive<Cursor<&'a [u8]>>;

/// What an archive is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Package {
    Workbook,
    OpenDocument,
}

pub fn check(file: &[u8], limits: &Limits) -> Result<Package, ReadError> {
    let mut archive = ZipArchive::new(Cursor::new(file)).map_err(ReadError::damaged)?;
    let names = names(&mut archive)?;
    let package = classify(&mut archive, &names)?;
    let mut left = limits.unpacked_bytes;
    for (index, name) in names.iter().enumerate() {
        let limit = left.min(limits.part_bytes);
        left -= unpack(&mut archive, index, limit)?.ok_or_else(|| ReadError::UnpacksTooLarge {
            part: name.clone(),
            limit: if limit < limits.part_bytes { limits.unpacked_bytes } else { limit },
        })?;
    }
    if package == Package::Workbook {
        traps::check(&mut archive, &names, limits)?;
    }
    Ok(package)
}

/// Names as the reader compares them: small letters, slashes that lean forward.
fn names(archive: &mut Archive<'_>) -> Result<Vec<String>, ReadError> {
    let mut names = Vec::with_capacity(archive.len());
    for index in 0..archive.len() {
        let part = archive.by_index_raw(index).map_err(ReadError::damaged)?;
        if part.encrypted() {
            return Err(ReadError::Password);
        }
        names.push(part.name().map_err(ReadError::damaged)?.replace('\\', "/").to_ascii_lowercase());
    }
    Ok(names)
}

fn classify(archive: &mut Archive<'_>, names: &[String]) -> Result<Package, ReadError> {
    let is = |name: &str| names.iter().any(|other| other == name);
    if is("mimetype") && is("encrypted-package") {
        return Err(ReadError::Password);
    }
    if is("mimetype") && is("content.xml") {
        return if is_sheet(archive)? { Ok(Package::OpenDocument) } else { Err(ReadError::NotATable) };
    }
    if is("xl/workbook.bin") {
        return Err(ReadError::BinaryWorkbook);
    }
    if !is("_rels/.rels") || is("word/document.xml") || is("ppt/presentation.xml") {
        return Err(ReadError::NotATable);
    }
    Ok(Package::Workbook)
}

/// Whether an OpenDocument file is a spreadsheet rather than a letter.
fn is_sheet(archive: &mut Archive<'_>) -> Result<bool, ReadError> {
    let mut kind = String::new();
    let part = archive.by_name("mimetype").map_err(ReadError::damaged)?;
    part.take(100).read_to_string(&mut kind).map_err(ReadError::damaged)?;
    Ok(kind.contains("spreadsheet"))
}

/// The unpacked bytes of a part, checksum compared; none when they are more than `limit`. The
/// size that the archive states is not asked: it may lie.
fn unpack(archive: &mut Archive<'_>, index: usize, limit: u64) -> Result<Option<u64>, ReadError> {
    let part = archive.by_index(index).map_err(ReadError::damaged)?;
    let bytes =
        io::copy(&mut part.take(limit.saturating_add(1)), &mut io::sink()).map_err(ReadError::damaged)?;
    Ok(Some(bytes).filter(|bytes| *bytes <= limit))
}
