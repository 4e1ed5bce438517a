//! The rows: what stands of the register, and what became of it.

use std::collections::{BTreeMap, BTreeSet};

use db::{Rows, Snapshot, Tx, on_db, take_numbers};
use sqlx::{Database, QueryBuilder};
use uuid::Uuid;

use super::object::{Fields, HouseholdRow, ResidentRow, SpanRow};
use super::{Deed, Kept, Key, Kind, Note, open};
use crate::vault::Vault;

/// What stands of households and residents of a town.
pub async fn standing(
    tx: &mut Snapshot,
    vault: &Vault,
    town: i64,
    households: &BTreeSet<i64>,
    residents: &BTreeSet<i64>,
) -> db::Result<BTreeMap<Key, Fields>> {
    let mut objects = BTreeMap::new();
    let ids: Vec<i64> = households.iter().copied().collect();
    let sql = "WITH wanted(id_, town_) AS ({rows}) \
               SELECT id, house_number, head, address, phone_sealed, tags FROM wanted CROSS JOIN household \
               WHERE town = town_ AND id = id_";
    let rows = || Rows::of(&ids).big(|id| *id).big(|_| town);
    let found: Vec<HouseholdRow> = rows().fetch(tx, sql).await?;
    let sql = "WITH wanted(id_, town_) AS ({rows}) \
               SELECT household, from_day, until_day, division, occupancy \
               FROM wanted CROSS JOIN household_span WHERE town = town_ AND household = id_";
    let mut spans: BTreeMap<i64, Vec<SpanRow>> = BTreeMap::new();
    for span in rows().fetch::<SpanRow>(tx, sql).await? {
        spans.entry(span.household).or_default().push(span);
    }
    for row in found {
        let mut own = spans.remove(&row.id).unwrap_or_default();
        own.sort_by_key(|span| span.from_day);
        objects.insert((row.id, None), row.fields(vault, &own));
    }
    let ids: Vec<i64> = residents.iter().copied().collect();
    let sql = "WITH wanted(id_, town_) AS ({rows}) \
               SELECT id, household, name, sex, birth_day, identity_sealed, phone_sealed, relation, registration, \
               presence, presence_since, whereabouts, told_day, before_presence, before_since, \
               before_whereabouts, key_from, key_until, key_reason, gone_from, gone_how FROM wanted CROSS JOIN resident \
               WHERE town = town_ AND id = id_";
    for row in Rows::of(&ids).big(|id| *id).big(|_| town).fetch::<ResidentRow>(tx, sql).await? {
        objects.insert((row.household, Some(row.id)), row.fields(vault));
    }
    Ok(objects)
}

/// Appends changes of a town, in the order given: of what, what it is called, what stood before.
pub async fn append<'a>(
    tx: &mut Tx,
    town: i64,
    changes: &[(Key, Kind, Option<Vec<u8>>)],
    deed: impl Fn(Key) -> Deed<'a>,
) -> db::Result<()> {
    if changes.is_empty() {
        return Ok(());
    }
    let first = take_numbers(tx, town, "register-change", changes.len()).await?;
    let rows: Vec<_> = (first..).zip(changes).map(|(n, change)| (n, change, deed(change.0))).collect();
    let sql = "INSERT INTO register_change (town, n, household, resident, from_day, entered_at, kind, source, \
               reference, account, roles, sealed) {rows}";
    Rows::of(&rows)
        .big(|_| town)
        .big(|(n, ..)| *n)
        .big(|(_, (key, ..), _)| key.0)
        .big(|(_, (key, ..), _)| key.1)
        .int(|(.., deed)| deed.day.number())
        .big(|(.., deed)| deed.at.0)
        .text(|(_, (_, kind, _), deed)| deed.kind.unwrap_or(*kind).key())
        .text(|(.., deed)| deed.source.key())
        .id(|(.., deed)| deed.source.reference())
        .big(|(.., deed)| deed.account)
        .text(|(.., deed)| deed.roles)
        .bytes(|(_, (.., sealed), _)| sealed.as_deref())
        .execute(tx, sql)
        .await
        .map(|_| ())
}

/// A change as it is stored, with the name of who made it.
#[derive(Clone, Debug, Default, sqlx::FromRow)]
pub struct Change {
    pub town: i64,
    pub n: i64,
    pub household: i64,
    pub resident: Option<i64>,
    pub from_day: i32,
    pub entered_at: i64,
    pub kind: String,
    pub source: String,
    pub reference: Option<Uuid>,
    pub name: Option<String>,
    pub roles: String,
    pub(super) sealed: Option<Vec<u8>>,
    /// What stood before, as far as it changed; none of what came to be, and of what is gone.
    #[sqlx(skip)]
    pub was: Option<Fields>,
    #[sqlx(skip)]
    pub note: Option<Note>,
}

impl Change {
    pub fn key(&self) -> Key {
        (self.household, self.resident)
    }

    fn opened(mut self, vault: &Vault) -> Change {
        // What no key opens did change: nothing is known of it.
        let Some(sealed) = self.sealed.take() else { return self };
        let unread = || Kept { was: Some(Fields::new()), note: None };
        let kept = open(vault, &sealed).unwrap_or_else(unread);
        (self.was, self.note) = (kept.was, kept.note);
        self
    }
}

/// All changes of a household and of its people, the newest first. The household was read within scope.
pub async fn of_household(
    tx: &mut Snapshot,
    vault: &Vault,
    (town, household): (i64, i64),
) -> db::Result<Vec<Change>> {
    let rows: Vec<Change> = on_db!(tx, c => {
        let mut sql = changes();
        sql.push("r.town = ").push_bind(town).push(" AND r.household = ").push_bind(household);
        sql.push(" ORDER BY r.n DESC");
        sql.build_query_as().fetch_all(c).await
    })?;
    Ok(rows.into_iter().map(|row| row.opened(vault)).collect())
}

/// The changes that an import made, the newest first.
pub async fn of_import(tx: &mut Snapshot, vault: &Vault, town: i64, import: Uuid) -> db::Result<Vec<Change>> {
    let rows: Vec<Change> = on_db!(tx, c => {
        let mut sql = changes();
        sql.push("r.town = ").push_bind(town).push(" AND r.reference = ").push_bind(import);
        sql.push(" ORDER BY r.n DESC");
        sql.build_query_as().fetch_all(c).await
    })?;
    Ok(rows.into_iter().map(|row| row.opened(vault)).collect())
}

/// What became of some households and their people (town, household), the newest first. They were read within
/// scope.
pub async fn since(tx: &mut Snapshot, vault: &Vault, households: &[(i64, i64)]) -> db::Result<Vec<Change>> {
    let sql = "WITH wanted(town_, household_) AS ({rows}) \
               SELECT r.town, r.n, r.household, r.resident, r.from_day, r.entered_at, r.kind, r.source, r.reference, \
               a.name, r.roles, r.sealed FROM wanted CROSS JOIN register_change r \
               LEFT JOIN account a ON a.id = r.account WHERE r.town = town_ AND r.household = household_";
    let mut rows: Vec<Change> = Rows::of(households).big(|key| key.0).big(|key| key.1).fetch(tx, sql).await?;
    rows.sort_by_key(|row| std::cmp::Reverse(row.n));
    Ok(rows.into_iter().map(|row| row.opened(vault)).collect())
}

/// Changes with the names of who made them, as far as their condition.
fn changes<DB: Database>() -> QueryBuilder<DB> {
    QueryBuilder::new(
        "SELECT r.town, r.n, r.household, r.resident, r.from_day, r.entered_at, r.kind, r.source, r.reference, a.name, \
         r.roles, r.sealed FROM register_change r LEFT JOIN account a ON a.id = r.account WHERE ",
    )
}
