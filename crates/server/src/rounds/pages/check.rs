//! One check of one household, by form: works without scripts, keeps what was typed when something
//! is wrong, and leads on to the next household.

use askama::Template;
use axum::Extension;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use base::{Day, Moment};
use db::Snapshot;
use serde::Deserialize;
use uuid::Uuid;

use super::earlier::{Earlier, earlier};
use super::enter;
use super::mine::{LIST, Tap, check_of};
use super::saved::{Saved, Told};
use crate::access::Action;
use crate::playbook::{Choice, Playbook};
use crate::rounds::apart::pages::list_of;
use crate::rounds::form::{Context, Fields, Wrong, read};
use crate::rounds::model::Outcome;
use crate::rounds::places;
use crate::rounds::standing::State as Standing;
use crate::rounds::store::{self, CheckRow, HouseholdRow, Resident, outcome_key};
use crate::rounds::writer::Rounds;
use crate::site::Site;
use crate::web::{Error, Form, Html, Page, Phone, Sight, Visit};

#[derive(Template)]
#[template(path = "rounds/check.html")]
struct CheckPage {
    page: Page,
    row: HouseholdRow,
    place: String,
    phone: Option<Phone>,
    residents: Vec<Resident>,
    playbook: Playbook,
    fields: Fields,
    id: Uuid,
    wrong: Vec<Wrong>,
    corrects: Option<Uuid>,
    earlier: Vec<Earlier>,
    /// The form says who made the check and when: for who enters what others checked.
    for_others: bool,
    stewards: Vec<(i64, String)>,
    today: Day,
    /// The check of the household before.
    saved: Option<Saved>,
    refused: Option<String>,
}

impl CheckPage {
    /// Shows the page; whoever reads a number in it has looked at the household's file.
    fn shown(&self, visit: &Visit, site: &Site) -> Result<Html, Error> {
        site.trail.saw(site, visit, (self.row.town, self.row.household));
        Html::of(self)
    }

    fn error(&self, field: &str) -> Option<String> {
        let wrong = self.wrong.iter().find(|wrong| wrong.field == field)?;
        Some(self.page.words.get(wrong.key))
    }

    fn error_of(&self, name: &str, resident: &i64) -> Option<String> {
        self.error(&format!("{name}-{resident}"))
    }

    fn name_of<'a>(&self, choice: &'a Choice) -> &'a str {
        choice.name.of(self.page.words.language)
    }

    /// Room for everybody who is filled in, and for one more.
    fn visitor_rows(&self) -> usize {
        (self.fields.all("visitor-name").iter().filter(|name| !name.is_empty()).count() + 1).max(3)
    }

    /// Whether a resident's part of the form is open: something is filled in there.
    fn is_open(&self, resident: &i64) -> bool {
        let told = |name: &str| !self.fields.of(name, resident).is_empty();
        told("symptom") || told("where") || told("place")
    }
}

#[derive(Debug, Default, Deserialize)]
pub struct Asked {
    /// The check to be put right.
    corrects: Option<Uuid>,
}

/// The form of a household's check.
pub async fn show_form(
    visit: Visit,
    State(site): State<Site>,
    Path((town, household)): Path<(i64, i64)>,
    Query(asked): Query<Asked>,
    Query(told): Query<Told>,
) -> Result<Html, Error> {
    let mut tx = site.db.read().await?;
    let mut page = load(&visit, &site, &mut tx, town, household).await?;
    page.saved = told.saved(&visit, &site, &mut tx).await?;
    page.refused = told.refused(&visit);
    if let Some(corrects) = asked.corrects {
        let known = store::checks(&mut tx, &[(town, corrects)].into()).await?;
        let own = known.into_values().find(|check| check.household == household).ok_or(Error::NotFound)?;
        page.fields = Fields::filled(&own.answers().unwrap_or_default());
        page.corrects = Some(corrects);
    }
    page.shown(&visit, &site)
}

async fn load(
    visit: &Visit,
    site: &Site,
    tx: &mut Snapshot,
    town: i64,
    household: i64,
) -> Result<CheckPage, Error> {
    let scope = visit.may(Action::EnterChecks)?;
    let row = store::household(tx, &scope, town, household, visit.today).await?.ok_or(Error::NotFound)?;
    let division = base::Division::from_number(row.division).ok_or(Error::NotFound)?;
    let others = visit.person.may(Action::EnterChecksForOthers);
    let for_others = others.is_some_and(|scope| scope.covers(division));
    let stewards = if for_others { store::stewards_near(tx, division).await? } else { Vec::new() };
    let place = places::place_name(tx, division, visit.today).await?;
    let phone = site.vault.open_stored(store::phone(tx, &row).await?.as_deref());
    let (sight, path) = (Sight::of(visit, town, row.steward), format!("/households/{town}/{household}"));
    let phone = phone.map(|number| Phone::new(&visit.words, sight, &path, ("household", &row.head), number));
    let checks = store::of_day(tx, town, household, visit.today).await?;
    let residents = store::residents(tx, &row, visit.today).await?;
    Ok(CheckPage {
        earlier: earlier(visit, site, &checks, &residents),
        residents: residents.into_iter().filter(|resident| resident.is_here(visit.today)).collect(),
        page: visit.page.clone(),
        place,
        phone,
        row,
        playbook: site.playbook.on(visit.today).clone(),
        fields: Fields::default(),
        id: site.clock.new_id(),
        wrong: Vec::new(),
        corrects: None,
        for_others,
        stewards,
        today: visit.today,
        saved: None,
        refused: None,
    })
}

/// Takes the form; when something is wrong it comes back as it was, with what to do.
pub async fn enter_form(
    visit: Visit,
    State(site): State<Site>,
    Extension(rounds): Extension<Rounds>,
    Path((town, household)): Path<(i64, i64)>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, Error> {
    let fields = Fields::new(pairs);
    let mut tx = site.db.read().await?;
    let page = load(&visit, &site, &mut tx, town, household).await?;
    let corrected = corrected(&mut tx, town, fields.get("corrects").parse().ok()).await?;
    // No connection is held while the writer is waited for: it needs one itself.
    drop(tx);
    let happened_at = corrected.as_ref().map_or(visit.now, |check| Moment(check.happened_at));
    let before = corrected.and_then(|check| check.answers());
    let (residents, playbook) = (&page.residents, &site.playbook);
    let (now, today) = (visit.now, visit.today);
    let context = Context { town, household, residents, playbook, now, happened_at, today, before };
    let check = match read(&fields, &context) {
        Ok(check) => check,
        Err(wrong) => return again(&visit, &site, page, fields, wrong),
    };
    let id = check.id;
    if let Err(key) = enter(&visit, &site, &rounds, check).await? {
        return again(&visit, &site, page, fields, vec![Wrong { field: "main".to_owned(), key }]);
    }
    next(&visit, &site, &page.row, id).await
}

/// The check that is put right: the new one happened when it did, where no time is typed, so that a
/// slip of the finger is mended for the day and hour it was made in.
async fn corrected(tx: &mut Snapshot, town: i64, corrects: Option<Uuid>) -> Result<Option<CheckRow>, Error> {
    let Some(corrects) = corrects else { return Ok(None) };
    Ok(store::checks(tx, &[(town, corrects)].into()).await?.into_values().next())
}

fn again(
    visit: &Visit,
    site: &Site,
    page: CheckPage,
    fields: Fields,
    wrong: Vec<Wrong>,
) -> Result<Response, Error> {
    let corrects = fields.get("corrects").parse().ok();
    let page = CheckPage { fields, wrong, corrects, ..page };
    Ok(page.shown(visit, site)?.with_status(StatusCode::UNPROCESSABLE_ENTITY).into_response())
}

/// The next household still to be checked after this one, or back to the list.
async fn next(visit: &Visit, site: &Site, row: &HouseholdRow, saved: Uuid) -> Result<Response, Error> {
    let said = |path: &str| Ok(Redirect::to(&Told::path(path, row.town, saved)).into_response());
    if let Some(list) = list_of(visit, row) {
        return said(&list);
    }
    let scope = visit.may(Action::EnterChecks)?;
    let mut tx = site.db.read().await?;
    let rows = store::mine(&mut tx, &scope, visit.today).await?;
    let own = rows.iter().position(|other| (other.town, other.household) == (row.town, row.household));
    let Some(own) = own else { return said(&format!("/round/{}/{}", row.division, visit.today)) };
    let following = rows[own + 1..].iter().chain(&rows[..own]);
    match following.into_iter().find(|other| other.state() == Standing::Silent) {
        Some(next) => said(&form_path(next.town, next.household)),
        None => said(LIST),
    }
}

#[derive(Debug, Deserialize)]
pub struct Undo {
    id: Uuid,
    town: i64,
    household: i64,
    corrects: Uuid,
}

/// The address of the form of a household's check.
fn form_path(town: i64, household: i64) -> String {
    format!("/checks/{town}/{household}")
}

/// Takes back the check just saved: one of a tap goes back to the list, one with answers to its form,
/// where they can be told anew.
pub async fn undo(
    visit: Visit,
    State(site): State<Site>,
    Extension(rounds): Extension<Rounds>,
    Form(undo): Form<Undo>,
) -> Result<Redirect, Error> {
    let tap = Tap { id: undo.id, town: undo.town, household: undo.household };
    let corrected = corrected(&mut site.db.read().await?, undo.town, Some(undo.corrects)).await?;
    let well = corrected.as_ref().is_none_or(|check| check.outcome == outcome_key(Outcome::Well));
    let has_list = !visit.may(Action::EnterChecks)?.stewards().is_empty();
    let back = if well && has_list { LIST } else { &form_path(undo.town, undo.household) };
    let at = corrected.map_or(visit.now, |check| Moment(check.happened_at));
    let check = check_of(&tap, at, Outcome::Withdrawn, Some(undo.corrects));
    Ok(match enter(&visit, &site, &rounds, check).await? {
        Ok(()) => Redirect::to(back),
        Err(key) => Redirect::to(&Told::refusal(back, key)),
    })
}
