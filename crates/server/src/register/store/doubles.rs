//! What people decided of two who may be one.

use base::Moment;
use db::{Snapshot, Tx, on_db, take_numbers};
use sqlx::QueryBuilder;

use super::super::doubles::{Decision, Decisions, Question, Verdict};
use crate::vault::Vault;

/// A decision as stored, with the name of who made it.
#[derive(sqlx::FromRow)]
struct Row {
    pair: Vec<u8>,
    verdict: String,
    by_number: bool,
    decided_at: i64,
    name: Option<String>,
}

/// All that was decided in a town.
pub async fn decisions(tx: &mut Snapshot, town: i64) -> db::Result<Decisions> {
    let sql = "SELECT d.pair, d.verdict, d.by_number, d.decided_at, a.name FROM doubles d \
               LEFT JOIN account a ON a.id = d.account WHERE d.town = $1";
    let rows: Vec<Row> = on_db!(tx, c => sqlx::query_as(sql).bind(town).fetch_all(c).await)?;
    let decision = |row: Row| {
        let verdict = Verdict::of_key(&row.verdict)?;
        let (who, at) = (row.name.unwrap_or_default(), Moment(row.decided_at));
        Some((row.pair, Decision { verdict, by_number: row.by_number, who, at }))
    };
    Ok(Decisions::new(rows.into_iter().filter_map(decision)))
}

/// Puts down what somebody decides, in place of what was decided before, in a town that is
/// [held](Tx::hold).
pub async fn decide(
    tx: &mut Tx,
    vault: &Vault,
    town: i64,
    question: &Question,
    verdict: Verdict,
    (account, now): (i64, Moment),
) -> db::Result<()> {
    let renewed = on_db!(tx, c => {
        let mut sql = QueryBuilder::new("UPDATE doubles SET verdict = ");
        sql.push_bind(verdict.key()).push(", by_number = ").push_bind(question.by_number);
        sql.push(", account = ").push_bind(account).push(", decided_at = ").push_bind(now.0);
        sql.push(" WHERE town = ").push_bind(town).push(" AND ");
        vault.push_is(&mut sql, "pair", question.text());
        sql.build().execute(c).await.map(|done| done.rows_affected())
    })?;
    if renewed > 0 {
        return Ok(());
    }
    let id = take_numbers(tx, town, "doubles", 1).await?;
    let (sealed, pair) = (vault.seal(question.text()), vault.index(question.text()));
    let sql = "INSERT INTO doubles (town, id, sealed, pair, verdict, by_number, account, decided_at) \
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    on_db!(tx, c => sqlx::query(sql)
        .bind(town).bind(id).bind(sealed).bind(pair).bind(verdict.key()).bind(question.by_number)
        .bind(account).bind(now.0).execute(c).await.map(|_| ()))
}
