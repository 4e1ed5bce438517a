//! Numbers in full: whose work it is sees them, one at a time, and that is written down.

use axum::http::StatusCode;
use base::Role;
use db::on_db;

use super::{IDENTITY, PHONE, add, location};
use crate::testing::{Asker, TOWN, TestApp, on_both_engines, village};
use crate::vault::MOST_LOOKS;

async fn audited(app: &TestApp, action: &'static str) -> i64 {
    app.app.site.trail.write(&app.test.db, app.clock.now()).await.unwrap();
    let mut tx = app.test.db.read().await.unwrap();
    let sql = "SELECT COUNT(*) FROM audit_entry WHERE action = $1";
    on_db!(tx, c => sqlx::query_scalar(sql).bind(action).fetch_one(c).await).unwrap()
}

/// Gives the household of the first contact a number, and its first resident too.
async fn number(app: &TestApp) {
    let mut tx = app.test.db.write().await.unwrap();
    for sql in [
        "UPDATE household SET phone_sealed = $1 WHERE id = 1",
        "UPDATE resident SET phone_sealed = $1 WHERE id = 1",
    ] {
        let sealed = app.app.site.vault.seal(PHONE);
        on_db!(tx, c => sqlx::query(sql).bind(sealed).execute(c).await.map(|_| ())).unwrap();
    }
    tx.commit().await.unwrap();
}

/// A household with somebody who has an identity number; its page's address and who that is.
async fn person(cadre: &Asker<'_>) -> (String, String) {
    let path = location(&add(cadre, &[]).await);
    let form = [("name", "李秀英"), ("relation", "配偶"), ("presence", "present"), ("identity", IDENTITY)];
    cadre.post(&format!("{path}/residents"), &form).await;
    // The head is listed first.
    let page = cadre.get(&path).await.text;
    let last = page.rsplit(&format!("href=\"{path}/residents/")).next().unwrap();
    (path, last.split('"').next().unwrap().to_owned())
}

on_both_engines! {
    async fn a_contact_sees_and_calls_the_numbers_of_his_own_households(app) {
        number(app).await;
        let contact = app.contact(village(1)).await;
        let page = contact.get("/households/141023105/1").await.text;
        assert_eq!(page.matches(&format!("href=\"tel:{PHONE}\"")).count(), 2, "{page}");
        assert!(!page.contains("/call\""), "{page}");
        assert_eq!((audited(app, "phone.show").await, audited(app, "household.see").await), (0, 1));
        for other in [app.village_cadre(village(1)).await, app.headquarters().await] {
            let page = other.get("/households/141023105/1").await.text;
            assert!(!page.contains(PHONE) && page.contains("129****0412"), "{page}");
            assert_eq!(page.matches("action=\"/households/141023105/1/call\"").count(), 2, "{page}");
        }
        let neighbour = app.contact(village(2)).await;
        assert_eq!(neighbour.get("/households/141023105/1").await.status, StatusCode::NOT_FOUND);
        let call = neighbour.post("/households/141023105/1/call", &[("who", "household")]).await;
        assert_eq!(call.status, StatusCode::NOT_FOUND);
    }

    async fn a_contact_calls_his_household_from_the_form_of_its_check(app) {
        let contact = app.contact(village(1)).await;
        assert!(contact.get("/checks/141023105/1").await.text.contains("没有电话"));
        assert_eq!(audited(app, "household.see").await, 1, "its people are seen, also without a number");
        number(app).await;
        let page = contact.get("/checks/141023105/1").await.text;
        assert_eq!(page.matches(&format!("href=\"tel:{PHONE}\"")).count(), 1, "{page}");
        contact.get("/checks/141023105/1").await;
        assert_eq!((audited(app, "phone.show").await, audited(app, "household.see").await), (0, 1));
        // Whoever enters for others asks for it.
        let page = app.village_cadre(village(1)).await.get("/checks/141023105/1").await.text;
        assert!(!page.contains(PHONE) && page.contains("129****0412"), "{page}");
        assert!(page.contains("action=\"/households/141023105/1/call\""), "{page}");
        assert_eq!(audited(app, "household.see").await, 2);
    }

    async fn an_identity_number_is_shown_to_whose_work_it_is_and_that_is_written_down(app) {
        let cadre = app.village_cadre(village(1)).await;
        let (path, resident) = person(&cadre).await;
        let (ask, who) = (format!("{path}/identity"), [("who", resident.as_str())]);
        let page = cadre.get(&path).await.text;
        assert!(!page.contains(IDENTITY) && page.contains(&format!("action=\"{ask}\"")), "{page}");
        for role in [Role::VillageCadre, Role::Headquarters, Role::Police, Role::HealthCentre] {
            let shown = app.person(role, TOWN()).await.post(&ask, &who).await;
            assert!(shown.status == StatusCode::OK && shown.text.contains(IDENTITY), "{role}");
        }
        assert_eq!(audited(app, "identity.show").await, 4);
        for role in [Role::Inspector, Role::DutyLeader, Role::StreetLead, Role::Auditor] {
            let asker = app.person(role, TOWN()).await;
            assert_eq!(asker.post(&ask, &who).await.status, StatusCode::FORBIDDEN, "{role}");
            assert!(!asker.get(&path).await.text.contains(&ask), "{role}");
        }
        let neighbour = app.village_cadre(village(2)).await;
        assert_eq!(neighbour.post(&ask, &who).await.status, StatusCode::NOT_FOUND);
        for nobody in ["1", "99", "x", "household"] {
            assert_eq!(cadre.post(&ask, &[("who", nobody)]).await.status, StatusCode::NOT_FOUND, "{nobody}");
        }
        assert_eq!(audited(app, "identity.show").await, 4);
    }

    async fn whoever_goes_through_the_register_number_by_number_is_held_up(app) {
        let cadre = app.village_cadre(village(1)).await;
        let (path, resident) = person(&cadre).await;
        let phone = async |who: &Asker<'_>| who.post(&format!("{path}/call"), &[("who", "household")]).await;
        let identity = async |who: &Asker<'_>| {
            who.post(&format!("{path}/identity"), &[("who", resident.as_str())]).await
        };
        assert_eq!(identity(&cadre).await.status, StatusCode::OK);
        for _ in 1..MOST_LOOKS {
            assert_eq!(phone(&cadre).await.status, StatusCode::OK);
        }
        for refused in [phone(&cadre).await, identity(&cadre).await] {
            assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS);
            assert!(refused.text.contains("十分钟里最多看三十个"), "{}", refused.text);
            assert!(!refused.text.contains(PHONE) && !refused.text.contains(IDENTITY));
        }
        let shown = i64::try_from(MOST_LOOKS).unwrap();
        assert_eq!(audited(app, "phone.show").await + audited(app, "identity.show").await, shown);
        assert_eq!(audited(app, "access.refuse").await, 2);
        assert_eq!(phone(&app.headquarters().await).await.status, StatusCode::OK);
        app.clock.set(app.clock.now().plus_minutes(10));
        assert_eq!(phone(&cadre).await.status, StatusCode::OK);
    }
}
