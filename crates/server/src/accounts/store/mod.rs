//! The rows of accounts: made here, alone or many at once.

pub mod account;
pub mod list;
pub mod sessions;
pub mod slips;
pub mod stewards;

use std::collections::HashSet;

use base::Moment;
use db::{Snapshot, Tx, on_db, take_numbers};
use sqlx::QueryBuilder;

use super::model::{Grant, New};

/// Rows of one statement; the widest has 9 values, so 32,766 parameters are never reached.
const ROWS: usize = 1_000;

/// Makes an account and gives its number. Fails as taken where the login is another's.
pub async fn create(tx: &mut Tx, new: &New<'_>, now: Moment) -> db::Result<i64> {
    let made = create_all(tx, std::slice::from_ref(new), now).await?;
    made.first().copied().ok_or(sqlx::Error::RowNotFound)
}

/// Makes accounts; their numbers, in the order given. All or none.
pub async fn create_all(tx: &mut Tx, new: &[New<'_>], now: Moment) -> db::Result<Vec<i64>> {
    let first = take_numbers(tx, 0, "account", new.len()).await?;
    let numbered: Vec<(i64, &New)> = (first..).zip(new).collect();
    for part in numbered.chunks(ROWS) {
        on_db!(tx, c => {
            let mut sql = QueryBuilder::new(
                "INSERT INTO account (id, login, name, initials, phone_sealed, must_change, large_print, \
                 failures, created_at) ",
            );
            sql.push_values(part, |mut row, (id, new)| {
                row.push_bind(*id).push_bind(new.login).push_bind(new.name);
                row.push_bind(base::initials(new.name)).push_bind(new.phone_sealed);
                row.push_bind(false).push_bind(false).push_bind(0_i32).push_bind(now.0);
            });
            sql.build().execute(c).await.map(|_| ())
        })?;
    }
    let grants: Vec<Grant> = numbered.iter().flat_map(|(id, new)| new.grants(*id)).collect();
    appoint(tx, &grants).await?;
    Ok(numbered.into_iter().map(|(id, _)| id).collect())
}

/// Gives roles in divisions; what somebody holds already stays as it is.
pub async fn appoint(tx: &mut Tx, appointments: &[Grant]) -> db::Result<()> {
    for part in appointments.chunks(ROWS) {
        on_db!(tx, c => {
            let mut sql = QueryBuilder::new("INSERT INTO appointment (account, role, division) ");
            sql.push_values(part, |mut row, (account, role, division)| {
                row.push_bind(*account).push_bind(role.key()).push_bind(division.number());
            });
            sql.push(" ON CONFLICT DO NOTHING");
            sql.build().execute(c).await.map(|_| ())
        })?;
    }
    Ok(())
}

/// The logins that begin with a stem.
pub async fn logins_from(tx: &mut Snapshot, stem: &str) -> db::Result<Vec<String>> {
    // The character after z: logins are ordered by their bytes on both engines.
    let beyond = format!("{stem}{{");
    let sql = "SELECT login FROM account WHERE login >= $1 AND login < $2";
    on_db!(tx, c => sqlx::query_scalar(sql).bind(stem).bind(&beyond).fetch_all(c).await)
}

/// Which of these logins exist.
pub async fn taken(tx: &mut Snapshot, logins: &[String]) -> db::Result<HashSet<String>> {
    let mut found = HashSet::new();
    for part in logins.chunks(ROWS) {
        let rows: Vec<String> = on_db!(tx, c => {
            let mut sql = QueryBuilder::new("SELECT login FROM account WHERE login IN (");
            let mut list = sql.separated(", ");
            part.iter().for_each(|login| { list.push_bind(login); });
            sql.push(")");
            sql.build_query_scalar().fetch_all(c).await
        })?;
        found.extend(rows);
    }
    Ok(found)
}
