//! Stewards: the list, one, those who may be given something, a change.

use base::{Day, Division, Level};
use db::{Snapshot, Tx, on_db};
use sqlx::{Database, Encode, QueryBuilder, Type};

use super::{holds, masked};
use crate::access::Scope;
use crate::stewards::model::NewSteward;
use crate::vault::Vault;

/// A steward as the lists show one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StewardRow {
    pub id: i64,
    pub name: String,
    /// Masked.
    pub phone: Option<String>,
    pub branch: String,
    pub division: Division,
    pub account: Option<i64>,
    /// Households he is contact of today, wherever they are.
    pub load: i64,
    /// Divisions he answers for today.
    pub leads: i64,
    /// Somebody stands in for him today.
    pub absent: bool,
}

/// Which stewards are listed.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Belonging to this division or below; else all that are in scope.
    pub below: Option<Division>,
    /// A part of the name, or of its pinyin initials.
    pub search: String,
    /// With more households than this.
    pub over: Option<i64>,
    /// After this (division, number).
    pub after: Option<(i64, i64)>,
    pub most: i64,
}

#[derive(sqlx::FromRow)]
struct Row {
    id: i64,
    name: String,
    phone_sealed: Option<Vec<u8>>,
    branch: String,
    division: i64,
    account: Option<i64>,
    load: i64,
    leads: i64,
    away: i64,
}

impl Row {
    fn read(self, vault: &Vault) -> Option<StewardRow> {
        Some(StewardRow {
            id: self.id,
            name: self.name,
            phone: masked(vault, self.phone_sealed.as_deref()),
            branch: self.branch,
            division: Division::from_number(self.division)?,
            account: self.account,
            load: self.load,
            leads: self.leads,
            absent: self.away > 0,
        })
    }
}

/// The stewards of a town that are in scope: those who belong to it, and those who answer for
/// something in it today or later. Ordered by division and number.
pub async fn list(
    tx: &mut Snapshot,
    vault: &Vault,
    scope: &Scope,
    town: i64,
    day: Day,
    filter: &Filter,
) -> db::Result<Vec<StewardRow>> {
    let rows: Vec<Row> = on_db!(tx, c => {
        let mut sql = all(town, day, None);
        visible(&mut sql, scope, town, day, None);
        narrow(&mut sql, filter);
        sql.push(" ORDER BY w.division, w.id LIMIT ").push_bind(filter.most);
        sql.build_query_as().fetch_all(c).await
    })?;
    Ok(rows.into_iter().filter_map(|row| row.read(vault)).collect())
}

/// How many stewards who belong to `root` or below are contact of more households than `limit`:
/// as many as [`list`] gives for the same.
pub async fn over_limit(
    tx: &mut Snapshot,
    scope: &Scope,
    root: Division,
    day: Day,
    limit: i64,
) -> db::Result<i64> {
    let below = root.range();
    on_db!(tx, c => {
        let mut sql = QueryBuilder::new(
            "SELECT COUNT(*) FROM (SELECT s.steward FROM stewardship s JOIN household_span v \
             ON v.town = s.town AND v.household = s.node AND ",
        );
        holds(&mut sql, "v", day);
        sql.push(" WHERE s.town = ").push_bind(root.town()).push(" AND s.level = 'household' AND ");
        holds(&mut sql, "s", day);
        sql.push(" GROUP BY s.steward HAVING COUNT(*) > ").push_bind(limit);
        sql.push(") l JOIN steward w ON w.id = l.steward WHERE w.town = ").push_bind(root.town());
        sql.push(" AND w.division BETWEEN ").push_bind(below.low).push(" AND ").push_bind(below.high);
        visible(&mut sql, scope, root.town(), day, None);
        sql.build_query_scalar().fetch_one(c).await
    })
}

/// One steward, if in scope.
pub async fn one(
    tx: &mut Snapshot,
    vault: &Vault,
    scope: &Scope,
    town: i64,
    id: i64,
    day: Day,
) -> db::Result<Option<StewardRow>> {
    let row: Option<Row> = on_db!(tx, c => {
        let mut sql = all(town, day, Some(id));
        visible(&mut sql, scope, town, day, Some(id));
        sql.push(" AND w.id = ").push_bind(id);
        sql.build_query_as().fetch_optional(c).await
    })?;
    Ok(row.and_then(|row| row.read(vault)))
}

/// Who may be given something at `division`: those in scope who belong to its village, and for a
/// village or the town those of the town itself too.
pub async fn candidates(
    tx: &mut Snapshot,
    vault: &Vault,
    scope: &Scope,
    division: Division,
    day: Day,
) -> db::Result<Vec<StewardRow>> {
    let (town, area) = (division.town(), division.at(Level::Village).map(Division::range));
    let rows: Vec<Row> = on_db!(tx, c => {
        let mut sql = all(town, day, None);
        visible(&mut sql, scope, town, day, None);
        sql.push(" AND (FALSE");
        if let Some(area) = area {
            sql.push(" OR w.division BETWEEN ").push_bind(area.low).push(" AND ").push_bind(area.high);
        }
        if division.level() != Level::Group {
            sql.push(" OR w.division = ").push_bind(division.number() - division.number() % 1_000_000);
        }
        sql.push(") ORDER BY w.division, w.id");
        sql.build_query_as().fetch_all(c).await
    })?;
    Ok(rows.into_iter().filter_map(|row| row.read(vault)).collect())
}

/// The phone number of a steward, as it is stored.
pub async fn sealed_phone(tx: &mut Snapshot, town: i64, id: i64) -> db::Result<Option<Vec<u8>>> {
    let sql = "SELECT phone_sealed FROM steward WHERE town = $1 AND id = $2";
    let found: Option<(Option<Vec<u8>>,)> =
        on_db!(tx, c => sqlx::query_as(sql).bind(town).bind(id).fetch_optional(c).await)?;
    Ok(found.and_then(|(sealed,)| sealed))
}

/// Changes what is known of a steward. An empty phone field leaves the number as it is, since the
/// screen does not show it.
pub async fn change(tx: &mut Tx, vault: &Vault, town: i64, id: i64, new: &NewSteward) -> db::Result<()> {
    let sql = "UPDATE steward SET name = $3, initials = $4, branch = $5, division = $6, \
               phone_sealed = COALESCE($7, phone_sealed) WHERE town = $1 AND id = $2";
    let sealed = new.phone.as_ref().map(|phone| vault.seal(phone));
    on_db!(tx, c => sqlx::query(sql)
        .bind(town).bind(id).bind(&new.name).bind(base::initials(&new.name)).bind(&new.branch)
        .bind(new.division.number()).bind(sealed).execute(c).await.map(|_| ()))
}

/// Every steward of a town with his load of a day, open for conditions; loads are summed for `only`
/// one where one is meant.
fn all<DB>(town: i64, day: Day, only: Option<i64>) -> QueryBuilder<DB>
where
    DB: Database,
    i64: for<'q> Encode<'q, DB> + Type<DB>,
    i32: for<'q> Encode<'q, DB> + Type<DB>,
{
    let mut sql = QueryBuilder::new(
        "SELECT w.id, w.name, w.phone_sealed, w.branch, w.division, w.account, COALESCE(l.load, 0) AS load, \
         COALESCE(l.leads, 0) AS leads, \
         (SELECT COUNT(*) FROM stand_in i WHERE i.town = w.town AND i.steward = w.id AND ",
    );
    holds(&mut sql, "i", day);
    sql.push(
        ") AS away FROM steward w LEFT JOIN (SELECT s.steward, COUNT(v.household) AS load, \
         COUNT(*) FILTER (WHERE s.level <> 'household') AS leads FROM stewardship s \
         LEFT JOIN household_span v ON s.level = 'household' AND v.town = s.town AND v.household = s.node AND ",
    );
    holds(&mut sql, "v", day);
    sql.push(" WHERE s.town = ").push_bind(town).push(" AND ");
    holds(&mut sql, "s", day);
    push_only(&mut sql, "s.steward", only);
    sql.push(" GROUP BY s.steward) l ON l.steward = w.id WHERE w.town = ").push_bind(town);
    sql
}

/// Adds the condition that a column is the steward who is `only` meant.
fn push_only<DB>(sql: &mut QueryBuilder<DB>, column: &str, only: Option<i64>)
where
    DB: Database,
    i64: for<'q> Encode<'q, DB> + Type<DB>,
{
    if let Some(id) = only {
        sql.push(format_args!(" AND {column} = ")).push_bind(id);
    }
}

/// Adds that the steward `w` is in scope; looked up for `only` one where one is meant.
fn visible<DB>(sql: &mut QueryBuilder<DB>, scope: &Scope, town: i64, day: Day, only: Option<i64>)
where
    DB: Database,
    i64: for<'q> Encode<'q, DB> + Type<DB>,
    i32: for<'q> Encode<'q, DB> + Type<DB>,
{
    sql.push(
        " AND (w.id IN (SELECT b.id FROM (SELECT town, id, division, 0 AS household FROM steward) b WHERE ",
    );
    sql.push("b.town = ").push_bind(town).push(" AND ");
    scope.restrict(sql, "b");
    push_only(sql, "b.id", only);
    sql.push(
        ") OR w.id IN (SELECT n.steward FROM (SELECT s.town, s.steward, s.node AS division, 0 AS household, \
         s.until_day FROM stewardship s WHERE s.level <> 'household') n WHERE n.town = ",
    );
    sql.push_bind(town).push(" AND (n.until_day IS NULL OR n.until_day > ").push_bind(day.number());
    sql.push(") AND ");
    scope.restrict(sql, "n");
    push_only(sql, "n.steward", only);
    sql.push(
        ") OR w.id IN (SELECT s.steward FROM stewardship s JOIN household_span v ON v.town = s.town \
         AND v.household = s.node AND ",
    );
    holds(sql, "v", day);
    sql.push(" WHERE s.town = ").push_bind(town).push(" AND s.level = 'household' AND (s.until_day IS NULL ");
    sql.push("OR s.until_day > ").push_bind(day.number()).push(") AND ");
    scope.restrict(sql, "v");
    push_only(sql, "s.steward", only);
    sql.push("))");
}

fn narrow<DB>(sql: &mut QueryBuilder<DB>, filter: &Filter)
where
    DB: Database,
    i64: for<'q> Encode<'q, DB> + Type<DB>,
    String: for<'q> Encode<'q, DB> + Type<DB>,
{
    if let Some(below) = filter.below.map(Division::range) {
        sql.push(" AND w.division BETWEEN ").push_bind(below.low).push(" AND ").push_bind(below.high);
    }
    if !filter.search.is_empty() {
        let part = like(&filter.search);
        sql.push(" AND (LOWER(w.name) LIKE ").push_bind(part.clone()).push(" ESCAPE '!' OR w.initials LIKE ");
        sql.push_bind(part).push(" ESCAPE '!')");
    }
    if let Some(over) = filter.over {
        sql.push(" AND COALESCE(l.load, 0) > ").push_bind(over);
    }
    if let Some((division, id)) = filter.after {
        sql.push(" AND (w.division, w.id) > (").push_bind(division).push(", ").push_bind(id).push(")");
    }
}

/// What is typed as a part of a text: its own % and _ are taken as they are.
fn like(typed: &str) -> String {
    let mut pattern = String::from("%");
    for c in base::fold_width(typed).to_lowercase().chars() {
        if matches!(c, '%' | '_' | '!') {
            pattern.push('!');
        }
        pattern.push(c);
    }
    pattern.push('%');
    pattern
}
