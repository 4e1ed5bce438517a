//! Accounts as an administrator sees them: those whose every role lies within his scope. An account
//! with a role outside it is another administrator's.

use std::collections::HashMap;

use base::{Day, Division, Role};
use db::{Snapshot, on_db};
use sqlx::QueryBuilder;

use super::ROWS;
use super::stewards::push_within;
use crate::access::{Scope, posts};

/// An account of a list.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Account {
    pub id: i64,
    pub login: String,
    pub name: String,
    pub phone_sealed: Option<Vec<u8>>,
    pub created_at: i64,
    pub disabled_at: Option<i64>,
    pub locked_until: Option<i64>,
    /// Has come in and chosen a password.
    pub arrived: bool,
}

/// Which accounts of a scope are asked for.
#[derive(Clone, Copy, Debug)]
pub enum Wanted<'a> {
    One(i64),
    /// Those that have never signed in and may.
    NotArrived,
    /// By whole login or name: what a list of new ones meets.
    Known {
        logins: &'a [String],
        names: &'a [String],
    },
    /// In the order of logins after one; by the beginning of login, name or initials.
    Page {
        search: &'a str,
        after: &'a str,
        most: i64,
    },
}

/// Accounts of a scope.
pub async fn accounts(tx: &mut Snapshot, scope: &Scope, wanted: Wanted<'_>) -> db::Result<Vec<Account>> {
    on_db!(tx, c => {
        let mut sql = QueryBuilder::new(
            "SELECT a.id, a.login, a.name, a.phone_sealed, a.created_at, a.disabled_at, a.locked_until, \
             a.password IS NOT NULL AS arrived FROM account a \
             WHERE a.id IN (SELECT p.account FROM appointment p WHERE ",
        );
        scope.restrict_division(&mut sql, "p.division");
        sql.push(") AND ");
        push_within(&mut sql, scope);
        match wanted {
            Wanted::One(id) => { sql.push(" AND a.id = ").push_bind(id); }
            Wanted::Known { logins, names } => {
                for (before, values) in [(" AND (a.login IN ('')", logins), (" OR a.name IN ('')", names)] {
                    sql.push(&before[..before.len() - 1]);
                    values.iter().for_each(|value| { sql.push(", ").push_bind(value); });
                    sql.push(")");
                }
                sql.push(")");
            }
            Wanted::NotArrived => {
                sql.push(" AND a.password IS NULL AND a.disabled_at IS NULL ORDER BY a.login");
            }
            Wanted::Page { search, after, most } => {
                sql.push(" AND a.login > ").push_bind(after);
                if !search.is_empty() {
                    for (before, column) in [(" AND (", "login"), (" OR ", "name"), (" OR ", "initials")] {
                        sql.push(before).push("substr(a.").push(column).push(", 1, length(");
                        sql.push_bind(search).push(")) = ").push_bind(search);
                    }
                    sql.push(")");
                }
                sql.push(" ORDER BY a.login LIMIT ").push_bind(most);
            }
        }
        sql.build_query_as().fetch_all(c).await
    })
}

/// One account of a scope.
pub async fn account(tx: &mut Snapshot, scope: &Scope, id: i64) -> db::Result<Option<Account>> {
    Ok(accounts(tx, scope, Wanted::One(id)).await?.into_iter().next())
}

/// The roles of accounts.
pub async fn roles(tx: &mut Snapshot, accounts: &[i64]) -> db::Result<HashMap<i64, Vec<(Role, Division)>>> {
    let mut found: HashMap<i64, Vec<(Role, Division)>> = HashMap::new();
    for part in accounts.chunks(ROWS) {
        let rows: Vec<(i64, String, i64)> = on_db!(tx, c => {
            let mut sql = QueryBuilder::new("SELECT account, role, division FROM appointment WHERE account IN (");
            let mut list = sql.separated(", ");
            part.iter().for_each(|account| { list.push_bind(*account); });
            sql.push(") ORDER BY account, division, role");
            sql.build_query_as().fetch_all(c).await
        })?;
        for (account, role, division) in rows {
            let held = role.parse().ok().zip(Division::from_number(division));
            found.entry(account).or_default().extend(held);
        }
    }
    Ok(found)
}

/// What accounts hold on a day: their roles, then what comes with stewardships.
pub async fn held(
    tx: &mut Snapshot,
    accounts: &[i64],
    day: Day,
) -> db::Result<HashMap<i64, Vec<(Role, Division)>>> {
    let mut found = roles(tx, accounts).await?;
    let places: Vec<Division> = found.values().flatten().map(|(_, division)| *division).collect();
    for post in posts(tx, accounts, places.into_iter(), day).await? {
        post.add_to(found.entry(post.account).or_default());
    }
    Ok(found)
}

/// The login and name of accounts.
pub async fn people(tx: &mut Snapshot, accounts: &[i64]) -> db::Result<HashMap<i64, (String, String)>> {
    let mut found = HashMap::new();
    for part in accounts.chunks(ROWS) {
        let rows: Vec<(i64, String, String)> = on_db!(tx, c => {
            let mut sql = QueryBuilder::new("SELECT id, login, name FROM account WHERE id IN (");
            let mut list = sql.separated(", ");
            part.iter().for_each(|account| { list.push_bind(*account); });
            sql.push(")");
            sql.build_query_as().fetch_all(c).await
        })?;
        found.extend(rows.into_iter().map(|(id, login, name)| (id, (login, name))));
    }
    Ok(found)
}

/// Accounts by login, with their names: whoever's they are, to tell what a list of new ones meets.
pub async fn holders(tx: &mut Snapshot, logins: &[String]) -> db::Result<HashMap<String, (i64, String)>> {
    let mut found = HashMap::new();
    for part in logins.chunks(ROWS) {
        let rows: Vec<(String, i64, String)> = on_db!(tx, c => {
            let mut sql = QueryBuilder::new("SELECT login, id, name FROM account WHERE login IN (");
            let mut list = sql.separated(", ");
            part.iter().for_each(|login| { list.push_bind(login); });
            sql.push(")");
            sql.build_query_as().fetch_all(c).await
        })?;
        found.extend(rows.into_iter().map(|(login, id, name)| (login, (id, name))));
    }
    Ok(found)
}
