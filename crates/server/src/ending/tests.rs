//! The end: two words, nothing left of anybody, figures and a certificate, on both engines.

use std::collections::BTreeSet;

use axum::http::StatusCode;
use base::Role;
use db::on_db;
use serde_json::json;

use super::{Certificate, Done, NotEnded, Verdict, end};
use crate::audit;
use crate::backup;
use crate::rounds::recount;
use crate::site::Settings;
use crate::tally;
use crate::testing::{Asker, MORNING, TOWN, TestApp, copied, on_both_engines, village};
use crate::vault::{Key, Source};

const NAME: [(&str, &str); 1] = [("name", "襄陵镇")];
const IDENTITY: &str = "141023198002090007";
const PHONE: &str = "12900000412";

/// A household with numbers, a steward with one, a check that tells of people, an import that waits.
async fn lived_in(app: &TestApp) {
    let cadre = app.village_cadre(village(1)).await;
    let form = [
        ("division", "141023105200001"),
        ("house_number", "88号"),
        ("head", "王建国"),
        ("address", "老槐树下"),
        ("phone", PHONE),
        ("occupancy", "lived-in"),
        ("from", "2020-02-01"),
    ];
    let added = cadre.post("/households", &form).await;
    assert_eq!(added.status, StatusCode::SEE_OTHER, "{}", added.text);
    let at = added.headers["location"].to_str().unwrap().to_owned();
    let person = [("name", "李秀英"), ("relation", "配偶"), ("presence", "present"), ("identity", IDENTITY)];
    let added = cadre.post(&format!("{at}/residents"), &person).await;
    assert_eq!(added.status, StatusCode::SEE_OTHER, "{}", added.text);
    let steward =
        [("name", "接班人甲"), ("phone", "12900000007"), ("branch", ""), ("division", "141023105200001")];
    cadre.post("/stewards/people", &steward).await;
    let answers = json!({
        "residents": [{ "resident": 2, "back": { "from": "武汉汉口", "on": "2020-02-01" } }],
        "visitors": [{ "name": "远房来客", "from": "临汾" }], "note": "住在西屋",
    });
    let check = json!({ "id": app.clock.new_id().to_string(), "town": 141_023_105, "household": 1,
        "outcome": "detailed", "happened_at": MORNING, "answers": answers });
    let entered = cadre.post_json("/api/v1/checks", &json!({ "checks": [check] })).await;
    assert_eq!(entered.json()["results"][0]["result"], "stored", "{}", entered.text);
}

async fn agreed(app: &TestApp) -> (Asker<'_>, Asker<'_>) {
    let (headquarters, admin) = (app.headquarters().await, app.person(Role::Administrator, TOWN()).await);
    let asked = headquarters.post("/ending/request", &NAME).await;
    assert_eq!(asked.status, StatusCode::SEE_OTHER, "{}", asked.text);
    let page = admin.get("/ending").await;
    let asked_at = page.value("asked_at").to_owned();
    let agreed = admin.post("/ending/agreement", &[NAME[0], ("asked_at", &asked_at)]).await;
    assert_eq!(agreed.status, StatusCode::SEE_OTHER, "{}", agreed.text);
    (headquarters, admin)
}

async fn carry_out(app: &TestApp, name: &str) -> Result<Done, NotEnded> {
    end(&app.app.site, name, &app.keys.path().join("backup.key")).await
}

async fn count(app: &TestApp, sql: &'static str) -> i64 {
    let mut tx = app.test.db.read().await.unwrap();
    on_db!(tx, c => sqlx::query_scalar(sql).fetch_one(c).await).unwrap()
}

async fn figures(app: &TestApp) -> BTreeSet<(i64, String, i64)> {
    let mut tx = app.test.db.read().await.unwrap();
    tally::rows(&mut tx, TOWN().town(), app.today()).await.unwrap().into_iter().collect()
}

on_both_engines! {
    async fn nothing_is_left_of_anybody_and_the_figures_stay(app) {
        lived_in(app).await;
        let (headquarters, _) = agreed(app).await;
        backup::Key::make(&app.keys.path().join("backup.key")).unwrap();
        let figures = figures(app).await;
        let names = ["王建国", "李秀英", "居民1", "户主1", "接班人甲", "远房来客", "武汉汉口", "住在西屋", "老槐树下", "包户1"];
        let there = copied(app).await;
        let holds = |content: &[u8], text: &str| content.windows(text.len()).any(|part| part == text.as_bytes());
        for name in names {
            assert!(holds(&there, name), "{name} is looked for in the right place");
        }
        let done = carry_out(app, "襄陵镇").await.unwrap();
        let left = copied(app).await;
        for name in names.iter().chain(&[IDENTITY, PHONE]) {
            assert!(!holds(&left, name), "{name} is left");
        }
        for table in [
            "SELECT COUNT(*) FROM household", "SELECT COUNT(*) FROM resident", "SELECT COUNT(*) FROM steward",
            "SELECT COUNT(*) FROM round_check", "SELECT COUNT(*) FROM round_standing", "SELECT COUNT(*) FROM finding",
            "SELECT COUNT(*) FROM session", "SELECT COUNT(*) FROM account WHERE phone_sealed IS NOT NULL",
        ] {
            assert_eq!(count(app, table).await, 0, "{table}");
        }
        assert_eq!(crate::ending::tests::figures(app).await, figures);
        let mut tx = app.test.db.read().await.unwrap();
        assert!(recount(&mut tx, &app.app.site.playbook, TOWN().town()).await.unwrap().agrees());
        drop(tx);
        app.app.site.people.forget();
        assert_eq!(headquarters.get("/records").await.headers["location"], "/sign-in?next=%2Frecords");
        let certificate = Certificate::parse(&done.certificate).unwrap();
        let body = certificate.body().unwrap();
        assert_eq!(Certificate::verify(&done.certificate, None), Verdict::Genuine(certificate.key));
        assert_eq!(body.towns[0].name, "襄陵镇");
        assert!(body.destroyed["register"] > 30 && body.destroyed["checks"] == 2, "{:?}", body.destroyed);
        assert_eq!(body.keys.len(), 2, "of the vault and of the backups");
    }

    async fn the_keys_are_gone_and_the_trail_can_still_be_verified(app) {
        lived_in(app).await;
        agreed(app).await;
        let (vault, old) = (&app.app.site.vault, Key::new([7; 32]));
        let sealed = vault.seal(IDENTITY);
        backup::Key::make(&app.keys.path().join("backup.key")).unwrap();
        carry_out(app, "襄陵镇").await.unwrap();
        assert_eq!(vault.open(&sealed), None, "a copy elsewhere is closed for good");
        let keys = Source::file(app.keys.path()).read().await.unwrap().unwrap();
        assert!(keys.len() == 1 && keys[0].id() != old.id());
        assert!(!app.keys.path().join("backup.key").exists());
        let checked = audit::verify(&app.app.site, |_, _| ()).await.unwrap();
        assert_eq!((checked.fault, checked.waiting), (None, 0));
    }

    async fn two_people_have_to_agree_and_either_may_take_it_back(app) {
        let (headquarters, admin) = (app.headquarters().await, app.person(Role::Administrator, TOWN()).await);
        assert!(matches!(carry_out(app, "襄陵镇").await, Err(NotEnded::NotAsked(_))));
        let wrong = headquarters.post("/ending/request", &[("name", "襄汾")]).await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(wrong.text.contains("请照样输入镇的名称"));
        assert_eq!(admin.post("/ending/request", &NAME).await.status, StatusCode::FORBIDDEN);
        assert_eq!(headquarters.post("/ending/agreement", &NAME).await.status, StatusCode::FORBIDDEN);
        headquarters.post("/ending/request", &NAME).await;
        assert!(matches!(carry_out(app, "襄陵镇").await, Err(NotEnded::NotAgreed(_))));
        // Agreed to what was asked before it was taken back and asked anew: refused.
        let seen = admin.get("/ending").await.value("asked_at").to_owned();
        assert_eq!(headquarters.post("/ending/withdrawal", &[]).await.status, StatusCode::SEE_OTHER);
        app.clock.set(MORNING.plus_minutes(1));
        headquarters.post("/ending/request", &NAME).await;
        let late = admin.post("/ending/agreement", &[NAME[0], ("asked_at", &seen)]).await;
        assert_eq!(late.status, StatusCode::CONFLICT);
        let seen = admin.get("/ending").await.value("asked_at").to_owned();
        assert_eq!(admin.post("/ending/agreement", &[NAME[0], ("asked_at", &seen)]).await.status, StatusCode::SEE_OTHER);
        assert!(matches!(carry_out(app, "襄陵").await, Err(NotEnded::OtherName(_))));
        assert_eq!(count(app, "SELECT COUNT(*) FROM household").await, 12, "nothing was touched");
        assert!(admin.get("/ending").await.text.contains("firebreak end --town-name 襄陵镇"));
        assert_eq!(admin.post("/ending/withdrawal", &[]).await.status, StatusCode::SEE_OTHER);
        assert!(matches!(carry_out(app, "襄陵镇").await, Err(NotEnded::NotAsked(_))));
    }

    async fn one_person_with_both_roles_is_not_two(app) {
        let headquarters = app.headquarters().await;
        let mut tx = app.test.db.write().await.unwrap();
        let sql = "INSERT INTO appointment (account, role, division) VALUES ($1, 'administrator', 141023105000000)";
        on_db!(tx, c => sqlx::query(sql).bind(headquarters.account).execute(c).await.map(|_| ())).unwrap();
        tx.commit().await.unwrap();
        app.app.site.people.forget();
        headquarters.post("/ending/request", &NAME).await;
        let at = app.clock.now().0.to_string();
        let own = headquarters.post("/ending/agreement", &[NAME[0], ("asked_at", &at)]).await;
        assert_eq!(own.status, StatusCode::CONFLICT);
    }

    async fn an_end_that_was_cut_off_is_finished_by_the_next(app) {
        lived_in(app).await;
        agreed(app).await;
        let site = &app.app.site;
        // As far as the records, and no further.
        let mut tx = site.db.write().await.unwrap();
        crate::ending::store::close(&mut tx, app.today()).await.unwrap();
        tx.commit().await.unwrap();
        crate::retention::destroy_all(site, &[TOWN().town()]).await.unwrap();
        let first = carry_out(app, "襄陵镇").await.unwrap();
        let body = Certificate::parse(&first.certificate).unwrap().body().unwrap();
        assert_eq!(body.destroyed["checks"], 2, "nothing is told twice");
        assert_eq!(carry_out(app, "襄陵镇").await.unwrap().certificate, first.certificate);
    }

    async fn what_remains_is_read_and_nothing_is_entered(app) {
        lived_in(app).await;
        let (headquarters, _) = agreed(app).await;
        let contact = app.contact(village(1)).await;
        carry_out(app, "襄陵镇").await.unwrap();
        let after = app.with(Settings { ended: true, ..Settings::default() }).await;
        let reader = after.signed_in(headquarters.account).await;
        for page in ["/records", "/ending", "/reports", "/round/141023105000000/2020-02-03", "/households", "/findings"] {
            assert_eq!(reader.get(page).await.status, StatusCode::OK, "{page}");
        }
        let page = reader.get("/ending").await.text;
        assert!(page.contains("个人信息销毁证明") && page.contains("签名的公钥"), "{page}");
        let file = reader.get("/ending/certificate").await;
        assert!(matches!(Certificate::verify(&file.text, None), Verdict::Genuine(_)));
        let list = reader.get("/round/141023105000000/2020-02-03?state=done").await.text;
        assert!(list.contains("保存到防控结束，共 2 条"), "{list}");
        let check = json!({ "id": after.clock.new_id().to_string(), "town": 141_023_105, "household": 1,
            "outcome": "well", "happened_at": MORNING });
        let entered = reader.post_json("/api/v1/checks", &json!({ "checks": [check] })).await;
        assert_eq!((entered.status, &entered.json()["key"]), (StatusCode::CONFLICT, &json!("operation-is-over")));
        let closed = "SELECT COUNT(*) FROM account WHERE id = 1 AND disabled_at IS NULL AND password IS NOT NULL";
        assert_eq!(count(app, closed).await, 0, "{}", contact.account);
    }
}
