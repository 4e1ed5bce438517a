//! One report: on screen, on paper, as a file; and the steps that are taken on it.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use base::Moment;
use db::{Db, Tx};
use serde::Deserialize;
use serde_json::json;

use super::report::Place;
use super::show::{Problem, ReportPage, Way};
use super::signing::Step;
use super::{correction, export, signing, store};
use crate::access::Action;
use crate::audit;
use crate::retention;
use crate::site::Site;
use crate::web::{Error, Form, Html, Visit, workbook};

type Asked = Path<(String, String)>;

/// The report of a day: live, on the way, or sealed.
pub async fn page(visit: Visit, State(site): State<Site>, Path(asked): Asked) -> Result<Html, Error> {
    shown(&site, &visit, &asked, None).await
}

async fn shown(
    site: &Site,
    visit: &Visit,
    asked: &(String, String),
    problem: Option<Problem>,
) -> Result<Html, Error> {
    let scope = visit.may(Action::SeeReports)?;
    let mut tx = site.db.read().await?;
    let place = Place::find(&mut tx, &asked.0, &asked.1, visit.today).await?.ok_or(Error::NotFound)?;
    if !scope.touches(place.town) {
        return Err(Error::NotFound);
    }
    let report = place.report(&mut tx, &site.playbook, visit.now).await?.ok_or(Error::NotFound)?;
    let corrects = visit.person.may(Action::CompileReports).is_some_and(|scope| scope.covers(place.town));
    // Of a day whose records were destroyed there is nothing to compare with.
    let frozen = retention::frozen_days(&mut tx, place.town.town()).await?.contains(&place.day);
    let moved = if corrects && report.compiled.is_some() && !frozen {
        let now = super::compile::content(&mut tx, &site.playbook, &place.operation, place.day, visit.now);
        let now = now.await?.ok_or(Error::NotFound)?;
        let changes = correction::differences(&report.content, &report.notes, &now);
        let quiet = correction::silently_changed(&report.content, &now, &changes);
        Some((signing::digest(&changes)?, changes, quiet))
    } else {
        None
    };
    let report = report.seen_by(&visit.person, &scope);
    let way = Way {
        confirmed: store::confirmations(&mut tx, place.town, place.day).await?,
        approvers: store::approvers(&mut tx, place.town).await?,
    };
    Html::of(&ReportPage::new(site, visit, &report, &way, moved, problem))
}

/// The report as a workbook. Who took it is written down.
pub async fn file(visit: Visit, State(site): State<Site>, Path(asked): Asked) -> Result<Response, Error> {
    let scope = visit.may(Action::SeeReports)?;
    let mut tx = site.db.write().await?;
    let place = Place::find(&mut tx, &asked.0, &asked.1, visit.today).await?.ok_or(Error::NotFound)?;
    if !scope.touches(place.town) {
        return Err(Error::NotFound);
    }
    tx.hold(&[place.town.town()].into()).await?;
    let report = place.report(&mut tx, &site.playbook, visit.now).await?.ok_or(Error::NotFound)?;
    let object = format!("{}/{}", place.town.town(), place.day);
    let entry = audit::Entry::by(&visit, "report.export", &object, json!({}));
    audit::record(&mut tx, site.clock.new_id(), visit.now, entry).await?;
    tx.commit().await?;
    let report = report.seen_by(&visit.person, &scope);
    let at = visit.words.moment(&site.playbook.time, visit.now);
    let taken = say!(visit.words, "report-taken", name = visit.person.name.as_str(), at = at);
    let bytes = export::write(&visit.words, &site.playbook, &report, visit.now, Some(taken));
    let bytes = bytes.map_err(|error| db::Error::Encode(error.into()))?;
    let plain = format!("report_{}_{}.xlsx", report.content.town, report.day);
    Ok(workbook(&plain, &export::file_name(&visit.words, &report), bytes))
}

/// Opens a transaction for a step, and the report it is taken on. No check comes in until it ends:
/// all of a report's figures and rows are of one moment.
async fn begin(db: &Db, visit: &Visit, asked: &(String, String)) -> Result<(Tx, Place), Error> {
    visit.may(Action::SeeReports)?;
    let mut tx = db.write().await?;
    let place = Place::find(&mut tx, &asked.0, &asked.1, visit.today).await?.ok_or(Error::NotFound)?;
    tx.hold(&[place.town.town()].into()).await?;
    Ok((tx, place))
}

async fn end(tx: Tx, asked: &(String, String)) -> Result<Response, Error> {
    tx.commit().await?;
    Ok(Redirect::to(&format!("/reports/{}/{}", asked.0, asked.1)).into_response())
}

/// Which village.
#[derive(Debug, Deserialize)]
pub struct Village {
    division: String,
}

/// A village says that nothing else happened.
pub async fn confirm(
    visit: Visit,
    State(site): State<Site>,
    Path(asked): Asked,
    Form(village): Form<Village>,
) -> Result<Response, Error> {
    let (mut tx, place) = begin(&site.db, &visit, &asked).await?;
    let step = Step { site: &site, visit: &visit, place: &place };
    step.confirm(&mut tx, &village.division, true).await?;
    end(tx, &asked).await
}

/// A village takes its word back.
pub async fn withdraw(
    visit: Visit,
    State(site): State<Site>,
    Path(asked): Asked,
    Form(village): Form<Village>,
) -> Result<Response, Error> {
    let (mut tx, place) = begin(&site.db, &visit, &asked).await?;
    let step = Step { site: &site, visit: &visit, place: &place };
    step.confirm(&mut tx, &village.division, false).await?;
    end(tx, &asked).await
}

pub async fn compile(visit: Visit, State(site): State<Site>, Path(asked): Asked) -> Result<Response, Error> {
    let (mut tx, place) = begin(&site.db, &visit, &asked).await?;
    Step { site: &site, visit: &visit, place: &place }.compile(&mut tx).await?;
    end(tx, &asked).await
}

/// Which draft was looked at: one compiled meanwhile must be looked at first.
#[derive(Debug, Deserialize)]
pub struct Looked {
    compiled_at: i64,
}

pub async fn check(
    visit: Visit,
    State(site): State<Site>,
    Path(asked): Asked,
    Form(looked): Form<Looked>,
) -> Result<Response, Error> {
    let (mut tx, place) = begin(&site.db, &visit, &asked).await?;
    let step = Step { site: &site, visit: &visit, place: &place };
    step.check(&mut tx, Moment(looked.compiled_at)).await?;
    end(tx, &asked).await
}

pub async fn sign(
    visit: Visit,
    State(site): State<Site>,
    Path(asked): Asked,
    Form(looked): Form<Looked>,
) -> Result<Response, Error> {
    let (mut tx, place) = begin(&site.db, &visit, &asked).await?;
    let step = Step { site: &site, visit: &visit, place: &place };
    step.sign(&mut tx, Moment(looked.compiled_at)).await?;
    end(tx, &asked).await
}

/// Why a correction is needed, and which changes were shown.
#[derive(Debug, Deserialize)]
pub struct Reason {
    why: String,
    seen: String,
}

pub async fn correct(
    visit: Visit,
    State(site): State<Site>,
    Path(asked): Asked,
    Form(reason): Form<Reason>,
) -> Result<Response, Error> {
    let (mut tx, place) = begin(&site.db, &visit, &asked).await?;
    let step = Step { site: &site, visit: &visit, place: &place };
    match step.correct(&mut tx, &reason.why, &reason.seen).await {
        Ok(()) => end(tx, &asked).await,
        Err(Error::Invalid(fields)) => {
            drop(tx);
            let message = fields.first().map(|field| visit.words.get(field.key)).unwrap_or_default();
            let problem = Problem { message, why: reason.why };
            let page = shown(&site, &visit, &asked, Some(problem)).await?;
            Ok(page.with_status(StatusCode::UNPROCESSABLE_ENTITY).into_response())
        }
        Err(other) => Err(other),
    }
}
