//! The daily report: figures as of the day's cut-off, compiled by one person, checked and signed
//! by two others, then sealed for good. A zero is written only where it is known; what is missing
//! is named with who owes it. Sealed reports and the notes that correct them form one chain by
//! hash for each town (`chain.rs`). Figures come from the round (`compile.rs`); nothing here
//! counts anything itself.

mod api;
mod cells;
mod chain;
mod compile;
mod correction;
mod export;
mod list;
mod model;
mod pages;
mod report;
mod show;
mod signing;
mod store;

use axum::routing::{get, post};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::site::Site;

pub use chain::{Fault, canonical, verify};
pub use export::{file_name, lines, write as write_xlsx};
pub use report::{Place, Report, State};
pub use store::{Operation, chain, operations};

/// What the reports answer.
pub fn routes() -> OpenApiRouter<Site> {
    OpenApiRouter::new()
        .routes(routes!(api::list_reports))
        .routes(routes!(api::get_report))
        .route("/reports", get(list::page))
        .route("/reports/{town}/{day}", get(pages::page))
        .route("/reports/{town}/{day}/file", get(pages::file))
        .route("/reports/{town}/{day}/confirmation", post(pages::confirm))
        .route("/reports/{town}/{day}/confirmation/withdrawal", post(pages::withdraw))
        .route("/reports/{town}/{day}/compilation", post(pages::compile))
        .route("/reports/{town}/{day}/check", post(pages::check))
        .route("/reports/{town}/{day}/signature", post(pages::sign))
        .route("/reports/{town}/{day}/corrections", post(pages::correct))
}

#[cfg(test)]
mod tests;
