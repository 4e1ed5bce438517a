//! Refused access leaves an entry: what a signed-in person asked for and was not given, because no role
//! allows it or because it is not within his scope, which looks like what does not exist.

use axum::extract::MatchedPath;
use axum::http::request::Parts;
use axum::http::{Method, StatusCode};
use axum::response::Response;
use serde_json::json;

use super::visit::address;
use super::{Chosen, Problem};
use crate::audit::done_by;
use crate::site::Site;

/// Minutes within which a second refusal at the same route leaves no second entry.
const PAUSE: i64 = 1;

/// Routes whose addresses hold a secret, or no data.
const APART: [&str; 2] = ["/slip/", "/assets/"];

/// What was asked for.
pub struct Asked {
    /// The route; none for an address that there is not.
    route: Option<MatchedPath>,
    method: Method,
    address: String,
}

impl Asked {
    pub fn of(site: &Site, parts: &Parts) -> Asked {
        Asked {
            route: parts.extensions.get::<MatchedPath>().cloned(),
            method: parts.method.clone(),
            address: address(site, parts),
        }
    }

    /// Writes down a refusal, once a minute for each account and route.
    pub fn note_refusal(self, site: &Site, chosen: &Chosen, response: &Response) {
        let (Some(route), Some(person)) = (self.route, &chosen.person) else { return };
        let (route, status) = (route.as_str(), response.status());
        let problem = response.extensions().get::<Problem>();
        let refused = match status {
            // A password that has to be chosen first is no refusal.
            StatusCode::FORBIDDEN => problem.is_none_or(|problem| problem.key == "error-not-allowed"),
            StatusCode::TOO_MANY_REQUESTS => true,
            StatusCode::NOT_FOUND => route.contains('{'),
            _ => false,
        };
        if !refused || person.locked || APART.iter().any(|apart| route.starts_with(apart)) {
            return;
        }
        let what = format!("{} {} {route}", person.account, self.method);
        if site.trail.is_new(what, PAUSE, site.clock.now()) {
            // Without what is sought: it may be a name.
            let path = chosen.path.split('?').next().unwrap_or_default();
            let object = format!("{} {path}", self.method);
            let detail = json!({ "status": status.as_u16() });
            site.trail.later(done_by(site, person, self.address, "access.refuse", object, detail));
        }
    }
}
