use super::*;
use crate::accounts::Console;
use crate::testing::{TOWN, on_both_engines};

on_both_engines! {
    async fn the_first_administrator_comes_from_the_console(app) {
        let console = Console(&app.app.site);
        let code = console.add("Admin", "管理员", Role::Administrator, TOWN()).await.unwrap();
        let come = app.stranger().post("/slip", &[("code", code.as_str())]).await;
        assert_eq!(location(&come), "/me/password");
        let listed = console.list().await.unwrap();
        assert_eq!((listed[0].login.as_str(), listed[0].arrived), ("admin", false));
        assert_eq!(audited(app, "account.create").await, 1);
    }

    async fn what_the_console_refuses_it_explains(app) {
        let console = Console(&app.app.site);
        console.add("admin", "管理员", Role::Administrator, TOWN()).await.unwrap();
        let told = |done: anyhow::Result<Code>| done.unwrap_err().to_string();
        let twice = console.add("ADMIN", "管理员", Role::Administrator, TOWN()).await;
        assert!(told(twice).contains("somebody's login already"));
        assert!(told(console.add("a b", "管理员", Role::Police, TOWN()).await).contains("2 to 40"));
        assert!(told(console.slip("nobody").await).contains("no account has the login nobody"));
        console.disable("admin").await.unwrap();
        assert!(told(console.slip("admin").await).contains("closed"));
    }

    async fn closing_ends_tokens(app) {
        let console = Console(&app.app.site);
        console.add("admin", "管理员", Role::Administrator, TOWN()).await.unwrap();
        let token = console.token("admin", "日报").await.unwrap();
        let request = || axum::http::Request::get("/api/v1/me")
            .header(header::AUTHORIZATION, format!("Bearer {}", token.reveal()));
        let ask = || app.stranger();
        assert_eq!(ask().ask(request(), axum::body::Body::empty()).await.status, StatusCode::OK);
        let slip = console.slip("admin").await.unwrap();
        console.disable("admin").await.unwrap();
        app.app.site.people.forget();
        // Opened again by somebody else, the account is not let in by the paper that was void.
        let mut tx = app.test.db.write().await.unwrap();
        db::on_db!(tx, c => sqlx::query("UPDATE account SET disabled_at = NULL").execute(c).await.map(|_| ())).unwrap();
        tx.commit().await.unwrap();
        let come = app.stranger().post("/slip", &[("code", slip.as_str())]).await;
        assert_eq!(come.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(ask().ask(request(), axum::body::Body::empty()).await.status, StatusCode::UNAUTHORIZED);
    }
}
