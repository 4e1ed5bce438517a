//! Signing in with a password, and signing out.

use axum::Extension;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse as _, Redirect, Response};
use axum_extra::extract::CookieJar;
use base::Moment;
use serde::Deserialize;
use serde_json::json;

use super::super::door::Door;
use super::super::store::account::{Credentials, by_login, set_failures};
use super::super::{Note, device, model, note, store};
use super::resume::resume;
use crate::access::{Capacity, Kind, end_session, start_session};
use crate::audit::Late;
use crate::site::Site;
use crate::web::{
    Address, Chosen, Error, Errors, Form, Html, SignInPage, ended_cookie, own_path, session_cookie,
};

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Next {
    next: String,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct SignIn {
    login: String,
    password: String,
    next: String,
    parked: String,
}

/// What became of an attempt.
pub enum Outcome {
    In(Credentials),
    Wrong,
    Wait(Moment),
}

pub async fn show(
    State(site): State<Site>,
    chosen: Chosen,
    Query(query): Query<Next>,
) -> Result<Response, Error> {
    let next = own_path(&query.next).to_owned();
    if chosen.person.as_ref().is_some_and(|person| !person.locked) {
        return Ok(Redirect::to(&next).into_response());
    }
    let page = SignInPage {
        page: chosen.page(&site),
        errors: Errors::default(),
        login: String::new(),
        next,
        parked: String::new(),
        wait: None,
    };
    Ok(Html::of(&page)?.into_response())
}

pub async fn sign_in(
    State(site): State<Site>,
    Extension(door): Extension<Door>,
    chosen: Chosen,
    Address(address): Address,
    headers: HeaderMap,
    Form(sent): Form<SignIn>,
) -> Result<Response, Error> {
    let now = site.clock.now();
    let login = model::login(&sent.login).ok();
    let entered = door.enter(&address, login.as_deref().unwrap_or(&sent.login), now).await;
    let outcome = match (&entered, &login) {
        (Err(until), _) => Outcome::Wait(*until),
        (Ok(_), Some(login)) => attempt(&site, &door, login, sent.password.clone(), now).await?,
        // What can be no login is nobody's: failures of all such together would bar the door to all.
        (Ok(_), None) => Outcome::Wrong,
    };
    let (errors, wait) = match outcome {
        Outcome::In(account) => {
            let cookie = begin(&site, &chosen, account.id, &address, &headers).await?;
            return Ok(
                (cookie, resume(&site, &chosen, account.id, &sent.next, &sent.parked)?).into_response()
            );
        }
        Outcome::Wrong => {
            failed(&site, &door, login.as_deref(), &address, now).await?;
            (Errors::of("login", "sign-in-wrong"), None)
        }
        Outcome::Wait(until) => {
            if entered.is_ok() {
                door.tries(|tries| tries.address_failed(&address, now));
            }
            note_wait(&site, login.as_deref().unwrap_or_default(), address, now);
            (Errors::default(), Some(until.seconds_since(now) / 60 + 1))
        }
    };
    let next = own_path(&sent.next).to_owned();
    let (login, parked) = (sent.login, sent.parked);
    let page = SignInPage { page: chosen.page(&site), errors, login, next, parked, wait };
    let status =
        if wait.is_some() { StatusCode::TOO_MANY_REQUESTS } else { StatusCode::UNPROCESSABLE_ENTITY };
    Ok(Html::of(&page)?.with_status(status).into_response())
}

/// Writes down that somebody who has to wait tried again; once a minute for each name.
fn note_wait(site: &Site, login: &str, address: String, now: Moment) {
    if site.trail.is_new(format!("wait {login}"), 1, now) {
        let (id, detail) = (site.clock.new_id(), json!({ "login": hex::encode(site.vault.index(login)) }));
        let (action, object) = ("session.wait", "account/0".to_owned());
        let capacity = Capacity::default();
        site.trail.later(Late { id, at: now, account: None, capacity, address, action, object, detail });
    }
}

/// Compares a password. Unknown, disabled and slip-only accounts take as long as others do.
pub async fn attempt(
    site: &Site,
    door: &Door,
    login: &str,
    password: String,
    now: Moment,
) -> Result<Outcome, Error> {
    let found = by_login(&mut site.db.read().await?, login).await?;
    let until = match &found {
        Some(account) => account.locked_until.map(Moment),
        None => door.tries(|tries| tries.stranger(login)),
    };
    if let Some(until) = until.filter(|until| *until > now) {
        return Ok(Outcome::Wait(until));
    }
    let open = found.filter(|account| account.disabled_at.is_none());
    let stored = open.as_ref().and_then(|account| account.password.clone());
    let fits = door.fits(password, stored).await?;
    Ok(open.filter(|_| fits).map_or(Outcome::Wrong, Outcome::In))
}

/// Counts a failure, of an account in the database, of any other name in memory, and of the address.
/// All write an entry, so that none answers faster.
pub async fn failed(
    site: &Site,
    door: &Door,
    login: Option<&str>,
    address: &str,
    now: Moment,
) -> Result<(), Error> {
    let mut tx = site.db.write().await?;
    let found = match login {
        Some(login) => by_login(&mut tx, login).await?,
        None => None,
    };
    let mut detail = json!({});
    match (&found, login) {
        (Some(account), _) => {
            let failures = account.failures.saturating_add(1);
            let until = model::locked_until(failures, now);
            set_failures(&mut tx, account.id, failures, until).await?;
            detail = json!({ "failures": failures, "locked": until.is_some() });
        }
        (None, Some(login)) => door.tries(|tries| tries.stranger_failed(login, now)),
        (None, None) => {}
    }
    door.tries(|tries| tries.address_failed(address, now));
    let object = found.map_or(0, |account| account.id);
    let entry = Note { account: None, address, action: "session.refuse", object, detail };
    note(&mut tx, site, now, entry).await?;
    Ok(tx.commit().await?)
}

/// Starts a session in place of the one the browser had; its cookie.
async fn begin(
    site: &Site,
    chosen: &Chosen,
    account: i64,
    address: &str,
    headers: &HeaderMap,
) -> Result<CookieJar, Error> {
    let now = site.clock.now();
    let mut tx = site.db.write().await?;
    set_failures(&mut tx, account, 0, None).await?;
    let entry =
        Note { account: Some(account), address, action: "session.start", object: account, detail: json!({}) };
    note(&mut tx, site, now, entry).await?;
    let jar = start(&mut tx, site, chosen, account, headers).await?;
    tx.commit().await?;
    site.people.forget();
    Ok(jar)
}

/// The rows of a new session, and its cookie.
pub async fn start(
    tx: &mut db::Tx,
    site: &Site,
    chosen: &Chosen,
    account: i64,
    headers: &HeaderMap,
) -> db::Result<CookieJar> {
    let now = site.clock.now();
    let agent = headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    store::sessions::sweep(tx, account, now).await?;
    if let Some(former) = &chosen.secret {
        end_session(tx, former).await?;
    }
    let secret = start_session(tx, account, Kind::Browser, &device::kept(agent), now).await?;
    Ok(CookieJar::new().add(session_cookie(site, &secret)))
}

pub async fn sign_out(
    State(site): State<Site>,
    chosen: Chosen,
    Address(address): Address,
) -> Result<Response, Error> {
    if let (Some(secret), Some(person)) = (&chosen.secret, &chosen.person) {
        let mut tx = site.db.write().await?;
        end_session(&mut tx, secret).await?;
        let (account, object) = (Some(person.account), person.account);
        let entry = Note { account, address: &address, action: "session.end", object, detail: json!({}) };
        note(&mut tx, &site, site.clock.now(), entry).await?;
        tx.commit().await?;
        site.people.forget();
    }
    Ok((CookieJar::new().add(ended_cookie()), Redirect::to("/sign-in")).into_response())
}
