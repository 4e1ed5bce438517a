//! The forms that rename, close and merge a division: one question a page.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use base::{Division, Level};
use db::Snapshot;
use serde::Deserialize;

use super::change::{self, By};
use super::merge;
use super::pages::in_scope;
use super::store;
use crate::access::Action;
use crate::site::Site;
use crate::web::{Error, Form, Html, Page, Visit, Words, short_name};

/// What is wrong with a form: the field and the message.
#[derive(Clone, Debug, Default)]
pub(super) struct Faults(Vec<(&'static str, String)>);

impl Faults {
    /// The faults of an error; any other error is passed on.
    pub fn of(words: &Words, error: Error) -> Result<Faults, Error> {
        match error {
            Error::Invalid(fields) => {
                Ok(Faults(fields.into_iter().map(|field| (field.name, words.get(field.key))).collect()))
            }
            other => Err(other),
        }
    }

    pub fn all(&self) -> &[(&'static str, String)] {
        &self.0
    }

    /// The message of a field, if something is wrong with it.
    pub fn at(&self, field: &str) -> Option<&str> {
        self.0.iter().find(|(name, _)| *name == field).map(|(_, message)| message.as_str())
    }
}

/// Whoever asks, as the one who makes a change.
pub fn by<'a>(visit: &'a Visit, site: &'a Site) -> By<'a> {
    let account = Some(visit.person.account);
    let capacity = Some(&visit.person.capacity);
    By { clock: &site.clock, today: visit.today, account, capacity, address: &visit.address }
}

/// What a form asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Question {
    Name,
    Closure,
    Merger,
}

/// What was typed into any of the forms.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Typed {
    #[serde(default)]
    name: String,
    #[serde(default)]
    into: String,
    #[serde(default)]
    day: String,
}

#[derive(Template)]
#[template(path = "divisions/change.html")]
struct ChangePage {
    page: Page,
    question: Question,
    code: String,
    /// The page that this one leads back to.
    back: String,
    is_village: bool,
    name: String,
    /// What a merger may choose: code and name.
    others: Vec<(String, String)>,
    faults: Faults,
    typed: Typed,
}

impl ChangePage {
    fn is(&self, question: &str) -> bool {
        match self.question {
            Question::Name => question == "name",
            Question::Closure => question == "closure",
            Question::Merger => question == "merger",
        }
    }

    fn title(&self) -> String {
        let name = self.name.as_str();
        match self.question {
            Question::Name => t!(self, "division-rename-title", name = name),
            Question::Closure => t!(self, "division-close-title", name = name),
            Question::Merger => t!(self, "division-merge-title", name = name),
        }
    }
}

pub async fn ask_name(visit: Visit, site: State<Site>, code: Path<String>) -> Result<Html, Error> {
    ask(visit, site, code, Question::Name).await
}

pub async fn ask_closure(visit: Visit, site: State<Site>, code: Path<String>) -> Result<Html, Error> {
    ask(visit, site, code, Question::Closure).await
}

pub async fn ask_merger(visit: Visit, site: State<Site>, code: Path<String>) -> Result<Html, Error> {
    ask(visit, site, code, Question::Merger).await
}

pub async fn rename(
    visit: Visit,
    site: State<Site>,
    code: Path<String>,
    typed: Form<Typed>,
) -> Result<Response, Error> {
    carry_out(visit, site, code, typed, Question::Name).await
}

pub async fn close(
    visit: Visit,
    site: State<Site>,
    code: Path<String>,
    typed: Form<Typed>,
) -> Result<Response, Error> {
    carry_out(visit, site, code, typed, Question::Closure).await
}

pub async fn merge(
    visit: Visit,
    site: State<Site>,
    code: Path<String>,
    typed: Form<Typed>,
) -> Result<Response, Error> {
    carry_out(visit, site, code, typed, Question::Merger).await
}

/// The division of a form, if this person may change it: a village takes another permission than
/// a team area. Nothing else is changed by hand.
fn changeable(visit: &Visit, code: &str, question: Question) -> Result<Division, Error> {
    let level = Division::from_code(code).map(Division::level);
    let action = match level {
        Some(Level::Group) => Action::ChangeGroups,
        Some(Level::Village) if question != Question::Closure => Action::ChangeDivisions,
        _ => return Err(Error::NotFound),
    };
    in_scope(&visit.may(action)?, code)
}

async fn ask(
    visit: Visit,
    State(site): State<Site>,
    Path(code): Path<String>,
    question: Question,
) -> Result<Html, Error> {
    let division = changeable(&visit, &code, question)?;
    let mut tx = site.db.read().await?;
    // Today's round has mostly begun: what moves households begins tomorrow.
    let day = if question == Question::Name { visit.today } else { visit.today.next() };
    let typed = Typed { day: day.to_string(), ..Typed::default() };
    form(&visit, &mut tx, division, question, Faults::default(), typed).await
}

async fn form(
    visit: &Visit,
    tx: &mut Snapshot,
    division: Division,
    question: Question,
    faults: Faults,
    mut typed: Typed,
) -> Result<Html, Error> {
    let row = store::last(tx, division).await?.filter(|row| row.until_day == super::OPEN);
    let row = row.ok_or(Error::NotFound)?;
    if question == Question::Name && typed.name.is_empty() && faults.all().is_empty() {
        typed.name.clone_from(&row.name);
    }
    let is_village = division.level() == Level::Village;
    let village = division.at(Level::Village).ok_or(Error::NotFound)?;
    let mut others = Vec::new();
    if question == Question::Merger {
        let parent = division.parent().ok_or(Error::NotFound)?;
        let rows = store::children(tx, parent, visit.today, 0, 999).await?;
        for other in rows.into_iter().filter(|other| other.code != row.code) {
            let last = store::last(tx, other.division()).await?;
            if last.is_some_and(|last| last.until_day == super::OPEN) {
                others.push((other.division().code(), short_name(&other.name)));
            }
        }
    }
    let page = ChangePage {
        page: visit.page.clone(),
        question,
        code: division.code(),
        back: format!("/divisions/{}", village.code()),
        is_village,
        name: short_name(&row.name),
        others,
        faults,
        typed,
    };
    Html::of(&page)
}

async fn carry_out(
    visit: Visit,
    State(site): State<Site>,
    Path(code): Path<String>,
    Form(typed): Form<Typed>,
    question: Question,
) -> Result<Response, Error> {
    let division = changeable(&visit, &code, question)?;
    let mut tx = site.db.write().await?;
    let by = by(&visit, &site);
    let village = division.at(Level::Village).unwrap_or(division);
    let done = match question {
        Question::Name => {
            change::rename(&mut tx, by, division, &typed.name, &typed.day).await.map(|()| village)
        }
        Question::Closure => change::close(&mut tx, by, division, &typed.day).await.map(|()| village),
        Question::Merger => merge::merge(&mut tx, by, division, &typed.into, &typed.day)
            .await
            .map(|into| into.at(Level::Village).unwrap_or(into)),
    };
    match done {
        Ok(next) => {
            tx.commit().await?;
            // Roles and nodes may have moved.
            site.people.forget();
            Ok(Redirect::to(&format!("/divisions/{}", next.code())).into_response())
        }
        Err(error) => {
            let faults = Faults::of(&visit.words, error)?;
            drop(tx);
            let mut tx = site.db.read().await?;
            let page = form(&visit, &mut tx, division, question, faults, typed).await?;
            Ok(page.with_status(StatusCode::UNPROCESSABLE_ENTITY).into_response())
        }
    }
}
