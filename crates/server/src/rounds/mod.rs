//! The daily round: every household due is checked every day. A check is a fact that is only ever
//! appended; what all checks of a household's day come to is its standing; the figures are the
//! tallies of the standings. Checks arrive in bursts and go through one group-commit writer.
//! Nobody is counted twice: a repeated id changes nothing, and a later check moves the figures by
//! the difference of the standings only.

mod apart;
mod api;
mod as_of;
mod batch;
mod chart;
mod entry;
mod form;
mod jobs;
mod key;
mod listing;
mod load;
mod model;
mod own;
mod pages;
mod paper;
mod places;
mod raising;
mod recount;
mod rules;
mod since;
mod standing;
mod store;
mod turn;
mod view;
mod writer;

use axum::routing::{get, post};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::site::Site;

pub use as_of::AsOf;
pub use jobs::{keep_open, open_today};
pub use key::Measured;
pub use listing::{Relisted, key_persons_changed};
pub use load::{PastCheck, load};
pub use model::{Answers, Away, Back, Check, Outcome, ResidentAnswer, Source, Visitor, indicators};
pub use own::{Choice, choices, own_division};
pub use places::{division_names, place_name};
pub use recount::{Difference, Recount, recount};
pub use since::{Told, told_since};
pub use standing::{Kind, State as Standing, Which};
pub use store::history::{PastRow, history};
pub use store::{contact, open_day, towns};
pub use turn::{Spell, Turned, register_changed};
pub use view::{Bar, Coverage, day_path, grouped, list_path, mark};
pub use writer::{Entered, Rounds, Verdict, Wanted};

/// What the round answers.
pub fn routes() -> OpenApiRouter<Site> {
    OpenApiRouter::new()
        .routes(routes!(api::enter_checks))
        .routes(routes!(api::list_my_households))
        .routes(routes!(api::show_coverage))
        .routes(routes!(api::list_checks))
        .routes(routes!(apart::api::list_households_apart))
        .routes(routes!(key::api::list_key_persons))
        .route("/my-households", get(pages::my_households))
        .route("/my-households/apart", get(apart::pages::mine))
        .route("/my-households/well", post(pages::enter_well))
        .route("/checks/{town}/{household}", get(pages::show_form).post(pages::enter_form))
        .route("/checks/undo", post(pages::undo))
        .route("/round", get(pages::my_division))
        .route("/round/{division}/{day}", get(pages::coverage_or_list))
        .route("/round/{division}/{day}/apart", get(apart::pages::of_division))
        .route("/round/{division}/{day}/key-persons", get(key::pages::list))
        .route("/round/{division}/{day}/paper", get(pages::show_paper).post(pages::enter_paper))
        .route("/round/{division}/{day}/paper/sheet", get(pages::print_sheet))
        .route("/round/{division}/live", get(pages::watch))
}

#[cfg(test)]
mod properties;
#[cfg(test)]
mod tests;
