//! Undoing an import while nothing depends on it: what it brought goes, what it changed is as before.

use std::collections::{BTreeMap, BTreeSet};

use base::{Day, Division};
use db::{Snapshot, Tx, on_db};
use uuid::Uuid;

use super::imports::{Hindrance, ImportRow, Why, put_undone};
use super::one::listing;
use crate::history::{self, Change, Deed, Fields, Key, Kind, number, text};
use crate::rounds::{self, Relisted, Spell, Turned};
use crate::site::Site;
use crate::vault::Vault;

/// Households that an import made, in a statement about a town `$1` and an import `$2`.
macro_rules! made {
    ($before:literal $(, $after:literal)?) => {
        concat!(
            $before,
            " (SELECT m.household FROM register_change m WHERE m.town = $1 AND m.reference = $2 \
             AND m.resident IS NULL AND m.sealed IS NULL)"
            $(, $after)?
        )
    };
}

/// What stands in the way of undoing an import, household by household.
pub async fn hindrances(
    tx: &mut Snapshot,
    vault: &Vault,
    import: &ImportRow,
) -> db::Result<BTreeSet<Hindrance>> {
    let (town, id) = (import.town, import.id);
    let changed = "SELECT DISTINCT l.household FROM register_change m JOIN register_change l \
                   ON l.town = m.town AND l.household = m.household AND l.n > m.n \
                   WHERE m.town = $1 AND m.reference = $2 AND (l.reference IS NULL OR l.reference <> $2) \
                   AND (l.resident IS NOT DISTINCT FROM m.resident \
                   OR (m.resident IS NULL AND m.sealed IS NULL))";
    let given = made!(
        "SELECT DISTINCT w.node FROM stewardship w WHERE w.town = $1 AND w.level = 'household' \
         AND ((w.import = $2 AND w.until_day IS NOT NULL) \
         OR (w.import IS DISTINCT FROM $2 AND w.node IN",
        "))"
    );
    let changed: Vec<i64> =
        on_db!(tx, c => sqlx::query_scalar(changed).bind(town).bind(id).fetch_all(c).await)?;
    let given: Vec<i64> = on_db!(tx, c => sqlx::query_scalar(given).bind(town).bind(id).fetch_all(c).await)?;
    let because = |why| move |household| Hindrance { household, why };
    let mut found: BTreeSet<_> = changed.into_iter().map(because(Why::Changed)).collect();
    found.extend(given.into_iter().map(because(Why::Given)));
    found.extend(checked(tx, vault, town, id).await?);
    Ok(found)
}

/// Households that were checked since they came, and those in which people were asked after who came.
async fn checked(tx: &mut Snapshot, vault: &Vault, town: i64, import: Uuid) -> db::Result<Vec<Hindrance>> {
    let changes = history::of_import(tx, vault, town, import).await?;
    let came = || changes.iter().filter(|change| change.was.is_none());
    let made: BTreeSet<i64> = came().filter(|c| c.resident.is_none()).map(|c| c.household).collect();
    let people: BTreeSet<i64> = came().filter_map(|change| change.resident).collect();
    let joined =
        came().map(|change| change.household).filter(|household| !made.contains(household)).collect();
    let first = came().filter_map(|change| Day::from_number(change.from_day)).min();
    let mut told = rounds::told_since(tx, town, &made, first).await?;
    // Who was not there yet may be told of on days before.
    told.extend(rounds::told_since(tx, town, &joined, None).await?);
    let depends = told.into_iter().filter(|told| {
        made.contains(&told.household) || told.residents.iter().any(|resident| people.contains(resident))
    });
    let depends = depends.map(|told| Hindrance { household: told.household, why: Why::Checked(told.day) });
    Ok(depends.collect())
}

/// Undoes an import that nothing depends on, in a town that is [held](Tx::hold). The round's figures
/// follow.
pub async fn undo(tx: &mut Tx, site: &Site, import: &ImportRow, deed: &Deed<'_>) -> db::Result<()> {
    let (town, vault) = (import.town, &site.vault);
    let deed = Deed { kind: Some(Kind::Undone), ..deed.clone() };
    let changes = history::of_import(tx, vault, town, import.id).await?;
    put_all_back(tx, site, &deed, &changes).await?;
    let sql = "DELETE FROM stewardship WHERE town = $1 AND import = $2";
    on_db!(tx, c => sqlx::query(sql).bind(town).bind(import.id).execute(c).await.map(|_| ()))?;
    let gone = gone(tx, town, import.id).await?;
    for sql in [
        "DELETE FROM resident WHERE town = $1 AND id IN (SELECT m.resident FROM register_change m \
         WHERE m.town = $1 AND m.reference = $2 AND m.resident IS NOT NULL AND m.sealed IS NULL)",
        made!("DELETE FROM household_span WHERE town = $1 AND household IN"),
        made!("DELETE FROM household WHERE town = $1 AND id IN"),
    ] {
        on_db!(tx, c => sqlx::query(sql).bind(town).bind(import.id).execute(c).await.map(|_| ()))?;
    }
    rounds::register_changed(tx, town, &gone).await?;
    let came: Vec<Key> = changes.iter().filter(|change| change.was.is_none()).map(Change::key).collect();
    history::gone(tx, &deed, &came).await?;
    put_undone(tx, import.id, &deed).await
}

/// The households that go, as far as the round's figures hang on them.
async fn gone(tx: &mut Snapshot, town: i64, import: Uuid) -> db::Result<Vec<Turned>> {
    let sql = made!(
        "SELECT household, from_day, until_day, division, occupancy FROM household_span \
         WHERE town = $1 AND household IN"
    );
    let rows: Vec<(i64, i32, i32, i64, String)> =
        on_db!(tx, c => sqlx::query_as(sql).bind(town).bind(import).fetch_all(c).await)?;
    let mut before: BTreeMap<i64, Vec<Spell>> = BTreeMap::new();
    for (household, from, until, division, occupancy) in rows {
        let (Some(from), Some(division)) = (Day::from_number(from), Division::from_number(division)) else {
            continue;
        };
        let until = Day::from_number(until);
        before.entry(household).or_default().push(Spell {
            from,
            until,
            division,
            due: occupancy == "lived-in",
        });
    }
    Ok(before
        .into_iter()
        .map(|(household, before)| Turned { household, before, after: Vec::new() })
        .collect())
}

/// What was changed stands as before.
async fn put_all_back(tx: &mut Tx, site: &Site, deed: &Deed<'_>, changes: &[Change]) -> db::Result<()> {
    let changed = || changes.iter().filter(|change| change.was.is_some());
    let households = changed().filter(|change| change.resident.is_none()).map(|change| change.household);
    let residents = changed().filter_map(|change| change.resident);
    let stood = history::stands(tx, &site.vault, deed.town, households, residents).await?;
    let mut objects = stood.objects().clone();
    let mut relisted = Vec::new();
    // The newest first: what stood before the first is put down last.
    for change in changed() {
        let (Some(fields), Some(was)) = (objects.get_mut(&change.key()), &change.was) else { continue };
        let before = days(fields);
        fields.extend(was.clone());
        if before != days(fields) {
            relisted.push(Relisted { household: change.household, before, after: days(fields) });
        }
    }
    for ((household, resident), fields) in &objects {
        match resident {
            None => put_household(tx, &site.vault, deed.town, *household, fields).await?,
            Some(resident) => put_resident(tx, &site.vault, deed.town, *resident, fields).await?,
        }
    }
    rounds::key_persons_changed(tx, &site.playbook, deed.town, &relisted).await?;
    history::changed(tx, &site.vault, stood, deed).await
}

/// From which day until which somebody is listed.
fn days(fields: &Fields) -> Option<(Day, Option<Day>)> {
    let listing = listing(number(fields, "key_from"), number(fields, "key_until"), None)?;
    Some((listing.0, listing.1))
}

/// An import changes of a household what it is called and how it is reached.
async fn put_household(tx: &mut Tx, vault: &Vault, town: i64, id: i64, to: &Fields) -> db::Result<()> {
    let sql = "UPDATE household SET head = $3, initials = $4, phone_sealed = $5, phone_index = $6 \
               WHERE town = $1 AND id = $2";
    let (head, phone) = (text(to, "head").unwrap_or_default(), text(to, "phone"));
    on_db!(tx, c => sqlx::query(sql)
        .bind(town).bind(id).bind(&head).bind(base::initials(&head))
        .bind(phone.as_deref().map(|value| vault.seal(value)))
        .bind(phone.as_deref().map(|value| vault.index(value)))
        .execute(c).await.map(|_| ()))
}

async fn put_resident(tx: &mut Tx, vault: &Vault, town: i64, id: i64, to: &Fields) -> db::Result<()> {
    let sql = "UPDATE resident SET name = $3, initials = $4, sex = $5, birth_day = $6, identity_sealed = $7, \
               identity_index = $8, phone_sealed = $9, phone_index = $10, relation = $11, registration = $12, \
               presence = $13, presence_since = $14, whereabouts = $15, told_day = $16, before_presence = $17, \
               before_since = $18, before_whereabouts = $19, key_from = $20, key_until = $21, key_reason = $22 \
               WHERE town = $1 AND id = $2";
    let said = |field: &str| text(to, field).unwrap_or_default();
    let (name, identity, phone) = (said("name"), text(to, "identity"), text(to, "phone"));
    on_db!(tx, c => sqlx::query(sql)
        .bind(town).bind(id).bind(&name).bind(base::initials(&name))
        .bind(text(to, "sex")).bind(number(to, "birth_day"))
        .bind(identity.as_deref().map(|value| vault.seal(value)))
        .bind(identity.as_deref().map(|value| vault.index(value)))
        .bind(phone.as_deref().map(|value| vault.seal(value)))
        .bind(phone.as_deref().map(|value| vault.index(value)))
        .bind(said("relation")).bind(said("registration"))
        .bind(said("presence")).bind(number(to, "presence_since")).bind(said("whereabouts"))
        .bind(number(to, "told_day")).bind(text(to, "before_presence"))
        .bind(number(to, "before_since")).bind(text(to, "before_whereabouts"))
        .bind(number(to, "key_from")).bind(number(to, "key_until")).bind(text(to, "key_reason"))
        .execute(c).await.map(|_| ()))
}
