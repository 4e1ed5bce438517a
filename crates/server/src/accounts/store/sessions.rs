//! The sessions and tokens of an account.

use base::Moment;
use db::{Snapshot, Tx, on_db};
use serde_json::{Value, json};

use super::super::model::PIN_TRIES;
use super::slips;

/// A session or token as its owner sees it.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Session {
    pub secret: Vec<u8>,
    pub kind: String,
    pub device: String,
    pub started_at: i64,
    pub seen_at: i64,
}

/// The sessions and tokens of an account that still hold, the last used first.
pub async fn of(tx: &mut Snapshot, account: i64, now: Moment) -> db::Result<Vec<Session>> {
    let sql = "SELECT secret, kind, device, started_at, seen_at FROM session \
               WHERE account = $1 AND expires_at > $2 ORDER BY seen_at DESC, started_at DESC, secret";
    on_db!(tx, c => sqlx::query_as(sql).bind(account).bind(now.0).fetch_all(c).await)
}

/// Ends one session or token of an account; whether there was one. Its row stays for a while, so
/// that a form still sent from it is known as this account's and kept until the next sign-in.
pub async fn end(tx: &mut Tx, account: i64, digest: &[u8], now: Moment) -> db::Result<bool> {
    let sql = "UPDATE session SET expires_at = $3 WHERE account = $1 AND secret = $2 AND expires_at > $3";
    on_db!(tx, c => sqlx::query(sql)
        .bind(account).bind(digest).bind(now.0).execute(c).await.map(|done| done.rows_affected() > 0))
}

/// Ends all sessions of an account but one, and its tokens too where asked; how many.
async fn end_others(tx: &mut Tx, account: i64, keep: &[u8], tokens: bool, now: Moment) -> db::Result<u64> {
    let sql = "UPDATE session SET expires_at = $4 WHERE account = $1 AND secret <> $2 \
               AND (kind = 'browser' OR $3) AND expires_at > $4";
    on_db!(tx, c => sqlx::query(sql)
        .bind(account).bind(keep).bind(tokens).bind(now.0).execute(c).await.map(|done| done.rows_affected()))
}

/// What an account's ways in came to that were closed.
pub struct Closed {
    pub sessions: u64,
    pub slips: u64,
}

impl Closed {
    /// For the audit trail.
    pub fn detail(&self) -> Value {
        json!({ "sessions_ended": self.sessions, "slips_void": self.slips })
    }
}

/// Closes an account's ways in but one session: the others, its tokens where asked, and slips not used.
pub async fn close(tx: &mut Tx, account: i64, keep: &[u8], tokens: bool, now: Moment) -> db::Result<Closed> {
    let sessions = end_others(tx, account, keep, tokens, now).await?;
    Ok(Closed { sessions, slips: slips::void(tx, account).await? })
}

/// Minutes for which the row of a session that is over is kept: longer than a form lies open.
const KEPT: i64 = 14 * 24 * 60;

/// Drops sessions that have been over for long: their rows are of no more use.
pub async fn sweep(tx: &mut Tx, account: i64, now: Moment) -> db::Result<()> {
    let sql = "DELETE FROM session WHERE account = $1 AND expires_at <= $2";
    on_db!(tx, c => sqlx::query(sql).bind(account).bind(now.plus_minutes(-KEPT).0).execute(c).await.map(|_| ()))
}

/// The right PIN was given: the session goes on from now.
pub async fn unlock(tx: &mut Tx, digest: &[u8], now: Moment) -> db::Result<()> {
    let sql = "UPDATE session SET seen_at = $2, pin_failures = 0 WHERE secret = $1";
    on_db!(tx, c => sqlx::query(sql).bind(digest).bind(now.0).execute(c).await.map(|_| ()))
}

/// Counts a wrong PIN, and ends the session with the last that is allowed; how many are left.
pub async fn wrong_pin(tx: &mut Tx, account: i64, digest: &[u8], now: Moment) -> db::Result<i32> {
    let sql = "UPDATE session SET pin_failures = pin_failures + 1 WHERE secret = $1 RETURNING pin_failures";
    let failures: Option<i32> =
        on_db!(tx, c => sqlx::query_scalar(sql).bind(digest).fetch_optional(c).await)?;
    let left = failures.map_or(0, |failures| (PIN_TRIES - failures).max(0));
    if left == 0 {
        end(tx, account, digest, now).await?;
    }
    Ok(left)
}
