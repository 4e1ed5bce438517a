//! Signing in, and the accounts that do. Somebody comes in by a password, or once by a printed slip
//! and then has to choose a password; a browser left alone asks for a PIN. Passwords are argon2id,
//! slips and sessions digests: nothing stored opens anything. A forced change or a lock holds up
//! pages, never work (`web::hold`). Whoever has a role outside an administrator's scope is not his:
//! he neither sees nor changes that account.

mod api;
mod console;
mod device;
mod door;
mod import;
mod model;
mod pages;
mod places;
mod same;
mod slip_sheet;
mod store;
mod tries;

use axum::Extension;
use axum::routing::{get, post};
use base::Moment;
use db::Tx;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::access;
use crate::audit;
use crate::site::Site;
use crate::web::Visit;

pub use console::Console;
pub use door::Door;
use model::Grant;
pub use model::{Code, New, login as login_of, name as name_of};
pub use store::slips::{make_slip, make_slips};
pub use store::{create, create_all};

/// Signing in, one's own account, and the administration of accounts.
pub fn routes() -> OpenApiRouter<Site> {
    OpenApiRouter::new()
        .routes(routes!(api::me))
        .route("/sign-in", get(pages::sign_in::show).post(pages::sign_in::sign_in))
        .route("/sign-out", post(pages::sign_in::sign_out))
        .route("/slip", get(pages::slip::show).post(pages::slip::enter))
        .route("/slip/{code}", get(pages::slip::show_code))
        .route("/unlock", get(pages::unlock::show).post(pages::unlock::unlock))
        .route("/me", get(pages::me::show).post(pages::me::change))
        .route("/me/password", get(pages::password::show).post(pages::password::change))
        .route("/me/pin", post(pages::me::change_pin))
        .route("/me/sessions/end", post(pages::me::end_session))
        .route("/me/sessions/end-others", post(pages::me::end_others))
        .route("/accounts", get(pages::list::show))
        .route("/accounts/new", get(pages::new::show).post(pages::new::create))
        .route("/accounts/import", get(pages::import::show).post(pages::import::preview))
        .route("/accounts/import/confirm", post(pages::import::confirm))
        .route("/accounts/stewards", get(pages::stewards::show).post(pages::stewards::create))
        .route("/accounts/stewards/{town}/{id}", get(pages::steward::show).post(pages::steward::join))
        .route("/accounts/stewards/{town}/{id}/new", post(pages::steward::create))
        .route("/accounts/stewards/{town}/{id}/parting", post(pages::steward::part))
        .route("/accounts/slips", post(pages::slips::for_not_arrived))
        .route("/accounts/{id}", get(pages::one::show))
        .route("/accounts/{id}/slip", post(pages::slips::for_one))
        .route("/accounts/{id}/{deed}", post(pages::one::change))
        .layer(Extension(Door::default()))
}

/// What an audit entry tells of an account.
struct Note<'a> {
    account: Option<i64>,
    address: &'a str,
    action: &'a str,
    /// The account it was done to.
    object: i64,
    detail: serde_json::Value,
}

/// Writes an audit entry in the transaction it tells of.
async fn note(tx: &mut Tx, site: &Site, at: Moment, note: Note<'_>) -> db::Result<()> {
    let Note { account, address, action, object, detail } = note;
    let object = format!("account/{object}");
    // Who is on his way in or out acts in the capacity that he then holds.
    let capacity = match account {
        Some(account) => access::capacity(tx, account, site.playbook.time.day(at)).await?,
        None => access::Capacity::default(),
    };
    let (roles, division) = (&*capacity.roles, capacity.division);
    let entry = audit::Entry { account, roles, division, address, action, object: &object, detail };
    audit::record(tx, site.clock.new_id(), at, entry).await
}

/// The same for something a signed-in person did.
async fn note_by(
    tx: &mut Tx,
    site: &Site,
    visit: &Visit,
    action: &str,
    object: i64,
    detail: serde_json::Value,
) -> db::Result<()> {
    let object = format!("account/{object}");
    let entry = audit::Entry::by(visit, action, &object, detail);
    audit::record(tx, site.clock.new_id(), visit.now, entry).await
}

/// One entry for something done to many accounts at once; `detail` says to which.
async fn note_many(
    tx: &mut Tx,
    site: &Site,
    visit: &Visit,
    action: &str,
    detail: serde_json::Value,
) -> db::Result<()> {
    let entry = audit::Entry::by(visit, action, "accounts", detail);
    audit::record(tx, site.clock.new_id(), visit.now, entry).await
}

/// One entry for all roles given at once: who got which, and where.
async fn note_grants(
    tx: &mut Tx,
    site: &Site,
    visit: &Visit,
    action: &str,
    grants: impl Iterator<Item = Grant>,
) -> db::Result<()> {
    let told = |(account, role, division): Grant| serde_json::json!({ "account": account, "role": role.key(), "division": division.code() });
    let granted: Vec<_> = grants.map(told).collect();
    note_many(tx, site, visit, action, serde_json::json!({ "granted": granted })).await
}

#[cfg(test)]
mod tests;
