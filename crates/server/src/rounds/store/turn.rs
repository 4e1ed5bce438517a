//! What of the round hangs on where a household stood: its standings, its findings.

use std::collections::{BTreeMap, BTreeSet};

use base::Moment;
use db::{Snapshot, Tx, on_db};
use sqlx::QueryBuilder;
use uuid::Uuid;

use super::super::standing::{Standing, State};
use super::{HouseholdDay, ROWS};

/// A standing as it is stored, with where it is counted.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Counted {
    pub town: i64,
    pub household: i64,
    pub day: i32,
    pub division: i64,
    pub due: bool,
    state: String,
    standing: Uuid,
    reached_at: Option<i64>,
    measured: i32,
    feverish: i32,
    key_measured: i32,
    key_feverish: i32,
}

impl Counted {
    pub fn standing(&self) -> Option<Standing> {
        Some(Standing {
            state: State::of_key(&self.state)?,
            standing: self.standing,
            reached_at: self.reached_at.map(Moment),
            measured: self.measured,
            feverish: self.feverish,
            key_measured: self.key_measured,
            key_feverish: self.key_feverish,
        })
    }
}

/// The standings of these households' days; a day without a check has none.
pub async fn counted(tx: &mut Snapshot, wanted: &BTreeSet<HouseholdDay>) -> db::Result<Vec<Counted>> {
    let wanted: Vec<_> = wanted.iter().copied().collect();
    let mut found = Vec::new();
    for wanted in wanted.chunks(ROWS) {
        let rows: Vec<Counted> = on_db!(tx, c => {
            let mut sql = QueryBuilder::new("WITH wanted(town_, household_, day_) AS (");
            sql.push_values(wanted, |mut row, (town, household, day)| {
                row.push_bind(*town).push_bind(*household).push_bind(*day);
            });
            sql.push(
                ") SELECT town, household, day, division, due, state, standing, reached_at, measured, feverish, \
                 key_measured, key_feverish FROM wanted CROSS JOIN round_standing \
                 WHERE town = town_ AND day = day_ AND household = household_",
            );
            sql.build_query_as().fetch_all(c).await
        })?;
        found.extend(rows);
    }
    Ok(found)
}

/// Where households that are in the register of a day no more stood last before it.
pub async fn last_stood(
    tx: &mut Snapshot,
    wanted: &BTreeSet<HouseholdDay>,
) -> db::Result<BTreeMap<HouseholdDay, i64>> {
    let wanted: Vec<_> = wanted.iter().copied().collect();
    let mut found = BTreeMap::new();
    for wanted in wanted.chunks(ROWS) {
        let rows: Vec<(i64, i64, i32, i64)> = on_db!(tx, c => {
            let mut sql = QueryBuilder::new("WITH wanted(town, household, day) AS (");
            sql.push_values(wanted, |mut row, (town, household, day)| {
                row.push_bind(*town).push_bind(*household).push_bind(*day);
            });
            sql.push(
                ") SELECT w.town, w.household, w.day, s.division FROM wanted w CROSS JOIN household_span s \
                 WHERE s.town = w.town AND s.household = w.household AND s.until_day <= w.day \
                 AND NOT EXISTS (SELECT 1 FROM household_span n WHERE n.town = s.town \
                 AND n.household = s.household AND n.from_day > s.from_day AND n.from_day <= w.day)",
            );
            sql.build_query_as().fetch_all(c).await
        })?;
        found.extend(rows.into_iter().map(|(town, household, day, at)| ((town, household, day), at)));
    }
    Ok(found)
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
