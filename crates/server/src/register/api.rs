//! The register's API. Phone and identity numbers are masked.

use axum::Json;
use axum::extract::{Path, Query, State};
use base::{Day, Identity};
use serde::Serialize;
use utoipa::ToSchema;

use super::pages::list::{Asked, after};
use super::store::{list, one};
use crate::access::Action;
use crate::site::Site;
use crate::stewards::{self, Responsible};
use crate::vault::masked_phone;
use crate::web::{Body, Error, Visit};

const PAGE: i64 = 100;

#[derive(Debug, Serialize, ToSchema)]
pub struct Households {
    pub households: Vec<HouseholdSummary>,
    /// Where the next page begins; none on the last.
    pub next: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct HouseholdSummary {
    /// Nine-digit code of the town.
    pub town: i64,
    /// The household's number within the town.
    pub id: i64,
    /// Number of 15 digits: village and team area.
    pub division: i64,
    pub house_number: String,
    pub head: String,
    pub occupancy: String,
    pub tags: Vec<String>,
    pub residents: i64,
    /// Residents who are away.
    pub away: i64,
    /// The name of the household's contact.
    pub contact: Option<String>,
}

/// List households
///
/// Households within the scope of who asks, in the order of divisions and house numbers, a hundred
/// at a time.
#[utoipa::path(
    get,
    path = "/api/v1/households",
    operation_id = "listHouseholds",
    tag = "register",
    params(Asked),
    responses(
        (status = 200, description = "A page of households", body = Households),
        (status = 403, description = "No role shows households"),
        (status = 422, description = "A filter that cannot be read, or a phone or identity number"),
    )
)]
pub async fn list_households(
    State(site): State<Site>,
    visit: Visit,
    Query(asked): Query<Asked>,
) -> Result<Json<Households>, Error> {
    visit.may(Action::SeeHouseholds)?;
    if asked.filter().hides() {
        return Err(Error::field("q", "households-number-in-address"));
    }
    page(&site, &visit, &asked).await
}

/// Search households
///
/// The same list, searched for with what should stand in no address: browsers and proxies keep
/// addresses.
#[utoipa::path(
    post,
    path = "/api/v1/households/search",
    operation_id = "searchHouseholds",
    tag = "register",
    request_body = Asked,
    responses(
        (status = 200, description = "A page of households", body = Households),
        (status = 403, description = "No role shows households"),
        (status = 413, description = "A body of over 2 MiB"),
        (status = 415, description = "Not JSON"),
        (status = 422, description = "A filter that cannot be read"),
    )
)]
pub async fn search_households(
    State(site): State<Site>,
    visit: Visit,
    Body(asked): Body<Asked>,
) -> Result<Json<Households>, Error> {
    page(&site, &visit, &asked).await
}

async fn page(site: &Site, visit: &Visit, asked: &Asked) -> Result<Json<Households>, Error> {
    let scope = visit.may(Action::SeeHouseholds)?;
    let (filter, key) = (asked.filter(), asked.key());
    for (given, name, read) in [
        (&asked.under, "under", filter.under.is_some()),
        (&asked.tag, "tag", filter.tag.is_some()),
        (&asked.occupancy, "occupancy", filter.occupancy.is_some()),
        (&asked.contact, "contact", filter.without_contact),
        (&asked.after, "after", key.is_some()),
    ] {
        if !given.is_empty() && !read {
            return Err(Error::field(name, "households-filter-wrong"));
        }
    }
    let (day, mut tx) = (asked.day(visit.today)?, site.db.read().await?);
    let mut rows = list::page(&mut tx, &scope, &site.vault, day, &filter, key.as_ref(), PAGE + 1).await?;
    let page = usize::try_from(PAGE).unwrap_or(usize::MAX);
    let more = rows.len() > page;
    rows.truncate(page);
    let next = rows.last().filter(|_| more).map(after);
    if day < visit.today {
        list::put_then(&mut tx, &site.vault, &mut rows, day).await?;
    }
    Ok(Json(Households { households: rows.into_iter().map(summary).collect(), next }))
}

fn summary(row: list::ListRow) -> HouseholdSummary {
    HouseholdSummary {
        town: row.town,
        id: row.id,
        division: row.division,
        house_number: row.house_number,
        head: row.head,
        occupancy: row.occupancy,
        tags: row.tags.split_whitespace().map(str::to_owned).collect(),
        residents: row.people,
        away: row.away,
        contact: row.contact,
    }
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Household {
    pub town: i64,
    pub id: i64,
    pub division: i64,
    pub house_number: String,
    pub head: String,
    pub address: String,
    /// Masked.
    pub phone: Option<String>,
    pub occupancy: String,
    pub tags: Vec<String>,
    /// The day from which it stands as it does.
    #[schema(value_type = Option<String>, format = Date)]
    pub since: Option<Day>,
    /// The day from which it is no more.
    #[schema(value_type = Option<String>, format = Date)]
    pub closed_from: Option<Day>,
    /// Who answers for it today; nothing where it is closed.
    pub responsible: Option<Responsible>,
    pub residents: Vec<Resident>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Resident {
    /// The resident's number within the town.
    pub id: i64,
    pub name: String,
    /// `male` or `female`.
    pub sex: Option<String>,
    #[schema(value_type = Option<String>, format = Date)]
    pub birth: Option<Day>,
    /// Masked.
    pub identity: Option<String>,
    /// Masked.
    pub phone: Option<String>,
    pub relation: String,
    /// `registered` or `lodging`.
    pub registration: String,
    /// `present` or `away`.
    pub presence: String,
    #[schema(value_type = Option<String>, format = Date)]
    pub presence_since: Option<Day>,
    pub whereabouts: String,
    pub key_person: bool,
}

/// Get a household
///
/// A household with its residents and who answers for it.
#[utoipa::path(
    get,
    path = "/api/v1/households/{town}/{id}",
    operation_id = "getHousehold",
    tag = "register",
    params(
        ("town" = i64, Path, description = "Nine-digit code of the town"),
        ("id" = i64, Path, description = "Number of the household within the town"),
    ),
    responses(
        (status = 200, description = "The household", body = Household),
        (status = 403, description = "No role shows households"),
        (status = 404, description = "No such household within scope"),
    )
)]
pub async fn get_household(
    State(site): State<Site>,
    visit: Visit,
    Path((town, id)): Path<(i64, i64)>,
) -> Result<Json<Household>, Error> {
    let scope = visit.may(Action::SeeHouseholds)?;
    let mut tx = site.db.read().await?;
    let row = one::household(&mut tx, &scope, (town, id), visit.today).await?.ok_or(Error::NotFound)?;
    site.trail.saw(&site, &visit, (town, id));
    let residents = one::living(&mut tx, &row, visit.today).await?;
    let responsible = stewards::responsible(&mut tx, &site.vault, town, id, visit.today).await?;
    let phone = site.vault.open_stored(row.phone_sealed.as_deref());
    Ok(Json(Household {
        closed_from: row.is_closed(visit.today).then(|| Day::from_number(row.until_day)).flatten(),
        since: Day::from_number(row.from_day),
        responsible,
        residents: residents.into_iter().map(|row| resident(row, &site, visit.today)).collect(),
        phone: phone.as_deref().map(masked_phone),
        tags: row.tags.split_whitespace().map(str::to_owned).collect(),
        town: row.town,
        id: row.id,
        division: row.division,
        house_number: row.house_number,
        head: row.head,
        address: row.address,
        occupancy: row.occupancy,
    }))
}

fn resident(row: one::ResidentRow, site: &Site, today: Day) -> Resident {
    let identity = site.vault.open_stored(row.identity_sealed.as_deref());
    let phone = site.vault.open_stored(row.phone_sealed.as_deref());
    Resident {
        id: row.id,
        birth: row.birth(),
        key_person: row.is_key_person(today),
        name: row.name,
        sex: row.sex,
        identity: identity.and_then(|number| Some(Identity::parse(&number).ok()?.0.masked())),
        phone: phone.as_deref().map(masked_phone),
        relation: row.relation,
        registration: row.registration,
        presence: row.presence,
        presence_since: row.presence_since.and_then(Day::from_number),
        whereabouts: row.whereabouts,
    }
}
