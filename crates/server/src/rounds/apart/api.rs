//! The API of households apart.

use axum::Json;
use axum::extract::{Query, State};
use base::Day;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::pages::listed;
use super::{ApartRow, Wanted, Whose, mine, page};
use crate::access::Action;
use crate::site::Site;
use crate::web::{Error, Visit};

/// Households in one answer.
const MOST: i64 = 200;

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct AskApart {
    /// A village or team area: 15 digits. The households that the signed-in person answers for today
    /// where it is not given.
    division: Option<i64>,
    /// The day of the division's list; today where it is not given.
    #[param(value_type = Option<String>, format = Date)]
    day: Option<Day>,
    /// `next` of the answer before.
    after: Option<String>,
}

/// A household that is vacant or wholly away.
#[derive(Debug, Serialize, ToSchema)]
pub struct ApartHousehold {
    pub town: i64,
    pub household: i64,
    pub division: i64,
    pub house_number: String,
    pub head: String,
    /// `vacant` or `away`.
    pub occupancy: String,
    /// The last day on which somebody came to the door.
    #[schema(value_type = Option<String>, format = Date)]
    pub last: Option<Day>,
    /// The next day on which it is due.
    #[schema(value_type = Option<String>, format = Date)]
    pub due_on: Option<Day>,
    pub is_due: bool,
    /// The contact, by name.
    pub contact: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Apart {
    #[schema(value_type = String, format = Date)]
    pub day: Day,
    /// Those that are due first, within each part in the order of their doors; at most 200 of a
    /// division.
    pub households: Vec<ApartHousehold>,
    /// Where the next answer begins, if there is more.
    pub next: Option<String>,
}

impl ApartHousehold {
    fn of(row: ApartRow, interval: i32) -> ApartHousehold {
        ApartHousehold {
            last: row.last(),
            due_on: row.due_on(interval),
            is_due: row.is_due(),
            town: row.town,
            household: row.household,
            division: row.division,
            house_number: row.house_number,
            head: row.head,
            occupancy: row.occupancy,
            contact: row.contact,
        }
    }
}

/// List households apart
///
/// Households that are vacant or wholly away: not due every day, but on the playbook's interval.
#[utoipa::path(
    get,
    path = "/api/v1/households-apart",
    operation_id = "listHouseholdsApart",
    tag = "rounds",
    params(AskApart),
    responses(
        (status = 200, description = "The households", body = Apart),
        (status = 400, description = "The query cannot be read"),
        (status = 403, description = "No role allows it"),
        (status = 404, description = "No such village or team area in scope, or the day is still to come"),
        (status = 422, description = "No such place in the list"),
    )
)]
pub async fn list_households_apart(
    visit: Visit,
    State(site): State<Site>,
    Query(asked): Query<AskApart>,
) -> Result<Json<Apart>, Error> {
    let after = asked.after.as_deref().map(str::parse).transpose();
    let after = after.map_err(|()| Error::field("after", "list-no-after"))?;
    let interval = site.playbook.round.interval_days;
    let (day, rows, next) = match asked.division {
        Some(division) => {
            let scope = visit.may(Action::SeeHouseholds)?;
            let day = asked.day.unwrap_or(visit.today);
            let whose = Whose::Division(listed(&visit, &scope, division, day)?);
            let wanted = Wanted { scope: &scope, whose, day, interval };
            let (rows, next) = page(&mut site.db.read().await?, &wanted, after.as_ref(), MOST).await?;
            (day, rows, next)
        }
        None => {
            let scope = visit.may(Action::EnterChecks)?;
            let rows = mine(&mut site.db.read().await?, &scope, visit.today, interval).await?;
            (visit.today, rows, None)
        }
    };
    let households = rows.into_iter().map(|row| ApartHousehold::of(row, interval)).collect();
    Ok(Json(Apart { day, households, next: next.map(|after| after.to_string()) }))
}
