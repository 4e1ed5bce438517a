//! The rows of the trail and of its chain.

use base::Moment;
use db::{Rows, Snapshot, Tx, on_db};
use sqlx::{Database, Encode, QueryBuilder, Type};
use uuid::Uuid;

use super::chain::Hash;
use super::head::Head;
use crate::access::Scope;

/// An entry as it is stored, with who did it.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Row {
    pub id: Uuid,
    pub at: i64,
    pub account: Option<i64>,
    pub roles: String,
    pub division: Option<i64>,
    pub address: String,
    pub action: String,
    pub object: String,
    pub detail: String,
    #[sqlx(default)]
    pub name: Option<String>,
    #[sqlx(default)]
    pub login: Option<String>,
}

/// The columns that an entry is hashed by.
const COLUMNS: &str = "e.id, e.at, e.account, e.roles, e.division, e.address, e.action, e.object, e.detail";

/// Which entries are wanted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Done by one of these accounts.
    pub by: Option<Vec<i64>>,
    pub action: Option<String>,
    /// Done to this, wherever it was done from.
    pub object: Option<String>,
    /// From this moment on, and before that one.
    pub from: Option<Moment>,
    pub until: Option<Moment>,
    /// Before this entry.
    pub after: Option<Uuid>,
}

/// The first id of a moment: ids begin with their milliseconds.
pub fn first_id(at: Moment) -> Uuid {
    Uuid::from_u128(u128::from(at.0.max(0).unsigned_abs()) << 80)
}

/// Entries that auditors of a scope see, newest first. What belongs to no division (the program's own
/// doings, strangers at the door) is told to all of them.
pub async fn page(tx: &mut Snapshot, scope: &Scope, filter: &Filter, most: i64) -> db::Result<Vec<Row>> {
    on_db!(tx, c => {
        let mut sql = with_names();
        sql.push("(e.division IS NULL OR ");
        scope.restrict_division(&mut sql, "e.division");
        sql.push(")");
        narrow(&mut sql, filter);
        sql.push(" ORDER BY e.id DESC LIMIT ").push_bind(most);
        sql.build_query_as().fetch_all(c).await
    })
}

/// What was done to something, newest first, for who may see all about it.
pub async fn about(tx: &mut Snapshot, object: &str, after: Option<Uuid>, most: i64) -> db::Result<Vec<Row>> {
    let filter = Filter { object: Some(object.to_owned()), after, ..Filter::default() };
    on_db!(tx, c => {
        let mut sql = with_names();
        sql.push("TRUE");
        narrow(&mut sql, &filter);
        sql.push(" ORDER BY e.id DESC LIMIT ").push_bind(most);
        sql.build_query_as().fetch_all(c).await
    })
}

/// Entries with the names of who did them, as far as their condition.
fn with_names<DB: Database>() -> QueryBuilder<DB> {
    let mut sql = QueryBuilder::new("SELECT ");
    sql.push(COLUMNS);
    sql.push(", a.name, a.login FROM audit_entry e LEFT JOIN account a ON a.id = e.account WHERE ");
    sql
}

fn narrow<DB>(sql: &mut QueryBuilder<DB>, filter: &Filter)
where
    DB: Database,
    i64: for<'e> Encode<'e, DB> + Type<DB>,
    Uuid: for<'e> Encode<'e, DB> + Type<DB>,
    String: for<'e> Encode<'e, DB> + Type<DB>,
{
    if let Some(accounts) = &filter.by {
        sql.push(" AND e.account IN (NULL");
        for account in accounts {
            sql.push(", ").push_bind(*account);
        }
        sql.push(")");
    }
    if let Some(action) = &filter.action {
        sql.push(" AND e.action = ").push_bind(action.clone());
    }
    if let Some(object) = &filter.object {
        // The words of the index, so that it is used.
        sql.push(" AND e.action <> 'checks.enter' AND e.object = ").push_bind(object.clone());
    }
    for (bound, at) in [(" AND e.id >= ", filter.from), (" AND e.id < ", filter.until)] {
        if let Some(at) = at {
            sql.push(bound).push_bind(first_id(at));
        }
    }
    if let Some(after) = filter.after {
        sql.push(" AND e.id < ").push_bind(after);
    }
}

/// The newest entry of one deed done to something (other than checks).
pub async fn last(tx: &mut Snapshot, object: &str, action: &str) -> db::Result<Option<Row>> {
    let filter =
        Filter { object: Some(object.to_owned()), action: Some(action.to_owned()), ..Filter::default() };
    on_db!(tx, c => {
        let mut sql = QueryBuilder::new("SELECT ");
        sql.push(COLUMNS).push(" FROM audit_entry e WHERE TRUE");
        narrow(&mut sql, &filter);
        sql.push(" ORDER BY e.id DESC LIMIT 1");
        sql.build_query_as().fetch_optional(c).await
    })
}

/// The accounts that somebody may mean by a login or a name.
pub async fn called(tx: &mut Snapshot, who: &str) -> db::Result<Vec<i64>> {
    if who.contains('\0') {
        // PostgreSQL takes no such text, and nobody is called so.
        return Ok(Vec::new());
    }
    let sql = "SELECT id FROM account WHERE login = $1 OR name = $2";
    on_db!(tx, c => sqlx::query_scalar(sql).bind(who.to_lowercase()).bind(who).fetch_all(c).await)
}

/// A link with the entry it is for, where that is still there.
#[derive(Debug, sqlx::FromRow)]
pub struct Link {
    pub n: i64,
    pub entry: Uuid,
    pub linked_at: i64,
    pub hash: Vec<u8>,
    at: Option<i64>,
    account: Option<i64>,
    roles: Option<String>,
    division: Option<i64>,
    address: Option<String>,
    action: Option<String>,
    object: Option<String>,
    detail: Option<String>,
}

impl Link {
    /// The entry; nothing where it is gone.
    pub fn entry(&self) -> Option<Row> {
        Some(Row {
            id: self.entry,
            at: self.at?,
            account: self.account,
            roles: self.roles.clone()?,
            division: self.division,
            address: self.address.clone()?,
            action: self.action.clone()?,
            object: self.object.clone()?,
            detail: self.detail.clone()?,
            name: None,
            login: None,
        })
    }
}

/// The links after a place, in order.
pub async fn links(tx: &mut Snapshot, after: i64, most: i64) -> db::Result<Vec<Link>> {
    let sql = "SELECT l.n, l.entry, l.linked_at, l.hash, e.at, e.account, e.roles, \
               e.division, e.address, e.action, e.object, e.detail \
               FROM audit_link l LEFT JOIN audit_entry e ON e.id = l.entry \
               WHERE l.n > $1 ORDER BY l.n LIMIT $2";
    on_db!(tx, c => sqlx::query_as(sql).bind(after).bind(most).fetch_all(c).await)
}

/// The last link and when it was made; nothing where none is.
pub async fn newest(tx: &mut Snapshot) -> db::Result<Option<(Head, Moment)>> {
    let sql = "SELECT n, hash, linked_at FROM audit_link ORDER BY n DESC LIMIT 1";
    let found: Option<(i64, Vec<u8>, i64)> = on_db!(tx, c => sqlx::query_as(sql).fetch_optional(c).await)?;
    // A hash of another length is nobody's: it fits nothing.
    let head = |n, hash: Vec<u8>| Head { n, hash: hash.try_into().unwrap_or_default() };
    Ok(found.map(|(n, hash, at)| (head(n, hash), Moment(at))))
}

/// Entries that have no link yet, oldest first, with ids between two.
pub async fn unlinked(tx: &mut Snapshot, between: (Uuid, Uuid), most: i64) -> db::Result<Vec<Row>> {
    on_db!(tx, c => {
        let mut sql = QueryBuilder::new("SELECT ");
        sql.push(COLUMNS).push(" FROM audit_entry e WHERE e.id >= ").push_bind(between.0);
        sql.push(" AND e.id <= ").push_bind(between.1);
        sql.push(" AND NOT EXISTS (SELECT 1 FROM audit_link l WHERE l.entry = e.id) ORDER BY e.id LIMIT ");
        sql.push_bind(most);
        sql.build_query_as().fetch_all(c).await
    })
}

/// Puts links behind the last.
pub async fn append(tx: &mut Tx, at: Moment, links: &[(i64, Uuid, Hash)]) -> db::Result<()> {
    let rows = Rows::of(links).big(|link| link.0).id(|link| link.1).big(|_| at.0);
    let sql = "INSERT INTO audit_link (n, entry, linked_at, hash) {rows}";
    rows.bytes(|link| link.2.as_slice()).execute(tx, sql).await.map(|_| ())
}

/// The sealed key of the chain.
pub async fn sealed_key(tx: &mut Snapshot) -> db::Result<Option<Vec<u8>>> {
    let sql = "SELECT sealed FROM audit_key WHERE id = 1";
    on_db!(tx, c => sqlx::query_scalar(sql).fetch_optional(c).await)
}

/// Keeps a key, where there is none yet.
pub async fn keep_key(tx: &mut Tx, sealed: Vec<u8>) -> db::Result<()> {
    let sql = "INSERT INTO audit_key (id, sealed) VALUES (1, $1) ON CONFLICT (id) DO NOTHING";
    on_db!(tx, c => sqlx::query(sql).bind(sealed).execute(c).await.map(|_| ()))
}

/// Whether the chain holds a head.
pub async fn holds(tx: &mut Snapshot, head: Head) -> db::Result<bool> {
    let sql = "SELECT hash FROM audit_link WHERE n = $1";
    let hash: Option<Vec<u8>> =
        on_db!(tx, c => sqlx::query_scalar(sql).bind(head.n).fetch_optional(c).await)?;
    Ok(hash.is_some_and(|hash| hash == head.hash))
}

/// How many entries there are without a link, and the oldest of them.
pub async fn waiting(tx: &mut Snapshot) -> db::Result<(i64, Option<Row>)> {
    let sql = "SELECT COUNT(*) FROM audit_entry e \
               WHERE NOT EXISTS (SELECT 1 FROM audit_link l WHERE l.entry = e.id)";
    let count: i64 = on_db!(tx, c => sqlx::query_scalar(sql).fetch_one(c).await)?;
    let oldest = unlinked(tx, (Uuid::nil(), Uuid::max()), 1).await?;
    Ok((count, oldest.into_iter().next()))
}

/// How many links there are, by the place of the last.
pub async fn length(tx: &mut Snapshot) -> db::Result<i64> {
    Ok(newest(tx).await?.map_or(0, |(head, _)| head.n))
}
