//! Taking many households into the register at once: the import, the demonstration and the
//! benches all come through here.

use base::{Day, Sex};
use db::{Tx, on_db, take_numbers};
use sqlx::QueryBuilder;

use super::super::model::{NewHousehold, NewResident, Occupancy, house_order};
use crate::history::{self, Deed};
use crate::rounds::{self, Spell, Turned};
use crate::vault::Vault;

/// Rows of one statement; a resident has 19 values.
const ROWS: usize = 1_000;

/// Registers households of one town from the deed's day on, in the order given; answers their numbers. On
/// the days of the round that are open they are expected from then on.
pub async fn insert(
    tx: &mut Tx,
    vault: &Vault,
    deed: &Deed<'_>,
    new: &[NewHousehold],
) -> db::Result<Vec<i64>> {
    let (town, from) = (deed.town, deed.day);
    tx.hold(&[town].into()).await?;
    let first = take_numbers(tx, town, "household", new.len()).await?;
    let numbered: Vec<(i64, &NewHousehold)> = (first..).zip(new).collect();
    let households: Vec<i64> = numbered.iter().map(|(number, _)| *number).collect();
    for part in numbered.chunks(ROWS) {
        insert_households(tx, vault, town, from, part).await?;
        insert_spans(tx, town, from, part).await?;
    }
    let keys: Vec<_> = households.iter().map(|household| (*household, None)).collect();
    history::came(tx, vault, deed, &keys).await?;
    let people = numbered.iter().flat_map(|(household, new)| new.residents.iter().map(|r| (*household, r)));
    join(tx, vault, deed, &people.collect::<Vec<_>>()).await?;
    let come = numbered.iter().map(|(number, new)| come(*number, from, new)).collect::<Vec<_>>();
    rounds::register_changed(tx, town, &come).await?;
    Ok(households)
}

/// Registers residents of households that are in the register; answers their numbers.
pub async fn join(
    tx: &mut Tx,
    vault: &Vault,
    deed: &Deed<'_>,
    people: &[(i64, &NewResident)],
) -> db::Result<Vec<i64>> {
    let town = deed.town;
    let first = take_numbers(tx, town, "resident", people.len()).await?;
    let numbered: Vec<_> = (first..).zip(people.iter().copied()).collect();
    for part in numbered.chunks(ROWS) {
        insert_residents(tx, vault, town, part).await?;
    }
    let keys: Vec<_> = numbered.iter().map(|(number, (household, _))| (*household, Some(*number))).collect();
    history::came(tx, vault, deed, &keys).await?;
    Ok(numbered.into_iter().map(|(number, _)| number).collect())
}

/// A household that was not in the register before a day.
fn come(household: i64, from: Day, new: &NewHousehold) -> Turned {
    let due = new.occupancy == Occupancy::LivedIn;
    let spell = Spell { from, until: None, division: new.division, due };
    Turned { household, before: Vec::new(), after: vec![spell] }
}

async fn insert_households(
    tx: &mut Tx,
    vault: &Vault,
    town: i64,
    from: Day,
    new: &[(i64, &NewHousehold)],
) -> db::Result<()> {
    on_db!(tx, c => {
        let mut sql = QueryBuilder::new(
            "INSERT INTO household (town, id, house_number, house_order, head, initials, address, \
             phone_sealed, phone_index, tags, listed_day) ",
        );
        sql.push_values(new, |mut row, (id, h)| {
            row.push_bind(town).push_bind(*id).push_bind(&h.house_number);
            row.push_bind(house_order(&h.house_number)).push_bind(&h.head);
            row.push_bind(base::initials(&h.head)).push_bind(&h.address);
            row.push_bind(h.phone.as_ref().map(|phone| vault.seal(phone)));
            row.push_bind(h.phone.as_ref().map(|phone| vault.index(phone)));
            row.push_bind(spaced(&h.tags)).push_bind(from.number());
        });
        sql.build().execute(c).await.map(|_| ())
    })
}

/// Tags as they are stored: words with a space at either end, so that one is found as ' word '.
pub(super) fn spaced(tags: &[String]) -> String {
    format!(" {} ", tags.join(" ")).replace("  ", " ")
}

async fn insert_spans(tx: &mut Tx, town: i64, from: Day, new: &[(i64, &NewHousehold)]) -> db::Result<()> {
    on_db!(tx, c => {
        let mut sql =
            QueryBuilder::new("INSERT INTO household_span (town, household, from_day, division, occupancy) ");
        sql.push_values(new, |mut row, (id, h)| {
            row.push_bind(town).push_bind(*id).push_bind(from.number());
            row.push_bind(h.division.number()).push_bind(h.occupancy.key());
        });
        sql.build().execute(c).await.map(|_| ())
    })
}

async fn insert_residents(
    tx: &mut Tx,
    vault: &Vault,
    town: i64,
    new: &[(i64, (i64, &NewResident))],
) -> db::Result<()> {
    let number = |day: Option<Day>| day.map(Day::number);
    on_db!(tx, c => {
        let mut sql = QueryBuilder::new(
            "INSERT INTO resident (town, id, household, name, initials, sex, birth_day, identity_sealed, \
             identity_index, phone_sealed, phone_index, relation, registration, presence, presence_since, \
             whereabouts, key_from, key_until, key_reason) ",
        );
        sql.push_values(new, |mut row, (id, (household, r))| {
            let identity = r.identity.as_ref().map(base::Identity::as_str);
            let (key_from, key_until, key_reason) = match &r.key_person {
                Some((from, until, why)) => (Some(from.number()), number(*until), Some(why.as_str())),
                None => (None, None, None),
            };
            row.push_bind(town).push_bind(*id).push_bind(*household).push_bind(&r.name);
            row.push_bind(base::initials(&r.name)).push_bind(r.sex.map(sex_key));
            row.push_bind(number(r.birth));
            row.push_bind(identity.map(|value| vault.seal(value)));
            row.push_bind(identity.map(|value| vault.index(value)));
            row.push_bind(r.phone.as_ref().map(|value| vault.seal(value)));
            row.push_bind(r.phone.as_ref().map(|value| vault.index(value)));
            row.push_bind(&r.relation).push_bind(if r.lodging { "lodging" } else { "registered" });
            row.push_bind(if r.away.is_some() { "away" } else { "present" });
            row.push_bind(r.away.as_ref().and_then(|(_, since)| number(*since)));
            row.push_bind(r.away.as_ref().map_or("", |(place, _)| place.as_str()));
            row.push_bind(key_from).push_bind(key_until).push_bind(key_reason);
        });
        sql.build().execute(c).await.map(|_| ())
    })
}

pub fn sex_key(sex: Sex) -> &'static str {
    match sex {
        Sex::Male => "male",
        Sex::Female => "female",
    }
}
