//! Opening a day: what is expected is counted once, and follows the register from then on.

use std::collections::BTreeMap;

use base::{Day, Division, Moment};
use db::{Rows, Snapshot, Tx, on_db};

use super::super::model::indicators;
use crate::tally::Deltas;

/// Opens a day of a town's round: from now on its expected numbers stand in the tallies. Does
/// nothing where it is open; whether it was opened now.
pub async fn open_day(tx: &mut Tx, town: i64, day: Day, now: Moment) -> db::Result<bool> {
    tx.hold(&[town].into()).await?;
    Ok(open_days(tx, &BTreeMap::from([((town, day.number()), now.0)])).await? > 0)
}

/// Opens days (town, day), each at a moment, where they are not open. The caller holds the towns: a
/// register must not change between our count of it and the end of this transaction.
/// Gives how many were opened.
pub async fn open_days(tx: &mut Tx, wanted: &BTreeMap<(i64, i32), i64>) -> db::Result<usize> {
    let wanted: Vec<_> = wanted.iter().collect();
    let sql =
        "INSERT INTO round_day (town, day, opened_at) {rows} ON CONFLICT DO NOTHING RETURNING town, day";
    let rows = Rows::of(&wanted).big(|(key, _)| key.0).int(|(key, _)| key.1).big(|(_, at)| **at);
    let opened: Vec<(i64, i32)> = rows.fetch(tx, sql).await?;
    let mut deltas = Deltas::default();
    let number = opened.len();
    for (town, day) in opened {
        let Some(day) = Day::from_number(day) else { continue };
        for (division, households) in expected(tx, town, day).await? {
            deltas.add(day, division, indicators::EXPECTED, households);
        }
    }
    deltas.write(tx).await?;
    Ok(number)
}

/// Households due on a day, by team area, as the register says.
pub async fn expected(tx: &mut Snapshot, town: i64, day: Day) -> db::Result<Vec<(Division, i64)>> {
    let sql = "SELECT division, COUNT(*) FROM household_span \
               WHERE town = $1 AND from_day <= $2 AND until_day > $2 AND occupancy = 'lived-in' \
               GROUP BY division";
    let rows: Vec<(i64, i64)> =
        on_db!(tx, c => sqlx::query_as(sql).bind(town).bind(day.number()).fetch_all(c).await)?;
    let known = |(division, count)| Some((Division::from_number(division)?, count));
    Ok(rows.into_iter().filter_map(known).collect())
}
