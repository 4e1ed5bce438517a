//! Coming in by a printed slip. Chat programs fetch addresses to show a preview, so looking at one
//! uses nothing up: the button does.

use askama::Template;
use axum::Extension;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use serde::Deserialize;
use serde_json::json;

use super::super::door::Door;
use super::super::model::Code;
use super::super::store::{account, slips};
use super::super::{Note, note};
use super::resume::resume;
use super::sign_in::start;
use crate::site::Site;
use crate::web::{Address, Chosen, Error, Errors, Form, Html, Page};

#[derive(Template)]
#[template(path = "accounts/pages/slip.html")]
struct SlipPage {
    page: Page,
    errors: Errors,
    /// What was typed or scanned.
    code: String,
    /// The code opens: one button is left to press.
    ready: bool,
    /// A form that was kept while the session was locked or over; empty for none.
    parked: String,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Sent {
    code: String,
    parked: String,
}

pub async fn show(State(site): State<Site>, chosen: Chosen) -> Result<Html, Error> {
    blank(&site, &chosen, String::new())
}

fn blank(site: &Site, chosen: &Chosen, parked: String) -> Result<Html, Error> {
    let (page, errors) = (chosen.page(site), Errors::default());
    Html::of(&SlipPage { page, errors, code: String::new(), ready: false, parked })
}

pub async fn show_code(
    State(site): State<Site>,
    Extension(door): Extension<Door>,
    chosen: Chosen,
    Address(address): Address,
    Path(typed): Path<String>,
) -> Result<Html, Error> {
    let now = site.clock.now();
    let entered = door.enter(&address, &format!("slip {typed}"), now).await;
    let _attempt = entered.map_err(|_| Error::TooMany)?;
    if let Some(code) = Code::parse(&typed)
        && slips::opens(&mut site.db.read().await?, &site.vault, &code, now).await?
    {
        let (page, errors, parked) = (chosen.page(&site), Errors::default(), String::new());
        return Html::of(&SlipPage { page, errors, code: code.grouped(), ready: true, parked });
    }
    door.tries(|tries| tries.address_failed(&address, now));
    refused(&site, &chosen, Sent { code: typed, parked: String::new() })
}

pub async fn enter(
    State(site): State<Site>,
    Extension(door): Extension<Door>,
    chosen: Chosen,
    Address(address): Address,
    headers: HeaderMap,
    Form(sent): Form<Sent>,
) -> Result<Response, Error> {
    if sent.code.is_empty() && !sent.parked.is_empty() {
        // From the page that asks for signing in again, which keeps a form.
        return Ok(blank(&site, &chosen, sent.parked)?.into_response());
    }
    let now = site.clock.now();
    let Ok(_attempt) = door.enter(&address, &format!("slip {}", sent.code), now).await else {
        let page = shown(&site, &chosen, sent, "error-too-many")?;
        return Ok((StatusCode::TOO_MANY_REQUESTS, page).into_response());
    };
    if let Some(code) = Code::parse(&sent.code) {
        let mut tx = site.db.write().await?;
        if let Some(id) = slips::use_slip(&mut tx, &site.vault, &code, now).await? {
            account::force_change(&mut tx, id).await?;
            let entry = Note {
                account: Some(id),
                address: &address,
                action: "slip.use",
                object: id,
                detail: json!({}),
            };
            note(&mut tx, &site, now, entry).await?;
            let cookie = start(&mut tx, &site, &chosen, id, &headers).await?;
            tx.commit().await?;
            site.people.forget();
            // A forced change holds up no form: what was kept is sent before it.
            return Ok((cookie, resume(&site, &chosen, id, "/me/password", &sent.parked)?).into_response());
        }
    }
    door.tries(|tries| tries.address_failed(&address, now));
    if site.trail.is_new(format!("slip {address}"), 1, now) {
        let mut tx = site.db.write().await?;
        let (object, detail) = (0, json!({}));
        let entry = Note { account: None, address: &address, action: "slip.refuse", object, detail };
        note(&mut tx, &site, now, entry).await?;
        tx.commit().await?;
    }
    Ok(refused(&site, &chosen, sent)?.into_response())
}

fn refused(site: &Site, chosen: &Chosen, sent: Sent) -> Result<Html, Error> {
    let key = if Code::parse(&sent.code).is_some() { "slip-spent" } else { "slip-form" };
    Ok(shown(site, chosen, sent, key)?.with_status(StatusCode::UNPROCESSABLE_ENTITY))
}

fn shown(site: &Site, chosen: &Chosen, sent: Sent, key: &'static str) -> Result<Html, Error> {
    let (page, errors) = (chosen.page(site), Errors::of("code", key));
    Html::of(&SlipPage { page, errors, code: sent.code, ready: false, parked: sent.parked })
}
