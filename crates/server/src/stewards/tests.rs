//! Stewards through the real router, on both engines.

mod ahead;
mod api;
mod pages;
mod plans;
mod posts;
mod reach;

use axum::http::{StatusCode, header};
use base::{Day, Division, Role};

use super::model::{Node, Pick};
use crate::testing::{Answer, Asker, TOWN, TestApp, village};

const TOWN_CODE: i64 = 141_023_105;

fn group(v: i64, g: i64) -> Division {
    village(v).child(g).expect("a group")
}

/// A household with the contact that a screen showed.
fn home(household: i64, shown: Option<i64>) -> String {
    Pick { node: Node::Household(household), shown }.to_string()
}

fn place(division: Division, shown: Option<i64>) -> String {
    Pick { node: Node::Division(division), shown }.to_string()
}

fn street_path(division: Division) -> String {
    format!("/stewards/streets/{}", division.code())
}

/// Gives nodes to a steward from a day on, as the list of a street does.
async fn give(who: &Asker<'_>, street: Division, picks: &[String], to: &str, from: Day) -> Answer {
    let from = from.to_string();
    let mut form: Vec<(&str, &str)> = picks.iter().map(|pick| ("pick", pick.as_str())).collect();
    form.extend([("to", to), ("from", from.as_str())]);
    who.post(&street_path(street), &form).await
}

/// Takes in a steward; answers his number.
async fn add(who: &Asker<'_>, name: &str, division: Division) -> i64 {
    let code = division.code();
    let form =
        [("name", name), ("phone", "12900000007"), ("branch", "第一支部"), ("division", code.as_str())];
    let answer = who.post("/stewards/people", &form).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    let path = answer.headers[header::LOCATION].to_str().expect("a path").to_owned();
    path.rsplit('/').next().and_then(|id| id.parse().ok()).expect("a number")
}

/// Appoints somebody new for a division, from the day of today on.
async fn appoint(app: &TestApp, who: &Asker<'_>, name: &str, division: Division) -> i64 {
    let id = add(who, name, division).await;
    let (pick, to, from) = (place(division, None), id.to_string(), app.today().to_string());
    let path = format!("/stewards/nodes/{}", division.code());
    let answer = who.post(&path, &[("pick", &pick), ("to", &to), ("from", &from)]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    id
}

/// Contact, lead and cadre of a household on a day: names, with * for provisional and ~ for a
/// stand-in.
async fn answers(app: &TestApp, household: i64, day: Day) -> [String; 3] {
    let mut tx = app.test.db.read().await.unwrap();
    let vault = &app.app.site.vault;
    let found = super::responsible(&mut tx, vault, TOWN_CODE, household, day).await.unwrap().unwrap();
    let short = |answerer: Option<super::Answerer>| match answerer {
        None => "-".to_owned(),
        Some(a) => {
            let provisional = if a.provisional { "*" } else { "" };
            format!("{}{provisional}{}", a.name, if a.stands_in_for.is_some() { "~" } else { "" })
        }
    };
    [short(found.contact), short(found.lead), short(found.cadre)]
}

/// A person of the village's office, and one of the town's headquarters.
async fn offices(app: &TestApp) -> (Asker<'_>, Asker<'_>) {
    (app.village_cadre(village(1)).await, app.person(Role::Headquarters, TOWN()).await)
}
