//! The auditors' view of the trail: who did what, narrowed and taken along as a list, and whether the
//! chain holds. No personal value of a resident stands in it.

mod api;
mod ask;
mod detail;
mod export;
mod pages;
mod view;

use axum::routing::{get, post};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::site::Site;

pub use view::Line;

/// What the trail answers.
pub fn routes() -> OpenApiRouter<Site> {
    OpenApiRouter::new()
        .routes(routes!(api::list_audit))
        .route("/audit", get(pages::list))
        .route("/audit/export", post(export::take))
}

#[cfg(test)]
mod tests;
