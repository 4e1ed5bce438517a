//! Accounts for the stewards who have none: each gets the roles that he answers for.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::State;
use axum::http::HeaderMap;
use base::{Day, Division, Role};
use db::Snapshot;

use super::super::import::free_logins;
use super::super::slip_sheet::Sheet;
use super::super::store::stewards::{self, Without};
use super::super::store::{self, list, slips};
use super::super::{New, note_many};
use super::{HeldRow, Names};
use crate::access::{Action, Scope};
use crate::site::Site;
use crate::web::{Error, Html, Page, Visit};

#[derive(Template)]
#[template(path = "accounts/pages/stewards.html")]
struct StewardsPage {
    page: Page,
    rows: Vec<Row>,
    hidden: usize,
    count: usize,
}

struct Row {
    name: String,
    roles: Vec<HeldRow>,
}

/// People that the page shows.
const SHOWN: usize = 300;

/// A steward who is to get an account.
struct Steward {
    town: i64,
    steward: i64,
    name: String,
    phone_sealed: Option<Vec<u8>>,
    roles: Vec<(Role, Division)>,
}

/// The role of who answers at a level: the village cadre of a street is its street lead.
fn role(level: &str) -> Role {
    match level {
        "household" => Role::HouseholdContact,
        "group" => Role::StreetLead,
        _ => Role::TownCadre,
    }
}

async fn without(tx: &mut Snapshot, scope: &Scope, day: Day) -> db::Result<Vec<Steward>> {
    let mut found: BTreeMap<(i64, i64), Steward> = BTreeMap::new();
    for row in stewards::without_account(tx, scope, day).await? {
        let Without { town, steward, name, phone_sealed, level, division } = row;
        let held = Division::from_number(division).map(|division| (role(&level), division));
        let entry = found.entry((town, steward));
        let there = entry.or_insert(Steward { town, steward, name, phone_sealed, roles: Vec::new() });
        there.roles.extend(held);
    }
    Ok(found.into_values().filter(|steward| !steward.roles.is_empty()).collect())
}

pub async fn show(visit: Visit, State(site): State<Site>) -> Result<Html, Error> {
    let scope = visit.may(Action::ManageAccounts)?;
    let mut tx = site.db.read().await?;
    let found = without(&mut tx, &scope, visit.today).await?;
    let count = found.len();
    let shown = &found[..count.min(SHOWN)];
    let codes: Vec<i64> = shown.iter().flat_map(|s| &s.roles).map(|(_, place)| place.number()).collect();
    let names = Names::of(&list::named(&mut tx, &codes).await?);
    let row = |steward: &Steward| Row {
        name: steward.name.clone(),
        roles: names.held(&visit.words, &steward.roles),
    };
    let rows = shown.iter().map(row).collect();
    Html::of(&StewardsPage { page: visit.page, rows, hidden: count.saturating_sub(SHOWN), count })
}

pub async fn create(visit: Visit, State(site): State<Site>, headers: HeaderMap) -> Result<Html, Error> {
    let scope = visit.may(Action::ManageAccounts)?;
    let mut tx = site.db.write().await?;
    let found = without(&mut tx, &scope, visit.today).await?;
    if found.is_empty() {
        return Err(Error::Conflict("accounts-stewards-none"));
    }
    let names: Vec<&str> = found.iter().map(|steward| steward.name.as_str()).collect();
    let logins = free_logins(&mut tx, &names, &Default::default()).await?;
    let people = found.iter().zip(&logins);
    let new: Vec<New> = people
        .map(|(s, login)| New {
            login,
            name: &s.name,
            phone_sealed: s.phone_sealed.as_deref(),
            roles: &s.roles,
        })
        .collect();
    let accounts = store::create_all(&mut tx, &new, visit.now).await?;
    let pairs: Vec<_> =
        found.iter().zip(&accounts).map(|(s, account)| (s.town, s.steward, *account)).collect();
    stewards::join(&mut tx, &pairs).await?;
    note_many(&mut tx, &site, &visit, "account.create", &accounts).await?;
    let codes = slips::make_slips(&mut tx, &site.vault, &accounts, visit.now).await?;
    let made: Vec<_> = accounts.into_iter().zip(codes).collect();
    let sheet = Sheet::of(&mut tx, &site, &visit, &headers, &made).await?;
    tx.commit().await?;
    site.people.forget();
    sheet.page()
}
