//! Migrations: portable SQL that only grows, plus the few named pairs that differ by engine.

use sqlx::migrate::{MigrateError, Migration, MigrationType, Migrator};
use sqlx::{AssertSqlSafe, SqlSafeStr, SqliteConnection};

use crate::{Connection, Db, OpenError, Result, Snapshot, Tx, on_db};

/// One step: the portable text, and what either engine needs beside it.
struct Step {
    name: &'static str,
    portable: &'static str,
    sqlite: &'static str,
    postgres: &'static str,
}

macro_rules! steps {
    ($($name:literal $(+ $pair:ident)?),+ $(,)?) => {
        &[$(Step {
            name: $name,
            portable: include_str!(concat!("../../../migrations/", $name, ".sql")),
            sqlite: steps!(@pair "sqlite", $name $(, $pair)?),
            postgres: steps!(@pair "postgres", $name $(, $pair)?),
        }),+]
    };
    (@pair $engine:literal, $name:literal) => { "" };
    (@pair $engine:literal, $name:literal, pair) => {
        include_str!(concat!("../../../migrations/", $engine, "/", $name, ".sql"))
    };
}

/// Every step in order; a step's number is its place. Append only: a step that has been released
/// never changes, since its checksum is kept in every database.
const STEPS: &[Step] = steps![
    "0001_divisions" + pair,
    "0002_accounts",
    "0003_register",
    "0004_stewards",
    "0005_rounds",
    "0007_accounts" + pair,
    "0008_reports",
    "0009_register" + pair,
    "0010_stewardships",
    "0011_tallies",
    "0012_posts",
    "0014_presences",
    "0015_playbooks",
    "0017_role_moves",
    "0018_audit" + pair,
    "0019_operation",
    "0020_vault",
    "0021_key_fevers",
    "0022_doubles",
    "0023_layouts",
    "0024_register_changes",
    "0025_retention",
    "0026_rights",
    "0027_stays",
];

/// After a table this marker becomes `WITHOUT ROWID` on SQLite: its rows then lie in the order of
/// their primary key, as the keys led by `town` are made for.
const MARKER: &str = "/* WITHOUT ROWID */";

/// The database was made by a later version of the program than this one.
#[derive(Debug, thiserror::Error)]
#[error("the database has version {found}, this program knows versions up to {known}: use a newer program")]
pub struct Newer {
    pub found: i64,
    pub known: i64,
}

/// The version a database has after all steps.
pub fn latest_version() -> i64 {
    STEPS.len().try_into().unwrap_or(i64::MAX)
}

pub(crate) async fn run(db: &Db) -> Result<(), OpenError> {
    let done = match db {
        Db::Sqlite(pools) => migrator(Engine::Sqlite).run(&pools.write).await,
        Db::Postgres(pool) => migrator(Engine::Postgres).run(pool).await,
    };
    done.map_err(told)
}

fn told(error: MigrateError) -> OpenError {
    match error {
        MigrateError::VersionMissing(found) => Newer { found, known: latest_version() }.into(),
        other => OpenError::Migrate(other),
    }
}

/// Makes the tables of a version in an empty SQLite database. The migrator is called in the way that gives
/// a future other threads may take over: its `run_to` does not.
pub(crate) async fn empty_sqlite(c: &mut SqliteConnection, version: i64) -> Result<(), OpenError> {
    migrator(Engine::Sqlite).run_direct(Some(version), c, false).await.map_err(told)
}

impl Tx {
    /// Brings the database up to a version, inside this transaction.
    pub async fn migrate_to(&mut self, version: i64) -> Result<(), OpenError> {
        match self.connection() {
            Connection::Sqlite(c) => migrator(Engine::Sqlite).run_direct(Some(version), c, false).await,
            Connection::Postgres(c) => migrator(Engine::Postgres).run_direct(Some(version), c, false).await,
        }
        .map_err(told)
    }
}

impl Snapshot {
    /// The version of the database; nothing where it has no tables yet.
    pub async fn version(&mut self) -> Result<Option<i64>> {
        let there: bool = match self.connection() {
            Connection::Sqlite(c) => {
                let sql = "SELECT COUNT(*) > 0 FROM sqlite_schema WHERE name = '_sqlx_migrations'";
                sqlx::query_scalar(sql).fetch_one(c).await?
            }
            Connection::Postgres(c) => {
                sqlx::query_scalar("SELECT to_regclass('_sqlx_migrations') IS NOT NULL").fetch_one(c).await?
            }
        };
        if !there {
            return Ok(None);
        }
        let sql = "SELECT MAX(version) FROM _sqlx_migrations WHERE success";
        on_db!(self, c => sqlx::query_scalar(sql).fetch_one(c).await)
    }
}

#[derive(Clone, Copy)]
enum Engine {
    Sqlite,
    Postgres,
}

fn migrator(engine: Engine) -> Migrator {
    let numbered = STEPS.iter().zip(1..);
    Migrator::with_migrations(numbered.map(|(step, number)| step.migration(number, engine)).collect())
}

impl Step {
    fn migration(&self, number: i64, engine: Engine) -> Migration {
        let sql = match engine {
            Engine::Sqlite => self.portable.replace(MARKER, "WITHOUT ROWID") + self.sqlite,
            Engine::Postgres => format!("{}{}", self.portable, self.postgres),
        };
        let sql = AssertSqlSafe(sql).into_sql_str();
        Migration::new(number, self.name.into(), MigrationType::Simple, sql, false)
    }
}
