//! Who came and who left, as the register's changes tell it.

use base::{Day, Division};
use db::{Snapshot, on_db};
use sqlx::QueryBuilder;

use crate::access::Scope;

/// A change of life, with where the household stood.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct MovementRow {
    pub household: i64,
    pub resident: Option<i64>,
    pub from_day: i32,
    pub kind: String,
    pub division: i64,
    /// Whether the household left there on the day.
    pub has_left: bool,
}

/// The changes of life between two days (both included) within a scope and a division, the latest first. A
/// household that moved on the day stands there twice: where it left, and where it came.
pub async fn between(
    tx: &mut Snapshot,
    scope: &Scope,
    within: Division,
    (from, until): (Day, Day),
    most: i64,
) -> db::Result<Vec<MovementRow>> {
    let range = within.range();
    on_db!(tx, c => {
        let mut sql = QueryBuilder::new(
            "SELECT DISTINCT r.n, r.household, r.resident, r.from_day, r.kind, s.division, s.until_day = r.from_day AS has_left \
             FROM register_change r JOIN household_span s ON s.town = r.town AND s.household = r.household \
             AND s.from_day <= r.from_day AND s.until_day >= r.from_day \
             WHERE r.kind <> 'registered' AND r.kind IN ('moved', 'moved-in', 'moved-here', 'moved-out', 'born', 'died', 'split', \
             'merged', 'lodger-came', 'lodger-left', 'closed', 'reopened') AND r.town = ",
        );
        sql.push_bind(within.town()).push(" AND r.from_day BETWEEN ").push_bind(from.number());
        sql.push(" AND ").push_bind(until.number()).push(" AND s.division BETWEEN ").push_bind(range.low);
        sql.push(" AND ").push_bind(range.high).push(" AND ");
        scope.restrict(&mut sql, "s");
        sql.push(" ORDER BY r.from_day DESC, r.n DESC, s.division LIMIT ").push_bind(most);
        sql.build_query_as().fetch_all(c).await
    })
}
