//! Another of its people heads a household.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use base::{Day, fold_width};
use serde::Deserialize;
use serde_json::json;

use super::super::model::RELATIONS;
use super::super::store::life;
use super::super::store::one::{HouseholdRow, ResidentRow, living};
use super::{Choice, Faults, arrival, day_of, household, household_path, record};
use crate::access::Action;
use crate::audit::Changes;
use crate::history::{self, Deed, Note};
use crate::site::Site;
use crate::web::{Error, Form, Html, Page, Visit};

/// The form as it is sent.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Sent {
    pub head: String,
    /// What the former head is to the new one.
    pub former: String,
    pub from: String,
    pub told_by: String,
    pub note: String,
}

#[derive(Template)]
#[template(path = "register/head.html")]
struct HeadPage {
    page: Page,
    path: String,
    head: String,
    people: Vec<Choice>,
    relations: Vec<Choice>,
    tellers: Vec<Choice>,
    sent: Sent,
    faults: Faults,
}

fn form(
    visit: &Visit,
    row: &HouseholdRow,
    people: &[ResidentRow],
    sent: Sent,
    faults: Faults,
) -> Result<Response, Error> {
    let choice = |value: &str, text: String, chosen: &str| Choice {
        value: value.to_owned(),
        text,
        chosen: value == chosen,
    };
    let person = |row: &ResidentRow| choice(&row.id.to_string(), row.name.clone(), &sent.head);
    let others = RELATIONS.iter().filter(|relation| **relation != "户主");
    let page = HeadPage {
        page: visit.page.clone(),
        path: household_path(row.town, row.id),
        head: row.head.clone(),
        people: people.iter().map(person).collect(),
        relations: others.map(|word| choice(word, (*word).to_owned(), &sent.former)).collect(),
        tellers: arrival::tellers(visit, &sent.told_by),
        sent,
        faults,
    };
    let status = page.faults.status();
    Ok(Html::of(&page)?.with_status(status).into_response())
}

pub async fn ask(
    State(site): State<Site>,
    visit: Visit,
    Path(key): Path<(i64, i64)>,
) -> Result<Response, Error> {
    let mut tx = site.db.read().await?;
    let row = household(&mut tx, &visit, Action::ChangeHouseholds, key).await?;
    let people = living(&mut tx, &row, visit.today).await?;
    let sent = Sent { from: visit.today.to_string(), ..Sent::default() };
    form(&visit, &row, &people, sent, Faults::default())
}

pub async fn put(
    State(site): State<Site>,
    visit: Visit,
    Path(key): Path<(i64, i64)>,
    Form(sent): Form<Sent>,
) -> Result<Response, Error> {
    let (words, mut faults) = (&visit.words, Faults::default());
    let mut tx = site.db.write().await?;
    tx.hold(&[key.0].into()).await?;
    let row = household(&mut tx, &visit, Action::ChangeHouseholds, key).await?;
    let people = living(&mut tx, &row, visit.today).await?;
    let head = people.iter().find(|row| row.id.to_string() == sent.head);
    if head.is_none() {
        faults.add(words, "head", "head-missing");
    }
    let from = day_of(&sent.from, visit.today).filter(|day| *day <= visit.today);
    let changes = history::of_household(&mut tx, &site.vault, key).await?;
    let last = changes.iter().map(|change| change.from_day).max().and_then(Day::from_number);
    match from {
        None => faults.add(words, "from", "household-day-wrong"),
        Some(from) if last.is_some_and(|last| from < last) => {
            faults.add(words, "from", "household-later-change");
        }
        Some(_) => {}
    }
    let note = Note::read(&sent.told_by, &sent.note);
    if let Err(key) = note {
        faults.add(words, "note", key);
    }
    let (Some(head), Some(from), Ok(note), true) = (head, from, note, faults.is_empty()) else {
        return form(&visit, &row, &people, sent, faults);
    };
    let former = Some(fold_width(&sent.former)).filter(|word| RELATIONS.contains(&word.as_str()));
    let former = former.unwrap_or_else(|| "其他亲属".to_owned());
    let deed = Deed { note: Some(note), ..Deed::by(&visit, key.0, from) };
    life::put_head(&mut tx, &site, &deed, key.1, &people, (head, &former)).await?;
    let changes = Changes::new(&site.vault).secret("head", Some(&row.head), Some(&head.name));
    let detail = changes.into(json!({ "from": from, "resident": head.id }));
    record(&mut tx, &site, &visit, "household.change-head", key, detail).await?;
    tx.commit().await?;
    Ok(Redirect::to(&household_path(key.0, key.1)).into_response())
}
