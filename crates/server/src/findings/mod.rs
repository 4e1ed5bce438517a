//! Findings: what a check found that somebody has to look at. The round raises and withdraws them;
//! here they are listed, taken up by one person, closed with what was done, and put back. Whoever
//! takes first has it, and the next is told by whom. A withdrawn finding can be read and no more.
//! Nothing here moves a figure: a finding counts on its day whatever became of it.

mod api;
mod handling;
mod model;
mod pages;
mod store;
mod view;

use axum::routing::{get, post};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::access::{Action, Person};
use crate::site::{Site, Waiting};

pub use store::{Open, open};

/// How many findings wait that somebody may see and nobody has taken: the count beside their place.
pub fn waiting<'a>(site: &'a Site, person: &'a Person) -> Waiting<'a> {
    Box::pin(async {
        let Some(scope) = person.may(Action::SeeFindings) else { return Ok(0) };
        let mut tx = site.db.read().await?;
        store::count_open(&mut tx, &scope).await
    })
}

/// What the findings answer.
pub fn routes() -> OpenApiRouter<Site> {
    OpenApiRouter::new()
        .routes(routes!(api::list_findings))
        .routes(routes!(api::take_finding))
        .routes(routes!(api::close_finding, api::reopen_finding))
        .route("/findings", get(pages::list))
        .route("/findings/live", get(pages::watch))
        .route("/findings/{town}/{id}", get(pages::show))
        .route("/findings/{town}/{id}/taking", post(pages::take))
        .route("/findings/{town}/{id}/closure", post(pages::close))
        .route("/findings/{town}/{id}/reopening", post(pages::reopen))
}

#[cfg(test)]
mod tests;
