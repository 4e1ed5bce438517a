//! Requests of residents, through the real router, on both engines.

use axum::http::StatusCode;
use base::Role;
use db::on_db;
use serde_json::json;

use crate::testing::{Answer, Asker, MORNING, TOWN, TestApp, on_both_engines, village};

const DAY: i64 = 24 * 60;
const IDENTITY: &str = "141023198002090007";

/// What resident 1 asks; the page of the request.
async fn ask(who: &Asker<'_>, kind: &str) -> String {
    let form = [("resident", "1"), ("kind", kind), ("wish", "都记了我什么")];
    let answer = who.post("/rights/new/141023105/1", &form).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    answer.headers["location"].to_str().unwrap().to_owned()
}

async fn step(who: &Asker<'_>, page: &str, end: &str, form: &[(&str, &str)]) -> Answer {
    who.post(&format!("{page}/{end}"), form).await
}

/// Gives resident 1 an identity number.
async fn number(app: &TestApp) {
    let sealed = app.app.site.vault.seal(IDENTITY);
    let mut tx = app.test.db.write().await.unwrap();
    let sql = "UPDATE resident SET identity_sealed = $1 WHERE id = 1";
    on_db!(tx, c => sqlx::query(sql).bind(sealed).execute(c).await.map(|_| ())).unwrap();
    tx.commit().await.unwrap();
}

on_both_engines! {
    async fn a_request_is_taken_in_handled_answered_and_closed(app) {
        let cadre = app.village_cadre(village(1)).await;
        let form = cadre.get("/rights/new/141023105/1").await.text;
        assert!(form.contains("为防控疫情") && form.contains("第 1 版告知"), "{form}");
        assert!(form.contains("2020-02-24 前答复"), "fifteen working days: {form}");
        let page = ask(&cadre, "access").await;
        assert!(cadre.get("/rights").await.text.contains("1 件待答复"));
        assert_eq!(step(&cadre, &page, "closure", &[]).await.status, StatusCode::CONFLICT, "nothing was answered");
        assert_eq!(step(&cadre, &page, "taking", &[]).await.status, StatusCode::SEE_OTHER);
        assert_eq!(step(&cadre, &page, "taking", &[]).await.status, StatusCode::CONFLICT);
        let empty = step(&cadre, &page, "answer", &[("answer", " ")]).await;
        assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(empty.text.contains("请写怎么答复的"), "{}", empty.text);
        assert_eq!(step(&cadre, &page, "answer", &[("answer", "已当面交给本人")]).await.status, StatusCode::SEE_OTHER);
        assert_eq!(step(&cadre, &page, "closure", &[]).await.status, StatusCode::SEE_OTHER);
        let told = cadre.get(&page).await.text;
        for word in ["都记了我什么", "已当面交给本人", "办结", "第 1 版告知"] {
            assert!(told.contains(word), "{word}: {told}");
        }
        assert!(cadre.get("/rights").await.text.contains("没有待答复的申请"));
    }

    async fn who_is_late_is_seen(app) {
        let cadre = app.village_cadre(village(1)).await;
        ask(&cadre, "correction").await;
        app.clock.set(MORNING.plus_minutes(21 * DAY));
        assert!(!cadre.get("/rights").await.text.contains("过期未答复"));
        app.clock.set(MORNING.plus_minutes(22 * DAY));
        assert!(cadre.get("/rights").await.text.contains("过期未答复"));
    }

    async fn the_sheet_is_whole_and_says_who_looked_and_is_written_down(app) {
        number(app).await;
        let cadre = app.village_cadre(village(1)).await;
        let answers = json!({ "residents": [{ "resident": 1, "temperature": 38.2 }, { "resident": 2, "temperature": 36.6 }] });
        let check = json!({ "id": app.clock.new_id().to_string(), "town": 141_023_105, "household": 1,
            "outcome": "detailed", "happened_at": MORNING, "answers": answers });
        cadre.post_json("/api/v1/checks", &json!({ "checks": [check] })).await;
        cadre.get("/households/141023105/1").await;
        app.app.site.trail.write(&app.test.db, app.clock.now()).await.unwrap();
        let page = ask(&cadre, "access").await;
        assert!(!cadre.get(&page).await.text.contains(IDENTITY), "masked for the office");
        let without = step(&cadre, &page, "sheet", &[("purpose", "")]).await;
        assert_eq!(without.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(!without.text.contains(IDENTITY));
        let sheet = step(&cadre, &page, "sheet", &[("purpose", "本人申请查阅")]).await;
        assert_eq!(sheet.status, StatusCode::OK);
        for word in [IDENTITY, "居民1", "38.2", "发热", "用途：本人申请查阅", "查看一户"] {
            assert!(sheet.text.contains(word), "{word}: {}", sheet.text);
        }
        assert!(!sheet.text.contains("36.6") && !sheet.text.contains("居民2"), "nobody else's: {}", sheet.text);
        let mut tx = app.test.db.read().await.unwrap();
        let sql = "SELECT detail FROM audit_entry WHERE action = 'rights.sheet'";
        let detail: String = on_db!(tx, c => sqlx::query_scalar(sql).fetch_one(c).await).unwrap();
        assert!(detail.contains("本人申请查阅") && !detail.contains(IDENTITY), "{detail}");
    }

    async fn a_deletion_says_what_stays_and_why(app) {
        let cadre = app.village_cadre(village(1)).await;
        let page = ask(&cadre, "deletion").await;
        let told = cadre.get(&page).await.text;
        for word in ["还不能删除的", "住户、居民、包户人", "保存到防控结束", "《传染病防治法》第十二条", "长期保存"] {
            assert!(told.contains(word), "{word}: {told}");
        }
    }

    async fn another_village_and_who_does_no_such_work_see_no_request(app) {
        let cadre = app.village_cadre(village(1)).await;
        let page = ask(&cadre, "access").await;
        let other = app.village_cadre(village(2)).await;
        assert_eq!(other.get(&page).await.status, StatusCode::NOT_FOUND);
        assert_eq!(step(&other, &page, "sheet", &[("purpose", "x")]).await.status, StatusCode::NOT_FOUND);
        assert_eq!(other.get("/rights/new/141023105/1").await.status, StatusCode::NOT_FOUND);
        assert!(!other.get("/rights").await.text.contains("居民1"));
        let police = app.person(Role::Police, TOWN()).await;
        assert_eq!(police.get("/rights").await.status, StatusCode::FORBIDDEN);
        assert_eq!(app.headquarters().await.get(&page).await.status, StatusCode::OK);
    }

    async fn what_people_are_told_is_open_to_everybody(app) {
        let notice = app.stranger().get("/notice").await;
        assert_eq!(notice.status, StatusCode::OK);
        for word in ["为防控疫情", "第 1 版告知", "保存 90 天", "15 个工作日内答复"] {
            assert!(notice.text.contains(word), "{word}: {}", notice.text);
        }
        let form = app.village_cadre(village(1)).await.get("/households/141023105/1/residents").await.text;
        assert!(form.contains("href=\"/notice\""), "{form}");
    }

    async fn what_was_asked_is_sealed_and_goes_with_its_time(app) {
        let cadre = app.village_cadre(village(1)).await;
        let page = ask(&cadre, "access").await;
        let there = crate::testing::copied(app).await;
        assert!(!there.windows("都记了我什么".len()).any(|part| part == "都记了我什么".as_bytes()));
        step(&cadre, &page, "answer", &[("answer", "给了")]).await;
        app.clock.set(MORNING.plus_minutes(1_200 * DAY));
        crate::retention::destroy_due(&app.app.site).await.unwrap();
        assert_eq!(app.village_cadre(village(1)).await.get(&page).await.status, StatusCode::OK, "still open");
        let cadre = app.village_cadre(village(1)).await;
        step(&cadre, &page, "closure", &[]).await;
        app.clock.set(MORNING.plus_minutes(2_400 * DAY));
        crate::retention::destroy_due(&app.app.site).await.unwrap();
        assert_eq!(app.village_cadre(village(1)).await.get(&page).await.status, StatusCode::NOT_FOUND);
    }
}
