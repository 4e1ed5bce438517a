//! Divisions: the tree from the country down to the team areas of villages, and its changes. A
//! name holds from a day on; a rename or merger ends it and begins another, so that what was
//! recorded earlier keeps the division of its own day. Divisions come from a CSV of statistical
//! codes, whole or not at all; team areas are made by hand, numbered within their village.
//! Names are public: whoever is signed in may look them up; changing them is for the office.

mod api;
mod change;
mod coming;
mod compare;
mod file;
mod forms;
mod jobs;
mod merge;
mod model;
mod pages;
mod store;
mod tree;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use axum::routing::{get, post};

use crate::site::Site;

pub use change::{By, add_groups};
pub use compare::{Plan, Terms, compare};
pub use file::{Entry, ReadError, Reason, Sheet, Unfit, decompress, read};
pub use forms::by;
pub use jobs::keep_settled;
pub use model::{ALWAYS, OPEN, always};
pub use store::{
    Names, Row, insert, last, last_groups, last_names, names, names_below, names_on, on_day, standing_names,
    subtree, write,
};

/// What divisions answer.
pub fn routes() -> OpenApiRouter<Site> {
    OpenApiRouter::new()
        .routes(routes!(api::list_divisions))
        .route("/divisions", get(pages::index))
        .route("/divisions/{code}", get(pages::one))
        .route("/divisions/{code}/groups", post(pages::add_group))
        .route("/divisions/{code}/name", get(forms::ask_name).post(forms::rename))
        .route("/divisions/{code}/closure", get(forms::ask_closure).post(forms::close))
        .route("/divisions/{code}/merger", get(forms::ask_merger).post(forms::merge))
}

#[cfg(test)]
mod import_tests;
#[cfg(test)]
mod tests;
