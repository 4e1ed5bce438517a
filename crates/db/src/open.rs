//! Opening a database by its address.

use std::path::Path;
use std::str::FromStr;
use std::time::Duration;

use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{AssertSqlSafe, PgPool, SqlitePool};

use crate::migrate::{self, Newer};
use crate::on_db;
use crate::statistics;

/// An open database, migrated to the version of this program. Cloning shares it.
#[derive(Clone)]
pub enum Db {
    Sqlite(Sqlite),
    Postgres(PgPool),
}

/// SQLite takes one writer at a time: its pool has one connection, so writers queue in order
/// instead of failing with 'busy'; readers have a pool of their own and never wait for it.
#[derive(Clone)]
pub struct Sqlite {
    pub(crate) write: SqlitePool,
    pub(crate) read: SqlitePool,
}

/// Why a database could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    #[error("'{0}' is no database address: use sqlite://FILE or postgres://USER@HOST/NAME")]
    Address(String),
    #[error(transparent)]
    Newer(#[from] Newer),
    #[error("the database could not be brought up to date: {0}")]
    Migrate(sqlx::migrate::MigrateError),
    #[error("the database could not be told what its tables hold: {0}")]
    Statistics(sqlx::Error),
    #[error("{table}.{column} is declared as {declared}: a backup knows no such values")]
    Type { table: String, column: String, declared: String },
    #[error("there is no database at {0}")]
    Missing(String),
    #[error(transparent)]
    Database(#[from] sqlx::Error),
    #[error("the database at {at} cannot be opened: {why}")]
    Unreachable { at: String, why: sqlx::Error },
}

const READERS: u32 = 4;
/// How long the closing of all connections may take.
const CLOSING: Duration = Duration::from_secs(5);
const POSTGRES_CONNECTIONS: u32 = 16;
/// Pages of 4 KiB in the write-ahead log before it is folded back: larger groups cost fewer fsyncs.
const CHECKPOINT_PAGES: &str = "8000";
/// Rows that SQLite's thread may be ahead of ours: each time it has to wait costs a change of threads.
const ROW_BUFFER: usize = 1_024;
/// SQLite page caches in KiB (negative by SQLite's convention); grown into only by large data.
const WRITER_CACHE: &str = "-262144";
const READER_CACHE: &str = "-16384";

impl Db {
    /// Opens `sqlite://FILE` (made when missing) or `postgres://...` and migrates it.
    pub async fn open(url: &str) -> Result<Db, OpenError> {
        let db = Db::connect(url).await?;
        db.migrate().await?;
        Ok(db)
    }

    /// Brings the database up to this program's version; refuses one that is newer.
    pub async fn migrate(&self) -> Result<(), OpenError> {
        migrate::run(self).await?;
        if let Db::Sqlite(pools) = self {
            let mut tx = pools.write.begin().await.map_err(OpenError::Statistics)?;
            statistics::write(&mut tx).await.map_err(OpenError::Statistics)?;
            tx.commit().await.map_err(OpenError::Statistics)?;
        }
        Ok(())
    }

    /// The engine's name as `/healthz` and the benches print it.
    pub fn engine(&self) -> &'static str {
        match self {
            Db::Sqlite(_) => "sqlite",
            Db::Postgres(_) => "postgres",
        }
    }

    /// Asks the engine for a sign of life.
    pub async fn answers(&self) -> crate::Result<()> {
        let mut snapshot = self.read().await?;
        on_db!(snapshot, c => sqlx::query("SELECT 1").execute(c).await.map(|_| ()))
    }

    /// To be called after much was taken in at once: PostgreSQL looks at its tables anew, and plans
    /// by what it finds, instead of some minutes later. SQLite has been told beforehand.
    pub async fn look_anew(&self) -> crate::Result<()> {
        match self {
            Db::Sqlite(_) => Ok(()),
            Db::Postgres(pool) => sqlx::query("ANALYZE").execute(pool).await.map(|_| ()),
        }
    }

    /// To be called where much was deleted for good, and nobody else is at work: what was deleted still
    /// stands in the files until then.
    pub async fn compact(&self) -> crate::Result<()> {
        match self {
            Db::Sqlite(pools) => {
                sqlx::query("VACUUM").execute(&pools.write).await?;
                sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)").execute(&pools.write).await.map(|_| ())
            }
            Db::Postgres(pool) => {
                // Our own tables: those of the whole server are not ours to lock.
                let sql = "SELECT CAST(tablename AS TEXT) FROM pg_tables WHERE schemaname = current_schema()";
                let tables: Vec<String> = sqlx::query_scalar(sql).fetch_all(pool).await?;
                for table in tables {
                    sqlx::query(AssertSqlSafe(format!("VACUUM FULL {table}"))).execute(pool).await?;
                }
                Ok(())
            }
        }
    }

    /// Waits for statements under way and closes every connection, but not for longer than
    /// [`CLOSING`]: what was committed is on disk, and a connection that does not close ends with the
    /// program.
    pub async fn close(&self) {
        let closing = async {
            match self {
                Db::Sqlite(pools) => {
                    pools.read.close().await;
                    pools.write.close().await;
                }
                Db::Postgres(pool) => pool.close().await,
            }
        };
        if tokio::time::timeout(CLOSING, closing).await.is_err() {
            tracing::warn!("the database did not close within {} seconds", CLOSING.as_secs());
        }
    }

    /// Opens a database that is there, as it is: nothing is made or migrated.
    pub async fn open_as_is(url: &str) -> Result<Db, OpenError> {
        if let Some(file) = url.strip_prefix("sqlite://")
            && !Path::new(file).is_file()
        {
            return Err(OpenError::Missing(file.to_owned()));
        }
        Db::connect(url).await
    }

    /// Opens a database (made when missing) that is to be filled from a backup: nothing is migrated.
    pub async fn connect(url: &str) -> Result<Db, OpenError> {
        let unreachable = |why| OpenError::Unreachable { at: without_password(url), why };
        if let Some(file) = url.strip_prefix("sqlite://") {
            return open_sqlite(Path::new(file)).await.map(Db::Sqlite).map_err(unreachable);
        }
        if !url.starts_with("postgres://") && !url.starts_with("postgresql://") {
            return Err(OpenError::Address(without_password(url)));
        }
        let options =
            PgConnectOptions::from_str(url).map_err(|_| OpenError::Address(without_password(url)))?;
        // A commit is acknowledged only when it is on disk, whatever the server's default says.
        // Compiling a plan to machine code takes longer than any statement of ours.
        let options = options.options([("synchronous_commit", "on"), ("jit", "off")]);
        let pool = PgPoolOptions::new()
            .max_connections(POSTGRES_CONNECTIONS)
            .test_before_acquire(false)
            .acquire_timeout(Duration::from_secs(15))
            .connect_with(options);
        pool.await.map(Db::Postgres).map_err(unreachable)
    }
}

async fn open_sqlite(file: &Path) -> Result<Sqlite, sqlx::Error> {
    let options = SqliteConnectOptions::new()
        .filename(file)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .busy_timeout(Duration::from_secs(15))
        .pragma("wal_autocheckpoint", CHECKPOINT_PAGES)
        .pragma("temp_store", "memory")
        .row_buffer_size(ROW_BUFFER);
    let pool = |connections| SqlitePoolOptions::new().max_connections(connections).test_before_acquire(false);
    // What is deleted is overwritten: records whose time is over stand in no free page.
    let writer = options.clone().create_if_missing(true).pragma("secure_delete", "on");
    let writer = writer.pragma("cache_size", WRITER_CACHE);
    let write = pool(1).connect_with(writer).await?;
    let reader = options.read_only(true).pragma("cache_size", READER_CACHE);
    let read = pool(READERS).connect_with(reader).await?;
    Ok(Sqlite { write, read })
}

/// The address as it may stand in a message or a log.
fn without_password(url: &str) -> String {
    let Some((scheme, rest)) = url.split_once("://") else { return url.to_owned() };
    let Some((user, host)) = rest.rsplit_once('@') else { return url.to_owned() };
    let user = user.split(':').next().unwrap_or_default();
    format!("{scheme}://{user}@{host}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_never_holds_the_password() {
        assert_eq!(without_password("postgres://fb:secret@db/town"), "postgres://fb@db/town");
        assert_eq!(without_password("sqlite://town.db"), "sqlite://town.db");
    }

    #[tokio::test]
    async fn another_kind_of_address_says_what_to_use() {
        let error = Db::open("mysql://root:pw@host/x").await.err().map(|e| e.to_string());
        let message = error.unwrap_or_default();
        assert!(message.contains("sqlite://FILE") && !message.contains("pw"), "{message}");
    }
}
