//! Merging a village into another, or a team area into another of its village. From the day on,
//! the households, stewards and roles stand in the division that took them in; what was recorded
//! before keeps the division of its day. A village's team areas go on as team areas of the other,
//! so that every contact and street lead keeps the same doors.

use base::{Day, Division, Level};
use db::Tx;
use serde_json::json;

use super::change::{By, at, standing};
use super::model::{OPEN, checked_day};
use super::store::{self, Moves, Row};
use crate::web::{Error, short_name};

/// Merges `from` into the division of the code `into`, from a day on.
pub(super) async fn merge(
    tx: &mut Tx,
    by: By<'_>,
    from: Division,
    into: &str,
    day: &str,
) -> Result<Division, Error> {
    tx.hold(&[from.town()].into()).await?;
    let row = standing(tx, from).await?;
    let day = checked_day(day, by.today).map_err(at("day"))?;
    let into = target(tx, from, into, day).await?;
    if day.number() <= row.from_day {
        return Err(Error::field("day", "division-day-early"));
    }
    if day < by.today || store::round_opened_since(tx, from.town(), day).await? {
        return Err(Error::field("day", "division-day-round"));
    }
    match from.level() {
        Level::Village => merge_village(tx, by, &row, into, day).await?,
        _ => move_group(tx, by, Moves { from, to: into, on: day }, false).await?,
    }
    // What ends today moves at once; later mergers are settled on their day.
    store::move_stewards(tx, by.today).await?;
    store::move_roles(tx, by.today).await?;
    let detail = json!({ "name": row.name, "into": into.code(), "on": day });
    by.record(tx, "division.merge", from, detail).await?;
    Ok(into)
}

/// The division that takes another in: of the same level and the same parent.
async fn target(tx: &mut Tx, from: Division, into: &str, day: Day) -> Result<Division, Error> {
    let wrong = || Error::field("into", "division-into");
    let into = Division::from_code(into)
        .filter(|into| *into != from && into.level() == from.level() && into.parent() == from.parent());
    let into = into.ok_or_else(wrong)?;
    standing(tx, into).await.map_err(|_| wrong())?;
    store::on_day(tx, into, day).await?.ok_or_else(wrong)?;
    Ok(into)
}

async fn merge_village(
    tx: &mut Tx,
    by: By<'_>,
    village: &Row,
    into: Division,
    day: Day,
) -> Result<(), Error> {
    let from = village.division();
    let full = || Error::field("into", "division-into-full");
    let mut next = store::numbers_used(tx, into).await?.into_iter().max().unwrap_or(0) + 1;
    let mut names: Vec<String> =
        store::subtree(tx, into, day).await?.into_iter().map(|row| row.name).collect();
    for (old, name) in parts(tx, village, day).await? {
        let name = distinct(&name, &village.name, &names);
        let new = into.child(next).ok_or_else(full)?;
        next += 1;
        store::insert(tx, &[(new, &name)], day).await?;
        names.push(name);
        move_group(tx, by, Moves { from: old, to: new, on: day }, true).await?;
        Moves { from, to: new, on: day }.roles(tx).await?;
    }
    Moves { from, to: into, on: day }.end_stewardship(tx).await?;
    Ok(store::end(tx, from, day, Some(into)).await?)
}

/// The team areas of a village that go on elsewhere; households outside all of them make one more,
/// named after the village.
async fn parts(tx: &mut Tx, village: &Row, day: Day) -> Result<Vec<(Division, String)>, Error> {
    let from = village.division();
    let groups = store::subtree(tx, from, day).await?;
    if groups.iter().any(|row| row.until_day != OPEN) {
        // A rename still to come would outlive the division that it names.
        return Err(Error::field("day", "division-day-early"));
    }
    let groups = groups.into_iter().filter(|row| row.code != village.code);
    let mut parts: Vec<_> = groups.map(|row| (row.division(), row.name)).collect();
    if store::has_own_households(tx, from, day).await? {
        parts.push((from, short_name(&village.name)));
    }
    Ok(parts)
}

/// The name of a team area in its new village: with its old village before it where it would stand
/// for two.
fn distinct(name: &str, village: &str, taken: &[String]) -> String {
    let long = format!("{}{name}", short_name(village));
    let names = std::iter::once(name.to_owned())
        .chain((1..).map(|n| if n == 1 { long.clone() } else { format!("{long}{n}") }));
    names.into_iter().find(|name| !taken.contains(name)).unwrap_or(long)
}

/// Moves what hangs on one team area to another; `fresh` when the other was made for it, and so
/// has no lead of its own.
async fn move_group(tx: &mut Tx, by: By<'_>, moves: Moves, fresh: bool) -> Result<(), Error> {
    moves.households(tx).await?;
    if moves.from.level() == Level::Group {
        moves.roles(tx).await?;
        if fresh {
            let now = by.clock.now().0;
            moves.stewardship(tx, by.account, now, by.clock.new_id()).await?;
        }
        moves.end_stewardship(tx).await?;
        store::end(tx, moves.from, moves.on, Some(moves.to)).await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_would_stand_for_two_gets_its_village() {
        let taken = ["一组".to_owned(), "东街村二组".to_owned(), "二组".to_owned()];
        assert_eq!(distinct("三组", "东街村民委员会", &taken), "三组");
        assert_eq!(distinct("一组", "东街村民委员会", &taken), "东街村一组");
        assert_eq!(distinct("二组", "东街村民委员会", &taken), "东街村二组2");
    }
}
