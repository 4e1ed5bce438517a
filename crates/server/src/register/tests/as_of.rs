//! The register as of a day of the past.

use axum::http::StatusCode;

use crate::testing::{Asker, MORNING, TestApp, on_both_engines, village};

async fn saved(who: &Asker<'_>, path: &str, form: &[(&str, &str)]) {
    let answer = who.change(path, form).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
}

/// On the 3rd the household is renamed and a son comes; on the 4th it moves to the other village and
/// somebody goes away.
async fn two_days(app: &TestApp, who: &Asker<'_>) {
    saved(who, "/households/141023105/1/edit", &[("house_number", "一号院"), ("head", "户主甲")]).await;
    let son = [("name", "小明"), ("relation", "子"), ("presence", "present")];
    assert_eq!(who.post("/households/141023105/1/residents", &son).await.status, StatusCode::SEE_OTHER);
    app.clock.set(MORNING.plus_minutes(24 * 60));
    let turn = [("division", "141023105201001"), ("occupancy", "lived-in"), ("from", "2020-02-04")];
    assert_eq!(who.post("/households/141023105/1/turn", &turn).await.status, StatusCode::SEE_OTHER);
    let away = [("name", "小明"), ("relation", "子"), ("presence", "away"), ("whereabouts", "太原市")];
    saved(who, "/households/141023105/1/residents/25", &away).await;
}

on_both_engines! {
    async fn a_household_is_seen_as_it_was(app) {
        let headquarters = app.headquarters().await;
        two_days(app, &headquarters).await;
        let on = async |day: &str| headquarters.get(&format!("/households/141023105/1?day={day}")).await.text;
        let first = on("2020-02-02").await;
        assert!(first.contains("户主1家") && first.contains("1号") && !first.contains("小明"), "{first}");
        assert!(first.contains("这是 2月2日 周日 这户的样子") && !first.contains("/households/141023105/1/edit"));
        let second = on("2020-02-03").await;
        assert!(second.contains("户主甲家") && second.contains("一号院") && second.contains("小明"), "{second}");
        assert!(second.contains("东街村 一组") && !second.contains("太原市"), "{second}");
        let now = on("2020-02-04").await;
        assert!(now.contains("北街村 一组") && now.contains("太原市") && !now.contains("的样子，按现在"), "{now}");
        let refused = headquarters.get("/households/141023105/1?day=2020-02-05").await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    }

    async fn the_list_of_a_day_has_who_stood_there(app) {
        let headquarters = app.headquarters().await;
        two_days(app, &headquarters).await;
        let (own, other) = (app.village_cadre(village(1)).await, app.village_cadre(village(2)).await);
        let list = async |who: &Asker<'_>, query: &str| who.get(&format!("/households?{query}")).await;
        let then = list(&own, "day=2020-02-03").await.text;
        assert!(then.contains("这是 2月3日 周一 的户册") && then.contains("6 户") && then.contains("户主甲"), "{then}");
        assert!(then.contains("/households/141023105/1?day=2020-02-03") && then.contains("<td class=\"num\">3</td>"));
        let earlier = list(&own, "day=2020-02-02").await.text;
        assert!(earlier.contains(">户主1<") && !earlier.contains("户主甲"), "{earlier}");
        assert!(list(&own, "").await.text.contains("5 户"));
        // Whose it was sees it as of then, and no more; whose it is sees it from the day it came.
        assert_eq!(own.get("/households/141023105/1?day=2020-02-03").await.status, StatusCode::OK);
        assert_eq!(own.get("/households/141023105/1").await.status, StatusCode::NOT_FOUND);
        assert_eq!(other.get("/households/141023105/1?day=2020-02-03").await.status, StatusCode::NOT_FOUND);
        assert!(list(&other, "day=2020-02-04").await.text.contains("7 户"));
        for wrong in ["day=2020-02-09", "day=x", "day=2020-02-02&tag=elderly", "day=2020-02-02&q=wjg"] {
            assert_eq!(list(&own, wrong).await.status, StatusCode::UNPROCESSABLE_ENTITY, "{wrong}");
        }
        let told = own.get("/api/v1/households?day=2020-02-02").await.json();
        let told = told["households"].as_array().unwrap();
        assert!(told.len() == 6 && told.iter().any(|of| of["id"] == 1 && of["head"] == "户主1"), "{told:?}");
    }
}
