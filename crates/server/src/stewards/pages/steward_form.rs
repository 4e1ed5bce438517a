//! Taking in a steward, and changing what is known of one.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use axum_extra::extract::Query;
use base::Division;
use serde::Deserialize;

use super::{Faults, Names, division, person_path, with_villages};
use crate::access::Action;
use crate::divisions;
use crate::site::Site;
use crate::stewards::cover;
use crate::stewards::hand_over;
use crate::stewards::model::{NewSteward, phone};
use crate::stewards::store;
use crate::web::{Error, Field, Form, Html, Page, Visit};

/// What the form sends.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct StewardForm {
    name: String,
    phone: String,
    branch: String,
    division: String,
}

const LONGEST: usize = 60;

impl StewardForm {
    fn read(&self) -> Result<NewSteward, Error> {
        let mut faults = Vec::new();
        let mut check = |name, key, wrong: bool| {
            if wrong {
                faults.push(Field { name, key });
            }
        };
        let (name, branch) = (base::fold_width(&self.name), base::fold_width(&self.branch));
        check("name", "stewards-name-missing", name.is_empty());
        check("name", "stewards-too-long", name.chars().count() > LONGEST);
        check("branch", "stewards-too-long", branch.chars().count() > LONGEST);
        let number = phone(&self.phone);
        check("phone", "stewards-phone-wrong", number.is_err());
        let division = Division::from_code(&self.division);
        check("division", "stewards-choose-division", division.is_none());
        match (faults.is_empty(), number, division) {
            (true, Ok(phone), Some(division)) => {
                Ok(NewSteward { name, phone, branch, division, account: None })
            }
            _ => Err(Error::Invalid(faults)),
        }
    }
}

#[derive(Template)]
#[template(path = "stewards/steward_form.html")]
struct FormPage {
    page: Page,
    faults: Faults,
    /// Where the form goes.
    action: String,
    /// The steward is known already: an empty phone field leaves his number.
    known: bool,
    form: StewardForm,
    /// Code, name and whether chosen.
    divisions: Vec<(String, String, bool)>,
}

async fn form(
    visit: &Visit,
    site: &Site,
    id: Option<(i64, i64)>,
    form: StewardForm,
    faults: Faults,
) -> Result<Response, Error> {
    let scope = visit.may(Action::AssignStewards)?;
    let mut tx = site.db.read().await?;
    let mut own = Vec::new();
    for root in scope.roots() {
        own.extend(cover::divisions_of(&mut tx, &scope, root, visit.today).await?.into_keys());
    }
    let names = divisions::names(&mut tx, &with_villages(own.iter().copied()), visit.today).await?;
    let names = Names::of(names);
    let choice =
        |division: &Division| (division.code(), names.full(*division), division.code() == form.division);
    let divisions = own.iter().map(choice).collect();
    let action = id.map_or_else(
        || "/stewards/people".to_owned(),
        |(town, id)| format!("{}/change", person_path(town, id)),
    );
    let status = faults.status();
    let page = FormPage { page: visit.page.clone(), faults, action, known: id.is_some(), form, divisions };
    Ok(Html::of(&page)?.with_status(status).into_response())
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Where {
    division: String,
}

pub async fn blank(
    visit: Visit,
    State(site): State<Site>,
    Query(asked): Query<Where>,
) -> Result<Response, Error> {
    let empty = StewardForm { division: asked.division, ..StewardForm::default() };
    form(&visit, &site, None, empty, Faults::default()).await
}

pub async fn add(
    visit: Visit,
    State(site): State<Site>,
    Form(sent): Form<StewardForm>,
) -> Result<Response, Error> {
    let done = match sent.read() {
        Ok(new) => hand_over::add(&site, &visit, &new).await.map(|id| (new.division.town(), id)),
        Err(error) => Err(error),
    };
    match done {
        Ok((town, id)) => Ok(Redirect::to(&person_path(town, id)).into_response()),
        Err(error) => form(&visit, &site, None, sent, Faults::of(&visit.words, error)?).await,
    }
}

pub async fn filled(
    visit: Visit,
    State(site): State<Site>,
    Path((town, id)): Path<(i64, i64)>,
) -> Result<Response, Error> {
    let scope = visit.may(Action::AssignStewards)?;
    let mut tx = site.db.read().await?;
    let now = store::one(&mut tx, &site.vault, &scope, town, id, visit.today).await?;
    let now = now.filter(|now| scope.covers(now.division)).ok_or(Error::NotFound)?;
    drop(tx);
    let known = StewardForm {
        name: now.name,
        phone: String::new(),
        branch: now.branch,
        division: now.division.code(),
    };
    form(&visit, &site, Some((town, id)), known, Faults::default()).await
}

pub async fn change(
    visit: Visit,
    State(site): State<Site>,
    Path((town, id)): Path<(i64, i64)>,
    Form(sent): Form<StewardForm>,
) -> Result<Response, Error> {
    let done = match sent.read() {
        Ok(new) if division(&sent.division)?.town() == town => {
            hand_over::change(&site, &visit, id, &new).await
        }
        Ok(_) => Err(Error::NotFound),
        Err(error) => Err(error),
    };
    match done {
        Ok(()) => Ok(Redirect::to(&person_path(town, id)).into_response()),
        Err(error) => form(&visit, &site, Some((town, id)), sent, Faults::of(&visit.words, error)?).await,
    }
}
