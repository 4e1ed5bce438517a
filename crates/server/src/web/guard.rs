//! What stands around every request: the visitor's language, errors put into words, limits,
//! security headers.

use std::time::Duration;

use askama::Template;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};
use axum::{Json, Router};
use tower::ServiceBuilder;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::csrf::CsrfLayer;
use tower_http::timeout::TimeoutLayer;

use super::hold::hold;
use super::refused::Asked;
use super::{Chosen, Html, Page, Problem, ProblemBody, ProblemField};
use crate::site::Site;

/// Bytes of a request's body, unless a route allows more.
const BODY: usize = 2 * 1024 * 1024;
const TIMEOUT: Duration = Duration::from_secs(60);

/// Only what this server itself serves may run or be shown; no script or style stands in a page.
const POLICY: &str = "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; \
                      form-action 'self'; frame-ancestors 'none'";

/// Puts the guards around all routes.
pub fn with_guards(routes: Router<Site>, site: &Site) -> Router<Site> {
    // One layer for all: the router puts each layer into a box of its own, for every request.
    let guards = ServiceBuilder::new()
        .layer(CompressionLayer::new())
        .layer(axum::middleware::from_fn_with_state(site.clone(), shell))
        .layer(CsrfLayer::new())
        // Inside: what another site or port sends is refused, not kept to be sent on.
        .layer(axum::middleware::from_fn_with_state(site.clone(), hold))
        .layer(TimeoutLayer::with_status_code(StatusCode::REQUEST_TIMEOUT, TIMEOUT))
        .layer(CatchPanicLayer::new())
        .layer(axum::extract::DefaultBodyLimit::max(BODY));
    routes.layer(guards)
}

/// Finds out who visits, and puts errors into words.
pub async fn shell(State(site): State<Site>, request: Request, next: Next) -> Response {
    let (mut parts, body) = request.into_parts();
    if parts.uri.path_and_query().is_some_and(|asked| asked.as_str().contains("%00")) {
        let stranger = Chosen::stranger(&site, &parts);
        let error = super::Error::Unreadable("U+0000 in the address: leave it out".to_owned());
        return with_headers(in_words(&site, &stranger, error.into_response()));
    }
    let chosen = match Chosen::of(&site, &parts).await {
        Ok(chosen) => chosen,
        Err(error) => {
            // Who asks is not known: the words are the browser's, and the page is nobody's.
            let stranger = Chosen::stranger(&site, &parts);
            return with_headers(in_words(&site, &stranger, super::Error::from(error).into_response()));
        }
    };
    if site.settings.ended && !parts.method.is_safe() && !stays_open(parts.uri.path()) {
        let over = super::Error::Conflict("operation-is-over").into_response();
        return with_headers(in_words(&site, &chosen, over));
    }
    parts.extensions.insert(chosen.clone());
    let asked = Asked::of(&site, &parts);
    let response = next.run(Request::from_parts(parts, body)).await;
    asked.note_refusal(&site, &chosen, &response);
    with_headers(in_words(&site, &chosen, response))
}

/// What may still be posted when the operation is over: who reads comes in and goes, and is looked after.
fn stays_open(path: &str) -> bool {
    ["/sign-", "/slip", "/unlock", "/me", "/accounts", "/audit/"].iter().any(|open| path.starts_with(open))
}

fn in_words(site: &Site, chosen: &Chosen, response: Response) -> Response {
    let wants_json = chosen.path.starts_with("/api/");
    let status = response.status();
    let spoken = response.headers().contains_key(header::CONTENT_TYPE)
        && !response.headers()[header::CONTENT_TYPE].as_bytes().starts_with(b"text/plain");
    let problem = response.extensions().get::<Problem>().cloned();
    if problem.is_none() && (spoken || !(status.is_client_error() || status.is_server_error())) {
        return response;
    }
    let problem = problem.unwrap_or_else(|| Problem::of(status));
    if problem.status == StatusCode::UNAUTHORIZED && !wants_json {
        let page = if problem.key == "error-locked" { "/unlock" } else { "/sign-in" };
        return Redirect::to(&leading_back(page, &chosen.path)).into_response();
    }
    let mut told = if wants_json { as_json(chosen, &problem) } else { as_page(site, chosen, &problem) };
    for name in [header::RETRY_AFTER, header::ALLOW] {
        if let Some(value) = response.headers().get(&name) {
            told.headers_mut().insert(name, value.clone());
        }
    }
    told
}

/// The address of a page that leads back to where the visitor was.
pub(super) fn leading_back(page: &str, path: &str) -> String {
    let back = askama::filters::urlencode_strict(path).map(|text| text.to_string()).unwrap_or_default();
    format!("{page}?next={back}")
}

fn as_json(chosen: &Chosen, problem: &Problem) -> Response {
    let field = |field: &super::Field| ProblemField {
        field: field.name.to_owned(),
        key: field.key.to_owned(),
        message: chosen.words.get(field.key),
    };
    let body = ProblemBody {
        status: problem.status.as_u16(),
        key: problem.key.to_owned(),
        message: chosen.words.get(problem.key),
        detail: problem.detail.clone(),
        fields: problem.fields.iter().map(field).collect(),
    };
    let kind = [(header::CONTENT_TYPE, "application/problem+json")];
    (problem.status, kind, Json(body).into_response().into_body()).into_response()
}

#[derive(Template)]
#[template(path = "web/problem.html")]
struct ProblemPage {
    page: Page,
    message: String,
    fields: Vec<String>,
}

fn as_page(site: &Site, chosen: &Chosen, problem: &Problem) -> Response {
    let page = ProblemPage {
        page: chosen.page(site),
        message: chosen.words.get(problem.key),
        fields: problem.fields.iter().map(|field| chosen.words.get(field.key)).collect(),
    };
    match Html::of(&page) {
        Ok(html) => html.with_status(problem.status).into_response(),
        Err(_) => (problem.status, Body::from(page.message)).into_response(),
    }
}

fn with_headers(mut response: Response) -> Response {
    let headers = response.headers_mut();
    let set = [
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "same-origin"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
        (HeaderName::from_static("permissions-policy"), "geolocation=(), microphone=(), payment=()"),
    ];
    for (name, value) in set {
        headers.insert(name, HeaderValue::from_static(value));
    }
    // Pages hold personal data: no cache keeps them, unless a handler says that one may.
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    response
}
