//! Who reaches what: a village cadre his village, a street lead his group, nobody what is to
//! watch over him.

use super::*;
use crate::stewards::store::{self, Filter};
use crate::testing::on_both_engines;

on_both_engines! {
    async fn a_village_cadre_neither_sees_nor_gives_in_another_village(app) {
        let cadre = app.village_cadre(village(1)).await;
        let there = group(2, 1);
        for path in [
            street_path(there),
            format!("{}/proposal", street_path(there)),
            format!("/stewards?division={}", village(2)),
            format!("/stewards/gaps?level=household&division={}", TOWN()),
            format!("/stewards/nodes/{}", village(2)),
            "/stewards/people/141023105/3".to_owned(),
            "/stewards/people/141023105/3/change".to_owned(),
            "/stewards/households/141023105/7".to_owned(),
        ] {
            assert_eq!(cadre.get(&path).await.status, StatusCode::NOT_FOUND, "{path}");
        }
        let given = give(&cadre, there, &[home(7, Some(3))], "1", app.today()).await;
        assert_eq!(given.status, StatusCode::NOT_FOUND);
        // Nor with a household of the other village among his own.
        let mixed = [home(1, Some(1)), home(7, Some(3))];
        let given = give(&cadre, group(1, 1), &mixed, "2", app.today()).await;
        assert_eq!(given.status, StatusCode::NOT_FOUND);
        assert_eq!(answers(app, 1, app.today()).await[0], "包户1");
        let code = there.code();
        let form = [("name", "某某"), ("phone", ""), ("branch", ""), ("division", code.as_str())];
        assert_eq!(cadre.post("/stewards/people", &form).await.status, StatusCode::NOT_FOUND);
    }

    async fn a_street_lead_gives_in_his_own_group_only(app) {
        let lead = app.person(Role::StreetLead, group(1, 1)).await;
        let coming = add(&lead, "本组的", group(1, 1)).await.to_string();
        let given = give(&lead, group(1, 1), &[home(1, Some(1))], &coming, app.today()).await;
        assert_eq!(given.status, StatusCode::SEE_OTHER, "{}", given.text);
        let given = give(&lead, group(1, 2), &[home(4, Some(2))], &coming, app.today()).await;
        assert_eq!(given.status, StatusCode::NOT_FOUND);
        let list = lead.get("/stewards/people").await.text;
        assert!(list.contains("包户1") && !list.contains("包户2"), "{list}");
    }

    async fn nobody_appoints_who_is_to_watch_over_him(app) {
        let (cadre, headquarters) = offices(app).await;
        let lead = app.person(Role::StreetLead, group(1, 1)).await;
        let from = app.today().to_string();
        for (who, division, status) in [
            (&lead, group(1, 1), StatusCode::NOT_FOUND),
            (&cadre, village(1), StatusCode::NOT_FOUND),
            (&cadre, group(1, 1), StatusCode::SEE_OTHER),
            (&headquarters, village(1), StatusCode::SEE_OTHER),
        ] {
            let path = format!("/stewards/nodes/{}", division.code());
            let pick = place(division, None);
            let answer = who.post(&path, &[("pick", &pick), ("to", "1"), ("from", &from)]).await;
            assert_eq!(answer.status, status, "{division}: {}", answer.text);
        }
    }

    async fn a_group_that_does_not_exist_gets_no_steward(app) {
        let cadre = app.village_cadre(village(1)).await;
        let nowhere = village(1).child(77).expect("a code");
        let path = format!("/stewards/nodes/{}", nowhere.code());
        assert_eq!(cadre.get(&path).await.status, StatusCode::NOT_FOUND);
        let (pick, from) = (place(nowhere, None), app.today().to_string());
        let answer = cadre.post(&path, &[("pick", &pick), ("to", "1"), ("from", &from)]).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND);
    }

    async fn an_inspector_sees_and_changes_nothing(app) {
        let inspector = app.person(Role::Inspector, TOWN()).await;
        let page = inspector.get(&street_path(group(1, 1))).await;
        assert_eq!(page.status, StatusCode::OK);
        assert!(!page.text.contains("type=\"checkbox\""));
        let given = give(&inspector, group(1, 1), &[home(1, Some(1))], "2", app.today()).await;
        assert_eq!(given.status, StatusCode::FORBIDDEN);
        for path in ["/stewards/people/new", "/stewards/people/141023105/1/change"] {
            assert_eq!(inspector.get(path).await.status, StatusCode::FORBIDDEN, "{path}");
        }
        let contact = app.contact(village(1)).await;
        assert_eq!(contact.get("/stewards").await.status, StatusCode::FORBIDDEN);
        assert_eq!(app.stranger().get("/stewards").await.status, StatusCode::SEE_OTHER);
    }

    async fn the_figure_of_those_over_the_limit_is_as_many_as_the_list(app) {
        let (cadre, _) = offices(app).await;
        give(&cadre, group(1, 2), &[home(4, Some(2))], "1", app.today()).await;
        let mut tx = app.test.db.read().await.unwrap();
        let scope = everything_in(village(1), app.today());
        let vault = &app.app.site.vault;
        for (limit, number) in [(1, 2), (2, 1), (3, 1), (4, 0)] {
            let figure = store::over_limit(&mut tx, &scope, village(1), app.today(), limit).await.unwrap();
            let filter = Filter { below: Some(village(1)), over: Some(limit), most: 100, ..Filter::default() };
            let rows = store::list(&mut tx, vault, &scope, TOWN_CODE, app.today(), &filter).await.unwrap();
            assert_eq!((figure, rows.len()), (number, usize::try_from(number).unwrap()), "{limit}");
        }
    }

    async fn every_page_is_there_in_every_language(app) {
        let headquarters = app.headquarters().await;
        give(&headquarters, group(1, 1), &[home(1, Some(1))], "none", app.today()).await;
        for path in [
            "/stewards".to_owned(),
            format!("/stewards?division={}", village(1)),
            format!("/stewards?division={}", group(1, 1)),
            "/stewards/gaps?level=town".to_owned(),
            "/stewards/gaps?level=household".to_owned(),
            "/stewards/people?over=true".to_owned(),
            "/stewards/people/new".to_owned(),
            "/stewards/people/141023105/1".to_owned(),
            "/stewards/people/141023105/1/change".to_owned(),
            format!("/stewards/nodes/{}", group(1, 1).code()),
            street_path(group(1, 1)),
            format!("{}/proposal", street_path(group(1, 1))),
            "/stewards/households/141023105/1".to_owned(),
        ] {
            for language in ["zh-CN", "zh-TW", "en"] {
                let request = axum::http::Request::get(&path).header(header::ACCEPT_LANGUAGE, language);
                let page = headquarters.ask(request, axum::body::Body::empty()).await;
                assert_eq!(page.status, StatusCode::OK, "{path}");
                assert!(!page.text.contains("stewards-title") && !page.text.contains("No localization"));
            }
        }
    }
}

/// The scope of a village's office.
fn everything_in(division: Division, today: Day) -> crate::access::Scope {
    let person = crate::access::test_person(Role::VillageCadre, division, today);
    person.may(crate::access::Action::SeeStewards).expect("the policy allows it")
}
