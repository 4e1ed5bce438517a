//! The households of one street, to be given to contacts by hand.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use axum_extra::extract::Query;
use base::Division;

use super::{
    Choice, Done, Faults, GiveForm, Names, Who, choices, chosen, day, division, head, person_path, picks,
    title, with_villages,
};
use crate::access::Action;
use crate::divisions;
use crate::site::Site;
use crate::stewards::hand_over::{HandOver, hand_over};
use crate::stewards::model::{House, Tier};
use crate::stewards::store::{self, Which};
use crate::web::{Error, Form, Html, Page, Visit, Words};

/// A household on the list.
pub struct HouseRow {
    pub id: i64,
    pub path: String,
    pub head: String,
    pub house_number: String,
    /// Name and page of the contact.
    pub contact: Option<(String, String)>,
    /// 2月8日 周六 起由某某接.
    pub next: String,
    pub pick: String,
    pub chosen: bool,
}

impl HouseRow {
    pub fn of(words: &Words, house: &House, chosen: &[String]) -> HouseRow {
        let town = house.division.town();
        let pick = house.pick().to_string();
        let next = match (&house.next, house.ends) {
            (Some((_, name, from)), _) => {
                say!(words, "stewards-next", day = words.day(*from), name = name.as_str())
            }
            (None, Some(ends)) => say!(words, "stewards-next-nobody", day = words.day(ends)),
            (None, None) => String::new(),
        };
        HouseRow {
            id: house.household,
            path: format!("/stewards/households/{town}/{}", house.household),
            head: head(words, &house.head),
            house_number: house.house_number.clone(),
            contact: house.contact.as_ref().map(|(id, name)| (name.clone(), person_path(town, *id))),
            next,
            chosen: chosen.contains(&pick),
            pick,
        }
    }
}

#[derive(Template)]
#[template(path = "stewards/street.html")]
struct StreetPage {
    page: Page,
    faults: Faults,
    done: Option<usize>,
    name: String,
    code: String,
    up: String,
    lead: Option<Who>,
    lead_title: String,
    may_assign: bool,
    open: usize,
    rows: Vec<HouseRow>,
    form: GiveForm,
    choices: Vec<Choice>,
}

pub async fn show(
    visit: Visit,
    State(site): State<Site>,
    Path(code): Path<String>,
    Query(done): Query<Done>,
) -> Result<Response, Error> {
    page(&visit, &site, &code, GiveForm::blank(&visit), Faults::default(), done.done).await
}

async fn page(
    visit: &Visit,
    site: &Site,
    code: &str,
    form: GiveForm,
    faults: Faults,
    done: Option<usize>,
) -> Result<Response, Error> {
    let scope = visit.may(Action::SeeStewards)?;
    let street = division(code)?;
    let mut tx = site.db.read().await?;
    let names = named(&mut tx, visit, &scope, street).await?;
    let houses = store::houses(&mut tx, &scope, street.town(), Which::Of(street), visit.today).await?;
    let lead = store::of_division(&mut tx, &site.vault, street, visit.today).await?;
    let assign = visit.person.may(Action::AssignStewards).filter(|scope| scope.covers(street));
    let people = match &assign {
        Some(scope) => store::candidates(&mut tx, &site.vault, scope, street, visit.today).await?,
        None => Vec::new(),
    };
    let status = faults.status();
    let page = StreetPage {
        page: visit.page.clone(),
        faults,
        done,
        name: names.full(street),
        code: street.code(),
        up: street.parent().filter(|up| scope.covers(*up)).map(Division::code).unwrap_or_default(),
        lead: lead.map(|who| Who::of(&visit.words, street.town(), &who)),
        lead_title: title(&visit.words, Tier::of(street).unwrap_or(Tier::Group)),
        may_assign: assign.is_some(),
        open: houses.iter().filter(|house| house.contact.is_none()).count(),
        rows: houses.iter().map(|house| HouseRow::of(&visit.words, house, &form.pick)).collect(),
        choices: choices(&visit.words, &people, &form.to),
        form,
    };
    Ok(Html::of(&page)?.with_status(status).into_response())
}

/// The names of a street that is in scope and exists.
pub(super) async fn named(
    tx: &mut db::Snapshot,
    visit: &Visit,
    scope: &crate::access::Scope,
    street: Division,
) -> Result<Names, Error> {
    let names = divisions::names(tx, &with_villages([street]), visit.today).await?;
    if !scope.covers(street) || !names.contains_key(&street) {
        return Err(Error::NotFound);
    }
    Ok(Names::of(names))
}

pub async fn assign(
    visit: Visit,
    State(site): State<Site>,
    Path(code): Path<String>,
    Form(sent): Form<GiveForm>,
) -> Result<Response, Error> {
    match assigned(&visit, &site, &code, &sent).await {
        Ok(count) => Ok(Redirect::to(&format!("/stewards/streets/{code}?done={count}")).into_response()),
        Err(error) => {
            let faults = Faults::of(&visit.words, error)?;
            page(&visit, &site, &code, sent, faults, None).await
        }
    }
}

async fn assigned(visit: &Visit, site: &Site, code: &str, sent: &GiveForm) -> Result<usize, Error> {
    visit.may(Action::AssignStewards)?;
    let town = division(code)?.town();
    let picks = picks(&sent.pick)?;
    if picks.is_empty() {
        return Err(Error::field("pick", "stewards-none-chosen"));
    }
    let (to, from) = (chosen(&sent.to)?, day("from", &sent.from)?);
    hand_over(site, visit, &HandOver { town, picks, to, from }).await
}
