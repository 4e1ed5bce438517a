//! What a list of accounts comes to: an outcome for every row, and what would be written.

use std::collections::{HashMap, HashSet};

use base::{Division, Role};
use db::Snapshot;

use super::super::model;
use super::super::places::Places;
use super::super::store::list;
use super::columns::Entry;
use super::logins::free_logins;
use crate::access::Scope;

/// What becomes of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// A new account.
    New,
    /// Another role for a person of this list.
    Joins,
    /// Another role for an account that exists.
    Adds,
    /// Held already.
    Unchanged,
    /// Cannot be taken; the message says why.
    Wrong(&'static str),
}

impl Outcome {
    /// The message that tells of it.
    pub fn key(self) -> &'static str {
        match self {
            Outcome::New => "accounts-outcome-new",
            Outcome::Joins => "accounts-outcome-joins",
            Outcome::Adds => "accounts-outcome-adds",
            Outcome::Unchanged => "accounts-outcome-unchanged",
            Outcome::Wrong(key) => key,
        }
    }
}

/// A row with what becomes of it.
#[derive(Clone, Debug)]
pub struct Planned {
    pub entry: Entry,
    pub outcome: Outcome,
    /// The login that the person has or will have.
    pub login: String,
}

/// A person to get an account.
#[derive(Clone, Debug)]
pub struct Newcomer {
    pub login: String,
    pub name: String,
    pub phone: Option<String>,
    pub roles: Vec<(Role, Division)>,
}

/// A list, planned.
#[derive(Clone, Debug, Default)]
pub struct Plan {
    pub rows: Vec<Planned>,
    pub new: Vec<Newcomer>,
    /// Roles for accounts that exist.
    pub adds: Vec<(i64, Role, Division)>,
}

impl Plan {
    pub fn count(&self, matches: impl Fn(Outcome) -> bool) -> usize {
        self.rows.iter().filter(|row| matches(row.outcome)).count()
    }

    pub fn wrong(&self) -> usize {
        self.count(|outcome| matches!(outcome, Outcome::Wrong(_)))
    }
}

/// A row that is understood.
struct Person {
    login: Option<String>,
    name: String,
    phone: Option<String>,
    role: Role,
    division: Division,
}

/// An account with its roles.
type Holder<'a> = (i64, &'a [(Role, Division)]);

/// What a list is held against.
struct Known {
    /// Who holds a login of the list: number, name, and whether the account is in scope.
    holders: HashMap<String, (i64, String)>,
    in_scope: HashMap<i64, Vec<(Role, Division)>>,
    /// Accounts of the scope by name.
    by_name: HashMap<String, Vec<i64>>,
}

/// Plans a list. `roles` are the words by which roles go.
pub async fn plan(
    tx: &mut Snapshot,
    scope: &Scope,
    places: &Places,
    roles: &HashMap<String, Role>,
    entries: Vec<Entry>,
) -> db::Result<Plan> {
    let read: Vec<_> = entries.iter().map(|entry| understand(scope, places, roles, entry)).collect();
    let known = known(tx, scope, read.iter().flatten()).await?;
    let mut plan = Plan::default();
    let mut seen: HashMap<String, usize> = HashMap::new();
    let mut nameless: Vec<(usize, usize)> = Vec::new();
    for (row, (entry, person)) in entries.into_iter().zip(read).enumerate() {
        let (outcome, newcomer) = match person {
            Err(key) => (Outcome::Wrong(key), None),
            Ok(person) => place(&mut plan, &mut seen, &known, person, row),
        };
        let login = newcomer.map(|n| plan.new[n].login.clone()).unwrap_or_else(|| entry.login.clone());
        nameless.extend(newcomer.filter(|n| plan.new[*n].login.is_empty()).map(|n| (row, n)));
        plan.rows.push(Planned { entry, outcome, login });
    }
    name_the_nameless(tx, &mut plan, &nameless).await?;
    Ok(plan)
}

/// Finds the place of one person in the plan; the newcomer it belongs to, if any.
fn place(
    plan: &mut Plan,
    seen: &mut HashMap<String, usize>,
    known: &Known,
    person: Person,
    row: usize,
) -> (Outcome, Option<usize>) {
    let held = (person.role, person.division);
    match existing(known, &person) {
        Err(key) => return (Outcome::Wrong(key), None),
        Ok(Some((_, roles))) if roles.contains(&held) => return (Outcome::Unchanged, None),
        Ok(Some((account, _))) => {
            plan.adds.push((account, held.0, held.1));
            return (Outcome::Adds, None);
        }
        Ok(None) => (),
    }
    // Who is one person: the same login; without one, the same name and phone.
    let key = match (&person.login, &person.phone) {
        (Some(login), _) => login.clone(),
        (None, Some(phone)) => format!("{} {phone}", person.name),
        (None, None) => format!("row {row}"),
    };
    if let Some(newcomer) = seen.get(&key) {
        let there = &mut plan.new[*newcomer];
        if there.name != person.name {
            return (Outcome::Wrong("accounts-login-two-names"), None);
        }
        let outcome = if there.roles.contains(&held) { Outcome::Unchanged } else { Outcome::Joins };
        there.roles.push(held);
        there.roles.dedup();
        return (outcome, Some(*newcomer));
    }
    seen.insert(key, plan.new.len());
    let Person { login, name, phone, .. } = person;
    plan.new.push(Newcomer { login: login.unwrap_or_default(), name, phone, roles: vec![held] });
    (Outcome::New, Some(plan.new.len() - 1))
}

/// The account that a row means, with its roles. Without a login, one of the same name that holds
/// the very role: the list was taken before.
fn existing<'a>(known: &'a Known, person: &Person) -> Result<Option<Holder<'a>>, &'static str> {
    if let Some(login) = &person.login {
        let Some((account, name)) = known.holders.get(login) else { return Ok(None) };
        let roles = known.in_scope.get(account).filter(|_| *name == person.name);
        return roles.map(|roles| Some((*account, roles.as_slice()))).ok_or("login-taken");
    }
    let same = known.by_name.get(&person.name).map_or(&[][..], Vec::as_slice);
    let roles = |account: &i64| Some((*account, known.in_scope.get(account)?.as_slice()));
    let held = (person.role, person.division);
    Ok(same.iter().filter_map(roles).find(|(_, roles)| roles.contains(&held)))
}

async fn known(tx: &mut Snapshot, scope: &Scope, people: impl Iterator<Item = &Person>) -> db::Result<Known> {
    let people: Vec<&Person> = people.collect();
    let logins: Vec<String> = people.iter().filter_map(|person| person.login.clone()).collect();
    let names: HashSet<String> = people.iter().map(|person| person.name.clone()).collect();
    let names: Vec<String> = names.into_iter().collect();
    let holders = list::holders(tx, &logins).await?;
    let wanted = list::Wanted::Known { logins: &logins, names: &names };
    let mut by_name: HashMap<String, Vec<i64>> = HashMap::new();
    let mut ids = Vec::new();
    for account in list::accounts(tx, scope, wanted).await? {
        ids.push(account.id);
        by_name.entry(account.name).or_default().push(account.id);
    }
    let in_scope = list::roles(tx, &ids).await?;
    Ok(Known { holders, in_scope, by_name })
}

fn understand(
    scope: &Scope,
    places: &Places,
    roles: &HashMap<String, Role>,
    entry: &Entry,
) -> Result<Person, &'static str> {
    let login = if entry.login.is_empty() { None } else { Some(model::login(&entry.login)?) };
    let role = roles.get(&base::fold_width(&entry.role).to_lowercase());
    Ok(Person {
        login,
        name: model::name(&entry.name)?,
        phone: model::phone(&entry.phone)?,
        role: *role.ok_or("account-role-unknown")?,
        division: places.find(scope, &entry.division)?,
    })
}

/// Gives logins to those who came without one. `nameless` are rows and their newcomers.
async fn name_the_nameless(
    tx: &mut Snapshot,
    plan: &mut Plan,
    nameless: &[(usize, usize)],
) -> db::Result<()> {
    let besides: HashSet<String> = plan.new.iter().map(|new| new.login.clone()).collect();
    let mut without: Vec<usize> = nameless.iter().map(|(_, newcomer)| *newcomer).collect();
    without.sort_unstable();
    without.dedup();
    let names: Vec<&str> = without.iter().map(|newcomer| plan.new[*newcomer].name.as_str()).collect();
    let logins = free_logins(tx, &names, &besides).await?;
    for (newcomer, login) in without.into_iter().zip(logins) {
        plan.new[newcomer].login = login;
    }
    for (row, newcomer) in nameless {
        plan.rows[*row].login.clone_from(&plan.new[*newcomer].login);
    }
    Ok(())
}
