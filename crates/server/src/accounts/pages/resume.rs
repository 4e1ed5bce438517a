//! After a lock: on to where one was, or to sending what was kept.

use askama::Template;
use axum::response::{IntoResponse as _, Redirect, Response};

use crate::site::Site;
use crate::web::{Chosen, Error, Html, Page, Parked, own_path};

#[derive(Template)]
#[template(path = "accounts/pages/resume.html")]
struct ResumePage {
    page: Page,
    path: String,
    fields: Vec<(String, String)>,
}

/// Leads an account on: to the form that was kept for it, else back to where it was.
pub fn resume(
    site: &Site,
    chosen: &Chosen,
    account: i64,
    next: &str,
    parked: &str,
) -> Result<Response, Error> {
    let Some(parked) = Parked::open(&site.vault, parked, account) else {
        return Ok(Redirect::to(own_path(next)).into_response());
    };
    let page = ResumePage { page: chosen.page(site), fields: parked.fields(), path: parked.path };
    Ok(Html::of(&page)?.into_response())
}
