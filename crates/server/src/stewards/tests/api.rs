//! The API.

use serde_json::{Value, json};

use super::*;
use crate::testing::on_both_engines;

fn hand_over(nodes: Value, to: Value, from: &str) -> Value {
    json!({ "town": TOWN_CODE, "nodes": nodes, "to": to, "from": from })
}

on_both_engines! {
    async fn coverage_counts_what_has_nobody(app) {
        let (cadre, headquarters) = offices(app).await;
        give(&cadre, group(1, 2), &[home(4, Some(2)), home(5, Some(2))], "none", app.today()).await;
        let told = headquarters.get("/api/v1/coverage/stewards").await.json();
        assert_eq!((&told["villages_open"], &told["groups_open"]), (&json!(2), &json!(4)));
        assert_eq!((&told["households"], &told["households_open"]), (&json!(12), &json!(2)));
        assert_eq!(told["below"][0]["households_open"], 2);
        assert_eq!(told["below"][1]["households_open"], 0);
        // As of yesterday everybody had a contact.
        let told = headquarters.get("/api/v1/coverage/stewards?day=2020-02-02").await.json();
        assert_eq!(told["households_open"], 0);
        let own = cadre.get("/api/v1/coverage/stewards").await.json();
        assert_eq!((&own["division"], &own["households"]), (&json!(village(1).number()), &json!(6)));
    }

    async fn stewardships_are_listed_within_scope_and_by_page(app) {
        let (cadre, headquarters) = offices(app).await;
        appoint(app, &headquarters, "包村乙", village(1)).await;
        let told = cadre.get("/api/v1/stewardships").await.json();
        let rows = told["stewardships"].as_array().unwrap();
        assert_eq!(rows.len(), 7);
        assert_eq!((&rows[0]["level"], &rows[0]["name"]), (&json!("village"), &json!("包村乙")));
        assert_eq!((&rows[1]["node"], &rows[1]["steward"]), (&json!(1), &json!(1)));
        assert_eq!(rows[6]["from"], "2020-01-25");
        let rest = cadre.get("/api/v1/stewardships?after=household:4").await.json();
        assert_eq!(rest["stewardships"].as_array().unwrap().len(), 2);
        let wrong = cadre.get("/api/v1/stewardships?after=x").await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
        let there = format!("/api/v1/stewardships?division={}", village(2));
        assert_eq!(cadre.get(&there).await.status, StatusCode::NOT_FOUND);
    }

    async fn a_hand_over_by_program_is_all_or_nothing(app) {
        let cadre = app.village_cadre(village(1)).await;
        let nodes = json!([
            { "level": "household", "node": 1, "steward": 1 },
            { "level": "household", "node": 4, "steward": 1 },
        ]);
        let refused = cadre.post_json("/api/v1/hand-overs", &hand_over(nodes, json!(2), "2020-02-03")).await;
        assert_eq!(refused.status, StatusCode::CONFLICT);
        assert_eq!(refused.json()["key"], "stewards-changed");
        assert_eq!(answers(app, 1, app.today()).await[0], "包户1");
        let nodes = json!([
            { "level": "household", "node": 1, "steward": 1 },
            { "level": "household", "node": 4, "steward": 2 },
        ]);
        let taken = add(&cadre, "接班人", group(1, 1)).await;
        let done = cadre.post_json("/api/v1/hand-overs", &hand_over(nodes, json!(taken), "2020-02-03")).await;
        assert_eq!((done.status, &done.json()["nodes"]), (StatusCode::OK, &json!(2)));
        assert_eq!(answers(app, 4, app.today()).await[0], "接班人");
        let told = cadre.get("/api/v1/responsible/141023105/4?day=2020-02-02").await.json();
        assert_eq!((&told["contact"]["name"], &told["contact"]["provisional"]), (&json!("包户2"), &json!(false)));
        assert_eq!(told["lead"], Value::Null);
        assert_eq!(cadre.get("/api/v1/responsible/141023105/7").await.status, StatusCode::NOT_FOUND);
        let empty = cadre.post_json("/api/v1/hand-overs", &hand_over(json!([]), json!(2), "2020-02-03")).await;
        assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
        let odd = cadre.post_json("/api/v1/hand-overs", &hand_over(json!([]), json!(2), "3.2.2020")).await;
        assert_eq!(odd.status, StatusCode::UNPROCESSABLE_ENTITY);
    }

    async fn a_hand_over_is_written_down_without_names(app) {
        let cadre = app.village_cadre(village(1)).await;
        give(&cadre, group(1, 1), &[home(1, Some(1))], "2", app.today()).await;
        let mut tx = app.test.db.read().await.unwrap();
        let sql = "SELECT account, object, detail FROM audit_entry WHERE action = 'stewardship.give'";
        let rows: Vec<(Option<i64>, String, String)> =
            db::on_db!(tx, c => sqlx::query_as(sql).fetch_all(c).await).unwrap();
        let [(account, object, detail)] = rows.as_slice() else { panic!("one entry: {rows:?}") };
        assert_eq!((account.is_some(), object.as_str()), (true, "141023105"));
        assert!(detail.contains("household:1:1") && !detail.contains("包户"), "{detail}");
    }
}
