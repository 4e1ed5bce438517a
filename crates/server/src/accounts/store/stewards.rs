//! The stewards of a scope who have no account yet.

use base::Day;
use db::{Snapshot, Tx, on_db};
use sqlx::QueryBuilder;

use super::ROWS;
use crate::access::{Scope, holds};

/// A steward without account, and one thing that he answers for: a level, with its division (his own
/// where it is a household).
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Without {
    pub town: i64,
    pub steward: i64,
    pub name: String,
    pub phone_sealed: Option<Vec<u8>>,
    pub level: String,
    pub division: i64,
}

/// Those who answer for something on a day; a steward has a row for each level and division.
pub async fn without_account(tx: &mut Snapshot, scope: &Scope, day: Day) -> db::Result<Vec<Without>> {
    on_db!(tx, c => {
        let mut sql = QueryBuilder::new(
            "SELECT DISTINCT s.town, s.id AS steward, s.name, s.phone_sealed, w.level, \
             CASE WHEN w.level = 'household' THEN s.division ELSE w.node END AS division \
             FROM steward s JOIN stewardship w ON w.town = s.town AND w.steward = s.id AND ",
        );
        holds(&mut sql, "w", day);
        sql.push(" WHERE s.account IS NULL AND ");
        scope.restrict_division(&mut sql, "s.division");
        sql.push(" ORDER BY 1, 2, 5, 6");
        sql.build_query_as().fetch_all(c).await
    })
}

/// Joins stewards (town, number) to the accounts made for them.
pub async fn join(tx: &mut Tx, pairs: &[(i64, i64, i64)]) -> db::Result<()> {
    for part in pairs.chunks(ROWS) {
        on_db!(tx, c => {
            let mut sql = QueryBuilder::new("WITH made(town_, steward_, account_) AS (");
            sql.push_values(part, |mut row, (town, steward, account)| {
                row.push_bind(*town).push_bind(*steward).push_bind(*account);
            });
            sql.push(
                ") UPDATE steward SET account = made.account_ FROM made \
                 WHERE steward.town = made.town_ AND steward.id = made.steward_ AND steward.account IS NULL",
            );
            sql.build().execute(c).await.map(|_| ())
        })?;
    }
    Ok(())
}
