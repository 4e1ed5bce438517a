//! What has nobody: households with and without contact, loads.

use base::{Day, Division};
use db::{Snapshot, on_db};
use sqlx::QueryBuilder;

use super::holds;
use crate::access::Scope;

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
