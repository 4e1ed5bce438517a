//! Coming in by a printed slip. Chat programs fetch addresses to show a preview, so looking at one
//! uses nothing up: the button does.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Redirect, Response};
use axum::{Extension, Form};
use serde::Deserialize;
use serde_json::json;

use super::super::door::Door;
use super::super::model::Code;
use super::super::store::{account, slips};
use super::super::{Note, note};
use super::sign_in::start;
use crate::site::Site;
use crate::web::{Address, Chosen, Error, Errors, Html, Page};

#[derive(Template)]
#[template(path = "accounts/pages/slip.html")]
struct SlipPage {
    page: Page,
    errors: Errors,
    /// What was typed or scanned.
    code: String,
    /// The code opens: one button is left to press.
    ready: bool,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Sent {
    code: String,
}

pub async fn show(State(site): State<Site>, chosen: Chosen) -> Result<Html, Error> {
    let page = chosen.page(&site);
    Html::of(&SlipPage { page, errors: Errors::default(), code: String::new(), ready: false })
}

pub async fn show_code(
    State(site): State<Site>,
    Extension(door): Extension<Door>,
    chosen: Chosen,
    Address(address): Address,
    Path(typed): Path<String>,
) -> Result<Html, Error> {
    let now = site.clock.now();
    let _attempt = door.enter(&address, &format!("slip {typed}"), now)?;
    if let Some(code) = Code::parse(&typed)
        && slips::opens(&mut site.db.read().await?, &site.vault, &code, now).await?
    {
        let page = chosen.page(&site);
        return Html::of(&SlipPage { page, errors: Errors::default(), code: code.grouped(), ready: true });
    }
    door.tries(|tries| tries.address_failed(&address, now));
    refused(&site, &chosen, typed)
}

pub async fn enter(
    State(site): State<Site>,
    Extension(door): Extension<Door>,
    chosen: Chosen,
    Address(address): Address,
    headers: HeaderMap,
    Form(sent): Form<Sent>,
) -> Result<Response, Error> {
    let now = site.clock.now();
    let _attempt = door.enter(&address, &format!("slip {}", sent.code), now)?;
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
            return Ok((cookie, Redirect::to("/me/password")).into_response());
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
    Ok(refused(&site, &chosen, sent.code)?.into_response())
}

fn refused(site: &Site, chosen: &Chosen, code: String) -> Result<Html, Error> {
    let key = if Code::parse(&code).is_some() { "slip-spent" } else { "slip-form" };
    let (page, errors) = (chosen.page(site), Errors::of("code", key));
    Ok(Html::of(&SlipPage { page, errors, code, ready: false })?
        .with_status(StatusCode::UNPROCESSABLE_ENTITY))
}
