//! Whose households are whose: found from a steward's nodes, so that the town is not looked through.

use base::Day;
use sqlx::{Database, Encode, QueryBuilder, Type};

use crate::access::holds;

/// Adds that the household `s` (contact `own`) is one that a steward (town, number) answers for on a
/// day: he is its contact, or leads its street and it has none.
pub fn push_answered<DB>(sql: &mut QueryBuilder<DB>, (town, steward): (i64, i64), day: Day)
where
    DB: Database,
    i64: for<'q> Encode<'q, DB> + Type<DB>,
    i32: for<'q> Encode<'q, DB> + Type<DB>,
{
    sql.push(" AND s.town = ").push_bind(town);
    sql.push(" AND s.household IN (SELECT held.node FROM stewardship held WHERE held.town = ")
        .push_bind(town);
    sql.push(" AND held.steward = ").push_bind(steward).push(" AND held.level = 'household' AND ");
    holds(sql, "held", day);
    sql.push(
        " UNION ALL SELECT v.household FROM stewardship lead JOIN household_span v ON v.town = lead.town \
         AND v.division = lead.node AND ",
    );
    holds(sql, "v", day);
    sql.push(" WHERE lead.town = ").push_bind(town).push(" AND lead.steward = ").push_bind(steward);
    sql.push(" AND lead.level = 'group' AND ");
    holds(sql, "lead", day);
    sql.push(") AND (own.steward IS NULL OR own.steward = ").push_bind(steward).push(")");
}
