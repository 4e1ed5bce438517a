//! The rows of reports: what a report is compiled from beside the round's figures, drafts,
//! confirmations, and the chain of what was sealed.

use std::collections::BTreeMap;

use base::{Day, Division, Moment, Role};
use db::{Snapshot, Tx, on_db};
use sqlx::QueryBuilder;

use super::chain::Entry;
use super::model::Signature;
use crate::access::holds;

/// A town that is run with this program.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Operation {
    pub town: i64,
    pub name: String,
    pub started_day: i32,
    pub ended_day: Option<i32>,
    pub demonstration: bool,
}

impl Operation {
    /// Whether the operation ran on a day.
    pub fn runs_on(&self, day: Day) -> bool {
        self.started_day <= day.number() && self.ended_day.is_none_or(|ended| day.number() <= ended)
    }
}

pub async fn operations(tx: &mut Snapshot) -> db::Result<Vec<Operation>> {
    let sql = "SELECT town, name, started_day, ended_day, demonstration FROM operation ORDER BY town";
    on_db!(tx, c => sqlx::query_as(sql).fetch_all(c).await)
}

/// Who answered for a village or team area, and who stood in for him.
#[derive(Clone, Debug, Default, PartialEq, Eq, sqlx::FromRow)]
pub struct Lead {
    node: i64,
    pub name: String,
    pub stand_in: Option<String>,
}

/// Who answered for each village and team area of a town on a day.
pub async fn leads(tx: &mut Snapshot, town: Division, day: Day) -> db::Result<BTreeMap<Division, Lead>> {
    let rows: Vec<Lead> = on_db!(tx, c => {
        let mut sql = QueryBuilder::new(
            "SELECT w.node, s.name, u.name AS stand_in FROM stewardship w \
             JOIN steward s ON s.town = w.town AND s.id = w.steward \
             LEFT JOIN stand_in i ON i.town = w.town AND i.steward = w.steward AND ",
        );
        holds(&mut sql, "i", day);
        sql.push(" LEFT JOIN steward u ON u.town = i.town AND u.id = i.substitute WHERE w.town = ");
        sql.push_bind(town.town()).push(" AND w.level IN ('village', 'group') AND ");
        holds(&mut sql, "w", day);
        sql.build_query_as().fetch_all(c).await
    })?;
    Ok(by_division(rows.into_iter().map(|lead| (lead.node, lead)).collect()))
}

fn by_division<T>(rows: Vec<(i64, T)>) -> BTreeMap<Division, T> {
    let known = |(division, value)| Some((Division::from_number(division)?, value));
    rows.into_iter().filter_map(known).collect()
}

/// Which villages said that nothing else happened on a day.
pub async fn confirmations(
    tx: &mut Snapshot,
    town: Division,
    day: Day,
) -> db::Result<BTreeMap<Division, Signature>> {
    let sql = "SELECT z.division, z.confirmed_by, a.name, z.confirmed_at FROM zero_confirmation z \
               JOIN account a ON a.id = z.confirmed_by WHERE z.town = $1 AND z.day = $2";
    let rows: Vec<(i64, i64, String, i64)> = on_db!(tx, c => sqlx::query_as(sql)
        .bind(town.town()).bind(day.number())
        .fetch_all(c).await)?;
    let signed = |(division, account, name, at)| (division, Signature { account, name, at: Moment(at) });
    Ok(by_division(rows.into_iter().map(signed).collect()))
}

/// Who may check and sign a town's reports, by name.
pub async fn approvers(tx: &mut Snapshot, town: Division) -> db::Result<Vec<(i64, String)>> {
    on_db!(tx, c => {
        let mut sql = QueryBuilder::new(
            "SELECT DISTINCT a.id, a.name FROM appointment p JOIN account a ON a.id = p.account \
             WHERE a.disabled_at IS NULL AND p.role = ",
        );
        sql.push_bind(Role::ReportApprover.key()).push(" AND p.division IN (");
        let mut list = sql.separated(", ");
        std::iter::successors(Some(town), |division| division.parent()).for_each(|division| {
            list.push_bind(division.number());
        });
        sql.push(") ORDER BY a.name, a.id");
        sql.build_query_as().fetch_all(c).await
    })
}

/// Notes a village's word; the first stands where it gave it before.
pub async fn confirm(tx: &mut Tx, village: Division, day: Day, account: i64, at: Moment) -> db::Result<()> {
    let sql = "INSERT INTO zero_confirmation (town, day, division, confirmed_by, confirmed_at) \
               VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING";
    on_db!(tx, c => sqlx::query(sql)
        .bind(village.town()).bind(day.number()).bind(village.number()).bind(account).bind(at.0)
        .execute(c).await.map(|_| ()))
}

/// Takes a village's word back.
pub async fn withdraw(tx: &mut Tx, village: Division, day: Day) -> db::Result<()> {
    let sql = "DELETE FROM zero_confirmation WHERE town = $1 AND day = $2 AND division = $3";
    on_db!(tx, c => sqlx::query(sql)
        .bind(village.town()).bind(day.number()).bind(village.number())
        .execute(c).await.map(|_| ()))
}

/// A compiled report that is not signed yet.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Draft {
    pub content: String,
    pub compiled_by: i64,
    pub compiled_name: String,
    pub compiled_at: i64,
    pub checked_by: Option<i64>,
    pub checked_name: Option<String>,
    pub checked_at: Option<i64>,
}

impl Draft {
    pub fn compiled(&self) -> Signature {
        Signature {
            account: self.compiled_by,
            name: self.compiled_name.clone(),
            at: Moment(self.compiled_at),
        }
    }

    pub fn checked(&self) -> Option<Signature> {
        let (account, at) = (self.checked_by?, Moment(self.checked_at?));
        Some(Signature { account, name: self.checked_name.clone()?, at })
    }
}

pub async fn draft(tx: &mut Snapshot, town: Division, day: Day) -> db::Result<Option<Draft>> {
    let sql = "SELECT d.content, d.compiled_by, c.name AS compiled_name, d.compiled_at, d.checked_by, \
               k.name AS checked_name, d.checked_at FROM report_draft d \
               JOIN account c ON c.id = d.compiled_by LEFT JOIN account k ON k.id = d.checked_by \
               WHERE d.town = $1 AND d.day = $2";
    on_db!(tx, c => sqlx::query_as(sql).bind(town.town()).bind(day.number()).fetch_optional(c).await)
}

/// Puts down a compiled report; one that was there is replaced, with its check.
pub async fn put_draft(
    tx: &mut Tx,
    town: Division,
    day: Day,
    content: &str,
    account: i64,
    at: Moment,
) -> db::Result<()> {
    let sql = "INSERT INTO report_draft (town, day, content, compiled_by, compiled_at) \
               VALUES ($1, $2, $3, $4, $5) ON CONFLICT (town, day) DO UPDATE \
               SET content = excluded.content, compiled_by = excluded.compiled_by, \
               compiled_at = excluded.compiled_at, checked_by = NULL, checked_at = NULL";
    on_db!(tx, c => sqlx::query(sql)
        .bind(town.town()).bind(day.number()).bind(content).bind(account).bind(at.0)
        .execute(c).await.map(|_| ()))
}

/// Notes that somebody checked the draft compiled at `compiled_at`; false where it is no longer
/// that one, or is checked.
pub async fn check_draft(
    tx: &mut Tx,
    town: Division,
    day: Day,
    compiled_at: Moment,
    account: i64,
    at: Moment,
) -> db::Result<bool> {
    let sql = "UPDATE report_draft SET checked_by = $4, checked_at = $5 \
               WHERE town = $1 AND day = $2 AND compiled_at = $3 AND checked_by IS NULL";
    let changed = on_db!(tx, c => sqlx::query(sql)
        .bind(town.town()).bind(day.number()).bind(compiled_at.0).bind(account).bind(at.0)
        .execute(c).await.map(|done| done.rows_affected()))?;
    Ok(changed == 1)
}

/// Takes the checked draft compiled at `compiled_at` away to be sealed; false where it is no
/// longer that one.
pub async fn take_draft(tx: &mut Tx, town: Division, day: Day, compiled_at: Moment) -> db::Result<bool> {
    let sql = "DELETE FROM report_draft \
               WHERE town = $1 AND day = $2 AND compiled_at = $3 AND checked_by IS NOT NULL";
    let changed = on_db!(tx, c => sqlx::query(sql)
        .bind(town.town()).bind(day.number()).bind(compiled_at.0)
        .execute(c).await.map(|done| done.rows_affected()))?;
    Ok(changed == 1)
}

/// Throws the draft of a day away: it has to be compiled anew.
pub async fn drop_draft(tx: &mut Tx, town: Division, day: Day) -> db::Result<()> {
    let sql = "DELETE FROM report_draft WHERE town = $1 AND day = $2";
    on_db!(tx, c => sqlx::query(sql).bind(town.town()).bind(day.number()).execute(c).await.map(|_| ()))
}

/// Appends an entry to the chain. Refused as taken where another came in between.
pub async fn append(tx: &mut Tx, entry: &Entry) -> db::Result<()> {
    let sql = "INSERT INTO report_seal (town, sequence, kind, day, number, body, hash, sealed_at) \
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    on_db!(tx, c => sqlx::query(sql)
        .bind(entry.town).bind(entry.sequence).bind(&entry.kind).bind(entry.day).bind(entry.number)
        .bind(&entry.body).bind(&entry.hash).bind(entry.sealed_at)
        .execute(c).await.map(|_| ()))
}

/// A town's whole chain, in order.
pub async fn chain(tx: &mut Snapshot, town: Division) -> db::Result<Vec<Entry>> {
    let sql = "SELECT town, sequence, kind, day, number, body, hash, sealed_at FROM report_seal \
               WHERE town = $1 ORDER BY sequence";
    on_db!(tx, c => sqlx::query_as(sql).bind(town.town()).fetch_all(c).await)
}

/// The newest entry of a town's chain.
pub async fn newest(tx: &mut Snapshot, town: Division) -> db::Result<Option<Entry>> {
    let sql = "SELECT town, sequence, kind, day, number, body, hash, sealed_at FROM report_seal \
               WHERE town = $1 ORDER BY sequence DESC LIMIT 1";
    on_db!(tx, c => sqlx::query_as(sql).bind(town.town()).fetch_optional(c).await)
}

/// The report of a day, and the notes that correct it, in order.
pub async fn sealed(tx: &mut Snapshot, town: Division, day: Day) -> db::Result<Vec<Entry>> {
    let sql = "SELECT town, sequence, kind, day, number, body, hash, sealed_at FROM report_seal \
               WHERE town = $1 AND kind IN ('report', 'correction') AND day = $2 ORDER BY sequence";
    on_db!(tx, c => sqlx::query_as(sql).bind(town.town()).bind(day.number()).fetch_all(c).await)
}

/// Reports of days before `before`, the newest first.
pub async fn reports_before(
    tx: &mut Snapshot,
    town: Division,
    before: Day,
    limit: i64,
) -> db::Result<Vec<Entry>> {
    let sql = "SELECT town, sequence, kind, day, number, body, hash, sealed_at FROM report_seal \
               WHERE town = $1 AND kind = 'report' AND day < $2 ORDER BY day DESC LIMIT $3";
    on_db!(tx, c => sqlx::query_as(sql)
        .bind(town.town()).bind(before.number()).bind(limit)
        .fetch_all(c).await)
}

/// How many reports a town has sealed, and whether one is of a later day than `day`.
pub async fn standing(tx: &mut Snapshot, town: Division, day: Day) -> db::Result<(i64, bool)> {
    let sql = "SELECT COUNT(*), COUNT(*) FILTER (WHERE day > $2) FROM report_seal \
               WHERE town = $1 AND kind = 'report'";
    let (reports, later): (i64, i64) = on_db!(tx, c => sqlx::query_as(sql)
        .bind(town.town()).bind(day.number())
        .fetch_one(c).await)?;
    Ok((reports, later > 0))
}
