//! Accounts for the stewards who have none: who has one by his name and phone is joined to it, the
//! others get one. What each answers for gives him its role while he does (ADR 6).

use std::collections::{BTreeMap, BTreeSet};

use askama::Template;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::{IntoResponse as _, Redirect, Response};
use base::{Day, Division, Role};
use db::{Snapshot, Tx};
use serde_json::json;

use super::super::import::free_logins;
use super::super::same::{Pair, same};
use super::super::slip_sheet::Sheet;
use super::super::store::stewards::{self, Steward};
use super::super::store::{self, slips};
use super::super::{New, note_many};
use super::{HeldRow, Names};
use crate::access::{Action, Scope, role_at};
use crate::site::Site;
use crate::web::{Error, Html, Page, Visit};

#[derive(Template)]
#[template(path = "accounts/pages/stewards.html")]
struct StewardsPage {
    page: Page,
    rows: Vec<Row>,
    hidden: usize,
    count: usize,
    /// Of these, who has an account that is found, and who gets one.
    known: usize,
    fresh: usize,
}

struct Row {
    path: String,
    name: String,
    roles: Vec<HeldRow>,
}

/// People that the page shows.
const SHOWN: usize = 300;

/// A steward without account, with the roles that what he answers for gives him.
type Waiting = (Steward, Vec<(Role, Division)>);

async fn without(tx: &mut Snapshot, scope: &Scope, day: Day) -> db::Result<Vec<Waiting>> {
    let mut found: BTreeMap<(i64, i64), Waiting> = BTreeMap::new();
    for row in stewards::without_account(tx, scope, day).await? {
        let held = Division::from_number(row.division).map(|division| (role_at(&row.level), division));
        let key = (row.who.town, row.who.steward);
        found.entry(key).or_insert((row.who, Vec::new())).1.extend(held);
    }
    Ok(found.into_values().collect())
}

/// The stewards of a scope and the accounts that are theirs by name and phone. Nobody gives himself
/// a role: the visitor's own account is left to another administrator.
async fn known(tx: &mut Snapshot, visit: &Visit, site: &Site, scope: &Scope) -> db::Result<Vec<Pair>> {
    let mut pairs = same(&stewards::namesakes(tx, &site.vault, scope).await?);
    pairs.retain(|(_, account)| *account != visit.person.account);
    Ok(pairs)
}

/// Who got whose account, for the audit trail.
fn told(pairs: &[Pair]) -> Vec<serde_json::Value> {
    let told = |((town, steward), account): &Pair| json!({ "account": account, "steward": format!("{town}/{steward}") });
    pairs.iter().map(told).collect()
}

/// Joins them; how many.
pub async fn join_known(tx: &mut Tx, visit: &Visit, site: &Site, scope: &Scope) -> db::Result<usize> {
    let pairs = known(tx, visit, site, scope).await?;
    if !pairs.is_empty() {
        stewards::join(tx, &pairs).await?;
        note_many(tx, site, visit, "account.join", json!({ "joined": told(&pairs) })).await?;
    }
    Ok(pairs.len())
}

pub async fn show(visit: Visit, State(site): State<Site>) -> Result<Html, Error> {
    let scope = visit.may(Action::ManageAccounts)?;
    let mut tx = site.db.read().await?;
    let found = without(&mut tx, &scope, visit.today).await?;
    let pairs = known(&mut tx, &visit, &site, &scope).await?;
    let pairs: BTreeSet<(i64, i64)> = pairs.into_iter().map(|(steward, _)| steward).collect();
    let known = found.iter().filter(|(who, _)| pairs.contains(&(who.town, who.steward))).count();
    let (count, fresh) = (found.len(), found.len() - known);
    let shown = &found[..count.min(SHOWN)];
    let names = Names::of(&mut tx, shown.iter().flat_map(|(_, held)| held).map(|(_, place)| *place)).await?;
    let row = |(who, held): &Waiting| Row {
        path: format!("/accounts/stewards/{}/{}", who.town, who.steward),
        name: who.name.clone(),
        roles: names.held(&visit.words, held),
    };
    let rows = shown.iter().map(row).collect();
    Html::of(&StewardsPage {
        page: visit.page,
        rows,
        hidden: count.saturating_sub(SHOWN),
        count,
        known,
        fresh,
    })
}

pub async fn create(visit: Visit, State(site): State<Site>, headers: HeaderMap) -> Result<Response, Error> {
    let scope = visit.may(Action::ManageAccounts)?;
    let mut tx = site.db.write().await?;
    let joined = join_known(&mut tx, &visit, &site, &scope).await?;
    let found = without(&mut tx, &scope, visit.today).await?;
    let found: Vec<Steward> = found.into_iter().map(|(who, _)| who).collect();
    let sheet = match (joined, found.as_slice()) {
        (0, []) => return Err(Error::Conflict("accounts-stewards-none")),
        (_, []) => None,
        (_, found) => Some(make(&mut tx, &visit, &site, &headers, found).await?),
    };
    tx.commit().await?;
    site.people.forget();
    match sheet {
        Some(sheet) => Ok(sheet.page()?.into_response()),
        None => Ok(Redirect::to("/accounts/stewards").into_response()),
    }
}

/// Makes accounts for stewards who have none, with their slips.
pub async fn make(
    tx: &mut Tx,
    visit: &Visit,
    site: &Site,
    headers: &HeaderMap,
    found: &[Steward],
) -> Result<Sheet, Error> {
    let names: Vec<&str> = found.iter().map(|steward| steward.name.as_str()).collect();
    let logins = free_logins(tx, &names, &Default::default()).await?;
    let people = found.iter().zip(&logins);
    // Sealed anew: a value that is copied as it is could be behind a rotation of the key.
    let phone = |s: &Steward| site.vault.open_stored(s.phone_sealed.as_deref()).map(|p| site.vault.seal(&p));
    let phones: Vec<_> = found.iter().map(phone).collect();
    let new: Vec<New> = people
        .zip(&phones)
        .map(|((s, login), phone)| New { login, name: &s.name, phone_sealed: phone.as_deref(), roles: &[] })
        .collect();
    let accounts = store::create_all(tx, &new, visit.now).await?;
    let pairs: Vec<Pair> =
        found.iter().zip(&accounts).map(|(s, account)| ((s.town, s.steward), *account)).collect();
    stewards::join(tx, &pairs).await?;
    note_many(tx, site, visit, "account.create", json!({ "joined": told(&pairs) })).await?;
    let codes = slips::make_slips(tx, &site.vault, &accounts, visit.now).await?;
    let made: Vec<_> = accounts.into_iter().zip(codes).collect();
    Sheet::of(tx, site, visit, headers, &made).await
}
