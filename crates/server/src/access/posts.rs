//! What the stewards that an account stands for bring it (ADR 6): whoever answers for a node holds
//! the role that goes with it there, from the day of the stewardship to its end.

use base::{Day, Division, Role};
use db::{Snapshot, on_db};
use sqlx::{Database, Encode, QueryBuilder, Type};

use super::holds;

/// A role that an account holds because it stands for a steward.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Post {
    pub account: i64,
    /// Town and number.
    pub steward: (i64, i64),
    pub role: Role,
    pub division: Division,
}

impl Post {
    /// Adds the role to those held, where it says something new: a contact reaches his own
    /// households, wherever he was appointed.
    pub fn add_to(&self, held: &mut Vec<(Role, Division)>) {
        let contact = self.role == Role::HouseholdContact;
        let there = |(role, division): &(Role, Division)| {
            *role == self.role && (contact || *division == self.division)
        };
        if !held.iter().any(there) {
            held.push((self.role, self.division));
        }
    }
}

/// The role of who answers at a level: the village cadre of a street is its street lead.
pub fn role_at(level: &str) -> Role {
    match level {
        "household" => Role::HouseholdContact,
        "group" => Role::StreetLead,
        _ => Role::TownCadre,
    }
}

/// The posts of accounts in the towns where they hold a role: of the stewards they are, then of
/// those they stand in for on the day. Every steward is a contact, with or without households.
pub async fn posts(
    tx: &mut Snapshot,
    accounts: &[i64],
    held: impl Iterator<Item = Division>,
    day: Day,
) -> db::Result<Vec<Post>> {
    let mut towns: Vec<i64> = held.map(Division::town).collect();
    towns.sort_unstable();
    towns.dedup();
    let mut found = Vec::new();
    for part in accounts.chunks(ROWS) {
        for town in &towns {
            found.extend(of_town(tx, *town, part, day).await?);
        }
    }
    Ok(found)
}

/// Accounts of one statement.
const ROWS: usize = 1_000;

async fn of_town(tx: &mut Snapshot, town: i64, accounts: &[i64], day: Day) -> db::Result<Vec<Post>> {
    let stood: Vec<(i64, i64, i64, i32)> =
        on_db!(tx, c => stood(town, accounts, day).build_query_as().fetch_all(c).await)?;
    if stood.is_empty() {
        return Ok(Vec::new());
    }
    let stewards: Vec<i64> = stood.iter().map(|(_, steward, ..)| *steward).collect();
    // Asked for by number: a join would have SQLite look through the town's stewardships.
    let led: Vec<(i64, String, i64)> =
        on_db!(tx, c => led(town, &stewards, day).build_query_as().fetch_all(c).await)?;
    let mut found = Vec::new();
    for (account, steward, division, _) in stood {
        let own = led.iter().filter(|(by, ..)| *by == steward);
        let held = own.map(|(_, level, node)| (role_at(level), *node));
        let post = |(role, number)| {
            let division = Division::from_number(number)?;
            Some(Post { account, steward: (town, steward), role, division })
        };
        found.extend(std::iter::once((Role::HouseholdContact, division)).chain(held).filter_map(post));
    }
    Ok(found)
}

/// Account, steward, and where he belongs: the stewards that accounts are, then those they stand in
/// for on a day.
fn stood<DB>(town: i64, accounts: &[i64], day: Day) -> QueryBuilder<DB>
where
    DB: Database,
    i64: for<'q> Encode<'q, DB> + Type<DB>,
    i32: for<'q> Encode<'q, DB> + Type<DB>,
{
    let mut sql = QueryBuilder::new("SELECT account, id, division, 0 AS away FROM steward WHERE town = ");
    sql.push_bind(town).push(" AND account IN ");
    push_list(&mut sql, accounts);
    sql.push(
        " UNION ALL SELECT u.account, o.id, o.division, 1 FROM steward u \
         JOIN stand_in i ON i.town = u.town AND i.substitute = u.id AND ",
    );
    holds(&mut sql, "i", day);
    sql.push(" JOIN steward o ON o.town = i.town AND o.id = i.steward WHERE u.town = ").push_bind(town);
    sql.push(" AND u.account IN ");
    push_list(&mut sql, accounts);
    sql.push(" ORDER BY 4, 2");
    sql
}

/// Steward, level and node: the divisions that stewards answer for on a day.
fn led<DB>(town: i64, stewards: &[i64], day: Day) -> QueryBuilder<DB>
where
    DB: Database,
    i64: for<'q> Encode<'q, DB> + Type<DB>,
    i32: for<'q> Encode<'q, DB> + Type<DB>,
{
    let mut sql = QueryBuilder::new(
        "SELECT w.steward, w.level, w.node FROM stewardship w \
         WHERE w.level IN ('group', 'village', 'town') AND w.town = ",
    );
    sql.push_bind(town).push(" AND w.steward IN ");
    push_list(&mut sql, stewards);
    sql.push(" AND ");
    holds(&mut sql, "w", day);
    sql.push(" ORDER BY w.node");
    sql
}

fn push_list<DB>(sql: &mut QueryBuilder<DB>, numbers: &[i64])
where
    DB: Database,
    i64: for<'q> Encode<'q, DB> + Type<DB>,
{
    let mut list = sql.push("(").separated(", ");
    numbers.iter().for_each(|number| {
        list.push_bind(*number);
    });
    sql.push(")");
}
