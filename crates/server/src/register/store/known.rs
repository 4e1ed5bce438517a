//! What an import is compared with: everybody who is in the register of the town already.

use base::{Day, Division, Sex};
use db::{Snapshot, on_db};
use sqlx::QueryBuilder;

use super::super::model::Listing;
use super::change::Away;
use super::load::sex_key;
use super::one::listing;
use crate::access::holds;

/// A household of the register.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct KnownHousehold {
    pub id: i64,
    pub division: i64,
    pub house_number: String,
    pub house_order: String,
    pub head: String,
    /// The steward who answers for it, or from a later day will.
    pub contact: Option<i64>,
}

/// The households that stand on a day in a village or town.
pub async fn households(tx: &mut Snapshot, town: i64, day: Day) -> db::Result<Vec<KnownHousehold>> {
    on_db!(tx, c => {
        let mut sql = QueryBuilder::new(
            "SELECT h.id, s.division, h.house_number, h.house_order, h.head, COALESCE(o.steward, n.steward) AS contact \
             FROM household_span s JOIN household h ON h.town = s.town AND h.id = s.household \
             LEFT JOIN stewardship n ON n.town = s.town AND n.level = 'household' \
             AND n.node = s.household AND n.until_day IS NULL \
             LEFT JOIN stewardship o ON o.town = s.town AND o.level = 'household' \
             AND o.node = s.household AND ",
        );
        holds(&mut sql, "o", day);
        sql.push(" WHERE s.town = ").push_bind(town).push(" AND ");
        holds(&mut sql, "s", day);
        sql.push(" ORDER BY h.id");
        sql.build_query_as().fetch_all(c).await
    })
}

/// Whether a household of this head stands in this house on a day.
pub async fn stands(
    tx: &mut Snapshot,
    division: Division,
    house_order: &str,
    head: &str,
    day: Day,
) -> db::Result<bool> {
    let found: Option<i64> = on_db!(tx, c => {
        let mut sql = QueryBuilder::new(
            "SELECT h.id FROM household_span s JOIN household h ON h.town = s.town AND h.id = s.household \
             WHERE s.town = ",
        );
        sql.push_bind(division.town()).push(" AND s.division = ").push_bind(division.number());
        sql.push(" AND h.house_order = ").push_bind(house_order).push(" AND h.head = ").push_bind(head);
        sql.push(" AND ");
        holds(&mut sql, "s", day);
        sql.push(" LIMIT 1");
        sql.build_query_scalar().fetch_optional(c).await
    })?;
    Ok(found.is_some())
}

/// A resident of the register, as far as an import compares it.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct KnownResident {
    pub id: i64,
    pub household: i64,
    pub name: String,
    pub sex: Option<String>,
    pub birth_day: Option<i32>,
    pub identity_sealed: Option<Vec<u8>>,
    pub identity_index: Option<Vec<u8>>,
    pub phone_index: Option<Vec<u8>>,
    pub phone_sealed: Option<Vec<u8>>,
    pub relation: String,
    pub registration: String,
    pub presence: String,
    pub presence_since: Option<i32>,
    pub whereabouts: String,
    pub key_from: Option<i32>,
    pub key_until: Option<i32>,
    pub key_reason: Option<String>,
}

impl KnownResident {
    pub fn sex(&self) -> Option<Sex> {
        [Sex::Male, Sex::Female].into_iter().find(|sex| self.sex.as_deref() == Some(sex_key(*sex)))
    }

    pub fn birth(&self) -> Option<Day> {
        self.birth_day.and_then(Day::from_number)
    }

    /// Where somebody is who is away.
    pub fn away(&self) -> Option<Away> {
        let since = self.presence_since.and_then(Day::from_number);
        (self.presence == "away").then(|| (self.whereabouts.clone(), since))
    }

    /// As a key person.
    pub fn listing(&self) -> Option<Listing> {
        listing(self.key_from, self.key_until, self.key_reason.as_ref())
    }
}

/// All residents of a town, once each; those who died or left it among them, so that a list does not bring
/// them again.
pub async fn residents(tx: &mut Snapshot, town: i64) -> db::Result<Vec<KnownResident>> {
    let sql = "SELECT id, household, name, sex, birth_day, identity_sealed, identity_index, phone_index, phone_sealed, relation, \
               registration, presence, presence_since, whereabouts, key_from, key_until, key_reason FROM resident \
               WHERE town = $1 AND (gone_how IS NULL OR gone_how <> 'moved') ORDER BY id";
    on_db!(tx, c => sqlx::query_as(sql).bind(town).fetch_all(c).await)
}

/// The stewards of a town: number, name, and the division each belongs to.
pub async fn stewards(tx: &mut Snapshot, town: i64) -> db::Result<Vec<(i64, String, Division)>> {
    let sql = "SELECT id, name, division FROM steward WHERE town = $1 ORDER BY id";
    let rows: Vec<(i64, String, i64)> = on_db!(tx, c => sqlx::query_as(sql).bind(town).fetch_all(c).await)?;
    let known = |(id, name, division)| Some((id, name, Division::from_number(division)?));
    Ok(rows.into_iter().filter_map(known).collect())
}
