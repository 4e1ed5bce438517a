//! The figures of key persons open to the people.

use super::*;
use crate::access::Scope;
use crate::rounds::as_of::AsOf;
use crate::rounds::key::{Asking, KeyPerson, List, Show};

fn reading(household: i64, at: Moment, people: &[(i64, f64)]) -> Value {
    let residents = people.iter().map(|(id, degrees)| json!({ "resident": id, "temperature": degrees }));
    detailed(household, at, json!({ "residents": residents.collect::<Vec<_>>() }))
}

/// The names on a list of key persons.
async fn names(who: &Asker<'_>, division: &str, query: &str) -> Vec<String> {
    let page = who.get(&format!("/round/{division}/2020-02-03/key-persons?{query}")).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.text);
    let name = |part: &str| part.split('<').next().unwrap_or_default().to_owned();
    page.text.split("class=\"name\"><b>").skip(1).map(name).collect()
}

const ALL: &str = "141023105000000";

on_both_engines! {
    async fn each_figure_of_key_persons_opens_to_as_many_people(app) {
        for resident in [1, 2, 3, 13] {
            list_key_person(&app.test.db, resident, app.today().previous()).await;
        }
        let headquarters = app.headquarters().await;
        let wrong = reading(2, MORNING, &[(3, 38.4)]);
        let mut put_right = reading(2, MORNING.plus_minutes(1), &[(3, 36.4)]);
        put_right["corrects"] = wrong["id"].clone();
        let yesterday = MORNING.plus_minutes(-24 * 60);
        let checks = vec![
            reading(1, yesterday, &[(1, 38.0)]),
            reading(1, MORNING, &[(1, 36.8), (2, 36.5)]),
            reading(1, MORNING.plus_minutes(60), &[(1, 37.9)]),
            wrong,
            put_right,
            // Nobody's key person, however hot.
            reading(3, MORNING, &[(5, 39.0)]),
        ];
        app.clock.set(MORNING.plus_minutes(60));
        assert!(enter(&headquarters, checks).await.iter().all(|told| told == "stored"));
        let figures = [KEY_MEASURED, KEY_FEVERISH];
        let mut counted = Vec::new();
        for indicator in figures {
            counted.push(figure(app, indicator).await);
        }
        assert_eq!(counted, [3, 1]);
        assert_eq!(names(&headquarters, ALL, "").await, ["居民1", "居民2", "居民3", "居民13"]);
        assert_eq!(names(&headquarters, ALL, "show=measured").await, ["居民1", "居民2", "居民3"]);
        assert_eq!(names(&headquarters, ALL, "show=missing").await, ["居民13"]);
        assert_eq!(names(&headquarters, ALL, "show=feverish").await, ["居民1"]);
        assert_eq!(names(&headquarters, ALL, "total=true").await, ["居民1", "居民1"]);
        assert_eq!(names(&headquarters, "141023105201000", "").await, ["居民13"]);
        let before = format!("show=feverish&before={}", MORNING.plus_minutes(30).0);
        assert!(names(&headquarters, ALL, &before).await.is_empty());
    }

    async fn key_persons_are_seen_by_who_sees_findings_there(app) {
        list_key_person(&app.test.db, 1, app.today()).await;
        let path = |division: &str| format!("/round/{division}/2020-02-03/key-persons");
        let police = app.person(Role::Police, TOWN()).await;
        assert_eq!(police.get(&path(ALL)).await.status, StatusCode::FORBIDDEN);
        let neighbour = app.village_cadre(village(2)).await;
        for division in [ALL, "141023105200000"] {
            assert_eq!(neighbour.get(&path(division)).await.status, StatusCode::NOT_FOUND, "{division}");
        }
        assert_eq!(neighbour.get(&(path("141023105201000") + "?show=tall")).await.status, StatusCode::NOT_FOUND);
    }

    async fn programs_read_key_persons_as_the_page_shows_them(app) {
        for resident in [1, 3, 13] {
            list_key_person(&app.test.db, resident, app.today().previous()).await;
        }
        let headquarters = app.headquarters().await;
        let yesterday = MORNING.plus_minutes(-24 * 60);
        let sent = vec![reading(1, yesterday, &[(1, 38.0)]), reading(1, MORNING, &[(1, 37.9)]), reading(2, MORNING, &[(3, 36.5)])];
        enter(&headquarters, sent).await;
        let api = |query: &str| format!("/api/v1/key-persons?division={ALL}{query}");
        let told = async |query: &str| -> Vec<(i64, Value)> {
            let answer = headquarters.get(&api(query)).await;
            assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
            let answer = answer.json();
            assert_eq!(answer["next"], Value::Null);
            let people = answer["people"].as_array().unwrap().iter();
            people.map(|one| (one["resident"].as_i64().unwrap(), one["temperature"].clone())).collect()
        };
        assert_eq!(told("").await, [(1, json!(37.9)), (3, json!(36.5)), (13, Value::Null)]);
        assert_eq!(told("&show=missing").await, [(13, Value::Null)]);
        assert_eq!(told("&total=true").await, [(1, json!(37.9)), (1, json!(38.0))]);
        assert_eq!(told("&day=2020-02-02&show=measured").await, [(1, json!(38.0))]);
        assert_eq!(told(&format!("&show=measured&before={}", MORNING.0)).await, []);
        for (query, status) in [
            ("&show=tall", StatusCode::UNPROCESSABLE_ENTITY),
            ("&after=here", StatusCode::UNPROCESSABLE_ENTITY),
            ("&day=2020-02-04", StatusCode::NOT_FOUND),
            ("&day=today", StatusCode::BAD_REQUEST),
        ] {
            assert_eq!(headquarters.get(&api(query)).await.status, status, "{query}");
        }
        let neighbour = app.village_cadre(village(2)).await;
        assert_eq!(neighbour.get(&api("")).await.status, StatusCode::NOT_FOUND);
        let police = app.person(Role::Police, TOWN()).await;
        assert_eq!(police.get(&api("")).await.status, StatusCode::FORBIDDEN);
    }

    async fn a_list_of_key_persons_is_read_page_by_page(app) {
        for resident in 1..=12 {
            list_key_person(&app.test.db, resident, app.today().plus(-3)).await;
        }
        let headquarters = app.headquarters().await;
        let mut sent = Vec::new();
        for days in 0..2 {
            let at = MORNING.plus_minutes(-days * 24 * 60);
            sent.extend((1..=6).map(|household| reading(household, at, &[(2 * household, 38.0 + f64::from(days as i32) / 10.0)])));
        }
        enter(&headquarters, sent).await;
        let scope = Scope::of_command(TOWN(), app.today());
        let playbook = &app.app.site.playbook;
        let as_of = AsOf { town: TOWN(), day: app.today(), before: None, playbook };
        let mut tx = app.test.db.read().await.unwrap();
        for (list, number) in [
            (List::OfDay(Show::Due), 12),
            (List::OfDay(Show::Measured), 6),
            (List::OfDay(Show::Missing), 6),
            (List::FeverishSoFar, 12),
        ] {
            let asking = Asking { scope: &scope, division: TOWN(), as_of, list };
            let whole: Vec<_> = asking.page(&mut tx, None, 100).await.unwrap().0;
            let key = |one: &KeyPerson| (one.row.day, one.row.resident);
            assert_eq!(whole.len(), number, "{list:?}");
            let (mut pages, mut after) = (Vec::new(), None);
            loop {
                let (people, next) = asking.page(&mut tx, after, 5).await.unwrap();
                assert!(people.len() <= 5 && !people.is_empty(), "{list:?}");
                pages.extend(people.iter().map(key));
                // As it comes back in an address.
                after = next.map(|next| next.to_string().parse().unwrap());
                if after.is_none() {
                    break;
                }
            }
            assert_eq!(pages, whole.iter().map(key).collect::<Vec<_>>(), "{list:?}");
        }
        let asking = Asking { scope: &scope, division: TOWN(), as_of, list: List::FeverishSoFar };
        assert_eq!(asking.fevers_so_far(&mut tx).await.unwrap(), 12);
    }
}

#[tokio::test]
async fn fevers_so_far_are_found_in_an_index_of_their_own() {
    let app = TestApp::sqlite().await;
    let mut tx = app.test.db.read().await.unwrap();
    let sql = "EXPLAIN QUERY PLAN SELECT f.day, f.division, f.household FROM round_standing f \
               WHERE f.key_feverish > 0 AND f.town = 141023105 AND f.day <= 20200203 \
               AND f.division BETWEEN 141023105000000 AND 141023105999999";
    let plan: Vec<(i64, i64, i64, String)> =
        db::on_db!(&mut tx, c => sqlx::query_as(sql).fetch_all(c).await).unwrap();
    assert!(plan.iter().any(|step| step.3.contains("round_standing_key_fever")), "{plan:?}");
}
