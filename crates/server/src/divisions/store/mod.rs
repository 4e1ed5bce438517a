//! The rows of divisions. The table is reference data, the same for every town: reading it needs
//! no scope; the pages that change it do.

mod moves;
mod names;
mod search;

use std::collections::HashMap;

use base::{Day, Division, Level, Range};
use db::{Snapshot, Tx, on_db};
use sqlx::QueryBuilder;

use super::compare::{KnownByCode, Plan, Terms};
use super::file::Entry;
use super::model::{ALWAYS, OPEN};

pub(super) use moves::{
    Moves, has_own_households, household_counts, is_lived_in, move_roles, move_stewards, round_opened_since,
};
pub use names::{Names, last_names, names, names_below, names_on, standing_names};
pub(super) use search::{Sought, search};

/// A division under one name, from a day on to another (not included).
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Row {
    pub code: i64,
    pub name: String,
    pub from_day: i32,
    pub until_day: i32,
    /// The division that took this one in.
    pub successor: Option<i64>,
}

impl Row {
    pub fn division(&self) -> Division {
        Division::from_number(self.code).unwrap_or(Division::COUNTRY)
    }
}

/// The last name of a code that the register knows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Known {
    pub name: String,
    pub from_day: i32,
    pub until_day: i32,
}

/// The last names of all codes from `low` to `high`. They come in one text of lines: fetching
/// 700,000 rows one by one costs seven times as much.
pub(super) async fn known(tx: &mut Snapshot, low: Division, high: Division) -> db::Result<KnownByCode> {
    let sql = "SELECT string_agg(CAST(code AS TEXT) || ' ' || CAST(from_day AS TEXT) || ' ' || \
               CAST(until_day AS TEXT) || ' ' || name, $3) FROM division WHERE code BETWEEN $1 AND $2";
    let lines: Option<String> = on_db!(tx, c => sqlx::query_scalar(sql)
        .bind(low.number()).bind(high.number()).bind("\n").fetch_one(c).await)?;
    let mut known = KnownByCode::new();
    for line in lines.unwrap_or_default().lines() {
        let mut cells = line.splitn(4, ' ');
        let mut number = || cells.next().and_then(|cell| cell.parse::<i64>().ok());
        let (Some(code), Some(from), Some(until)) = (number(), number(), number()) else { continue };
        let (Ok(from_day), Ok(until_day)) = (i32::try_from(from), i32::try_from(until)) else { continue };
        let newer = known.get(&code).is_none_or(|other: &Known| other.from_day < from_day);
        if newer {
            let name = cells.next().unwrap_or_default().to_owned();
            known.insert(code, Known { name, from_day, until_day });
        }
    }
    Ok(known)
}

/// The last row of a division, whether it still stands or not.
pub async fn last(tx: &mut Snapshot, division: Division) -> db::Result<Option<Row>> {
    let sql = "SELECT code, name, from_day, until_day, successor FROM division \
               WHERE code = $1 ORDER BY from_day DESC LIMIT 1";
    on_db!(tx, c => sqlx::query_as(sql).bind(division.number()).fetch_optional(c).await)
}

/// A division as it stood on a day.
pub async fn on_day(tx: &mut Snapshot, division: Division, day: Day) -> db::Result<Option<Row>> {
    let range = Range { low: division.number(), high: division.number() };
    Ok(in_range(tx, range, day).await?.pop())
}

/// A division of at most one town and all below it, as they stood on a day, by code.
pub async fn subtree(tx: &mut Snapshot, root: Division, day: Day) -> db::Result<Vec<Row>> {
    in_range(tx, root.range(), day).await
}

async fn in_range(tx: &mut Snapshot, range: Range, day: Day) -> db::Result<Vec<Row>> {
    let sql = "SELECT code, name, from_day, until_day, successor FROM division \
               WHERE code BETWEEN $1 AND $2 AND from_day <= $3 AND until_day > $3 ORDER BY code";
    on_db!(tx, c => sqlx::query_as(sql)
        .bind(range.low).bind(range.high).bind(day.number()).fetch_all(c).await)
}

/// The divisions right below another on a day, by code, after a code. It steps from one to the
/// next over what lies below each, so that the provinces are found without reading the villages.
pub async fn children(
    tx: &mut Snapshot,
    root: Division,
    day: Day,
    after: i64,
    limit: usize,
) -> db::Result<Vec<Row>> {
    let sql = "SELECT code, name, from_day, until_day, successor FROM division \
               WHERE code > $1 AND code <= $2 AND from_day <= $3 AND until_day > $3 ORDER BY code LIMIT 1";
    let high = root.range().high;
    let (mut found, mut after) = (Vec::new(), after.max(root.number()));
    while found.len() < limit {
        let next: Option<Row> = on_db!(tx, c => sqlx::query_as(sql)
            .bind(after).bind(high).bind(day.number()).fetch_optional(c).await)?;
        let Some(next) = next else { break };
        let child = next.division().path().into_iter().find(|above| above.parent() == Some(root));
        let Some(child) = child else { break };
        after = child.range().high;
        if child == next.division() {
            found.push(next);
        }
    }
    Ok(found)
}

/// The numbers of team areas that a village ever used.
pub async fn numbers_used(tx: &mut Snapshot, village: Division) -> db::Result<Vec<i64>> {
    let sql = "SELECT DISTINCT code FROM division WHERE code > $1 AND code <= $2";
    let codes: Vec<i64> = on_db!(tx, c => sqlx::query_scalar(sql)
        .bind(village.number()).bind(village.range().high).fetch_all(c).await)?;
    Ok(codes.into_iter().map(|code| code - village.number()).collect())
}

/// The highest number of a team area that each village of a town ever used.
pub async fn last_groups(tx: &mut Snapshot, town: Division) -> db::Result<HashMap<Division, i64>> {
    let range = town.range();
    let sql = "SELECT DISTINCT code FROM division WHERE code BETWEEN $1 AND $2 ORDER BY code";
    let codes: Vec<i64> = on_db!(tx, c => sqlx::query_scalar(sql)
        .bind(range.low).bind(range.high).fetch_all(c).await)?;
    let groups = codes.into_iter().filter_map(Division::from_number);
    let number = |group: Division| {
        let village = group.parent().filter(|_| group.level() == Level::Group)?;
        Some((village, group.number() - village.number()))
    };
    Ok(groups.filter_map(number).collect())
}

/// Rows of one statement: three values each stay below SQLite's limit of 32,766.
const ROWS: usize = 10_000;

/// Writes an import; `told` hears how many rows are done.
pub async fn write(tx: &mut Tx, plan: &Plan, terms: Terms, mut told: impl FnMut(u64)) -> db::Result<()> {
    let mut done = 0;
    for part in plan.new.chunks(ROWS) {
        let rows: Vec<_> = part.iter().map(Entry::named).collect();
        insert(tx, &rows, terms.from).await?;
        done += part.len() as u64;
        told(done);
    }
    let Some(from) = terms.renames_from else { return Ok(()) };
    for entry in &plan.renamed {
        rename(tx, entry.division, &entry.name, from).await?;
        done += 1;
        told(done);
    }
    Ok(())
}

impl Entry {
    fn named(&self) -> (Division, &str) {
        (self.division, &self.name)
    }
}

/// Makes divisions that stand from a day on.
pub async fn insert(tx: &mut Tx, new: &[(Division, &str)], from: Day) -> db::Result<()> {
    for part in new.chunks(ROWS) {
        on_db!(tx, c => {
            let mut sql = QueryBuilder::new("INSERT INTO division (code, name, initials, from_day) ");
            sql.push_values(part, |mut row, (division, name)| {
                row.push_bind(division.number()).push_bind(*name).push_bind(base::initials(name));
                row.push(from.number());
            });
            sql.build().persistent(false).execute(c).await.map(|_| ())
        })?;
    }
    Ok(())
}

/// Ends the name of a division on a day and begins another. A name that begins on that very day
/// was never in use, and is put right in place.
pub(super) async fn rename(tx: &mut Tx, division: Division, name: &str, from: Day) -> db::Result<()> {
    end(tx, division, from, None).await?;
    let sql = "INSERT INTO division (code, name, initials, from_day) VALUES ($1, $2, $3, $4) \
               ON CONFLICT (code, from_day) DO UPDATE SET name = excluded.name, initials = excluded.initials";
    on_db!(tx, c => sqlx::query(sql)
        .bind(division.number()).bind(name).bind(base::initials(name)).bind(from.number())
        .execute(c).await.map(|_| ()))
}

/// Ends the standing name of a division that began before a day; `successor` took it in.
pub(super) async fn end(
    tx: &mut Tx,
    division: Division,
    on: Day,
    successor: Option<Division>,
) -> db::Result<()> {
    let sql = "UPDATE division SET until_day = $1, successor = $2 \
               WHERE code = $3 AND until_day = $4 AND from_day < $1";
    on_db!(tx, c => sqlx::query(sql)
        .bind(on.number()).bind(successor.map(Division::number)).bind(division.number()).bind(OPEN)
        .execute(c).await.map(|_| ()))
}

/// The day a name began on; nothing where nobody wrote it down.
pub(super) fn began(row: &Row) -> Option<Day> {
    (row.from_day > ALWAYS).then(|| Day::from_number(row.from_day)).flatten()
}
