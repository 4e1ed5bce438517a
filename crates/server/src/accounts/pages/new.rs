//! One new account, with its slip.

use askama::Template;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use base::{Division, Role};
use serde::Deserialize;
use serde_json::json;

use super::super::places::Places;
use super::super::slip_sheet::Sheet;
use super::super::store::{self, slips};
use super::super::{New, import, model, note_by};
use super::{Choice, choices};
use crate::access::{Action, Scope};
use crate::site::Site;
use crate::web::{Error, Errors, Form, Html, Page, Visit};

#[derive(Template)]
#[template(path = "accounts/pages/new.html")]
struct NewPage {
    page: Page,
    errors: Errors,
    sent: Sent,
    roles: Vec<Choice>,
    places: Vec<String>,
}

#[derive(Clone, Default, Deserialize)]
#[serde(default)]
pub struct Sent {
    login: String,
    name: String,
    phone: String,
    role: String,
    division: String,
}

/// What the form says once it is understood.
struct Understood {
    login: Option<String>,
    name: String,
    phone: Option<String>,
    role: Role,
    division: Division,
}

pub async fn show(visit: Visit, State(site): State<Site>) -> Result<Html, Error> {
    let scope = visit.may(Action::ManageAccounts)?;
    let places = Places::of_scope(&mut site.db.read().await?, &scope).await?;
    shown(&visit, Errors::default(), Sent::default(), &places)
}

fn shown(visit: &Visit, errors: Errors, sent: Sent, places: &Places) -> Result<Html, Error> {
    let roles = choices(&visit.words, &sent.role);
    Html::of(&NewPage { page: visit.page.clone(), errors, sent, roles, places: places.names() })
}

fn understand(scope: &Scope, places: &Places, sent: &Sent) -> Result<Understood, Errors> {
    let mut errors = Errors::default();
    let login = if sent.login.trim().is_empty() { Ok(None) } else { model::login(&sent.login).map(Some) };
    let login = errors.take("login", login);
    let name = errors.take("name", model::name(&sent.name));
    let phone = errors.take("phone", model::phone(&sent.phone));
    let role = errors.take("role", sent.role.parse().map_err(|_| "account-role-unknown"));
    let division = errors.take("division", places.find(scope, &sent.division));
    match (login, name, phone, role, division) {
        (Some(login), Some(name), Some(phone), Some(role), Some(division)) => {
            Ok(Understood { login, name, phone, role, division })
        }
        _ => Err(errors),
    }
}

pub async fn create(
    visit: Visit,
    State(site): State<Site>,
    headers: HeaderMap,
    Form(sent): Form<Sent>,
) -> Result<Response, Error> {
    let scope = visit.may(Action::ManageAccounts)?;
    let mut tx = site.db.write().await?;
    let places = Places::of_scope(&mut tx, &scope).await?;
    let refused = |errors: Errors| -> Result<Response, Error> {
        let html = shown(&visit, errors, sent.clone(), &places)?;
        Ok(html.with_status(StatusCode::UNPROCESSABLE_ENTITY).into_response())
    };
    let new = match understand(&scope, &places, &sent) {
        Ok(new) => new,
        Err(errors) => return refused(errors),
    };
    let login = match new.login.clone() {
        Some(login) => login,
        None => import::free_login(&mut tx, &new.name).await?,
    };
    let sealed = new.phone.as_ref().map(|phone| site.vault.seal(phone));
    let roles = [(new.role, new.division)];
    let made = New { login: &login, name: &new.name, phone_sealed: sealed.as_deref(), roles: &roles };
    let account = match store::create(&mut tx, &made, visit.now).await {
        Err(error) if db::is_taken(&error) => return refused(Errors::of("login", "login-taken")),
        made => made?,
    };
    let code = slips::make_slip(&mut tx, &site.vault, account, visit.now).await?;
    let detail = json!({ "role": new.role.key(), "division": new.division.code() });
    note_by(&mut tx, &site, &visit, "account.create", account, detail).await?;
    let sheet = Sheet::of(&mut tx, &site, &visit, &headers, &[(account, code)]).await?;
    tx.commit().await?;
    Ok(sheet.page()?.into_response())
}
