//! The demonstration: the town of Xiangling with made-up people and the rounds of its last 14 days,
//! filled in the way a real town comes about, through the same loaders and the same counting. Who
//! opens it may come in as anybody: `/demo` has one button for each role. It never touches a folder
//! that holds a real town, and nothing here answers in one.

mod cast;
mod fill;
pub mod live;
mod pages;
mod store;
mod translate;

use axum::routing::{get, post};
use axum::{Extension, Router};

use crate::site::Site;

pub use cast::{Cast, Star};
pub use fill::{Filled, Step, catch_up, fill, visited};
pub use store::{Holds, holds};

/// The page with a button for each role.
pub const DOOR: &str = "/demo";

/// What the demonstration answers; merged only where there is one.
pub fn routes(cast: Cast) -> Router<Site> {
    Router::new()
        .route("/demo", get(pages::start))
        .route("/demo/as/{role}", get(pages::come_in).merge(post(pages::come_in)))
        .layer(Extension(cast))
}

#[cfg(test)]
mod tests;
