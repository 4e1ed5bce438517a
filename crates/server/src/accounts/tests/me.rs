use super::*;
use crate::testing::{TOWN, on_both_engines, village};

on_both_engines! {
    async fn ending_a_session_holds_at_once(app) {
        let here = app.contact(village(1)).await;
        let there = app.signed_in(here.account).await;
        let third = app.signed_in(here.account).await;
        assert_eq!(there.get("/me").await.status, StatusCode::OK);
        let page = here.get("/me").await.text;
        assert_eq!(page.matches("name=\"session\"").count(), 2);
        let paper = slip(app, here.account).await;
        assert_eq!(location(&here.post("/me/sessions/end-others", &[]).await), "/me");
        let come = app.stranger().post("/slip", &[("code", paper.as_str())]).await;
        assert_eq!(come.status, StatusCode::UNPROCESSABLE_ENTITY);
        for other in [there, third] {
            assert_eq!(location(&other.get("/me").await), "/sign-in?next=%2Fme");
        }
        assert_eq!(here.get("/me").await.status, StatusCode::OK);
    }

    async fn one_session_is_ended_and_nobody_elses_can_be(app) {
        let here = app.contact(village(1)).await;
        let there = app.signed_in(here.account).await;
        let page = here.get("/me").await.text;
        let id = page.split("name=\"session\" value=\"").nth(1).unwrap().split('"').next().unwrap();
        let stranger = app.headquarters().await;
        assert_eq!(stranger.post("/me/sessions/end", &[("session", id)]).await.status, StatusCode::NOT_FOUND);
        assert_eq!(there.get("/me").await.status, StatusCode::OK);
        assert_eq!(location(&here.post("/me/sessions/end", &[("session", id)]).await), "/me");
        assert_eq!(location(&there.get("/me").await), "/sign-in?next=%2Fme");
    }

    async fn a_new_password_needs_the_old_one_and_ends_other_sessions(app) {
        let here = come_in(app, Role::Headquarters, TOWN()).await;
        let there = app.signed_in(here.account).await;
        let new = "院里有棵石榴树会结果";
        let form = [("current", "wrong wrong"), ("password", new), ("again", new)];
        assert_eq!(here.post("/me/password", &form).await.status, StatusCode::UNPROCESSABLE_ENTITY);
        let form = [("current", PASSWORD), ("password", new), ("again", new), ("next", "/me")];
        assert_eq!(location(&here.post("/me/password", &form).await), "/me");
        assert_eq!(location(&there.get("/me").await), "/sign-in?next=%2Fme");
        let old = [("login", "headquarters1"), ("password", PASSWORD)];
        assert_eq!(app.stranger().post("/sign-in", &old).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    }

    async fn guesses_of_the_password_inside_are_counted_and_written_down_as_at_the_door(app) {
        let me = come_in(app, Role::Headquarters, TOWN()).await;
        let new = "院里有棵石榴树会结果";
        let guess = [("current", "wrong wrong"), ("password", new), ("again", new)];
        for _ in 0..4 {
            assert_eq!(me.post("/me/password", &guess).await.status, StatusCode::UNPROCESSABLE_ENTITY);
        }
        let pin = [("pin", "481516"), ("current", "wrong wrong")];
        assert_eq!(me.post("/me/pin", &pin).await.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(audited(app, "session.refuse").await, 5);
        let right = [("current", PASSWORD), ("password", new), ("again", new)];
        assert_eq!(me.post("/me/password", &right).await.status, StatusCode::TOO_MANY_REQUESTS);
        let door = [("login", "headquarters1"), ("password", PASSWORD)];
        assert_eq!(app.stranger().post("/sign-in", &door).await.status, StatusCode::TOO_MANY_REQUESTS);
        app.clock.set(crate::testing::MORNING.plus_minutes(2));
        assert_eq!(location(&me.post("/me/password", &right).await), "/");
    }

    async fn a_new_pin_needs_the_password(app) {
        let me = come_in(app, Role::Headquarters, TOWN()).await;
        for (pin, current, told) in [("123456", PASSWORD, "太好猜"), ("481516", "wrong wrong", "现在的密码不对")] {
            let answer = me.post("/me/pin", &[("pin", pin), ("current", current)]).await;
            assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
            assert!(answer.text.contains(told), "{told}");
        }
        assert_eq!(location(&me.post("/me/pin", &[("pin", "481516"), ("current", PASSWORD)]).await), "/me");
    }

    async fn the_pages_speak_the_language_chosen(app) {
        let me = app.headquarters().await;
        for (tag, told) in [("en", "Where you are signed in"), ("zh-Hant", "在哪些地方登入著"), ("zh-Hans", "在哪些地方登录着")] {
            assert_eq!(location(&me.post("/me", &[("language", tag)]).await), "/me");
            assert!(me.get("/me").await.text.contains(told), "{tag}");
        }
        assert_eq!(location(&me.post("/me", &[("language", "xx")]).await), "/me");
        assert!(me.get("/me").await.text.contains("跟着浏览器"));
    }

    async fn use_of_a_session_is_written_down_once_a_minute(app) {
        let me = come_in(app, Role::HouseholdContact, village(1)).await;
        let seen = || async {
            let mut tx = app.test.db.read().await.unwrap();
            let sql = "SELECT seen_at FROM session WHERE account = $1 AND device <> 'test'";
            let at: i64 = db::on_db!(tx, c => sqlx::query_scalar(sql).bind(me.account).fetch_one(c).await).unwrap();
            (at - crate::testing::MORNING.0) / 1_000
        };
        for (second, written) in [(30, 0), (50, 0), (61, 61), (100, 61), (121, 121)] {
            app.clock.set(base::Moment(crate::testing::MORNING.0 + second * 1_000));
            assert_eq!(me.get("/me").await.status, StatusCode::OK);
            app.app.site.people.write_used(&app.test.db, app.clock.now()).await.unwrap();
            assert_eq!(seen().await, written, "at second {second}");
        }
    }
}
