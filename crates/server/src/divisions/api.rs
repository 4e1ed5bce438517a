//! The API of divisions.

use axum::Json;
use axum::extract::{Query, State};
use base::{Division, Level};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::store::{self, Row, Sought, began};
use crate::site::Site;
use crate::web::{Error, Visit};

/// Which divisions are asked for.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Asked {
    /// The code of the division below which to look; without it, the whole country.
    #[param(example = "141023105")]
    under: Option<String>,
    /// The beginning of a name, the initials of its pinyin, or a whole code. Finds at most 50 at
    /// any depth, the best first. Without it, the divisions right below are listed.
    #[param(example = "bj")]
    q: Option<String>,
    /// The `next` of the page before.
    after: Option<String>,
    /// Divisions on a page of the list, 1 to 500.
    #[param(minimum = 1, maximum = 500, default = 100)]
    limit: Option<usize>,
}

/// A page of divisions.
#[derive(Debug, Serialize, ToSchema)]
pub struct Divisions {
    divisions: Vec<OneDivision>,
    /// What to send as `after` for the next page; absent on the last, and on what `q` finds.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct OneDivision {
    /// The statistical code of 2, 4, 6, 9 or 12 digits; 15 for a team area.
    #[schema(example = "141023105203")]
    code: String,
    #[schema(example = "北街村民委员会")]
    name: String,
    level: DivisionLevel,
    /// The first day of this name, where it is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = Date)]
    from: Option<base::Day>,
}

#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum DivisionLevel {
    Province,
    Prefecture,
    County,
    Town,
    Village,
    /// A street or team below a village.
    Group,
}

const PAGE: usize = 100;
const MOST: usize = 500;

/// List or find divisions
///
/// The divisions that stand today: those right below one, by code, or those that a search finds.
/// Names of divisions are public; every account may look them up.
#[utoipa::path(
    get,
    path = "/api/v1/divisions",
    operation_id = "listDivisions",
    tag = "divisions",
    params(Asked),
    responses(
        (status = 200, description = "Divisions that stand today", body = Divisions),
        (status = 400, description = "The query cannot be read"),
        (status = 422, description = "No such code, or a limit out of bounds"),
    )
)]
pub async fn list_divisions(
    visit: Visit,
    State(site): State<Site>,
    Query(asked): Query<Asked>,
) -> Result<Json<Divisions>, Error> {
    let code = |code: &Option<String>, field: &'static str| match code.as_deref() {
        None | Some("") => Ok(None),
        Some(code) => Division::from_code(code).map(Some).ok_or(Error::field(field, "division-code-odd")),
    };
    let root = code(&asked.under, "under")?.unwrap_or(Division::COUNTRY);
    let after = code(&asked.after, "after")?.map_or(0, |last| last.range().high);
    let limit = asked.limit.unwrap_or(PAGE);
    if !(1..=MOST).contains(&limit) {
        return Err(Error::field("limit", "division-limit"));
    }
    let mut tx = site.db.read().await?;
    if let Some(typed) = asked.q.as_deref().filter(|q| !q.trim().is_empty()) {
        let Some(sought) = Sought::typed(typed) else { return Ok(page(Vec::new(), usize::MAX)) };
        return Ok(page(store::search(&mut tx, root, &sought, visit.today).await?, usize::MAX));
    }
    let rows = store::children(&mut tx, root, visit.today, after, limit + 1).await?;
    Ok(page(rows, limit))
}

fn page(rows: Vec<Row>, limit: usize) -> Json<Divisions> {
    let more = rows.len() > limit;
    let divisions: Vec<_> = rows.iter().take(limit).filter_map(told).collect();
    let next = divisions.last().filter(|_| more).map(|last| last.code.clone());
    Json(Divisions { divisions, next })
}

fn told(row: &Row) -> Option<OneDivision> {
    let level = match row.division().level() {
        Level::Country => return None,
        Level::Province => DivisionLevel::Province,
        Level::Prefecture => DivisionLevel::Prefecture,
        Level::County => DivisionLevel::County,
        Level::Town => DivisionLevel::Town,
        Level::Village => DivisionLevel::Village,
        Level::Group => DivisionLevel::Group,
    };
    Some(OneDivision { code: row.division().code(), name: row.name.clone(), level, from: began(row) })
}
