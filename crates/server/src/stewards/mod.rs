//! The stewards: who answers for the town, for each village, street and household. At most one
//! person answers for a node at a time, which the database holds. Where nobody does, the next
//! above answers provisionally and the gap is counted until it is put right. Hand-overs are dated:
//! who answered on any past day can be asked. Stand-ins answer while a steward is away.

mod api;
mod cover;
mod hand_over;
mod model;
mod pages;
mod store;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::site::Site;

pub use model::{Answerer, NewSteward, NewStewardship, Node, Responsible, Tier};
pub use pages::provisionally;
pub use store::load;
pub use store::{of_division, of_divisions, responsible};

/// What the stewards answer.
pub fn routes() -> OpenApiRouter<Site> {
    OpenApiRouter::from(pages::routes())
        .routes(routes!(api::list_stewardships))
        .routes(routes!(api::coverage))
        .routes(routes!(api::tell_responsible))
        .routes(routes!(api::post_hand_over))
}

#[cfg(test)]
mod tests;
