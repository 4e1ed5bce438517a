//! The stewards whom checks name.

use std::collections::BTreeSet;

use db::{Snapshot, on_db};
use sqlx::QueryBuilder;

/// Rows of one statement.
const ROWS: usize = 1_000;

/// Those of some stewards (town, number) whom there is, or ever was.
pub async fn known_stewards(
    tx: &mut Snapshot,
    wanted: &BTreeSet<(i64, i64)>,
) -> db::Result<BTreeSet<(i64, i64)>> {
    let wanted: Vec<_> = wanted.iter().copied().collect();
    let mut found = BTreeSet::new();
    for wanted in wanted.chunks(ROWS) {
        let rows: Vec<(i64, i64)> = on_db!(tx, c => {
            let mut sql = QueryBuilder::new("WITH wanted(town_, steward_) AS (");
            sql.push_values(wanted, |mut row, (town, steward)| {
                row.push_bind(*town).push_bind(*steward);
            });
            sql.push(") SELECT town, id FROM wanted CROSS JOIN steward WHERE town = town_ AND id = steward_");
            sql.build_query_as().fetch_all(c).await
        })?;
        found.extend(rows);
    }
    Ok(found)
}
