//! New slips: for one account, or for all who have not come in yet.

use axum::extract::{Path, State};
use axum::http::HeaderMap;
use serde_json::json;

use super::super::note_many;
use super::super::slip_sheet::Sheet;
use super::super::store::{list, slips};
use crate::access::{Action, Scope};
use crate::site::Site;
use crate::web::{Error, Html, Visit};

pub async fn for_one(
    visit: Visit,
    State(site): State<Site>,
    headers: HeaderMap,
    Path(id): Path<i64>,
) -> Result<Html, Error> {
    let scope = visit.may(Action::ManageAccounts)?;
    print(&visit, &site, &headers, &scope, list::Wanted::One(id)).await
}

pub async fn for_not_arrived(
    visit: Visit,
    State(site): State<Site>,
    headers: HeaderMap,
) -> Result<Html, Error> {
    let scope = visit.may(Action::ManageAccounts)?;
    print(&visit, &site, &headers, &scope, list::Wanted::NotArrived).await
}

/// Makes new slips for accounts of a scope, and shows them this once. A closed account gets none.
async fn print(
    visit: &Visit,
    site: &Site,
    headers: &HeaderMap,
    scope: &Scope,
    wanted: list::Wanted<'_>,
) -> Result<Html, Error> {
    let mut tx = site.db.write().await?;
    let found = list::accounts(&mut tx, scope, wanted).await?;
    let open: Vec<i64> = found.iter().filter(|a| a.disabled_at.is_none()).map(|a| a.id).collect();
    if open.is_empty() {
        return Err(Error::NotFound);
    }
    let codes = slips::make_slips(&mut tx, &site.vault, &open, visit.now).await?;
    let made: Vec<_> = open.into_iter().zip(codes).collect();
    let accounts: Vec<i64> = made.iter().map(|(account, _)| *account).collect();
    note_many(&mut tx, site, visit, "slip.make", json!({ "accounts": accounts })).await?;
    let sheet = Sheet::of(&mut tx, site, visit, headers, &made).await?;
    tx.commit().await?;
    sheet.page()
}
