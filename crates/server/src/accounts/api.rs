//! Who a token or session belongs to.

use axum::Json;
use serde::Serialize;
use utoipa::ToSchema;

use crate::web::Visit;

/// The signed-in person.
#[derive(Debug, Serialize, ToSchema)]
pub struct Me {
    pub account: i64,
    pub login: String,
    pub name: String,
    /// The language chosen: `zh-Hans`, `zh-Hant` or `en`; none where the browser decides.
    pub language: Option<String>,
    pub roles: Vec<Held>,
}

/// A role held in a division.
#[derive(Debug, Serialize, ToSchema)]
pub struct Held {
    /// Such as `household-contact`.
    pub role: String,
    /// The statistical code: 9 digits for a town, 12 for a village, 15 for a street or team.
    pub division: String,
}

/// Who am I
///
/// The person behind the token or session, with the roles held.
#[utoipa::path(
    get,
    path = "/api/v1/me",
    operation_id = "getMe",
    tag = "accounts",
    responses(
        (status = 200, description = "The signed-in person", body = Me),
        (status = 401, description = "Not signed in (`error-sign-in`), or locked for idleness (`error-locked`)"),
        (status = 403, description = "A password has to be chosen first (`error-must-change`)"),
    )
)]
pub async fn me(visit: Visit) -> Json<Me> {
    let person = &visit.person;
    let held = |(role, division): &(base::Role, base::Division)| Held {
        role: role.key().to_owned(),
        division: division.code(),
    };
    Json(Me {
        account: person.account,
        login: person.login.clone(),
        name: person.name.clone(),
        language: person.language.clone(),
        roles: person.appointments.iter().map(held).collect(),
    })
}
