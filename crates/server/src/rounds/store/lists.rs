//! Reading the round: the households of a day with their states, and one household to check.

use base::{Day, Division};
use db::{Snapshot, on_db};
use sqlx::{Database, Encode, QueryBuilder, Type};

use super::push_answered;
use crate::access::{Scope, holds};
use crate::rounds::standing::{State, Which};

/// A household's day as lists show it.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct HouseholdRow {
    pub town: i64,
    pub household: i64,
    pub division: i64,
    pub house_number: String,
    pub house_order: String,
    pub head: String,
    pub tags: String,
    /// `lived-in`: due every day; `vacant` and `away` are not.
    pub occupancy: String,
    pub people: i64,
    /// `silent` where nothing was told.
    pub state: String,
    pub standing: Option<uuid::Uuid>,
    pub reached_at: Option<i64>,
    pub reason: Option<String>,
    /// The state of the day before; none where the household was not due on it, or no day was open.
    pub yesterday: Option<String>,
    /// The contact; none means that the street lead answers.
    pub steward: Option<i64>,
    pub contact: Option<String>,
    pub contact_phone: Option<Vec<u8>>,
}

impl HouseholdRow {
    pub fn state(&self) -> State {
        State::of_key(&self.state).unwrap_or(State::Silent)
    }

    /// Nothing was told today, nor the day before.
    pub fn is_silent_again(&self) -> bool {
        self.state() == State::Silent && self.yesterday.as_deref() == Some(State::Silent.key())
    }
}

/// Which households of a day are listed.
#[derive(Clone, Copy, Debug)]
pub struct Listing {
    pub division: Division,
    pub day: Day,
    pub which: Which,
}

const COLUMNS: &str = "COALESCE(st.state, 'silent') AS state, st.standing, st.reached_at, \
     (SELECT k.reason FROM round_check k WHERE k.town = s.town AND k.id = st.standing) AS reason, \
     CASE WHEN due.town IS NOT NULL THEN COALESCE(y.state, 'silent') END AS yesterday, own.steward, w.name AS contact, w.phone_sealed AS contact_phone \
     FROM household_span s \
     JOIN household h ON h.town = s.town AND h.id = s.household ";

/// The households of a day, as far as their condition.
fn of_day<DB>(day: Day) -> QueryBuilder<DB>
where
    DB: Database,
    i32: for<'q> Encode<'q, DB> + Type<DB>,
{
    let mut sql = QueryBuilder::new(
        "SELECT s.town, s.household, s.division, h.house_number, h.house_order, h.head, h.tags, s.occupancy, \
         (SELECT COUNT(*) FROM resident r WHERE r.town = s.town AND r.household = s.household \
         AND (r.gone_from IS NULL OR r.gone_from > ",
    );
    sql.push_bind(day.number()).push(")) AS people, ").push(COLUMNS);
    push_day(&mut sql, day);
    sql
}

/// Joins the day's contact, its standing and that of the day before, and whether it was due then; keeps to the households of
/// that day.
fn push_day<DB>(sql: &mut QueryBuilder<DB>, day: Day)
where
    DB: Database,
    i32: for<'q> Encode<'q, DB> + Type<DB>,
{
    sql.push(
        "LEFT JOIN stewardship own ON own.town = s.town AND own.level = 'household' \
         AND own.node = s.household AND ",
    );
    holds(sql, "own", day);
    sql.push(" LEFT JOIN steward w ON w.town = own.town AND w.id = own.steward ");
    sql.push("LEFT JOIN round_standing st ON st.town = s.town AND st.household = s.household AND st.day = ");
    sql.push_bind(day.number());
    sql.push(" LEFT JOIN round_standing y ON y.town = s.town AND y.household = s.household AND y.day = ");
    sql.push_bind(day.previous().number());
    sql.push(" LEFT JOIN round_day before ON before.town = s.town AND before.day = ");
    sql.push_bind(day.previous().number());
    sql.push(
        " LEFT JOIN household_span due ON due.town = before.town AND due.household = s.household \
         AND due.from_day <= before.day AND due.until_day > before.day AND due.occupancy = 'lived-in'",
    );
    sql.push(" WHERE s.from_day <= ").push_bind(day.number());
    sql.push(" AND s.until_day > ").push_bind(day.number());
}

const IN_ORDER: &str = " ORDER BY s.division, h.house_order, s.household";

/// One page of the households due on a day, in the order of their doors; `after` is the last row
/// of the page before.
pub async fn households(
    tx: &mut Snapshot,
    scope: &Scope,
    listing: Listing,
    after: Option<(i64, &str, i64)>,
    limit: i64,
) -> db::Result<Vec<HouseholdRow>> {
    let range = listing.division.range();
    on_db!(tx, c => {
        let mut sql = of_day(listing.day);
        sql.push(" AND s.occupancy = 'lived-in' AND s.town = ").push_bind(listing.division.town());
        sql.push(" AND s.division BETWEEN ").push_bind(range.low).push(" AND ").push_bind(range.high);
        sql.push(" AND ");
        scope.restrict(&mut sql, "s");
        if listing.which != Which::Due {
            sql.push(" AND COALESCE(st.state, 'silent') IN (");
            let mut list = sql.separated(", ");
            listing.which.states().into_iter().for_each(|state| {
                list.push_bind(state.key());
            });
            sql.push(")");
        }
        if let Some((division, order, household)) = after {
            sql.push(" AND (s.division, h.house_order, s.household) > (").push_bind(division);
            sql.push(", ").push_bind(order.to_owned()).push(", ").push_bind(household).push(")");
        }
        sql.push(IN_ORDER).push(" LIMIT ").push_bind(limit);
        sql.build_query_as().fetch_all(c).await
    })
}

/// The households that the stewards of a scope answer for on a day, in the order of their doors.
pub async fn mine(tx: &mut Snapshot, scope: &Scope, day: Day) -> db::Result<Vec<HouseholdRow>> {
    let mut rows = Vec::new();
    for steward in scope.stewards() {
        let found: Vec<HouseholdRow> = on_db!(tx, c => {
            let mut sql = of_day(day);
            sql.push(" AND s.occupancy = 'lived-in'");
            push_answered(&mut sql, *steward, day);
            sql.push(" AND ");
            scope.restrict(&mut sql, "s");
            sql.push(IN_ORDER);
            sql.build_query_as().fetch_all(c).await
        })?;
        rows.extend(found);
    }
    Ok(rows)
}

/// One household on a day, if it is in scope.
pub async fn household(
    tx: &mut Snapshot,
    scope: &Scope,
    town: i64,
    household: i64,
    day: Day,
) -> db::Result<Option<HouseholdRow>> {
    on_db!(tx, c => {
        let mut sql = of_day(day);
        sql.push(" AND s.town = ").push_bind(town).push(" AND s.household = ").push_bind(household);
        sql.push(" AND ");
        scope.restrict(&mut sql, "s");
        sql.build_query_as().fetch_optional(c).await
    })
}

/// The contact that lists name for a household on a day, with the sealed number.
pub async fn contact(
    tx: &mut Snapshot,
    scope: &Scope,
    town: i64,
    id: i64,
    day: Day,
) -> db::Result<Option<(String, Option<Vec<u8>>)>> {
    let row = household(tx, scope, town, id, day).await?;
    Ok(row.and_then(|row| Some((row.contact?, row.contact_phone))))
}

/// The number of a household that was read in scope, sealed.
pub async fn phone(tx: &mut Snapshot, row: &HouseholdRow) -> db::Result<Option<Vec<u8>>> {
    let sql = "SELECT phone_sealed FROM household WHERE town = $1 AND id = $2";
    on_db!(tx, c => sqlx::query_scalar(sql).bind(row.town).bind(row.household).fetch_one(c).await)
}

/// A resident, as the form of a check asks about one.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Resident {
    pub id: i64,
    pub name: String,
    pub relation: String,
    pub birth_day: Option<i32>,
    pub presence: String,
    pub whereabouts: String,
    pub gone_from: Option<i32>,
}

impl Resident {
    /// Whether he lives there on a day.
    pub fn is_here(&self, day: Day) -> bool {
        self.gone_from.is_none_or(|gone| day.number() < gone)
    }

    /// Full years, where the birth date is known.
    pub fn age(&self, on: Day) -> Option<i32> {
        Some(Day::from_number(self.birth_day?)?.age_on(on))
    }
}

/// The residents of a household that was read in scope who live there on a day, or left on it.
pub async fn residents(tx: &mut Snapshot, row: &HouseholdRow, day: Day) -> db::Result<Vec<Resident>> {
    let sql = "SELECT id, name, relation, birth_day, presence, whereabouts, gone_from FROM resident \
               WHERE town = $1 AND household = $2 AND (gone_from IS NULL OR gone_from >= $3) ORDER BY id";
    on_db!(tx, c => sqlx::query_as(sql).bind(row.town).bind(row.household).bind(day.number()).fetch_all(c).await)
}
