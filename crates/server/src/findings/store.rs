//! The findings' rows: listed within a scope, and moved on only from the state they were read in,
//! so that of two people who take one the first has it.

use std::collections::BTreeMap;

use base::{Day, Division, Moment};
use db::{Snapshot, Tx, on_db};
use sqlx::{Database, Encode, QueryBuilder, Type};
use uuid::Uuid;

use super::model::{After, Filter, State, Step, rank};
use crate::access::Scope;
use crate::rounds::Kind;

/// A finding as lists show it.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct FindingRow {
    pub town: i64,
    pub id: Uuid,
    pub day: i32,
    pub household: i64,
    pub division: i64,
    pub kind: String,
    pub subject: String,
    /// What the check told, as JSON: see `rounds::standing`.
    pub detail: String,
    pub state: String,
    pub head: String,
    pub house_number: String,
    /// The village and the team area, as they were called on that day.
    pub village: Option<String>,
    pub street: Option<String>,
    /// The resident it is about, where it is about one.
    pub resident: Option<String>,
    /// Who stood at the door, else who entered the check.
    pub found_by: Option<String>,
    pub found_at: Option<i64>,
    pub taken_by: Option<String>,
    pub taken_at: Option<i64>,
    pub closed_by: Option<String>,
    pub closed_at: Option<i64>,
    pub closing_note: Option<String>,
}

impl FindingRow {
    /// Nothing for a kind that this version does not know.
    pub fn kind(&self) -> Option<Kind> {
        Kind::of_key(&self.kind)
    }

    pub fn state(&self) -> State {
        State::of_key(&self.state).unwrap_or(State::Withdrawn)
    }

    /// Its place in lists.
    pub fn rank(&self) -> i32 {
        rank(self.state(), &self.kind)
    }

    pub fn day(&self) -> Option<Day> {
        Day::from_number(self.day)
    }

    /// When another check told it again, in milliseconds.
    pub fn again(&self) -> Option<i64> {
        self.detail()["again"].as_i64()
    }

    /// Whether it was told again after somebody was done with it, and nobody is since.
    pub fn is_open_again(&self) -> bool {
        let told_since = self.again().zip(self.closed_at).is_some_and(|(again, closed)| closed < again);
        told_since && matches!(self.state(), State::Open | State::Taken)
    }

    pub fn detail(&self) -> serde_json::Value {
        serde_json::from_str(&self.detail).unwrap_or_default()
    }
}

// Only a resident's finding has a number as its subject, hence the CASE around the cast.
const SELECT: &str = "SELECT f.town, f.id, f.day, f.household, f.division, f.kind, f.subject, f.detail, \
     f.state, h.head, h.house_number, v.name AS village, g.name AS street, r.name AS resident, \
     COALESCE(s.name, e.name) AS found_by, k.happened_at AS found_at, t.name AS taken_by, f.taken_at, \
     c.name AS closed_by, f.closed_at, f.closing_note \
     FROM (SELECT f.* FROM finding f ";

/// What a page shows beside its findings: looked up for the rows of the page only.
const JOINS: &str = ") f JOIN household h ON h.town = f.town AND h.id = f.household \
     LEFT JOIN resident r ON r.town = f.town AND r.id = \
     CASE WHEN f.kind IN ('returnee', 'fever', 'symptom') THEN CAST(f.subject AS BIGINT) END \
     LEFT JOIN division v ON v.code = f.division - f.division % 1000 \
     AND v.from_day <= f.day AND v.until_day > f.day \
     LEFT JOIN division g ON g.code = f.division AND f.division % 1000 <> 0 \
     AND g.from_day <= f.day AND g.until_day > f.day \
     LEFT JOIN round_check k ON k.town = f.town AND k.id = f.source \
     LEFT JOIN steward s ON s.town = k.town AND s.id = k.checked_by \
     LEFT JOIN account e ON e.id = k.entered_by \
     LEFT JOIN account t ON t.id = f.taken_by \
     LEFT JOIN account c ON c.id = f.closed_by ";

/// [`rank`](super::model::rank) in SQL.
const RANK: &str = "CASE f.state WHEN 'open' THEN 0 WHEN 'taken' THEN 10 WHEN 'closed' THEN 20 ELSE 30 END \
     + CASE f.kind WHEN 'fever' THEN 0 WHEN 'symptom' THEN 1 ELSE 2 END";

/// Keeps to the scope and to all of the filter but the state.
fn push_where<DB>(sql: &mut QueryBuilder<DB>, scope: &Scope, filter: &Filter)
where
    DB: Database,
    i64: for<'q> Encode<'q, DB> + Type<DB>,
    i32: for<'q> Encode<'q, DB> + Type<DB>,
    String: for<'q> Encode<'q, DB> + Type<DB>,
{
    sql.push(" WHERE ");
    scope.restrict(sql, "f");
    if let Some(division) = filter.division {
        let range = division.range();
        sql.push(" AND f.division BETWEEN ").push_bind(range.low).push(" AND ").push_bind(range.high);
    }
    if let Some(day) = filter.day {
        sql.push(" AND f.day = ").push_bind(day.number());
    }
    if filter.before.is_some() || filter.since.is_some() {
        // The moment at the door, as the figures count it: what was entered late counts for its day, and
        // a correction from when the check that it puts right was made.
        sql.push(
            " AND EXISTS (WITH RECURSIVE told(corrects, happened_at) AS ( \
               SELECT k.corrects, k.happened_at FROM round_check k WHERE k.town = f.town AND k.id = f.source \
               UNION ALL \
               SELECT k.corrects, k.happened_at FROM told JOIN round_check k \
               ON k.town = f.town AND k.id = told.corrects) \
             SELECT 1 FROM told WHERE corrects IS NULL",
        );
        if let Some(before) = filter.before {
            sql.push(" AND happened_at < ").push_bind(before.0);
        }
        if let Some(since) = filter.since {
            sql.push(" AND happened_at >= ").push_bind(since.0);
        }
        sql.push(")");
    }
    if let Some(kind) = filter.kind {
        sql.push(" AND f.kind = ").push_bind(kind.key().to_owned());
    }
}

/// One page of findings, open ones first, within a state fevers and symptoms before others, then the
/// latest first.
pub async fn findings(
    tx: &mut Snapshot,
    scope: &Scope,
    filter: &Filter,
    after: Option<After>,
    limit: i64,
) -> db::Result<Vec<FindingRow>> {
    on_db!(tx, c => {
        let mut sql = QueryBuilder::new(SELECT);
        push_where(&mut sql, scope, filter);
        match filter.state {
            Some(state) => sql.push(" AND f.state = ").push_bind(state.key()),
            None => sql.push(" AND f.state <> 'withdrawn'"),
        };
        if let Some((rank, id)) = after {
            sql.push(" AND ((").push(RANK).push(") > ").push_bind(rank);
            sql.push(" OR ((").push(RANK).push(") = ").push_bind(rank);
            sql.push(" AND f.id < ").push_bind(id).push("))");
        }
        sql.push(" ORDER BY ").push(RANK).push(", f.id DESC LIMIT ").push_bind(limit);
        sql.push(JOINS).push(" ORDER BY ").push(RANK).push(", f.id DESC");
        sql.build_query_as().fetch_all(c).await
    })
}

/// How many findings are in each state, whatever state the filter asks for.
pub async fn counts(tx: &mut Snapshot, scope: &Scope, filter: &Filter) -> db::Result<BTreeMap<State, i64>> {
    let rows: Vec<(String, i64)> = on_db!(tx, c => {
        let mut sql = QueryBuilder::new("SELECT f.state, COUNT(*) FROM finding f");
        push_where(&mut sql, scope, filter);
        sql.push(" GROUP BY f.state");
        sql.build_query_as().fetch_all(c).await
    })?;
    Ok(rows.into_iter().filter_map(|(state, count)| Some((State::of_key(&state)?, count))).collect())
}

/// Findings of a kind that nobody has taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Open {
    pub kind: Kind,
    pub number: i64,
    /// When the first of them was told.
    pub first: Moment,
}

/// What nobody has taken in a division, by kind in the order of [`Kind::ALL`]; kinds without any
/// are left out.
pub async fn open(tx: &mut Snapshot, scope: &Scope, division: Division) -> db::Result<Vec<Open>> {
    let filter = Filter { division: Some(division), ..Filter::default() };
    let rows: Vec<(String, i64, i64)> = on_db!(tx, c => {
        let mut sql = QueryBuilder::new("SELECT f.kind, COUNT(*), MIN(f.raised_at) FROM finding f");
        push_where(&mut sql, scope, &filter);
        sql.push(" AND f.town = ").push_bind(division.town());
        sql.push(" AND f.state = 'open' GROUP BY f.kind");
        sql.build_query_as().fetch_all(c).await
    })?;
    let of = |kind: Kind| {
        let (_, number, first) = rows.iter().find(|(key, _, _)| key == kind.key())?;
        Some(Open { kind, number: *number, first: Moment(*first) })
    };
    Ok(Kind::ALL.into_iter().filter_map(of).collect())
}

/// How many findings in scope nobody has taken.
pub async fn count_open(tx: &mut Snapshot, scope: &Scope) -> db::Result<i64> {
    on_db!(tx, c => {
        // Each town that is run is sought in the index by its state, instead of read through.
        let mut sql = QueryBuilder::new("SELECT COUNT(*) FROM operation o CROSS JOIN finding f");
        push_where(&mut sql, scope, &Filter::default());
        sql.push(" AND f.town = o.town AND f.state = 'open'");
        if let Some((first, last)) = scope.towns() {
            sql.push(" AND o.town BETWEEN ").push_bind(first).push(" AND ").push_bind(last);
        }
        sql.build_query_scalar().fetch_one(c).await
    })
}

/// One finding, if it is in scope.
pub async fn finding(
    tx: &mut Snapshot,
    scope: &Scope,
    town: i64,
    id: Uuid,
) -> db::Result<Option<FindingRow>> {
    on_db!(tx, c => {
        let mut sql = QueryBuilder::new(SELECT);
        push_where(&mut sql, scope, &Filter::default());
        sql.push(" AND f.town = ").push_bind(town).push(" AND f.id = ").push_bind(id).push(JOINS);
        sql.build_query_as().fetch_optional(c).await
    })
}

/// Moves a finding on, if it still is in the state it was read in; whether it was. The caller has
/// read it in scope. What was written at a closing stays when it is reopened, until the next.
pub async fn put_step(
    tx: &mut Tx,
    row: &FindingRow,
    step: &Step,
    account: i64,
    now: Moment,
) -> db::Result<bool> {
    let key = (row.town, row.id, row.state().key());
    let changed = match step {
        Step::Take => {
            let sql = "UPDATE finding SET state = 'taken', taken_by = $4, taken_at = $5 \
                       WHERE town = $1 AND id = $2 AND state = $3";
            on_db!(tx, c => sqlx::query(sql).bind(key.0).bind(key.1).bind(key.2).bind(account).bind(now.0)
                .execute(c).await.map(|done| done.rows_affected()))?
        }
        Step::Close(note) => {
            let sql = "UPDATE finding SET state = 'closed', closed_by = $4, closed_at = $5, \
                       closing_note = $6, taken_by = CASE WHEN state = 'open' THEN $4 ELSE taken_by END, \
                       taken_at = CASE WHEN state = 'open' THEN $5 ELSE taken_at END \
                       WHERE town = $1 AND id = $2 AND state = $3";
            on_db!(tx, c => sqlx::query(sql).bind(key.0).bind(key.1).bind(key.2).bind(account).bind(now.0)
                .bind(note).execute(c).await.map(|done| done.rows_affected()))?
        }
        Step::Reopen => {
            let sql = "UPDATE finding SET state = 'open', taken_by = NULL, taken_at = NULL \
                       WHERE town = $1 AND id = $2 AND state = $3";
            on_db!(tx, c => sqlx::query(sql).bind(key.0).bind(key.1).bind(key.2)
                .execute(c).await.map(|done| done.rows_affected()))?
        }
    };
    Ok(changed > 0)
}
