//! The file of a backup: what it is in the open, then all rows as lines of JSON, compressed and sealed.

use std::fs::File;
use std::io::{self, BufRead, BufReader, BufWriter, Read, Seek as _, SeekFrom, Write};
use std::path::Path;
use std::sync::Arc;

use base::Moment;
use db::{BATCH, Batch, Row, Table};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::key::Key;
use super::line::{self, Total, Totals};
use super::seal::{Broken, NONCE, Opening, Sealing};

/// What a backup begins with, up to the number of its format, and what it ends with.
const BEGIN: &str = "firebreak backup ";
const FORMAT: &str = "firebreak backup 1\n";
const END: &[u8] = b"firebreak backup end\n";
/// Bytes of the header at most: a province has some thousand towns.
const HEADER: u64 = 4 << 20;

/// What is told of a backup without its key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Header {
    /// The program's version, and the database's.
    pub program: String,
    pub schema: i64,
    pub engine: String,
    /// The moment whose state it holds.
    pub at: Moment,
    /// The zone in which people read it.
    pub zone: String,
    pub towns: Vec<Town>,
    /// Which key opens it.
    pub key: String,
    /// Of the sealed stream, in hex: never twice with one key.
    pub nonce: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, sqlx::FromRow)]
pub struct Town {
    pub town: i64,
    pub name: String,
}

/// Why a file is no backup that can be used.
#[derive(Debug, thiserror::Error)]
pub enum Unreadable {
    #[error("it cannot be read: {0}")]
    File(io::Error),
    #[error("it is no backup of this program")]
    Other,
    #[error("it was made by a later program: use a newer one")]
    Later,
    #[error("it is cut off: its end is missing. Take another copy of it, or an older backup")]
    CutOff,
    #[error(
        "it is damaged: something in it is not as it was written. Take another copy of it, or an older backup"
    )]
    Damaged,
    #[error(
        "it was made with the key {made_with}, and the key given is {given}: give the one it was made with"
    )]
    OtherKey { made_with: String, given: String },
    #[error(
        "its program {program} kept databases of version {found}, this one knows versions up to {known}: use a newer program"
    )]
    Newer { program: String, found: i64, known: i64 },
}

impl From<io::Error> for Unreadable {
    fn from(error: io::Error) -> Unreadable {
        let broken = error.get_ref().is_some_and(|inner| inner.is::<Broken>());
        if broken { Unreadable::Damaged } else { Unreadable::File(error) }
    }
}

/// The line before each table's rows, and the one at the end.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Mark {
    Table { name: String, columns: Vec<String> },
    End(Vec<(String, Total)>),
}

/// Writes a backup.
pub struct Writer<W: Write> {
    lines: zstd::Encoder<'static, Sealing<W>>,
    tables: Arc<[Table]>,
    /// The table whose rows are being written.
    table: Option<usize>,
    totals: Totals,
    line: Vec<u8>,
}

impl<W: Write> Writer<W> {
    pub fn begin(mut out: W, header: &Header, key: &Key, tables: Arc<[Table]>) -> io::Result<Writer<W>> {
        let about = format!("{FORMAT}{}\n", json!(header)).into_bytes();
        out.write_all(&about)?;
        let nonce = nonce(header).ok_or(io::ErrorKind::InvalidInput)?;
        let lines =
            zstd::Encoder::new(Sealing::new(out, key, nonce, about), zstd::DEFAULT_COMPRESSION_LEVEL)?;
        let totals = Totals::of(&tables);
        Ok(Writer { lines, tables, table: None, totals, line: Vec::new() })
    }

    pub fn append(&mut self, batch: &Batch) -> io::Result<()> {
        if self.table != Some(batch.table) {
            self.table = Some(batch.table);
            let table = &self.tables[batch.table];
            let columns = table.columns.iter().map(|column| column.name.clone()).collect();
            self.mark(&Mark::Table { name: table.name.clone(), columns })?;
        }
        for row in &batch.rows {
            line::write(row, &mut self.line)?;
            self.totals.0[batch.table].add(&self.line);
            self.lines.write_all(&self.line)?;
        }
        Ok(())
    }

    /// Writes the end; answers what the tables come to.
    pub fn finish(mut self) -> io::Result<(W, Totals)> {
        let names = self.tables.iter().map(|table| table.name.clone());
        let end = Mark::End(names.zip(self.totals.0.iter().copied()).collect());
        self.mark(&end)?;
        let mut out = self.lines.finish()?.finish()?;
        out.write_all(END)?;
        out.flush()?;
        Ok((out, self.totals))
    }

    fn mark(&mut self, mark: &Mark) -> io::Result<()> {
        serde_json::to_writer(&mut self.lines, mark)?;
        self.lines.write_all(b"\n")
    }
}

/// A backup whose header was read.
#[derive(Debug)]
pub struct Sealed {
    pub header: Header,
    pub bytes: u64,
    file: BufReader<File>,
    /// The header as it is, and the length of the sealed stream behind it.
    about: Vec<u8>,
    length: u64,
}

impl Sealed {
    /// Reads what stands in the open, and looks whether the end is there.
    pub fn open(path: &Path) -> Result<Sealed, Unreadable> {
        let file = File::open(path)?;
        let bytes = file.metadata()?.len();
        let mut file = BufReader::new(file);
        let mut about = Vec::new();
        let mut start = file.by_ref().take(HEADER);
        start.read_until(b'\n', &mut about)?;
        if about != FORMAT.as_bytes() {
            let ours = about.starts_with(BEGIN.as_bytes());
            return Err(if ours { Unreadable::Later } else { Unreadable::Other });
        }
        start.read_until(b'\n', &mut about)?;
        let header = about.strip_suffix(b"\n").ok_or(Unreadable::CutOff)?;
        let header = serde_json::from_slice(&header[FORMAT.len()..]).map_err(|_| Unreadable::Damaged)?;
        let (start, end) = (about.len() as u64, END.len() as u64);
        let length = bytes.checked_sub(start + end).ok_or(Unreadable::CutOff)?;
        let mut last = Vec::new();
        file.seek(SeekFrom::Start(start + length))?;
        file.read_to_end(&mut last)?;
        if last != END {
            return Err(Unreadable::CutOff);
        }
        file.seek(SeekFrom::Start(start))?;
        Ok(Sealed { header, bytes, file, about, length })
    }

    /// Refuses a backup that this program or this key cannot open.
    pub fn check(&self, key: &Key) -> Result<(), Unreadable> {
        let Header { program, schema, key: made_with, .. } = &self.header;
        let (program, made_with, given) = (program.clone(), made_with.clone(), key.id());
        if made_with != given {
            return Err(Unreadable::OtherKey { made_with, given });
        }
        match (*schema, db::latest_version()) {
            (found, known) if found > known => Err(Unreadable::Newer { program, found, known }),
            _ => Ok(()),
        }
    }

    /// Begins to read the rows; `tables` are those of the header's version.
    pub fn unseal(self, key: &Key, tables: Arc<[Table]>) -> Result<Reader, Unreadable> {
        self.check(key)?;
        let nonce = nonce(&self.header).ok_or(Unreadable::Damaged)?;
        let opening = Opening::new(self.file, self.length, key, nonce, self.about);
        let lines = BufReader::new(zstd::Decoder::new(opening)?);
        let totals = Totals::of(&tables);
        Ok(Reader { lines, tables, table: None, totals, line: Vec::new(), ended: false })
    }
}

fn nonce(header: &Header) -> Option<[u8; NONCE]> {
    hex::decode(&header.nonce).ok()?.try_into().ok()
}

/// Reads the rows of a backup.
pub struct Reader {
    lines: BufReader<zstd::Decoder<'static, BufReader<Opening<BufReader<File>>>>>,
    tables: Arc<[Table]>,
    table: Option<usize>,
    totals: Totals,
    line: Vec<u8>,
    ended: bool,
}

impl Reader {
    /// Some more rows of one table; nothing at the end, where what was read is what was written.
    pub fn next(&mut self) -> Result<Option<Batch>, Unreadable> {
        let mut rows: Vec<Row> = Vec::new();
        let mut bytes = 0;
        while !self.ended && rows.len() < BATCH.0 && bytes < BATCH.1 {
            self.line.clear();
            bytes += self.lines.read_until(b'\n', &mut self.line)?;
            if self.line.first() == Some(&b'[') {
                rows.push(self.row().ok_or(Unreadable::Damaged)?);
                continue;
            }
            let before = self.table;
            self.mark()?;
            if let Some(table) = before.filter(|_| !rows.is_empty()) {
                return Ok(Some(Batch { table, rows }));
            }
        }
        Ok(self.table.filter(|_| !rows.is_empty()).map(|table| Batch { table, rows }))
    }

    /// What the tables come to, as far as they were read.
    pub fn totals(&self) -> &Totals {
        &self.totals
    }

    fn row(&mut self) -> Option<Row> {
        let table = self.table?;
        self.totals.0[table].add(&self.line);
        line::read(&self.line, &self.tables[table])
    }

    fn mark(&mut self) -> Result<(), Unreadable> {
        let mark = serde_json::from_slice(&self.line).map_err(|_| Unreadable::Damaged)?;
        match mark {
            Mark::Table { name, columns } => {
                let place = self.tables.iter().position(|table| {
                    table.name == name && table.columns.iter().map(|column| &column.name).eq(&columns)
                });
                self.table = Some(place.ok_or(Unreadable::Damaged)?);
            }
            Mark::End(written) => {
                let names = self.tables.iter().map(|table| &table.name);
                if !names.zip(&self.totals.0).eq(written.iter().map(|(name, total)| (name, total))) {
                    return Err(Unreadable::Damaged);
                }
                self.ended = true;
            }
        }
        Ok(())
    }
}

/// What a writer writes to.
pub fn buffered(file: File) -> BufWriter<File> {
    BufWriter::with_capacity(256 * 1024, file)
}
