//! The first steps of a town: from an empty register to the first check. Every step is derived
//! from the data; nothing is ticked off by hand. While a step has not begun, the list is the home
//! page of headquarters and administrator.

mod model;
mod pages;
mod store;

use axum::routing::get;
use utoipa_axum::router::OpenApiRouter;

use crate::site::Site;

pub use pages::{is_for, shown};

/// What the first steps answer.
pub fn routes() -> OpenApiRouter<Site> {
    OpenApiRouter::new().route("/first-steps", get(pages::first_steps))
}

#[cfg(test)]
mod tests;
