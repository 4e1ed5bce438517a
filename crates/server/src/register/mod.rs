//! The register of households and residents: who lives where, from which day on. A household's
//! place and whether it is lived in are spans of days, so that any past day can be asked for and
//! the round's denominators follow. Identity and phone numbers are sealed before they are stored.
//! Lists that villages have come in by `import`, with an outcome for every row.

mod api;
mod doubles;
mod export;
mod filter;
pub mod import;
mod jobs;
mod model;
mod pages;
mod plans;
mod store;

use axum::Extension;
use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::site::Site;

pub use jobs::keep_clean;
pub use model::{Listing, NewHousehold, NewResident, Occupancy, TAGS, house_order};
pub use store::layout::all as layouts;
pub use store::load;
pub use store::take::{known, take};

/// What the register answers.
pub fn routes() -> OpenApiRouter<Site> {
    OpenApiRouter::new()
        .routes(routes!(api::list_households))
        .routes(routes!(api::search_households))
        .routes(routes!(api::get_household))
        .route("/households", get(pages::list::list).post(pages::change::add))
        .route("/households/find", post(pages::list::find))
        .route("/households/doubles", get(pages::doubles::town::list).post(pages::doubles::town::decide))
        .route("/households/export", get(pages::export::ask).post(pages::export::take))
        .route("/households/new", get(pages::change::new))
        .route(
            "/households/import",
            post(pages::import::upload)
                .layer(DefaultBodyLimit::max(pages::import::LARGEST))
                .get(pages::import::choose),
        )
        .route("/households/import/{id}", get(pages::preview::preview).post(pages::preview::confirm))
        .route(
            "/households/import/{id}/doubles",
            get(pages::doubles::list::list).post(pages::doubles::list::decide),
        )
        .route("/households/import/{id}/rejected", get(pages::returned::take))
        .route("/households/import/{id}/columns", get(pages::columns::show).post(pages::columns::put))
        .route("/households/import/{id}/columns/forget", post(pages::columns::forget))
        .route("/households/import/{id}/discard", post(pages::preview::discard))
        .route("/households/movements", get(pages::movements::list))
        .route("/households/imports", get(pages::imports::list))
        .route("/households/imports/{id}", get(pages::imports::show))
        .route("/households/imports/{id}/undoing", post(pages::imports::undo))
        .route("/households/{town}/{id}", get(pages::one::show))
        .route("/households/{town}/{id}/history", get(pages::history::of_household))
        .route("/households/{town}/{id}/leaving", get(pages::leaving::ask).post(pages::leaving::put))
        .route("/households/{town}/{id}/head", get(pages::head::ask).post(pages::head::put))
        .route("/households/{town}/{id}/call", post(pages::numbers::call))
        .route("/households/{town}/{id}/identity", post(pages::numbers::identity))
        .route("/households/{town}/{id}/readers", get(pages::readers::list))
        .route("/households/{town}/{id}/edit", get(pages::change::edit).post(pages::change::put))
        .route("/households/{town}/{id}/turn", get(pages::turn::ask).post(pages::turn::put))
        .route("/households/{town}/{id}/residents", get(pages::arrival::new).post(pages::arrival::add))
        .route(
            "/households/{town}/{id}/residents/{resident}",
            get(pages::resident::edit).post(pages::resident::put),
        )
        .route("/households/{town}/{id}/residents/{resident}/history", get(pages::history::of_person))
        .layer(Extension(plans::Plans::default()))
}

#[cfg(test)]
mod tests;
