//! The households that are not due every day, with when somebody looked at each last.

use base::{Day, Division};
use db::{Snapshot, on_db};
use sqlx::{Database, Encode, QueryBuilder, Type};

use crate::access::{Scope, holds};

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
pub enum Whose<'a> {
    /// Those of a division, within a scope.
    Division(Division, &'a Scope),
    /// Those that a steward (town, number) is contact of, and those without a contact in the
    /// streets he leads.
    Steward(i64, i64),
}

const SELECT: &str = "SELECT s.town, s.household, s.division, h.house_number, h.head, \
     s.occupancy, s.from_day, w.name AS contact, \
     (SELECT d.day FROM round_day d CROSS JOIN round_standing st WHERE d.town = s.town \
     AND st.town = d.town AND st.day = d.day AND st.household = s.household AND st.state <> 'silent' \
     AND d.day <= ";

/// The households apart on a day, in the order of their doors.
pub async fn apart(tx: &mut Snapshot, whose: Whose<'_>, day: Day) -> db::Result<Vec<ApartRow>> {
    on_db!(tx, c => {
        let mut sql = QueryBuilder::new(SELECT);
        sql.push_bind(day.number()).push(" ORDER BY d.day DESC LIMIT 1) AS last FROM household_span s ");
        sql.push("JOIN household h ON h.town = s.town AND h.id = s.household LEFT JOIN stewardship own ");
        sql.push("ON own.town = s.town AND own.level = 'household' AND own.node = s.household AND ");
        holds(&mut sql, "own", day);
        sql.push(" LEFT JOIN steward w ON w.town = own.town AND w.id = own.steward ");
        sql.push("WHERE s.occupancy <> 'lived-in' AND ");
        holds(&mut sql, "s", day);
        match whose {
            Whose::Division(division, scope) => {
                let range = division.range();
                sql.push(" AND s.town = ").push_bind(division.town());
                sql.push(" AND s.division BETWEEN ").push_bind(range.low).push(" AND ").push_bind(range.high);
                sql.push(" AND ");
                scope.restrict(&mut sql, "s");
            }
            Whose::Steward(town, steward) => {
                // Found by his households and his streets, so that the town is not looked through.
                sql.push(" AND s.town = ").push_bind(town).push(" AND (s.household IN (");
                push_nodes(&mut sql, "household", town, steward, day);
                sql.push(") OR s.division IN (");
                push_nodes(&mut sql, "group", town, steward, day);
                sql.push(")) AND (own.steward IS NULL OR own.steward = ").push_bind(steward).push(")");
            }
        }
        sql.push(" ORDER BY s.division, h.house_order, s.household");
        sql.build_query_as().fetch_all(c).await
    })
}

/// Adds what a steward answers for at a level on a day.
fn push_nodes<DB>(sql: &mut QueryBuilder<DB>, level: &'static str, town: i64, steward: i64, day: Day)
where
    DB: Database,
    i64: for<'q> Encode<'q, DB> + Type<DB>,
    i32: for<'q> Encode<'q, DB> + Type<DB>,
{
    sql.push(format_args!("SELECT held.node FROM stewardship held WHERE held.level = '{level}'"));
    sql.push(" AND held.town = ")
        .push_bind(town)
        .push(" AND held.steward = ")
        .push_bind(steward)
        .push(" AND ");
    holds(sql, "held", day);
}
