//! One household and its people.

use std::hash::Hash;

use base::{Day, Division};
use db::{Snapshot, on_db};
use sqlx::QueryBuilder;

use super::super::model::{Listing, Occupancy, Span};
use crate::access::Scope;

/// A household as it stands on a day, or last stood.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct HouseholdRow {
    pub town: i64,
    pub id: i64,
    pub division: i64,
    pub occupancy: String,
    pub from_day: i32,
    pub until_day: i32,
    pub house_number: String,
    pub head: String,
    pub address: String,
    pub phone_sealed: Option<Vec<u8>>,
    pub tags: String,
}

impl HouseholdRow {
    pub fn division(&self) -> Option<Division> {
        Division::from_number(self.division)
    }

    /// What a form changes: not where it stands, which turns by itself.
    pub fn facts(&self) -> impl Hash {
        (&self.house_number, &self.head, &self.address, &self.phone_sealed, &self.tags)
    }

    /// Whether it is no more on a day.
    pub fn is_closed(&self, day: Day) -> bool {
        self.until_day <= day.number()
    }
}

/// A household within scope, as it stands on a day; what is closed is found where it last stood.
pub async fn household(
    tx: &mut Snapshot,
    scope: &Scope,
    (town, id): (i64, i64),
    day: Day,
) -> db::Result<Option<HouseholdRow>> {
    on_db!(tx, c => {
        let mut sql = QueryBuilder::new(
            "SELECT s.town, s.household AS id, s.division, s.occupancy, s.from_day, s.until_day, \
             h.house_number, h.head, h.address, h.phone_sealed, h.tags \
             FROM household_span s JOIN household h ON h.town = s.town AND h.id = s.household \
             WHERE s.town = ",
        );
        sql.push_bind(town).push(" AND s.household = ").push_bind(id);
        // The last span that has begun alone: whoever's village it left sees it no more.
        sql.push(" AND s.from_day <= ").push_bind(day.number());
        sql.push(
            " AND NOT EXISTS (SELECT 1 FROM household_span n WHERE n.town = s.town \
             AND n.household = s.household AND n.from_day > s.from_day AND n.from_day <= ",
        );
        sql.push_bind(day.number()).push(") AND ");
        scope.restrict(&mut sql, "s");
        sql.build_query_as().fetch_optional(c).await
    })
}

/// All spans of a household, the first first.
pub async fn spans(tx: &mut Snapshot, town: i64, household: i64) -> db::Result<Vec<Span>> {
    let sql = "SELECT from_day, until_day, division, occupancy FROM household_span \
               WHERE town = $1 AND household = $2 ORDER BY from_day";
    let rows: Vec<(i32, i32, i64, String)> =
        on_db!(tx, c => sqlx::query_as(sql).bind(town).bind(household).fetch_all(c).await)?;
    let span = |(from, until, division, occupancy): (i32, i32, i64, String)| {
        Some(Span {
            from: Day::from_number(from)?,
            // 99991231 is a day of the calendar that means: still.
            until: Day::from_number(until).filter(|until| until.year() < 9999),
            division: Division::from_number(division)?,
            occupancy: Occupancy::of_key(&occupancy)?,
        })
    };
    Ok(rows.into_iter().filter_map(span).collect())
}

/// A resident as stored.
#[derive(Clone, Debug, Hash, sqlx::FromRow)]
pub struct ResidentRow {
    pub id: i64,
    pub name: String,
    pub sex: Option<String>,
    pub birth_day: Option<i32>,
    pub identity_sealed: Option<Vec<u8>>,
    pub phone_sealed: Option<Vec<u8>>,
    pub relation: String,
    pub registration: String,
    pub presence: String,
    pub presence_since: Option<i32>,
    pub whereabouts: String,
    pub key_from: Option<i32>,
    pub key_until: Option<i32>,
    pub key_reason: Option<String>,
    /// From which day somebody lives here no more, and how that came.
    pub gone_from: Option<i32>,
    pub gone_how: Option<String>,
}

impl ResidentRow {
    /// Whether he lives here on a day.
    pub fn is_here(&self, day: Day) -> bool {
        self.gone_from.is_none_or(|gone| day.number() < gone)
    }

    pub fn birth(&self) -> Option<Day> {
        self.birth_day.and_then(Day::from_number)
    }

    /// As a key person.
    pub fn listing(&self) -> Option<Listing> {
        listing(self.key_from, self.key_until, self.key_reason.as_ref())
    }

    pub fn is_key_person(&self, day: Day) -> bool {
        self.key_from.is_some_and(|from| from <= day.number())
            && self.key_until.is_none_or(|until| day.number() < until)
    }
}

/// A listing as it is stored.
pub(super) fn listing(from: Option<i32>, until: Option<i32>, reason: Option<&String>) -> Option<Listing> {
    let from = Day::from_number(from?)?;
    Some((from, until.and_then(Day::from_number), reason.cloned().unwrap_or_default()))
}

/// The residents of a household that was read within scope, in the order they were listed; those who live
/// here no more among them.
pub async fn residents(tx: &mut Snapshot, household: &HouseholdRow) -> db::Result<Vec<ResidentRow>> {
    let sql = "SELECT id, name, sex, birth_day, identity_sealed, phone_sealed, relation, registration, \
               presence, presence_since, whereabouts, key_from, key_until, key_reason, gone_from, gone_how \
               FROM resident WHERE town = $1 AND household = $2 ORDER BY (relation <> '户主'), id";
    on_db!(tx, c => sqlx::query_as(sql).bind(household.town).bind(household.id).fetch_all(c).await)
}

/// Who lives on a day in a household that was read within scope.
pub async fn living(tx: &mut Snapshot, household: &HouseholdRow, day: Day) -> db::Result<Vec<ResidentRow>> {
    let mut people = residents(tx, household).await?;
    people.retain(|resident| resident.is_here(day));
    Ok(people)
}

/// The stays of a person (household, number), the first first: whoever moved has several.
pub async fn stays(tx: &mut Snapshot, town: i64, resident: i64) -> db::Result<Vec<(i64, i64)>> {
    let sql = "SELECT s.household, s.id FROM resident o JOIN resident s ON s.town = o.town \
               AND (s.id = COALESCE(o.person, o.id) OR s.person = COALESCE(o.person, o.id)) \
               WHERE o.town = $1 AND o.id = $2 ORDER BY s.id";
    on_db!(tx, c => sqlx::query_as(sql).bind(town).bind(resident).fetch_all(c).await)
}
