//! Who is listed as a key person, with the day's last check of his household.

use base::{Day, Division};
use db::{Snapshot, on_db};
use sqlx::{Database, Encode, QueryBuilder, Type};
use uuid::Uuid;

use crate::access::{Scope, holds};

/// A key person on a day.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct KeyRow {
    pub town: i64,
    pub day: i32,
    /// Where the household stands, or, where it left the register, where its checks of the day count.
    pub division: i64,
    pub household: i64,
    pub house_order: String,
    pub house_number: String,
    pub head: String,
    pub resident: i64,
    pub name: String,
    /// The last check of the household's day to arrive.
    pub last: Option<Uuid>,
    /// Whether the household is in the register of the day: who left it is measured no more, and what
    /// was measured before was measured.
    pub due: bool,
}

/// A place in the lists: the row that a page ends with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct After {
    pub day: i32,
    pub division: i64,
    pub house_order: String,
    pub household: i64,
    pub resident: i64,
}

/// The key persons of a day in a division, in the order of their doors.
pub async fn listed(
    tx: &mut Snapshot,
    scope: &Scope,
    division: Division,
    day: Day,
    after: Option<&After>,
    limit: i64,
) -> db::Result<Vec<KeyRow>> {
    on_db!(tx, c => {
        let mut sql = QueryBuilder::new("SELECT k.* FROM (");
        push_listed(&mut sql, "h.house_order, h.house_number, h.head, r.name, ", division, day);
        sql.push(" AND ");
        scope.restrict(&mut sql, "k");
        if let Some(after) = after {
            sql.push(" AND ");
            push_beyond(&mut sql, "k.division, k.house_order, k.household, k.resident", after);
        }
        sql.push(" ORDER BY k.division, k.house_order, k.household, k.resident LIMIT ").push_bind(limit);
        sql.build_query_as().fetch_all(c).await
    })
}

/// Adds that a row lies beyond another, door by door.
fn push_beyond<DB>(sql: &mut QueryBuilder<DB>, columns: &'static str, after: &After)
where
    DB: Database,
    i64: for<'q> Encode<'q, DB> + Type<DB>,
    String: for<'q> Encode<'q, DB> + Type<DB>,
{
    sql.push("(").push(columns).push(") > (").push_bind(after.division);
    sql.push(", ").push_bind(after.house_order.clone()).push(", ").push_bind(after.household);
    sql.push(", ").push_bind(after.resident).push(")");
}

/// A key person on a day, without what is told of him.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Nameless {
    pub town: i64,
    pub day: i32,
    pub division: i64,
    pub household: i64,
    pub resident: i64,
    pub last: Option<Uuid>,
    pub due: bool,
}

/// The key persons of a day in a division, to be counted.
pub async fn nameless(tx: &mut Snapshot, division: Division, day: Day) -> db::Result<Vec<Nameless>> {
    on_db!(tx, c => {
        let mut sql = QueryBuilder::new("SELECT k.* FROM (");
        push_listed(&mut sql, "", division, day);
        sql.build_query_as().fetch_all(c).await
    })
}

/// Adds the key persons `k` of a day in a division, with what else is wanted of each.
fn push_listed<DB>(sql: &mut QueryBuilder<DB>, more: &'static str, division: Division, day: Day)
where
    DB: Database,
    i64: for<'q> Encode<'q, DB> + Type<DB>,
    i32: for<'q> Encode<'q, DB> + Type<DB>,
{
    let range = division.range();
    sql.push("SELECT r.town, CAST(").push_bind(day.number()).push(" AS INTEGER) AS day, ");
    sql.push("COALESCE(s.division, st.division) AS division, r.household, r.id AS resident, ").push(more);
    sql.push("st.last, s.household IS NOT NULL AS due FROM resident r CROSS JOIN household h ");
    sql.push("LEFT JOIN household_span s ON s.town = r.town AND s.household = r.household AND ");
    holds(sql, "s", day);
    sql.push(" LEFT JOIN round_standing st ON st.town = r.town AND st.household = r.household AND st.day = ");
    sql.push_bind(day.number()).push(" WHERE h.town = r.town AND h.id = r.household AND r.town = ");
    sql.push_bind(division.town()).push(" AND r.key_from IS NOT NULL AND r.key_from <= ");
    sql.push_bind(day.number()).push(" AND (r.key_until IS NULL OR r.key_until > ").push_bind(day.number());
    sql.push(")) k WHERE k.division BETWEEN ").push_bind(range.low).push(" AND ").push_bind(range.high);
}

/// The key persons of the households that had a feverish one on any day up to this, the latest day
/// first. Such days are few and have an index of their own.
pub async fn of_feverish_days(
    tx: &mut Snapshot,
    scope: &Scope,
    division: Division,
    until: Day,
    after: Option<&After>,
    limit: i64,
) -> db::Result<Vec<KeyRow>> {
    let range = division.range();
    on_db!(tx, c => {
        let mut sql = QueryBuilder::new(
            "SELECT k.* FROM (SELECT f.town, f.day, f.division, f.household, h.house_order, h.house_number, h.head, \
             r.id AS resident, r.name, st.last, TRUE AS due FROM round_standing f CROSS JOIN round_standing st \
             CROSS JOIN household h CROSS JOIN resident r WHERE st.town = f.town AND st.day = f.day \
             AND st.household = f.household AND h.town = f.town AND h.id = f.household AND r.town = f.town \
             AND r.household = f.household AND r.key_from <= f.day AND (r.key_until IS NULL OR r.key_until > f.day) \
             AND f.key_feverish > 0 AND f.town = ",
        );
        sql.push_bind(division.town()).push(" AND f.day <= ").push_bind(until.number());
        sql.push(" AND f.division BETWEEN ").push_bind(range.low).push(" AND ").push_bind(range.high);
        sql.push(") k WHERE ");
        scope.restrict(&mut sql, "k");
        if let Some(after) = after {
            sql.push(" AND (k.day < ").push_bind(after.day).push(" OR (k.day = ").push_bind(after.day);
            sql.push(" AND ");
            push_beyond(&mut sql, "k.division, k.house_order, k.household, k.resident", after);
            sql.push("))");
        }
        sql.push(" ORDER BY k.day DESC, k.division, k.house_order, k.household, k.resident LIMIT ");
        sql.push_bind(limit);
        sql.build_query_as().fetch_all(c).await
    })
}
