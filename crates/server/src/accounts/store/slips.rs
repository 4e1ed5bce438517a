//! One-time slips. A code is found by its keyed digest and stored sealed only, until it is used: 40 bits
//! would be found by trial in a copied file, were the key not apart from it.

use std::collections::HashSet;

use base::Moment;
use db::{Snapshot, Tx, on_db};
use sqlx::QueryBuilder;

use super::super::model::Code;
use super::ROWS;
use crate::vault::Vault;

/// How long a slip opens: paper is handed out within days.
pub const VALID_DAYS: i32 = 14;

/// Makes a slip for each account, in the order given; former slips of theirs open nothing any more.
pub async fn make_slips(tx: &mut Tx, vault: &Vault, accounts: &[i64], now: Moment) -> db::Result<Vec<Code>> {
    let mut seen = HashSet::new();
    let fresh = || std::iter::repeat_with(Code::random);
    let codes: Vec<Code> = fresh().filter(|code| seen.insert(code.clone())).take(accounts.len()).collect();
    let expires = now.plus_minutes(i64::from(VALID_DAYS) * 24 * 60);
    let rows: Vec<(i64, &str)> = accounts.iter().copied().zip(codes.iter().map(Code::as_str)).collect();
    for part in rows.chunks(ROWS) {
        on_db!(tx, c => {
            let mut sql = QueryBuilder::new("DELETE FROM slip WHERE used_at IS NULL AND account IN (");
            let mut list = sql.separated(", ");
            part.iter().for_each(|(account, _)| { list.push_bind(*account); });
            sql.push(")");
            sql.build().execute(c).await.map(|_| ())
        })?;
        on_db!(tx, c => {
            let mut sql = QueryBuilder::new("INSERT INTO slip (code, sealed, account, made_at, expires_at) ");
            sql.push_values(part, |mut row, (account, code)| {
                let (sealed, index) = vault.seal_indexed(code);
                row.push_bind(index).push_bind(sealed).push_bind(*account);
                row.push_bind(now.0).push_bind(expires.0);
            });
            sql.build().execute(c).await.map(|_| ())
        })?;
    }
    Ok(codes)
}

/// Makes the slips of an account that were not used open nothing any more; how many.
pub async fn void(tx: &mut Tx, account: i64) -> db::Result<u64> {
    let sql = "DELETE FROM slip WHERE used_at IS NULL AND account = $1";
    on_db!(tx, c => sqlx::query(sql).bind(account).execute(c).await.map(|done| done.rows_affected()))
}

/// Makes a slip for one account.
pub async fn make_slip(tx: &mut Tx, vault: &Vault, account: i64, now: Moment) -> db::Result<Code> {
    let made = make_slips(tx, vault, &[account], now).await?;
    made.into_iter().next().ok_or(sqlx::Error::RowNotFound)
}

/// Whether a slip would open now. Looking does not use it up.
pub async fn opens(tx: &mut Snapshot, vault: &Vault, code: &Code, now: Moment) -> db::Result<bool> {
    let found: Option<i64> = on_db!(tx, c => {
        let mut sql = QueryBuilder::new(
            "SELECT s.account FROM slip s JOIN account a ON a.id = s.account \
             WHERE s.used_at IS NULL AND a.disabled_at IS NULL AND s.expires_at > ",
        );
        sql.push_bind(now.0).push(" AND ");
        vault.push_is(&mut sql, "s.code", code.as_str());
        sql.build_query_scalar().fetch_optional(c).await
    })?;
    Ok(found.is_some())
}

/// Uses a slip up and gives its account; nothing where it was used, has expired or never was.
pub async fn use_slip(tx: &mut Tx, vault: &Vault, code: &Code, now: Moment) -> db::Result<Option<i64>> {
    on_db!(tx, c => {
        let mut sql = QueryBuilder::new("UPDATE slip SET sealed = NULL, used_at = ");
        sql.push_bind(now.0).push(" WHERE used_at IS NULL AND expires_at > ").push_bind(now.0).push(" AND ");
        vault.push_is(&mut sql, "code", code.as_str());
        sql.push(" AND account IN (SELECT a.id FROM account a WHERE a.disabled_at IS NULL) RETURNING account");
        sql.build_query_scalar().fetch_optional(c).await
    })
}
