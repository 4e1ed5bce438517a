//! The rows of what was destroyed.

use std::collections::BTreeSet;

use base::{Day, Moment};
use db::{Snapshot, Tx, on_db};

use crate::playbook::{Keep, Playbook, Record};

/// What was destroyed, or is being destroyed.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Destroyed {
    /// 0: of the whole installation.
    pub town: i64,
    pub record: String,
    pub day: i32,
    pub records: i64,
    pub keep: String,
    pub playbook: String,
    pub begun_at: i64,
    pub ended_at: Option<i64>,
}

impl Destroyed {
    pub fn record(&self) -> Option<Record> {
        Record::of_key(&self.record)
    }

    pub fn day(&self) -> Option<Day> {
        Day::from_number(self.day)
    }

    pub fn keep(&self) -> Option<Keep> {
        self.keep.parse().ok()
    }

    /// When the last of it went; while it goes on, when it began.
    pub fn at(&self) -> Moment {
        Moment(self.ended_at.unwrap_or(self.begun_at))
    }
}

/// What was destroyed of a kind of a town's day; nothing where it is all there.
pub async fn of_day(tx: &mut Snapshot, town: i64, record: Record, day: Day) -> db::Result<Option<Destroyed>> {
    let sql = "SELECT town, record, day, records, keep, playbook, begun_at, ended_at FROM destruction \
               WHERE town = $1 AND record = $2 AND day = $3";
    on_db!(tx, c => sqlx::query_as(sql)
        .bind(town).bind(record.key()).bind(day.number()).fetch_optional(c).await)
}

/// The days of a town whose figures stand still, since records that they count were destroyed.
pub async fn frozen_days(tx: &mut Snapshot, town: i64) -> db::Result<BTreeSet<Day>> {
    let sql = "SELECT DISTINCT day FROM destruction WHERE town = $1 AND record IN ('checks', 'findings')";
    let days: Vec<i32> = on_db!(tx, c => sqlx::query_scalar(sql).bind(town).fetch_all(c).await)?;
    Ok(days.into_iter().filter_map(Day::from_number).collect())
}

/// The last day of a town whose checks were destroyed.
pub async fn last_frozen(tx: &mut Snapshot, town: i64) -> db::Result<Option<Day>> {
    let sql = "SELECT MAX(day) FROM destruction WHERE town = $1 AND record = 'checks'";
    let day: Option<i32> = on_db!(tx, c => sqlx::query_scalar(sql).bind(town).fetch_one(c).await)?;
    Ok(day.and_then(Day::from_number))
}

/// What was destroyed last of some towns and of the whole installation, the newest first.
pub async fn latest(tx: &mut Snapshot, towns: &[i64], most: usize) -> db::Result<Vec<Destroyed>> {
    let sql = "SELECT town, record, day, records, keep, playbook, begun_at, ended_at FROM destruction \
               WHERE town = $1 ORDER BY begun_at DESC, record, day DESC LIMIT $2";
    let mut found: Vec<Destroyed> = Vec::new();
    let limit = i64::try_from(most).unwrap_or(i64::MAX);
    for town in towns.iter().chain([&0]) {
        let rows: Vec<Destroyed> =
            on_db!(tx, c => sqlx::query_as(sql).bind(*town).bind(limit).fetch_all(c).await)?;
        found.extend(rows);
    }
    found.sort_by_key(|destroyed| std::cmp::Reverse((destroyed.begun_at, destroyed.day)));
    found.truncate(most);
    Ok(found)
}

/// A day of a kind whose destruction was begun and did not end: the program was ended.
pub async fn unfinished(tx: &mut Snapshot, town: i64, record: Record) -> db::Result<Option<Day>> {
    let sql = "SELECT MIN(day) FROM destruction WHERE town = $1 AND record = $2 AND ended_at IS NULL";
    let day: Option<i32> = on_db!(tx, c => sqlx::query_scalar(sql)
        .bind(town).bind(record.key()).fetch_one(c).await)?;
    Ok(day.and_then(Day::from_number))
}

/// The first opened day of a town whose checks are all there; nothing where no day's are.
pub async fn first_counted(tx: &mut Snapshot, town: i64) -> db::Result<Option<Day>> {
    let sql = "SELECT MIN(d.day) FROM round_day d WHERE d.town = $1 AND NOT EXISTS \
               (SELECT 1 FROM destruction x WHERE x.town = d.town AND x.record = 'checks' AND x.day = d.day \
               AND x.ended_at IS NOT NULL)";
    let day: Option<i32> = on_db!(tx, c => sqlx::query_scalar(sql).bind(town).fetch_one(c).await)?;
    Ok(day.and_then(Day::from_number))
}

/// Adds to what was destroyed of a day by the playbook's rule; the row is made by the first.
pub async fn add(
    tx: &mut Tx,
    playbook: &Playbook,
    of: (i64, Record, Day),
    records: i64,
    now: Moment,
) -> db::Result<()> {
    let keep = playbook.retention.rule(of.1).keep;
    add_by(tx, (keep, &playbook.named()), of, records, now).await
}

/// The same by a rule, and the playbook that it stands in.
pub async fn add_by(
    tx: &mut Tx,
    (keep, playbook): (Keep, &str),
    (town, record, day): (i64, Record, Day),
    records: i64,
    now: Moment,
) -> db::Result<()> {
    let sql = "INSERT INTO destruction (town, record, day, records, keep, playbook, begun_at) \
               VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (town, record, day) DO UPDATE \
               SET records = destruction.records + excluded.records, ended_at = NULL";
    on_db!(tx, c => sqlx::query(sql)
        .bind(town).bind(record.key()).bind(day.number()).bind(records)
        .bind(keep.to_string()).bind(playbook).bind(now.0).execute(c).await.map(|_| ()))
}

/// Notes that all of it is gone; answers what was destroyed, or nothing where it was noted before.
pub async fn finish(
    tx: &mut Tx,
    (town, record, day): (i64, Record, Day),
    now: Moment,
) -> db::Result<Option<Destroyed>> {
    let sql = "UPDATE destruction SET ended_at = $4 \
               WHERE town = $1 AND record = $2 AND day = $3 AND ended_at IS NULL \
               RETURNING town, record, day, records, keep, playbook, begun_at, ended_at";
    on_db!(tx, c => sqlx::query_as(sql)
        .bind(town).bind(record.key()).bind(day.number()).bind(now.0).fetch_optional(c).await)
}
