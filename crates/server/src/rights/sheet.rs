//! All that is kept about a resident, on paper for him: whole, so that printing it is showing his numbers,
//! with a purpose and written down.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::{Path, State as Shared};
use axum::response::{IntoResponse, Response};
use base::Day;
use serde::Deserialize;
use serde_json::{Value, json};
use uuid::Uuid;

use super::pages::{find, record, shown};
use super::store::{self, Known, Request};
use crate::access::Action;
use crate::audit;
use crate::rounds::Kind as Found;
use crate::site::Site;
use crate::trail::Line;
use crate::web::{Error, Errors, Form, Html, Page, Visit, Words};

/// Entries of who looked, at most.
const LOOKS: i64 = 1_000;
/// Characters of a purpose.
const PURPOSE: usize = 200;

#[derive(Debug, Deserialize)]
pub struct Wanted {
    #[serde(default)]
    purpose: String,
}

#[derive(Template)]
#[template(path = "rights/sheet.html")]
struct SheetPage {
    page: Page,
    back: String,
    name: String,
    taken: String,
    facts: Vec<(String, String)>,
    checks: Vec<(String, String, String)>,
    findings: Vec<(String, String, String)>,
    looks: Vec<Line>,
}

/// Prints the sheet.
pub async fn print(
    visit: Visit,
    Shared(site): Shared<Site>,
    Path((town, id)): Path<(i64, Uuid)>,
    Form(wanted): Form<Wanted>,
) -> Result<Response, Error> {
    // Whoever prints it may see each of its numbers one by one.
    for action in [Action::SeeIdentities, Action::CallPhones] {
        visit.may(action)?;
    }
    let mut tx = site.db.write().await?;
    let (_, request) = find(&mut tx, &visit, town, id).await?;
    let purpose = wanted.purpose.trim();
    if purpose.is_empty() || purpose.chars().count() > PURPOSE {
        drop(tx);
        let errors = Errors::of("purpose", "audit-purpose-missing");
        return Ok(shown(&visit, &site, (town, id), String::new(), errors).await?.into_response());
    }
    visit.look(&site)?;
    let key = (town, request.household);
    let known = store::known(&mut tx, &request).await?.ok_or(Error::NotFound)?;
    let (checks, findings) =
        (store::checks(&mut tx, &request).await?, store::findings(&mut tx, &request).await?);
    let looks = audit::about(&mut tx, &audit::household(key), None, LOOKS).await?;
    let detail = json!({ "request": request.id, "resident": request.resident, "purpose": purpose });
    record(&mut tx, &site, &visit, "rights.sheet", key, detail).await?;
    tx.commit().await?;
    let words = &visit.words;
    let at = words.moment(&site.playbook.time, visit.now);
    let page = SheetPage {
        back: format!("/rights/{town}/{id}"),
        name: known.name.clone(),
        taken: say!(words, "audit-taken", name = visit.person.name.as_str(), at = at, purpose = purpose),
        facts: facts(words, &site, &known),
        checks: checks.iter().map(|check| told(words, &request, check)).collect(),
        findings: findings.iter().map(|finding| found(words, finding)).collect(),
        looks: looks.iter().map(|row| Line::of(row, words, &site)).collect(),
        page: visit.page.clone(),
    };
    Ok(Html::of(&page)?.into_response())
}

fn day(number: Option<i32>) -> String {
    number.and_then(Day::from_number).map(|day| day.to_string()).unwrap_or_default()
}

/// What the register says, by the words of its own pages; what is not known is left out.
fn facts(words: &Words, site: &Site, known: &Known) -> Vec<(String, String)> {
    let open = |sealed: &Option<Vec<u8>>| site.vault.open_stored(sealed.as_deref()).unwrap_or_default();
    let word = |prefix: &str, key: &str| words.get(&format!("{prefix}-{key}"));
    let away =
        format!("{} {} {}", word("presence", &known.presence), known.whereabouts, day(known.presence_since));
    let listed = match known.key_from {
        Some(from) => {
            let reason = known.key_reason.clone().unwrap_or_default();
            format!("{} - {} {reason}", day(Some(from)), day(known.key_until))
        }
        None => String::new(),
    };
    let all = [
        (say!(words, "resident-name"), known.name.clone()),
        (say!(words, "resident-relation"), known.relation.clone()),
        (say!(words, "resident-sex"), known.sex.as_deref().map(|sex| word("sex", sex)).unwrap_or_default()),
        (say!(words, "resident-birth"), day(known.birth_day)),
        (say!(words, "resident-identity"), open(&known.identity_sealed)),
        (say!(words, "resident-phone"), open(&known.phone_sealed)),
        (say!(words, "resident-registration"), word("registration", &known.registration)),
        (say!(words, "resident-presence"), away.trim().to_owned()),
        (say!(words, "resident-key-person"), listed),
        (say!(words, "rights-head"), known.head.clone()),
        (say!(words, "rights-house"), known.house_number.clone()),
        (say!(words, "household-address"), known.address.clone()),
        (say!(words, "household-phone"), open(&known.household_phone)),
        (say!(words, "household-know"), tags(words, &known.tags)),
        (say!(words, "household-since"), day(Some(known.listed_day))),
    ];
    all.into_iter().filter(|(_, value)| !value.is_empty()).collect()
}

fn tags(words: &Words, stored: &str) -> String {
    let names = stored.split_whitespace().map(|tag| words.get(&format!("tag-{tag}")));
    names.collect::<Vec<_>>().join(" ")
}

/// A day of checks: the day, what it came to, and what was told of this person.
fn told(
    words: &Words,
    request: &Request,
    (number, state, answers): &(i32, String, Option<String>),
) -> (String, String, String) {
    let state = words.get(&format!("state-{state}"));
    let answers: Value =
        answers.as_deref().and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default();
    let own = answers["residents"].as_array().into_iter().flatten();
    let own = own.filter(|answer| answer["resident"] == json!(request.resident));
    let mut parts: BTreeMap<String, String> = BTreeMap::new();
    for answer in own {
        for (key, value) in answer.as_object().into_iter().flatten().filter(|(key, _)| *key != "resident") {
            if !value.is_null() {
                parts.insert(key.clone(), value.to_string());
            }
        }
    }
    let note = answers["note"].as_str().filter(|note| !note.is_empty());
    let told = parts.into_iter().map(|(key, value)| format!("{key}: {value}"));
    let told: Vec<_> = told.chain(note.map(str::to_owned)).collect();
    (day(Some(*number)), state, told.join("; "))
}

fn found(
    words: &Words,
    (number, kind, state, note): &(i32, String, String, Option<String>),
) -> (String, String, String) {
    let kind = Found::of_key(kind).map(|kind| words.get(kind.message())).unwrap_or_default();
    let state = words.get(&format!("finding-state-{state}"));
    (day(Some(*number)), kind, format!("{state} {}", note.clone().unwrap_or_default()))
}
