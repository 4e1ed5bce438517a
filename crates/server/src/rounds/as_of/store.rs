//! A town's day of checks and standings.

use base::{Day, Moment};
use db::{Snapshot, on_db};
use uuid::Uuid;

use super::super::store::CheckRow;

/// A check of the day, with how its household was counted.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct DayCheck {
    pub counted_in: i64,
    pub due: bool,
    #[sqlx(flatten)]
    pub check: CheckRow,
}

/// All checks of those households of a day for which something happened at `from` or later. Found
/// from the standings along the chain of arrivals, since the checks have no index by day.
pub async fn checks_of_late(
    tx: &mut Snapshot,
    town: i64,
    day: Day,
    from: Moment,
) -> db::Result<Vec<DayCheck>> {
    let sql = "WITH RECURSIVE seen AS ( \
                 SELECT s.household, c.previous, c.happened_at \
                 FROM round_standing s CROSS JOIN round_check c \
                 WHERE s.town = $1 AND s.day = $2 AND c.town = s.town AND c.id = s.last \
                 UNION ALL \
                 SELECT n.household, c.previous, c.happened_at FROM seen n CROSS JOIN round_check c \
                 WHERE c.town = $1 AND c.id = n.previous), \
               late AS (SELECT DISTINCT household FROM seen WHERE happened_at >= $3), \
               own AS ( \
                 SELECT s.household, s.division, s.due, s.last AS id FROM late l CROSS JOIN round_standing s \
                 WHERE s.town = $1 AND s.day = $2 AND s.household = l.household \
                 UNION ALL \
                 SELECT o.household, o.division, o.due, c.previous FROM own o CROSS JOIN round_check c \
                 WHERE c.town = $1 AND c.id = o.id AND c.previous IS NOT NULL) \
               SELECT o.division AS counted_in, o.due, c.town, c.id, c.household, c.day, c.division, \
               c.outcome, c.reason, c.happened_at, c.entered_at, c.entered_by, c.checked_by, c.source, \
               c.playbook_version, c.answers, c.corrects, c.previous FROM own o CROSS JOIN round_check c \
               WHERE c.town = $1 AND c.id = o.id ORDER BY o.household, c.id";
    on_db!(tx, c => sqlx::query_as(sql)
        .bind(town).bind(day.number()).bind(from.0)
        .fetch_all(c).await)
}

/// What a household's day came to, as it is stored.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct DayStanding {
    pub household: i64,
    pub division: i64,
    pub due: bool,
    pub state: String,
    pub standing: Uuid,
}

pub async fn standings(tx: &mut Snapshot, town: i64, day: Day) -> db::Result<Vec<DayStanding>> {
    let sql = "SELECT household, division, due, state, standing FROM round_standing \
               WHERE town = $1 AND day = $2";
    on_db!(tx, c => sqlx::query_as(sql).bind(town).bind(day.number()).fetch_all(c).await)
}

/// What the checks of a day found and none took back: household, kind, subject.
pub async fn findings(tx: &mut Snapshot, town: i64, day: Day) -> db::Result<Vec<(i64, String, String)>> {
    let sql = "SELECT household, kind, subject FROM finding \
               WHERE town = $1 AND day = $2 AND state <> 'withdrawn'";
    on_db!(tx, c => sqlx::query_as(sql).bind(town).bind(day.number()).fetch_all(c).await)
}

/// Whether the day's round is open: its expected numbers then stand in the tallies.
pub async fn is_open(tx: &mut Snapshot, town: i64, day: Day) -> db::Result<bool> {
    let sql = "SELECT day FROM round_day WHERE town = $1 AND day = $2";
    let found: Option<i32> =
        on_db!(tx, c => sqlx::query_scalar(sql).bind(town).bind(day.number()).fetch_optional(c).await)?;
    Ok(found.is_some())
}
