//! The trail's API.

use axum::Json;
use axum::extract::{Query, State};
use base::Moment;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::ask::Asked;
use crate::access::Action;
use crate::audit::{self, Row};
use crate::site::Site;
use crate::web::{Error, Visit};

const PAGE: usize = 100;

/// Which entries are wanted.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default)]
pub struct AuditWanted {
    /// Login or name of who did it.
    who: String,
    /// What was done, such as `phone.show`.
    action: String,
    /// To what: a household (`141023105/12`), or the login or name of an account.
    about: String,
    /// The first day.
    from: String,
    /// The last day.
    until: String,
    /// What the page before said in `next`.
    after: String,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct AuditPage {
    pub entries: Vec<AuditEntry>,
    /// Where the next page begins; none on the last.
    pub next: Option<Uuid>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct AuditEntry {
    pub id: Uuid,
    /// Milliseconds since 1970-01-01T00:00:00Z.
    #[schema(value_type = i64)]
    pub at: Moment,
    /// Number, login and name of the account; none for the program and for strangers.
    pub account: Option<i64>,
    pub login: Option<String>,
    pub name: Option<String>,
    /// The roles held then, each with where it holds: `village-cadre@141023105200`.
    pub roles: Vec<String>,
    pub address: String,
    pub action: String,
    pub object: String,
    /// What else is known, without personal values: before and after as keyed digests.
    #[schema(value_type = Object)]
    pub detail: serde_json::Value,
}

impl From<Row> for AuditEntry {
    fn from(row: Row) -> AuditEntry {
        AuditEntry {
            id: row.id,
            at: Moment(row.at),
            account: row.account,
            login: row.login,
            name: row.name,
            roles: row.roles.split_whitespace().map(str::to_owned).collect(),
            address: row.address,
            action: row.action,
            object: row.object,
            detail: serde_json::from_str(&row.detail).unwrap_or_default(),
        }
    }
}

/// List entries of the audit trail
///
/// What was done by those whose roles lie within the scope of who asks, newest first, a hundred at a
/// time.
#[utoipa::path(
    get,
    path = "/api/v1/audit",
    operation_id = "listAudit",
    tag = "audit",
    params(AuditWanted),
    responses(
        (status = 200, description = "A page of entries", body = AuditPage),
        (status = 403, description = "No role shows the trail"),
        (status = 422, description = "A filter that cannot be read"),
    )
)]
pub async fn list_audit(
    State(site): State<Site>,
    visit: Visit,
    Query(wanted): Query<AuditWanted>,
) -> Result<Json<AuditPage>, Error> {
    let scope = visit.may(Action::SeeAudit)?;
    let AuditWanted { who, action, about, from, until, after } = wanted;
    let asked = Asked { who, action, about, from, until, after };
    let mut tx = site.db.read().await?;
    let filter = asked.filter(&mut tx, &site.playbook.time, visit.person.town()).await?;
    let filter = filter.map_err(|errors| Error::Invalid(errors.iter().copied().collect()))?;
    let most = i64::try_from(PAGE).unwrap_or(i64::MAX - 1) + 1;
    let mut rows = audit::page(&mut tx, &scope, &filter, most).await?;
    let more = rows.len() > PAGE;
    rows.truncate(PAGE);
    let next = rows.last().filter(|_| more).map(|row| row.id);
    Ok(Json(AuditPage { entries: rows.into_iter().map(Into::into).collect(), next }))
}
