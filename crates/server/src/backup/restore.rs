//! Restoring a backup into an empty database: in one transaction, at the version it was made at, read
//! back and compared, then brought up to the program's version.

use std::sync::Arc;

use base::Clock;
use db::{Batch, Db, OpenError, Table, Tx, read_all};
use serde_json::json;
use tokio::sync::mpsc;

use super::OBJECT;
use super::aside::aside;
use super::file::{Header, Sealed, Unreadable};
use super::key::Key;
use super::line::Totals;
use super::make::Told;
use crate::audit;
use crate::vault::{Source, Vault};

/// Batches that may wait to be loaded.
const WAITING: usize = 4;

/// A backup that was restored.
#[derive(Debug)]
pub struct Restored {
    pub header: Header,
    pub rows: u64,
}

/// Why nothing was restored; the database is as it was.
#[derive(Debug, thiserror::Error)]
pub enum NotRestored {
    #[error(
        "the database is not empty: restore into a new data folder or an empty PostgreSQL database, \
         or move the one there aside first"
    )]
    NotEmpty,
    #[error(
        "the database is empty, but was made for version {found}, and the backup is of version {wanted}: \
         take a new data folder or a new PostgreSQL database"
    )]
    Made { found: i64, wanted: i64 },
    #[error("the numbers of the backup could not be opened: {0}")]
    Locked(anyhow::Error),
    #[error("what was loaded is not what the backup holds: {0}")]
    NotAsRead(String),
    #[error(transparent)]
    Unreadable(#[from] Unreadable),
    #[error(transparent)]
    Database(#[from] OpenError),
}

impl From<db::Error> for NotRestored {
    fn from(error: db::Error) -> NotRestored {
        NotRestored::Database(error.into())
    }
}

/// Restores a backup; `keys` are to open its numbers. `before` is what `audit.head` told of a database that stood here before.
pub async fn restore(
    db: &Db,
    clock: &Clock,
    keys: Source,
    (sealed, key): (Sealed, &Key),
    before: Option<String>,
    told: &mut impl Told,
) -> Result<Restored, NotRestored> {
    sealed.check(key)?;
    let header = sealed.header.clone();
    let tables: Arc<[Table]> = db::tables(header.schema).await?.into();
    let mut tx = db.write().await?;
    make_room(&mut tx, header.schema).await?;
    let totals = load(&mut tx, sealed, key, &tables, told).await?;
    let loaded = read_back(&mut tx, &tables, told, totals.rows()).await?;
    if let Some(table) = totals.differs(&loaded, &tables) {
        return Err(NotRestored::NotAsRead(table.to_owned()));
    }
    tx.migrate_to(db::latest_version()).await?;
    Vault::unlock_in(keys, &mut tx).await.map_err(NotRestored::Locked)?;
    let rows = totals.rows();
    let detail =
        json!({ "made_at": header.at, "rows": rows, "version": header.schema, "head_before": before });
    let entry = audit::Entry::of_program("backup.restore", OBJECT, detail);
    audit::record(&mut tx, clock.new_id(), clock.now(), entry).await?;
    tx.commit().await?;
    // What SQLite is told of its tables, and what PostgreSQL sees of them, is not in a backup.
    db.migrate().await?;
    db.look_anew().await?;
    Ok(Restored { header, rows })
}

/// Makes the tables of a version, where there is nothing yet.
async fn make_room(tx: &mut Tx, wanted: i64) -> Result<(), NotRestored> {
    if !tx.is_empty().await? {
        return Err(NotRestored::NotEmpty);
    }
    match tx.version().await? {
        Some(found) if found > wanted => Err(NotRestored::Made { found, wanted }),
        _ => Ok(tx.migrate_to(wanted).await?),
    }
}

async fn load(
    tx: &mut Tx,
    sealed: Sealed,
    key: &Key,
    tables: &Arc<[Table]>,
    told: &mut impl Told,
) -> Result<Totals, NotRestored> {
    let mut reader = sealed.unseal(key, tables.clone())?;
    let (to, mut from) = mpsc::channel::<Batch>(WAITING);
    let reading = aside(move |_| {
        while let Some(batch) = reader.next()? {
            if to.blocking_send(batch).is_err() {
                break;
            }
        }
        Ok::<_, Unreadable>(reader.totals().clone())
    });
    let loading = async {
        let mut rows = 0;
        while let Some(Batch { table, rows: some }) = from.recv().await {
            tables[table].append(tx, &some).await?;
            rows += some.len() as u64;
            told("loaded", rows, 0);
        }
        // The reader goes on only as long as somebody takes what it reads.
        drop(from);
        Ok::<_, db::Error>(())
    };
    let (read, loaded) = tokio::join!(reading.told(|_| ()), loading);
    loaded?;
    Ok(read?)
}

async fn read_back(
    tx: &mut Tx,
    tables: &[Table],
    told: &mut impl Told,
    of: u64,
) -> Result<Totals, NotRestored> {
    let (to, mut from) = mpsc::channel::<Batch>(WAITING);
    let reading = async {
        let read = read_all(tx, tables, &to).await;
        drop(to);
        read
    };
    let adding = async {
        let (mut totals, mut line) = (Totals::of(tables), Vec::new());
        while let Some(batch) = from.recv().await {
            totals.add(&batch, &mut line)?;
            told("compared", totals.rows(), of);
        }
        Ok::<_, serde_json::Error>(totals)
    };
    let (read, totals) = tokio::join!(reading, adding);
    read?;
    totals.map_err(|why| NotRestored::NotAsRead(why.to_string()))
}
