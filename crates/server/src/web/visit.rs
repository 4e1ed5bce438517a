//! A visit: who asks, in which language, for which page.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use axum_extra::extract::CookieJar;
use axum_extra::extract::cookie::{Cookie, SameSite};
use base::{Day, Moment};

use super::{Error, Language, Page, Words};
use crate::access::{Action, Person, Scope, Secret};
use crate::site::Site;

/// The name of the session cookie.
const COOKIE: &str = "firebreak";

/// The cookie that holds a session's secret; the browser keeps it from scripts and other sites.
pub fn session_cookie(site: &Site, secret: &Secret) -> Cookie<'static> {
    Cookie::build((COOKIE, secret.reveal().to_owned()))
        .path("/")
        .http_only(true)
        .same_site(SameSite::Lax)
        .secure(site.settings.secure_cookies)
        .permanent()
        .build()
}

/// The cookie that takes the session's place once it is over.
pub fn ended_cookie() -> Cookie<'static> {
    let mut cookie = Cookie::build((COOKIE, "")).path("/").build();
    cookie.make_removal();
    cookie
}

/// The language of a request: the account's, else the browser's; and the secret it presented.
#[derive(Clone, Debug)]
pub struct Chosen {
    pub words: Words,
    pub person: Option<Arc<Person>>,
    pub secret: Option<Secret>,
    pub path: String,
}

impl Chosen {
    pub(super) async fn of(site: &Site, parts: &Parts) -> db::Result<Chosen> {
        let secret = presented(&parts.headers);
        let now = site.clock.now();
        let today = site.playbook.time.day(now);
        let person = match &secret {
            Some(secret) => site.people.find(&site.db, now, today, secret, acts(parts)).await?,
            None => None,
        };
        let account = person.as_ref().and_then(|person| person.language.as_deref());
        let words = account.and_then(Language::of_tag).map(|language| site.languages.of(language));
        let stranger = Chosen::stranger(site, parts);
        Ok(Chosen { words: words.unwrap_or(stranger.words), person, secret, path: stranger.path })
    }

    /// A request of which it is not known who asks.
    pub(super) fn stranger(site: &Site, parts: &Parts) -> Chosen {
        let browser = || Language::accepted(parts.headers.get(header::ACCEPT_LANGUAGE)?.to_str().ok()?);
        let words = site.languages.of(browser().unwrap_or_default());
        let path = parts.uri.path_and_query().map_or("/", |path| path.as_str()).to_owned();
        Chosen { words, person: None, secret: None, path }
    }

    /// The shell of the page at hand.
    pub fn page(&self, site: &Site) -> Page {
        let person = self.person.as_deref();
        let barred = |person: &Person| person.locked || person.must_change;
        let open = |action| person.is_some_and(|p| !barred(p) && p.may(action).is_some());
        Page {
            words: self.words.clone(),
            path: self.path.split('?').next().unwrap_or("/").to_owned(),
            name: person.map(|person| person.name.clone()).unwrap_or_default(),
            places: site.places.iter().filter(|place| open(place.action)).copied().collect(),
            waiting: BTreeMap::new(),
            large_print: person.is_some_and(|person| person.large_print),
            demonstration: site.settings.demonstration,
            door: site.settings.door,
        }
    }
}

/// What our scripts send when they look for news by themselves. Browsers tell of a script's asking
/// (Sec-Fetch-Dest) only where the connection is trusted, which plain HTTP in a village office is not.
const LOOKS_FOR_NEWS: &str = "x-looks-for-news";

/// Whether a person asks: a script that looks for news by itself does not keep a session awake.
fn acts(parts: &Parts) -> bool {
    let script = parts.headers.get("sec-fetch-dest").is_some_and(|to| to == "empty")
        || parts.headers.contains_key(LOOKS_FOR_NEWS)
        || is_stream(parts);
    !(script && parts.method.is_safe())
}

/// Whether a stream of events is asked for.
fn is_stream(parts: &Parts) -> bool {
    parts.headers.get(header::ACCEPT).is_some_and(|kind| kind == "text/event-stream")
}

/// Whether the answer may be a page: the API and streams of events show none.
fn shows_page(parts: &Parts) -> bool {
    !is_stream(parts) && !parts.uri.path().starts_with("/api/")
}

/// What a browser's cookie or a bearer header presents.
fn presented(headers: &HeaderMap) -> Option<Secret> {
    let bearer = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    if let Some(token) = bearer.and_then(|value| value.strip_prefix("Bearer ")) {
        return Secret::presented(token.trim());
    }
    Secret::presented(CookieJar::from_headers(headers).get(COOKIE)?.value())
}

impl FromRequestParts<Site> for Chosen {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, site: &Site) -> Result<Chosen, Error> {
        match parts.extensions.get::<Chosen>() {
            Some(chosen) => Ok(chosen.clone()),
            None => Ok(Chosen::of(site, parts).await?),
        }
    }
}

/// The visit of somebody who is signed in. Refused with 'sign in first' otherwise.
#[derive(Clone, Debug)]
pub struct Visit {
    pub person: Arc<Person>,
    pub words: Words,
    pub page: Page,
    pub now: Moment,
    /// The town's calendar day.
    pub today: Day,
    pub address: String,
}

impl Visit {
    /// The scope of an action, or 'not allowed'.
    pub fn may(&self, action: Action) -> Result<Scope, Error> {
        self.person.may(action).ok_or(Error::NotAllowed)
    }
}

impl FromRequestParts<Site> for Visit {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, site: &Site) -> Result<Visit, Error> {
        let chosen = Chosen::from_request_parts(parts, site).await?;
        let mut page = chosen.page(site);
        let person = chosen.person.ok_or(Error::SignIn)?;
        if person.locked {
            return Err(Error::Locked);
        }
        if shows_page(parts) {
            page.count(site, &person).await?;
        }
        let now = site.clock.now();
        let today = site.playbook.time.day(now);
        let address = address(site, parts);
        Ok(Visit { person, words: chosen.words, page, now, today, address })
    }
}

pub(super) fn address(site: &Site, parts: &Parts) -> String {
    let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>();
    let asker = |peer: &ConnectInfo<SocketAddr>| {
        asker(peer.0.ip().to_canonical(), &parts.headers, &site.settings.trusted_proxies).to_string()
    };
    peer.map(asker).unwrap_or_default()
}

/// Who asks through trusted proxies. Each writes down, behind what it was told, whom it asks for: so
/// the last address that is not itself trusted counts, and what stands before it anybody may have
/// written.
fn asker(peer: IpAddr, headers: &HeaderMap, trusted: &[IpAddr]) -> IpAddr {
    let told = headers.get_all("x-forwarded-for").iter();
    let told: Vec<_> = told.map(|value| String::from_utf8_lossy(value.as_bytes())).collect();
    let mut hops: Vec<&str> = told.iter().flat_map(|value| value.split(',')).collect();
    let mut asker = peer;
    while trusted.contains(&asker) {
        let Some(Ok(before)) = hops.pop().map(|hop| hop.trim().parse::<IpAddr>()) else { break };
        asker = before.to_canonical();
    }
    asker
}

/// The network address a request comes from; empty where it is not known.
#[derive(Clone, Debug)]
pub struct Address(pub String);

impl FromRequestParts<Site> for Address {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, site: &Site) -> Result<Address, Infallible> {
        Ok(Address(address(site, parts)))
    }
}

/// A visit that may be nobody's.
impl axum::extract::OptionalFromRequestParts<Site> for Visit {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, site: &Site) -> Result<Option<Visit>, Infallible> {
        Ok(<Visit as FromRequestParts<Site>>::from_request_parts(parts, site).await.ok())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asks(peer: &str, told: &[&str]) -> String {
        let trusted = ["127.0.0.1", "10.0.0.2"].map(|address| address.parse().unwrap());
        let mut headers = HeaderMap::new();
        for value in told {
            headers.append("x-forwarded-for", value.parse().unwrap());
        }
        asker(peer.parse().unwrap(), &headers, &trusted).to_string()
    }

    #[test]
    fn only_a_trusted_proxy_is_believed_on_who_asks() {
        assert_eq!(asks("192.0.2.7", &["198.51.100.1"]), "192.0.2.7");
        assert_eq!(asks("127.0.0.1", &["198.51.100.1"]), "198.51.100.1");
        assert_eq!(asks("127.0.0.1", &["203.0.113.9, 198.51.100.1"]), "198.51.100.1");
        assert_eq!(asks("127.0.0.1", &["203.0.113.9, 198.51.100.1, 10.0.0.2"]), "198.51.100.1");
        assert_eq!(asks("127.0.0.1", &["203.0.113.9", "198.51.100.1"]), "198.51.100.1");
        assert_eq!(asks("127.0.0.1", &["::ffff:198.51.100.1"]), "198.51.100.1");
    }

    #[test]
    fn without_a_sound_word_of_it_the_proxy_itself_asks() {
        assert_eq!(asks("127.0.0.1", &[]), "127.0.0.1");
        assert_eq!(asks("127.0.0.1", &["203.0.113.9, unknown"]), "127.0.0.1");
        assert_eq!(asks("127.0.0.1", &["203.0.113.9, nobody, 10.0.0.2"]), "10.0.0.2");
    }
}
