//! One account: its roles, its state, and what an administrator may do to it.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use base::{Division, Moment, Role};
use db::{Snapshot, Tx};
use serde::Deserialize;
use serde_json::{Value, json};

use super::super::places::Places;
use super::super::store::list::Account;
use super::super::store::{self, list, sessions};
use super::super::{model, note_by};
use super::list::{Standing, state};
use super::{Choice, HeldRow, Names, choices};
use crate::access::{Action, Scope};
use crate::audit::Changes;
use crate::site::Site;
use crate::vault::{Vault, masked_phone};
use crate::web::{Error, Errors, Form, Html, Page, Visit};

#[derive(Template)]
#[template(path = "accounts/pages/one.html")]
struct OnePage {
    page: Page,
    errors: Errors,
    account: Account,
    own: bool,
    phone: String,
    created: String,
    standing: Standing,
    held: Vec<HeldRow>,
    /// What comes with stewardships, and is not given here.
    posts: Vec<HeldRow>,
    sessions: usize,
    roles: Vec<Choice>,
    places: Vec<String>,
}

/// What may be done to an account.
enum Deed {
    Rename(String),
    Appoint(Role, Division),
    Dismiss(Role, Division),
    Disable,
    Enable,
    EndSessions,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Sent {
    name: String,
    role: String,
    division: String,
}

pub async fn show(visit: Visit, State(site): State<Site>, Path(id): Path<i64>) -> Result<Html, Error> {
    let scope = visit.may(Action::ManageAccounts)?;
    shown(&visit, &site, &scope, id, Errors::default()).await
}

async fn shown(visit: &Visit, site: &Site, scope: &Scope, id: i64, errors: Errors) -> Result<Html, Error> {
    let mut tx = site.db.read().await?;
    let account = list::account(&mut tx, scope, id).await?.ok_or(Error::NotFound)?;
    let held = roles(&mut tx, id).await?;
    let mut all = list::held(&mut tx, &[id], visit.today).await?.remove(&id).unwrap_or_default();
    let names = Names::of(&mut tx, all.iter().map(|(_, division)| *division)).await?;
    let places = Places::of_scope(&mut tx, scope).await?;
    let sessions = sessions::of(&mut tx, id, visit.now).await?.len();
    let phone = account.phone_sealed.as_deref().and_then(|sealed| site.vault.open(sealed));
    Html::of(&OnePage {
        page: visit.page.clone(),
        errors,
        own: id == visit.person.account,
        phone: phone.map(|phone| masked_phone(&phone)).unwrap_or_default(),
        created: visit.words.moment(&site.playbook.time, Moment(account.created_at)),
        standing: state(&visit.words, &account, visit.now),
        held: names.held(&visit.words, &held),
        posts: names.held(&visit.words, &all.split_off(held.len())),
        sessions,
        roles: choices(&visit.words, ""),
        places: places.names(),
        account,
    })
}

async fn roles(tx: &mut Snapshot, id: i64) -> db::Result<Vec<(Role, Division)>> {
    Ok(list::roles(tx, &[id]).await?.remove(&id).unwrap_or_default())
}

pub async fn change(
    visit: Visit,
    State(site): State<Site>,
    Path((id, deed)): Path<(i64, String)>,
    Form(sent): Form<Sent>,
) -> Result<Response, Error> {
    let scope = visit.may(Action::ManageAccounts)?;
    let done = carry_out(&visit, &site, &scope, id, &deed, &sent).await;
    if let Err(Error::Invalid(fields)) = done {
        let html = shown(&visit, &site, &scope, id, Errors::from(fields)).await?;
        return Ok(html.with_status(StatusCode::UNPROCESSABLE_ENTITY).into_response());
    }
    done?;
    Ok(Redirect::to(&format!("/accounts/{id}")).into_response())
}

async fn carry_out(
    visit: &Visit,
    site: &Site,
    scope: &Scope,
    id: i64,
    deed: &str,
    sent: &Sent,
) -> Result<(), Error> {
    let mut tx = site.db.write().await?;
    let account = list::account(&mut tx, scope, id).await?.ok_or(Error::NotFound)?;
    let places = Places::of_scope(&mut tx, scope).await?;
    let deed = understand(scope, &places, deed, sent)?;
    let on_oneself = matches!(deed, Deed::Appoint(..) | Deed::Dismiss(..) | Deed::Disable);
    if id == visit.person.account && on_oneself {
        return Err(Error::field("account", "account-own"));
    }
    let (action, detail) = carry(&mut tx, &site.vault, &account, deed, visit.now).await?;
    note_by(&mut tx, site, visit, action, id, detail).await?;
    tx.commit().await?;
    site.people.forget();
    Ok(())
}

fn understand(scope: &Scope, places: &Places, deed: &str, sent: &Sent) -> Result<Deed, Error> {
    let wrong = |name| move |key| Error::field(name, key);
    let role = || sent.role.parse::<Role>().map_err(|_| Error::field("role", "account-role-unknown"));
    Ok(match deed {
        "name" => Deed::Rename(model::name(&sent.name).map_err(wrong("name"))?),
        "roles" => Deed::Appoint(role()?, places.find(scope, &sent.division).map_err(wrong("division"))?),
        // A division that no longer stands can still be taken away.
        "dismissal" => Deed::Dismiss(role()?, Division::from_code(&sent.division).ok_or(Error::NotFound)?),
        "closure" => Deed::Disable,
        "opening" => Deed::Enable,
        "sessions-end" => Deed::EndSessions,
        _ => return Err(Error::NotFound),
    })
}

/// Carries a deed out; its word and detail for the audit trail.
async fn carry(
    tx: &mut Tx,
    vault: &Vault,
    account: &Account,
    deed: Deed,
    now: Moment,
) -> Result<(&'static str, Value), Error> {
    let id = account.id;
    let held = |role: Role, division: Division| json!({ "role": role.key(), "division": division.code() });
    Ok(match deed {
        Deed::Rename(name) => {
            store::account::set_name(tx, id, &name).await?;
            let changes = Changes::new(vault).secret("name", Some(&account.name), Some(&name));
            ("account.rename", changes.into(json!({})))
        }
        Deed::Appoint(role, division) => {
            store::appoint(tx, &[(id, role, division)]).await?;
            ("account.appoint", held(role, division))
        }
        Deed::Dismiss(role, division) => {
            if !store::account::dismiss(tx, id, role, division).await? {
                return Err(Error::NotFound);
            }
            if roles(tx, id).await?.is_empty() {
                return Err(Error::field("account", "account-last-role"));
            }
            ("account.dismiss", held(role, division))
        }
        Deed::Disable => {
            store::account::set_disabled(tx, id, Some(now)).await?;
            ("account.disable", sessions::close(tx, id, &[], true, now).await?.detail())
        }
        Deed::Enable => {
            store::account::set_disabled(tx, id, None).await?;
            store::account::set_failures(tx, id, 0, None).await?;
            ("account.enable", json!({}))
        }
        Deed::EndSessions => ("session.end", sessions::close(tx, id, &[], true, now).await?.detail()),
    })
}
