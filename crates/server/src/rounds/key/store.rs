//! Who is listed as a key person, with the day's last check of his household.

use base::{Day, Division};
use db::{Snapshot, on_db};
use sqlx::QueryBuilder;
use uuid::Uuid;

use crate::access::{Scope, holds};

/// A key person on a day.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct KeyRow {
    pub town: i64,
    pub day: i32,
    pub division: i64,
    pub household: i64,
    pub house_number: String,
    pub head: String,
    pub resident: i64,
    pub name: String,
    /// The last check of the household's day to arrive.
    pub last: Option<Uuid>,
}

const SELECT: &str = "h.house_number, h.head, r.id AS resident, r.name, st.last ";

/// The key persons of a day in a division, in the order of their doors.
pub async fn listed(
    tx: &mut Snapshot,
    scope: &Scope,
    division: Division,
    day: Day,
) -> db::Result<Vec<KeyRow>> {
    let range = division.range();
    on_db!(tx, c => {
        let mut sql = QueryBuilder::new("SELECT r.town, CAST(");
        sql.push_bind(day.number()).push(" AS INTEGER) AS day, s.division, s.household, ").push(SELECT);
        sql.push("FROM resident r JOIN household_span s ON s.town = r.town AND s.household = r.household AND ");
        holds(&mut sql, "s", day);
        sql.push(" JOIN household h ON h.town = r.town AND h.id = r.household LEFT JOIN round_standing st ");
        sql.push("ON st.town = r.town AND st.household = r.household AND st.day = ").push_bind(day.number());
        sql.push(" WHERE r.town = ").push_bind(division.town());
        sql.push(" AND r.key_from IS NOT NULL AND r.key_from <= ").push_bind(day.number());
        sql.push(" AND (r.key_until IS NULL OR r.key_until > ").push_bind(day.number());
        sql.push(") AND s.division BETWEEN ").push_bind(range.low).push(" AND ").push_bind(range.high);
        sql.push(" AND ");
        scope.restrict(&mut sql, "s");
        sql.push(" ORDER BY s.division, h.house_order, s.household, r.id");
        sql.build_query_as().fetch_all(c).await
    })
}

/// The key persons of the households that had a feverish one on any day up to this, the latest day
/// first.
pub async fn of_feverish_days(
    tx: &mut Snapshot,
    scope: &Scope,
    division: Division,
    until: Day,
) -> db::Result<Vec<KeyRow>> {
    let range = division.range();
    on_db!(tx, c => {
        let mut sql = QueryBuilder::new("SELECT st.town, st.day, st.division, st.household, ");
        sql.push(SELECT).push("FROM round_standing st JOIN household h ON h.town = st.town AND h.id = st.household ");
        sql.push("JOIN resident r ON r.town = st.town AND r.household = st.household AND r.key_from <= st.day ");
        sql.push("AND (r.key_until IS NULL OR r.key_until > st.day) WHERE st.key_feverish > 0 AND st.town = ");
        sql.push_bind(division.town()).push(" AND st.day <= ").push_bind(until.number());
        sql.push(" AND st.division BETWEEN ").push_bind(range.low).push(" AND ").push_bind(range.high);
        sql.push(" AND ");
        scope.restrict(&mut sql, "st");
        sql.push(" ORDER BY st.day DESC, st.division, h.house_order, st.household, r.id");
        sql.build_query_as().fetch_all(c).await
    })
}
