//! Reading a file of divisions: rows of code and name, plain or compressed. Every row is either an
//! entry or unfit with its line and reason.

use std::fmt;
use std::io::{self, BufRead, Read};

use base::{Day, Division};

use super::model::checked_name;

/// A row that may be imported.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The line of the file, from 1.
    pub line: u64,
    pub division: Division,
    /// Digits of the code as it was written.
    pub digits: usize,
    pub name: String,
}

/// A row that does not fit, as it stands in the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unfit {
    pub line: u64,
    pub text: String,
    pub reason: Reason,
}

/// 'line 3: 141,三位: the code is none ...'.
impl fmt::Display for Unfit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}: {}", self.line, self.text, self.reason)
    }
}

/// Why a row does not fit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reason {
    /// Not two columns.
    Columns(usize),
    /// The code is no division's.
    Code,
    Name,
    /// An earlier line holds the same division, if with other padding.
    Duplicate(u64),
    /// The division above stands neither in the file nor in the register.
    Orphan(String),
    /// The register knows it by another name, and renames were not asked for.
    Renamed(String),
    /// The rename would begin before the name it ends.
    TooEarly(Day),
    /// The division was closed or merged on this day.
    Closed(Day),
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Reason::Columns(n) => write!(f, "{n} columns; write two: code,name"),
            Reason::Code => f.write_str(
                "the code is none: write the 2, 4, 6, 9 or 12 digits of the statistical code (15 with a team area)",
            ),
            Reason::Name => f.write_str("the name is empty, longer than 60 letters, or holds control characters"),
            Reason::Duplicate(line) => write!(f, "it is the division of line {line} again; keep one of the two"),
            Reason::Orphan(above) => write!(f, "the division above it, {above}, is missing; add its row"),
            Reason::Renamed(was) => {
                write!(f, "the register has the name {was}; to rename it, give --renames-from DAY")
            }
            Reason::TooEarly(from) => {
                write!(f, "its present name holds since {from}; let --renames-from be a later day")
            }
            Reason::Closed(on) => write!(f, "it was closed or merged on {on}; leave the row out"),
        }
    }
}

/// The rows of a file.
#[derive(Clone, Debug, Default)]
pub struct Sheet {
    pub entries: Vec<Entry>,
    pub unfit: Vec<Unfit>,
}

/// Why a file cannot be read at all.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    #[error("the file is damaged or cut off: {0}")]
    Damaged(#[from] io::Error),
    #[error("line {0} is not UTF-8 text: save the table as 'CSV UTF-8'")]
    Encoding(u64),
    #[error("the file has no rows: it needs lines of code,name such as 141023105,襄陵镇")]
    Empty,
}

const GZIP: &[u8] = &[0x1f, 0x8b];
const ZSTD: &[u8] = &[0x28, 0xb5, 0x2f, 0xfd];

/// The content of a file, which tells by its first bytes whether it is compressed.
pub fn decompress<'a>(mut file: impl BufRead + 'a) -> io::Result<Box<dyn Read + 'a>> {
    let start = file.fill_buf()?;
    Ok(if start.starts_with(GZIP) {
        Box::new(flate2::bufread::MultiGzDecoder::new(file))
    } else if start.starts_with(ZSTD) {
        Box::new(zstd::stream::read::Decoder::with_buffer(file)?)
    } else {
        Box::new(file)
    })
}

/// Reads all rows; a first row without digits is the header.
pub fn read(content: impl Read) -> Result<Sheet, ReadError> {
    let content = WithoutReturns(content).chain(b"\n".as_slice());
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(content);
    let mut sheet = Sheet::default();
    let mut record = csv::ByteRecord::new();
    let mut first = true;
    while reader.read_byte_record(&mut record).map_err(damaged)? {
        // The line that the row ended; where it began, blank lines before it would count as its own.
        let line = reader.position().line() - 1;
        let cells: Vec<&str> = record
            .iter()
            .map(|cell| std::str::from_utf8(cell).map(str::trim))
            .collect::<Result<_, _>>()
            .map_err(|_| ReadError::Encoding(line))?;
        let header = std::mem::take(&mut first) && !cells.iter().any(|cell| cell.contains(char::is_numeric));
        if !header {
            match entry(line, &cells) {
                Ok(entry) => sheet.entries.push(entry),
                Err(reason) => sheet.unfit.push(Unfit { line, text: cells.join(","), reason }),
            }
        }
    }
    if sheet.entries.is_empty() && sheet.unfit.is_empty() { Err(ReadError::Empty) } else { Ok(sheet) }
}

/// Content without carriage returns: the reader of CSV counts lines wrongly with them.
struct WithoutReturns<R>(R);

impl<R: Read> Read for WithoutReturns<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        loop {
            let read = self.0.read(into)?;
            let mut kept = 0;
            for at in 0..read {
                into[kept] = into[at];
                kept += usize::from(into[at] != b'\r');
            }
            if kept > 0 || read == 0 {
                return Ok(kept);
            }
        }
    }
}

fn entry(line: u64, cells: &[&str]) -> Result<Entry, Reason> {
    let [code, name] = cells else { return Err(Reason::Columns(cells.len())) };
    let code = code.trim_start_matches('\u{feff}');
    let division = Division::from_code(code).ok_or(Reason::Code)?;
    let name = checked_name(name).map_err(|_| Reason::Name)?.to_owned();
    Ok(Entry { line, division, digits: code.len(), name })
}

fn damaged(error: csv::Error) -> ReadError {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => ReadError::Damaged(error),
        other => ReadError::Damaged(io::Error::other(format!("{other:?}"))),
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::*;

    const TEXT: &str = "\u{feff}code,name\n14,山西省\n1410,\"临汾市\"\n141,三位\n14102,五位\n1410 ,\n1,2,3\n";

    fn read_bytes(bytes: &[u8]) -> Result<Sheet, ReadError> {
        read(decompress(bytes)?)
    }

    #[test]
    fn every_row_is_an_entry_or_unfit_with_its_line() {
        let sheet = read_bytes(TEXT.as_bytes()).unwrap();
        let names: Vec<_> = sheet.entries.iter().map(|e| (e.line, e.name.as_str())).collect();
        assert_eq!(names, [(2, "山西省"), (3, "临汾市")]);
        let unfit: Vec<_> = sheet.unfit.iter().map(|u| (u.line, u.reason.clone())).collect();
        let code = |line| (line, Reason::Code);
        assert_eq!(unfit, [code(4), code(5), (6, Reason::Name), (7, Reason::Columns(3))]);
    }

    #[test]
    fn a_compressed_file_reads_the_same() {
        let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        gzip.write_all(TEXT.as_bytes()).unwrap();
        let gzip = gzip.finish().unwrap();
        let zstd = zstd::encode_all(TEXT.as_bytes(), 1).unwrap();
        let plain = read_bytes(TEXT.as_bytes()).unwrap();
        for bytes in [gzip, zstd] {
            assert_eq!(read_bytes(&bytes).unwrap().entries, plain.entries);
            let cut = read_bytes(&bytes[..bytes.len() - 9]);
            assert!(matches!(cut, Err(ReadError::Damaged(_))), "{cut:?}");
        }
    }

    #[test]
    fn lines_are_counted_as_an_editor_counts_them() {
        for text in ["14,山西省\r\n\r\n141,三位\r\n142,三位", "14,山西省\n\n141,三位\n142,三位\n"]
        {
            let unfit: Vec<_> =
                read_bytes(text.as_bytes()).unwrap().unfit.iter().map(|row| row.line).collect();
            assert_eq!(unfit, [3, 4], "{text:?}");
        }
    }

    #[test]
    fn a_file_without_header_loses_no_row() {
        assert_eq!(read_bytes("14,山西省\n".as_bytes()).unwrap().entries.len(), 1);
    }

    #[test]
    fn another_encoding_and_an_empty_file_say_what_to_do() {
        let gbk = [b"14,".as_slice(), &[0xc9, 0xbd, 0xce, 0xf7]].concat();
        assert!(read_bytes(&gbk).unwrap_err().to_string().contains("CSV UTF-8"));
        assert!(read_bytes(b"code,name\n").unwrap_err().to_string().contains("code,name"));
    }
}
