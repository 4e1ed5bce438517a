use super::*;
use crate::testing::{MORNING, TOWN, on_both_engines, village};

async fn try_in(app: &TestApp, login: &str, password: &str) -> Answer {
    app.stranger().post("/sign-in", &[("login", login), ("password", password), ("next", "/me")]).await
}

on_both_engines! {
    async fn the_right_password_leads_where_one_wanted_to_go(app) {
        come_in(app, Role::Headquarters, TOWN()).await;
        let answer = try_in(app, " HEADQUARTERS1 ", PASSWORD).await;
        assert_eq!(location(&answer), "/me");
        let cookie = answer.headers[header::SET_COOKIE].to_str().unwrap();
        assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax"), "{cookie}");
        let me = Asker::with_cookie(app, &answer).unwrap();
        assert!(me.get("/me").await.text.contains("headquarters1"));
        assert_eq!(audited(app, "session.start").await, 1);
    }

    async fn the_way_back_stays_on_this_server(app) {
        come_in(app, Role::Headquarters, TOWN()).await;
        let form = [("login", "headquarters1"), ("password", PASSWORD), ("next", "//example.org/")];
        assert_eq!(location(&app.stranger().post("/sign-in", &form).await), "/");
    }

    async fn an_unknown_name_is_answered_as_a_wrong_password(app) {
        come_in(app, Role::Headquarters, TOWN()).await;
        let wrong = try_in(app, "headquarters1", "not the password").await;
        let unknown = try_in(app, "headquarters9", "not the password").await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(unknown.status, wrong.status);
        assert_eq!(unknown.text.replace("headquarters9", "headquarters1"), wrong.text);
        assert!(wrong.headers.get(header::SET_COOKIE).is_none());
        assert_eq!(audited(app, "session.refuse").await, 2);
    }

    async fn who_fails_five_times_waits_even_with_the_right_password_and_unknown_names_alike(app) {
        come_in(app, Role::Headquarters, TOWN()).await;
        for login in ["headquarters1", "headquarters9"] {
            for _ in 0..5 {
                assert_eq!(try_in(app, login, "wrong wrong").await.status, StatusCode::UNPROCESSABLE_ENTITY);
            }
            assert_eq!(try_in(app, login, PASSWORD).await.status, StatusCode::TOO_MANY_REQUESTS);
        }
        app.clock.set(MORNING.plus_minutes(1));
        let site = &app.app.site;
        site.trail.write(&site.db, site.clock.now()).await.unwrap();
        assert_eq!(audited(app, "session.wait").await, 2);
        assert_eq!(location(&try_in(app, "headquarters1", PASSWORD).await), "/me");
        assert_eq!(try_in(app, "headquarters9", PASSWORD).await.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(try_in(app, "headquarters1", "wrong wrong").await.status, StatusCode::UNPROCESSABLE_ENTITY);
    }

    async fn what_can_be_no_login_bars_the_door_to_nobody_else(app) {
        come_in(app, Role::Headquarters, TOWN()).await;
        for login in ["张三", "李四", "a", "王 五", "赵六", "钱七", "孙八"] {
            assert_eq!(try_in(app, login, "wrong wrong").await.status, StatusCode::UNPROCESSABLE_ENTITY, "{login}");
        }
        assert_eq!(audited(app, "session.refuse").await, 7);
        assert_eq!(location(&try_in(app, "headquarters1", PASSWORD).await), "/me");
    }

    async fn an_attempt_that_has_to_wait_keeps_what_was_kept(app) {
        let me = come_in(app, Role::Headquarters, TOWN()).await;
        app.clock.set(MORNING.plus_minutes(31));
        let kept = me.post("/me", &[("language", "en")]).await;
        let parked = kept.text.split("name=\"parked\" value=\"").nth(1).expect("a kept form");
        let parked = parked.split('"').next().unwrap();
        for n in 0..60 {
            app.stranger().post("/slip", &[("code", &format!("ZZZZZZ{n:02}"))]).await;
        }
        let form = [("login", "headquarters1"), ("password", PASSWORD), ("parked", parked), ("next", "/me?x=1")];
        let barred = app.stranger().post("/sign-in", &form).await;
        assert_eq!(barred.status, StatusCode::TOO_MANY_REQUESTS);
        for part in [parked, "value=\"headquarters1\"", "value=\"/me?x=1\"", "分钟"] {
            assert!(barred.text.contains(part), "{part}: {}", barred.text);
        }
        let barred = me.post("/unlock", &[("pin", PIN), ("parked", parked)]).await;
        assert_eq!(barred.status, StatusCode::TOO_MANY_REQUESTS);
        assert!(barred.text.contains(parked) && barred.text.contains("action=\"/unlock\""), "{}", barred.text);
        let barred = app.stranger().post("/slip", &[("code", "ZZZZZZZZ"), ("parked", parked)]).await;
        assert_eq!(barred.status, StatusCode::TOO_MANY_REQUESTS);
        assert!(barred.text.contains(parked), "{}", barred.text);
        app.clock.set(MORNING.plus_minutes(41));
        assert!(me.post("/unlock", &[("pin", PIN), ("parked", parked)]).await.text.contains("action=\"/me\""));
    }

    async fn two_who_sign_in_by_one_name_at_once_both_come_in(app) {
        come_in(app, Role::Headquarters, TOWN()).await;
        let (one, two) =
            tokio::join!(try_in(app, "headquarters1", PASSWORD), try_in(app, "headquarters1", PASSWORD));
        assert_eq!((location(&one), location(&two)), ("/me", "/me"));
    }

    async fn somebody_without_password_cannot_guess_one(app) {
        app.person(Role::Headquarters, TOWN()).await;
        for password in ["", "headquarters1"] {
            let answer = try_in(app, "headquarters1", password).await;
            assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        }
    }

    async fn signing_out_ends_the_session(app) {
        let contact = app.contact(village(1)).await;
        assert_eq!(contact.get("/me").await.status, StatusCode::OK);
        assert_eq!(location(&contact.post("/sign-out", &[]).await), "/sign-in");
        assert_eq!(location(&contact.get("/me").await), "/sign-in?next=%2Fme");
    }

    async fn behind_a_trusted_proxy_the_audit_names_who_asked_and_nobody_elses_word_counts(app) {
        use axum::extract::ConnectInfo;
        let site = &app.app.site;
        let settings = crate::site::Settings { trusted_proxies: vec!["127.0.0.1".parse().unwrap()], ..Default::default() };
        let (clock, vault) = (app.clock.clone(), crate::vault::Vault::new([7; 32]));
        let behind = crate::app::App::new(site.db.clone(), clock, site.playbook.clone(), vault, settings).unwrap();
        for (peer, router) in [("127.0.0.1", behind.router()), ("192.0.2.7", behind.router()), ("127.0.0.1", app.app.router())] {
            let peer: std::net::SocketAddr = format!("{peer}:5000").parse().unwrap();
            let request = axum::http::Request::post("/sign-in")
                .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
                .header("x-forwarded-for", "203.0.113.9, 198.51.100.1")
                .extension(ConnectInfo(peer));
            let request = request.body(axum::body::Body::from("login=nobody&password=x")).unwrap();
            let answer = tower::ServiceExt::oneshot(router, request).await.unwrap();
            assert_eq!(answer.status(), StatusCode::UNPROCESSABLE_ENTITY);
        }
        let mut tx = site.db.read().await.unwrap();
        let sql = "SELECT address FROM audit_entry WHERE action = 'session.refuse' ORDER BY id";
        let told: Vec<String> = db::on_db!(tx, c => sqlx::query_scalar(sql).fetch_all(c).await).unwrap();
        assert_eq!(told, ["198.51.100.1", "192.0.2.7", "127.0.0.1"]);
    }

    async fn a_form_from_another_site_is_refused(app) {
        let contact = app.contact(village(1)).await;
        for (path, who) in [("/sign-out", &contact), ("/sign-in", &app.stranger())] {
            let request = axum::http::Request::post(path)
                .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
                .header("sec-fetch-site", "cross-site")
                .header(header::ORIGIN, "https://example.org");
            assert_eq!(who.ask(request, axum::body::Body::empty()).await.status, StatusCode::FORBIDDEN);
        }
        assert_eq!(contact.get("/me").await.status, StatusCode::OK);
    }
}
