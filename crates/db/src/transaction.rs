//! Reading and writing: a snapshot sees one state of the whole database, a transaction changes it.

use std::collections::BTreeSet;
use std::ops::{Deref, DerefMut};

use sqlx::{AssertSqlSafe, PgConnection, Postgres, Sqlite, SqliteConnection, Transaction};

use crate::{Db, Result};

/// One consistent state of the database, to read from. All figures of a page come from one
/// snapshot, so they agree with each other. Ends when dropped.
pub struct Snapshot(Held);

/// A transaction: a snapshot that may also be changed. Undone when dropped without
/// [`Tx::commit`]. On SQLite only one is open at a time and others wait their turn.
pub struct Tx(Snapshot);

enum Held {
    Sqlite(Transaction<'static, Sqlite>),
    Postgres(Transaction<'static, Postgres>),
}

/// The open connection, for [`on_db!`](crate::on_db).
pub enum Connection<'a> {
    Sqlite(&'a mut SqliteConnection),
    Postgres(&'a mut PgConnection),
}

/// Runs the same `sqlx` call on either engine:
/// `on_db!(tx, c => sqlx::query("...").bind(x).execute(c).await)`.
#[macro_export]
macro_rules! on_db {
    ($tx:expr, $connection:ident => $body:expr) => {
        match $tx.connection() {
            $crate::Connection::Sqlite($connection) => $body,
            $crate::Connection::Postgres($connection) => $body,
        }
    };
}

impl Db {
    /// A snapshot to read from.
    pub async fn read(&self) -> Result<Snapshot> {
        Ok(Snapshot(match self {
            Db::Sqlite(pools) => Held::Sqlite(pools.read.begin().await?),
            Db::Postgres(pool) => {
                let begin = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";
                Held::Postgres(pool.begin_with(begin).await?)
            }
        }))
    }

    /// A transaction to write in. SQLite takes the write lock at once: a transaction that reads
    /// first and locks later fails under load.
    pub async fn write(&self) -> Result<Tx> {
        Ok(Tx(Snapshot(match self {
            Db::Sqlite(pools) => Held::Sqlite(pools.write.begin_with("BEGIN IMMEDIATE").await?),
            Db::Postgres(pool) => Held::Postgres(pool.begin().await?),
        })))
    }
}

impl Snapshot {
    pub fn connection(&mut self) -> Connection<'_> {
        match &mut self.0 {
            Held::Sqlite(tx) => Connection::Sqlite(tx),
            Held::Postgres(tx) => Connection::Postgres(tx),
        }
    }
}

impl Tx {
    /// Waits until no other transaction holds one of these towns, and holds them to the end, always
    /// in the same order. Whoever changes what another transaction's tallies were reckoned from
    /// (where households stand, which days are open) holds the town first. SQLite has one writer at
    /// a time: there is nothing to hold.
    pub async fn hold(&mut self, towns: &BTreeSet<i64>) -> Result<()> {
        let Connection::Postgres(c) = self.0.connection() else { return Ok(()) };
        let towns: Vec<i64> = towns.iter().copied().collect();
        let sql = "SELECT pg_advisory_xact_lock(town) FROM (SELECT unnest($1) AS town ORDER BY 1) held";
        sqlx::query(sql).bind(towns).execute(c).await.map(|_| ())
    }

    /// Waits until nobody else writes to these tables, and keeps it so to the end. False where that
    /// took long: the transaction is then to be dropped and the attempt made again, so that no other
    /// waits for it for long. SQLite has one writer at a time: there is nothing to hold.
    pub async fn hold_still(&mut self, tables: &[&str]) -> Result<bool> {
        let Connection::Postgres(c) = self.0.connection() else { return Ok(true) };
        // Shorter than the second after which the engine looks for deadlocks: it is we who give way.
        let sql = format!(
            "SET LOCAL lock_timeout = '300ms'; LOCK TABLE {} IN SHARE ROW EXCLUSIVE MODE; \
             SET LOCAL lock_timeout = DEFAULT",
            tables.join(", ")
        );
        match sqlx::raw_sql(AssertSqlSafe(sql)).execute(c).await {
            Err(error) if error.as_database_error().is_some_and(|e| e.code().as_deref() == Some("55P03")) => {
                Ok(false)
            }
            done => done.map(|_| true),
        }
    }

    /// Makes all changes durable: when this returns, they are on disk.
    pub async fn commit(self) -> Result<()> {
        match self.0.0 {
            Held::Sqlite(tx) => tx.commit().await,
            Held::Postgres(tx) => tx.commit().await,
        }
    }
}

impl Deref for Tx {
    type Target = Snapshot;

    fn deref(&self) -> &Snapshot {
        &self.0
    }
}

impl DerefMut for Tx {
    fn deref_mut(&mut self) -> &mut Snapshot {
        &mut self.0
    }
}
