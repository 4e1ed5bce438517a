//! What of the round hangs on where a household stood: its standings, its findings.

use std::collections::{BTreeMap, BTreeSet};

use db::{Rows, Snapshot, Tx, on_db};

use super::HouseholdDay;

/// Where households that are in the register of a day no more stood last before it.
pub async fn last_stood(
    tx: &mut Snapshot,
    wanted: &BTreeSet<HouseholdDay>,
) -> db::Result<BTreeMap<HouseholdDay, i64>> {
    let wanted: Vec<_> = wanted.iter().copied().collect();
    let sql = "WITH wanted(town, household, day) AS ({rows}) \
               SELECT w.town, w.household, w.day, s.division FROM wanted w CROSS JOIN household_span s \
               WHERE s.town = w.town AND s.household = w.household AND s.until_day <= w.day \
               AND NOT EXISTS (SELECT 1 FROM household_span n WHERE n.town = s.town \
               AND n.household = s.household AND n.from_day > s.from_day AND n.from_day <= w.day)";
    let rows = Rows::of(&wanted).big(|w| w.0).big(|w| w.1).int(|w| w.2);
    let found: Vec<(i64, i64, i32, i64)> = rows.fetch(tx, sql).await?;
    Ok(found.into_iter().map(|(town, household, day, at)| ((town, household, day), at)).collect())
}

/// Counts a household's day elsewhere, or as not due.
pub async fn put_place(tx: &mut Tx, key: HouseholdDay, division: i64, due: bool) -> db::Result<()> {
    let sql = "UPDATE round_standing SET division = $4, due = $5 \
               WHERE town = $1 AND day = $2 AND household = $3";
    on_db!(tx, c => sqlx::query(sql)
        .bind(key.0).bind(key.2).bind(key.1).bind(division).bind(due)
        .execute(c).await.map(|_| ()))
}

/// Findings of a household's day that hold, by kind, with where they are counted.
pub async fn held_findings(tx: &mut Snapshot, key: HouseholdDay) -> db::Result<Vec<(String, i64)>> {
    let sql = "SELECT kind, division FROM finding \
               WHERE town = $1 AND day = $2 AND household = $3 AND state <> 'withdrawn'";
    on_db!(tx, c => sqlx::query_as(sql).bind(key.0).bind(key.2).bind(key.1).fetch_all(c).await)
}

/// Moves all findings of a household's day to another division.
pub async fn move_findings(tx: &mut Tx, key: HouseholdDay, division: i64) -> db::Result<()> {
    let sql = "UPDATE finding SET division = $4 WHERE town = $1 AND day = $2 AND household = $3";
    on_db!(tx, c => sqlx::query(sql)
        .bind(key.0).bind(key.2).bind(key.1).bind(division)
        .execute(c).await.map(|_| ()))
}
