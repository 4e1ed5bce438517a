//! The households that are not due every day, with when somebody looked at each last.

use base::{Day, Division};
use db::{Snapshot, on_db};
use sqlx::QueryBuilder;

use crate::access::{Scope, holds};
use crate::rounds::store::push_answered;

/// A household that is vacant or wholly away.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct ApartRow {
    pub town: i64,
    pub household: i64,
    pub division: i64,
    pub house_number: String,
    pub head: String,
    /// `vacant` or `away`.
    pub occupancy: String,
    /// Since when it stands so.
    pub from_day: i32,
    /// The last day on which somebody came to the door, whether or not anybody was there.
    pub last: Option<i32>,
    pub contact: Option<String>,
}

/// Whose households are listed.
#[derive(Clone, Copy, Debug)]
pub enum Whose {
    Division(Division),
    /// Those that a steward (town, number) answers for.
    Steward(i64, i64),
}

const SELECT: &str = "SELECT s.town, s.household, s.division, h.house_number, h.head, \
     s.occupancy, s.from_day, w.name AS contact, \
     (SELECT d.day FROM round_day d CROSS JOIN round_standing st WHERE d.town = s.town \
     AND st.town = d.town AND st.day = d.day AND st.household = s.household AND st.state <> 'silent' \
     AND d.day <= ";

/// The households apart of a scope on a day, in the order of their doors.
pub async fn apart(tx: &mut Snapshot, scope: &Scope, whose: Whose, day: Day) -> db::Result<Vec<ApartRow>> {
    on_db!(tx, c => {
        let mut sql = QueryBuilder::new(SELECT);
        sql.push_bind(day.number()).push(" ORDER BY d.day DESC LIMIT 1) AS last FROM household_span s ");
        sql.push("JOIN household h ON h.town = s.town AND h.id = s.household LEFT JOIN stewardship own ");
        sql.push("ON own.town = s.town AND own.level = 'household' AND own.node = s.household AND ");
        holds(&mut sql, "own", day);
        sql.push(" LEFT JOIN steward w ON w.town = own.town AND w.id = own.steward ");
        sql.push("WHERE s.occupancy <> 'lived-in' AND ");
        holds(&mut sql, "s", day);
        sql.push(" AND ");
        scope.restrict(&mut sql, "s");
        match whose {
            Whose::Division(division) => {
                let range = division.range();
                sql.push(" AND s.town = ").push_bind(division.town());
                sql.push(" AND s.division BETWEEN ").push_bind(range.low).push(" AND ").push_bind(range.high);
            }
            Whose::Steward(town, steward) => push_answered(&mut sql, (town, steward), day),
        }
        sql.push(" ORDER BY s.division, h.house_order, s.household");
        sql.build_query_as().fetch_all(c).await
    })
}
