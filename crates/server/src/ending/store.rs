//! The rows of the end: who asked and agreed, what there is, what stays.

use std::collections::BTreeMap;

use base::{Day, Moment};
use db::{Snapshot, Tx, on_db};

/// A town, and how far its end has come.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Ending {
    pub town: i64,
    pub name: String,
    pub started_day: i32,
    pub ended_day: Option<i32>,
    pub demonstration: bool,
    pub asked_by: Option<i64>,
    pub asked_name: Option<String>,
    pub asked_at: Option<i64>,
    pub agreed_by: Option<i64>,
    pub agreed_name: Option<String>,
    pub agreed_at: Option<i64>,
    pub certificate: Option<String>,
}

/// All towns, in order.
pub async fn endings(tx: &mut Snapshot) -> db::Result<Vec<Ending>> {
    let sql = "SELECT o.town, o.name, o.started_day, o.ended_day, o.demonstration, \
               e.asked_by, a.name AS asked_name, e.asked_at, e.agreed_by, g.name AS agreed_name, e.agreed_at, \
               e.certificate FROM operation o LEFT JOIN ending e ON e.town = o.town \
               LEFT JOIN account a ON a.id = e.asked_by LEFT JOIN account g ON g.id = e.agreed_by \
               ORDER BY o.town";
    on_db!(tx, c => sqlx::query_as(sql).fetch_all(c).await)
}

/// Whether all that was to be destroyed is.
pub async fn is_ended(tx: &mut Snapshot) -> db::Result<bool> {
    Ok(certificate(tx).await?.is_some())
}

/// The certificate, once there is one.
pub async fn certificate(tx: &mut Snapshot) -> db::Result<Option<String>> {
    let sql = "SELECT certificate FROM ending WHERE certificate IS NOT NULL ORDER BY town LIMIT 1";
    on_db!(tx, c => sqlx::query_scalar(sql).fetch_optional(c).await)
}

/// Notes who asks; false where somebody did before.
pub async fn ask(tx: &mut Tx, town: i64, account: i64, at: Moment) -> db::Result<bool> {
    let sql =
        "INSERT INTO ending (town, asked_by, asked_at) VALUES ($1, $2, $3) ON CONFLICT (town) DO NOTHING";
    let done = on_db!(tx, c => sqlx::query(sql)
        .bind(town).bind(account).bind(at.0).execute(c).await.map(|done| done.rows_affected()))?;
    Ok(done == 1)
}

/// Notes who agrees to what was asked at a moment; false where that is no longer so.
pub async fn agree(tx: &mut Tx, town: i64, account: i64, asked_at: Moment, at: Moment) -> db::Result<bool> {
    let sql = "UPDATE ending SET agreed_by = $2, agreed_at = $4 \
               WHERE town = $1 AND asked_at = $3 AND agreed_by IS NULL AND asked_by <> $2";
    let done = on_db!(tx, c => sqlx::query(sql)
        .bind(town).bind(account).bind(asked_at.0).bind(at.0)
        .execute(c).await.map(|done| done.rows_affected()))?;
    Ok(done == 1)
}

/// Takes all of it back, while nothing is destroyed; false where there is nothing to take back.
pub async fn withdraw(tx: &mut Tx, town: i64) -> db::Result<bool> {
    let sql = "DELETE FROM ending WHERE town = $1 AND certificate IS NULL AND EXISTS \
               (SELECT 1 FROM operation o WHERE o.town = $1 AND o.ended_day IS NULL)";
    let done = on_db!(tx, c => sqlx::query(sql)
        .bind(town).execute(c).await.map(|done| done.rows_affected()))?;
    Ok(done == 1)
}

/// What there is by kind: a number of records for each key of a message.
pub type Stock = BTreeMap<String, i64>;

/// What goes and what stays, of all towns.
pub async fn stock(tx: &mut Snapshot) -> db::Result<(Stock, Stock)> {
    let goes: [(&str, &'static str); 6] = [
        ("households", "SELECT COUNT(*) FROM household"),
        ("residents", "SELECT COUNT(*) FROM resident"),
        ("stewards", "SELECT COUNT(*) FROM steward"),
        ("checks", "SELECT COUNT(*) FROM round_check"),
        ("findings", "SELECT COUNT(*) FROM finding"),
        ("sign-ins", "SELECT (SELECT COUNT(*) FROM session) + (SELECT COUNT(*) FROM slip)"),
    ];
    let stays: [(&str, &'static str); 4] = [
        ("reports", "SELECT COUNT(*) FROM report_seal"),
        ("figures", "SELECT COUNT(*) FROM tally"),
        ("audit", "SELECT COUNT(*) FROM audit_entry"),
        ("accounts", "SELECT COUNT(*) FROM account"),
    ];
    Ok((counted(tx, &goes).await?, counted(tx, &stays).await?))
}

async fn counted(tx: &mut Snapshot, of: &[(&str, &'static str)]) -> db::Result<Stock> {
    let mut stock = Stock::new();
    for (key, sql) in of {
        let number: i64 = on_db!(tx, c => sqlx::query_scalar(*sql).fetch_one(c).await)?;
        stock.insert((*key).to_owned(), number);
    }
    Ok(stock)
}

/// How many records were destroyed of each kind, in their time and at the end.
pub async fn destroyed(tx: &mut Snapshot) -> db::Result<Stock> {
    let sql = "SELECT record, CAST(SUM(records) AS BIGINT) FROM destruction GROUP BY record";
    let rows: Vec<(String, i64)> = on_db!(tx, c => sqlx::query_as(sql).fetch_all(c).await)?;
    Ok(rows.into_iter().collect())
}

/// The towns are run no more after a day; true where they were until now.
pub async fn close(tx: &mut Tx, day: Day) -> db::Result<bool> {
    let sql = "UPDATE operation SET ended_day = $1 WHERE ended_day IS NULL OR ended_day > $1";
    let done = on_db!(tx, c => sqlx::query(sql)
        .bind(day.number()).execute(c).await.map(|done| done.rows_affected()))?;
    Ok(done > 0)
}

/// Accounts keep what the audit trail tells people by, and nothing else; who has no figures to read is
/// let in no more.
pub async fn strip_accounts(tx: &mut Tx, now: Moment) -> db::Result<()> {
    let sql = "UPDATE account SET phone_sealed = NULL, pin = NULL";
    on_db!(tx, c => sqlx::query(sql).execute(c).await.map(|_| ()))?;
    let sql = "UPDATE account SET password = NULL, disabled_at = COALESCE(disabled_at, $1) WHERE NOT EXISTS \
               (SELECT 1 FROM appointment p WHERE p.account = account.id AND p.role IN ('headquarters', \
               'administrator', 'auditor', 'report-approver', 'superior-observer'))";
    on_db!(tx, c => sqlx::query(sql).bind(now.0).execute(c).await.map(|_| ()))
}

/// Keeps the certificate: from here on all is over.
pub async fn keep(tx: &mut Tx, certificate: &str) -> db::Result<()> {
    let sql = "UPDATE ending SET certificate = $1 WHERE certificate IS NULL";
    on_db!(tx, c => sqlx::query(sql).bind(certificate).execute(c).await.map(|_| ()))
}
