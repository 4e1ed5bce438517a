//! Everywhere that sealed values are stored: the only list of them.

use db::{Rows, Snapshot, Tx, on_db};
use sqlx::AssertSqlSafe;

use super::key::{ID, Key};

/// A column of sealed values, and that of their digests.
pub struct Place {
    pub table: &'static str,
    /// Two numbers by which its rows are walked. Where they are not a key, some rows may be walked
    /// past, to be found the next time.
    walk: [&'static str; 2],
    sealed: &'static str,
    index: Option<&'static str>,
    /// Rows of one batch: others wait that long.
    batch: i64,
}

const ROWS: i64 = 500;

/// The first holds the oldest value of a database.
pub const PLACES: &[Place] = &[
    place("audit_key", ["CAST(0 AS BIGINT)", "CAST(id AS BIGINT)"], "sealed", None),
    place("account", ["CAST(0 AS BIGINT)", "id"], "phone_sealed", None),
    place("slip", ["account", "made_at"], "sealed", Some("code")),
    place("steward", ["town", "id"], "phone_sealed", None),
    place("household", ["town", "id"], "phone_sealed", Some("phone_index")),
    place("resident", ["town", "id"], "identity_sealed", Some("identity_index")),
    place("resident", ["town", "id"], "phone_sealed", Some("phone_index")),
    place("register_change", ["town", "n"], "sealed", None),
    place("doubles", ["town", "id"], "sealed", Some("pair")),
    place("rights_request", ["town", "received_at"], "wish_sealed", None),
    place("rights_request", ["town", "received_at"], "answer_sealed", None),
    // Whole files.
    Place { batch: 1, ..place("register_upload", ["town", "account"], "sealed", None) },
];

const fn place(
    table: &'static str,
    walk: [&'static str; 2],
    sealed: &'static str,
    index: Option<&'static str>,
) -> Place {
    Place { table, walk, sealed, index, batch: ROWS }
}

/// What became of a batch.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Batch {
    /// Where the next one begins; none where this was the last.
    pub next: Option<(i64, i64)>,
    pub resealed: u64,
    /// Values that no key opens. They stay as they are.
    pub unread: u64,
}

/// A value that was read, and what it is sealed anew as.
pub struct Row {
    pub walk: (i64, i64),
    pub old: Vec<u8>,
    pub new: Vec<u8>,
    pub index: Option<Vec<u8>>,
}

impl Place {
    /// Any one value.
    pub async fn any(&self, tx: &mut Snapshot) -> db::Result<Option<Vec<u8>>> {
        let Place { table, sealed, .. } = self;
        let sql = AssertSqlSafe(format!("SELECT {sealed} FROM {table} WHERE {sealed} IS NOT NULL LIMIT 1"));
        on_db!(tx, c => sqlx::query_scalar(sql).fetch_optional(c).await)
    }

    /// How many values are sealed with another key than this.
    pub async fn count(&self, tx: &mut Snapshot, newest: &Key) -> db::Result<i64> {
        let sql = AssertSqlSafe(format!("SELECT COUNT(*) FROM {}", self.by_others("$1")));
        let id = newest.id().0.to_vec();
        on_db!(tx, c => sqlx::query_scalar(sql).bind(id).fetch_one(c).await)
    }

    /// Table and condition of what was sealed with another key than that of an id.
    fn by_others(&self, id: &str) -> String {
        let Place { table, sealed, .. } = self;
        format!("{table} WHERE {sealed} IS NOT NULL AND substr({sealed}, 1, {ID}) <> {id}")
    }

    /// Seals the next values anew with the first of the keys.
    pub async fn reseal(&self, tx: &mut Tx, keys: &[Key], after: (i64, i64)) -> db::Result<Batch> {
        let Some(newest) = keys.first() else { return Ok(Batch::default()) };
        let ([first, second], sealed) = (self.walk, self.sealed);
        let sql = format!(
            "SELECT {first}, {second}, {sealed} FROM {} AND ({first}, {second}) > ($2, $3) \
             ORDER BY 1, 2 LIMIT $4",
            self.by_others("$1"),
        );
        let (sql, id) = (AssertSqlSafe(sql), newest.id().0.to_vec());
        let found: Vec<(i64, i64, Vec<u8>)> = on_db!(tx, c => sqlx::query_as(sql)
            .bind(id).bind(after.0).bind(after.1).bind(self.batch).fetch_all(c).await)?;
        let rows: Vec<Row> = found.iter().filter_map(|row| self.row(keys, newest, row)).collect();
        self.put(tx, &rows).await?;
        let whole = i64::try_from(found.len()).is_ok_and(|found| found == self.batch);
        Ok(Batch {
            next: found.last().filter(|_| whole).map(|row| (row.0, row.1)),
            resealed: rows.len() as u64,
            unread: (found.len() - rows.len()) as u64,
        })
    }

    fn row(&self, keys: &[Key], newest: &Key, (first, second, old): &(i64, i64, Vec<u8>)) -> Option<Row> {
        let value = keys.iter().find_map(|key| key.open(old))?;
        let index = match self.index {
            Some(_) => Some(newest.index(std::str::from_utf8(&value).ok()?)),
            None => None,
        };
        Some(Row { walk: (*first, *second), old: old.clone(), new: newest.seal(&value), index })
    }

    /// A value that somebody changed in the meantime is left to him.
    pub async fn put(&self, tx: &mut Tx, rows: &[Row]) -> db::Result<()> {
        let ([first, second], Place { table, sealed, .. }) = (self.walk, self);
        let index = self.index.map(|index| format!(", {index} = index_")).unwrap_or_default();
        let columns = if self.index.is_some() { ", index_" } else { "" };
        let sql = format!(
            "WITH made(first_, second_, old_, new_{columns}) AS ({{rows}}) \
             UPDATE {table} SET {sealed} = new_{index} FROM made \
             WHERE {first} = first_ AND {second} = second_ AND {sealed} = old_"
        );
        let made = Rows::of(rows).big(|row| row.walk.0).big(|row| row.walk.1);
        let made = made.bytes(|row| row.old.as_slice()).bytes(|row| row.new.as_slice());
        let made = if self.index.is_some() { made.bytes(|row| row.index.as_deref()) } else { made };
        made.execute(tx, &sql).await.map(|_| ())
    }
}
