//! All rows of a table as plain values, the same from both engines: what a backup is made of.

use futures_util::TryStreamExt as _;
use sqlx::{AssertSqlSafe, ColumnIndex, Decode, Type};
use tokio::sync::mpsc;
use uuid::Uuid;

use crate::schema::{Kind, Table};
use crate::{Result, Rows, Snapshot, Tx, on_db, schema};

/// A value of a column.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    Null,
    Number(i64),
    Flag(bool),
    Id(Uuid),
    Text(String),
    Bytes(Vec<u8>),
}

/// The values of a row, in the order of the table's columns.
pub type Row = Vec<Value>;

/// Some rows of one table, which is told by its place among the tables.
#[derive(Debug)]
pub struct Batch {
    pub table: usize,
    pub rows: Vec<Row>,
}

/// Rows of a batch, and bytes after which it takes no more: enough to be handed over seldom, and few in
/// memory.
pub const BATCH: (usize, usize) = (1_000, 1 << 20);

/// Reads all rows of all tables and hands them over in batches, in the order of the tables; the rows of
/// one come as the engine keeps them. Stops where nobody takes them any more.
pub async fn read_all(snapshot: &mut Snapshot, tables: &[Table], to: &mpsc::Sender<Batch>) -> Result<()> {
    for (place, table) in tables.iter().enumerate() {
        read(snapshot, table, place, to).await?;
    }
    Ok(())
}

async fn read(snapshot: &mut Snapshot, table: &Table, place: usize, to: &mpsc::Sender<Batch>) -> Result<()> {
    let sql = AssertSqlSafe(format!("SELECT {} FROM {}", table.column_names(), table.name));
    on_db!(snapshot, c => {
        let mut found = sqlx::query(sql).fetch(c);
        let (mut rows, mut bytes) = (Vec::new(), 0);
        while let Some(row) = found.try_next().await? {
            let mut values = Vec::with_capacity(table.columns.len());
            for (at, column) in table.columns.iter().enumerate() {
                let value = value(&row, at, column.kind)?;
                bytes += value.bytes();
                values.push(value);
            }
            rows.push(values);
            if rows.len() >= BATCH.0 || bytes >= BATCH.1 {
                bytes = 0;
                if to.send(Batch { table: place, rows: std::mem::take(&mut rows) }).await.is_err() {
                    return Ok(());
                }
            }
        }
        if !rows.is_empty() {
            // Whoever went away has said why.
            let _ = to.send(Batch { table: place, rows }).await;
        }
        Ok(())
    })
}

fn value<'r, R: sqlx::Row>(row: &'r R, at: usize, kind: Kind) -> Result<Value>
where
    usize: ColumnIndex<R>,
    i64: Decode<'r, R::Database> + Type<R::Database>,
    i32: Decode<'r, R::Database> + Type<R::Database>,
    bool: Decode<'r, R::Database> + Type<R::Database>,
    Uuid: Decode<'r, R::Database> + Type<R::Database>,
    String: Decode<'r, R::Database> + Type<R::Database>,
    Vec<u8>: Decode<'r, R::Database> + Type<R::Database>,
{
    let value = match kind {
        Kind::Big => row.try_get::<Option<i64>, _>(at)?.map(Value::Number),
        Kind::Int => row.try_get::<Option<i32>, _>(at)?.map(|number| Value::Number(number.into())),
        Kind::Flag => row.try_get::<Option<bool>, _>(at)?.map(Value::Flag),
        Kind::Id => row.try_get::<Option<Uuid>, _>(at)?.map(Value::Id),
        Kind::Text => row.try_get::<Option<String>, _>(at)?.map(Value::Text),
        Kind::Bytes => row.try_get::<Option<Vec<u8>>, _>(at)?.map(Value::Bytes),
    };
    Ok(value.unwrap_or(Value::Null))
}

impl Value {
    /// How much room it takes beyond what every value takes.
    fn bytes(&self) -> usize {
        match self {
            Value::Text(text) => text.len(),
            Value::Bytes(bytes) => bytes.len(),
            _ => 0,
        }
    }

    fn number(&self) -> Option<i64> {
        if let Value::Number(number) = self { Some(*number) } else { None }
    }
}

impl Table {
    fn column_names(&self) -> String {
        self.columns.iter().map(|column| column.name.as_str()).collect::<Vec<_>>().join(", ")
    }

    /// Whether a row is one of this table's: what fits no column must not become a NULL of it.
    pub fn takes(&self, row: &Row) -> bool {
        row.len() == self.columns.len()
            && row.iter().zip(&self.columns).all(|(value, column)| match (value, column.kind) {
                (Value::Null, _)
                | (Value::Number(_), Kind::Big)
                | (Value::Flag(_), Kind::Flag)
                | (Value::Id(_), Kind::Id)
                | (Value::Text(_), Kind::Text)
                | (Value::Bytes(_), Kind::Bytes) => true,
                (Value::Number(number), Kind::Int) => i32::try_from(*number).is_ok(),
                _ => false,
            })
    }

    /// Writes rows that the table [takes](Table::takes).
    pub async fn append(&self, tx: &mut Tx, rows: &[Row]) -> Result<()> {
        let mut columns = Rows::of(rows);
        for (at, column) in self.columns.iter().enumerate() {
            columns = match column.kind {
                Kind::Big => columns.big(|row| row[at].number()),
                Kind::Int => columns.int(|row| row[at].number().and_then(|n| i32::try_from(n).ok())),
                Kind::Flag => {
                    columns.flag(|row| if let Value::Flag(yes) = row[at] { Some(yes) } else { None })
                }
                Kind::Id => columns.id(|row| if let Value::Id(id) = row[at] { Some(id) } else { None }),
                Kind::Text => columns
                    .text(|row| if let Value::Text(text) = &row[at] { Some(text.as_str()) } else { None }),
                Kind::Bytes => columns.bytes(|row| {
                    if let Value::Bytes(bytes) = &row[at] { Some(bytes.as_slice()) } else { None }
                }),
            };
        }
        let sql = format!("INSERT INTO {} ({}) {{rows}}", self.name, self.column_names());
        columns.execute(tx, &sql).await.map(|_| ())
    }
}

impl Snapshot {
    /// How many rows each of the tables has.
    pub async fn count(&mut self, tables: &[Table]) -> Result<Vec<i64>> {
        let mut counts = Vec::with_capacity(tables.len());
        for table in tables {
            let sql = AssertSqlSafe(format!("SELECT COUNT(*) FROM {}", table.name));
            counts.push(on_db!(self, c => sqlx::query_scalar(sql).fetch_one(c).await)?);
        }
        Ok(counts)
    }

    /// Whether nothing was ever written: there are no tables yet, or all are empty.
    pub async fn is_empty(&mut self) -> Result<bool, crate::OpenError> {
        let Some(version) = self.version().await? else { return Ok(true) };
        for table in schema::tables(version).await? {
            let sql = AssertSqlSafe(format!("SELECT 1 FROM {} LIMIT 1", table.name));
            if on_db!(self, c => sqlx::query(sql).fetch_optional(c).await.map(|row| row.is_some()))? {
                return Ok(false);
            }
        }
        Ok(true)
    }
}
