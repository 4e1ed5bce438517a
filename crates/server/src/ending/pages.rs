//! The page of the end: what goes and what stays, who asked and agreed, and the certificate.

use askama::Template;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use base::Moment;
use serde::Deserialize;
use serde_json::json;

use super::model::{Body, Certificate};
use super::store::{self, Ending, Stock};
use crate::access::Action;
use crate::audit;
use crate::playbook::Record;
use crate::site::Site;
use crate::web::{Error, Errors, Form, Html, Page, Visit, Words, grouped};

#[derive(Template)]
#[template(path = "ending/page.html")]
struct EndingPage {
    page: Page,
    errors: Errors,
    /// The town's name, which is to be typed.
    name: String,
    goes: Vec<(String, String)>,
    stays: Vec<(String, String)>,
    asked: Option<String>,
    agreed: Option<String>,
    may_ask: bool,
    may_agree: bool,
    may_withdraw: bool,
    asked_at: i64,
    certificate: Option<Shown>,
}

/// The certificate in words.
struct Shown {
    ended: String,
    towns: Vec<String>,
    goes: Vec<(String, String)>,
    stays: Vec<(String, String)>,
    keys: String,
    program: String,
    playbook: String,
    n: String,
    hash: String,
    key: String,
}

pub async fn page(visit: Visit, State(site): State<Site>) -> Result<Response, Error> {
    shown(&site, &visit, Errors::default()).await
}

/// A town of which the visitor may see the end.
async fn town_of(tx: &mut db::Snapshot, visit: &Visit) -> Result<Ending, Error> {
    visit.may(Action::SeeRetention)?;
    let town = visit.person.town().ok_or(Error::NotFound)?.town();
    let endings = store::endings(tx).await?;
    endings.into_iter().find(|ending| ending.town == town).ok_or(Error::NotFound)
}

async fn shown(site: &Site, visit: &Visit, errors: Errors) -> Result<Response, Error> {
    let mut tx = site.db.read().await?;
    let ending = town_of(&mut tx, visit).await?;
    let (goes, stays) = store::stock(&mut tx).await?;
    drop(tx);
    let words = &visit.words;
    let time = &site.playbook.time;
    let told = |key: &str, name: &Option<String>, at: Option<i64>| {
        let at = words.moment(time, Moment(at?));
        Some(words.get_with(key, &[("name", name.clone().unwrap_or_default()), ("at", at)]))
    };
    let may = |action| visit.person.may(action).is_some();
    let over = ending.ended_day.is_some();
    let own = ending.asked_by == Some(visit.person.account);
    let open = ending.asked_at.is_some() && ending.agreed_at.is_none() && !over;
    let certificate = ending.certificate.as_deref().and_then(Certificate::parse);
    let shown = certificate.and_then(|certificate| {
        let body = certificate.body()?;
        Some(Shown::of(site, words, body, certificate.key))
    });
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let page = EndingPage {
        page: visit.page.clone(),
        errors,
        goes: lines(words, &goes, "ending-of-"),
        stays: lines(words, &stays, "ending-of-"),
        asked: told("ending-asked", &ending.asked_name, ending.asked_at),
        agreed: told("ending-agreed", &ending.agreed_name, ending.agreed_at),
        may_ask: ending.asked_at.is_none() && !over && may(Action::AskEnd),
        may_agree: open && !own && may(Action::AgreeEnd),
        may_withdraw: ending.asked_at.is_some() && !over && (may(Action::AskEnd) || may(Action::AgreeEnd)),
        asked_at: ending.asked_at.unwrap_or(0),
        name: ending.name,
        certificate: shown,
    };
    Ok(Html::of(&page)?.with_status(status).into_response())
}

/// A line for each kind, with its number.
fn lines(words: &Words, stock: &Stock, prefix: &str) -> Vec<(String, String)> {
    stock.iter().map(|(key, number)| (words.get(&format!("{prefix}{key}")), grouped(*number))).collect()
}

impl Shown {
    fn of(site: &Site, words: &Words, body: Body, key: String) -> Shown {
        let time = &site.playbook.time;
        let town = |town: &super::model::Town| {
            say!(
                words,
                "certificate-town",
                name = town.name.as_str(),
                code = town.code.to_string(),
                from = town.started.to_string(),
                until = town.ended.to_string(),
                asked = town.asked.name.as_str(),
                agreed = town.agreed.name.as_str()
            )
        };
        let of_record = |(record, number): (&String, &i64)| {
            let name = Record::of_key(record).map(|record| words.get(&record.message()));
            (name.unwrap_or_else(|| record.clone()), grouped(*number))
        };
        let (hour, minute) = time.hour_minute(body.ended_at);
        Shown {
            ended: format!("{} {hour}:{minute:02}", time.day(body.ended_at)),
            towns: body.towns.iter().map(town).collect(),
            goes: body.destroyed.iter().map(of_record).collect(),
            stays: lines(words, &body.kept, "ending-of-"),
            keys: body.keys.join(" "),
            program: body.program,
            playbook: body.playbook,
            n: grouped(body.audit.n),
            hash: body.audit.hash,
            key,
        }
    }
}

#[derive(Deserialize)]
pub struct Typed {
    #[serde(default)]
    name: String,
    #[serde(default)]
    asked_at: i64,
}

/// Headquarters asks for the end.
pub async fn ask(
    visit: Visit,
    State(site): State<Site>,
    Form(typed): Form<Typed>,
) -> Result<Response, Error> {
    step(&visit, &site, Action::AskEnd, Some(&typed)).await
}

/// An administrator, who is somebody else, agrees.
pub async fn agree(
    visit: Visit,
    State(site): State<Site>,
    Form(typed): Form<Typed>,
) -> Result<Response, Error> {
    step(&visit, &site, Action::AgreeEnd, Some(&typed)).await
}

/// Either of them takes it back.
pub async fn withdraw(visit: Visit, State(site): State<Site>) -> Result<Response, Error> {
    let action = if visit.person.may(Action::AskEnd).is_some() { Action::AskEnd } else { Action::AgreeEnd };
    step(&visit, &site, action, None).await
}

/// A word given, with the town's name typed; or, without, taken back.
async fn step(visit: &Visit, site: &Site, action: Action, typed: Option<&Typed>) -> Result<Response, Error> {
    let scope = visit.may(action)?;
    let mut tx = site.db.write().await?;
    let ending = town_of(&mut tx, visit).await?;
    let town = base::Division::of_town(ending.town).filter(|town| scope.covers(*town));
    town.ok_or(Error::NotFound)?;
    if ending.ended_day.is_some() {
        return Err(Error::Conflict("ending-is-over"));
    }
    let (account, now) = (visit.person.account, visit.now);
    let (done, deed) = match typed {
        Some(typed) if typed.name.trim() != ending.name => {
            drop(tx);
            return shown(site, visit, Errors::of("name", "ending-name-wrong")).await;
        }
        Some(_) if action == Action::AskEnd => {
            (store::ask(&mut tx, ending.town, account, now).await?, "operation.ask-end")
        }
        Some(typed) => {
            let asked_at = Moment(typed.asked_at);
            (store::agree(&mut tx, ending.town, account, asked_at, now).await?, "operation.agree-end")
        }
        None => (store::withdraw(&mut tx, ending.town).await?, "operation.withdraw-end"),
    };
    if !done {
        return Err(Error::Conflict("ending-moved"));
    }
    let object = ending.town.to_string();
    let entry = audit::Entry::by(visit, deed, &object, json!({}));
    audit::record(&mut tx, site.clock.new_id(), now, entry).await?;
    tx.commit().await?;
    Ok(Redirect::to("/ending").into_response())
}

/// The certificate as a file.
pub async fn file(visit: Visit, State(site): State<Site>) -> Result<Response, Error> {
    visit.may(Action::SeeRetention)?;
    let text = store::certificate(&mut site.db.read().await?).await?.ok_or(Error::NotFound)?;
    let headers = [
        (header::CONTENT_TYPE, "application/json"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"certificate.json\""),
    ];
    Ok((headers, text).into_response())
}
