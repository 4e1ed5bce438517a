//! What auditors see, and what others do not.

use axum::http::{StatusCode, header};
use base::Role;
use db::on_db;
use serde_json::Value;

use crate::audit::{self, Since};
use crate::testing::{Asker, MORNING, TOWN, TestApp, on_both_engines, village};

async fn written(app: &TestApp) {
    let site = &app.app.site;
    site.trail.write(&site.db, site.clock.now()).await.unwrap();
}

/// The actions of the API's first page, newest first.
async fn actions(who: &Asker<'_>, query: &str) -> Vec<String> {
    let page = who.get(&format!("/api/v1/audit?{query}")).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.text);
    let page = page.json();
    let entries = page["entries"].as_array().unwrap();
    entries.iter().map(|entry| entry["action"].as_str().unwrap().to_owned()).collect()
}

async fn newest(app: &TestApp, action: &str) -> Value {
    let auditor = app.person(Role::Auditor, TOWN()).await;
    let page = auditor.get(&format!("/api/v1/audit?action={action}")).await.json();
    page["entries"][0].clone()
}

async fn count(app: &TestApp, action: &str) -> i64 {
    let mut tx = app.test.db.read().await.unwrap();
    let sql = "SELECT COUNT(*) FROM audit_entry WHERE action = $1";
    on_db!(tx, c => sqlx::query_scalar(sql).bind(action).fetch_one(c).await).unwrap()
}

on_both_engines! {
    async fn a_look_at_a_household_leaves_one_entry_in_ten_minutes(app) {
        let cadre = app.village_cadre(village(1)).await;
        for _ in 0..3 {
            assert_eq!(cadre.get("/households/141023105/1").await.status, StatusCode::OK);
            assert_eq!(cadre.get("/api/v1/households/141023105/1").await.status, StatusCode::OK);
        }
        written(app).await;
        assert_eq!(count(app, "household.see").await, 1);
        app.clock.set(MORNING.plus_minutes(11));
        cadre.get("/households/141023105/1").await;
        cadre.get("/households/141023105/2").await;
        written(app).await;
        assert_eq!(count(app, "household.see").await, 3);
        let entry = newest(app, "household.see").await;
        assert_eq!(entry["object"], "household/141023105/2");
        assert_eq!(entry["roles"][0], "village-cadre@141023105200");
    }

    async fn the_village_cadre_sees_who_looked_and_headquarters_does_not(app) {
        let (cadre, headquarters) = (app.village_cadre(village(1)).await, app.headquarters().await);
        headquarters.get("/households/141023105/1").await;
        written(app).await;
        let page = cadre.get("/households/141023105/1").await;
        assert!(page.text.contains("谁看过这一户") && page.text.contains("headquarters"), "{}", page.text);
        let all = cadre.get("/households/141023105/1/readers").await;
        assert!(all.status == StatusCode::OK && all.text.contains("查看一户"), "{}", all.text);
        let own = headquarters.get("/households/141023105/1").await;
        assert!(!own.text.contains("谁看过这一户"), "{}", own.text);
        assert_eq!(headquarters.get("/households/141023105/1/readers").await.status, StatusCode::FORBIDDEN);
        // Another village's cadre, and the auditor, who sees no name.
        let other = app.village_cadre(village(2)).await;
        assert_eq!(other.get("/households/141023105/1/readers").await.status, StatusCode::NOT_FOUND);
        let auditor = app.person(Role::Auditor, TOWN()).await;
        let all = auditor.get("/households/141023105/1/readers").await;
        assert!(all.status == StatusCode::OK && !all.text.contains("户主1"), "{}", all.text);
    }

    async fn a_refusal_is_written_down_once_a_minute_for_each_route(app) {
        let cadre = app.village_cadre(village(2)).await;
        for _ in 0..5 {
            assert_eq!(cadre.get("/households/141023105/1?q=secret").await.status, StatusCode::NOT_FOUND);
            assert_eq!(cadre.get("/accounts").await.status, StatusCode::FORBIDDEN);
        }
        assert_eq!(cadre.get("/nowhere").await.status, StatusCode::NOT_FOUND);
        app.stranger().get("/accounts").await;
        written(app).await;
        assert_eq!(count(app, "access.refuse").await, 2);
        app.clock.set(MORNING.plus_minutes(2));
        cadre.get("/households/141023105/1").await;
        written(app).await;
        assert_eq!(count(app, "access.refuse").await, 3);
        let entry = newest(app, "access.refuse").await;
        assert_eq!(entry["object"], "GET /households/141023105/1");
        assert_eq!(entry["detail"]["status"], 404);
    }

    async fn filters_narrow_by_who_what_about_whom_and_day(app) {
        let cadre = app.village_cadre(village(1)).await;
        let auditor = app.person(Role::Auditor, TOWN()).await;
        cadre.get("/households/141023105/1").await;
        written(app).await;
        app.clock.set(MORNING.plus_minutes(24 * 60));
        let form = [("head", "王建国"), ("house_number", "89号")];
        cadre.change("/households/141023105/2/edit", &form).await;
        assert_eq!(actions(&auditor, "").await, ["household.change", "household.see"]);
        assert_eq!(actions(&auditor, "action=household.see").await, ["household.see"]);
        assert_eq!(actions(&auditor, "about=141023105/2").await, ["household.change"]);
        assert_eq!(actions(&auditor, "about=1").await, ["household.see"]);
        assert_eq!(actions(&auditor, "from=2020-02-04").await, ["household.change"]);
        assert_eq!(actions(&auditor, "until=2020-02-03").await, ["household.see"]);
        let login = auditor.get("/api/v1/audit").await.json()["entries"][0]["login"].clone();
        assert_eq!(actions(&auditor, &format!("who={}", login.as_str().unwrap())).await.len(), 2);
        for wrong in ["who=nobody", "who=%00", "action=x", "about=nobody", "from=3.2.", "until=x", "after=x"] {
            let answer = auditor.get(&format!("/api/v1/audit?{wrong}")).await;
            assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{wrong}");
            let page = auditor.get(&format!("/audit?{wrong}")).await;
            assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{wrong}");
        }
        let none = auditor.get("/audit?action=report.seal").await;
        assert!(none.text.contains("没有记录"), "{}", none.text);
    }

    async fn auditors_see_what_was_done_within_their_division_and_what_is_nobodys(app) {
        let (first, second) = (app.village_cadre(village(1)).await, app.village_cadre(village(2)).await);
        first.get("/households/141023105/1").await;
        second.get("/households/141023105/7").await;
        app.stranger().post("/sign-in", &[("login", "nobody"), ("password", "x")]).await;
        written(app).await;
        let auditor = app.person(Role::Auditor, village(2)).await;
        assert_eq!(actions(&auditor, "").await, ["session.refuse", "household.see"]);
        let about = actions(&auditor, "about=141023105/7").await;
        assert_eq!((about.len(), actions(&auditor, "about=141023105/1").await.len()), (1, 0));
        assert_eq!(first.get("/audit").await.status, StatusCode::FORBIDDEN);
        assert_eq!(first.get("/api/v1/audit").await.status, StatusCode::FORBIDDEN);
    }

    async fn changes_are_told_by_digests_and_no_name_or_number_stands_in_the_trail(app) {
        let cadre = app.village_cadre(village(1)).await;
        let form = [("head", "王建国"), ("house_number", "1号"), ("phone", "12900000412"), ("tags", "living-alone")];
        assert_eq!(cadre.change("/households/141023105/1/edit", &form).await.status, StatusCode::SEE_OTHER);
        let person = [("name", "李秀英"), ("relation", "户主"), ("presence", "away"), ("whereabouts", "某地")];
        assert_eq!(
            cadre.change("/households/141023105/1/residents/1", &person).await.status, StatusCode::SEE_OTHER);
        let turn = [("division", "141023105200001"), ("occupancy", "vacant"), ("from", "2020-02-03")];
        assert_eq!(cadre.post("/households/141023105/1/turn", &turn).await.status, StatusCode::SEE_OTHER);
        let steward = [("name", "接班人"), ("phone", "12900000007"), ("branch", "x"), ("division", "141023105200001")];
        assert_eq!(
            cadre.post("/stewards/people/141023105/1/change", &steward).await.status, StatusCode::SEE_OTHER);
        let vault = &app.app.site.vault;
        let digest = |value: &str| format!("#{}", hex::encode(vault.index(value)));
        let household = newest(app, "household.change").await["detail"]["changes"].clone();
        assert_eq!(household["head"]["before"], digest("户主1"));
        assert_eq!(household["head"]["after"], digest("王建国"));
        assert_eq!(household["phone"]["after"], digest("12900000412"));
        assert_eq!(household["tags"]["after"][0], "living-alone");
        assert_eq!(household["house_number"], Value::Null);
        let resident = newest(app, "resident.change").await["detail"]["changes"].clone();
        assert_eq!(resident["name"]["after"], digest("李秀英"));
        assert_eq!(resident["away"]["after"], true);
        let turned = newest(app, "household.turn").await["detail"]["changes"].clone();
        assert_eq!(turned["occupancy"]["before"], "lived-in");
        assert_eq!(turned["occupancy"]["after"], "vacant");
        let changed = newest(app, "steward.change").await["detail"]["changes"].clone();
        assert_eq!(changed["name"]["before"], digest("包户1"));
        let mut tx = app.test.db.read().await.unwrap();
        let sql = "SELECT detail FROM audit_entry";
        let all: Vec<String> = on_db!(tx, c => sqlx::query_scalar(sql).fetch_all(c).await).unwrap();
        for name in ["王建国", "李秀英", "接班人", "户主1", "129000", "某地"] {
            assert!(all.iter().all(|detail| !detail.contains(name)), "{name}: {all:?}");
        }
    }

    async fn the_list_is_taken_along_with_who_when_and_why(app) {
        let cadre = app.village_cadre(village(1)).await;
        cadre.get("/households/141023105/1").await;
        written(app).await;
        let auditor = app.person(Role::Auditor, TOWN()).await;
        let refused = auditor.post("/audit/export", &[("format", "csv"), ("action", "household.see")]).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.text.contains("请写明用途") && refused.text.contains("value=\"household.see\""));
        let form = [("format", "csv"), ("purpose", "=季度检查"), ("action", "household.see")];
        let list = auditor.post("/audit/export", &form).await;
        assert_eq!(list.status, StatusCode::OK, "{}", list.text);
        assert!(list.text.contains("用途：=季度检查") && list.text.contains("auditor"), "{}", list.text);
        assert!(list.text.contains("查看一户") && list.text.contains("户 141023105/1"), "{}", list.text);
        let form = [("format", "xlsx"), ("purpose", "季度检查")];
        let list = auditor.post("/audit/export", &form).await;
        assert!(list.headers[header::CONTENT_TYPE].to_str().unwrap().contains("spreadsheetml"));
        assert_eq!(count(app, "audit.export").await, 2);
        assert_eq!(newest(app, "audit.export").await["detail"]["purpose"], "季度检查");
    }

    async fn ten_thousand_entries_are_paged_to_the_last(app) {
        let site = &app.app.site;
        let of = |n: i64| {
            let at = MORNING.plus_minutes(n);
            app.clock.set(at);
            (app.clock.new_id(), at, audit::Entry::of_program("sheet.print", "141023105200001", serde_json::json!({})))
        };
        let entries: Vec<_> = (0..10_000).map(of).collect();
        let mut tx = site.db.write().await.unwrap();
        audit::record_all(&mut tx, &entries).await.unwrap();
        tx.commit().await.unwrap();
        let auditor = app.person(Role::Auditor, TOWN()).await;
        let (mut seen, mut after) = (0, String::new());
        loop {
            let page = auditor.get(&format!("/api/v1/audit?after={after}")).await.json();
            seen += page["entries"].as_array().unwrap().len();
            match page["next"].as_str() {
                Some(next) => next.clone_into(&mut after),
                None => break,
            }
        }
        assert_eq!(seen, 10_000);
        let page = auditor.get("/audit").await;
        assert_eq!(page.text.matches("<tr>").count(), 51);
        assert!(page.text.contains("rel=\"next\""));
        let export = auditor.post("/audit/export", &[("format", "csv"), ("purpose", "x")]).await;
        assert!(export.text.lines().count() > 10_000);
    }

    async fn the_page_says_how_far_the_chain_was_verified(app) {
        let site = &app.app.site;
        let auditor = app.person(Role::Auditor, TOWN()).await;
        assert!(auditor.get("/audit").await.text.contains("还没有记录入链"));
        app.village_cadre(village(1)).await.get("/households/141023105/1").await;
        written(app).await;
        audit::link(site, Since::Ever).await.unwrap();
        assert!(auditor.get("/audit").await.text.contains("正在核对"));
        site.trail.set_checked(audit::verify(site, |_, _| ()).await.unwrap());
        let page = auditor.get("/audit").await;
        assert!(page.text.contains("核对到第 1 条"), "{}", page.text);
        let fault = audit::Fault::CutOff { n: 12, last: 14 };
        let checked = audit::Checked { head: None, waiting: 0, fault: Some(fault), at: MORNING };
        site.trail.set_checked(checked);
        let page = auditor.get("/audit").await;
        assert!(page.text.contains("末尾的记录被删掉，从第几条起： 12"), "{}", page.text);
    }
}
