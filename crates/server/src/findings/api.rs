//! The findings' API. A verb becomes a resource: taking up is a `taking`, closing a `closure`, and
//! deleting the closure opens the finding again.

use axum::Json;
use axum::extract::{Path, Query, State as Shared};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use base::{Day, Division, Moment};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::handling::{Handled, handle, refusal, refusal_key};
use super::model::{Filter, State, Step, closing_note, parse_after};
use super::store::{self, FindingRow};
use super::view::Told;
use crate::access::Action;
use crate::rounds::Kind;
use crate::site::Site;
use crate::web::{Body, Error, ProblemBody, Visit};

/// Findings in one answer.
const MOST: i64 = 200;

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct AskFindings {
    /// A town, village or team area: 15 digits. All within scope where it is not given.
    division: Option<i64>,
    /// The day on which it was found.
    #[param(value_type = Option<String>, format = Date)]
    day: Option<Day>,
    /// `fever`, `symptom`, `returnee`, `visitor` or `need`.
    kind: Option<String>,
    /// `open`, `taken`, `closed` or `withdrawn`; all but the withdrawn where it is not given.
    state: Option<String>,
    /// Only what was found before this moment: milliseconds since 1970.
    #[param(value_type = Option<i64>)]
    before: Option<Moment>,
    /// `next` of the answer before.
    after: Option<String>,
}

/// What a check found.
#[derive(Debug, Serialize, ToSchema)]
pub struct Finding {
    pub town: i64,
    pub id: Uuid,
    #[schema(value_type = Option<String>, format = Date)]
    pub day: Option<Day>,
    pub household: i64,
    pub division: i64,
    pub kind: String,
    /// The resident's number, the visitor's name, or the need's key.
    pub subject: String,
    /// Whom it is about, and what was found, in the language asked for.
    pub who: String,
    pub what: String,
    /// The same as the check told it; its members depend on the kind.
    #[schema(value_type = Object)]
    pub detail: serde_json::Value,
    pub state: String,
    pub found_by: Option<String>,
    /// Milliseconds since 1970, as all moments here.
    pub found_at: Option<i64>,
    pub taken_by: Option<String>,
    pub taken_at: Option<i64>,
    pub closed_by: Option<String>,
    pub closed_at: Option<i64>,
    pub closing_note: Option<String>,
}

impl Finding {
    fn of(row: FindingRow, visit: &Visit, site: &Site) -> Finding {
        let told = Told::of(&row, visit, site);
        Finding {
            day: row.day(),
            detail: row.detail(),
            who: told.who,
            what: told.what,
            town: row.town,
            id: row.id,
            household: row.household,
            division: row.division,
            kind: row.kind,
            subject: row.subject,
            state: row.state,
            found_by: row.found_by,
            found_at: row.found_at,
            taken_by: row.taken_by,
            taken_at: row.taken_at,
            closed_by: row.closed_by,
            closed_at: row.closed_at,
            closing_note: row.closing_note,
        }
    }
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Findings {
    /// Open ones first, within a state the latest first; at most 200.
    pub findings: Vec<Finding>,
    /// Where the next answer begins, if there is more.
    pub next: Option<String>,
}

/// List findings
///
/// What checks found, within the scope of who asks.
#[utoipa::path(
    get,
    path = "/api/v1/findings",
    operation_id = "listFindings",
    tag = "findings",
    params(AskFindings),
    responses(
        (status = 200, description = "The findings", body = Findings),
        (status = 400, description = "The query cannot be read"),
        (status = 403, description = "No role allows it"),
        (status = 404, description = "No such division in scope"),
        (status = 422, description = "No such kind, state or place in the list"),
    )
)]
pub async fn list_findings(
    visit: Visit,
    Shared(site): Shared<Site>,
    Query(asked): Query<AskFindings>,
) -> Result<Json<Findings>, Error> {
    let scope = visit.may(Action::SeeFindings)?;
    let wrong = |name, key| move || Error::field(name, key);
    let covered = |number| Division::from_number(number).filter(|division| scope.covers(*division));
    let kind = |key: &str| Kind::of_key(key).ok_or_else(wrong("kind", "finding-no-kind"));
    let state = |key: &str| State::of_key(key).ok_or_else(wrong("state", "finding-no-state"));
    let after = |text: &str| parse_after(text).ok_or_else(wrong("after", "finding-no-after"));
    let filter = Filter {
        division: asked.division.map(|number| covered(number).ok_or(Error::NotFound)).transpose()?,
        day: asked.day,
        before: asked.before,
        since: None,
        kind: asked.kind.as_deref().map(kind).transpose()?,
        state: asked.state.as_deref().map(state).transpose()?,
    };
    let after = asked.after.as_deref().map(after).transpose()?;
    let mut tx = site.db.read().await?;
    let mut rows = store::findings(&mut tx, &scope, &filter, after, MOST + 1).await?;
    let most = usize::try_from(MOST).unwrap_or(usize::MAX);
    let more = rows.len() > most;
    rows.truncate(most);
    let next = rows.last().filter(|_| more).map(|row| format!("{}.{}", row.rank(), row.id));
    let findings = rows.into_iter().map(|row| Finding::of(row, &visit, &site)).collect();
    Ok(Json(Findings { findings, next }))
}

/// Take up a finding
///
/// The first who takes it has it; whoever comes later is told by whom it was taken.
#[utoipa::path(
    post,
    path = "/api/v1/findings/{town}/{id}/taking",
    operation_id = "takeFinding",
    tag = "findings",
    params(
        ("town" = i64, Path, description = "The nine-digit code of the town"),
        ("id" = Uuid, Path, description = "The finding"),
    ),
    responses(
        (status = 200, description = "Taken up", body = Finding),
        (status = 400, description = "The address cannot be read"),
        (status = 403, description = "No role allows it"),
        (status = 404, description = "No such finding in scope"),
        (status = 409, description = "Taken, closed or withdrawn before"),
    )
)]
pub async fn take_finding(
    visit: Visit,
    Shared(site): Shared<Site>,
    Path((town, id)): Path<(i64, Uuid)>,
) -> Result<Response, Error> {
    answer(&visit, &site, town, id, &Step::Take).await
}

/// What was done about a finding.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Closure {
    #[schema(min_length = 1, max_length = 500)]
    pub note: String,
}

/// Close a finding
///
/// With what was done. One that nobody took up is taken by who closes it.
#[utoipa::path(
    post,
    path = "/api/v1/findings/{town}/{id}/closure",
    operation_id = "closeFinding",
    tag = "findings",
    params(
        ("town" = i64, Path, description = "The nine-digit code of the town"),
        ("id" = Uuid, Path, description = "The finding"),
    ),
    request_body = Closure,
    responses(
        (status = 200, description = "Closed", body = Finding),
        (status = 400, description = "The address cannot be read"),
        (status = 403, description = "No role allows it"),
        (status = 404, description = "No such finding in scope"),
        (status = 409, description = "Closed or withdrawn before"),
        (status = 422, description = "The note is missing or too long"),
    )
)]
pub async fn close_finding(
    visit: Visit,
    Shared(site): Shared<Site>,
    Path((town, id)): Path<(i64, Uuid)>,
    Body(closure): Body<Closure>,
) -> Result<Response, Error> {
    let note = closing_note(&closure.note).map_err(|key| Error::field("note", key))?;
    answer(&visit, &site, town, id, &Step::Close(note)).await
}

/// Open a finding again
///
/// Puts back what was closed or taken, for anybody to take.
#[utoipa::path(
    delete,
    path = "/api/v1/findings/{town}/{id}/closure",
    operation_id = "reopenFinding",
    tag = "findings",
    params(
        ("town" = i64, Path, description = "The nine-digit code of the town"),
        ("id" = Uuid, Path, description = "The finding"),
    ),
    responses(
        (status = 200, description = "Open again", body = Finding),
        (status = 400, description = "The address cannot be read"),
        (status = 403, description = "No role allows it"),
        (status = 404, description = "No such finding in scope"),
        (status = 409, description = "It is open, or was withdrawn"),
    )
)]
pub async fn reopen_finding(
    visit: Visit,
    Shared(site): Shared<Site>,
    Path((town, id)): Path<(i64, Uuid)>,
) -> Result<Response, Error> {
    answer(&visit, &site, town, id, &Step::Reopen).await
}

/// The finding as it now is, or 409 with who was first.
async fn answer(visit: &Visit, site: &Site, town: i64, id: Uuid, step: &Step) -> Result<Response, Error> {
    let row = match handle(visit, site, town, id, step).await? {
        Handled::Done(row) => return Ok(Json(Finding::of(row, visit, site)).into_response()),
        Handled::Refused(row) => row,
    };
    let body = ProblemBody {
        status: StatusCode::CONFLICT.as_u16(),
        key: refusal_key(&row).to_owned(),
        message: refusal(visit, site, &row),
        detail: None,
        fields: Vec::new(),
    };
    let kind = [(header::CONTENT_TYPE, "application/problem+json")];
    Ok((StatusCode::CONFLICT, kind, Json(body).into_response().into_body()).into_response())
}
