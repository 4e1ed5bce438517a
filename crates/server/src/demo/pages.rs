//! The demonstration's door: a page with one button for each role.

use askama::Template;
use axum::Extension;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, header};
use axum::response::Redirect;
use axum_extra::extract::CookieJar;
use base::Role;
use serde_json::json;

use super::cast::{Cast, Star};
use crate::access::{Kind, end_session, reach, start_session};
use crate::audit;
use crate::site::Site;
use crate::web::{Chosen, Error, Html, Page, session_cookie};

#[derive(Template)]
#[template(path = "demo/start.html")]
struct Start {
    page: Page,
    people: Vec<Person>,
}

/// Somebody one may come in as, in the visitor's words.
struct Person {
    role: String,
    role_key: &'static str,
    name: String,
    place: String,
}

pub async fn start(
    State(site): State<Site>,
    chosen: Chosen,
    Extension(cast): Extension<Cast>,
) -> Result<Html, Error> {
    let person = |star: &Star| Person {
        role: chosen.words.get(&format!("role-{}", star.role)),
        role_key: star.role.key(),
        name: star.name.clone(),
        place: star.place.clone(),
    };
    // A role whose places are still to come would find nothing but its own settings.
    let has_place = |star: &&Star| site.places.iter().any(|place| reach(star.role, place.action).is_some());
    let people = cast.stars().iter().filter(has_place).map(person).collect();
    Html::of(&Start { page: chosen.page(&site), people })
}

/// Signs in as the person who shows a role, as often as one likes, and leads to his first page. A
/// session that was open in this browser ends.
pub async fn come_in(
    State(site): State<Site>,
    Extension(cast): Extension<Cast>,
    chosen: Chosen,
    Path(role): Path<String>,
    headers: HeaderMap,
    cookies: CookieJar,
) -> Result<(CookieJar, Redirect), Error> {
    let role: Role = role.parse().map_err(|_| Error::NotFound)?;
    let star = cast.star(role).ok_or(Error::NotFound)?;
    let device = headers.get(header::USER_AGENT).and_then(|agent| agent.to_str().ok()).unwrap_or_default();
    let now = site.clock.now();
    let mut tx = site.db.write().await?;
    if let Some(open) = &chosen.secret {
        end_session(&mut tx, open).await?;
    }
    let secret = start_session(&mut tx, star.account, Kind::Browser, device, now).await?;
    let entry = audit::Entry {
        account: Some(star.account),
        ..audit::Entry::of_program("demo.come-in", role.key(), json!({}))
    };
    audit::record(&mut tx, site.clock.new_id(), now, entry).await?;
    tx.commit().await?;
    site.people.forget();
    Ok((cookies.add(session_cookie(&site, &secret)), Redirect::to("/")))
}
