//! What was changed is told: what, from what to what, by whom, from which source.

use axum::http::StatusCode;
use serde_json::json;

use super::import::{confirm, count, family, preview};
use super::{PHONE, add, location};
use crate::testing::{Asker, MORNING, TestApp, on_both_engines, village};

/// The history of a household in words, the newest first.
async fn history(who: &Asker<'_>, household: i64) -> String {
    let page = who.get(&format!("/households/141023105/{household}/history")).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.text);
    page.text
}

async fn check(
    app: &TestApp,
    who: &Asker<'_>,
    outcome: &str,
    answers: serde_json::Value,
    corrects: Option<&str>,
) -> String {
    let id = app.clock.new_id().to_string();
    let check = json!({ "id": id, "town": 141_023_105, "household": 1, "happened_at": MORNING, "outcome": outcome,
        "answers": answers, "corrects": corrects });
    let answer = who.post_json("/api/v1/checks", &json!({ "checks": [check] })).await;
    assert_eq!(answer.json()["results"][0]["result"], "stored", "{}", answer.text);
    id
}

on_both_engines! {
    async fn a_form_is_told_with_what_stood_before_and_numbers_masked(app) {
        let cadre = app.village_cadre(village(1)).await;
        assert!(history(&cadre, 1).await.contains("还没有改动"));
        let form = [("name", "李建国"), ("phone", PHONE), ("sex", "male"), ("relation", "户主")];
        let saved = cadre.change("/households/141023105/1/residents/1", &form).await;
        assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.text);
        let page = history(&cadre, 1).await;
        for told in ["李建国</a> · 改资料", "姓名：居民1 → 李建国", "电话：空 → 129****0412", "性别：空 → 男",
            "village-cadre1 (村干部) · 手工填写", "2月3日"] {
            assert!(page.contains(told), "{told}: {page}");
        }
        assert!(!page.contains(PHONE));
        // The same again changes nothing, and is not told.
        let before = count(app, "register_change").await;
        cadre.change("/households/141023105/1/residents/1", &form).await;
        assert_eq!(count(app, "register_change").await, before);
        let own = cadre.get("/households/141023105/1/residents/1/history").await.text;
        assert!(own.contains("李建国的履历") && own.contains("姓名：居民1 → 李建国"));
        let other = app.village_cadre(village(2)).await;
        for path in ["history", "residents/1/history"] {
            let answer = other.get(&format!("/households/141023105/1/{path}")).await;
            assert_eq!(answer.status, StatusCode::NOT_FOUND);
        }
    }

    async fn a_household_and_what_became_of_it_is_told(app) {
        let cadre = app.headquarters().await;
        let path = location(&add(&cadre, &[]).await);
        let id = path.rsplit('/').next().unwrap().parse().unwrap();
        let facts = [("house_number", "89号"), ("head", "王建国"), ("tags", "living-alone")];
        assert_eq!(cadre.change(&format!("{path}/edit"), &facts).await.status, StatusCode::SEE_OTHER);
        for (division, occupancy) in [("141023105201001", "lived-in"), ("141023105201001", "away"), ("", "closed")] {
            let form = [("division", division), ("occupancy", occupancy), ("from", "2020-02-03")];
            assert_eq!(cadre.post(&format!("{path}/turn"), &form).await.status, StatusCode::SEE_OTHER);
        }
        let page = history(&cadre, id).await;
        let told = ["销户", "住没住人变了", "住没住人：有人住 → 全家在外", "搬迁", "村、组：东街村 一组 → 北街村 一组",
            "门牌：88号 → 89号", "标签：空 → 独居", "登记入册"];
        let places: Vec<_> = told.iter().map(|told| page.find(told).unwrap_or_else(|| panic!("{told}: {page}"))).collect();
        // The newest first.
        assert!(places.is_sorted(), "{places:?}");
    }

    async fn what_a_check_tells_is_told_and_what_it_does_not_tell_leaves_nothing(app) {
        let contact = app.contact(village(1)).await;
        let before = count(app, "register_change").await;
        check(app, &contact, "well", json!(null), None).await;
        check(app, &contact, "detailed", json!({ "residents": [{ "resident": 1, "temperature": 36.5 }] }), None).await;
        assert_eq!(count(app, "register_change").await, before);
        let away = json!({ "residents": [{ "resident": 1, "away": { "place": "临汾", "since": "2020-02-02" } }] });
        let told = check(app, &contact, "detailed", away, None).await;
        let page = history(&contact, 1).await;
        for told in ["居民1</a> · 外出", "在不在家：在家 → 在外", "在外地点：空 → 临汾", "每日排查"] {
            assert!(page.contains(told), "{told}: {page}");
        }
        check(app, &contact, "withdrawn", json!(null), Some(&told)).await;
        let page = history(&contact, 1).await;
        assert!(page.contains("居民1</a> · 回来") && page.contains("在外地点：临汾 → 空"), "{page}");
        assert_eq!(count(app, "register_change").await, before + 2);
    }

    async fn who_came_by_a_list_says_by_which(app) {
        let cadre = app.village_cadre(village(1)).await;
        let (path, page) = preview(&cadre, &family()).await;
        confirm(&cadre, &path, &page, "false").await;
        let imported = path.replace("/import/", "/imports/");
        let page = history(&cadre, 13).await;
        assert!(page.contains("王小兵</a> · 登记入册") && page.contains(&format!("href=\"{imported}\">导入的表")), "{page}");
        // A contact does not see the list.
        let page = history(&app.contact(village(1)).await, 13).await;
        assert!(page.contains("导入的表") && !page.contains(&imported), "{page}");
    }
}
