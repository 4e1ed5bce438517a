//! Reading what was told on a day: a household's checks, and how the day went by the hour.

use std::collections::BTreeMap;

use base::{Day, Division};
use db::{Snapshot, on_db};

use super::{CheckRow, chains};
use crate::retention;

/// A check with the name of who made or entered it.
#[derive(Clone, Debug)]
pub struct NamedCheck {
    pub check: CheckRow,
    pub by: String,
}

/// All checks of a household's day, the last to arrive first. The caller has read the household in
/// scope.
pub async fn of_day(tx: &mut Snapshot, town: i64, household: i64, day: Day) -> db::Result<Vec<NamedCheck>> {
    let sql = "SELECT last FROM round_standing WHERE town = $1 AND day = $2 AND household = $3";
    let last: Option<uuid::Uuid> = on_db!(tx, c => sqlx::query_scalar(sql)
        .bind(town).bind(day.number()).bind(household).fetch_optional(c).await)?;
    let Some(last) = last else { return Ok(Vec::new()) };
    let mut named = Vec::new();
    for check in chains(tx, &[(town, last)]).await? {
        let by = name_of(tx, &check).await?;
        named.push(NamedCheck { check, by });
    }
    Ok(named)
}

/// The steward who stood at the door, else the account that entered it.
async fn name_of(tx: &mut Snapshot, check: &CheckRow) -> db::Result<String> {
    let (sql, number) = match check.checked_by {
        Some(steward) => ("SELECT name FROM steward WHERE town = $1 AND id = $2", steward),
        None => ("SELECT name FROM account WHERE id = $2 AND $1 > 0", check.entered_by),
    };
    let name: Option<String> = on_db!(tx, c => sqlx::query_scalar(sql)
        .bind(check.town).bind(number).fetch_optional(c).await)?;
    Ok(name.unwrap_or_default())
}

/// The opened days of a town's round, in order.
pub async fn opened_days(tx: &mut Snapshot, town: i64) -> db::Result<Vec<Day>> {
    let sql = "SELECT day FROM round_day WHERE town = $1 ORDER BY day";
    let days: Vec<i32> = on_db!(tx, c => sqlx::query_scalar(sql).bind(town).fetch_all(c).await)?;
    Ok(days.into_iter().filter_map(Day::from_number).collect())
}

/// Those whose figures may still move: no record that they count was destroyed.
pub async fn moving_days(tx: &mut Snapshot, town: i64) -> db::Result<Vec<Day>> {
    let frozen = retention::frozen_days(tx, town).await?;
    let mut days = opened_days(tx, town).await?;
    days.retain(|day| !frozen.contains(day));
    Ok(days)
}

/// The last check (town, id) of every household of a day that was told of.
pub async fn last_checks(tx: &mut Snapshot, town: i64, day: Day) -> db::Result<Vec<(i64, uuid::Uuid)>> {
    let sql = "SELECT town, last FROM round_standing WHERE town = $1 AND day = $2";
    on_db!(tx, c => sqlx::query_as(sql).bind(town).bind(day.number()).fetch_all(c).await)
}

/// How many checks of each day are stored. Reads all checks of the town: they have no index by day.
pub async fn count_checks(tx: &mut Snapshot, town: i64) -> db::Result<BTreeMap<i32, i64>> {
    let sql = "SELECT day, COUNT(*) FROM round_check WHERE town = $1 GROUP BY day";
    let counts: Vec<(i32, i64)> = on_db!(tx, c => sqlx::query_as(sql).bind(town).fetch_all(c).await)?;
    Ok(counts.into_iter().collect())
}

/// The days up to `today` that are not open in towns that were run on them, oldest first.
pub async fn days_to_open(tx: &mut Snapshot, today: Day) -> db::Result<Vec<(Division, Day)>> {
    let sql = "SELECT o.town, o.started_day, o.ended_day, COUNT(d.day) FROM operation o \
               LEFT JOIN round_day d ON d.town = o.town AND d.day >= o.started_day AND d.day <= $1 \
               WHERE o.started_day <= $1 GROUP BY o.town, o.started_day, o.ended_day ORDER BY o.town";
    let run: Vec<(i64, i32, Option<i32>, i64)> =
        on_db!(tx, c => sqlx::query_as(sql).bind(today.number()).fetch_all(c).await)?;
    let mut missing = Vec::new();
    for (town, started, ended, opened) in run {
        let ended = ended.and_then(Day::from_number);
        let last = ended.map_or(today, |ended| ended.min(today));
        let (Some(started), Some(division)) = (Day::from_number(started), Division::of_town(town)) else {
            continue;
        };
        if opened > i64::from(last.days_since(started)) {
            continue;
        }
        let opened = opened_days(tx, town).await?;
        let days =
            std::iter::successors(Some(started), |day| Some(day.next())).take_while(|day| *day <= last);
        missing.extend(days.filter(|day| !opened.contains(day)).map(|day| (division, day)));
    }
    Ok(missing)
}

/// The towns that are or were run.
pub async fn towns(tx: &mut Snapshot) -> db::Result<Vec<Division>> {
    let sql = "SELECT town FROM operation ORDER BY town";
    let towns: Vec<i64> = on_db!(tx, c => sqlx::query_scalar(sql).fetch_all(c).await)?;
    Ok(towns.into_iter().filter_map(Division::of_town).collect())
}
