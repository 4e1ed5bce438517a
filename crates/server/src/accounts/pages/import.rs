//! Accounts from a spreadsheet: choose the file, see what would become of every row, make them.

use std::collections::HashMap;

use askama::Template;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use base::Role;
use db::{Snapshot, Tx};
use serde::Deserialize;

use super::super::import::{Entry, Outcome, Plan, Planned, Wrong, plan, read};
use super::super::places::Places;
use super::super::slip_sheet::Sheet;
use super::super::store::{self, slips};
use super::super::{New, note_grants};
use super::stewards::join_known;
use crate::access::{Action, Scope};
use crate::site::Site;
use crate::vault::Vault;
use crate::web::{Error, Form, Html, Language, Languages, Page, Upload, Visit, Words, reading};

#[derive(Template)]
#[template(path = "accounts/pages/import.html")]
struct ImportPage {
    page: Page,
    /// Why the file was not taken; empty at first.
    problem: String,
    roles: Vec<String>,
}

#[derive(Template)]
#[template(path = "accounts/pages/preview.html")]
struct PreviewPage {
    page: Page,
    rows: Vec<Planned>,
    hidden: usize,
    people: usize,
    adds: usize,
    unchanged: usize,
    wrong: usize,
    /// The rows, sealed, to be sent back unchanged.
    list: String,
}

/// Bytes of a posted list, which few rows fill.
const LARGEST: usize = 2 << 20;
/// Rows that the preview shows; of more, those that are wrong and the first others.
const SHOWN: usize = 300;

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Sent {
    list: String,
}

pub async fn show(visit: Visit) -> Result<Html, Error> {
    visit.may(Action::ManageAccounts)?;
    form(&visit, String::new())
}

fn form(visit: &Visit, problem: String) -> Result<Html, Error> {
    let roles = Role::ALL.iter().map(|role| super::role_name(&visit.words, *role)).collect();
    Html::of(&ImportPage { page: visit.page.clone(), problem, roles })
}

pub async fn preview(visit: Visit, State(site): State<Site>, request: Request) -> Result<Response, Error> {
    let scope = visit.may(Action::ManageAccounts)?;
    let file = Upload::receive(request, &site, LARGEST).await?.file;
    let program = site.settings.reader.clone();
    let entries = match reading(move || read(&file, program.as_deref())).await? {
        Ok(entries) => entries,
        Err(wrong) => {
            let html = form(&visit, told(&visit.words, &wrong))?;
            return Ok(html.with_status(StatusCode::UNPROCESSABLE_ENTITY).into_response());
        }
    };
    let list = seal(&site.vault, &entries)?;
    let plan = planned(&mut site.db.read().await?, &site, &scope, entries).await?;
    Ok(previewed(&visit, plan, list)?.into_response())
}

fn told(words: &Words, wrong: &Wrong) -> String {
    match wrong {
        Wrong::Unreadable(error) => words.get_with(error.key(), &error.args()),
        Wrong::Column(key) => words.get(key),
        Wrong::NoRows => words.get("accounts-import-no-rows"),
    }
}

fn previewed(visit: &Visit, mut plan: Plan, list: String) -> Result<Html, Error> {
    let wrong = plan.wrong();
    let (adds, unchanged) = (plan.adds.len(), plan.count(|outcome| outcome == Outcome::Unchanged));
    plan.rows.sort_by_key(|row| !matches!(row.outcome, Outcome::Wrong(_)));
    let hidden = plan.rows.len().saturating_sub(SHOWN.max(wrong));
    plan.rows.truncate(SHOWN.max(wrong));
    let (page, people) = (visit.page.clone(), plan.new.len());
    Html::of(&PreviewPage { page, rows: plan.rows, hidden, people, adds, unchanged, wrong, list })
}

async fn planned(tx: &mut Snapshot, site: &Site, scope: &Scope, entries: Vec<Entry>) -> Result<Plan, Error> {
    let places = Places::of_scope(tx, scope).await?;
    Ok(plan(tx, scope, &places, &role_words(&site.languages), entries).await?)
}

/// Every word by which a role goes: its key, its name in each language and the parts of that.
fn role_words(languages: &Languages) -> HashMap<String, Role> {
    let mut words = HashMap::new();
    for role in Role::ALL {
        words.insert(role.key().to_owned(), *role);
        for language in Language::ALL {
            let name = super::role_name(&languages.of(language), *role);
            let plain = name.split(['（', '(']).next().unwrap_or_default().to_owned();
            let parts = plain.split(['、', ',']).map(str::to_owned).collect::<Vec<_>>();
            for word in parts.into_iter().chain([plain, name]) {
                words.insert(base::fold_width(&word).to_lowercase(), *role);
            }
        }
    }
    words
}

pub async fn confirm(
    visit: Visit,
    State(site): State<Site>,
    headers: HeaderMap,
    Form(sent): Form<Sent>,
) -> Result<Response, Error> {
    let scope = visit.may(Action::ManageAccounts)?;
    let entries = unseal(&site.vault, &sent.list).ok_or(Error::field("file", "accounts-import-again"))?;
    let mut tx = site.db.write().await?;
    let plan = planned(&mut tx, &site, &scope, entries).await?;
    if plan.wrong() > 0 || (plan.new.is_empty() && plan.adds.is_empty()) {
        let html = previewed(&visit, plan, sent.list)?;
        return Ok(html.with_status(StatusCode::UNPROCESSABLE_ENTITY).into_response());
    }
    let accounts = make(&mut tx, &visit, &site, &plan).await?;
    join_known(&mut tx, &visit, &site, &scope).await?;
    let codes = slips::make_slips(&mut tx, &site.vault, &accounts, visit.now).await?;
    let made: Vec<_> = accounts.into_iter().zip(codes).collect();
    let sheet = Sheet::of(&mut tx, &site, &visit, &headers, &made).await?;
    tx.commit().await?;
    site.people.forget();
    Ok(sheet.page()?.into_response())
}

/// Writes what was planned; the new accounts.
async fn make(tx: &mut Tx, visit: &Visit, site: &Site, plan: &Plan) -> Result<Vec<i64>, Error> {
    let phones: Vec<Option<Vec<u8>>> =
        plan.new.iter().map(|new| new.phone.as_ref().map(|phone| site.vault.seal(phone))).collect();
    let new: Vec<New> = plan
        .new
        .iter()
        .zip(&phones)
        .map(|(n, phone)| New {
            login: &n.login,
            name: &n.name,
            phone_sealed: phone.as_deref(),
            roles: &n.roles,
        })
        .collect();
    let accounts = store::create_all(tx, &new, visit.now).await?;
    store::appoint(tx, &plan.adds).await?;
    let grants = accounts.iter().zip(&new).flat_map(|(account, new)| new.grants(*account));
    note_grants(tx, site, visit, "account.create", grants).await?;
    if !plan.adds.is_empty() {
        note_grants(tx, site, visit, "account.appoint", plan.adds.iter().copied()).await?;
    }
    Ok(accounts)
}

fn seal(vault: &Vault, entries: &[Entry]) -> Result<String, Error> {
    let failed = |error: std::io::Error| Error::Failed(format!("packing a list of accounts: {error}"));
    let json = serde_json::json!(entries).to_string();
    let packed = zstd::encode_all(json.as_bytes(), 3).map_err(failed)?;
    Ok(hex::encode(vault.seal(&hex::encode(packed))))
}

fn unseal(vault: &Vault, list: &str) -> Option<Vec<Entry>> {
    let packed = hex::decode(vault.open(&hex::decode(list).ok()?)?).ok()?;
    serde_json::from_slice(&zstd::decode_all(packed.as_slice()).ok()?).ok()
}
