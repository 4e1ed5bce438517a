//! The rows of the register.

pub mod as_of;
pub mod change;
pub mod doubles;
pub mod export;
pub mod follow;
pub mod imports;
pub mod known;
pub mod layout;
pub mod life;
pub mod list;
pub mod load;
pub mod movements;
pub mod one;
pub mod take;
pub mod undo;
pub mod upload;

use std::collections::BTreeSet;

use base::{Day, Division};
use db::{Snapshot, on_db};

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
