//! The reports' API.

use axum::Json;
use axum::extract::{Path, Query, State};
use base::{Day, Moment};
use serde::Serialize;
use utoipa::ToSchema;

use super::chain::Entry;
use super::list::{Listed, Wanted};
use super::model::{Change, Content, Note, Signature};
use super::report::{Place, Report, State as ReportState};
use crate::access::Action;
use crate::site::Site;
use crate::web::{Error, Visit};

/// Sealed reports of a town, the newest first.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReportList {
    pub town: String,
    pub name: String,
    pub reports: Vec<ListedReport>,
    /// Give this as `before` to read on; null at the end.
    #[schema(value_type = Option<String>, format = Date)]
    pub next: Option<Day>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct ListedReport {
    #[schema(value_type = String, format = Date)]
    pub day: Day,
    /// Its number among the town's reports.
    pub number: i64,
    /// BLAKE3 of its sealed body, 64 hex digits.
    pub hash: String,
    /// Milliseconds since 1970.
    #[schema(value_type = i64)]
    pub sealed_at: Moment,
}

/// A report: sealed, or on the way there.
#[derive(Debug, Serialize, ToSchema)]
pub struct DailyReport {
    pub state: ReportState,
    pub content: Content,
    pub compiled: Option<Signature>,
    pub checked: Option<Signature>,
    pub signed: Option<Signature>,
    pub number: Option<i64>,
    /// BLAKE3 of the sealed body, 64 hex digits; null before.
    pub hash: Option<String>,
    /// Notes that correct the sealed figures, in order.
    pub corrections: Vec<Correction>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Correction {
    pub number: i64,
    pub changes: Vec<Change>,
    pub why: String,
    pub written: Signature,
}

impl From<Note> for Correction {
    fn from(note: Note) -> Correction {
        let Note { head, changes, why, written } = note;
        Correction { number: head.number, changes, why, written }
    }
}

impl From<Report> for DailyReport {
    fn from(report: Report) -> DailyReport {
        DailyReport {
            state: report.state,
            content: report.content,
            compiled: report.compiled,
            checked: report.checked,
            signed: report.signed,
            number: report.number,
            hash: report.hash,
            corrections: report.notes.into_iter().map(Correction::from).collect(),
        }
    }
}

/// List sealed reports
///
/// The sealed daily reports of a town, the newest first, at most 60 at a time.
#[utoipa::path(
    get,
    path = "/api/v1/reports",
    operation_id = "listReports",
    tag = "reports",
    params(Wanted),
    responses(
        (status = 200, description = "The reports", body = ReportList),
        (status = 403, description = "No role allows reports"),
        (status = 404, description = "No such town in reach"),
        (status = 422, description = "`before` is no day"),
    )
)]
pub async fn list_reports(
    visit: Visit,
    State(site): State<Site>,
    Query(wanted): Query<Wanted>,
) -> Result<Json<ReportList>, Error> {
    let scope = visit.may(Action::SeeReports)?;
    let mut tx = site.db.read().await?;
    let listed = Listed::read(&mut tx, &scope, &wanted, visit.today).await?;
    let report = |entry: Entry| {
        let (number, hash, sealed_at) = (entry.number, entry.hash, Moment(entry.sealed_at));
        Some(ListedReport { day: Day::from_number(entry.day)?, number, hash, sealed_at })
    };
    Ok(Json(ReportList {
        town: listed.town.code(),
        name: listed.operation.name,
        reports: listed.entries.into_iter().filter_map(report).collect(),
        next: listed.next,
    }))
}

/// Read a report
///
/// The report of a town's day: as it was sealed, else as it was compiled, else live figures. A
/// figure that is null is not known; the village's `silent` says how many households are missing.
/// Villages out of reach are left out, and names with them.
#[utoipa::path(
    get,
    path = "/api/v1/reports/{town}/{day}",
    operation_id = "getReport",
    tag = "reports",
    params(
        ("town" = String, Path, description = "The nine-digit code of the town"),
        ("day" = String, Path, description = "The day, such as 2020-02-03"),
    ),
    responses(
        (status = 200, description = "The report", body = DailyReport),
        (status = 403, description = "No role allows reports"),
        (status = 404, description = "No such day or town in reach"),
    )
)]
pub async fn get_report(
    visit: Visit,
    State(site): State<Site>,
    Path((town, day)): Path<(String, String)>,
) -> Result<Json<DailyReport>, Error> {
    let scope = visit.may(Action::SeeReports)?;
    let mut tx = site.db.read().await?;
    let place = Place::find(&mut tx, &town, &day, visit.today).await?.ok_or(Error::NotFound)?;
    if !scope.touches(place.town) {
        return Err(Error::NotFound);
    }
    let report = place.report(&mut tx, &site.playbook, visit.now).await?.ok_or(Error::NotFound)?;
    Ok(Json(report.seen_by(&visit.person, &scope).into()))
}
