//! One's own account: screen, secrets, and where one is signed in.

use askama::Template;
use axum::Extension;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use base::Moment;
use serde::Deserialize;
use serde_json::json;

use super::super::door::Door;
use super::super::store::{account, sessions};
use super::super::{device, model, note_by};
use super::password::knows_password;
use super::{HeldRow, Names};
use crate::audit::Changes;
use crate::site::Site;
use crate::web::{Error, Errors, Form, Html, Language, Page, Visit};

#[derive(Template)]
#[template(path = "accounts/pages/me.html")]
struct MePage {
    page: Page,
    errors: Errors,
    login: String,
    has_pin: bool,
    language: String,
    roles: Vec<HeldRow>,
    sessions: Vec<SessionRow>,
}

/// A session or token as the page shows it.
struct SessionRow {
    id: String,
    device: String,
    token: bool,
    started: String,
    seen: String,
    own: bool,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Screen {
    language: String,
    large_print: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct NewPin {
    current: String,
    pin: String,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Ended {
    session: String,
}

pub async fn show(visit: Visit, State(site): State<Site>) -> Result<Html, Error> {
    shown(&visit, &site, Errors::default()).await
}

async fn shown(visit: &Visit, site: &Site, errors: Errors) -> Result<Html, Error> {
    let person = &visit.person;
    let mut tx = site.db.read().await?;
    let found = sessions::of(&mut tx, person.account, visit.now).await?;
    let names = Names::of(&mut tx, person.appointments.iter().map(|(_, division)| *division)).await?;
    let moment = |at: i64| visit.words.moment(&site.playbook.time, Moment(at));
    let row = |session: sessions::Session| SessionRow {
        own: session.secret == person.session,
        id: hex::encode(&session.secret),
        device: device::name(&session.device),
        token: session.kind == "token",
        started: moment(session.started_at),
        seen: moment(session.seen_at),
    };
    Html::of(&MePage {
        page: visit.page.clone(),
        errors,
        login: person.login.clone(),
        has_pin: person.has_pin,
        language: person.language.clone().unwrap_or_default(),
        roles: names.held(&visit.words, &person.appointments),
        sessions: found.into_iter().map(row).collect(),
    })
}

pub async fn change(
    visit: Visit,
    State(site): State<Site>,
    Form(sent): Form<Screen>,
) -> Result<Redirect, Error> {
    let language = Language::of_tag(&sent.language).map(Language::tag);
    let (account, large) = (visit.person.account, sent.large_print.is_some());
    let mut tx = site.db.write().await?;
    account::set_screen(&mut tx, account, language, large).await?;
    let changes = Changes::new(&site.vault)
        .plain("language", visit.person.language.as_deref(), language)
        .plain("large_print", visit.person.large_print, large);
    let detail = changes.into(json!({}));
    note_by(&mut tx, &site, &visit, "account.screen", account, detail).await?;
    tx.commit().await?;
    site.people.forget();
    Ok(Redirect::to("/me"))
}

pub async fn change_pin(
    visit: Visit,
    State(site): State<Site>,
    Extension(door): Extension<Door>,
    Form(sent): Form<NewPin>,
) -> Result<Response, Error> {
    let mut errors = Errors::default();
    errors.take("pin", model::check_pin(&sent.pin));
    if errors.is_empty() && !knows_password(&visit, &site, &door, &sent.current).await? {
        errors.add("current", "password-current-wrong");
    }
    if !errors.is_empty() {
        let html = shown(&visit, &site, errors).await?;
        return Ok(html.with_status(StatusCode::UNPROCESSABLE_ENTITY).into_response());
    }
    let pin = door.hash(sent.pin).await?;
    let mut tx = site.db.write().await?;
    account::set_pin(&mut tx, visit.person.account, &pin).await?;
    note_by(&mut tx, &site, &visit, "account.pin", visit.person.account, json!({})).await?;
    tx.commit().await?;
    site.people.forget();
    Ok(Redirect::to("/me").into_response())
}

pub async fn end_session(
    visit: Visit,
    State(site): State<Site>,
    Form(sent): Form<Ended>,
) -> Result<Redirect, Error> {
    let digest = hex::decode(&sent.session).map_err(|_| Error::NotFound)?;
    let mut tx = site.db.write().await?;
    if !sessions::end(&mut tx, visit.person.account, &digest, visit.now).await? {
        return Err(Error::NotFound);
    }
    note_by(&mut tx, &site, &visit, "session.end", visit.person.account, json!({ "sessions_ended": 1 }))
        .await?;
    tx.commit().await?;
    site.people.forget();
    Ok(Redirect::to("/me"))
}

pub async fn end_others(visit: Visit, State(site): State<Site>) -> Result<Redirect, Error> {
    let mut tx = site.db.write().await?;
    let account = visit.person.account;
    let closed = sessions::close(&mut tx, account, &visit.person.session, true, visit.now).await?;
    note_by(&mut tx, &site, &visit, "session.end", account, closed.detail()).await?;
    tx.commit().await?;
    site.people.forget();
    Ok(Redirect::to("/me"))
}
