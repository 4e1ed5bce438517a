//! Counting what a town has. Figures only, of the town that the person who asks works in.

use base::{Day, Division};
use db::{Snapshot, on_db};
use sqlx::QueryBuilder;

use super::model::Counts;
use crate::access::holds;

/// What a town has on a day.
pub async fn counts(tx: &mut Snapshot, town: Division, day: Day) -> db::Result<Counts> {
    let (villages, villages_with_groups) = divisions(tx, town, day).await?;
    let households = "SELECT COUNT(DISTINCT division / 1000), COUNT(*) FROM household_span \
                      WHERE town = $1 AND from_day <= $2 AND until_day > $2";
    let (villages_with_households, households) = pair(tx, households, town, day).await?;
    let stewards = "SELECT COUNT(*), COUNT(account) FROM steward WHERE town = $1 AND $2 > 0";
    let (stewards, stewards_with_account) = pair(tx, stewards, town, day).await?;
    let (households_with_contact, households_checked) = answered(tx, town, day).await?;
    Ok(Counts {
        villages,
        villages_with_groups,
        villages_with_households,
        households,
        households_with_contact,
        stewards,
        stewards_with_account,
        households_checked,
    })
}

/// Villages of a town, and how many of them have team areas.
async fn divisions(tx: &mut Snapshot, town: Division, day: Day) -> db::Result<(i64, i64)> {
    let range = town.range();
    let sql = "SELECT COUNT(*) FILTER (WHERE code % 1000 = 0), \
               COUNT(DISTINCT code / 1000) FILTER (WHERE code % 1000 <> 0) \
               FROM division WHERE code > $1 AND code <= $2 AND from_day <= $3 AND until_day > $3";
    on_db!(tx, c => sqlx::query_as(sql)
        .bind(range.low).bind(range.high).bind(day.number()).fetch_one(c).await)
}

/// Households that have a contact, and those that were ever checked.
async fn answered(tx: &mut Snapshot, town: Division, day: Day) -> db::Result<(i64, i64)> {
    on_db!(tx, c => {
        let mut sql = QueryBuilder::new(
            "SELECT (SELECT COUNT(*) FROM stewardship s JOIN household_span h \
             ON h.town = s.town AND h.household = s.node AND ",
        );
        holds(&mut sql, "h", day);
        sql.push(" WHERE s.town = ").push_bind(town.town()).push(" AND s.level = 'household' AND ");
        holds(&mut sql, "s", day);
        sql.push("), (SELECT COUNT(DISTINCT household) FROM round_standing WHERE town = ");
        sql.push_bind(town.town()).push(")");
        sql.build_query_as().fetch_one(c).await
    })
}

async fn pair(tx: &mut Snapshot, sql: &'static str, town: Division, day: Day) -> db::Result<(i64, i64)> {
    on_db!(tx, c => sqlx::query_as(sql).bind(town.town()).bind(day.number()).fetch_one(c).await)
}
