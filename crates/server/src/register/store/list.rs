//! The list of households: filtered, in the order in which one walks past them, page by page.

use base::{Day, Division};
use db::{Snapshot, on_db};
use sqlx::{Database, Encode, QueryBuilder, Type};

use super::super::filter::{Filter, Find};
use super::as_of;
use crate::access::{Scope, holds};
use crate::vault::Vault;

/// A household of the list.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct ListRow {
    pub town: i64,
    pub id: i64,
    pub division: i64,
    pub occupancy: String,
    pub house_number: String,
    pub house_order: String,
    pub head: String,
    pub tags: String,
    pub people: i64,
    pub away: i64,
    /// The contact's name.
    pub contact: Option<String>,
}

impl ListRow {
    pub fn division(&self) -> Option<Division> {
        Division::from_number(self.division)
    }
}

/// Where a page begins: after this household.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Key {
    pub division: i64,
    pub house_order: String,
    pub id: i64,
}

/// Joins who answers for the household of `s` on a day.
pub(super) fn push_contact<DB>(sql: &mut QueryBuilder<DB>, day: Day)
where
    DB: Database,
    i32: for<'q> Encode<'q, DB> + Type<DB>,
{
    sql.push(
        " LEFT JOIN stewardship o ON o.town = s.town AND o.level = 'household' AND o.node = s.household AND ",
    );
    holds(sql, "o", day);
}

/// Adds that the resident `r` lives in his household on a day.
pub(super) fn here<DB>(sql: &mut QueryBuilder<DB>, day: Day)
where
    DB: Database,
    i32: for<'q> Encode<'q, DB> + Type<DB>,
{
    sql.push("(r.gone_from IS NULL OR r.gone_from > ").push_bind(day.number()).push(")");
}

/// Households within scope on a day, after `after`, at most `limit`.
pub async fn page(
    tx: &mut Snapshot,
    scope: &Scope,
    vault: &Vault,
    day: Day,
    filter: &Filter,
    after: Option<&Key>,
    limit: i64,
) -> db::Result<Vec<ListRow>> {
    on_db!(tx, c => {
        let mut sql = QueryBuilder::new("WITH s AS (");
        push_page(&mut sql, scope, vault, day, filter, after);
        sql.push(" LIMIT ").push_bind(limit);
        sql.push(
            ") SELECT s.town, s.household AS id, s.division, s.occupancy, h.house_number, s.house_order, \
             h.head, h.tags, (SELECT COUNT(*) FROM resident r WHERE r.town = s.town \
             AND r.household = s.household AND ",
        );
        here(&mut sql, day);
        sql.push(
            ") AS people, (SELECT COUNT(*) FROM resident r \
             WHERE r.town = s.town AND r.household = s.household AND r.presence = 'away' AND ",
        );
        here(&mut sql, day);
        sql.push(
            ") AS away, w.name AS contact FROM s JOIN household h ON h.town = s.town AND h.id = s.household",
        );
        push_contact(&mut sql, day);
        sql.push(
            " LEFT JOIN steward w ON w.town = o.town AND w.id = o.steward \
             ORDER BY s.division, s.house_order, s.household",
        );
        sql.build_query_as().fetch_all(c).await
    })
}

/// Makes rows of a day what they were then.
pub async fn put_then(tx: &mut Snapshot, vault: &Vault, rows: &mut [ListRow], day: Day) -> db::Result<()> {
    let keys: Vec<_> = rows.iter().map(|row| (row.town, row.id)).collect();
    let then = as_of::then(tx, vault, &keys, day).await?;
    for row in rows {
        if let Some(then) = then.get(&(row.town, row.id)) {
            then.put(row);
        }
    }
    Ok(())
}

/// Adds the households of a page and those behind it, in order, from narrow rows: the page is cut first,
/// and only its households are looked into.
pub(super) fn push_page<DB>(
    sql: &mut QueryBuilder<DB>,
    scope: &Scope,
    vault: &Vault,
    day: Day,
    filter: &Filter,
    after: Option<&Key>,
) where
    DB: Database,
    i64: for<'q> Encode<'q, DB> + Type<DB>,
    i32: for<'q> Encode<'q, DB> + Type<DB>,
    String: for<'q> Encode<'q, DB> + Type<DB>,
    Vec<u8>: for<'q> Encode<'q, DB> + Type<DB>,
{
    sql.push(
        "SELECT s.town, s.household, s.division, s.occupancy, h.house_order FROM household_span s \
         JOIN household h ON h.town = s.town AND h.id = s.household",
    );
    restrict(sql, scope, vault, day, filter);
    if let Some(after) = after {
        sql.push(" AND s.division >= ").push_bind(after.division);
        sql.push(" AND (s.division, h.house_order, s.household) > (").push_bind(after.division);
        sql.push(", ").push_bind(after.house_order.clone());
        sql.push(", ").push_bind(after.id).push(")");
    }
    sql.push(" ORDER BY s.division, h.house_order, s.household");
}

/// How many households the filter finds.
pub async fn count(
    tx: &mut Snapshot,
    scope: &Scope,
    vault: &Vault,
    day: Day,
    filter: &Filter,
) -> db::Result<i64> {
    on_db!(tx, c => {
        let mut sql = QueryBuilder::new("SELECT COUNT(*) FROM household_span s");
        if filter.tag.is_some() || filter.find.is_some() {
            sql.push(" JOIN household h ON h.town = s.town AND h.id = s.household");
        }
        restrict(&mut sql, scope, vault, day, filter);
        sql.build_query_scalar().fetch_one(c).await
    })
}

fn restrict<DB>(sql: &mut QueryBuilder<DB>, scope: &Scope, vault: &Vault, day: Day, filter: &Filter)
where
    DB: Database,
    i64: for<'q> Encode<'q, DB> + Type<DB>,
    i32: for<'q> Encode<'q, DB> + Type<DB>,
    String: for<'q> Encode<'q, DB> + Type<DB>,
    Vec<u8>: for<'q> Encode<'q, DB> + Type<DB>,
{
    if filter.without_contact {
        push_contact(sql, day);
    }
    sql.push(" WHERE s.from_day <= ").push_bind(day.number());
    sql.push(" AND s.until_day > ").push_bind(day.number()).push(" AND ");
    scope.restrict(sql, "s");
    if let Some(under) = filter.under {
        let range = under.range();
        sql.push(" AND s.town = ").push_bind(under.town());
        sql.push(" AND s.division BETWEEN ").push_bind(range.low).push(" AND ").push_bind(range.high);
    }
    if let Some(occupancy) = filter.occupancy {
        sql.push(" AND s.occupancy = ").push_bind(occupancy.key().to_owned());
    }
    if let Some(tag) = &filter.tag {
        // A part of a text, without LIKE, which takes capitals differently on the two engines.
        sql.push(" AND replace(h.tags, ").push_bind(format!(" {tag} ")).push(", '') <> h.tags");
    }
    if filter.without_contact {
        sql.push(" AND o.steward IS NULL");
    }
    if let Some(find) = &filter.find {
        push_find(sql, vault, find, scope.towns().unwrap_or_default());
    }
}

/// Residents are looked for once, by an index of their town, and not for each household.
fn push_find<DB>(sql: &mut QueryBuilder<DB>, vault: &Vault, find: &Find, towns: (i64, i64))
where
    DB: Database,
    i64: for<'q> Encode<'q, DB> + Type<DB>,
    String: for<'q> Encode<'q, DB> + Type<DB>,
    Vec<u8>: for<'q> Encode<'q, DB> + Type<DB>,
{
    let residents = |sql: &mut QueryBuilder<DB>| {
        sql.push("(s.town, s.household) IN (SELECT r.town, r.household FROM resident r WHERE r.town");
        match towns {
            (first, last) if first == last => sql.push(" = ").push_bind(first),
            (first, last) => sql.push(" BETWEEN ").push_bind(first).push(" AND ").push_bind(last),
        };
        sql.push(" AND ");
    };
    let begins = |sql: &mut QueryBuilder<DB>, column: &'static str, with: &str| {
        let length = with.chars().count();
        sql.push(format_args!("substr({column}, 1, {length}) = ")).push_bind(with.to_owned());
    };
    // A part of a text, without LIKE, which takes capitals differently on the two engines.
    let holds = |sql: &mut QueryBuilder<DB>, column: &'static str, part: &str| {
        sql.push(format_args!("replace({column}, ")).push_bind(part.to_owned());
        sql.push(format_args!(", '') <> {column}"));
    };
    sql.push(" AND (");
    match find {
        Find::Identity(number) => {
            residents(sql);
            vault.push_is(sql, "r.identity_index", number);
            sql.push(")");
        }
        Find::Phone(number) => {
            vault.push_is(sql, "h.phone_index", number);
            sql.push(" OR ");
            residents(sql);
            vault.push_is(sql, "r.phone_index", number);
            sql.push(")");
        }
        Find::House(order) => begins(sql, "h.house_order", order),
        Find::Initials(initials) => {
            begins(sql, "h.initials", initials);
            sql.push(" OR ");
            begins(sql, "lower(h.house_number)", initials);
            sql.push(" OR ");
            residents(sql);
            begins(sql, "r.initials", initials);
            sql.push(")");
        }
        Find::Name(part) => {
            holds(sql, "h.head", part);
            sql.push(" OR ");
            holds(sql, "h.house_number", part);
            sql.push(" OR ");
            residents(sql);
            holds(sql, "r.name", part);
            sql.push(")");
        }
    }
    sql.push(")");
}
