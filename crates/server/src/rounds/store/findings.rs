//! Findings as the writer raises and withdraws them; the feature `findings` lists and handles them.

use base::Moment;
use db::{Rows, Snapshot, Tx, on_db};
use uuid::Uuid;

use super::HouseholdDay;
use crate::rounds::standing::{Found, Kind};

/// A finding of a household's day, as far as the writer compares it.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct FindingRow {
    town: i64,
    household: i64,
    day: i32,
    pub id: Uuid,
    pub kind: String,
    pub subject: String,
    pub source: Uuid,
    pub detail: String,
    pub state: String,
    closed_at: Option<i64>,
}

impl FindingRow {
    /// Whether somebody was done with it before a moment.
    pub fn is_closed_before(&self, at: Moment) -> bool {
        self.state == "closed" && self.closed_at.is_some_and(|closed| closed < at.0)
    }

    pub fn key(&self) -> HouseholdDay {
        (self.town, self.household, self.day)
    }

    pub fn what(&self) -> Option<Found> {
        Some((Kind::of_key(&self.kind)?, self.subject.clone()))
    }
}

/// The findings of some households' days.
pub async fn findings_of(tx: &mut Snapshot, wanted: &[HouseholdDay]) -> db::Result<Vec<FindingRow>> {
    let sql = "WITH wanted(town_, household_, day_) AS ({rows}) \
               SELECT town, household, day, id, kind, subject, source, detail, state, closed_at \
               FROM wanted CROSS JOIN finding WHERE town = town_ AND day = day_ AND household = household_";
    Rows::of(wanted).big(|w| w.0).big(|w| w.1).int(|w| w.2).fetch(tx, sql).await
}

/// A finding that a check raised.
#[derive(Clone, Debug)]
pub struct NewFinding {
    pub id: Uuid,
    pub key: HouseholdDay,
    pub what: Found,
    pub division: i64,
    pub source: Uuid,
    pub detail: String,
    pub raised_at: Moment,
}

pub async fn insert_findings(tx: &mut Tx, new: &[NewFinding]) -> db::Result<()> {
    let sql = "INSERT INTO finding (town, id, day, household, kind, subject, division, source, detail, \
               state, raised_at) {rows}";
    Rows::of(new)
        .big(|f| f.key.0)
        .id(|f| f.id)
        .int(|f| f.key.2)
        .big(|f| f.key.1)
        .text(|f| f.what.0.key())
        .text(|f| &*f.what.1)
        .big(|f| f.division)
        .id(|f| f.source)
        .text(|f| &*f.detail)
        .text(|_| "open")
        .big(|f| f.raised_at.0)
        .execute(tx, sql)
        .await
        .map(|_| ())
}

/// Withdraws a finding that no check tells any more, or opens one again: nobody has taken it then.
pub async fn put_finding_state(tx: &mut Tx, town: i64, id: Uuid, state: &str) -> db::Result<()> {
    let sql = "UPDATE finding SET state = $3, taken_by = CASE WHEN $3 = 'open' THEN NULL ELSE taken_by END, \
               taken_at = CASE WHEN $3 = 'open' THEN NULL ELSE taken_at END WHERE town = $1 AND id = $2";
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
