use super::*;
use crate::testing::{TOWN, on_both_engines, village};

async fn administrator(app: &TestApp) -> Asker<'_> {
    app.person(Role::Administrator, TOWN()).await
}

on_both_engines! {
    async fn a_new_account_comes_with_a_slip_that_opens(app) {
        let admin = administrator(app).await;
        let form = [("name", "张文秀"), ("phone", "129 0000 0001"), ("role", "household-contact"), ("division", "东街村")];
        let sheet = admin.post("/accounts/new", &form).await;
        assert_eq!(sheet.status, StatusCode::OK, "{}", sheet.text);
        assert!(sheet.text.contains("zhangwenxiu") && sheet.text.contains("东街村"));
        let code = sheet.text.split("<p class=\"short\">").nth(1).unwrap().split('<').next().unwrap();
        assert_eq!(location(&app.stranger().post("/slip", &[("code", code)]).await), "/me/password");
        let second = admin.post("/accounts/new", &form).await;
        assert!(second.text.contains("zhangwenxiu2"));
        let list = admin.get("/accounts?q=zwx").await.text;
        assert_eq!(list.matches("<tr><th scope=\"row\">").count(), 2);
    }

    async fn what_a_clerk_gets_wrong_is_told_at_its_field(app) {
        let admin = administrator(app).await;
        let form = [("name", ""), ("login", "张三"), ("phone", "abc"), ("role", "king"), ("division", "西街村")];
        let answer = admin.post("/accounts/new", &form).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        for field in ["name", "login", "phone", "role", "division"] {
            assert!(answer.text.contains(&format!("id=\"{field}-error\"")), "{field}");
        }
        let form = [("name", "张三"), ("login", "administrator1"), ("role", "police"), ("division", "襄陵镇")];
        let taken = admin.post("/accounts/new", &form).await;
        assert_eq!(taken.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(taken.text.contains("已经有人用了"));
    }

    async fn an_administrator_of_a_village_has_nothing_to_do_with_others(app) {
        let admin = app.person(Role::Administrator, village(1)).await;
        let own = app.person(Role::VillageCadre, village(1)).await.account;
        let other = app.person(Role::VillageCadre, village(2)).await.account;
        let above = app.person(Role::Headquarters, TOWN()).await.account;
        let list = admin.get("/accounts").await.text;
        assert!(list.contains(&format!("/accounts/{own}")));
        for hidden in [other, above] {
            assert!(!list.contains(&format!("/accounts/{hidden}\"")));
            for path in [format!("/accounts/{hidden}/slip"), format!("/accounts/{hidden}/closure")] {
                assert_eq!(admin.post(&path, &[]).await.status, StatusCode::NOT_FOUND, "{path}");
            }
            assert_eq!(admin.get(&format!("/accounts/{hidden}")).await.status, StatusCode::NOT_FOUND);
        }
        let beyond = [("role", "headquarters"), ("division", "141023105")];
        let refused = admin.post(&format!("/accounts/{own}/roles"), &beyond).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    }

    async fn who_has_a_role_outside_the_scope_too_is_not_to_be_taken_over(app) {
        let admin = app.person(Role::Administrator, village(1)).await;
        let both = app.person(Role::TownCadre, village(1)).await.account;
        let town = administrator(app).await;
        let second = [("role", "town-cadre"), ("division", "北街村")];
        assert_eq!(admin.get(&format!("/accounts/{both}")).await.status, StatusCode::OK);
        location(&town.post(&format!("/accounts/{both}/roles"), &second).await);
        assert_eq!(admin.get(&format!("/accounts/{both}")).await.status, StatusCode::NOT_FOUND);
        assert_eq!(admin.post(&format!("/accounts/{both}/slip"), &[]).await.status, StatusCode::NOT_FOUND);
    }

    async fn a_role_given_or_taken_holds_at_once(app) {
        let admin = administrator(app).await;
        let guard = app.person(Role::GateGuard, TOWN()).await;
        let path = |deed: &str| format!("/accounts/{}/{deed}", guard.account);
        assert_eq!(guard.get("/accounts").await.status, StatusCode::FORBIDDEN);
        location(&admin.post(&path("roles"), &[("role", "administrator"), ("division", "襄陵镇")]).await);
        assert_eq!(guard.get("/accounts").await.status, StatusCode::OK);
        location(&admin.post(&path("dismissal"), &[("role", "administrator"), ("division", "141023105")]).await);
        assert_eq!(guard.get("/accounts").await.status, StatusCode::FORBIDDEN);
        let last = admin.post(&path("dismissal"), &[("role", "gate-guard"), ("division", "141023105")]).await;
        assert_eq!(last.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(last.text.contains("至少留一个岗位") && last.text.contains("卡点值守"));
    }

    async fn closing_an_account_ends_all_its_sessions_and_opening_lets_in_again(app) {
        let admin = administrator(app).await;
        let person = come_in(app, Role::Headquarters, TOWN()).await;
        location(&admin.post(&format!("/accounts/{}/closure", person.account), &[]).await);
        assert_eq!(location(&person.get("/me").await), "/sign-in?next=%2Fme");
        let form = [("login", "headquarters2"), ("password", PASSWORD)];
        assert_eq!(app.stranger().post("/sign-in", &form).await.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(admin.post(&format!("/accounts/{}/slip", person.account), &[]).await.status, StatusCode::NOT_FOUND);
        location(&admin.post(&format!("/accounts/{}/opening", person.account), &[]).await);
        assert_eq!(location(&app.stranger().post("/sign-in", &form).await), "/");
    }

    async fn nobody_raises_or_closes_himself(app) {
        let admin = administrator(app).await;
        for (deed, form) in [("closure", &[][..]), ("roles", &[("role", "headquarters"), ("division", "襄陵镇")])] {
            let answer = admin.post(&format!("/accounts/{}/{deed}", admin.account), form).await;
            assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{deed}");
            assert!(answer.text.contains("请别的管理员来改"));
        }
    }

    async fn a_name_is_changed_and_an_unknown_deed_is_none(app) {
        let admin = administrator(app).await;
        let person = app.person(Role::Police, TOWN()).await.account;
        location(&admin.post(&format!("/accounts/{person}/name"), &[("name", "卫来福")]).await);
        assert!(admin.get("/accounts?q=wlf").await.text.contains("卫来福"));
        assert_eq!(admin.post(&format!("/accounts/{person}/crown"), &[]).await.status, StatusCode::NOT_FOUND);
        assert_eq!(audited(app, "account.rename").await, 1);
    }

    async fn a_long_list_is_read_page_by_page(app) {
        let admin = administrator(app).await;
        for _ in 0..55 {
            crate::testing::account(&app.test.db, Role::GateGuard, TOWN()).await;
        }
        let first = admin.get("/accounts").await.text;
        assert_eq!(first.matches("<tr><th scope=\"row\">").count(), 50);
        let next = first.split("rel=\"next\"").next().unwrap().rsplit("href=\"").next().unwrap();
        let next = next.trim_end_matches(['"', ' ']).replace("&amp;", "&").replace("&#38;", "&");
        let second = admin.get(&next).await.text;
        assert_eq!(second.matches("<tr><th scope=\"row\">").count(), 6);
    }
}
