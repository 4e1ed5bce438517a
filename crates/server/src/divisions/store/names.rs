//! The names of divisions, as official lists write them. They are no secret.

use std::collections::{BTreeMap, BTreeSet};

use base::{Day, Division, Level};
use db::{Rows, Snapshot, on_db};
use sqlx::QueryBuilder;

use super::super::model::OPEN;
use crate::access::Scope;

/// Divisions and their names, in the order of their codes.
pub type Names = BTreeMap<Division, String>;

/// The names of given divisions on a day; those that did not stand then are missing.
pub async fn names(tx: &mut Snapshot, divisions: &[Division], day: Day) -> db::Result<Names> {
    let sql = "WITH wanted(code_, day_) AS ({rows}) SELECT code, name FROM wanted CROSS JOIN division \
               WHERE code = code_ AND from_day <= day_ AND until_day > day_";
    let wanted = Rows::of(divisions).big(|division| division.number()).int(|_| day.number());
    Ok(by_division(wanted.fetch(tx, sql).await?))
}

/// The names of divisions, each on a day of its own.
pub async fn names_on(
    tx: &mut Snapshot,
    wanted: &BTreeSet<(Division, Day)>,
) -> db::Result<BTreeMap<(Division, Day), String>> {
    let wanted: Vec<_> = wanted.iter().collect();
    let sql = "WITH wanted(code_, day_) AS ({rows}) SELECT code, day_, name FROM wanted CROSS JOIN division \
               WHERE code = code_ AND from_day <= day_ AND until_day > day_";
    let rows = Rows::of(&wanted).big(|(division, _)| division.number()).int(|(_, day)| day.number());
    let found: Vec<(i64, i32, String)> = rows.fetch(tx, sql).await?;
    let known = |(code, day, name)| Some(((Division::from_number(code)?, Day::from_number(day)?), name));
    Ok(found.into_iter().filter_map(known).collect())
}

/// The names of a division and of all below it down to a level, as they were on a day.
pub async fn names_below(tx: &mut Snapshot, root: Division, down_to: Level, day: Day) -> db::Result<Names> {
    let range = root.range();
    let sql = "SELECT code, name FROM division \
               WHERE code BETWEEN $1 AND $2 AND code % $3 = 0 AND from_day <= $4 AND until_day > $4";
    let rows = on_db!(tx, c => sqlx::query_as(sql)
        .bind(range.low).bind(range.high).bind(down_to.span()).bind(day.number()).fetch_all(c).await)?;
    Ok(by_division(rows))
}

/// The last names that divisions had, whether they still stand or not.
pub async fn last_names(tx: &mut Snapshot, divisions: &[Division]) -> db::Result<Names> {
    let sql = "WITH wanted(code_) AS ({rows}) SELECT code, name FROM wanted CROSS JOIN division d \
               WHERE code = code_ AND from_day = (SELECT MAX(from_day) FROM division n WHERE n.code = d.code)";
    Ok(by_division(Rows::of(divisions).big(|division| division.number()).fetch(tx, sql).await?))
}

/// The names of the divisions of a scope that stand and have no end, so many of them at most.
pub async fn standing_names(tx: &mut Snapshot, scope: &Scope, most: i64) -> db::Result<Names> {
    let rows = on_db!(tx, c => {
        let mut sql = QueryBuilder::new("SELECT d.code, d.name FROM division d WHERE d.until_day = ");
        sql.push(OPEN).push(" AND ");
        scope.restrict_division(&mut sql, "d.code");
        sql.push(" ORDER BY d.code LIMIT ").push_bind(most);
        sql.build_query_as().fetch_all(c).await
    })?;
    Ok(by_division(rows))
}

fn by_division(rows: Vec<(i64, String)>) -> Names {
    rows.into_iter().filter_map(|(code, name)| Some((Division::from_number(code)?, name))).collect()
}
