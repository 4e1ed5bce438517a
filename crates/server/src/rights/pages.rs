//! The requests: the list, a new one, one with its steps.

use askama::Template;
use axum::extract::{Path, State as Shared};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use base::{Day, Moment};
use db::Tx;
use serde::Deserialize;
use serde_json::json;
use uuid::Uuid;

use super::model::{Kind, State, due};
use super::store::{self, By, New, Request};
use crate::access::{Action, Scope};
use crate::audit;
use crate::playbook::Keep;
use crate::retention;
use crate::site::Site;
use crate::web::{Error, Errors, Form, Html, Page, Visit, Words, grouped};

/// Requests on the page: a town has few.
const ROWS: i64 = 200;
/// Characters of a wish or an answer.
const TEXT: usize = 1_000;

/// A request in a line.
struct Line {
    path: String,
    name: String,
    kind: String,
    mark: &'static str,
    state: String,
    due: String,
}

#[derive(Template)]
#[template(path = "rights/list.html")]
struct ListPage {
    page: Page,
    owed: String,
    lines: Vec<Line>,
}

fn path(request: &Request) -> String {
    format!("/rights/{}/{}", request.town, request.id)
}

fn state_of(words: &Words, request: &Request, today: Day) -> (&'static str, String) {
    let (state, late) = (request.state(), request.is_late(today));
    let word = if late { say!(words, "rights-late") } else { words.get(&state.message()) };
    (state.mark(late), word)
}

fn day(number: i32) -> String {
    Day::from_number(number).map(|day| day.to_string()).unwrap_or_default()
}

/// All requests of the visitor's scope.
pub async fn list(visit: Visit, Shared(site): Shared<Site>) -> Result<Html, Error> {
    let scope = visit.may(Action::HandleRequests)?;
    let mut tx = site.db.read().await?;
    let (requests, owed) = (store::list(&mut tx, &scope, ROWS).await?, store::owed(&mut tx, &scope).await?);
    let line = |request: &Request| {
        let (mark, state) = state_of(&visit.words, request, visit.today);
        Line {
            path: path(request),
            name: name_of(&visit.words, request),
            kind: visit.words.get(&request.kind().message()),
            mark,
            state,
            due: day(request.due_day),
        }
    };
    let lines = requests.iter().map(line).collect();
    Html::of(&ListPage { owed: grouped(owed), lines, page: visit.page })
}

fn name_of(words: &Words, request: &Request) -> String {
    request.name.clone().unwrap_or_else(|| say!(words, "rights-nobody"))
}

#[derive(Template)]
#[template(path = "rights/new.html")]
struct NewPage {
    page: Page,
    errors: Errors,
    action: String,
    back: String,
    people: Vec<(i64, String)>,
    kinds: Vec<(&'static str, String)>,
    sent: Sent,
    notice: String,
    version: i32,
    due: String,
}

/// The form of a new request, as it was sent.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Sent {
    resident: i64,
    kind: String,
    wish: String,
}

/// The form of a new request of somebody of a household.
pub async fn new(
    visit: Visit,
    Shared(site): Shared<Site>,
    Path(of): Path<(i64, i64)>,
) -> Result<Html, Error> {
    asked(&visit, &site, of, Sent::default(), Errors::default()).await
}

async fn asked(
    visit: &Visit,
    site: &Site,
    (town, household): (i64, i64),
    sent: Sent,
    errors: Errors,
) -> Result<Html, Error> {
    let scope = visit.may(Action::HandleRequests)?;
    let mut tx = site.db.read().await?;
    let found = store::household(&mut tx, &scope, town, household).await?;
    let (_, people) = found.ok_or(Error::NotFound)?;
    let rights = &site.playbook.rights;
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let kind = |kind: &Kind| (kind.key(), visit.words.get(&kind.message()));
    let page = NewPage {
        page: visit.page.clone(),
        errors,
        action: format!("/rights/new/{town}/{household}"),
        back: format!("/households/{town}/{household}"),
        people,
        kinds: Kind::ALL.iter().map(kind).collect(),
        sent,
        notice: rights.text.of(visit.words.language).to_owned(),
        version: rights.notice,
        due: due(visit.today, rights.working_days).to_string(),
    };
    Ok(Html::of(&page)?.with_status(status))
}

/// Takes a request in.
pub async fn receive(
    visit: Visit,
    Shared(site): Shared<Site>,
    Path(of): Path<(i64, i64)>,
    Form(sent): Form<Sent>,
) -> Result<Response, Error> {
    let scope = visit.may(Action::HandleRequests)?;
    let mut tx = site.db.write().await?;
    let found = store::household(&mut tx, &scope, of.0, of.1).await?;
    let (division, people) = found.ok_or(Error::NotFound)?;
    let mut errors = Errors::default();
    let kind = errors.take("kind", Kind::of_key(&sent.kind).ok_or("rights-kind-missing"));
    let known = people.iter().any(|(id, _)| *id == sent.resident);
    let resident = errors.take("resident", if known { Ok(sent.resident) } else { Err("rights-who-missing") });
    let wish = errors.take("wish", text(&sent.wish, "rights-wish-missing"));
    let (Some(kind), Some(resident), Some(wish)) = (kind, resident, wish) else {
        drop(tx);
        return Ok(asked(&visit, &site, of, sent, errors).await?.into_response());
    };
    let rights = &site.playbook.rights;
    let new = New {
        town: of.0,
        id: site.clock.new_id(),
        household: of.1,
        resident,
        division,
        kind,
        wish: &site.vault.seal(&wish),
        due: due(visit.today, rights.working_days),
        notice: rights.notice,
        by: visit.person.account,
        at: visit.now,
    };
    store::insert(&mut tx, &new).await?;
    let detail =
        json!({ "resident": resident, "kind": kind.key(), "request": new.id, "notice": rights.notice });
    record(&mut tx, &site, &visit, "rights.receive", of, detail).await?;
    let to = format!("/rights/{}/{}", of.0, new.id);
    tx.commit().await?;
    Ok(Redirect::to(&to).into_response())
}

fn text(typed: &str, missing: &'static str) -> Result<String, &'static str> {
    let typed = typed.trim();
    match typed.chars().count() {
        0 => Err(missing),
        n if n > TEXT => Err("rights-text-long"),
        _ => Ok(typed.to_owned()),
    }
}

pub(super) async fn record(
    tx: &mut Tx,
    site: &Site,
    visit: &Visit,
    action: &str,
    household: (i64, i64),
    detail: serde_json::Value,
) -> db::Result<()> {
    let object = audit::household(household);
    let entry = audit::Entry::by(visit, action, &object, detail);
    audit::record(tx, site.clock.new_id(), visit.now, entry).await
}

#[derive(Template)]
#[template(path = "rights/one.html")]
struct OnePage {
    page: Page,
    errors: Errors,
    path: String,
    household: String,
    /// The form by which what is kept is put right.
    change: String,
    name: String,
    kind_name: String,
    is_access: bool,
    is_correction: bool,
    mark: &'static str,
    state: String,
    wish: String,
    due: String,
    notice: i32,
    /// Who did what, and when.
    steps: Vec<String>,
    answer: Option<String>,
    may_take: bool,
    may_answer: bool,
    may_close: bool,
    typed: String,
    /// What cannot be deleted yet, and why.
    kept: Vec<(String, String, String)>,
}

/// A request in the visitor's scope.
pub(super) async fn find(
    tx: &mut db::Snapshot,
    visit: &Visit,
    town: i64,
    id: Uuid,
) -> Result<(Scope, Request), Error> {
    let scope = visit.may(Action::HandleRequests)?;
    let request = store::one(tx, &scope, town, id).await?.ok_or(Error::NotFound)?;
    Ok((scope, request))
}

/// One request.
pub async fn one(
    visit: Visit,
    Shared(site): Shared<Site>,
    Path((town, id)): Path<(i64, Uuid)>,
) -> Result<Html, Error> {
    shown(&visit, &site, (town, id), String::new(), Errors::default()).await
}

pub(super) async fn shown(
    visit: &Visit,
    site: &Site,
    (town, id): (i64, Uuid),
    typed: String,
    errors: Errors,
) -> Result<Html, Error> {
    let (_, request) = find(&mut site.db.read().await?, visit, town, id).await?;
    let words = &visit.words;
    let (mark, state) = state_of(words, &request, visit.today);
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let household = format!("/households/{town}/{}", request.household);
    let page = OnePage {
        page: visit.page.clone(),
        errors,
        path: path(&request),
        change: format!("{household}/residents/{}", request.resident),
        household,
        name: name_of(words, &request),
        is_access: request.kind() == Kind::Access,
        is_correction: request.kind() == Kind::Correction,
        kind_name: words.get(&request.kind().message()),
        mark,
        state,
        wish: site.vault.open(&request.wish_sealed).unwrap_or_default(),
        due: day(request.due_day),
        notice: request.notice,
        steps: steps(words, site, &request),
        answer: site.vault.open_stored(request.answer_sealed.as_deref()),
        may_take: request.state() == State::Received,
        may_answer: request.state().is_owed(),
        may_close: request.state() == State::Answered,
        typed,
        kept: if request.kind() == Kind::Deletion { kept(words, site) } else { Vec::new() },
    };
    Ok(Html::of(&page)?.with_status(status))
}

fn steps(words: &Words, site: &Site, request: &Request) -> Vec<String> {
    let step = |key: &str, at: Option<i64>, name: &Option<String>| {
        let at = words.moment(&site.playbook.time, Moment(at?));
        Some(words.get_with(key, &[("at", at), ("name", name.clone().unwrap_or_default())]))
    };
    [
        step("rights-received-by", Some(request.received_at), &request.received_name),
        step("rights-taken-by", request.taken_at, &request.taken_name),
        step("rights-answered-by", request.answered_at, &request.answered_name),
        step("rights-closed-by", request.closed_at, &request.closed_name),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// What is kept although its deletion is asked for: each kind with how long, and on which ground.
pub(super) fn kept(words: &Words, site: &Site) -> Vec<(String, String, String)> {
    let rules = site.playbook.retention.all().iter();
    let still = rules.filter(|rule| rule.record.is_about_residents() || rule.keep == Keep::ForGood);
    let line = |rule: &crate::playbook::Rule| {
        let ground = rule.ground.of(words.language).to_owned();
        (words.get(&rule.record.message()), retention::kept(words, rule.keep), ground)
    };
    still.map(line).collect()
}

/// The visitor handles it.
pub async fn take(
    visit: Visit,
    Shared(site): Shared<Site>,
    Path((town, id)): Path<(i64, Uuid)>,
) -> Result<Redirect, Error> {
    let mut tx = site.db.write().await?;
    let (_, request) = find(&mut tx, &visit, town, id).await?;
    let by = By { account: visit.person.account, at: visit.now };
    if !store::take(&mut tx, town, id, by).await? {
        return Err(Error::Conflict("rights-moved"));
    }
    done(tx, &visit, &site, &request, "rights.take").await
}

#[derive(Debug, Deserialize)]
pub struct Answer {
    #[serde(default)]
    answer: String,
}

/// What the resident was told.
pub async fn answer(
    visit: Visit,
    Shared(site): Shared<Site>,
    Path((town, id)): Path<(i64, Uuid)>,
    Form(form): Form<Answer>,
) -> Result<Response, Error> {
    let mut tx = site.db.write().await?;
    let (_, request) = find(&mut tx, &visit, town, id).await?;
    let text = match text(&form.answer, "rights-answer-missing") {
        Ok(text) => text,
        Err(key) => {
            drop(tx);
            let page = shown(&visit, &site, (town, id), form.answer, Errors::of("answer", key)).await?;
            return Ok(page.into_response());
        }
    };
    let by = By { account: visit.person.account, at: visit.now };
    if !store::answer(&mut tx, town, id, by, &site.vault.seal(&text)).await? {
        return Err(Error::Conflict("rights-moved"));
    }
    Ok(done(tx, &visit, &site, &request, "rights.answer").await?.into_response())
}

/// Nothing is left to do.
pub async fn close(
    visit: Visit,
    Shared(site): Shared<Site>,
    Path((town, id)): Path<(i64, Uuid)>,
) -> Result<Redirect, Error> {
    let mut tx = site.db.write().await?;
    let (_, request) = find(&mut tx, &visit, town, id).await?;
    let by = By { account: visit.person.account, at: visit.now };
    if !store::close(&mut tx, town, id, by).await? {
        return Err(Error::Conflict("rights-moved"));
    }
    done(tx, &visit, &site, &request, "rights.close").await
}

async fn done(
    mut tx: Tx,
    visit: &Visit,
    site: &Site,
    request: &Request,
    deed: &str,
) -> Result<Redirect, Error> {
    let detail = json!({ "request": request.id, "kind": request.kind, "resident": request.resident });
    record(&mut tx, site, visit, deed, (request.town, request.household), detail).await?;
    tx.commit().await?;
    Ok(Redirect::to(&path(request)))
}
