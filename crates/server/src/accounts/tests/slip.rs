use super::*;
use crate::testing::{MORNING, on_both_engines, village};

on_both_engines! {
    async fn a_preview_does_not_use_a_slip_up_and_the_button_does_once(app) {
        let account = app.contact(village(1)).await.account;
        let code = slip(app, account).await;
        let address = format!("/slip/{}", code.as_str());
        for _ in 0..2 {
            let page = app.stranger().get(&address).await;
            assert_eq!(page.status, StatusCode::OK);
            assert!(page.headers.get(header::SET_COOKIE).is_none());
            assert!(!page.text.contains("household-contact"), "a preview tells nobody whose it is");
        }
        let answer = app.stranger().post("/slip", &[("code", &code.grouped().to_lowercase())]).await;
        assert_eq!(location(&answer), "/me/password");
        assert!(Asker::with_cookie(app, &answer).is_some());
        let again = app.stranger().post("/slip", &[("code", code.as_str())]).await;
        assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(audited(app, "slip.refuse").await, 1);
        assert_eq!(app.stranger().get(&address).await.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(audited(app, "slip.use").await, 1);
    }

    async fn a_slip_runs_out_and_a_new_one_makes_the_old_void(app) {
        let account = app.contact(village(1)).await.account;
        let old = slip(app, account).await;
        let new = slip(app, account).await;
        let refused = app.stranger().post("/slip", &[("code", old.as_str())]).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        app.clock.set(MORNING.plus_minutes(14 * 24 * 60));
        let refused = app.stranger().post("/slip", &[("code", new.as_str())]).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    }

    async fn an_unused_slip_opens_nothing_after_a_password_a_closure_or_the_end_of_sessions(app) {
        let admin = app.person(Role::Administrator, crate::testing::TOWN()).await;
        let me = come_in(app, Role::HouseholdContact, village(1)).await;
        let refused = async |code: &crate::accounts::Code| {
            app.stranger().post("/slip", &[("code", code.as_str())]).await.status == StatusCode::UNPROCESSABLE_ENTITY
        };
        let code = slip(app, me.account).await;
        let other = "河边第二棵柳树下那家院";
        let changed = me.post("/me/password", &[("current", PASSWORD), ("password", other), ("again", other)]).await;
        assert_eq!(location(&changed), "/");
        assert!(refused(&code).await);
        for deed in ["sessions-end", "closure"] {
            let code = slip(app, me.account).await;
            location(&admin.post(&format!("/accounts/{}/{deed}", me.account), &[]).await);
            location(&admin.post(&format!("/accounts/{}/opening", me.account), &[]).await);
            assert!(refused(&code).await, "{deed}");
        }
    }

    async fn what_is_no_code_is_told_how_one_looks(app) {
        let answer = app.stranger().post("/slip", &[("code", "你好")]).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(answer.text.contains("8 位字母和数字"), "{}", answer.text);
    }

    async fn guessing_codes_is_stopped_for_an_address(app) {
        let code = slip(app, app.contact(village(1)).await.account).await;
        for n in 0..60 {
            app.stranger().post("/slip", &[("code", &format!("ZZZZZZ{n:02}"))]).await;
        }
        let answer = app.stranger().post("/slip", &[("code", code.as_str())]).await;
        assert_eq!(answer.status, StatusCode::TOO_MANY_REQUESTS);
        app.clock.set(MORNING.plus_minutes(10));
        assert_eq!(location(&app.stranger().post("/slip", &[("code", code.as_str())]).await), "/me/password");
    }

    async fn every_page_leads_to_the_first_password_and_back(app) {
        let account = app.contact(village(1)).await.account;
        let code = slip(app, account).await;
        let answer = app.stranger().post("/slip", &[("code", code.as_str())]).await;
        let me = Asker::with_cookie(app, &answer).unwrap();
        assert_eq!(location(&me.get("/me").await), "/me/password?next=%2Fme");
        let refused = me.post("/me/password", &[("password", "short"), ("again", "other"), ("pin", "1")]).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        for told in ["密码至少 10 位", "两遍输的不一样", "正好 6 位数字"] {
            assert!(refused.text.contains(told), "{told}");
        }
        let form = [("password", PASSWORD), ("again", PASSWORD), ("next", "/me")];
        assert_eq!(location(&me.post("/me/password", &form).await), "/me");
        assert_eq!(me.get("/me").await.status, StatusCode::OK);
    }

    async fn checks_under_way_are_stored_while_a_password_has_to_be_chosen(app) {
        let account = app.contact(village(1)).await.account;
        let code = slip(app, account).await;
        let answer = app.stranger().post("/slip", &[("code", code.as_str())]).await;
        let me = Asker::with_cookie(app, &answer).unwrap();
        let check = serde_json::json!({ "checks": [{
            "id": app.clock.new_id(), "town": 141_023_105, "household": 1, "outcome": "well", "happened_at": MORNING,
        }] });
        let stored = me.post_json("/api/v1/checks", &check).await;
        assert_eq!(stored.json()["results"][0]["result"], "stored");
        let held = me.get("/api/v1/me").await;
        assert_eq!((held.status, held.json()["key"].as_str()), (StatusCode::FORBIDDEN, Some("error-must-change")));
    }
}
