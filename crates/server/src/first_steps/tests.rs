//! The first steps, on both engines.

use axum::http::StatusCode;
use base::{Division, Role};

use crate::testing::{TOWN, on_both_engines};

on_both_engines! {
    async fn an_empty_town_has_every_step_before_it(app) {
        let other = Division::from_code("141023106").unwrap();
        let page = app.person(Role::Headquarters, other).await.get("/first-steps").await;
        assert_eq!(page.status, StatusCode::OK, "{}", page.text);
        assert_eq!(page.text.matches("还没做").count(), 6, "{}", page.text);
        // The account is for the administrator to make.
        assert!(!page.text.contains("href=\"/accounts\""), "{}", page.text);
        assert!(page.text.contains("href=\"/households/import\""), "{}", page.text);
    }

    async fn a_step_links_to_its_place_for_who_may_take_it(app) {
        let page = app.person(Role::Administrator, TOWN()).await.get("/first-steps").await;
        assert!(page.text.contains("href=\"/accounts\""), "{}", page.text);
        assert!(!page.text.contains("href=\"/stewards\""), "{}", page.text);
    }
}
