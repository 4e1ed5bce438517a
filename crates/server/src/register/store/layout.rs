//! What was said of the columns of lists, by their headers: the next list of the same header is read so.

use base::Moment;
use db::{Snapshot, Tx, on_db};

use super::super::import::{Column, Layout, Layouts};

/// What is remembered in a town.
pub async fn all(tx: &mut Snapshot, town: i64) -> db::Result<Layouts> {
    let sql = "SELECT header, meanings FROM register_layout WHERE town = $1";
    let rows: Vec<(String, String)> = on_db!(tx, c => sqlx::query_as(sql).bind(town).fetch_all(c).await)?;
    let columns = |meanings: String| meanings.split(',').map(Column::of).collect();
    Ok(rows.into_iter().map(|(header, meanings)| (header, columns(meanings))).collect())
}

/// Remembers what was said of a header, in place of what was said before.
pub async fn remember(tx: &mut Tx, town: i64, layout: &Layout, account: i64, now: Moment) -> db::Result<()> {
    let meanings: Vec<_> = layout.columns.iter().map(|column| column.map_or("", Column::key)).collect();
    let sql = "INSERT INTO register_layout (town, header, meanings, said_by, said_at) \
               VALUES ($1, $2, $3, $4, $5) ON CONFLICT (town, header) DO UPDATE \
               SET meanings = excluded.meanings, said_by = excluded.said_by, said_at = excluded.said_at";
    on_db!(tx, c => sqlx::query(sql)
        .bind(town).bind(&layout.header).bind(meanings.join(",")).bind(account).bind(now.0)
        .execute(c).await.map(|_| ()))
}

pub async fn forget(tx: &mut Tx, town: i64, header: &str) -> db::Result<()> {
    let sql = "DELETE FROM register_layout WHERE town = $1 AND header = $2";
    on_db!(tx, c => sqlx::query(sql).bind(town).bind(header).execute(c).await.map(|_| ()))
}
