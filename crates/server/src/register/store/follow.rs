//! What stands in two places and is one fact: a household is called by the name and the number of one
//! of its people. Where one of the two is changed, the other follows if it was the same.

use db::{Tx, on_db};
use sqlx::QueryBuilder;

use crate::vault::Vault;

/// What of a household was its person's and changed with it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Followed {
    pub head: bool,
    pub phone: bool,
}

/// Somebody's name and sealed number, as they were, and what takes their place.
pub struct Renewed<'a> {
    pub was: (&'a str, Option<&'a [u8]>),
    pub name: Option<&'a str>,
    pub phone: Option<&'a str>,
}

/// A household that is called by a person's former name or number takes the new one.
pub async fn household(
    tx: &mut Tx,
    vault: &Vault,
    (town, id): (i64, i64),
    new: &Renewed<'_>,
) -> db::Result<Followed> {
    let mut followed = Followed::default();
    if let Some(name) = new.name {
        let sql = "UPDATE household SET head = $3, initials = $4 WHERE town = $1 AND id = $2 AND head = $5";
        let done = on_db!(tx, c => sqlx::query(sql)
            .bind(town).bind(id).bind(name).bind(base::initials(name)).bind(new.was.0)
            .execute(c).await.map(|done| done.rows_affected()))?;
        followed.head = done > 0;
    }
    if let (Some(phone), Some(before)) = (new.phone, vault.open_stored(new.was.1)) {
        let done = on_db!(tx, c => {
            let mut sql = QueryBuilder::new("UPDATE household SET phone_sealed = ");
            sql.push_bind(vault.seal(phone)).push(", phone_index = ").push_bind(vault.index(phone));
            sql.push(" WHERE town = ").push_bind(town).push(" AND id = ").push_bind(id).push(" AND ");
            vault.push_is(&mut sql, "phone_index", &before);
            sql.build().execute(c).await.map(|done| done.rows_affected())
        })?;
        followed.phone = done > 0;
    }
    Ok(followed)
}

/// The people of a household who had its former number, sealed here, take the new one; who they are.
pub async fn people(
    tx: &mut Tx,
    vault: &Vault,
    (town, household): (i64, i64),
    before: Option<&[u8]>,
    phone: &str,
) -> db::Result<Vec<i64>> {
    let Some(before) = vault.open_stored(before) else { return Ok(Vec::new()) };
    let mut followed: Vec<i64> = on_db!(tx, c => {
        let mut sql = QueryBuilder::new("UPDATE resident SET phone_sealed = ");
        sql.push_bind(vault.seal(phone)).push(", phone_index = ").push_bind(vault.index(phone));
        sql.push(" WHERE town = ").push_bind(town).push(" AND household = ").push_bind(household);
        sql.push(" AND ");
        vault.push_is(&mut sql, "phone_index", &before);
        sql.push(" RETURNING id");
        sql.build_query_scalar().fetch_all(c).await
    })?;
    followed.sort_unstable();
    Ok(followed)
}
