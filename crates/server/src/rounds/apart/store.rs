//! The households that are not due every day, with when somebody looked at each last.

use base::{Day, Division};
use db::{Snapshot, on_db};
use sqlx::{Database, Encode, QueryBuilder, Type};

use crate::access::{Scope, holds};
use crate::rounds::store::push_answered;

/// A household that is vacant or wholly away.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct ApartRow {
    pub town: i64,
    pub household: i64,
    pub division: i64,
    pub house_order: String,
    pub house_number: String,
    pub head: String,
    /// `vacant` or `away`.
    pub occupancy: String,
    /// Since when it stands so.
    pub from_day: i32,
    /// The last day on which somebody came to the door, whether or not anybody was there.
    pub last: Option<i32>,
    pub contact: Option<String>,
    /// 0 where it is due, 1 where its turn comes later.
    pub later: i32,
}

/// Whose households are listed.
#[derive(Clone, Copy, Debug)]
pub enum Whose {
    Division(Division),
    /// Those that a steward (town, number) answers for.
    Steward(i64, i64),
}

/// Which households are looked for, on which day.
#[derive(Clone, Copy, Debug)]
pub struct Wanted<'a> {
    pub scope: &'a Scope,
    pub whose: Whose,
    pub day: Day,
    /// Days between two looks.
    pub interval: i32,
}

/// A place in the list: the row that a page ends with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct After {
    pub later: i32,
    pub division: i64,
    pub house_order: String,
    pub household: i64,
}

const SELECT: &str = "SELECT s.town, s.household, s.division, h.house_order, h.house_number, h.head, \
     s.occupancy, s.from_day, w.name AS contact, \
     (SELECT d.day FROM round_day d CROSS JOIN round_standing st WHERE d.town = s.town \
     AND st.town = d.town AND st.day = d.day AND st.household = s.household AND st.state <> 'silent' \
     AND d.day <= ";

/// Adds the households `a` that are wanted.
fn push_apart<DB>(sql: &mut QueryBuilder<DB>, wanted: &Wanted)
where
    DB: Database,
    i64: for<'q> Encode<'q, DB> + Type<DB>,
    i32: for<'q> Encode<'q, DB> + Type<DB>,
{
    let Wanted { scope, whose, day, interval } = *wanted;
    // At once where nobody has looked yet, and then whenever the interval is over.
    sql.push("(SELECT l.*, CASE WHEN l.last IS NULL OR l.last <= ").push_bind(day.plus(-interval).number());
    sql.push(" THEN 0 ELSE 1 END AS later FROM (").push(SELECT).push_bind(day.number());
    sql.push(" ORDER BY d.day DESC LIMIT 1) AS last FROM household_span s ");
    sql.push("JOIN household h ON h.town = s.town AND h.id = s.household LEFT JOIN stewardship own ");
    sql.push("ON own.town = s.town AND own.level = 'household' AND own.node = s.household AND ");
    holds(sql, "own", day);
    sql.push(" LEFT JOIN steward w ON w.town = own.town AND w.id = own.steward ");
    sql.push("WHERE s.occupancy <> 'lived-in' AND ");
    holds(sql, "s", day);
    sql.push(" AND ");
    scope.restrict(sql, "s");
    match whose {
        Whose::Division(division) => {
            let range = division.range();
            sql.push(" AND s.town = ").push_bind(division.town());
            sql.push(" AND s.division BETWEEN ").push_bind(range.low).push(" AND ").push_bind(range.high);
        }
        Whose::Steward(town, steward) => push_answered(sql, (town, steward), day),
    }
    sql.push(") l) a");
}

/// One page of households apart: first those that are due, then the others, each in the order of
/// their doors.
pub async fn apart(
    tx: &mut Snapshot,
    wanted: &Wanted<'_>,
    after: Option<&After>,
    limit: i64,
) -> db::Result<Vec<ApartRow>> {
    on_db!(tx, c => {
        let mut sql = QueryBuilder::new("SELECT a.* FROM ");
        push_apart(&mut sql, wanted);
        if let Some(After { later, division, house_order, household }) = after {
            sql.push(" WHERE (a.later, a.division, a.house_order, a.household) > (").push_bind(*later);
            sql.push(", ").push_bind(*division).push(", ").push_bind(house_order.clone());
            sql.push(", ").push_bind(*household).push(")");
        }
        sql.push(" ORDER BY a.later, a.division, a.house_order, a.household LIMIT ").push_bind(limit);
        sql.build_query_as().fetch_all(c).await
    })
}

/// How many households stand apart, and how many of them are due.
pub async fn count(tx: &mut Snapshot, wanted: &Wanted<'_>) -> db::Result<(i64, i64)> {
    on_db!(tx, c => {
        let mut sql = QueryBuilder::new("SELECT COUNT(*), COUNT(*) FILTER (WHERE a.later = 0) FROM ");
        push_apart(&mut sql, wanted);
        sql.build_query_as().fetch_one(c).await
    })
}
