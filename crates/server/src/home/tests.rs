//! Where the home page leads, on both engines.

use axum::http::{StatusCode, header};
use base::{Division, Role};
use serde_json::json;

use crate::testing::{Asker, MORNING, TOWN, on_both_engines, village};

async fn led_to(who: &Asker<'_>) -> String {
    let answer = who.get("/").await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    answer.headers[header::LOCATION].to_str().unwrap().to_owned()
}

on_both_engines! {
    async fn everybody_is_led_to_the_first_place_of_his_own(app) {
        assert_eq!(led_to(&app.contact(village(1)).await).await, "/my-households");
        assert_eq!(led_to(&app.person(Role::SuperiorObserver, TOWN()).await).await, "/round");
        assert_eq!(led_to(&app.person(Role::Publicity, TOWN()).await).await, "/me");
        assert!(app.stranger().get("/").await.headers[header::LOCATION].to_str().unwrap().starts_with("/sign-in"));
    }

    async fn headquarters_sees_the_first_steps_until_the_first_check(app) {
        let headquarters = app.headquarters().await;
        // Nobody has an account yet, and nothing was checked.
        let page = headquarters.get("/").await;
        assert_eq!(page.status, StatusCode::OK, "{}", page.text);
        for part in ["2 个村", "4 个包联的人里，0 个有账号", "12 户里，12 户有人包", "12 户里，0 户查过"] {
            assert!(page.text.contains(part), "{part}: {}", page.text);
        }
        let contact = app.contact(village(1)).await;
        let check = json!({ "id": app.clock.new_id(), "town": 141_023_105, "household": 1, "outcome": "well",
            "happened_at": MORNING });
        contact.post_json("/api/v1/checks", &json!({ "checks": [check] })).await;
        assert_eq!(led_to(&headquarters).await, "/my-households");
        assert!(headquarters.get("/first-steps").await.text.contains("12 户里，1 户查过"));
    }

    async fn whoever_runs_no_town_is_not_led_through_its_first_steps(app) {
        let county = Division::from_code("141023").unwrap();
        let administrator = app.person(Role::Administrator, county).await;
        assert_eq!(led_to(&administrator).await, "/divisions");
        assert_eq!(app.contact(village(1)).await.get("/first-steps").await.status, StatusCode::FORBIDDEN);
    }
}
