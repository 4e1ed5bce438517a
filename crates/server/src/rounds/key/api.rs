//! The API of key persons.

use axum::Json;
use axum::extract::{Query, State};
use base::{Day, Moment};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{Asking, KeyPerson, List};
use crate::access::Action;
use crate::site::Site;
use crate::web::{Error, Visit};

/// Key persons in one answer.
const MOST: usize = 200;

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct AskKeyPersons {
    /// A town, village or team area: 15 digits.
    division: i64,
    /// The day; today where it is not given.
    #[param(value_type = Option<String>, format = Date)]
    day: Option<Day>,
    /// `due`, `measured`, `missing` or `feverish`; all who are due where it is not given.
    show: Option<String>,
    /// All who had fever on the day or any before, once for each day, the latest first.
    #[serde(default)]
    #[param(required = false)]
    total: bool,
    /// What happened on the day at this moment or later is left out: milliseconds since 1970.
    #[param(value_type = Option<i64>)]
    before: Option<Moment>,
    /// `next` of the answer before.
    after: Option<String>,
}

/// A key person's day.
#[derive(Debug, Serialize, ToSchema)]
pub struct KeyPersonOfDay {
    pub town: i64,
    #[schema(value_type = Option<String>, format = Date)]
    pub day: Option<Day>,
    pub division: i64,
    pub household: i64,
    pub house_number: String,
    pub head: String,
    /// The resident's number within the town.
    pub resident: i64,
    pub name: String,
    /// The highest of the day, in degrees Celsius; null: not measured.
    pub temperature: Option<f64>,
    pub fever: bool,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct KeyPersons {
    /// In the order of their doors; at most 200.
    pub people: Vec<KeyPersonOfDay>,
    /// Where the next answer begins, if there is more.
    pub next: Option<String>,
}

impl From<KeyPerson> for KeyPersonOfDay {
    fn from(KeyPerson { row, tenths, feverish }: KeyPerson) -> KeyPersonOfDay {
        KeyPersonOfDay {
            town: row.town,
            day: Day::from_number(row.day),
            division: row.division,
            household: row.household,
            house_number: row.house_number,
            head: row.head,
            resident: row.resident,
            name: row.name,
            temperature: tenths.map(|tenths| f64::from(tenths) / 10.0),
            fever: feverish,
        }
    }
}

/// List key persons
///
/// Whose temperature was due on a day, whose was taken, who is missing, who had fever.
#[utoipa::path(
    get,
    path = "/api/v1/key-persons",
    operation_id = "listKeyPersons",
    tag = "rounds",
    params(AskKeyPersons),
    responses(
        (status = 200, description = "The key persons", body = KeyPersons),
        (status = 400, description = "The query cannot be read"),
        (status = 403, description = "No role allows it"),
        (status = 404, description = "No such division in scope, or the day is still to come"),
        (status = 422, description = "No such list or place in it"),
    )
)]
pub async fn list_key_persons(
    visit: Visit,
    State(site): State<Site>,
    Query(asked): Query<AskKeyPersons>,
) -> Result<Json<KeyPersons>, Error> {
    let scope = visit.may(Action::SeeFindings)?;
    let place = (asked.division, asked.day.unwrap_or(visit.today));
    let list = List::asked(asked.show.as_deref(), asked.total);
    let list = list.ok_or(Error::field("show", "key-no-list"))?;
    let asking = Asking::open(&visit, &site, &scope, place, asked.before, list)?;
    let after = asked.after.as_deref().map(str::parse).transpose();
    let after = after.map_err(|()| Error::field("after", "list-no-after"))?;
    let mut tx = site.db.read().await?;
    let (people, next) = asking.page(&mut tx, after, MOST).await?;
    let next = next.map(|after| after.to_string());
    Ok(Json(KeyPersons { people: people.into_iter().map(Into::into).collect(), next }))
}
