//! The page of what is kept.

use axum::http::StatusCode;
use base::Role;

use crate::retention::destroy_due;
use crate::testing::{MORNING, TOWN, on_both_engines, village};

on_both_engines! {
    async fn the_page_tells_each_kind_its_rule_ground_and_day_and_what_was_destroyed(app) {
        let headquarters = app.headquarters().await;
        let page = headquarters.get("/records").await.text;
        for told in [
            "排查记录", "保存 90 天", "《个人信息保护法》第十九条", "保存到防控结束", "长期保存",
            "每天夜里销毁到期的记录，下一次：2月4日 周二 2:30", "第 2 版", "还没有记录到期",
        ] {
            assert!(page.contains(told), "{told}: {page}");
        }
        let cadre = app.village_cadre(village(1)).await;
        let check = serde_json::json!({ "id": app.clock.new_id().to_string(), "town": 141_023_105,
            "household": 1, "outcome": "well", "happened_at": MORNING });
        cadre.post_json("/api/v1/checks", &serde_json::json!({ "checks": [check] })).await;
        let page = headquarters.get("/records").await.text;
        assert!(page.contains("2020-05-04"), "when the oldest goes: {page}");
        app.clock.set(MORNING.plus_minutes(91 * 24 * 60));
        destroy_due(&app.app.site).await.unwrap();
        let page = headquarters.get("/records").await.text;
        assert!(page.contains("排查记录，2020-02-03 这一天的") && page.contains("保存 90 天 (outbreak-123456/2)"), "{page}");
    }

    async fn who_keeps_the_rules_sees_the_page_and_nobody_else(app) {
        for role in [Role::Headquarters, Role::Administrator, Role::Auditor] {
            assert_eq!(app.person(role, TOWN()).await.get("/records").await.status, StatusCode::OK, "{role}");
        }
        for role in [Role::VillageCadre, Role::SuperiorObserver] {
            let answer = app.person(role, TOWN()).await.get("/records").await;
            assert_eq!(answer.status, StatusCode::FORBIDDEN, "{role}");
        }
    }
}
