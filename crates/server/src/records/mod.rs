//! What is kept, for how long and on which ground, what was destroyed, and what is due when. The rules
//! are the playbook's, the work is that of `retention/`.

mod pages;

use axum::routing::get;
use utoipa_axum::router::OpenApiRouter;

use crate::site::Site;

/// What the records answer.
pub fn routes() -> OpenApiRouter<Site> {
    OpenApiRouter::new().route("/records", get(pages::overview))
}

#[cfg(test)]
mod tests;
