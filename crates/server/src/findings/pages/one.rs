//! One finding: what is known, and taking it up, closing it, putting it back.

use askama::Template;
use axum::extract::{Path, State as Shared};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use base::Division;
use serde::Deserialize;
use uuid::Uuid;

use crate::access::Action;
use crate::findings::handling::{Handled, handle, refusal};
use crate::findings::model::{Filter, State, Step, closing_note};
use crate::findings::store::{self, FindingRow};
use crate::findings::view::{Told, mark};
use crate::site::Site;
use crate::web::{Error, Form, Html, Page, Visit};

#[derive(Template)]
#[template(path = "findings/one.html")]
struct FindingPage {
    page: Page,
    row: FindingRow,
    told: Told,
    state: State,
    can_handle: bool,
    /// Why the last step was not done.
    refused: Option<String>,
    /// What was typed, and what is wrong with it.
    note: String,
    note_wrong: Option<&'static str>,
    list: String,
}

impl FindingPage {
    fn new(visit: &Visit, site: &Site, row: FindingRow) -> FindingPage {
        let handles = visit.person.may(Action::HandleFindings);
        let division = Division::from_number(row.division);
        FindingPage {
            page: visit.page.clone(),
            told: Told::of(&row, visit, site),
            state: row.state(),
            can_handle: handles.zip(division).is_some_and(|(scope, division)| scope.covers(division)),
            refused: None,
            note: String::new(),
            note_wrong: None,
            list: Filter::default().path(None),
            row,
        }
    }
}

/// One finding.
pub async fn show(
    visit: Visit,
    Shared(site): Shared<Site>,
    Path((town, id)): Path<(i64, Uuid)>,
) -> Result<Html, Error> {
    Html::of(&FindingPage::new(&visit, &site, find(&visit, &site, town, id).await?))
}

async fn find(visit: &Visit, site: &Site, town: i64, id: Uuid) -> Result<FindingRow, Error> {
    let scope = visit.may(Action::SeeFindings)?;
    let mut tx = site.db.read().await?;
    store::finding(&mut tx, &scope, town, id).await?.ok_or(Error::NotFound)
}

/// Takes a finding up.
pub async fn take(
    visit: Visit,
    Shared(site): Shared<Site>,
    Path((town, id)): Path<(i64, Uuid)>,
) -> Result<Response, Error> {
    step(&visit, &site, (town, id), Step::Take).await
}

/// Puts a finding back, for anybody to take.
pub async fn reopen(
    visit: Visit,
    Shared(site): Shared<Site>,
    Path((town, id)): Path<(i64, Uuid)>,
) -> Result<Response, Error> {
    step(&visit, &site, (town, id), Step::Reopen).await
}

#[derive(Debug, Deserialize)]
pub struct Closing {
    note: String,
}

/// Closes a finding with what was done.
pub async fn close(
    visit: Visit,
    Shared(site): Shared<Site>,
    Path((town, id)): Path<(i64, Uuid)>,
    Form(closing): Form<Closing>,
) -> Result<Response, Error> {
    match closing_note(&closing.note) {
        Ok(note) => step(&visit, &site, (town, id), Step::Close(note)).await,
        Err(key) => {
            visit.may(Action::HandleFindings)?;
            let page = FindingPage::new(&visit, &site, find(&visit, &site, town, id).await?);
            let page = FindingPage { note: closing.note, note_wrong: Some(key), ..page };
            Ok(Html::of(&page)?.with_status(StatusCode::UNPROCESSABLE_ENTITY).into_response())
        }
    }
}

async fn step(visit: &Visit, site: &Site, (town, id): (i64, Uuid), step: Step) -> Result<Response, Error> {
    let row = match handle(visit, site, town, id, &step).await? {
        Handled::Done(row) => {
            return Ok(Redirect::to(&format!("/findings/{}/{}", row.town, row.id)).into_response());
        }
        Handled::Refused(row) => row,
    };
    let note = if let Step::Close(note) = step { note } else { String::new() };
    let refused = Some(refusal(visit, site, &row));
    let page = FindingPage { refused, note, ..FindingPage::new(visit, site, row) };
    Ok(Html::of(&page)?.with_status(StatusCode::CONFLICT).into_response())
}
