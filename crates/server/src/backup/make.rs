//! Making a backup: read in one snapshot, written under another name, read back whole, and only then
//! given its name.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use base::{Clock, Moment, TownTime};
use db::{Batch, Db, OpenError, Snapshot, Table, on_db, read_all};
use rand::RngExt as _;
use tempfile::NamedTempFile;
use tokio::sync::mpsc;

use super::aside::aside;
use super::file::{Header, Sealed, Town, Unreadable, Writer, buffered};
use super::key::Key;
use super::line::Totals;
use super::seal::NONCE;

/// The end of every backup's name.
pub const ENDING: &str = "backup";
/// What an unfinished one is called.
const UNFINISHED: (&str, &str) = (".firebreak-", ".unfinished");
/// Batches that may wait to be written.
const WAITING: usize = 4;

/// Hears what is being done and how many rows are, of how many.
pub trait Told: FnMut(&str, u64, u64) + Send {}

impl<T: FnMut(&str, u64, u64) + Send> Told for T {}

/// Where nobody looks on.
pub fn untold(_: &str, _: u64, _: u64) {}

/// A backup that was made.
#[derive(Debug)]
pub struct Made {
    pub path: PathBuf,
    pub header: Header,
    pub bytes: u64,
    pub rows: u64,
}

/// Why none was made; no file is left of it.
#[derive(Debug, thiserror::Error)]
pub enum NotMade {
    #[error("the database is empty: there is nothing to back up")]
    Empty,
    #[error("no room is left at {}: make room there, or take another place", .0.display())]
    Full(PathBuf),
    #[error("nothing can be written at {}: {why}", .place.display())]
    Place { place: PathBuf, why: io::Error },
    #[error("{} is there already: take another name", .0.display())]
    Taken(PathBuf),
    #[error(
        "what was read back is not what was written ({0}): have the disk looked at, or take another place"
    )]
    NotAsWritten(String),
    #[error(transparent)]
    Database(#[from] OpenError),
}

impl From<db::Error> for NotMade {
    fn from(error: db::Error) -> NotMade {
        NotMade::Database(error.into())
    }
}

impl NotMade {
    /// The message that tells an administrator.
    pub fn key(&self) -> &'static str {
        match self {
            NotMade::Full(_) => "backup-fault-full",
            NotMade::Place { .. } | NotMade::Taken(_) => "backup-fault-place",
            NotMade::NotAsWritten(_) => "backup-fault-disk",
            NotMade::Empty | NotMade::Database(_) => "backup-fault-other",
        }
    }

    fn at(place: &Path) -> impl Fn(io::Error) -> NotMade + use<> {
        use io::ErrorKind::{FileTooLarge, QuotaExceeded, StorageFull};
        let place = place.to_owned();
        move |why| match why.kind() {
            StorageFull | QuotaExceeded | FileTooLarge => NotMade::Full(place.clone()),
            _ => NotMade::Place { place: place.clone(), why },
        }
    }
}

/// What is wanted of a backup.
#[derive(Clone, Copy)]
pub struct Wanted<'a> {
    pub key: &'a Key,
    /// A folder, in which it is named for the moment, or a file whose name ends in .backup.
    pub to: &'a Path,
    /// The zone of the town's clock, by which it is named and listed.
    pub zone: &'a str,
}

/// Makes a backup of all that stands in the database at this moment.
pub async fn make(db: &Db, clock: &Clock, wanted: Wanted<'_>, told: &mut impl Told) -> Result<Made, NotMade> {
    let mut snapshot = db.read().await?;
    of_snapshot(&mut snapshot, (db.engine(), clock.now()), wanted, told).await
}

/// The same of a snapshot that is open already, of an engine and a moment.
pub async fn of_snapshot(
    snapshot: &mut Snapshot,
    of: (&str, Moment),
    wanted: Wanted<'_>,
    told: &mut impl Told,
) -> Result<Made, NotMade> {
    let schema = snapshot.version().await?.ok_or(NotMade::Empty)?;
    let known = db::latest_version();
    if schema > known {
        return Err(OpenError::from(db::Newer { found: schema, known }).into());
    }
    let tables: Arc<[Table]> = db::tables(schema).await?.into();
    let header = header(snapshot, schema, of, wanted).await?;
    let key = wanted.key;
    let (folder, path) = place(wanted.to, &header);
    fs::create_dir_all(&folder).map_err(NotMade::at(&folder))?;
    if path.exists() {
        return Err(NotMade::Taken(path));
    }
    let unfinished = tempfile::Builder::new().prefix(UNFINISHED.0).suffix(UNFINISHED.1).tempfile_in(&folder);
    let unfinished = unfinished.map_err(NotMade::at(&folder))?;
    let totals = fill(snapshot, &unfinished, &header, key, &tables, told).await?;
    let read_back = read_back(unfinished.path(), key, tables.clone(), told, totals.rows()).await?;
    if let Some(table) = totals.differs(&read_back, &tables) {
        return Err(NotMade::NotAsWritten(table.to_owned()));
    }
    let bytes = unfinished.as_file().metadata().map_err(NotMade::at(&folder))?.len();
    name(unfinished, &folder, &path)?;
    Ok(Made { path, header, bytes, rows: totals.rows() })
}

async fn header(
    snapshot: &mut Snapshot,
    schema: i64,
    (engine, at): (&str, Moment),
    Wanted { key, zone, .. }: Wanted<'_>,
) -> db::Result<Header> {
    let sql = "SELECT town, name FROM operation ORDER BY town";
    let towns: Vec<Town> = on_db!(snapshot, c => sqlx::query_as(sql).fetch_all(c).await)?;
    let nonce: [u8; NONCE] = rand::rng().random();
    Ok(Header {
        program: env!("CARGO_PKG_VERSION").to_owned(),
        schema,
        engine: engine.to_owned(),
        at,
        zone: zone.to_owned(),
        towns,
        key: key.id(),
        nonce: hex::encode(nonce),
    })
}

/// The folder that a backup is made in, and its path there.
fn place(to: &Path, header: &Header) -> (PathBuf, PathBuf) {
    if to.extension().is_some_and(|ending| ending == ENDING) {
        let folder = to.parent().filter(|folder| !folder.as_os_str().is_empty());
        return (folder.unwrap_or(Path::new(".")).to_owned(), to.to_owned());
    }
    (to.to_owned(), to.join(header.file_name()))
}

impl Header {
    /// What a backup in a folder is called, for its moment.
    pub fn file_name(&self) -> String {
        let seconds = self.at.0.div_euclid(1_000).rem_euclid(60);
        match self.time() {
            Some(time) => {
                let (day, (hour, minute)) = (time.day(self.at), time.hour_minute(self.at));
                format!("firebreak-{day}-{hour:02}{minute:02}{seconds:02}.{ENDING}")
            }
            None => format!("firebreak-{}.{ENDING}", self.at.0),
        }
    }

    /// The clock that its moment is read by.
    pub fn time(&self) -> Option<TownTime> {
        TownTime::new(&self.zone, "00:00").ok()
    }
}

/// Writes all rows, up to where they are on disk.
async fn fill(
    snapshot: &mut Snapshot,
    unfinished: &NamedTempFile,
    header: &Header,
    key: &Key,
    tables: &Arc<[Table]>,
    told: &mut impl Told,
) -> Result<Totals, NotMade> {
    let of = snapshot.count(tables).await?.into_iter().map(i64::unsigned_abs).sum();
    let failed = NotMade::at(unfinished.path().parent().unwrap_or(Path::new(".")));
    let file = unfinished.as_file().try_clone().map_err(&failed)?;
    let (header, key, known) = (header.clone(), key.clone(), tables.clone());
    let (to, mut from) = mpsc::channel::<Batch>(WAITING);
    let writing = aside(move |done| {
        let mut writer = Writer::begin(buffered(file), &header, &key, known)?;
        let mut rows = 0;
        while let Some(batch) = from.blocking_recv() {
            rows += batch.rows.len() as u64;
            writer.append(&batch)?;
            done.at(rows).map_err(io::Error::other)?;
        }
        Ok::<_, io::Error>(writer)
    });
    let reading = async {
        let read = read_all(snapshot, tables, &to).await;
        drop(to);
        read
    };
    let (read, writer) = tokio::join!(reading, writing.told(|rows| told("written", rows, of)));
    // Whoever could not write knows why; whoever reads then only finds that nobody listens.
    let writer = writer.map_err(&failed)?;
    read?;
    let finished = aside(move |_| {
        let (file, totals) = writer.finish()?;
        file.into_inner().map_err(io::IntoInnerError::into_error)?.sync_all()?;
        Ok(totals)
    });
    finished.told(|_| ()).await.map_err(failed)
}

/// Opens a backup and reads all of it; answers what its tables come to.
async fn read_back(
    path: &Path,
    key: &Key,
    tables: Arc<[Table]>,
    told: &mut impl Told,
    of: u64,
) -> Result<Totals, NotMade> {
    let (file, key) = (path.to_owned(), key.clone());
    let read = aside(move |done| {
        let mut reader = Sealed::open(&file)?.unseal(&key, tables)?;
        while reader.next()?.is_some() {
            done.at(reader.totals().rows()).map_err(io::Error::other)?;
        }
        Ok::<_, Unreadable>(reader.totals().clone())
    });
    let read = read.told(|rows| told("read back", rows, of)).await;
    read.map_err(|why| NotMade::NotAsWritten(why.to_string()))
}

/// Gives a finished backup its name, for good.
fn name(unfinished: NamedTempFile, folder: &Path, path: &Path) -> Result<(), NotMade> {
    unfinished.persist_noclobber(path).map_err(|error| match error.error.kind() {
        io::ErrorKind::AlreadyExists => NotMade::Taken(path.to_owned()),
        _ => NotMade::at(folder)(error.error),
    })?;
    sync(folder).map_err(NotMade::at(folder))
}

/// Makes a name durable.
#[cfg(unix)]
fn sync(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}

#[cfg(not(unix))]
fn sync(_: &Path) -> io::Result<()> {
    Ok(())
}

/// Whether a file is what is left of a backup whose program was ended hard.
pub fn is_unfinished(path: &Path) -> bool {
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    name.starts_with(UNFINISHED.0) && name.ends_with(UNFINISHED.1)
}
