//! What a database holds before a demonstration is put into it, and the rows that only a
//! demonstration makes in bulk: divisions, the operation, accounts.

use base::{Day, Division, Moment};
use db::{Snapshot, Tx, on_db, take_numbers};
use sqlx::QueryBuilder;

use super::cast::NewAccount;
use crate::playbook::Playbook;

/// Rows of one statement; the widest has five values.
const ROWS: usize = 1_000;

/// What a database is used for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Holds {
    Nothing,
    /// A demonstration with its first day, the number of its opened days and the last of them, and
    /// the moment at which its last check was entered.
    Demonstration {
        town: i64,
        started: Day,
        days: i64,
        last_day: Option<Day>,
        entered: Option<Moment>,
    },
    /// A real town, by name; or accounts without a town.
    Other(String),
}

/// What a database holds.
pub async fn holds(tx: &mut Snapshot) -> db::Result<Holds> {
    let sql = "SELECT town, name, started_day, demonstration FROM operation ORDER BY demonstration, town";
    let towns: Vec<(i64, String, i32, bool)> = on_db!(tx, c => sqlx::query_as(sql).fetch_all(c).await)?;
    let Some((town, name, started, demonstration)) = towns.into_iter().next() else {
        let sql = "SELECT COUNT(*) FROM account";
        let accounts: i64 = on_db!(tx, c => sqlx::query_scalar(sql).fetch_one(c).await)?;
        return Ok(if accounts == 0 { Holds::Nothing } else { Holds::Other(String::new()) });
    };
    let started = Day::from_number(started).filter(|_| demonstration);
    let Some(started) = started else { return Ok(Holds::Other(name)) };
    let sql = "SELECT COUNT(*), MAX(day) FROM round_day WHERE town = $1";
    let (days, last): (i64, Option<i32>) =
        on_db!(tx, c => sqlx::query_as(sql).bind(town).fetch_one(c).await)?;
    let sql = "SELECT MAX(entered_at) FROM round_check WHERE town = $1";
    let entered: Option<i64> = on_db!(tx, c => sqlx::query_scalar(sql).bind(town).fetch_one(c).await)?;
    let (last_day, entered) = (last.and_then(Day::from_number), entered.map(Moment));
    Ok(Holds::Demonstration { town, started, days, last_day, entered })
}

/// The town's row, marked as a demonstration.
pub async fn insert_operation(
    tx: &mut Tx,
    town: Division,
    name: &str,
    playbook: &Playbook,
    started: Day,
) -> db::Result<()> {
    let sql = "INSERT INTO operation (town, name, zone, cut_off, playbook, playbook_version, started_day, \
               demonstration) VALUES ($1, $2, $3, $4, $5, $6, $7, TRUE)";
    on_db!(tx, c => sqlx::query(sql)
        .bind(town.town()).bind(name).bind(&playbook.zone).bind(&playbook.cut_off)
        .bind(&playbook.key).bind(playbook.version).bind(started.number())
        .execute(c).await.map(|_| ()))
}

/// Divisions and team areas, valid from a day on.
pub async fn insert_divisions(tx: &mut Tx, from: Day, new: &[(Division, &str)]) -> db::Result<()> {
    for part in new.chunks(ROWS) {
        on_db!(tx, c => {
            let mut sql = QueryBuilder::new("INSERT INTO division (code, name, initials, from_day) ");
            sql.push_values(part, |mut row, (division, name)| {
                row.push_bind(division.number()).push_bind(*name).push_bind(base::initials(name));
                row.push_bind(from.number());
            });
            sql.build().execute(c).await.map(|_| ())
        })?;
    }
    Ok(())
}

/// Accounts without a password: one comes in by the demonstration's own door only. Answers the
/// first one's number.
pub async fn insert_accounts(tx: &mut Tx, now: Moment, new: &[NewAccount]) -> db::Result<i64> {
    let first = take_numbers(tx, 0, "account", new.len()).await?;
    let numbered: Vec<(i64, &NewAccount)> = (first..).zip(new).collect();
    for part in numbered.chunks(ROWS) {
        on_db!(tx, c => {
            let mut sql = QueryBuilder::new(
                "INSERT INTO account (id, login, name, must_change, large_print, failures, created_at) ",
            );
            sql.push_values(part, |mut row, (id, account)| {
                row.push_bind(*id).push_bind(&account.login).push_bind(&account.name);
                row.push_bind(false).push_bind(false).push_bind(0_i32).push_bind(now.0);
            });
            sql.build().execute(c).await.map(|_| ())
        })?;
    }
    let roles = numbered.iter().flat_map(|(id, account)| account.appointments.iter().map(|a| (*id, *a)));
    let roles: Vec<_> = roles.collect();
    for part in roles.chunks(ROWS) {
        on_db!(tx, c => {
            let mut sql = QueryBuilder::new("INSERT INTO appointment (account, role, division) ");
            sql.push_values(part, |mut row, (account, (role, division))| {
                row.push_bind(*account).push_bind(role.key()).push_bind(division.number());
            });
            sql.build().execute(c).await.map(|_| ())
        })?;
    }
    Ok(first)
}

/// Households that have a standing on a day: somebody has been there, or tried.
pub async fn visited(tx: &mut Snapshot, town: i64, day: Day) -> db::Result<Vec<i64>> {
    let sql = "SELECT household FROM round_standing WHERE town = $1 AND day = $2";
    on_db!(tx, c => sqlx::query_scalar(sql).bind(town).bind(day.number()).fetch_all(c).await)
}

/// Ends the sessions that an earlier run gave to its live contacts.
pub async fn end_sessions(tx: &mut Tx, device: &str) -> db::Result<()> {
    let sql = "DELETE FROM session WHERE kind = 'token' AND device = $1";
    on_db!(tx, c => sqlx::query(sql).bind(device).execute(c).await.map(|_| ()))
}
