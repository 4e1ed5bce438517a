//! The register's API.

use axum::http::StatusCode;

use super::{IDENTITY, PHONE, add, location};
use crate::testing::{on_both_engines, village};

on_both_engines! {
    async fn households_come_within_scope_and_masked(app) {
        let cadre = app.village_cadre(village(1)).await;
        let path = location(&add(&cadre, &[]).await);
        let page = cadre.get("/api/v1/households").await.json();
        assert_eq!(page["households"].as_array().unwrap().len(), 7);
        assert_eq!(page["next"], serde_json::Value::Null);
        let one = cadre.get(&format!("/api/v1{path}")).await;
        assert!(!one.text.contains(PHONE) && !one.text.contains(IDENTITY));
        let one = one.json();
        assert_eq!(one["phone"], "129****0412");
        assert_eq!(one["responsible"]["contact"], serde_json::Value::Null);
        assert_eq!(one["residents"][0]["relation"], "户主");
        let other = app.village_cadre(village(2)).await;
        assert_eq!(other.get(&format!("/api/v1{path}")).await.status, StatusCode::NOT_FOUND);
        let known = cadre.get("/api/v1/households/141023105/1").await.json();
        assert_eq!(known["responsible"]["contact"]["name"], "包户1");
    }

    async fn a_filter_that_cannot_be_read_is_refused(app) {
        let cadre = app.village_cadre(village(1)).await;
        for wrong in ["under=14102", "tag=rich", "occupancy=full", "contact=some", "after=x"] {
            let answer = cadre.get(&format!("/api/v1/households?{wrong}")).await;
            assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{wrong}");
        }
        for address in ["/households", "/api/v1/households"] {
            for number in ["12900000412", "141023198002090007"] {
                let refused = cadre.get(&format!("{address}?q={number}")).await;
                assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{address}");
                assert!(refused.text.contains("不能写在网址里") && !refused.text.contains(number), "{}", refused.text);
            }
        }
        let added = add(&cadre, &[]).await;
        let sought = serde_json::json!({ "q": PHONE });
        let found = cadre.post_json("/api/v1/households/search", &sought).await;
        assert_eq!(format!("/households/141023105/{}", found.json()["households"][0]["id"]), location(&added));
        let other = app.village_cadre(village(2)).await;
        let found = other.post_json("/api/v1/households/search", &sought).await;
        assert!(found.json()["households"].as_array().unwrap().is_empty());
        let found = cadre.get("/api/v1/households?q=%E6%88%B7%E4%B8%BB3").await.json();
        assert_eq!(found["households"][0]["head"], "户主3");
        assert_eq!(app.stranger().get("/api/v1/households").await.status, StatusCode::UNAUTHORIZED);
    }
}
