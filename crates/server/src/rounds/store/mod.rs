//! The round's rows: looked up and written in batches, so that a burst costs a handful of
//! statements, not some for each check.

use std::collections::{BTreeMap, BTreeSet};

mod findings;
pub mod history;
mod lists;
mod names;
mod opening;
mod paper;
mod reading;
pub mod turn;

use base::{Day, Moment};
use db::{Snapshot, Tx, on_db};
use sqlx::QueryBuilder;
use uuid::Uuid;

use super::model::{Answers, Check, Outcome, Source};
use super::standing::{Fact, Standing, State};

pub use findings::{NewFinding, findings_of, insert_finding, put_finding_state, put_finding_told};
pub use lists::{HouseholdRow, Listing, Resident, household, households, mine, residents};
pub use names::{division_names, place_name, stewards_near};
pub use opening::{expected, open_day};
pub use paper::residents_of;
pub use reading::{
    Curve, NamedCheck, count_checks, curve, last_checks, of_day, opened_days, towns, towns_to_open,
};

/// A household's day: (town, household, day).
pub type HouseholdDay = (i64, i64, i32);

/// Rows of one statement; the widest has 16 values, so 32,766 parameters are never reached.
const ROWS: usize = 1_000;

/// What the writer has to know of a household before it takes a check.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Place {
    pub town: i64,
    pub household: i64,
    pub day: i32,
    pub division: i64,
    pub occupancy: String,
    /// The contact of today.
    pub steward: Option<i64>,
    pub started_day: i32,
    pub ended_day: Option<i32>,
    pub due: Option<bool>,
    pub state: Option<String>,
    pub standing: Option<Uuid>,
    pub last: Option<Uuid>,
    pub reached_at: Option<i64>,
    pub measured: Option<i32>,
    pub feverish: Option<i32>,
    pub key_measured: Option<i32>,
    pub key_feverish: Option<i32>,
}

impl Place {
    /// The standing that is stored, with whether it was counted as due.
    pub fn stored(&self) -> Option<(bool, Standing)> {
        let standing = Standing {
            state: State::of_key(self.state.as_deref()?)?,
            standing: self.standing?,
            reached_at: self.reached_at.map(Moment),
            measured: self.measured?,
            feverish: self.feverish?,
            key_measured: self.key_measured?,
            key_feverish: self.key_feverish?,
        };
        Some((self.due?, standing))
    }
}

/// Looks up households as they stood on given days. What is not in the register of that day, or
/// not in a town that is run with this program, is missing from the answer.
pub async fn places(
    tx: &mut Snapshot,
    wanted: &BTreeSet<HouseholdDay>,
    today: Day,
) -> db::Result<BTreeMap<HouseholdDay, Place>> {
    let wanted: Vec<_> = wanted.iter().copied().collect();
    let mut found = BTreeMap::new();
    for wanted in wanted.chunks(ROWS) {
        let rows: Vec<Place> = on_db!(tx, c => {
            let mut sql = QueryBuilder::new("WITH wanted(town, household, day) AS (");
            sql.push_values(wanted, |mut row, (town, household, day)| {
                row.push_bind(*town).push_bind(*household).push_bind(*day);
            });
            // CROSS JOIN keeps SQLite from scanning the register to look the wanted up in it.
            sql.push(
                ") SELECT w.town, w.household, w.day, s.division, s.occupancy, own.steward, \
                 o.started_day, o.ended_day, st.due, st.state, st.standing, st.last, st.reached_at, st.measured, \
                 st.feverish, st.key_measured, st.key_feverish \
                 FROM wanted w CROSS JOIN household_span s CROSS JOIN operation o \
                 LEFT JOIN stewardship own ON own.town = w.town AND own.level = 'household' \
                 AND own.node = w.household AND own.from_day <= ",
            );
            sql.push_bind(today.number()).push(" AND (own.until_day IS NULL OR own.until_day > ");
            sql.push_bind(today.number()).push(
                ") LEFT JOIN round_standing st ON st.town = w.town AND st.day = w.day \
                 AND st.household = w.household WHERE s.town = w.town AND s.household = w.household \
                 AND s.from_day <= w.day AND s.until_day > w.day AND o.town = w.town",
            );
            sql.build_query_as().fetch_all(c).await
        })?;
        found.extend(rows.into_iter().map(|row| ((row.town, row.household, row.day), row)));
    }
    Ok(found)
}

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

const CHECK: &str = "town, id, household, day, division, outcome, reason, happened_at, entered_at, \
                     entered_by, checked_by, source, playbook_version, answers, corrects, previous";

impl CheckRow {
    /// Whether a check that is sent again says what is stored. Who entered it and when may differ:
    /// the first time stands.
    pub fn says(&self, check: &Check) -> bool {
        self.household == check.household
            && self.outcome == outcome_key(check.outcome)
            && self.reason == check.reason
            && self.happened_at == check.happened_at.0
            && self.corrects == check.corrects
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

pub fn outcome_of(key: &str) -> Outcome {
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
    let mut found = BTreeMap::new();
    for ids in ids.chunks(ROWS) {
        let rows: Vec<CheckRow> = on_db!(tx, c => {
            let mut sql = QueryBuilder::new("WITH wanted(town_, id_) AS (");
            sql.push_values(ids, |mut row, (town, id)| {
                row.push_bind(*town).push_bind(*id);
            });
            sql.push(") SELECT ").push(CHECK);
            sql.push(" FROM wanted CROSS JOIN round_check WHERE town = town_ AND id = id_");
            sql.build_query_as().fetch_all(c).await
        })?;
        found.extend(rows.into_iter().map(|row| ((row.town, row.id), row)));
    }
    Ok(found)
}

/// All checks of a household's day, from the last to arrive back to the first.
pub async fn chain(tx: &mut Snapshot, town: i64, last: Uuid) -> db::Result<Vec<CheckRow>> {
    let sql = "WITH RECURSIVE chain AS ( \
                 SELECT * FROM round_check WHERE town = $1 AND id = $2 \
                 UNION ALL \
                 SELECT c.* FROM chain JOIN round_check c ON c.town = chain.town AND c.id = chain.previous) \
               SELECT town, id, household, day, division, outcome, reason, happened_at, entered_at, \
               entered_by, checked_by, source, playbook_version, answers, corrects, previous FROM chain";
    on_db!(tx, c => sqlx::query_as(sql).bind(town).bind(last).fetch_all(c).await)
}

/// Appends checks.
pub async fn insert_checks(tx: &mut Tx, rows: &[CheckRow]) -> db::Result<()> {
    for rows in rows.chunks(ROWS) {
        on_db!(tx, c => {
            let mut sql = QueryBuilder::new("INSERT INTO round_check (");
            sql.push(CHECK).push(") ");
            sql.push_values(rows, |mut row, r| {
                row.push_bind(r.town).push_bind(r.id).push_bind(r.household).push_bind(r.day);
                row.push_bind(r.division).push_bind(&r.outcome).push_bind(&r.reason);
                row.push_bind(r.happened_at).push_bind(r.entered_at).push_bind(r.entered_by);
                row.push_bind(r.checked_by).push_bind(&r.source).push_bind(r.playbook_version);
                row.push_bind(&r.answers).push_bind(r.corrects).push_bind(r.previous);
            });
            sql.build().execute(c).await.map(|_| ())
        })?;
    }
    Ok(())
}

/// A standing to be stored, with the division it is counted in and the last check to arrive.
#[derive(Clone, Debug)]
pub struct StandingRow {
    pub key: HouseholdDay,
    pub division: i64,
    pub due: bool,
    pub standing: Standing,
    pub last: Uuid,
}

/// Stores standings, replacing what stood before.
pub async fn put_standings(tx: &mut Tx, rows: &[StandingRow]) -> db::Result<()> {
    for rows in rows.chunks(ROWS) {
        on_db!(tx, c => {
            let mut sql = QueryBuilder::new(
                "INSERT INTO round_standing (town, day, household, division, due, state, standing, last, \
                 reached_at, measured, feverish, key_measured, key_feverish) ",
            );
            sql.push_values(rows, |mut row, r| {
                let s = &r.standing;
                row.push_bind(r.key.0).push_bind(r.key.2).push_bind(r.key.1).push_bind(r.division);
                row.push_bind(r.due).push_bind(s.state.key()).push_bind(s.standing).push_bind(r.last);
                row.push_bind(s.reached_at.map(|at| at.0)).push_bind(s.measured).push_bind(s.feverish);
                row.push_bind(s.key_measured).push_bind(s.key_feverish);
            });
            sql.push(
                " ON CONFLICT (town, day, household) DO UPDATE SET division = excluded.division, \
                 due = excluded.due, state = excluded.state, standing = excluded.standing, \
                 last = excluded.last, reached_at = excluded.reached_at, measured = excluded.measured, feverish = excluded.feverish, \
                 key_measured = excluded.key_measured, key_feverish = excluded.key_feverish",
            );
            sql.build().execute(c).await.map(|_| ())
        })?;
    }
    Ok(())
}

/// The residents of some households of a town, with the days between which each is listed as a
/// key person.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Member {
    pub town: i64,
    pub household: i64,
    pub id: i64,
    pub key_from: Option<i32>,
    pub key_until: Option<i32>,
}

impl Member {
    pub fn is_key_person(&self, day: i32) -> bool {
        self.key_from.is_some_and(|from| from <= day) && self.key_until.is_none_or(|until| day < until)
    }
}

pub async fn members(tx: &mut Snapshot, households: &BTreeSet<(i64, i64)>) -> db::Result<Vec<Member>> {
    let households: Vec<_> = households.iter().copied().collect();
    let mut found = Vec::new();
    for households in households.chunks(ROWS) {
        let rows: Vec<Member> = on_db!(tx, c => {
            let mut sql = QueryBuilder::new("WITH wanted(town_, household_) AS (");
            sql.push_values(households, |mut row, (town, household)| {
                row.push_bind(*town).push_bind(*household);
            });
            sql.push(
                ") SELECT town, household, id, key_from, key_until FROM wanted CROSS JOIN resident \
                 WHERE town = town_ AND household = household_",
            );
            sql.build_query_as().fetch_all(c).await
        })?;
        found.extend(rows);
    }
    Ok(found)
}

/// Puts down where a resident is, as a check told it.
pub async fn put_presence(
    tx: &mut Tx,
    town: i64,
    resident: i64,
    presence: &str,
    since: Day,
    whereabouts: &str,
) -> db::Result<()> {
    let sql = "UPDATE resident SET presence = $3, presence_since = $4, whereabouts = $5 \
               WHERE town = $1 AND id = $2";
    on_db!(tx, c => sqlx::query(sql)
        .bind(town).bind(resident).bind(presence).bind(since.number()).bind(whereabouts)
        .execute(c).await.map(|_| ()))
}
