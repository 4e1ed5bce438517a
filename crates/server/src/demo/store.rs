//! What a database holds before a demonstration is put into it, and the rows that only a
//! demonstration makes in bulk: divisions, the operation, accounts.

use base::{Day, Division, Moment};
use db::{Snapshot, Tx, on_db};
use sqlx::QueryBuilder;

use super::cast::NewAccount;
use crate::accounts::{self, New};

/// Rows of one statement; the widest has five values.
const ROWS: usize = 1_000;

/// Milliseconds after which a made-up office takes up what was found, and closes it.
const TAKEN_AFTER: i64 = 20 * 60_000;
const CLOSED_AFTER: i64 = 150 * 60_000;

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
pub async fn insert_operation(tx: &mut Tx, town: Division, name: &str, started: Day) -> db::Result<()> {
    let sql = "INSERT INTO operation (town, name, started_day, demonstration) VALUES ($1, $2, $3, TRUE)";
    on_db!(tx, c => sqlx::query(sql)
        .bind(town.town()).bind(name).bind(started.number())
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
    let given: Vec<_> = new.iter().map(NewAccount::given).collect();
    let new: Vec<New> = new
        .iter()
        .zip(&given)
        .map(|(account, roles)| New { login: &account.login, name: &account.name, phone_sealed: None, roles })
        .collect();
    let made = accounts::create_all(tx, &new, now).await?;
    made.first().copied().ok_or(sqlx::Error::RowNotFound)
}

/// Households that have a standing on a day: somebody has been there, or tried.
pub async fn visited(tx: &mut Snapshot, town: i64, day: Day) -> db::Result<Vec<i64>> {
    let sql = "SELECT household FROM round_standing WHERE town = $1 AND day = $2";
    on_db!(tx, c => sqlx::query_scalar(sql).bind(town).bind(day.number()).fetch_all(c).await)
}

/// Handles what was found in a village on a past day, as its office would have done by now: all is
/// closed, or, of the `needs` still under way, taken. What nobody answers for stays open.
pub async fn handle_findings(
    tx: &mut Tx,
    village: Division,
    day: Day,
    office: i64,
    under_way: bool,
    now: Moment,
) -> db::Result<()> {
    let range = village.range();
    // What takes longer than until now is done now.
    let sql = "UPDATE finding SET state = CASE WHEN $6 AND kind = 'need' THEN 'taken' ELSE 'closed' END, \
               taken_by = $5, taken_at = CASE WHEN raised_at + $7 < $8 THEN raised_at + $7 ELSE $8 END, \
               closed_by = CASE WHEN $6 AND kind = 'need' THEN NULL ELSE $5 END, \
               closed_at = CASE WHEN $6 AND kind = 'need' THEN NULL \
               WHEN raised_at + $9 < $8 THEN raised_at + $9 ELSE $8 END, \
               closing_note = CASE WHEN $6 AND kind = 'need' THEN NULL ELSE '已上门看过' END \
               WHERE town = $1 AND day = $2 AND division BETWEEN $3 AND $4 AND state = 'open'";
    on_db!(tx, c => sqlx::query(sql)
        .bind(village.town()).bind(day.number()).bind(range.low).bind(range.high).bind(office)
        .bind(under_way).bind(TAKEN_AFTER).bind(now.0).bind(CLOSED_AFTER)
        .execute(c).await.map(|_| ()))
}

/// Ends the sessions that an earlier run gave to its live contacts.
pub async fn end_sessions(tx: &mut Tx, device: &str) -> db::Result<()> {
    let sql = "DELETE FROM session WHERE kind = 'token' AND device = $1";
    on_db!(tx, c => sqlx::query(sql).bind(device).execute(c).await.map(|_| ()))
}
