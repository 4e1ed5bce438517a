//! A number in full: one at a time, for whose work needs it, and written down.

use axum::extract::{Path, State};
use base::Day;
use serde::Deserialize;
use serde_json::json;

use super::super::store::one::{self as rows, ResidentRow};
use super::{household, household_path, record};
use crate::access::Action;
use crate::rounds;
use crate::site::Site;
use crate::web::{Error, Form, Html, NumberPage, Visit};

/// Whose number is asked for: `household`, its `contact` of a day (today, where none is given), or a
/// resident's number.
#[derive(Debug, Deserialize)]
pub struct Wanted {
    who: String,
    day: Option<Day>,
}

/// Shows a phone number, to call it.
pub async fn call(
    State(site): State<Site>,
    visit: Visit,
    Path(key): Path<(i64, i64)>,
    Form(wanted): Form<Wanted>,
) -> Result<Html, Error> {
    let mut tx = site.db.write().await?;
    let household = household(&mut tx, &visit, Action::CallPhones, key).await?;
    let (name, sealed) = match wanted.who.as_str() {
        "household" => (household.head.clone(), household.phone_sealed.clone()),
        "contact" => {
            let (scope, day) = (visit.may(Action::CallPhones)?, wanted.day.unwrap_or(visit.today));
            rounds::contact(&mut tx, &scope, key.0, key.1, day).await?.ok_or(Error::NotFound)?
        }
        resident => {
            let resident = one_of(rows::residents(&mut tx, &household).await?, resident)?;
            (resident.name, resident.phone_sealed)
        }
    };
    let number = site.vault.open_stored(sealed.as_deref()).ok_or(Error::NotFound)?;
    visit.look(&site)?;
    record(&mut tx, &site, &visit, "phone.show", key, json!({ "who": wanted.who })).await?;
    tx.commit().await?;
    let (page, back) = (visit.page.clone(), household_path(key.0, key.1));
    let title = say!(visit.words, "call-title", name = name);
    Html::of(&NumberPage { page, back, title, number, call: true })
}

/// Shows a resident's identity number.
pub async fn identity(
    State(site): State<Site>,
    visit: Visit,
    Path(key): Path<(i64, i64)>,
    Form(wanted): Form<Wanted>,
) -> Result<Html, Error> {
    let mut tx = site.db.write().await?;
    let household = household(&mut tx, &visit, Action::SeeIdentities, key).await?;
    let resident = one_of(rows::residents(&mut tx, &household).await?, &wanted.who)?;
    let number = site.vault.open_stored(resident.identity_sealed.as_deref()).ok_or(Error::NotFound)?;
    visit.look(&site)?;
    record(&mut tx, &site, &visit, "identity.show", key, json!({ "who": wanted.who })).await?;
    tx.commit().await?;
    let (page, back) = (visit.page.clone(), household_path(key.0, key.1));
    let title = say!(visit.words, "identity-title", name = resident.name);
    Html::of(&NumberPage { page, back, title, number, call: false })
}

fn one_of(residents: Vec<ResidentRow>, number: &str) -> Result<ResidentRow, Error> {
    let number: i64 = number.parse().map_err(|_| Error::NotFound)?;
    residents.into_iter().find(|resident| resident.id == number).ok_or(Error::NotFound)
}
