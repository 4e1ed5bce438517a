//! The wall through the real router, on both engines.

use axum::http::StatusCode;
use base::{Clock, Division, Role};
use serde_json::{Value, json};

use crate::rounds::open_day;
use crate::testing::{Asker, MORNING, TOWN, TestApp, on_both_engines, village};

async fn enter(app: &TestApp, who: &Asker<'_>, household: i64, answers: Option<Value>) {
    let outcome = if answers.is_some() { "detailed" } else { "well" };
    let check = json!({ "id": Clock::fixed(MORNING).new_id().to_string(), "town": 141_023_105,
        "household": household, "outcome": outcome, "happened_at": app.clock.now(), "answers": answers });
    let answer = who.post_json("/api/v1/checks", &json!({ "checks": [check] })).await;
    assert_eq!(answer.json()["results"][0]["result"], "stored", "{}", answer.text);
}

/// Opens the day, as the program does at midnight: from then on its households are due.
async fn open(app: &TestApp) {
    let mut tx = app.test.db.write().await.unwrap();
    open_day(&mut tx, TOWN().town(), app.today(), app.clock.now()).await.unwrap();
    tx.commit().await.unwrap();
}

/// The numbers of the six figures, in their order.
fn figures(page: &str) -> Vec<String> {
    let list = page.split("<ul class=\"figures\">").nth(1).and_then(|rest| rest.split("</ul>").next());
    let parts = list.expect("figures").split("<b>").skip(1);
    parts.map(|part| part.split('<').next().unwrap_or_default().to_owned()).collect()
}

const TOWN_WALL: &str = "/wall/141023105000000";

on_both_engines! {
    async fn the_wall_shows_every_figure_also_where_it_is_zero(app) {
        open(app).await;
        let observer = app.person(Role::SuperiorObserver, TOWN()).await;
        let page = observer.get(TOWN_WALL).await;
        assert_eq!(page.status, StatusCode::OK);
        assert_eq!(figures(&page.text), ["12", "0", "0", "0", "12", "0"]);
        assert!(page.text.contains("16:00 截止，还有 6 小时 0 分"), "{}", page.text);
        assert!(page.text.contains("0 件，都有人接了") && page.text.contains("10:00 的数"), "{}", page.text);
    }

    async fn the_wall_agrees_with_the_round_and_names_who_is_behind(app) {
        let headquarters = app.headquarters().await;
        let fever = json!({ "residents": [{ "resident": 1, "temperature": 38.2 }] });
        enter(app, &headquarters, 1, Some(fever)).await;
        for household in 2..=6 {
            enter(app, &headquarters, household, None).await;
        }
        app.clock.set(MORNING.plus_minutes(90));
        let page = headquarters.get(TOWN_WALL).await.text;
        assert_eq!(figures(&page), ["12", "6", "0", "0", "6", "1"]);
        assert!(page.contains("<b>北街村</b><span>6 户，应查 6</span>"), "{page}");
        assert!(!page.contains("<b>东街村</b><span>6 户"), "{page}");
        assert!(page.contains("<b>发热</b><span>1</span>") && page.contains("最早的等了 1 小时 30 分"), "{page}");
        assert!(!page.contains("户主") && !page.contains("居民1"), "no names of people");
        let round = headquarters.get("/round/141023105000000/2020-02-03").await.text;
        assert!(round.contains("襄陵镇还有 6 户没消息") && page.contains("襄陵镇还有 6 户没消息"));
        assert!(round.contains("href=\"/wall/141023105000000\""));
    }

    async fn what_is_silent_after_the_cut_off_needs_somebody(app) {
        open(app).await;
        let headquarters = app.headquarters().await;
        let needs = "<li class=\"needs\"><a href=\"/round/141023105000000/2020-02-03?state=silent\">";
        assert!(!headquarters.get(TOWN_WALL).await.text.contains(needs));
        app.clock.set(MORNING.plus_minutes(6 * 60));
        let page = headquarters.get(TOWN_WALL).await.text;
        assert!(page.contains(needs) && page.contains("16:00 已截止"), "{page}");
    }

    async fn each_sees_the_wall_of_what_he_answers_for(app) {
        open(app).await;
        let cadre = app.village_cadre(village(1)).await;
        let to = cadre.get("/wall").await;
        assert_eq!(to.headers["location"], "/wall/141023105200000");
        let page = cadre.get("/wall/141023105200000").await;
        assert_eq!(figures(&page.text)[0], "6");
        for outside in [TOWN_WALL, "/wall/141023105201000", "/wall/141023105200001", "/wall/1"] {
            assert_eq!(cadre.get(outside).await.status, StatusCode::NOT_FOUND, "{outside}");
        }
        let guard = app.person(Role::GateGuard, village(1)).await;
        assert_eq!(guard.get("/wall/141023105200000").await.status, StatusCode::FORBIDDEN);
    }

    async fn who_answers_for_more_than_a_town_is_led_to_a_town(app) {
        let county = TOWN().parent().expect("a county");
        let observer = app.person(Role::SuperiorObserver, county).await;
        assert_eq!(observer.get("/wall").await.headers["location"], TOWN_WALL);
        let round = observer.get("/round").await;
        assert_eq!(round.headers["location"], "/round/141023105000000/2020-02-03");
        let elsewhere = app.person(Role::SuperiorObserver, Division::from_code("110101").expect("a county")).await;
        assert_eq!(elsewhere.get("/round").await.status, StatusCode::NOT_FOUND);
    }

    async fn the_navigation_counts_what_nobody_took_within_scope(app) {
        let headquarters = app.headquarters().await;
        let contact = app.contact(village(1)).await;
        let fever = |resident| json!({ "residents": [{ "resident": resident, "temperature": 38.2 }] });
        let count = |page: &str| page.contains("class=\"count\"");
        assert!(!count(&headquarters.get("/round/141023105000000/2020-02-03").await.text));
        enter(app, &headquarters, 7, Some(fever(13))).await;
        enter(app, &headquarters, 10, Some(fever(19))).await;
        let page = headquarters.get("/households").await.text;
        assert!(page.contains("<b class=\"count\">2</b>"), "{page}");
        assert!(!count(&contact.get("/my-households").await.text), "another village's");
        enter(app, &contact, 1, Some(fever(1))).await;
        assert!(contact.get("/my-households").await.text.contains("<b class=\"count\">1</b>"));
    }
}
