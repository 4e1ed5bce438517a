//! Reading what was told on a day: a household's checks, and how the day went by the hour.

use base::{Day, Division};
use db::{Snapshot, on_db};

use super::{CheckRow, chains};

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

/// The last check (town, id) of every household of a day that was told of.
pub async fn last_checks(tx: &mut Snapshot, town: i64, day: Day) -> db::Result<Vec<(i64, uuid::Uuid)>> {
    let sql = "SELECT town, last FROM round_standing WHERE town = $1 AND day = $2";
    on_db!(tx, c => sqlx::query_as(sql).bind(town).bind(day.number()).fetch_all(c).await)
}

/// How many checks of a day are stored.
pub async fn count_checks(tx: &mut Snapshot, town: i64, day: Day) -> db::Result<i64> {
    let sql = "SELECT COUNT(*) FROM round_check WHERE town = $1 AND day = $2";
    on_db!(tx, c => sqlx::query_scalar(sql).bind(town).bind(day.number()).fetch_one(c).await)
}

/// The towns that are run today and whose day is not open yet.
pub async fn towns_to_open(tx: &mut Snapshot, today: Day) -> db::Result<Vec<Division>> {
    let sql = "SELECT o.town FROM operation o WHERE o.started_day <= $1 \
               AND (o.ended_day IS NULL OR o.ended_day >= $1) AND NOT EXISTS \
               (SELECT 1 FROM round_day d WHERE d.town = o.town AND d.day = $1) ORDER BY o.town";
    let towns: Vec<i64> = on_db!(tx, c => sqlx::query_scalar(sql).bind(today.number()).fetch_all(c).await)?;
    Ok(towns.into_iter().filter_map(Division::of_town).collect())
}

/// The towns that are or were run.
pub async fn towns(tx: &mut Snapshot) -> db::Result<Vec<Division>> {
    let sql = "SELECT town FROM operation ORDER BY town";
    let towns: Vec<i64> = on_db!(tx, c => sqlx::query_scalar(sql).fetch_all(c).await)?;
    Ok(towns.into_iter().filter_map(Division::of_town).collect())
}
