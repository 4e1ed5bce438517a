//! The sweep: every route there is, asked by strangers, by somebody without a role, and by every
//! role. The routes are read from the source and the API's document, so that a new one is swept
//! without being named here.

mod writes;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use axum::body::Body;
use axum::http::{Method, Request, StatusCode, header};
use base::Role;

use crate::app::openapi;
use crate::testing::{Answer, Asker, TOWN, TestApp, account};

/// Open to everybody.
const OPEN: &[&str] = &[
    "/api/openapi.json",
    "/assets/{version}/{*name}",
    // Answered only where the program runs as a demonstration.
    "/demo",
    "/demo/as/{role}",
    "/healthz",
    // What people are told of what is kept about them.
    "/notice",
    "/sign-in",
    "/sign-out",
    "/slip",
    "/slip/{code}",
    "/unlock",
];

/// Open to everybody who is signed in: it shows nobody else's data. The names of divisions are
/// public.
const OWN: &[&str] = &[
    "/",
    "/api/v1/divisions",
    "/api/v1/me",
    "/me",
    "/me/password",
    "/me/pin",
    "/me/sessions/end",
    "/me/sessions/end-others",
];

/// An id that nothing has.
const ID: &str = "0190163d-8694-739b-aea5-966c26f8ad91";

/// Sound bodies, of what is refused as unreadable before it is as not allowed.
const BODIES: &[(&str, &str)] = &[
    ("/api/v1/checks", r#"{ "checks": [] }"#),
    ("/api/v1/findings/{town}/{id}/closure", r#"{ "note": "x" }"#),
    ("/api/v1/households/search", "{}"),
    ("/api/v1/hand-overs", r#"{ "town": 141023105, "nodes": [], "to": null, "from": "2020-02-03" }"#),
    ("/audit/export", "purpose=x&format=csv"),
    ("/checks/undo", "id={id}&town=141023105&household=1&corrects={id}"),
    ("/divisions/{code}/groups", "name=x"),
    ("/findings/{town}/{id}/closure", "note=x"),
    ("/households/export", "purpose=x"),
    ("/households/import/{id}", "digest=x"),
    ("/households/{town}/{id}/call", "who=household"),
    ("/households/{town}/{id}/identity", "who=1"),
    ("/my-households/well", "id={id}&town=141023105&household=1"),
    ("/reports/{town}/{day}/check", "compiled_at=0"),
    ("/reports/{town}/{day}/confirmation", "division=141023105200"),
    ("/reports/{town}/{day}/confirmation/withdrawal", "division=141023105200"),
    ("/reports/{town}/{day}/corrections", "why=x&seen=x"),
    ("/reports/{town}/{day}/signature", "compiled_at=0"),
];

/// Queries that an operation cannot be read without.
const QUERIES: &[(&str, &str)] = &[
    ("/api/v1/coverage", "?division=141023105000000"),
    ("/api/v1/households-apart", "?division=141023105200000"),
    ("/api/v1/key-persons", "?division=141023105000000"),
];

/// A route: its path and the method asked for.
pub type Route = (String, Method);

/// Every route of the program.
pub fn routes() -> Vec<Route> {
    let mut found = Vec::new();
    for (path, item) in openapi().paths.paths {
        let operations = [
            (Method::GET, &item.get),
            (Method::POST, &item.post),
            (Method::PUT, &item.put),
            (Method::DELETE, &item.delete),
        ];
        let there = operations.into_iter().filter(|(_, operation)| operation.is_some());
        found.extend(there.map(|(method, _)| (path.clone(), method)));
    }
    read_folder(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut found);
    found.sort_by_key(|(path, method)| (path.clone(), method.to_string()));
    found
}

fn read_folder(folder: &Path, found: &mut Vec<Route>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let test = path.file_stem().is_some_and(|name| name == "tests");
        if path.is_dir() && !test {
            read_folder(&path, found);
        } else if path.extension().is_some_and(|kind| kind == "rs") && !test {
            found.extend(routes_of(&fs::read_to_string(path).unwrap()));
        }
    }
}

/// The routes that a source text names: `.route("/x", get(a).post(b))`.
fn routes_of(source: &str) -> Vec<Route> {
    let mut found = Vec::new();
    for part in source.split(".route(").skip(1) {
        let Some(path) = part.trim_start().strip_prefix('"').and_then(|rest| rest.split('"').next()) else {
            continue;
        };
        let mut depth = 1;
        let end = part.find(|c: char| {
            depth += i32::from(c == '(') - i32::from(c == ')');
            depth == 0
        });
        let handlers = &part[..end.unwrap_or(part.len())];
        let before = found.len();
        for (word, method) in [("get(", Method::GET), ("post(", Method::POST)] {
            let named = handlers
                .match_indices(word)
                .any(|(at, _)| !handlers[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_'));
            if named {
                found.push((path.to_owned(), method));
            }
        }
        assert!(found.len() > before, "{path}: write its methods, get(..) or post(..), where the route is");
    }
    found
}

/// A part of a route's path with its parameter filled in.
fn filled<'a>(route: &str, part: &'a str) -> &'a str {
    let by_uuid = ["/findings/", "/import/", "/imports/"].iter().any(|part| route.contains(part))
        || route.starts_with("/rights/{town}");
    match part {
        "{town}" => "141023105",
        "{code}" => "141023105200",
        "{division}" if route.contains("/apart") => "141023105200000",
        "{division}" if route.contains("/paper") => "141023105200001",
        "{division}" => "141023105000000",
        "{day}" => "2020-02-03",
        "{absence}" => ID,
        "{id}" if by_uuid => ID,
        parameter if parameter.starts_with('{') => "1",
        plain => plain,
    }
}

async fn ask(who: &Asker<'_>, (path, method): &Route) -> Answer {
    let address: Vec<&str> = path.split('/').map(|part| filled(path, part)).collect();
    let body = BODIES.iter().find(|(of, _)| of == path).map_or("", |(_, body)| body).replace("{id}", ID);
    let query = QUERIES.iter().find(|(of, _)| of == path).map_or("", |(_, query)| query);
    let kind =
        if path.starts_with("/api/") { "application/json" } else { "application/x-www-form-urlencoded" };
    let request =
        Request::builder().method(method).uri(address.join("/") + query).header(header::CONTENT_TYPE, kind);
    who.ask(request, Body::from(body)).await
}

fn is_sign_in(answer: &Answer) -> bool {
    let to = answer.headers.get(header::LOCATION).and_then(|to| to.to_str().ok());
    answer.status == StatusCode::SEE_OTHER && to.is_some_and(|to| to.starts_with("/sign-in?next="))
}

#[test]
fn the_sweep_finds_routes_of_both_kinds() {
    let routes = routes();
    for (path, method) in
        [("/api/v1/checks", Method::POST), ("/accounts/new", Method::POST), ("/me", Method::GET)]
    {
        assert!(routes.contains(&(path.to_owned(), method)), "{path}");
    }
    let split = ".route(\n  \"/a/{b}\",\n get(x::forget).post(y),\n)";
    assert_eq!(routes_of(split), [("/a/{b}".to_owned(), Method::GET), ("/a/{b}".to_owned(), Method::POST)]);
}

#[tokio::test]
async fn every_route_refuses_strangers() {
    let app = TestApp::sqlite().await;
    for route in routes().iter().filter(|(path, _)| !OPEN.contains(&path.as_str())) {
        let answer = ask(&app.stranger(), route).await;
        let refused = if route.0.starts_with("/api/") {
            answer.status == StatusCode::UNAUTHORIZED
        } else {
            is_sign_in(&answer)
        };
        assert!(refused, "{route:?} answers a stranger with {}", answer.status);
    }
}

#[tokio::test]
async fn every_route_refuses_who_holds_no_role() {
    let app = TestApp::sqlite().await;
    let id = account(&app.test.db, Role::GateGuard, TOWN()).await;
    let mut tx = app.test.db.write().await.unwrap();
    db::on_db!(tx, c => sqlx::query("DELETE FROM appointment").execute(c).await.map(|_| ())).unwrap();
    tx.commit().await.unwrap();
    let nobody = app.signed_in(id).await;
    let mut open = Vec::new();
    for route in
        routes().iter().filter(|(path, _)| !OPEN.contains(&path.as_str()) && !OWN.contains(&path.as_str()))
    {
        let answer = ask(&nobody, route).await;
        let refused = [StatusCode::FORBIDDEN, StatusCode::NOT_FOUND].contains(&answer.status);
        if !refused {
            open.push(format!("{} {}: {}", route.0, route.1, answer.status));
        }
    }
    assert!(open.is_empty(), "ask `visit.may` first, or name a sound body or query: {open:#?}");
}

#[tokio::test]
async fn which_role_opens_which_page_is_the_golden_table() {
    let app = TestApp::sqlite().await;
    let mut people = Vec::new();
    for role in Role::ALL {
        people.push((*role, app.person(*role, TOWN()).await));
    }
    let mut table: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for route in
        routes().iter().filter(|(path, _)| !OPEN.contains(&path.as_str()) && !OWN.contains(&path.as_str()))
    {
        let line = table.entry(format!("{} {}", route.0, route.1)).or_default();
        for (role, person) in &people {
            let answer = ask(person, route).await;
            if ![StatusCode::FORBIDDEN, StatusCode::NOT_FOUND].contains(&answer.status) {
                line.push(role.key());
            }
        }
    }
    let lines: Vec<String> =
        table.into_iter().map(|(route, roles)| format!("{route}: {}", roles.join(" "))).collect();
    insta::assert_snapshot!(lines.join("\n"));
}
