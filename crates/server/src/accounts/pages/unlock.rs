//! Going on after a pause: a PIN, or the password. What was sent meanwhile is sent on.

use axum::Extension;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use axum_extra::extract::CookieJar;
use serde::Deserialize;
use serde_json::json;

use super::super::door::Door;
use super::super::store::{account, sessions};
use super::super::{Note, note};
use super::resume::resume;
use crate::access::Person;
use crate::site::Site;
use crate::web::{
    Address, Chosen, Error, Errors, Form, Html, SignInPage, UnlockPage, ended_cookie, own_path,
};

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Sent {
    pin: String,
    password: String,
    next: String,
    parked: String,
}

pub async fn show(
    State(site): State<Site>,
    chosen: Chosen,
    Query(query): Query<Sent>,
) -> Result<Response, Error> {
    let next = own_path(&query.next).to_owned();
    match &chosen.person {
        Some(person) if person.locked => {
            let (page, has_pin, parked) = (chosen.page(&site), person.has_pin, String::new());
            Ok(Html::of(&UnlockPage { page, errors: Errors::default(), has_pin, next, parked })?
                .into_response())
        }
        _ => Ok(Redirect::to(&next).into_response()),
    }
}

pub async fn unlock(
    State(site): State<Site>,
    Extension(door): Extension<Door>,
    chosen: Chosen,
    Address(address): Address,
    Form(sent): Form<Sent>,
) -> Result<Response, Error> {
    let person = chosen.person.clone().ok_or(Error::SignIn)?;
    let name = format!("unlock {}", person.account);
    let Ok(_attempt) = door.enter(&address, &name, site.clock.now()).await else {
        let refused = refused(&site, &chosen, &person, sent, "error-too-many")?;
        return Ok((StatusCode::TOO_MANY_REQUESTS, refused).into_response());
    };
    if !person.locked || fits(&site, &door, &person, &sent).await? {
        opened(&site, &person, &address).await?;
        return resume(&site, &chosen, person.account, &sent.next, &sent.parked);
    }
    let left = wrong(&site, &person, &address).await?;
    if left == 0 {
        let (next, page) = (own_path(&sent.next).to_owned(), chosen.page(&site));
        let (login, errors) = (person.login.clone(), Errors::of("login", "unlock-ended"));
        let page = SignInPage { page, errors, login, next, parked: sent.parked, wait: None };
        let html = Html::of(&page)?.with_status(StatusCode::UNPROCESSABLE_ENTITY);
        return Ok((CookieJar::new().add(ended_cookie()), html).into_response());
    }
    let refused = refused(&site, &chosen, &person, sent, "unlock-wrong")?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, refused).into_response())
}

/// The page again, with what was kept.
fn refused(
    site: &Site,
    chosen: &Chosen,
    person: &Person,
    sent: Sent,
    key: &'static str,
) -> Result<Html, Error> {
    let field = if person.has_pin && sent.password.is_empty() { "pin" } else { "password" };
    let (page, errors, next) = (chosen.page(site), Errors::of(field, key), own_path(&sent.next).to_owned());
    Html::of(&UnlockPage { page, errors, has_pin: person.has_pin, next, parked: sent.parked })
}

/// Whether the PIN is right, or the password where none was typed.
async fn fits(site: &Site, door: &Door, person: &Person, sent: &Sent) -> Result<bool, Error> {
    let stored = account::by_id(&mut site.db.read().await?, person.account).await?;
    let Some(stored) = stored else { return Ok(false) };
    if sent.password.is_empty() && stored.pin.is_some() {
        return door.fits(sent.pin.trim().to_owned(), stored.pin).await;
    }
    door.fits(sent.password.clone(), stored.password).await
}

async fn opened(site: &Site, person: &Person, address: &str) -> Result<(), Error> {
    let now = site.clock.now();
    let mut tx = site.db.write().await?;
    sessions::unlock(&mut tx, &person.session, now).await?;
    let object = person.account;
    let entry = Note { account: Some(object), address, action: "session.unlock", object, detail: json!({}) };
    note(&mut tx, site, now, entry).await?;
    tx.commit().await?;
    site.people.forget();
    Ok(())
}

/// Counts a wrong try; how many are left.
async fn wrong(site: &Site, person: &Person, address: &str) -> Result<i32, Error> {
    let now = site.clock.now();
    let mut tx = site.db.write().await?;
    let left = sessions::wrong_pin(&mut tx, person.account, &person.session, now).await?;
    let (object, detail) = (person.account, json!({ "left": left }));
    let entry = Note { account: Some(object), address, action: "session.unlock-refuse", object, detail };
    note(&mut tx, site, now, entry).await?;
    tx.commit().await?;
    site.people.forget();
    Ok(left)
}
