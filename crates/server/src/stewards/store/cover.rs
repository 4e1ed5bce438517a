//! What has nobody: divisions with their names, households with and without contact, loads.

use base::{Day, Division};
use db::{Snapshot, on_db};
use sqlx::QueryBuilder;

use super::{ROWS, holds};
use crate::access::Scope;

/// The divisions of `root` down to the team areas, as they are on a day, with their names; those
/// in scope.
pub async fn divisions(
    tx: &mut Snapshot,
    scope: &Scope,
    root: Division,
    day: Day,
) -> db::Result<Vec<(Division, String)>> {
    let sql = "SELECT code, name FROM division WHERE code BETWEEN $1 AND $2 AND from_day <= $3 \
               AND until_day > $3 ORDER BY code";
    let range = root.range();
    let rows: Vec<(i64, String)> = on_db!(tx, c => sqlx::query_as(sql)
        .bind(range.low).bind(range.high).bind(day.number()).fetch_all(c).await)?;
    let known = rows.into_iter().filter_map(|(code, name)| Some((Division::from_number(code)?, name)));
    Ok(known.filter(|(division, _)| scope.covers(*division)).collect())
}

/// The names of divisions, which are no secret, as they are on a day.
pub async fn names(
    tx: &mut Snapshot,
    divisions: &[Division],
    day: Day,
) -> db::Result<Vec<(Division, String)>> {
    let mut wanted = divisions.to_vec();
    wanted.sort_unstable();
    wanted.dedup();
    let mut found = Vec::with_capacity(wanted.len());
    for wanted in wanted.chunks(ROWS) {
        let rows: Vec<(i64, String)> = on_db!(tx, c => {
            let mut sql = QueryBuilder::new("SELECT code, name FROM division d WHERE d.code IN (");
            let mut list = sql.separated(", ");
            for division in wanted {
                list.push_bind(division.number());
            }
            sql.push(") AND ");
            holds(&mut sql, "d", day);
            sql.build_query_as().fetch_all(c).await
        })?;
        found.extend(rows.into_iter().filter_map(|(code, name)| Some((Division::from_number(code)?, name))));
    }
    Ok(found)
}

/// Households of one team area, or of a village that has none.
#[derive(Clone, Copy, Debug, sqlx::FromRow)]
pub struct HouseCount {
    pub division: i64,
    pub households: i64,
    /// Those that have a contact of their own.
    pub held: i64,
}

/// The households below `root` on a day, counted by team area.
pub async fn house_counts(
    tx: &mut Snapshot,
    scope: &Scope,
    root: Division,
    day: Day,
) -> db::Result<Vec<HouseCount>> {
    on_db!(tx, c => {
        let mut sql = QueryBuilder::new(
            "SELECT v.division, COUNT(*) AS households, COUNT(s.node) AS held FROM household_span v \
             LEFT JOIN stewardship s ON s.town = v.town AND s.level = 'household' AND s.node = v.household AND ",
        );
        holds(&mut sql, "s", day);
        sql.push(" WHERE v.town = ").push_bind(root.town());
        sql.push(" AND v.division BETWEEN ").push_bind(root.range().low);
        sql.push(" AND ").push_bind(root.range().high).push(" AND ");
        holds(&mut sql, "v", day);
        sql.push(" AND ");
        scope.restrict(&mut sql, "v");
        sql.push(" GROUP BY v.division ORDER BY v.division");
        sql.build_query_as().fetch_all(c).await
    })
}
