//! Who may have made a check.

use base::{Division, Level};
use db::{Snapshot, on_db};

/// The stewards of a team area and of its village, by name: who may have made a check there.
pub async fn stewards_near(tx: &mut Snapshot, division: Division) -> db::Result<Vec<(i64, String)>> {
    let village = division.at(Level::Village).unwrap_or(division).range();
    let sql = "SELECT id, name FROM steward WHERE town = $1 AND division BETWEEN $2 AND $3 \
               ORDER BY division, initials, id";
    on_db!(tx, c => sqlx::query_as(sql)
        .bind(division.town()).bind(village.low).bind(village.high).fetch_all(c).await)
}
