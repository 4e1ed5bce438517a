//! What a street's paper sheet shows beside its households.

use std::collections::BTreeMap;

use base::Day;
use db::{Rows, Snapshot};

use super::{HouseholdRow, Resident};

#[derive(sqlx::FromRow)]
struct Housed {
    household: i64,
    #[sqlx(flatten)]
    resident: Resident,
}

/// Who lived on a day in households that were read in scope, by household.
pub async fn residents_of(
    tx: &mut Snapshot,
    households: &[HouseholdRow],
    day: Day,
) -> db::Result<BTreeMap<i64, Vec<Resident>>> {
    let mut found: BTreeMap<i64, Vec<Resident>> = BTreeMap::new();
    let sql = "WITH wanted(town_, household_, day_) AS ({rows}) \
               SELECT household, id, name, relation, birth_day, presence, whereabouts, gone_from \
               FROM wanted CROSS JOIN resident WHERE town = town_ AND household = household_ \
               AND (gone_from IS NULL OR gone_from > day_) ORDER BY id";
    let rows: Vec<Housed> = Rows::of(households)
        .big(|h| h.town)
        .big(|h| h.household)
        .int(|_| day.number())
        .fetch(tx, sql)
        .await?;
    for row in rows {
        found.entry(row.household).or_default().push(row.resident);
    }
    Ok(found)
}
