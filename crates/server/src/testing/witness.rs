//! Watches every request of every test: whatever it changes leaves an entry in the audit trail, in
//! the same transaction. Told by triggers, which SQLite takes as they are.

use db::{Db, on_db};

/// What is written without an entry: that a session is in use. The trail and its chain are no change.
const APART: &str = "'session', 'audit_entry', 'audit_key', 'audit_link', 'touched', '_sqlx_migrations'";

/// Rows that were changed, and entries of the trail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Marks {
    rows: i64,
    entries: i64,
}

impl Marks {
    /// Whether something was changed since, and nobody wrote down who did it.
    pub fn unaudited(self, before: Marks) -> bool {
        self.rows > before.rows && self.entries == before.entries
    }
}

/// Begins to count changed rows.
pub async fn watch(db: &Db) {
    if !matches!(db, Db::Sqlite(_)) {
        return;
    }
    let mut tx = db.write().await.expect("a transaction");
    let tables = format!(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND substr(name, 1, 7) <> 'sqlite_' \
         AND name NOT IN ({APART}) ORDER BY name"
    );
    let tables = sqlx::AssertSqlSafe(tables);
    let tables: Vec<String> =
        on_db!(tx, c => sqlx::query_scalar(tables).fetch_all(c).await).expect("the tables");
    let mut all = "CREATE TABLE touched (n INTEGER); INSERT INTO touched VALUES (0);".to_owned();
    for table in tables {
        for deed in ["INSERT", "UPDATE", "DELETE"] {
            all += &format!(
                "CREATE TRIGGER touched_{table}_{deed} AFTER {deed} ON {table} \
                 BEGIN UPDATE touched SET n = n + 1; END;"
            );
        }
    }
    let all = sqlx::AssertSqlSafe(all);
    on_db!(tx, c => sqlx::raw_sql(all).execute(c).await.map(|_| ())).expect("the triggers");
    tx.commit().await.expect("a commit");
}

/// Where things stand; nothing where nobody counts.
pub async fn marks(db: &Db) -> Option<Marks> {
    if !matches!(db, Db::Sqlite(_)) {
        return None;
    }
    let mut tx = db.read().await.ok()?;
    let sql = "SELECT (SELECT n FROM touched), (SELECT COUNT(*) FROM audit_entry)";
    let (rows, entries) = on_db!(tx, c => sqlx::query_as(sql).fetch_one(c).await).ok()?;
    Some(Marks { rows, entries })
}

#[tokio::test]
async fn a_change_without_an_entry_is_noticed() {
    let app = super::TestApp::sqlite().await;
    let before = marks(&app.test.db).await.expect("marks");
    app.headquarters().await;
    let after = marks(&app.test.db).await.expect("marks");
    assert!(after.unaudited(before), "{before:?} {after:?}");
    assert!(!after.unaudited(after));
}
