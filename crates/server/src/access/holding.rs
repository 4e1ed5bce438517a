//! Which of several dated rows holds on a day: hand-overs may be settled ahead, so that what has
//! no end need not have begun, and what has one may still hold.

use base::Day;
use sqlx::{Database, Encode, QueryBuilder, Type};

/// Adds that the row `alias` (with columns `from_day`, `until_day`) holds on a day, in parentheses:
/// it has begun and has no end, or a later one.
pub fn holds<DB>(sql: &mut QueryBuilder<DB>, alias: &str, day: Day)
where
    DB: Database,
    i32: for<'q> Encode<'q, DB> + Type<DB>,
{
    sql.push(format_args!("({alias}.from_day <= ")).push_bind(day.number());
    sql.push(format_args!(" AND ({alias}.until_day IS NULL OR {alias}.until_day > "));
    sql.push_bind(day.number()).push("))");
}
