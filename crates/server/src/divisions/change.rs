//! Changes by hand: a team area added, a division renamed, a team area closed. Each checks what
//! was typed against what stands, writes, and leaves its trace, in the transaction it is given.

use base::{Clock, Day, Division, Level};
use db::Tx;
use serde_json::{Value, json};

use super::model::{OPEN, checked_day, checked_name, group_number};
use super::store::{self, Moves, Row};
use crate::access::Capacity;
use crate::audit;
use crate::web::{Error, Field};

/// Who makes a change, and when.
#[derive(Clone, Copy, Debug)]
pub struct By<'a> {
    pub clock: &'a Clock,
    pub today: Day,
    pub account: Option<i64>,
    /// His roles then, and the division that they lie in.
    pub capacity: Option<&'a Capacity>,
    pub address: &'a str,
}

impl By<'_> {
    /// Leaves the trace of a change.
    pub async fn record(
        &self,
        tx: &mut Tx,
        action: &str,
        division: Division,
        detail: Value,
    ) -> db::Result<()> {
        let object = division.code();
        let entry = audit::Entry {
            account: self.account,
            roles: self.capacity.map_or("", |capacity| &capacity.roles),
            division: self.capacity.and_then(|capacity| capacity.division),
            address: self.address,
            ..audit::Entry::of_program(action, &object, detail)
        };
        audit::record(tx, self.clock.new_id(), self.clock.now(), entry).await
    }
}

/// Makes a field's fault of the key of a message.
pub(super) fn at(name: &'static str) -> impl Fn(&'static str) -> Error {
    move |key| Error::field(name, key)
}

/// Adds a team area to a village, from today on. An empty `number` takes the next free one.
pub(super) async fn add_group(
    tx: &mut Tx,
    by: By<'_>,
    village: Division,
    name: &str,
    number: &str,
) -> Result<Division, Error> {
    let used = store::numbers_used(tx, village).await?;
    let (name, number) = match (checked_name(name), group_number(number, &used)) {
        (Ok(name), Ok(number)) => (name, number),
        (name, number) => {
            let fault = |field, key: Option<&'static str>| key.map(|key| Field { name: field, key });
            let faults = [fault("name", name.err()), fault("number", number.err())];
            return Err(Error::Invalid(faults.into_iter().flatten().collect()));
        }
    };
    let group = village.child(number).ok_or_else(|| at("number")("division-number-odd"))?;
    free_name(tx, group, name, by.today).await?;
    store::insert(tx, &[(group, name)], by.today).await.map_err(|error| taken(error, "number"))?;
    by.record(tx, "division.add", group, json!({ "name": name })).await?;
    Ok(group)
}

/// Adds team areas of these codes and names to their villages, from today on.
pub async fn add_groups(tx: &mut Tx, by: By<'_>, groups: &[(Division, String)]) -> Result<(), Error> {
    for (group, name) in groups {
        let village = group.parent().ok_or(Error::NotFound)?;
        let number = (group.number() - village.number()).to_string();
        add_group(tx, by, village, name, &number).await?;
    }
    Ok(())
}

/// Two at once may have taken the same number: the second is told.
fn taken(error: db::Error, field: &'static str) -> Error {
    if db::is_taken(&error) { Error::field(field, "division-number-taken") } else { error.into() }
}

/// Renames a village or team area from a day on.
pub(super) async fn rename(
    tx: &mut Tx,
    by: By<'_>,
    division: Division,
    name: &str,
    day: &str,
) -> Result<(), Error> {
    let row = standing(tx, division).await?;
    let name = checked_name(name).map_err(at("name"))?;
    let day = checked_day(day, by.today).map_err(at("day"))?;
    if name == row.name {
        return Err(Error::field("name", "division-name-same"));
    }
    if day.number() < row.from_day {
        return Err(Error::field("day", "division-day-early"));
    }
    free_name(tx, division, name, day).await?;
    store::rename(tx, division, name, day).await?;
    by.record(tx, "division.rename", division, json!({ "was": row.name, "name": name, "from": day })).await?;
    Ok(())
}

/// Closes a team area in which nobody lives from a day on.
pub(super) async fn close(tx: &mut Tx, by: By<'_>, group: Division, day: &str) -> Result<(), Error> {
    tx.hold(&[group.town()].into()).await?;
    let row = standing(tx, group).await?;
    let day = checked_day(day, by.today).map_err(at("day"))?;
    if day.number() <= row.from_day {
        return Err(Error::field("day", "division-day-early"));
    }
    if store::is_lived_in(tx, group, day).await? {
        return Err(Error::field("day", "division-has-households"));
    }
    store::end(tx, group, day, None).await?;
    Moves { from: group, to: group, on: day }.end_stewardship(tx).await?;
    by.record(tx, "division.close", group, json!({ "name": row.name, "on": day })).await?;
    Ok(())
}

/// The standing row of a division that may still be changed; 404 for one that was closed or merged.
pub(super) async fn standing(tx: &mut Tx, division: Division) -> Result<Row, Error> {
    store::last(tx, division).await?.filter(|row| row.until_day == OPEN).ok_or(Error::NotFound)
}

/// Among the team areas of a village, a name stands for one.
async fn free_name(tx: &mut Tx, division: Division, name: &str, day: Day) -> Result<(), Error> {
    let Some(village) = division.parent().filter(|_| division.level() == Level::Group) else { return Ok(()) };
    let others = store::subtree(tx, village, day).await?;
    let taken = others.iter().any(|row| row.name == name && row.code != division.number());
    if taken { Err(Error::field("name", "division-name-taken")) } else { Ok(()) }
}
