//! What a street's paper sheet shows beside its households.

use std::collections::BTreeMap;

use db::{Snapshot, on_db};
use sqlx::QueryBuilder;

use super::{HouseholdRow, ROWS, Resident};

#[derive(sqlx::FromRow)]
struct Housed {
    household: i64,
    #[sqlx(flatten)]
    resident: Resident,
}

/// The residents of households that were read in scope, by household.
pub async fn residents_of(
    tx: &mut Snapshot,
    households: &[HouseholdRow],
) -> db::Result<BTreeMap<i64, Vec<Resident>>> {
    let mut found: BTreeMap<i64, Vec<Resident>> = BTreeMap::new();
    for households in households.chunks(ROWS) {
        let rows: Vec<Housed> = on_db!(tx, c => {
            let mut sql = QueryBuilder::new("WITH wanted(town_, household_) AS (");
            sql.push_values(households, |mut row, household| {
                row.push_bind(household.town).push_bind(household.household);
            });
            sql.push(
                ") SELECT household, id, name, relation, birth_day, presence, whereabouts \
                 FROM wanted CROSS JOIN resident WHERE town = town_ AND household = household_ ORDER BY id",
            );
            sql.build_query_as().fetch_all(c).await
        })?;
        for row in rows {
            found.entry(row.household).or_default().push(row.resident);
        }
    }
    Ok(found)
}
