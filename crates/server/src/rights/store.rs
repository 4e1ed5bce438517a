//! The rows of requests, and all that is kept about a resident.

use base::{Day, Division, Moment};
use db::{Snapshot, Tx, on_db};
use sqlx::QueryBuilder;
use uuid::Uuid;

use super::model::{Kind, State};
use crate::access::Scope;

/// A request, with the names of who did what.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Request {
    pub town: i64,
    pub id: Uuid,
    pub household: i64,
    pub resident: i64,
    pub kind: String,
    pub state: String,
    pub wish_sealed: Vec<u8>,
    pub answer_sealed: Option<Vec<u8>>,
    pub due_day: i32,
    pub notice: i32,
    pub received_at: i64,
    pub taken_at: Option<i64>,
    pub answered_at: Option<i64>,
    pub closed_at: Option<i64>,
    /// None once the resident is in the register no more.
    pub name: Option<String>,
    pub received_name: Option<String>,
    pub taken_name: Option<String>,
    pub answered_name: Option<String>,
    pub closed_name: Option<String>,
}

impl Request {
    pub fn kind(&self) -> Kind {
        Kind::of_key(&self.kind).unwrap_or(Kind::Access)
    }

    pub fn state(&self) -> State {
        State::of_key(&self.state).unwrap_or(State::Closed)
    }

    /// Whether an answer is owed and its day is over.
    pub fn is_late(&self, today: Day) -> bool {
        self.state().is_owed() && self.due_day < today.number()
    }
}

const SELECT: &str = "SELECT q.town, q.id, q.household, q.resident, q.kind, q.state, \
     q.wish_sealed, q.answer_sealed, q.due_day, q.notice, q.received_at, q.taken_at, q.answered_at, \
     q.closed_at, r.name, a.name AS received_name, t.name AS taken_name, w.name AS answered_name, \
     c.name AS closed_name FROM rights_request q \
     LEFT JOIN resident r ON r.town = q.town AND r.id = q.resident \
     LEFT JOIN account a ON a.id = q.received_by LEFT JOIN account t ON t.id = q.taken_by \
     LEFT JOIN account w ON w.id = q.answered_by LEFT JOIN account c ON c.id = q.closed_by WHERE ";

/// The requests of a scope, those whose answer is owed first, the most urgent at the top.
pub async fn list(tx: &mut Snapshot, scope: &Scope, most: i64) -> db::Result<Vec<Request>> {
    on_db!(tx, c => {
        let mut sql = QueryBuilder::new(SELECT);
        scope.restrict(&mut sql, "q");
        sql.push(" ORDER BY CASE q.state WHEN 'closed' THEN 2 WHEN 'answered' THEN 1 ELSE 0 END, q.due_day, q.id LIMIT ");
        sql.push_bind(most);
        sql.build_query_as().fetch_all(c).await
    })
}

/// How many answers of a scope are owed.
pub async fn owed(tx: &mut Snapshot, scope: &Scope) -> db::Result<i64> {
    on_db!(tx, c => {
        let mut sql = QueryBuilder::new(
            "SELECT COUNT(*) FROM rights_request q WHERE q.state IN ('received', 'taken') AND ",
        );
        scope.restrict(&mut sql, "q");
        sql.build_query_scalar().fetch_one(c).await
    })
}

/// One request, if it is in scope.
pub async fn one(tx: &mut Snapshot, scope: &Scope, town: i64, id: Uuid) -> db::Result<Option<Request>> {
    on_db!(tx, c => {
        let mut sql = QueryBuilder::new(SELECT);
        scope.restrict(&mut sql, "q");
        sql.push(" AND q.town = ").push_bind(town).push(" AND q.id = ").push_bind(id);
        sql.build_query_as().fetch_optional(c).await
    })
}

/// Where a household of a scope stands or stood last, and its people; nothing where it is not reached.
pub async fn household(
    tx: &mut Snapshot,
    scope: &Scope,
    town: i64,
    household: i64,
) -> db::Result<Option<(Division, Vec<(i64, String)>)>> {
    let stands: Option<i64> = on_db!(tx, c => {
        let mut sql = QueryBuilder::new("SELECT s.division FROM household_span s WHERE s.town = ");
        sql.push_bind(town).push(" AND s.household = ").push_bind(household).push(" AND ");
        scope.restrict(&mut sql, "s");
        sql.push(" ORDER BY s.from_day DESC LIMIT 1");
        sql.build_query_scalar().fetch_optional(c).await
    })?;
    let Some(division) = stands.and_then(Division::from_number) else { return Ok(None) };
    let sql = "SELECT id, name FROM resident WHERE town = $1 AND household = $2 ORDER BY id";
    let people = on_db!(tx, c => sqlx::query_as(sql).bind(town).bind(household).fetch_all(c).await)?;
    Ok(Some((division, people)))
}

/// A new request.
pub struct New<'a> {
    pub town: i64,
    pub id: Uuid,
    pub household: i64,
    pub resident: i64,
    pub division: Division,
    pub kind: Kind,
    pub wish: &'a [u8],
    pub due: Day,
    pub notice: i32,
    pub by: i64,
    pub at: Moment,
}

pub async fn insert(tx: &mut Tx, new: &New<'_>) -> db::Result<()> {
    let sql = "INSERT INTO rights_request (town, id, household, resident, division, kind, state, \
               wish_sealed, due_day, notice, received_by, received_at) \
               VALUES ($1, $2, $3, $4, $5, $6, 'received', $7, $8, $9, $10, $11)";
    on_db!(tx, c => sqlx::query(sql)
        .bind(new.town).bind(new.id).bind(new.household).bind(new.resident).bind(new.division.number())
        .bind(new.kind.key()).bind(new.wish).bind(new.due.number()).bind(new.notice).bind(new.by)
        .bind(new.at.0).execute(c).await.map(|_| ()))
}

/// Who does a step, and when.
#[derive(Clone, Copy)]
pub struct By {
    pub account: i64,
    pub at: Moment,
}

/// Somebody handles it; false where somebody does already.
pub async fn take(tx: &mut Tx, town: i64, id: Uuid, by: By) -> db::Result<bool> {
    let sql = "UPDATE rights_request SET state = 'taken', taken_by = $3, taken_at = $4 \
               WHERE town = $1 AND id = $2 AND state = 'received'";
    moved(tx, sql, (town, id), by).await
}

/// It is closed; false where it was not answered, or is closed.
pub async fn close(tx: &mut Tx, town: i64, id: Uuid, by: By) -> db::Result<bool> {
    let sql = "UPDATE rights_request SET state = 'closed', closed_by = $3, closed_at = $4 \
               WHERE town = $1 AND id = $2 AND state = 'answered'";
    moved(tx, sql, (town, id), by).await
}

async fn moved(tx: &mut Tx, sql: &'static str, (town, id): (i64, Uuid), by: By) -> db::Result<bool> {
    let done = on_db!(tx, c => sqlx::query(sql)
        .bind(town).bind(id).bind(by.account).bind(by.at.0)
        .execute(c).await.map(|done| done.rows_affected()))?;
    Ok(done == 1)
}

/// What was answered; false where it was answered before.
pub async fn answer(tx: &mut Tx, town: i64, id: Uuid, by: By, sealed: &[u8]) -> db::Result<bool> {
    let sql = "UPDATE rights_request SET state = 'answered', answered_by = $3, answered_at = $4, \
               answer_sealed = $5 WHERE town = $1 AND id = $2 AND state IN ('received', 'taken')";
    let done = on_db!(tx, c => sqlx::query(sql)
        .bind(town).bind(id).bind(by.account).bind(by.at.0).bind(sealed)
        .execute(c).await.map(|done| done.rows_affected()))?;
    Ok(done == 1)
}

/// A resident as the register has him, with his household.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Known {
    pub name: String,
    pub relation: String,
    pub sex: Option<String>,
    pub birth_day: Option<i32>,
    pub identity_sealed: Option<Vec<u8>>,
    pub phone_sealed: Option<Vec<u8>>,
    pub registration: String,
    pub presence: String,
    pub presence_since: Option<i32>,
    pub whereabouts: String,
    pub key_from: Option<i32>,
    pub key_until: Option<i32>,
    pub key_reason: Option<String>,
    pub house_number: String,
    pub head: String,
    pub address: String,
    pub household_phone: Option<Vec<u8>>,
    pub tags: String,
    pub listed_day: i32,
}

pub async fn known(tx: &mut Snapshot, of: &Request) -> db::Result<Option<Known>> {
    let sql = "SELECT r.name, r.relation, r.sex, r.birth_day, r.identity_sealed, r.phone_sealed, \
               r.registration, r.presence, r.presence_since, r.whereabouts, r.key_from, r.key_until, \
               r.key_reason, h.house_number, h.head, h.address, h.phone_sealed AS household_phone, h.tags, \
               h.listed_day FROM resident r JOIN household h ON h.town = r.town AND h.id = r.household \
               WHERE r.town = $1 AND r.id = $2 AND r.household = $3";
    on_db!(tx, c => sqlx::query_as(sql)
        .bind(of.town).bind(of.resident).bind(of.household).fetch_optional(c).await)
}

/// The days on which the household was checked, with the answers that stand (day, state, JSON).
pub async fn checks(tx: &mut Snapshot, of: &Request) -> db::Result<Vec<(i32, String, Option<String>)>> {
    // By the days of the round: standings have no index by household.
    let sql = "SELECT t.day, t.state, c.answers FROM round_day d \
               JOIN round_standing t ON t.town = d.town AND t.day = d.day AND t.household = $2 \
               LEFT JOIN round_check c ON c.town = t.town AND c.id = t.standing \
               WHERE d.town = $1 ORDER BY t.day";
    on_db!(tx, c => sqlx::query_as(sql).bind(of.town).bind(of.household).fetch_all(c).await)
}

/// What was found about the resident (day, kind, state, note).
pub async fn findings(
    tx: &mut Snapshot,
    of: &Request,
) -> db::Result<Vec<(i32, String, String, Option<String>)>> {
    let sql = "SELECT day, kind, state, closing_note FROM finding \
               WHERE town = $1 AND household = $2 AND (subject = $3 OR subject = '') ORDER BY day, kind";
    on_db!(tx, c => sqlx::query_as(sql)
        .bind(of.town).bind(of.household).bind(of.resident.to_string()).fetch_all(c).await)
}
