//! The page of the trail: newest first, narrowed by one form.

use askama::Template;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use base::Moment;

use super::ask::Asked;
use super::view::Line;
use crate::access::Action;
use crate::audit;
use crate::site::Site;
use crate::web::{Error, Errors, Html, Page, Visit, grouped};

/// Entries on one page.
const ROWS: usize = 50;

/// A word that the list may be narrowed to.
struct Deed {
    key: &'static str,
    name: String,
}

#[derive(Template)]
#[template(path = "trail/list.html")]
struct ListPage {
    page: Page,
    errors: Errors,
    asked: Asked,
    narrowed: bool,
    deeds: Vec<Deed>,
    lines: Vec<Line>,
    next: Option<String>,
    chain: Chain,
    purpose: String,
}

pub async fn list(
    State(site): State<Site>,
    visit: Visit,
    Query(asked): Query<Asked>,
) -> Result<Response, Error> {
    shown(&site, &visit, asked, Errors::default(), String::new()).await
}

/// The page, with what is wrong with a form that was sent from it.
pub async fn shown(
    site: &Site,
    visit: &Visit,
    asked: Asked,
    mut errors: Errors,
    purpose: String,
) -> Result<Response, Error> {
    let scope = visit.may(Action::SeeAudit)?;
    let mut tx = site.db.read().await?;
    let mut rows = Vec::new();
    match asked.filter(&mut tx, &site.playbook.time, visit.person.town()).await? {
        Ok(filter) => {
            let most = i64::try_from(ROWS).unwrap_or(i64::MAX - 1) + 1;
            rows = audit::page(&mut tx, &scope, &filter, most).await?;
        }
        Err(wrong) => wrong.iter().for_each(|field| errors.add(field.name, field.key)),
    }
    let chain = chain(site, visit, audit::newest(&mut tx).await?);
    let more = rows.len() > ROWS;
    rows.truncate(ROWS);
    let next = rows.last().filter(|_| more).map(|row| format!("/audit?{}", asked.query(&row.id.to_string())));
    let words = &visit.words;
    let deed = |key: &&'static str| Deed { key, name: words.get(&audit::message(key)) };
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let page = ListPage {
        page: visit.page.clone(),
        errors,
        narrowed: !asked.query("").is_empty(),
        asked,
        deeds: audit::DEEDS.iter().map(deed).collect(),
        lines: rows.iter().map(|row| Line::of(row, words, site)).collect(),
        next,
        chain,
        purpose,
    };
    Ok(Html::of(&page)?.with_status(status).into_response())
}

/// What the chain is known to be.
struct Chain {
    /// The class of its mark, and the word beside it.
    mark: &'static str,
    word: String,
    /// How far it goes, and how far it was verified.
    told: String,
}

fn chain(site: &Site, visit: &Visit, newest: Option<(audit::Head, Moment)>) -> Chain {
    let words = &visit.words;
    let moment = |at| words.moment(&site.playbook.time, at);
    let Some((head, linked)) = newest else {
        return Chain { mark: "", word: say!(words, "audit-chain-none"), told: String::new() };
    };
    let linked = say!(words, "audit-chain-linked", n = grouped(head.n), at = moment(linked));
    let Some(checked) = site.trail.checked() else {
        return Chain { mark: "partly", word: say!(words, "audit-chain-unverified"), told: linked };
    };
    let at = moment(checked.at);
    let Some(fault) = &checked.fault else {
        let upto = checked.head.map_or(0, |head| head.n);
        let told = format!("{linked} {}", say!(words, "audit-chain-sound", n = grouped(upto), at = at));
        // What came since is looked at within a day, or by `firebreak audit verify`.
        let (mark, word) = if upto < head.n {
            ("partly", say!(words, "audit-chain-partly", n = grouped(head.n - upto)))
        } else {
            ("done", say!(words, "audit-chain-whole"))
        };
        return Chain { mark, word, told };
    };
    let (what, n) = (words.get(fault.key()), fault.place().map(grouped).unwrap_or_default());
    let told = say!(words, "audit-chain-fault", what = what, n = n, at = at);
    Chain { mark: "needs", word: say!(words, "audit-chain-broken"), told }
}
