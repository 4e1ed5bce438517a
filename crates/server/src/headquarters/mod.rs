//! Headquarters' wall: one screen that is read from across the room. Its figures are those of the
//! round's page, counted by the same functions; it shows no names of people. Who sees figures only
//! may open it, and his screen does not lock.

mod model;
mod pages;

use axum::routing::get;
use utoipa_axum::router::OpenApiRouter;

use crate::site::Site;

/// What the wall answers.
pub fn routes() -> OpenApiRouter<Site> {
    OpenApiRouter::new().route("/wall", get(pages::my_wall)).route("/wall/{division}", get(pages::wall))
}

#[cfg(test)]
mod tests;
