//! The round's API.

use axum::{Extension, Json};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::model::Check;
use super::writer::{Rounds, Verdict, Wanted};
use crate::access::Action;
use crate::web::{Body, Error, ProblemBody, Visit};

/// Checks to be stored, at most 1,000.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EnterChecks {
    #[schema(min_items = 1, max_items = 1000)]
    pub checks: Vec<Check>,
}

/// What became of each check, in the order they were sent.
#[derive(Debug, Serialize, ToSchema)]
pub struct CheckResults {
    pub results: Vec<CheckResult>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct CheckResult {
    pub id: Uuid,
    pub result: ResultKind,
    /// Why a refused check was not stored and what to do, in the language asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    /// The message's key, for programs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key: Option<&'static str>,
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
/// Stores checks of households, each with its own result: one refused check does not keep the
/// others from being stored. When this answers, what is `stored` is on disk. Sending a check again
/// with the same id changes nothing and answers `repeated`.
#[utoipa::path(
    post,
    path = "/api/v1/checks",
    operation_id = "enterChecks",
    tag = "rounds",
    request_body = EnterChecks,
    responses(
        (status = 200, description = "What became of each check", body = CheckResults),
        (status = 401, description = "Not signed in", body = ProblemBody, content_type = "application/problem+json"),
        (status = 403, description = "No role allows checks", body = ProblemBody, content_type = "application/problem+json"),
        (status = 422, description = "Not readable as checks", body = ProblemBody, content_type = "application/problem+json"),
    )
)]
pub async fn enter_checks(
    visit: Visit,
    Extension(rounds): Extension<Rounds>,
    Body(sent): Body<EnterChecks>,
) -> Result<Json<CheckResults>, Error> {
    let scope = visit.may(Action::EnterChecks)?;
    if sent.checks.is_empty() || sent.checks.len() > MOST {
        return Err(Error::field("checks", "checks-number"));
    }
    let ids: Vec<Uuid> = sent.checks.iter().map(|check| check.id).collect();
    let wanted = Wanted {
        account: visit.person.account,
        address: visit.address.clone(),
        scope,
        for_others: visit.person.may(Action::EnterChecksForOthers),
        checks: sent.checks,
    };
    let entered = rounds.enter(wanted).await?;
    let results = ids.into_iter().zip(entered.verdicts).map(|(id, verdict)| {
        let (result, key) = match verdict {
            Verdict::Stored => (ResultKind::Stored, None),
            Verdict::Repeated => (ResultKind::Repeated, None),
            Verdict::Refused(key) => (ResultKind::Refused, Some(key)),
        };
        CheckResult { id, result, message: key.map(|key| visit.words.get(key)), key }
    });
    Ok(Json(CheckResults { results: results.collect() }))
}
