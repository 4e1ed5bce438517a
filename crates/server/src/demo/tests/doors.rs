//! The ways in, and the live contacts.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode, header};
use axum::response::Response;
use base::{Indicator, Role};
use db::on_both;
use tower::ServiceExt as _;

use super::{NOON, empty_app, small_town};
use crate::access::{Secret, reach};
use crate::app::App;
use crate::demo::{Cast, fill, live};
use crate::rounds::indicators::{DONE, LATE, UNREACHABLE};
use crate::tally;

async fn ask(app: &App, method: &str, path: &str, cookie: Option<&str>) -> Response {
    let mut request = Request::builder().method(method).uri(path);
    if let Some(cookie) = cookie {
        request = request.header(header::COOKIE, cookie);
    }
    app.router().oneshot(request.body(Body::empty()).unwrap()).await.unwrap()
}

async fn text(response: Response) -> String {
    let bytes = to_bytes(response.into_body(), usize::MAX).await.unwrap();
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// The session that a door gave.
fn session(response: &Response) -> Secret {
    let cookie = response.headers()[header::SET_COOKIE].to_str().unwrap();
    let secret = cookie.strip_prefix("firebreak=").and_then(|rest| rest.split(';').next());
    Secret::presented(secret.unwrap()).unwrap()
}

on_both! {
    async fn one_comes_in_as_every_role_as_often_as_one_likes(db) {
        let (town, (mut app, clock)) = (small_town(), empty_app(db));
        fill(&app.site, &town, NOON, |_| ()).await.unwrap();
        app.cast = Some(Cast::of(&town, |_| true));
        let page = text(ask(&app, "GET", "/demo", None).await).await;
        for role in Role::ALL {
            let path = format!("/demo/as/{role}");
            // Of a role whose places are still to come there is no door to be seen.
            let has_place = app.site.places.iter().any(|place| reach(*role, place.action).is_some());
            assert_eq!(page.contains(&format!("action=\"{path}\"")), has_place, "{role}");
            for method in ["GET", "POST"] {
                let response = ask(&app, method, &path, None).await;
                assert_eq!(response.status(), StatusCode::SEE_OTHER, "{role}");
                let secret = session(&response);
                let found = app.site.people.find(db, clock.now(), town.today, &secret, true).await.unwrap();
                assert!(found.unwrap().has(*role), "{role}");
            }
        }
        assert!(page.contains("/demo/as/household-contact") && !page.contains("/demo/as/gate-guard"));
        assert_eq!(ask(&app, "GET", "/demo/as/emperor", None).await.status(), StatusCode::NOT_FOUND);
    }

    async fn strangers_at_the_home_page_are_led_to_the_door(db) {
        let (app, _) = empty_app(db);
        let home = ask(&app, "GET", "/", None).await;
        assert_eq!((home.status(), &home.headers()[header::LOCATION]), (StatusCode::SEE_OTHER, &"/demo".parse().unwrap()));
        let elsewhere = ask(&app, "GET", "/me", None).await;
        assert_eq!(elsewhere.headers()[header::LOCATION], "/sign-in?next=%2Fme");
        let page = text(ask(&app, "GET", "/sign-in", None).await).await;
        assert!(page.contains("<a href=\"/demo\">"), "{page}");
    }

    async fn coming_in_as_somebody_else_ends_the_session_before(db) {
        let (town, (mut app, clock)) = (small_town(), empty_app(db));
        fill(&app.site, &town, NOON, |_| ()).await.unwrap();
        app.cast = Some(Cast::of(&town, |_| true));
        let first = session(&ask(&app, "GET", "/demo/as/police", None).await);
        let cookie = format!("firebreak={}", first.reveal());
        ask(&app, "POST", "/demo/as/inspector", Some(&cookie)).await;
        assert_eq!(app.site.people.find(db, clock.now(), town.today, &first, true).await.unwrap(), None);
    }

    async fn a_real_town_has_no_such_door(db) {
        let (town, (app, _)) = (small_town(), empty_app(db));
        fill(&app.site, &town, NOON, |_| ()).await.unwrap();
        for path in ["/demo", "/demo/as/headquarters"] {
            assert_eq!(ask(&app, "GET", path, None).await.status(), StatusCode::NOT_FOUND, "{path}");
        }
    }

    async fn live_contacts_check_who_is_still_silent(db) {
        let (town, (app, clock)) = (Arc::new(small_town()), empty_app(db));
        fill(&app.site, &town, NOON, |_| ()).await.unwrap();
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let service = app.router().into_make_service_with_connect_info::<SocketAddr>();
        tokio::spawn(async move { axum::serve(listener, service).await });
        let before = visited(&app, &town).await;
        let walk = live::Walk::prepare(&app.site, &town).await.unwrap();
        let (silent, whole) = (walk.len(), town.round(town.today, &app.site.playbook.time).checks().count());
        assert!(silent > 20 && before + silent == whole, "{before} {silent} {whole}");
        let walked = walk.at_pace(2_000).go(address, clock, town.clone()).await;
        assert_eq!((walked.stored, walked.refused), (silent, 0));
        assert_eq!(visited(&app, &town).await, whole);
        assert!(live::Walk::prepare(&app.site, &town).await.unwrap().is_empty());
    }

    async fn live_contacts_give_up_when_the_program_is_gone(db) {
        let (town, (app, clock)) = (Arc::new(small_town()), empty_app(db));
        fill(&app.site, &town, NOON, |_| ()).await.unwrap();
        let walk = live::Walk::prepare(&app.site, &town).await.unwrap();
        let nobody = SocketAddr::from(([127, 0, 0, 1], 1));
        assert!(walk.len() > 20);
        let walked = walk.at_pace(2_000).go(nobody, clock, town).await;
        assert_eq!((walked.stored, walked.refused), (0, 0));
    }
}

/// Households that were checked or tried, by the town's figures.
async fn visited(app: &App, town: &sim::Town) -> usize {
    let mut tx = app.site.db.read().await.unwrap();
    let figures = tally::figures(&mut tx, town.place.division, town.today).await.unwrap();
    let get = |indicator: Indicator| figures.get(town.place.division, indicator);
    usize::try_from(get(DONE) + get(LATE) + get(UNREACHABLE)).unwrap()
}

#[test]
fn one_person_shows_each_role_and_all_look_at_one_street() {
    let town = small_town();
    let waiting = town.villages[2].groups[0].households;
    let cast = Cast::of(&town, |household| (waiting.0..waiting.1).contains(&household));
    assert_eq!(cast.stars().len(), Role::ALL.len());
    let place = |role| cast.star(role).unwrap().place.clone();
    let village = &town.villages[2].name;
    let street = format!("{village}{}", town.villages[2].groups[0].name);
    assert_eq!((place(Role::HouseholdContact), place(Role::StreetLead)), (street.clone(), street));
    assert_eq!((&place(Role::VillageCadre), &place(Role::TownCadre)), (village, village));
    assert_eq!(place(Role::SuperiorObserver), "襄汾县");
}
