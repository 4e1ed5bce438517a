//! What residents ask of what is kept about them (PIPL 44 to 50), through an office (ADR 18): to see it, to have it
//! put right, to have it deleted. Each request has somebody who handles it, a day by which it is
//! answered, and an answer; who is late is seen.

mod model;
mod notice;
mod pages;
mod sheet;
mod store;

use axum::routing::{get, post};
use utoipa_axum::router::OpenApiRouter;

use crate::access::{Action, Person};
use crate::site::{Site, Waiting};

/// How many answers are owed.
pub fn waiting<'a>(site: &'a Site, person: &'a Person) -> Waiting<'a> {
    Box::pin(async move {
        let Some(scope) = person.may(Action::HandleRequests) else { return Ok(0) };
        store::owed(&mut site.db.read().await?, &scope).await
    })
}

/// What the requests answer.
pub fn routes() -> OpenApiRouter<Site> {
    OpenApiRouter::new()
        .route("/notice", get(notice::page))
        .route("/rights", get(pages::list))
        .route("/rights/new/{town}/{household}", get(pages::new).post(pages::receive))
        .route("/rights/{town}/{id}", get(pages::one))
        .route("/rights/{town}/{id}/taking", post(pages::take))
        .route("/rights/{town}/{id}/answer", post(pages::answer))
        .route("/rights/{town}/{id}/closure", post(pages::close))
        .route("/rights/{town}/{id}/sheet", post(sheet::print))
}

#[cfg(test)]
mod tests;
