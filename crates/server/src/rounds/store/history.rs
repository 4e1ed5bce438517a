//! What a household's last days came to.

use base::{Day, Moment};
use db::{Snapshot, on_db};
use sqlx::QueryBuilder;

use crate::access::Scope;

/// One day of a household's history.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct PastRow {
    pub day: i32,
    pub due: bool,
    pub state: Option<String>,
    pub outcome: Option<String>,
    pub reason: Option<String>,
    pub happened_at: Option<i64>,
    pub measured: i32,
    pub feverish: i32,
}

impl PastRow {
    pub fn day(&self) -> Option<Day> {
        Day::from_number(self.day)
    }

    /// When the check whose answers stand was made.
    pub fn happened_at(&self) -> Option<Moment> {
        self.happened_at.map(Moment)
    }
}

/// The open days from `from` to `until` (both included), latest first, on which a household stood
/// in scope: what its checks came to, or nothing where nobody was there.
pub async fn history(
    tx: &mut Snapshot,
    scope: &Scope,
    town: i64,
    household: i64,
    from: Day,
    until: Day,
) -> db::Result<Vec<PastRow>> {
    on_db!(tx, c => {
        // A household that was closed while checks of the day stood has a standing and no span.
        let mut sql = QueryBuilder::new(
            "SELECT d.day, (s.occupancy = 'lived-in') AS due, st.state, k.outcome, k.reason, \
             k.happened_at, COALESCE(st.measured, 0) AS measured, COALESCE(st.feverish, 0) AS feverish \
             FROM round_day d \
             JOIN household_span s ON s.town = d.town AND s.from_day <= d.day AND s.until_day > d.day \
             LEFT JOIN round_standing st ON st.town = d.town AND st.day = d.day \
             AND st.household = s.household \
             LEFT JOIN round_check k ON k.town = st.town AND k.id = st.standing \
             WHERE d.town = ",
        );
        sql.push_bind(town).push(" AND s.household = ").push_bind(household);
        sql.push(" AND d.day BETWEEN ").push_bind(from.number()).push(" AND ").push_bind(until.number());
        sql.push(" AND ");
        scope.restrict(&mut sql, "s");
        sql.push(" ORDER BY d.day DESC");
        sql.build_query_as().fetch_all(c).await
    })
}
