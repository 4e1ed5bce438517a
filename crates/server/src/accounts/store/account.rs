//! One account: its secrets, its failures, what its holder chooses.

use base::{Division, Moment, Role};
use db::{Snapshot, Tx, on_db};

/// What the door needs to know of an account.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Credentials {
    pub id: i64,
    pub password: Option<String>,
    pub pin: Option<String>,
    pub failures: i32,
    pub locked_until: Option<i64>,
    pub disabled_at: Option<i64>,
}

/// The credentials of a login.
pub async fn by_login(tx: &mut Snapshot, login: &str) -> db::Result<Option<Credentials>> {
    let sql = "SELECT id, password, pin, failures, locked_until, disabled_at FROM account WHERE login = $1";
    on_db!(tx, c => sqlx::query_as(sql).bind(login).fetch_optional(c).await)
}

/// An account of the whole installation, as the command line lists it.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Listed {
    pub id: i64,
    pub login: String,
    pub name: String,
    pub closed: bool,
    pub arrived: bool,
}

/// All accounts in the order of their logins, or the one of a login.
pub async fn everyone(tx: &mut Snapshot, login: Option<&str>) -> db::Result<Vec<Listed>> {
    let sql = "SELECT id, login, name, disabled_at IS NOT NULL AS closed, password IS NOT NULL AS arrived \
               FROM account WHERE $1 IS NULL OR login = $1 ORDER BY login";
    on_db!(tx, c => sqlx::query_as(sql).bind(login).fetch_all(c).await)
}

/// The credentials of an account.
pub async fn by_id(tx: &mut Snapshot, id: i64) -> db::Result<Option<Credentials>> {
    let sql = "SELECT id, password, pin, failures, locked_until, disabled_at FROM account WHERE id = $1";
    on_db!(tx, c => sqlx::query_as(sql).bind(id).fetch_optional(c).await)
}

/// Writes down how often a sign-in has failed in a row, and until when the next has to wait.
pub async fn set_failures(tx: &mut Tx, id: i64, failures: i32, until: Option<Moment>) -> db::Result<()> {
    let sql = "UPDATE account SET failures = $2, locked_until = $3 WHERE id = $1";
    let until = until.map(|until| until.0);
    on_db!(tx, c => sqlx::query(sql).bind(id).bind(failures).bind(until).execute(c).await.map(|_| ()))
}

/// A new password, and a new PIN where one is given; whatever was forced is done.
pub async fn set_secrets(tx: &mut Tx, id: i64, password: &str, pin: Option<&str>) -> db::Result<()> {
    let sql = "UPDATE account SET password = $2, pin = COALESCE($3, pin), must_change = FALSE, failures = 0, \
               locked_until = NULL WHERE id = $1";
    on_db!(tx, c => sqlx::query(sql).bind(id).bind(password).bind(pin).execute(c).await.map(|_| ()))
}

/// A new PIN, of somebody who has shown that he knows the password.
pub async fn set_pin(tx: &mut Tx, id: i64, pin: &str) -> db::Result<()> {
    let sql = "UPDATE account SET pin = $2, failures = 0, locked_until = NULL WHERE id = $1";
    on_db!(tx, c => sqlx::query(sql).bind(id).bind(pin).execute(c).await.map(|_| ()))
}

/// The person has come in by a slip: a password has to be chosen, and former failures are forgiven.
pub async fn force_change(tx: &mut Tx, id: i64) -> db::Result<()> {
    let sql = "UPDATE account SET must_change = TRUE, failures = 0, locked_until = NULL WHERE id = $1";
    on_db!(tx, c => sqlx::query(sql).bind(id).execute(c).await.map(|_| ()))
}

/// The language of the screen (none: the browser's) and the size of its letters.
pub async fn set_screen(tx: &mut Tx, id: i64, language: Option<&str>, large: bool) -> db::Result<()> {
    let sql = "UPDATE account SET language = $2, large_print = $3 WHERE id = $1";
    on_db!(tx, c => sqlx::query(sql).bind(id).bind(language).bind(large).execute(c).await.map(|_| ()))
}

pub async fn set_name(tx: &mut Tx, id: i64, name: &str) -> db::Result<()> {
    let sql = "UPDATE account SET name = $2, initials = $3 WHERE id = $1";
    let initials = base::initials(name);
    on_db!(tx, c => sqlx::query(sql).bind(id).bind(name).bind(&initials).execute(c).await.map(|_| ()))
}

/// Closes an account from a moment on, or opens it again.
pub async fn set_disabled(tx: &mut Tx, id: i64, at: Option<Moment>) -> db::Result<()> {
    let sql = "UPDATE account SET disabled_at = $2 WHERE id = $1";
    let at = at.map(|at| at.0);
    on_db!(tx, c => sqlx::query(sql).bind(id).bind(at).execute(c).await.map(|_| ()))
}

/// Takes a role in a division away; whether it was held.
pub async fn dismiss(tx: &mut Tx, id: i64, role: Role, division: Division) -> db::Result<bool> {
    let sql = "DELETE FROM appointment WHERE account = $1 AND role = $2 AND division = $3";
    on_db!(tx, c => sqlx::query(sql)
        .bind(id).bind(role.key()).bind(division.number()).execute(c).await.map(|done| done.rows_affected() > 0))
}
