//! Choosing a password, with a PIN for the phone. A forced change leads here from every page and
//! back to where one was.

use askama::Template;
use axum::Extension;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use serde::Deserialize;
use serde_json::json;

use super::super::door::Door;
use super::super::store::{account, sessions};
use super::super::{model, note_by};
use super::sign_in::{Outcome, attempt, failed};
use crate::site::Site;
use crate::web::{Error, Errors, Form, Html, Page, Visit, own_path};

#[derive(Template)]
#[template(path = "accounts/pages/password.html")]
struct PasswordPage {
    page: Page,
    errors: Errors,
    /// Chosen for the first time, or anew because somebody came in by a slip.
    forced: bool,
    has_pin: bool,
    login: String,
    next: String,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Sent {
    current: String,
    password: String,
    again: String,
    pin: String,
    next: String,
}

fn shown(visit: &Visit, errors: Errors, next: &str) -> PasswordPage {
    PasswordPage {
        page: visit.page.clone(),
        errors,
        forced: visit.person.must_change,
        has_pin: visit.person.has_pin,
        login: visit.person.login.clone(),
        next: own_path(next).to_owned(),
    }
}

pub async fn show(visit: Visit, Query(query): Query<Sent>) -> Result<Html, Error> {
    Html::of(&shown(&visit, Errors::default(), &query.next))
}

pub async fn change(
    visit: Visit,
    State(site): State<Site>,
    Extension(door): Extension<Door>,
    Form(sent): Form<Sent>,
) -> Result<Response, Error> {
    let errors = check(&visit, &site, &door, &sent).await?;
    if !errors.is_empty() {
        let page = shown(&visit, errors, &sent.next);
        return Ok(Html::of(&page)?.with_status(StatusCode::UNPROCESSABLE_ENTITY).into_response());
    }
    let password = door.hash(sent.password).await?;
    let pin = if sent.pin.is_empty() { None } else { Some(door.hash(sent.pin).await?) };
    let account = visit.person.account;
    let mut tx = site.db.write().await?;
    account::set_secrets(&mut tx, account, &password, pin.as_deref()).await?;
    let closed = sessions::close(&mut tx, account, &visit.person.session, false, visit.now).await?;
    let detail =
        json!({ "pin": pin.is_some(), "sessions_ended": closed.sessions, "slips_void": closed.slips });
    note_by(&mut tx, &site, &visit, "account.password", account, detail).await?;
    tx.commit().await?;
    site.people.forget();
    Ok(Redirect::to(own_path(&sent.next)).into_response())
}

async fn check(visit: &Visit, site: &Site, door: &Door, sent: &Sent) -> Result<Errors, Error> {
    let mut errors = Errors::default();
    errors.take("password", model::check_password(&sent.password, &visit.person.login));
    if sent.password != sent.again {
        errors.add("again", "password-again-differs");
    }
    if !sent.pin.is_empty() {
        errors.take("pin", model::check_pin(&sent.pin));
    }
    if !visit.person.must_change && !knows_password(visit, site, door, &sent.current).await? {
        errors.add("current", "password-current-wrong");
    }
    Ok(errors)
}

/// Whether the visitor knows the account's password. A guess is an attempt at the door: it is
/// counted and written down there, and who has failed too often waits.
pub async fn knows_password(visit: &Visit, site: &Site, door: &Door, given: &str) -> Result<bool, Error> {
    let (login, address) = (&visit.person.login, &visit.address);
    let _attempt = door.enter(address, login, visit.now).await.map_err(|_| Error::TooMany)?;
    match attempt(site, door, login, given.to_owned(), visit.now).await? {
        Outcome::In(_) => Ok(true),
        Outcome::Wrong => {
            failed(site, door, Some(login), address, visit.now).await?;
            Ok(false)
        }
        Outcome::Wait(_) => {
            door.tries(|tries| tries.address_failed(address, visit.now));
            Err(Error::TooMany)
        }
    }
}
