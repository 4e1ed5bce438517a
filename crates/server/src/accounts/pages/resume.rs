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
    /// The place of the navigation that it is sent to; none for other pages.
    place: Option<&'static str>,
}

impl ResumePage {
    /// The fields by name, each once: their values may be secret.
    fn names(&self) -> String {
        let mut names: Vec<&str> = Vec::new();
        for (name, _) in &self.fields {
            if !names.contains(&name.as_str()) {
                names.push(name);
            }
        }
        names.join(", ")
    }
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
    let place = site.places.iter().find(|place| parked.path.starts_with(place.path)).map(|place| place.key);
    let page = ResumePage { page: chosen.page(site), fields: parked.fields(), path: parked.path, place };
    Ok(Html::of(&page)?.into_response())
}
