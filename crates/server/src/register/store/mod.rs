//! The rows of the register.

pub mod change;
pub mod known;
pub mod list;
pub mod load;
pub mod one;
pub mod take;
pub mod upload;

use std::collections::BTreeSet;

use base::{Day, Division};
use db::{Snapshot, on_db};

/// The divisions of a range by their names of a day, in the order of their codes.
pub async fn names(tx: &mut Snapshot, under: Division, day: Day) -> db::Result<Vec<(Division, String)>> {
    let range = under.range();
    let sql = "SELECT code, name FROM division \
               WHERE code BETWEEN $1 AND $2 AND from_day <= $3 AND until_day > $3 ORDER BY code";
    let rows: Vec<(i64, String)> = on_db!(tx, c => sqlx::query_as(sql)
        .bind(range.low).bind(range.high).bind(day.number()).fetch_all(c).await)?;
    Ok(rows.into_iter().filter_map(|(code, name)| Some((Division::from_number(code)?, name))).collect())
}

/// Those of a range's divisions that stand on a day and will be closed or merged on a later one:
/// a household that came to stand there now would be left behind.
pub async fn ending(tx: &mut Snapshot, under: Division, day: Day) -> db::Result<BTreeSet<Division>> {
    let range = under.range();
    let sql = "SELECT d.code FROM division d \
               WHERE d.code BETWEEN $1 AND $2 AND d.from_day <= $3 AND d.until_day > $3 \
               AND NOT EXISTS (SELECT 1 FROM division n WHERE n.code = d.code AND n.until_day = 99991231)";
    let codes: Vec<i64> = on_db!(tx, c => sqlx::query_scalar(sql)
        .bind(range.low).bind(range.high).bind(day.number()).fetch_all(c).await)?;
    Ok(codes.into_iter().filter_map(Division::from_number).collect())
}
