//! Names that the round's pages show beside its figures.

use std::collections::BTreeMap;

use base::{Day, Division, Level};
use db::{Snapshot, on_db};

use crate::web::short_name;

/// The names, as people say them, of a division and of everything down to one level below it, as
/// they were on a day, in the order of their codes.
pub async fn division_names(
    tx: &mut Snapshot,
    root: Division,
    day: Day,
) -> db::Result<BTreeMap<i64, String>> {
    let range = root.range();
    let below = root.level().below().unwrap_or(Level::Group);
    let sql = "SELECT code, name FROM division \
               WHERE code BETWEEN $1 AND $2 AND code % $3 = 0 AND from_day <= $4 AND until_day > $4";
    let rows: Vec<(i64, String)> = on_db!(tx, c => sqlx::query_as(sql)
        .bind(range.low).bind(range.high).bind(below.span()).bind(day.number()).fetch_all(c).await)?;
    Ok(rows.into_iter().map(|(code, name)| (code, short_name(&name))).collect())
}

/// Village and team area, as people say it: 北街村 一组.
pub async fn place_name(tx: &mut Snapshot, division: Division, day: Day) -> db::Result<String> {
    let mut names = Vec::new();
    for part in division.path().into_iter().filter(|part| part.level() >= Level::Village) {
        let sql = "SELECT name FROM division WHERE code = $1 AND from_day <= $2 AND until_day > $2";
        let name: Option<String> = on_db!(tx, c => sqlx::query_scalar(sql)
            .bind(part.number()).bind(day.number()).fetch_optional(c).await)?;
        names.extend(name.map(|name| short_name(&name)));
    }
    Ok(names.join(" "))
}

/// The stewards of a team area and of its village, by name: who may have made a check there.
pub async fn stewards_near(tx: &mut Snapshot, division: Division) -> db::Result<Vec<(i64, String)>> {
    let village = division.at(Level::Village).unwrap_or(division).range();
    let sql = "SELECT id, name FROM steward WHERE town = $1 AND division BETWEEN $2 AND $3 \
               ORDER BY division, initials, id";
    on_db!(tx, c => sqlx::query_as(sql)
        .bind(division.town()).bind(village.low).bind(village.high).fetch_all(c).await)
}
