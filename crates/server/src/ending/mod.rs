//! The end of an operation: two people agree to it, the server's own console carries it out. All
//! personal records are destroyed, and the keys that their copies were sealed with; figures, reports and
//! the audit trail stay. A signed certificate says so (ADR 17).

mod deed;
mod model;
mod pages;
mod store;

use axum::routing::{get, post};
use utoipa_axum::router::OpenApiRouter;

use crate::site::Site;

pub use deed::{Done, NotEnded, end};
pub use model::{Certificate, Verdict};
pub use store::{Ending, Stock, certificate, endings, is_ended, stock};

/// What the end answers.
pub fn routes() -> OpenApiRouter<Site> {
    OpenApiRouter::new()
        .route("/ending", get(pages::page))
        .route("/ending/request", post(pages::ask))
        .route("/ending/agreement", post(pages::agree))
        .route("/ending/withdrawal", post(pages::withdraw))
        .route("/ending/certificate", get(pages::file))
}

#[cfg(test)]
mod tests;
