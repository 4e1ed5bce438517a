//! Small numbers for things of a town: short in keys and on paper, never given twice.

use crate::{Result, Tx, on_db};

/// Takes the next `count` free numbers of a kind within a town; answers the first.
pub async fn take_numbers(tx: &mut Tx, town: i64, kind: &str, count: usize) -> Result<i64> {
    let count = i64::try_from(count).unwrap_or(i64::MAX);
    let sql = "INSERT INTO counter (town, kind, next) VALUES ($1, $2, $3 + 1) \
               ON CONFLICT (town, kind) DO UPDATE SET next = counter.next + $3 RETURNING next";
    let next: i64 = on_db!(tx, c => sqlx::query_scalar(sql)
        .bind(town).bind(kind).bind(count).fetch_one(c).await)?;
    Ok(next - count)
}
