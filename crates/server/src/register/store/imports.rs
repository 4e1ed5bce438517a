//! The lists that were taken into the register.

use base::{Day, Division};
use db::{Snapshot, Tx, on_db};
use sqlx::QueryBuilder;
use uuid::Uuid;

use crate::access::Scope;
use crate::history::Deed;

/// A list that was taken in, with the names of who took it and who undid it.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct ImportRow {
    pub town: i64,
    pub id: Uuid,
    pub file_name: String,
    pub division: i64,
    pub taken_at: i64,
    /// What it came to, as JSON.
    pub result: String,
    pub undone_at: Option<i64>,
    pub by: Option<String>,
    pub undone_by: Option<String>,
}

const COLUMNS: &str = "SELECT i.town, i.id, i.file_name, i.division, i.taken_at, i.result, i.undone_at, \
                       a.name AS by, u.name AS undone_by FROM register_import i \
                       LEFT JOIN account a ON a.id = i.account LEFT JOIN account u ON u.id = i.undone_by WHERE ";

/// Keeps what a list came to that was just taken in, and where all of it lies.
pub async fn keep(tx: &mut Tx, deed: &Deed<'_>, file_name: &str, result: &str) -> db::Result<()> {
    let id = deed.source.reference();
    let sql = "SELECT MIN(s.division), MAX(s.division) FROM household_span s \
               WHERE s.town = $1 AND s.from_day <= $3 AND s.until_day > $3 AND s.household IN \
               (SELECT c.household FROM register_change c WHERE c.town = $1 AND c.reference = $2 \
               UNION ALL SELECT w.node FROM stewardship w \
               WHERE w.town = $1 AND w.level = 'household' AND w.import = $2)";
    let ends: (Option<i64>, Option<i64>) = on_db!(tx, c => sqlx::query_as(sql)
        .bind(deed.town).bind(id).bind(deed.day.number()).fetch_one(c).await)?;
    let known = |number: Option<i64>| Division::from_number(number?);
    let around = known(ends.0).zip(known(ends.1)).and_then(|(first, last)| {
        std::iter::successors(Some(first), |division| division.parent()).find(|wide| wide.contains(last))
    });
    let around = around.or(Division::of_town(deed.town)).map(Division::number);
    let sql = "INSERT INTO register_import (town, id, account, file_name, division, taken_at, result) \
               VALUES ($1, $2, $3, $4, $5, $6, $7)";
    on_db!(tx, c => sqlx::query(sql)
        .bind(deed.town).bind(id).bind(deed.account).bind(file_name).bind(around).bind(deed.at.0).bind(result)
        .execute(c).await.map(|_| ()))
}

/// The lists that were taken in within a scope, the newest first.
pub async fn list(tx: &mut Snapshot, scope: &Scope, town: i64, most: i64) -> db::Result<Vec<ImportRow>> {
    on_db!(tx, c => {
        let mut sql = QueryBuilder::new(COLUMNS);
        sql.push("i.town = ").push_bind(town).push(" AND ");
        scope.restrict_division(&mut sql, "i.division");
        sql.push(" ORDER BY i.taken_at DESC, i.id DESC LIMIT ").push_bind(most);
        sql.build_query_as().fetch_all(c).await
    })
}

/// One of them.
pub async fn find(tx: &mut Snapshot, scope: &Scope, town: i64, id: Uuid) -> db::Result<Option<ImportRow>> {
    on_db!(tx, c => {
        let mut sql = QueryBuilder::new(COLUMNS);
        sql.push("i.town = ").push_bind(town).push(" AND i.id = ").push_bind(id).push(" AND ");
        scope.restrict_division(&mut sql, "i.division");
        sql.build_query_as().fetch_optional(c).await
    })
}

/// Puts down that one was undone.
pub async fn put_undone(tx: &mut Tx, id: Uuid, deed: &Deed<'_>) -> db::Result<()> {
    let sql = "UPDATE register_import SET undone_at = $3, undone_by = $4 WHERE town = $1 AND id = $2";
    on_db!(tx, c => sqlx::query(sql)
        .bind(deed.town).bind(id).bind(deed.at.0).bind(deed.account).execute(c).await.map(|_| ()))
}

/// A household on which something was built since, and what.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Hindrance {
    pub household: i64,
    pub why: Why,
}

/// What stands in the way of undoing an import.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Why {
    /// It, or one of its people, was changed.
    Changed,
    /// It was checked, or its new people were asked after.
    Checked(Day),
    /// It was handed to another contact.
    Given,
}
