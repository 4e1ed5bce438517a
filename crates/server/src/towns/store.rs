//! The rows of towns.

use base::{Day, Division, Moment, Role};
use db::{Snapshot, Tx, on_db, take_numbers};

use crate::playbook::Playbook;

/// A town that is run with this program.
#[derive(Clone, Debug)]
pub struct Operation<'a> {
    pub town: Division,
    pub name: &'a str,
    pub playbook: &'a Playbook,
    /// The first day of its rounds.
    pub started: Day,
    /// Its people and figures are made up.
    pub demonstration: bool,
}

/// Starts running a town.
pub async fn start(tx: &mut Tx, operation: &Operation<'_>) -> db::Result<()> {
    let sql = "INSERT INTO operation (town, name, zone, cut_off, playbook, playbook_version, started_day, \
               demonstration) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    let playbook = operation.playbook;
    on_db!(tx, c => sqlx::query(sql)
        .bind(operation.town.town()).bind(operation.name).bind(&playbook.zone).bind(&playbook.cut_off)
        .bind(&playbook.key).bind(playbook.version).bind(operation.started.number())
        .bind(operation.demonstration)
        .execute(c).await.map(|_| ()))
}

/// The towns that are run here, with their names.
pub async fn settled(tx: &mut Snapshot) -> db::Result<Vec<(i64, String)>> {
    on_db!(tx, c => sqlx::query_as("SELECT town, name FROM operation ORDER BY town").fetch_all(c).await)
}

/// Makes an account whose person chooses a password on coming in.
pub(super) async fn add_account(tx: &mut Tx, login: &str, name: &str, now: Moment) -> db::Result<i64> {
    let id = take_numbers(tx, 0, "account", 1).await?;
    let sql = "INSERT INTO account (id, login, name, must_change, large_print, failures, created_at) \
               VALUES ($1, $2, $3, TRUE, FALSE, 0, $4)";
    on_db!(tx, c => sqlx::query(sql)
        .bind(id).bind(login).bind(name).bind(now.0).execute(c).await.map(|_| ()))?;
    Ok(id)
}

pub(super) async fn appoint(tx: &mut Tx, account: i64, role: Role, division: Division) -> db::Result<()> {
    let sql = "INSERT INTO appointment (account, role, division) VALUES ($1, $2, $3)";
    on_db!(tx, c => sqlx::query(sql)
        .bind(account).bind(role.key()).bind(division.number()).execute(c).await.map(|_| ()))
}

/// Keeps the digest of a slip's code.
pub(super) async fn add_slip(
    tx: &mut Tx,
    digest: &[u8],
    account: i64,
    now: Moment,
    expires: Moment,
) -> db::Result<()> {
    let sql = "INSERT INTO slip (code, account, made_at, expires_at) VALUES ($1, $2, $3, $4)";
    on_db!(tx, c => sqlx::query(sql)
        .bind(digest).bind(account).bind(now.0).bind(expires.0).execute(c).await.map(|_| ()))
}
