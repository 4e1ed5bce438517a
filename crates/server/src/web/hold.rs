//! What is held up while a session is locked or over, or a password has to be chosen: pages, never
//! work. A form that somebody sends from such a session is kept, sealed, in the page that asks for
//! the PIN or for signing in again, and sent on afterwards. A forced change holds up pages only: what
//! was under way is stored.

use askama::Template;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};
use serde::{Deserialize, Serialize};

use super::guard::leading_back;
use super::{Chosen, Error, Errors, Html, Page, own_path};
use crate::access::{Kind, Person};
use crate::site::Site;
use crate::vault::Vault;

/// Bytes of a form that is kept; a longer one has to be sent again.
const KEPT: usize = 512 * 1024;

/// What is open to somebody whose session is locked.
const OPEN: [&str; 5] = ["/assets/", "/healthz", "/sign-", "/slip", "/unlock"];

/// A form that was sent from a session that is locked or over.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Parked {
    account: i64,
    pub path: String,
    body: String,
}

impl Parked {
    /// The form as a page may carry it: nobody reads or changes it there.
    pub fn seal(&self, vault: &Vault) -> String {
        hex::encode(vault.seal(&serde_json::json!(self).to_string()))
    }

    /// The form of a sealed text, for the account that sent it only.
    pub fn open(vault: &Vault, sealed: &str, account: i64) -> Option<Parked> {
        let text = vault.open(&hex::decode(sealed).ok()?)?;
        let parked: Parked = serde_json::from_str(&text).ok()?;
        (parked.account == account).then_some(parked)
    }

    /// The names and values of its fields.
    pub fn fields(&self) -> Vec<(String, String)> {
        form_urlencoded::parse(self.body.as_bytes()).into_owned().collect()
    }
}

/// The page that asks for the PIN, or the password where none was chosen.
#[derive(Template)]
#[template(path = "web/unlock.html")]
pub struct UnlockPage {
    pub page: Page,
    pub errors: Errors,
    pub has_pin: bool,
    pub next: String,
    /// What was sent and is kept; empty for nothing.
    pub parked: String,
}

/// The page that asks for login and password.
#[derive(Template)]
#[template(path = "web/sign_in.html")]
pub struct SignInPage {
    pub page: Page,
    pub errors: Errors,
    pub login: String,
    pub next: String,
    /// A form that was kept while the session was locked or over; empty for none.
    pub parked: String,
    /// Minutes to wait, where somebody has failed too often.
    pub wait: Option<i64>,
}

/// Lets a request through, or answers it in its place.
pub(super) async fn hold(State(site): State<Site>, chosen: Chosen, request: Request, next: Next) -> Response {
    match let_through(&site, &chosen, request).await {
        Ok(request) => next.run(request).await,
        Err(held) => *held,
    }
}

async fn let_through(site: &Site, chosen: &Chosen, request: Request) -> Result<Request, Box<Response>> {
    let path = request.uri().path();
    let api = path.starts_with("/api/");
    let safe = request.method().is_safe();
    let open = OPEN.iter().any(|open| path.starts_with(open));
    let Some(person) = chosen.person.clone() else {
        return if open || api || safe { Ok(request) } else { hold_former(site, chosen, request).await };
    };
    if person.kind == Kind::Token || open {
        return Ok(request);
    }
    if person.locked {
        return Err(Box::new(match (api, safe) {
            (true, _) => Error::Locked.into_response(),
            (false, true) => to(leading_back("/unlock", &chosen.path)),
            (false, false) => park(site, chosen, &person, request).await,
        }));
    }
    if person.must_change && safe && path != "/me/password" {
        let change = || to(leading_back("/me/password", &chosen.path));
        return Err(Box::new(if api { Error::MustChange.into_response() } else { change() }));
    }
    Ok(request)
}

/// Keeps a form that was sent from a session that is over until its owner has signed in again.
/// Strangers, whose browser presents no session, are told to sign in as ever.
async fn hold_former(site: &Site, chosen: &Chosen, request: Request) -> Result<Request, Box<Response>> {
    let Some(secret) = &chosen.secret else { return Ok(request) };
    let account = match site.people.former(&site.db, secret).await {
        Ok(Some(account)) => account,
        Ok(None) => return Ok(request),
        Err(error) => return Err(Box::new(Error::from(error).into_response())),
    };
    let next = came_from(request.headers());
    let Some(body) = form_body(request).await else {
        return Err(Box::new(to(leading_back("/sign-in", &next))));
    };
    let parked = Parked { account, path: chosen.path.clone(), body }.seal(&site.vault);
    let page = SignInPage {
        page: chosen.page(site),
        errors: Errors::default(),
        login: String::new(),
        next,
        parked,
        wait: None,
    };
    let html = Html::of(&page).map(|html| html.with_status(StatusCode::FORBIDDEN));
    Err(Box::new(html.into_response()))
}

fn to(path: String) -> Response {
    Redirect::to(&path).into_response()
}

/// Keeps a form until its sender has unlocked the session.
async fn park(site: &Site, chosen: &Chosen, person: &Person, request: Request) -> Response {
    let before = came_from(request.headers());
    let Some(body) = form_body(request).await else { return to(leading_back("/unlock", &before)) };
    let parked = Parked { account: person.account, path: chosen.path.clone(), body };
    let page = UnlockPage {
        page: chosen.page(site),
        errors: Errors::default(),
        has_pin: person.has_pin,
        next: before,
        parked: parked.seal(&site.vault),
    };
    Html::of(&page).map(|html| html.with_status(StatusCode::FORBIDDEN)).into_response()
}

/// The text of a plain form; nothing where it is something else (a file, say) or too long.
async fn form_body(request: Request<Body>) -> Option<String> {
    let kind = request.headers().get(header::CONTENT_TYPE)?.to_str().ok()?;
    if !kind.starts_with("application/x-www-form-urlencoded") {
        return None;
    }
    let bytes = axum::body::to_bytes(request.into_body(), KEPT).await.ok()?;
    String::from_utf8(bytes.into()).ok()
}

/// The page a form was sent from, as the browser names it.
fn came_from(headers: &HeaderMap) -> String {
    let referer = headers.get(header::REFERER).and_then(|value| value.to_str().ok());
    let path = referer.and_then(|url| url.parse::<axum::http::Uri>().ok());
    let path = path.and_then(|url| Some(url.path_and_query()?.as_str().to_owned()));
    own_path(path.as_deref().unwrap_or("/")).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_its_sender_gets_a_kept_form_back() {
        let vault = Vault::new([7; 32]);
        let parked = Parked { account: 3, path: "/x".into(), body: "a=1&b=%E7%BE%A4".into() };
        let sealed = parked.seal(&vault);
        assert_eq!(Parked::open(&vault, &sealed, 3), Some(parked.clone()));
        assert_eq!(Parked::open(&vault, &sealed, 4), None);
        assert_eq!(Parked::open(&vault, &sealed.replace('0', "1"), 3), None);
        assert_eq!(parked.fields(), [("a".into(), "1".into()), ("b".into(), "群".into())]);
    }
}
