//! One division: who answers for it, who did, and who is to.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use axum_extra::extract::Query;

use super::household::PastRow;
use super::{
    Choice, Done, Faults, GiveForm, Names, Who, choices, chosen, day, division, picks, title, with_villages,
};
use crate::access::Action;
use crate::divisions;
use crate::site::Site;
use crate::stewards::hand_over::{HandOver, hand_over};
use crate::stewards::model::{Node, Pick, Tier, above};
use crate::stewards::store;
use crate::web::{Error, Form, Html, Page, Visit};

#[derive(Template)]
#[template(path = "stewards/node.html")]
struct NodePage {
    page: Page,
    faults: Faults,
    done: bool,
    name: String,
    code: String,
    title: String,
    who: Option<Who>,
    past: Vec<PastRow>,
    may_assign: bool,
    pick: String,
    form: GiveForm,
    choices: Vec<Choice>,
}

pub async fn show(
    visit: Visit,
    State(site): State<Site>,
    Path(code): Path<String>,
    Query(done): Query<Done>,
) -> Result<Response, Error> {
    let form = GiveForm::blank(&visit);
    page(&visit, &site, &code, form, Faults::default(), done.done.is_some()).await
}

async fn page(
    visit: &Visit,
    site: &Site,
    code: &str,
    form: GiveForm,
    faults: Faults,
    done: bool,
) -> Result<Response, Error> {
    let scope = visit.may(Action::SeeStewards)?;
    let division = division(code)?;
    let node = Node::Division(division);
    let town = division.town();
    let mut tx = site.db.read().await?;
    let exists = divisions::names(&mut tx, &with_villages([division]), visit.today).await?;
    if !scope.covers(division) || !exists.contains_key(&division) {
        return Err(Error::NotFound);
    }
    let who = store::of_division(&mut tx, &site.vault, division, visit.today).await?;
    let spans = store::spans(&mut tx, town, node).await?;
    let assign = visit.person.may(Action::AssignStewards).filter(|scope| scope.covers(above(division)));
    let people = match &assign {
        Some(scope) => store::candidates(&mut tx, &site.vault, scope, division, visit.today).await?,
        None => Vec::new(),
    };
    let open = spans.iter().find(|span| span.until.is_none()).map(|span| span.steward);
    let status = faults.status();
    let page = NodePage {
        page: visit.page.clone(),
        faults,
        done,
        name: Names::of(exists).full(division),
        code: division.code(),
        title: title(&visit.words, Tier::of(division).unwrap_or(Tier::Town)),
        who: who.map(|who| Who::of(&visit.words, town, &who)),
        past: spans.iter().map(|span| PastRow::of(visit, town, span)).collect(),
        may_assign: assign.is_some(),
        pick: Pick { node, shown: open }.to_string(),
        choices: choices(&visit.words, &people, &form.to),
        form,
    };
    Ok(Html::of(&page)?.with_status(status).into_response())
}

pub async fn appoint(
    visit: Visit,
    State(site): State<Site>,
    Path(code): Path<String>,
    Form(sent): Form<GiveForm>,
) -> Result<Response, Error> {
    match appointed(&visit, &site, &code, &sent).await {
        Ok(()) => Ok(Redirect::to(&format!("/stewards/nodes/{code}?done=1")).into_response()),
        Err(error) => {
            let faults = Faults::of(&visit.words, error)?;
            page(&visit, &site, &code, sent, faults, false).await
        }
    }
}

async fn appointed(visit: &Visit, site: &Site, code: &str, sent: &GiveForm) -> Result<(), Error> {
    visit.may(Action::AssignStewards)?;
    let division = division(code)?;
    let picks = picks(&sent.pick)?;
    if picks.iter().any(|pick| pick.node != Node::Division(division)) {
        return Err(Error::NotFound);
    }
    let (to, from) = (chosen(&sent.to)?, day("from", &sent.from)?);
    let wanted = HandOver { town: division.town(), picks, to, from };
    hand_over(site, visit, &wanted).await.map(|_| ())
}
