//! Findings as the writer raises and withdraws them; the feature `findings` lists and handles them.

use base::Moment;
use db::{Snapshot, Tx, on_db};
use uuid::Uuid;

use super::HouseholdDay;
use crate::rounds::standing::{Found, Kind};

/// A finding of a household's day, as far as the writer compares it.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct FindingRow {
    pub id: Uuid,
    pub kind: String,
    pub subject: String,
    pub source: Uuid,
    pub detail: String,
    pub state: String,
}

impl FindingRow {
    pub fn what(&self) -> Option<Found> {
        Some((Kind::of_key(&self.kind)?, self.subject.clone()))
    }
}

pub async fn findings_of(tx: &mut Snapshot, key: HouseholdDay) -> db::Result<Vec<FindingRow>> {
    let sql = "SELECT id, kind, subject, source, detail, state FROM finding \
               WHERE town = $1 AND day = $2 AND household = $3";
    on_db!(tx, c => sqlx::query_as(sql).bind(key.0).bind(key.2).bind(key.1).fetch_all(c).await)
}

/// A finding that a check raised.
#[derive(Clone, Debug)]
pub struct NewFinding<'a> {
    pub id: Uuid,
    pub key: HouseholdDay,
    pub what: &'a Found,
    pub division: i64,
    pub source: Uuid,
    pub detail: String,
    pub raised_at: Moment,
}

pub async fn insert_finding(tx: &mut Tx, new: NewFinding<'_>) -> db::Result<()> {
    let sql = "INSERT INTO finding (town, id, day, household, kind, subject, division, source, detail, \
               state, raised_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'open', $10)";
    on_db!(tx, c => sqlx::query(sql)
        .bind(new.key.0).bind(new.id).bind(new.key.2).bind(new.key.1).bind(new.what.0.key())
        .bind(&new.what.1).bind(new.division).bind(new.source).bind(&new.detail).bind(new.raised_at.0)
        .execute(c).await.map(|_| ()))
}

/// Withdraws a finding that no check tells any more, or brings a withdrawn one back.
pub async fn put_finding_state(tx: &mut Tx, town: i64, id: Uuid, state: &str) -> db::Result<()> {
    let sql = "UPDATE finding SET state = $3 WHERE town = $1 AND id = $2";
    on_db!(tx, c => sqlx::query(sql).bind(town).bind(id).bind(state).execute(c).await.map(|_| ()))
}

/// Puts down what the checks now tell of a finding: a correction changed it.
pub async fn put_finding_told(
    tx: &mut Tx,
    town: i64,
    id: Uuid,
    source: Uuid,
    detail: &str,
) -> db::Result<()> {
    let sql = "UPDATE finding SET source = $3, detail = $4 WHERE town = $1 AND id = $2";
    on_db!(tx, c => sqlx::query(sql)
        .bind(town).bind(id).bind(source).bind(detail).execute(c).await.map(|_| ()))
}
