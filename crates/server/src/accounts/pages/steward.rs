//! The account of one steward: joined by hand to one that exists, made, or taken away.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Redirect, Response};
use db::Snapshot;
use serde::Deserialize;
use serde_json::json;

use super::super::store::list::{self, Account, Wanted};
use super::super::store::stewards::{self, Steward};
use super::super::{model, note_by};
use super::stewards::make;
use crate::access::{Action, Scope};
use crate::site::Site;
use crate::vault::masked_phone;
use crate::web::{Error, Errors, Form, Html, Page, Visit};

#[derive(Template)]
#[template(path = "accounts/pages/steward.html")]
struct StewardPage {
    page: Page,
    errors: Errors,
    path: String,
    steward: Steward,
    phone: String,
    /// The login and name of his account.
    held: Option<(i64, String, String)>,
    login: String,
    /// Accounts of his name.
    namesakes: Vec<Account>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Sent {
    login: String,
}

type Who = Path<(i64, i64)>;

fn path(steward: &Steward) -> String {
    format!("/accounts/stewards/{}/{}", steward.town, steward.steward)
}

/// The steward of an address.
async fn of(tx: &mut Snapshot, scope: &Scope, (town, id): (i64, i64)) -> Result<Steward, Error> {
    stewards::one(tx, scope, town, id).await?.ok_or(Error::NotFound)
}

/// The same, if he has no account yet.
async fn waiting(tx: &mut Snapshot, scope: &Scope, who: (i64, i64)) -> Result<Steward, Error> {
    let steward = of(tx, scope, who).await?;
    if steward.account.is_some() { Err(Error::Conflict("accounts-steward-has")) } else { Ok(steward) }
}

pub async fn show(visit: Visit, State(site): State<Site>, Path(who): Who) -> Result<Html, Error> {
    let scope = visit.may(Action::ManageAccounts)?;
    shown(&visit, &site, &scope, who, None).await
}

/// The page; `refused` is what was typed, and what is wrong with it.
async fn shown(
    visit: &Visit,
    site: &Site,
    scope: &Scope,
    who: (i64, i64),
    refused: Option<(String, Errors)>,
) -> Result<Html, Error> {
    let mut tx = site.db.read().await?;
    let steward = of(&mut tx, scope, who).await?;
    let account: Vec<i64> = steward.account.into_iter().collect();
    let held = list::people(&mut tx, &account).await?.into_iter().next();
    let names = [steward.name.clone()];
    let namesakes = list::accounts(&mut tx, scope, Wanted::Known { logins: &[], names: &names }).await?;
    let only = if let [only] = namesakes.as_slice() { only.login.clone() } else { String::new() };
    let (login, errors) = refused.unwrap_or((only, Errors::default()));
    let phone = steward.phone_sealed.as_deref().and_then(|sealed| site.vault.open(sealed));
    Html::of(&StewardPage {
        page: visit.page.clone(),
        errors,
        path: path(&steward),
        steward,
        phone: phone.map(|phone| masked_phone(&phone)).unwrap_or_default(),
        held: held.map(|(id, (login, name))| (id, login, name)),
        login,
        namesakes,
    })
}

pub async fn join(
    visit: Visit,
    State(site): State<Site>,
    Path(who): Who,
    Form(sent): Form<Sent>,
) -> Result<Response, Error> {
    let scope = visit.may(Action::ManageAccounts)?;
    match joined(&visit, &site, &scope, who, &sent.login).await {
        Ok(path) => Ok(Redirect::to(&path).into_response()),
        Err(Error::Invalid(fields)) => {
            let refused = Some((sent.login, Errors::from(fields)));
            let html = shown(&visit, &site, &scope, who, refused).await?;
            Ok(html.with_status(StatusCode::UNPROCESSABLE_ENTITY).into_response())
        }
        Err(error) => Err(error),
    }
}

async fn joined(
    visit: &Visit,
    site: &Site,
    scope: &Scope,
    who: (i64, i64),
    login: &str,
) -> Result<String, Error> {
    let mut tx = site.db.write().await?;
    let steward = waiting(&mut tx, scope, who).await?;
    let unknown = || Error::field("login", "accounts-steward-unknown");
    let logins = [model::login(login).map_err(|_| unknown())?];
    let found = list::accounts(&mut tx, scope, Wanted::Known { logins: &logins, names: &[] }).await?;
    let account = found.first().ok_or_else(unknown)?.id;
    if account == visit.person.account {
        return Err(Error::field("login", "account-own"));
    }
    stewards::join(&mut tx, &[(who, account)]).await?;
    note_by(&mut tx, site, visit, "account.join", account, detail(who)).await?;
    tx.commit().await?;
    site.people.forget();
    Ok(path(&steward))
}

fn detail((town, steward): (i64, i64)) -> serde_json::Value {
    json!({ "steward": format!("{town}/{steward}") })
}

pub async fn create(
    visit: Visit,
    State(site): State<Site>,
    Path(who): Who,
    headers: HeaderMap,
) -> Result<Html, Error> {
    let scope = visit.may(Action::ManageAccounts)?;
    let mut tx = site.db.write().await?;
    let steward = waiting(&mut tx, &scope, who).await?;
    let sheet = make(&mut tx, &visit, &site, &headers, &[steward]).await?;
    tx.commit().await?;
    site.people.forget();
    sheet.page()
}

pub async fn part(visit: Visit, State(site): State<Site>, Path(who): Who) -> Result<Redirect, Error> {
    let scope = visit.may(Action::ManageAccounts)?;
    let mut tx = site.db.write().await?;
    let steward = of(&mut tx, &scope, who).await?;
    let account = steward.account.ok_or(Error::NotFound)?;
    stewards::part(&mut tx, who.0, who.1).await?;
    note_by(&mut tx, &site, &visit, "account.part", account, detail(who)).await?;
    tx.commit().await?;
    site.people.forget();
    Ok(Redirect::to(&path(&steward)))
}
