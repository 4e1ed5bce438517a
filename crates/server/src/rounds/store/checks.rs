//! Checks as they are stored: appended, looked up by id, followed back along their chain.

use std::collections::{BTreeMap, BTreeSet};

use base::Moment;
use db::{Rows, Snapshot, Tx};
use uuid::Uuid;

use super::super::model::{Answers, Check, Outcome, Source};
use super::super::standing::Fact;
use super::HouseholdDay;

/// A check as it is stored.
#[derive(Clone, Debug, PartialEq, sqlx::FromRow)]
pub struct CheckRow {
    pub town: i64,
    pub id: Uuid,
    pub household: i64,
    pub day: i32,
    pub division: i64,
    pub outcome: String,
    pub reason: Option<String>,
    pub happened_at: i64,
    pub entered_at: i64,
    pub entered_by: i64,
    pub checked_by: Option<i64>,
    pub source: String,
    pub playbook_version: i32,
    pub answers: Option<String>,
    pub corrects: Option<Uuid>,
    pub previous: Option<Uuid>,
}

impl CheckRow {
    pub fn key(&self) -> HouseholdDay {
        (self.town, self.household, self.day)
    }

    /// Whether a check that is sent again says what is stored. Who entered it and when may differ:
    /// the first time stands.
    pub fn says(&self, check: &Check) -> bool {
        self.household == check.household
            && self.outcome == outcome_key(check.outcome)
            && self.reason == check.reason
            && self.happened_at == check.happened_at.0
            && self.corrects == check.corrects
            && self.source == source_key(check.source)
            && self.checked_by == check.checked_by
            && self.answers() == check.answers
    }

    pub fn answers(&self) -> Option<Answers> {
        self.answers.as_deref().and_then(|text| serde_json::from_str(text).ok())
    }

    pub fn fact(&self) -> Fact {
        Fact {
            id: self.id,
            outcome: outcome_of(&self.outcome),
            happened_at: Moment(self.happened_at),
            entered_at: Moment(self.entered_at),
            corrects: self.corrects,
            answers: self.answers(),
        }
    }
}

pub fn outcome_key(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Well => "well",
        Outcome::Detailed => "detailed",
        Outcome::Unreachable => "unreachable",
        Outcome::Withdrawn => "withdrawn",
    }
}

fn outcome_of(key: &str) -> Outcome {
    match key {
        "detailed" => Outcome::Detailed,
        "unreachable" => Outcome::Unreachable,
        "withdrawn" => Outcome::Withdrawn,
        _ => Outcome::Well,
    }
}

pub fn source_key(source: Source) -> &'static str {
    match source {
        Source::App => "app",
        Source::Paper => "paper",
        Source::Proxy => "proxy",
    }
}

/// The stored checks of these (town, id).
pub async fn checks(
    tx: &mut Snapshot,
    ids: &BTreeSet<(i64, Uuid)>,
) -> db::Result<BTreeMap<(i64, Uuid), CheckRow>> {
    let ids: Vec<_> = ids.iter().copied().collect();
    let sql = "WITH wanted(town_, id_) AS ({rows}) \
               SELECT town, id, household, day, division, outcome, reason, happened_at, entered_at, \
               entered_by, checked_by, source, playbook_version, answers, corrects, previous \
               FROM wanted CROSS JOIN round_check WHERE town = town_ AND id = id_";
    let found: Vec<CheckRow> = Rows::of(&ids).big(|id| id.0).id(|id| id.1).fetch(tx, sql).await?;
    Ok(found.into_iter().map(|row| ((row.town, row.id), row)).collect())
}

/// All checks of some households' days, each found from the last of its day to arrive (town, id).
pub async fn chains(tx: &mut Snapshot, last: &[(i64, Uuid)]) -> db::Result<Vec<CheckRow>> {
    let sql = "WITH RECURSIVE wanted(town_, id_) AS ({rows}), chain AS ( \
                 SELECT c.* FROM wanted CROSS JOIN round_check c WHERE c.town = town_ AND c.id = id_ \
                 UNION ALL \
                 SELECT c.* FROM chain CROSS JOIN round_check c \
                 WHERE c.town = chain.town AND c.id = chain.previous) \
               SELECT town, id, household, day, division, outcome, reason, happened_at, entered_at, \
               entered_by, checked_by, source, playbook_version, answers, corrects, previous FROM chain";
    Rows::of(last).big(|id| id.0).id(|id| id.1).fetch(tx, sql).await
}

/// Appends checks.
pub async fn insert_checks(tx: &mut Tx, rows: &[CheckRow]) -> db::Result<()> {
    let sql = "INSERT INTO round_check (town, id, household, day, division, outcome, reason, happened_at, \
               entered_at, entered_by, checked_by, source, playbook_version, answers, corrects, previous) \
               {rows}";
    Rows::of(rows)
        .big(|r| r.town)
        .id(|r| r.id)
        .big(|r| r.household)
        .int(|r| r.day)
        .big(|r| r.division)
        .text(|r| &*r.outcome)
        .text(|r| r.reason.as_deref())
        .big(|r| r.happened_at)
        .big(|r| r.entered_at)
        .big(|r| r.entered_by)
        .big(|r| r.checked_by)
        .text(|r| &*r.source)
        .int(|r| r.playbook_version)
        .text(|r| r.answers.as_deref())
        .id(|r| r.corrects)
        .id(|r| r.previous)
        .execute(tx, sql)
        .await
        .map(|_| ())
}
