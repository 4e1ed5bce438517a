//! The daily round: every household due is checked every day. A check is a fact that is only ever
//! appended; what all checks of a household's day come to is its standing; the figures are the
//! tallies of the standings. Checks arrive in bursts and go through one group-commit writer.
//! Nobody is counted twice: a repeated id changes nothing, and a later check moves the figures by
//! the difference of the standings only.

mod api;
mod model;
mod rules;
mod standing;
mod store;
mod writer;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::site::Site;

pub use model::{Answers, Check, Outcome, ResidentAnswer, Source, indicators};
pub use store::open_day;
pub use writer::{Entered, Rounds, Verdict, Wanted};

/// What the round answers.
pub fn routes() -> OpenApiRouter<Site> {
    OpenApiRouter::new().routes(routes!(api::enter_checks))
}

#[cfg(test)]
mod tests;
