//! A form that is sent from a session that is over is kept for its owner.

use super::*;
use crate::testing::{MORNING, TOWN, on_both_engines, village};

const FORM: [(&str, &str); 2] = [("language", "en"), ("large_print", "yes")];

fn parked(answer: &Answer) -> &str {
    assert_eq!(answer.status, StatusCode::FORBIDDEN, "{}", answer.text);
    assert!(answer.text.contains("action=\"/sign-in\"") && answer.text.contains("刚才填的内容留着"));
    let rest = answer.text.split_once("name=\"parked\" value=\"").expect("what is kept").1;
    rest.split('"').next().expect("its end")
}

async fn sign_in(app: &TestApp, login: &str, parked: &str) -> Answer {
    let form = [("login", login), ("password", PASSWORD), ("parked", parked), ("next", "/findings")];
    app.stranger().post("/sign-in", &form).await
}

on_both_engines! {
    async fn what_was_typed_in_a_session_ended_elsewhere_is_saved_after_signing_in_again(app) {
        let me = come_in(app, Role::Headquarters, TOWN()).await;
        let elsewhere = sign_in(app, "headquarters1", "").await;
        let elsewhere = Asker::with_cookie(app, &elsewhere).unwrap();
        assert_eq!(location(&elsewhere.post("/me/sessions/end-others", &[]).await), "/me");
        let page = elsewhere.get("/me").await.text;
        assert_eq!(page.matches("action=\"/me/sessions/end\"").count(), 0, "{page}");
        assert_eq!(location(&me.get("/me").await), "/sign-in?next=%2Fme");
        let held = me.post("/me", &FORM).await;
        assert!(!held.text.contains("large_print"), "{}", held.text);
        let resume = sign_in(app, "headquarters1", parked(&held)).await;
        assert!(resume.text.contains("action=\"/me\""), "{}", resume.text);
        for (name, value) in FORM {
            assert!(resume.text.contains(&format!("name=\"{name}\" value=\"{value}\"")), "{}", resume.text);
        }
        let back = Asker::with_cookie(app, &resume).unwrap();
        assert_eq!(location(&back.post("/me", &FORM).await), "/me");
        assert!(back.get("/me").await.text.contains("data-print=\"large\""));
    }

    async fn what_was_typed_in_a_session_that_ran_out_is_kept_as_well(app) {
        let me = come_in(app, Role::HouseholdContact, village(1)).await;
        app.clock.set(MORNING.plus_minutes(14 * 24 * 60 + 1));
        let request = axum::http::Request::post("/my-households/well")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header(header::REFERER, "http://town.example/my-households?x=1");
        let held = me.ask(request, axum::body::Body::from("id=7&town=141023105&household=1")).await;
        assert!(held.text.contains("name=\"next\" value=\"/my-households?x=1\""), "{}", held.text);
        let resume = sign_in(app, "household-contact1", parked(&held)).await;
        assert!(resume.text.contains("name=\"household\" value=\"1\""), "{}", resume.text);
    }

    async fn what_was_kept_goes_to_no_other_account(app) {
        let me = come_in(app, Role::Headquarters, TOWN()).await;
        come_in(app, Role::VillageCadre, village(1)).await;
        app.clock.set(MORNING.plus_minutes(14 * 24 * 60 + 1));
        let held = me.post("/me", &FORM).await;
        assert_eq!(location(&sign_in(app, "village-cadre2", parked(&held)).await), "/findings");
    }

    async fn nothing_is_kept_for_strangers_or_programs(app) {
        let me = come_in(app, Role::Headquarters, TOWN()).await;
        assert_eq!(location(&app.stranger().post("/me", &FORM).await), "/sign-in?next=%2Fme");
        app.clock.set(MORNING.plus_minutes(14 * 24 * 60 + 1));
        let answer = me.post_json("/api/v1/checks", &serde_json::json!({ "checks": [] })).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
    }

    async fn use_does_not_bring_back_a_session_that_was_ended_since(app) {
        let me = come_in(app, Role::Headquarters, TOWN()).await;
        app.clock.set(MORNING.plus_minutes(5));
        assert_eq!(me.get("/me").await.status, StatusCode::OK);
        let elsewhere = sign_in(app, "headquarters1", "").await;
        let elsewhere = Asker::with_cookie(app, &elsewhere).unwrap();
        elsewhere.post("/me/sessions/end-others", &[]).await;
        app.app.site.people.write_used(&app.test.db, app.clock.now()).await.unwrap();
        app.app.site.people.forget();
        assert_eq!(location(&me.get("/me").await), "/sign-in?next=%2Fme");
    }
}
