//! The round's API.

use axum::extract::{Path, Query, State};
use axum::{Extension, Json};
use base::{Day, Division, Level, Moment};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::entry;
use super::model::{Answers, Check};
use super::store::{self, HouseholdRow, NamedCheck};
use super::view::Coverage;
use super::writer::{Rounds, Verdict};
use crate::access::Action;
use crate::rounds::places;
use crate::site::Site;
use crate::tally;
use crate::web::{Each, EachBody, Error, Unreadable, Visit};

/// Checks to be stored, at most 1,000.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EnterChecks {
    #[schema(value_type = Vec<Check>, min_items = 1, max_items = 1000)]
    pub checks: Each<Check>,
}

/// What became of each check, in the order they were sent.
#[derive(Debug, Serialize, ToSchema)]
pub struct CheckResults {
    pub results: Vec<CheckResult>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct CheckResult {
    /// Null where the check could not be read and its id neither.
    pub id: Option<Uuid>,
    pub result: ResultKind,
    /// Why a refused check was not stored and what to do, in the language asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    /// The message's key, for programs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key: Option<&'static str>,
    /// Where and why a check could not be read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
}

/// What can be told of a check before it is entered: its id, and why it cannot be read.
struct Named {
    id: Option<Uuid>,
    detail: Option<String>,
}

impl Named {
    fn of(read: &Result<Check, Unreadable>) -> Named {
        #[derive(Deserialize)]
        struct Id {
            id: Uuid,
        }

        match read {
            Ok(check) => Named { id: Some(check.id), detail: None },
            Err(Unreadable { item, why }) => {
                let id = serde_json::from_str(item).ok().map(|Id { id }| id);
                Named { id, detail: Some(why.clone()) }
            }
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum ResultKind {
    /// On disk and counted.
    Stored,
    /// The same check was stored before; nothing changed.
    Repeated,
    /// Nothing of it is stored.
    Refused,
}

const MOST: usize = 1_000;

/// Enter checks
///
/// Stores checks of households, each with its own result: one that is refused, or cannot be read,
/// does not keep the others from being stored. When this answers, what is `stored` is on disk. Sending a check again
/// with the same id changes nothing and answers `repeated`.
#[utoipa::path(
    post,
    path = "/api/v1/checks",
    operation_id = "enterChecks",
    tag = "rounds",
    request_body = EnterChecks,
    responses(
        (status = 200, description = "What became of each check", body = CheckResults),
        (status = 403, description = "No role allows checks"),
        (status = 422, description = "Not readable as a list of 1 to 1,000 checks; nothing is stored"),
    )
)]
pub async fn enter_checks(
    visit: Visit,
    State(site): State<Site>,
    Extension(rounds): Extension<Rounds>,
    EachBody(sent): EachBody<EnterChecks>,
) -> Result<Json<CheckResults>, Error> {
    visit.may(Action::EnterChecks)?;
    let Each(read) = sent.checks;
    if read.is_empty() || read.len() > MOST {
        return Err(Error::field("checks", "checks-number"));
    }
    let named: Vec<Named> = read.iter().map(Named::of).collect();
    let checks = read.into_iter().map(|read| read.map_err(|_| "check-unreadable")).collect();
    let verdicts = entry::enter(&visit, &site.db, &rounds, checks).await?;
    let results = named.into_iter().zip(verdicts).map(|(Named { id, detail }, verdict)| {
        let (result, key) = match verdict {
            Verdict::Stored => (ResultKind::Stored, None),
            Verdict::Repeated => (ResultKind::Repeated, None),
            Verdict::Refused(key) => (ResultKind::Refused, Some(key)),
        };
        CheckResult { id, result, message: key.map(|key| visit.words.get(key)), key, detail }
    });
    Ok(Json(CheckResults { results: results.collect() }))
}

/// A household of whoever asks, with its state today.
#[derive(Debug, Serialize, ToSchema)]
pub struct MyHousehold {
    pub town: i64,
    pub household: i64,
    pub division: i64,
    pub head: String,
    pub house_number: String,
    pub people: i64,
    pub tags: Vec<String>,
    /// `done`, `late`, `unreachable` or `silent`.
    pub state: String,
    /// The same of yesterday; none where it was not due.
    pub yesterday: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct MyHouseholds {
    #[schema(value_type = String, format = Date)]
    pub day: Day,
    pub households: Vec<MyHousehold>,
}

impl From<HouseholdRow> for MyHousehold {
    fn from(row: HouseholdRow) -> MyHousehold {
        MyHousehold {
            tags: row.tags.split_whitespace().map(str::to_owned).collect(),
            town: row.town,
            household: row.household,
            division: row.division,
            head: row.head,
            house_number: row.house_number,
            people: row.people,
            state: row.state,
            yesterday: row.yesterday,
        }
    }
}

/// My households today
///
/// The households that the signed-in person answers for, in the order of their doors.
#[utoipa::path(
    get,
    path = "/api/v1/my-households",
    operation_id = "listMyHouseholds",
    tag = "rounds",
    responses(
        (status = 200, description = "The households", body = MyHouseholds),
        (status = 403, description = "No role allows it"),
    )
)]
pub async fn list_my_households(visit: Visit, State(site): State<Site>) -> Result<Json<MyHouseholds>, Error> {
    let scope = visit.may(Action::EnterChecks)?;
    let mut tx = site.db.read().await?;
    let rows = store::mine(&mut tx, &scope, visit.today).await?;
    Ok(Json(MyHouseholds { day: visit.today, households: rows.into_iter().map(Into::into).collect() }))
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct AskCoverage {
    /// A town, village or team area: 15 digits.
    division: i64,
    /// The day; today where it is not given.
    #[param(value_type = Option<String>, format = Date)]
    day: Option<Day>,
}

/// Expected = done + late + unreachable + silent.
#[derive(Debug, Serialize, ToSchema)]
pub struct CoverageOfDay {
    #[schema(value_type = String, format = Date)]
    pub day: Day,
    pub total: Coverage,
    /// The same for each division right below.
    pub below: Vec<CoverageBelow>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct CoverageBelow {
    pub division: i64,
    pub name: String,
    pub coverage: Coverage,
}

/// Coverage of a day
///
/// How many households of a division were due on a day, and what became of them.
#[utoipa::path(
    get,
    path = "/api/v1/coverage",
    operation_id = "showCoverage",
    tag = "rounds",
    params(AskCoverage),
    responses(
        (status = 200, description = "The figures", body = CoverageOfDay),
        (status = 400, description = "The query cannot be read"),
        (status = 403, description = "No role allows it"),
        (status = 404, description = "No such division in scope, or the day is still to come"),
    )
)]
pub async fn show_coverage(
    visit: Visit,
    State(site): State<Site>,
    Query(asked): Query<AskCoverage>,
) -> Result<Json<CoverageOfDay>, Error> {
    let scope = visit.may(Action::SeeFigures)?;
    let root = Division::from_number(asked.division).filter(|division| scope.covers(*division));
    let root = root.filter(|root| root.level() >= Level::Town).ok_or(Error::NotFound)?;
    let day = asked.day.unwrap_or(visit.today);
    if day > visit.today {
        return Err(Error::NotFound);
    }
    let mut tx = site.db.read().await?;
    let figures = tally::figures(&mut tx, root, day).await?;
    let names = places::division_names(&mut tx, root, day).await?;
    let below = names.into_iter().filter(|(code, _)| *code != root.number()).filter_map(|(code, name)| {
        let division = Division::from_number(code)?;
        Some(CoverageBelow { division: code, name, coverage: Coverage::of(&figures, division) })
    });
    Ok(Json(CoverageOfDay { day, total: Coverage::of(&figures, root), below: below.collect() }))
}

/// A stored check.
#[derive(Debug, Serialize, ToSchema)]
pub struct StoredCheck {
    pub id: Uuid,
    /// `well`, `detailed`, `unreachable` or `withdrawn`.
    pub outcome: String,
    pub reason: Option<String>,
    pub answers: Option<Answers>,
    /// Milliseconds since 1970.
    #[schema(value_type = i64)]
    pub happened_at: Moment,
    #[schema(value_type = i64)]
    pub entered_at: Moment,
    /// Who made it, by name.
    pub by: String,
    /// `app`, `paper` or `proxy`.
    pub source: String,
    pub playbook_version: i32,
    /// The check that this one puts right.
    pub corrects: Option<Uuid>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct ChecksOfDay {
    /// The last to arrive first.
    pub checks: Vec<StoredCheck>,
}

impl From<NamedCheck> for StoredCheck {
    fn from(NamedCheck { check, by }: NamedCheck) -> StoredCheck {
        StoredCheck {
            answers: check.answers(),
            id: check.id,
            outcome: check.outcome,
            reason: check.reason,
            happened_at: Moment(check.happened_at),
            entered_at: Moment(check.entered_at),
            by,
            source: check.source,
            playbook_version: check.playbook_version,
            corrects: check.corrects,
        }
    }
}

/// A household's checks of a day
///
/// All of them, also those that were put right or taken back.
#[utoipa::path(
    get,
    path = "/api/v1/checks/{town}/{household}/{day}",
    operation_id = "listChecks",
    tag = "rounds",
    params(
        ("town" = i64, Path, description = "The nine-digit code of the town"),
        ("household" = i64, Path, description = "The household's number"),
        ("day" = String, Path, format = Date, description = "The day"),
    ),
    responses(
        (status = 200, description = "The checks", body = ChecksOfDay),
        (status = 400, description = "The address cannot be read"),
        (status = 403, description = "No role allows it"),
        (status = 404, description = "No such household in scope"),
    )
)]
pub async fn list_checks(
    visit: Visit,
    State(site): State<Site>,
    Path((town, household, day)): Path<(i64, i64, Day)>,
) -> Result<Json<ChecksOfDay>, Error> {
    let scope = visit.may(Action::SeeHouseholds)?;
    let mut tx = site.db.read().await?;
    store::household(&mut tx, &scope, town, household, day).await?.ok_or(Error::NotFound)?;
    let checks = store::of_day(&mut tx, town, household, day).await?;
    Ok(Json(ChecksOfDay { checks: checks.into_iter().map(Into::into).collect() }))
}
