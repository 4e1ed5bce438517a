//! A fresh database for every test, on the engine asked for. Nothing is mocked.

use std::path::Path;

use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection};
use tempfile::TempDir;

use crate::Db;

/// Where the tests find a PostgreSQL server, as `postgres://USER@HOST:PORT/postgres`.
const SERVER: &str = "FIREBREAK_TEST_POSTGRES";

/// What their names begin with on PostgreSQL; the process and a number follow.
const PREFIX: &str = "firebreak_test_";

/// A database that is gone when dropped (on SQLite), or soon after its process (on PostgreSQL).
pub struct TestDb {
    pub db: Db,
    pub url: String,
    _folder: Option<TempDir>,
}

impl TestDb {
    /// An empty, migrated SQLite database in a temporary folder.
    pub async fn sqlite() -> TestDb {
        TestDb::bare_sqlite().await.migrated().await
    }

    /// An empty, migrated PostgreSQL database; nothing where no server was named, which is said.
    pub async fn postgres() -> Option<TestDb> {
        Some(TestDb::bare_postgres().await?.migrated().await)
    }

    /// The same database for another program over it; it is there as long as this one.
    pub fn shared(&self) -> TestDb {
        TestDb { db: self.db.clone(), url: self.url.clone(), _folder: None }
    }

    async fn migrated(self) -> TestDb {
        self.db.migrate().await.expect("tables");
        self
    }

    /// A SQLite database in which nothing is yet.
    pub async fn bare_sqlite() -> TestDb {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let url = format!("sqlite://{}", folder.path().join("test.db").display());
        let db = Db::connect(&url).await.expect("a new SQLite database");
        TestDb { db, url, _folder: Some(folder) }
    }

    /// The same on PostgreSQL.
    pub async fn bare_postgres() -> Option<TestDb> {
        let Ok(server) = std::env::var(SERVER) else {
            eprintln!("left out: PostgreSQL (set {SERVER}, or run: cargo xtask test)");
            return None;
        };
        let name = format!("{PREFIX}{}_{}", std::process::id(), next_number());
        let mut admin = PgConnection::connect(&server).await.expect("the test server answers");
        take_away(&mut admin).await;
        // An earlier process of the same number may have left one behind.
        let drop = format!("DROP DATABASE IF EXISTS {name}");
        admin.execute(AssertSqlSafe(drop)).await.expect("no database of this name");
        let create = format!("CREATE DATABASE {name}");
        admin.execute(AssertSqlSafe(create)).await.expect("a new database");
        let base = server.rsplit_once('/').map_or(server.as_str(), |(base, _)| base);
        let url = format!("{base}/{name}");
        let db = Db::connect(&url).await.expect("a new PostgreSQL database");
        Some(TestDb { db, url, _folder: None })
    }
}

/// Takes away a few databases of processes that have ended: each is some 9 MB, and a run makes hundreds.
async fn take_away(admin: &mut PgConnection) {
    const FEW: usize = 3;
    let sql = "SELECT datname FROM pg_database";
    let names: Vec<String> = sqlx::query_scalar(sql).fetch_all(&mut *admin).await.expect("the databases");
    let process = |name: &str| name.strip_prefix(PREFIX)?.split_once('_')?.0.parse::<u32>().ok();
    let runs = |id: u32| !Path::new("/proc/self").exists() || Path::new(&format!("/proc/{id}")).exists();
    let ended = |name: &String| process(name).is_some_and(|id| !runs(id));
    for name in names.into_iter().filter(ended).take(FEW) {
        // Another test may be taking the same one away.
        let _ = admin.execute(AssertSqlSafe(format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"))).await;
    }
}

fn next_number() -> u32 {
    use std::sync::atomic::{AtomicU32, Ordering};
    static NEXT: AtomicU32 = AtomicU32::new(0);
    NEXT.fetch_add(1, Ordering::Relaxed)
}

/// A test of a store, run on both engines:
/// `on_both!(async fn a_fact_is_kept(db) { ... })` where `db` is a `&Db`.
#[macro_export]
macro_rules! on_both {
    ($(async fn $name:ident($db:ident) $body:block)+) => { $(
        mod $name {
            use super::*;

            async fn told($db: &$crate::Db) $body

            #[tokio::test]
            async fn sqlite() {
                told(&$crate::TestDb::sqlite().await.db).await;
            }

            #[tokio::test]
            async fn postgres() {
                if let Some(test) = $crate::TestDb::postgres().await {
                    told(&test.db).await;
                }
            }
        }
    )+ };
}
