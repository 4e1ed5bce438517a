//! Many rows handed to one statement.
//!
//! A burst of facts must cost a handful of statements, and statements that the engine has compiled
//! before. PostgreSQL takes a whole column as one array; SQLite takes a list of values, filled up with
//! rows of NULLs to the next power of two, so that a few compiled statements serve every number of
//! rows. Each statement is a turn between its thread and ours: one turn, not one for each part.

use std::fmt::Write as _;
use std::sync::Arc;

use serde::de::DeserializeOwned;
use sqlx::postgres::{PgArguments, PgRow};
use sqlx::sqlite::{SqliteArguments, SqliteRow};
use sqlx::{Arguments, AssertSqlSafe, FromRow, PgConnection, SqliteConnection};
use uuid::Uuid;

use crate::{Connection, Error, Result, Snapshot, Tx};

/// Rows of one statement on SQLite at most, a power of two; with the widest of our tables (19 columns) its limit of
/// 32,766 parameters is never reached.
const SQLITE_ROWS: usize = 1_024;
/// Rows of one statement on PostgreSQL at most: an array holds any number, but not in any memory.
const POSTGRES_ROWS: usize = 10_000;

/// Some rows and what is taken of each, column by column; nothing in the first column is NULL, which
/// on SQLite marks a row that only fills up. A statement names the place for them as `{rows}`:
///
/// ```ignore
/// Rows::of(&ids).big(|id| id.0).id(|id| id.1)
///     .fetch(tx, "WITH wanted(town_, id_) AS ({rows}) SELECT ... FROM wanted ...").await
/// ```
pub struct Rows<'a, T> {
    rows: &'a [T],
    columns: Vec<Column<'a>>,
}

enum Column<'a> {
    Big(Vec<Option<i64>>),
    Int(Vec<Option<i32>>),
    Flag(Vec<Option<bool>>),
    Id(Vec<Option<Uuid>>),
    Text(Vec<Option<&'a str>>),
    Bytes(Vec<Option<&'a [u8]>>),
}

impl<'a, T> Rows<'a, T> {
    pub fn of(rows: &'a [T]) -> Self {
        Rows { rows, columns: Vec::new() }
    }

    /// A column of BIGINT.
    pub fn big<V: Into<Option<i64>>>(self, value: impl Fn(&'a T) -> V) -> Self {
        self.column(value, Column::Big)
    }

    /// A column of INTEGER.
    pub fn int<V: Into<Option<i32>>>(self, value: impl Fn(&'a T) -> V) -> Self {
        self.column(value, Column::Int)
    }

    /// A column of BOOLEAN.
    pub fn flag<V: Into<Option<bool>>>(self, value: impl Fn(&'a T) -> V) -> Self {
        self.column(value, Column::Flag)
    }

    /// A column of UUID.
    pub fn id<V: Into<Option<Uuid>>>(self, value: impl Fn(&'a T) -> V) -> Self {
        self.column(value, Column::Id)
    }

    /// A column of TEXT.
    pub fn text<V: Into<Option<&'a str>>>(self, value: impl Fn(&'a T) -> V) -> Self {
        self.column(value, Column::Text)
    }

    /// A column of BYTEA.
    pub fn bytes<V: Into<Option<&'a [u8]>>>(self, value: impl Fn(&'a T) -> V) -> Self {
        self.column(value, Column::Bytes)
    }

    fn column<V: Into<Option<X>>, X>(
        mut self,
        value: impl Fn(&'a T) -> V,
        column: impl Fn(Vec<Option<X>>) -> Column<'a>,
    ) -> Self {
        self.columns.push(column(self.rows.iter().map(|row| value(row).into()).collect()));
        self
    }

    /// Writes the rows; how many were written. Nothing is asked of the engine for no rows.
    pub async fn execute(&self, tx: &mut Tx, sql: &str) -> Result<u64> {
        let mut affected = 0;
        match tx.connection() {
            Connection::Sqlite(c) => {
                for part in parts(self.rows.len(), SQLITE_ROWS) {
                    let query = sqlx::query_with(AssertSqlSafe(self.values(sql, part.1)), self.sqlite(part)?);
                    affected += query.execute(&mut *c).await?.rows_affected();
                }
            }
            Connection::Postgres(c) => {
                for part in parts(self.rows.len(), POSTGRES_ROWS) {
                    let query = sqlx::query_with(AssertSqlSafe(self.unnest(sql)), self.postgres(part)?);
                    affected += query.execute(&mut *c).await?.rows_affected();
                }
            }
        }
        Ok(affected)
    }

    /// What the statement gives for the rows, in no order across the parts they are sent in.
    pub async fn fetch<R>(&self, tx: &mut Snapshot, sql: &str) -> Result<Vec<R>>
    where
        R: Send + Unpin + for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow>,
    {
        match tx.connection() {
            Connection::Sqlite(c) => {
                let mut found = Vec::new();
                for part in parts(self.rows.len(), SQLITE_ROWS) {
                    found.append(&mut self.of_values(c, self.values(sql, part.1), part).await?);
                }
                Ok(found)
            }
            Connection::Postgres(c) => self.of_arrays(c, sql).await,
        }
    }

    /// The same where most rows find something, with so many columns, none of them binary. SQLite
    /// sends them as one text: handing over a row from its thread to ours costs several times what
    /// finding it does.
    pub async fn fetch_packed<R>(&self, tx: &mut Snapshot, columns: usize, sql: &str) -> Result<Vec<R>>
    where
        R: DeserializeOwned + Send + Unpin + for<'r> FromRow<'r, PgRow>,
    {
        match tx.connection() {
            Connection::Sqlite(c) => {
                let mut found = Vec::new();
                for part in parts(self.rows.len(), SQLITE_ROWS) {
                    let sql = packed(&self.values(sql, part.1), columns);
                    let texts: Vec<(String,)> = self.of_values(c, sql, part).await?;
                    for (text,) in texts {
                        let rows = serde_json::from_str::<Vec<R>>(&text);
                        found.append(&mut rows.map_err(|error| Error::Decode(error.into()))?);
                    }
                }
                Ok(found)
            }
            Connection::Postgres(c) => self.of_arrays(c, sql).await,
        }
    }

    async fn of_values<R>(
        &self,
        connection: &mut SqliteConnection,
        sql: String,
        part: (usize, usize),
    ) -> Result<Vec<R>>
    where
        R: Send + Unpin + for<'r> FromRow<'r, SqliteRow>,
    {
        sqlx::query_as_with(AssertSqlSafe(sql), self.sqlite(part)?).fetch_all(connection).await
    }

    async fn of_arrays<R>(&self, connection: &mut PgConnection, sql: &str) -> Result<Vec<R>>
    where
        R: Send + Unpin + for<'r> FromRow<'r, PgRow>,
    {
        let mut found = Vec::new();
        for part in parts(self.rows.len(), POSTGRES_ROWS) {
            let query = sqlx::query_as_with(AssertSqlSafe(self.unnest(sql)), self.postgres(part)?);
            found.append(&mut query.fetch_all(&mut *connection).await?);
        }
        Ok(found)
    }

    fn values(&self, sql: &str, rows: usize) -> String {
        let row = format!("({}), ", vec!["?"; self.columns.len()].join(", "));
        let rows = row.repeat(rows.next_power_of_two());
        let values = format!("VALUES {}", rows.trim_end_matches(", "));
        sql.replacen("{rows}", &format!("SELECT * FROM ({values}) WHERE column1 IS NOT NULL"), 1)
    }

    fn unnest(&self, sql: &str) -> String {
        let mut arrays = String::new();
        for number in 1..=self.columns.len() {
            let comma = if number == 1 { "" } else { ", " };
            // Writing into a String does not fail.
            let _ = write!(arrays, "{comma}${number}");
        }
        sql.replacen("{rows}", &format!("SELECT * FROM UNNEST({arrays})"), 1)
    }

    fn sqlite(&self, (first, rows): (usize, usize)) -> Result<SqliteArguments> {
        let mut arguments = SqliteArguments::default();
        arguments.reserve(rows * self.columns.len(), 0);
        let mut last: Vec<Option<Arc<str>>> = vec![None; self.columns.len()];
        for row in first..first + rows {
            for (column, last) in self.columns.iter().zip(&mut last) {
                match column {
                    Column::Big(values) => arguments.add(values[row]),
                    Column::Int(values) => arguments.add(values[row]),
                    Column::Flag(values) => arguments.add(values[row]),
                    Column::Id(values) => arguments.add(values[row]),
                    Column::Text(values) => arguments.add(values[row].map(|text| shared(last, text))),
                    Column::Bytes(values) => arguments.add(values[row]),
                }
                .map_err(Error::Encode)?;
            }
        }
        Ok(arguments)
    }

    fn postgres(&self, (first, rows): (usize, usize)) -> Result<PgArguments> {
        let mut arguments = PgArguments::default();
        let part = first..first + rows;
        for column in &self.columns {
            match column {
                Column::Big(values) => arguments.add(&values[part.clone()]),
                Column::Int(values) => arguments.add(&values[part.clone()]),
                Column::Flag(values) => arguments.add(&values[part.clone()]),
                Column::Id(values) => arguments.add(&values[part.clone()]),
                Column::Text(values) => arguments.add(&values[part.clone()]),
                Column::Bytes(values) => arguments.add(&values[part.clone()]),
            }
            .map_err(Error::Encode)?;
        }
        Ok(arguments)
    }
}

/// The text to be kept by a statement; where it is that of the row before, both keep one.
fn shared(last: &mut Option<Arc<str>>, text: &str) -> Arc<str> {
    match last {
        Some(last) if **last == *text => last.clone(),
        _ => last.insert(Arc::from(text)).clone(),
    }
}

/// A query whose rows come as one JSON array of arrays.
fn packed(sql: &str, columns: usize) -> String {
    let names: Vec<String> = (1..=columns).map(|number| format!("c{number}")).collect();
    let names = names.join(", ");
    format!("WITH found({names}) AS ({sql}) SELECT json_group_array(json_array({names})) FROM found")
}

/// Parts (first, length) of `size` rows each; the last may be shorter.
fn parts(rows: usize, size: usize) -> impl Iterator<Item = (usize, usize)> {
    (0..rows).step_by(size).map(move |first| (first, size.min(rows - first)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_all_rows_once() {
        assert_eq!(parts(0, 4).count(), 0);
        assert_eq!(parts(9, 4).collect::<Vec<_>>(), [(0, 4), (4, 4), (8, 1)]);
    }

    #[test]
    fn one_text_becomes_values_or_arrays() {
        let rows = [(1_i64, "a")];
        let rows = Rows::of(&rows).big(|row| row.0).text(|row| row.1);
        assert_eq!(
            rows.values("INSERT INTO t {rows} RETURNING x", 2),
            "INSERT INTO t SELECT * FROM (VALUES (?, ?), (?, ?)) WHERE column1 IS NOT NULL RETURNING x"
        );
        assert_eq!(rows.unnest("INSERT INTO t {rows}"), "INSERT INTO t SELECT * FROM UNNEST($1, $2)");
    }
}
