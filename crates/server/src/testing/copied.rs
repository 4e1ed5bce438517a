//! A database in the hands of somebody else.

use std::fs;

use db::on_db;

use super::TestApp;

/// The database as somebody copies it: the files of SQLite with its log of writes, or every row of
/// every table.
pub async fn copied(app: &TestApp) -> Vec<u8> {
    if let Some(file) = app.test.url.strip_prefix("sqlite://") {
        let read = |end: &str| fs::read(format!("{file}{end}")).unwrap();
        return ["", "-wal", "-shm"].map(read).concat();
    }
    let mut tx = app.test.db.read().await.unwrap();
    let sql = "SELECT CAST(tablename AS TEXT) FROM pg_tables WHERE schemaname = 'public' ORDER BY 1";
    let tables: Vec<String> = on_db!(tx, c => sqlx::query_scalar(sql).fetch_all(c).await).unwrap();
    let mut content = String::new();
    for table in tables {
        let sql = sqlx::AssertSqlSafe(format!("SELECT CAST(t AS TEXT) FROM {table} t"));
        let rows: Vec<String> = on_db!(tx, c => sqlx::query_scalar(sql).fetch_all(c).await).unwrap();
        content += &rows.join("\n");
    }
    // Bytes are written in hex there: read them as they are, too.
    let bytes = content.split("\\x").skip(1).flat_map(|part| {
        let end = part.find(|c: char| !c.is_ascii_hexdigit()).unwrap_or(part.len());
        hex::decode(&part[..end]).unwrap_or_default()
    });
    let bytes: Vec<u8> = bytes.collect();
    [content.into_bytes(), bytes].concat()
}
