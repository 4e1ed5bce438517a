use super::*;
use crate::testing::{MORNING, TOWN, on_both_engines, village};

const FORM: [(&str, &str); 2] = [("language", "en"), ("large_print", "yes")];

/// The value of a hidden field.
fn hidden<'a>(text: &'a str, name: &str) -> &'a str {
    let before = format!("name=\"{name}\" value=\"");
    let from = text.find(&before).expect("the field") + before.len();
    text[from..].split('"').next().unwrap()
}

on_both_engines! {
    async fn an_idle_desk_locks_and_a_pin_leads_back_where_one_was(app) {
        let me = come_in(app, Role::Headquarters, TOWN()).await;
        app.clock.set(MORNING.plus_minutes(29));
        assert_eq!(me.get("/me").await.status, StatusCode::OK);
        app.clock.set(MORNING.plus_minutes(29 + 30));
        assert_eq!(location(&me.get("/me?x=1").await), "/unlock?next=%2Fme%3Fx%3D1");
        let page = me.get("/unlock?next=/me").await;
        assert!(page.text.contains("6 位 PIN") && !page.text.contains("class=\"places\""));
        assert_eq!(location(&me.post("/unlock", &[("pin", PIN), ("next", "/me?x=1")]).await), "/me?x=1");
        assert_eq!(me.get("/me").await.status, StatusCode::OK);
    }

    async fn a_phone_in_the_field_stays_open_for_its_half_day(app) {
        let me = come_in(app, Role::HouseholdContact, village(1)).await;
        app.clock.set(MORNING.plus_minutes(12 * 60 - 1));
        assert_eq!(me.get("/me").await.status, StatusCode::OK);
        app.clock.set(MORNING.plus_minutes(24 * 60));
        assert_eq!(location(&me.get("/me").await), "/unlock?next=%2Fme");
    }

    async fn a_page_that_looks_for_news_by_itself_keeps_no_desk_open(app) {
        let me = come_in(app, Role::Headquarters, TOWN()).await;
        let marks = [("sec-fetch-dest", "empty"), ("x-looks-for-news", "1"), ("accept", "text/event-stream")];
        for ((name, value), minutes) in marks.into_iter().zip([10, 20, 25]) {
            app.clock.set(MORNING.plus_minutes(minutes));
            let request = axum::http::Request::get("/me").header(name, value);
            assert_eq!(me.ask(request, axum::body::Body::empty()).await.status, StatusCode::OK);
        }
        app.clock.set(MORNING.plus_minutes(30));
        assert_eq!(location(&me.get("/me").await), "/unlock?next=%2Fme");
    }

    async fn a_form_sent_from_a_locked_session_is_kept_and_sent_on(app) {
        let me = come_in(app, Role::Headquarters, TOWN()).await;
        app.clock.set(MORNING.plus_minutes(31));
        let asked = me.post("/me", &FORM).await;
        assert_eq!(asked.status, StatusCode::FORBIDDEN);
        let parked = hidden(&asked.text, "parked");
        let wrong = me.post("/unlock", &[("pin", "000001"), ("parked", parked)]).await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(hidden(&wrong.text, "parked"), parked);
        let resume = me.post("/unlock", &[("pin", PIN), ("parked", parked)]).await;
        assert_eq!(resume.status, StatusCode::OK);
        assert!(resume.text.contains("action=\"/me\""));
        assert!(resume.text.contains("发往 /me：language, large_print"), "{}", resume.text);
        let fields = FORM.map(|(name, _)| (name, hidden(&resume.text, name)));
        assert_eq!(fields, FORM);
        assert_eq!(location(&me.post("/me", &fields).await), "/me");
        assert!(me.get("/me").await.text.contains("data-print=\"large\""));
    }

    async fn a_form_from_another_port_of_this_host_is_refused_and_not_kept(app) {
        let me = come_in(app, Role::Headquarters, TOWN()).await;
        let foreign = || axum::http::Request::post("/me")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header(header::HOST, "town.example:8080")
            .header(header::ORIGIN, "http://town.example:9000")
            .header("sec-fetch-site", "same-site");
        for minutes in [31, 14 * 24 * 60 + 32] {
            app.clock.set(MORNING.plus_minutes(minutes));
            let answer = me.ask(foreign(), axum::body::Body::from("language=en")).await;
            assert_eq!(answer.status, StatusCode::FORBIDDEN);
            assert!(!answer.text.contains("name=\"parked\"") && answer.text.contains("<h1"), "{}", answer.text);
        }
    }

    async fn five_wrong_pins_end_the_session_and_what_was_kept_comes_through_the_sign_in(app) {
        let me = come_in(app, Role::Headquarters, TOWN()).await;
        app.clock.set(MORNING.plus_minutes(31));
        let parked = hidden(&me.post("/me", &FORM).await.text, "parked").to_owned();
        let mut last = me.post("/unlock", &[("pin", "000001"), ("parked", &parked)]).await;
        for _ in 1..5 {
            last = me.post("/unlock", &[("pin", "000001"), ("parked", &parked)]).await;
        }
        assert!(last.text.contains("action=\"/sign-in\""), "{}", last.text);
        assert_eq!(location(&me.post("/unlock", &[("pin", PIN)]).await), "/sign-in?next=%2Funlock");
        let form = [("login", "headquarters1"), ("password", PASSWORD), ("parked", hidden(&last.text, "parked"))];
        let resume = app.stranger().post("/sign-in", &form).await;
        assert!(resume.text.contains("name=\"large_print\" value=\"yes\""));
    }

    async fn what_was_kept_comes_through_signing_in_by_slip(app) {
        let me = come_in(app, Role::Headquarters, TOWN()).await;
        app.clock.set(MORNING.plus_minutes(14 * 24 * 60 + 1));
        let asked = me.post("/me", &FORM).await;
        assert!(asked.text.contains("action=\"/slip\""), "{}", asked.text);
        let parked = hidden(&asked.text, "parked").to_owned();
        let code = slip(app, me.account).await;
        let ask = app.stranger().post("/slip", &[("parked", &parked)]).await;
        assert_eq!((ask.status, hidden(&ask.text, "parked")), (StatusCode::OK, parked.as_str()));
        let wrong = app.stranger().post("/slip", &[("code", "ZZZZZZZZ"), ("parked", &parked)]).await;
        assert_eq!(hidden(&wrong.text, "parked"), parked);
        let resume = app.stranger().post("/slip", &[("code", code.as_str()), ("parked", &parked)]).await;
        assert!(resume.text.contains("name=\"large_print\" value=\"yes\""), "{}", resume.text);
        // It is sent before the password is chosen anew, which no form waits for.
        let me = Asker::with_cookie(app, &resume).unwrap();
        assert_eq!(location(&me.post("/me", &FORM).await), "/me");
        assert_eq!(location(&me.get("/me").await), "/me/password?next=%2Fme");
    }

    async fn what_was_kept_goes_to_nobody_else(app) {
        let me = come_in(app, Role::Headquarters, TOWN()).await;
        come_in(app, Role::VillageCadre, village(1)).await;
        app.clock.set(MORNING.plus_minutes(31));
        let parked = hidden(&me.post("/me", &FORM).await.text, "parked").to_owned();
        let form = [("login", "village-cadre2"), ("password", PASSWORD), ("parked", &parked)];
        assert_eq!(location(&app.stranger().post("/sign-in", &form).await), "/");
    }

    async fn the_api_says_that_the_session_is_locked_and_tokens_never_are(app) {
        let me = come_in(app, Role::Headquarters, TOWN()).await;
        let token = crate::accounts::Console(&app.app.site).token("headquarters1", "日报").await.unwrap();
        app.clock.set(MORNING.plus_minutes(31));
        let locked = me.get("/api/v1/me").await;
        assert_eq!((locked.status, locked.json()["key"].as_str()), (StatusCode::UNAUTHORIZED, Some("error-locked")));
        let request = axum::http::Request::get("/api/v1/me")
            .header(header::AUTHORIZATION, format!("Bearer {}", token.reveal()));
        let answer = app.stranger().ask(request, axum::body::Body::empty()).await;
        assert_eq!(answer.json()["roles"][0]["role"], "headquarters");
    }

    async fn the_password_unlocks_too(app) {
        let me = come_in(app, Role::Headquarters, TOWN()).await;
        app.clock.set(MORNING.plus_minutes(31));
        assert_eq!(location(&me.post("/unlock", &[("password", PASSWORD), ("next", "/me")]).await), "/me");
    }
}
