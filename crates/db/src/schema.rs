//! Which tables there are, with their columns: told by the migrations themselves, so that what copies
//! a database whole leaves nothing out.

use sqlx::{Connection as _, SqliteConnection};

use crate::{OpenError, migrate};

/// A table and its columns, the same on both engines.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    pub name: String,
    pub columns: Vec<Column>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    pub name: String,
    pub kind: Kind,
}

/// What a column holds; there are no other types in the migrations.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Big,
    Int,
    Flag,
    Id,
    Text,
    Bytes,
}

impl Kind {
    fn declared(as_type: &str) -> Option<Kind> {
        Some(match as_type {
            "BIGINT" => Kind::Big,
            "INTEGER" => Kind::Int,
            "BOOLEAN" => Kind::Flag,
            "UUID" => Kind::Id,
            "TEXT" => Kind::Text,
            "BYTEA" => Kind::Bytes,
            _ => return None,
        })
    }
}

/// Tables come in the order in which they were made: after those that they refer to.
const COLUMNS: &str = "SELECT t.name, c.name, c.type FROM sqlite_schema t JOIN pragma_table_info(t.name) c \
     WHERE t.type = 'table' AND substr(t.name, 1, 7) <> 'sqlite_' AND t.name <> '_sqlx_migrations' \
     ORDER BY t.rowid, c.cid";

/// The tables of a database of a version. They are looked up in an empty one in memory: what else may
/// lie in a town's database, or how its engine calls the types, does not count.
pub async fn tables(version: i64) -> Result<Vec<Table>, OpenError> {
    let unreadable = |why| OpenError::Unreachable { at: "the list of tables".into(), why };
    let mut memory = SqliteConnection::connect("sqlite::memory:").await.map_err(unreadable)?;
    migrate::empty_sqlite(&mut memory, version).await?;
    let columns: Vec<(String, String, String)> =
        sqlx::query_as(COLUMNS).fetch_all(&mut memory).await.map_err(unreadable)?;
    let mut tables: Vec<Table> = Vec::new();
    for (table, name, declared) in columns {
        let Some(kind) = Kind::declared(&declared) else {
            return Err(OpenError::Type { table, column: name, declared });
        };
        match tables.last_mut().filter(|last| last.name == table) {
            Some(last) => last.columns.push(Column { name, kind }),
            None => tables.push(Table { name: table, columns: vec![Column { name, kind }] }),
        }
    }
    Ok(tables)
}
