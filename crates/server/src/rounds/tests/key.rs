//! The figures of key persons open to the people.

use super::*;

fn reading(household: i64, at: Moment, people: &[(i64, f64)]) -> Value {
    let residents = people.iter().map(|(id, degrees)| json!({ "resident": id, "temperature": degrees }));
    detailed(household, at, json!({ "residents": residents.collect::<Vec<_>>() }))
}

/// The names on a list of key persons.
async fn names(who: &Asker<'_>, division: &str, query: &str) -> Vec<String> {
    let page = who.get(&format!("/round/{division}/2020-02-03/key-persons?{query}")).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.text);
    let name = |part: &str| part.split('<').next().unwrap_or_default().to_owned();
    page.text.split("class=\"name\"><b>").skip(1).map(name).collect()
}

const ALL: &str = "141023105000000";

on_both_engines! {
    async fn each_figure_of_key_persons_opens_to_as_many_people(app) {
        for resident in [1, 2, 3, 13] {
            list_key_person(&app.test.db, resident, app.today().previous()).await;
        }
        let headquarters = app.headquarters().await;
        let wrong = reading(2, MORNING, &[(3, 38.4)]);
        let mut put_right = reading(2, MORNING.plus_minutes(1), &[(3, 36.4)]);
        put_right["corrects"] = wrong["id"].clone();
        let yesterday = MORNING.plus_minutes(-24 * 60);
        let checks = vec![
            reading(1, yesterday, &[(1, 38.0)]),
            reading(1, MORNING, &[(1, 36.8), (2, 36.5)]),
            reading(1, MORNING.plus_minutes(60), &[(1, 37.9)]),
            wrong,
            put_right,
            // Nobody's key person, however hot.
            reading(3, MORNING, &[(5, 39.0)]),
        ];
        app.clock.set(MORNING.plus_minutes(60));
        assert!(enter(&headquarters, checks).await.iter().all(|told| told == "stored"));
        let figures = [KEY_MEASURED, KEY_FEVERISH];
        let mut counted = Vec::new();
        for indicator in figures {
            counted.push(figure(app, indicator).await);
        }
        assert_eq!(counted, [3, 1]);
        assert_eq!(names(&headquarters, ALL, "").await, ["居民1", "居民2", "居民3", "居民13"]);
        assert_eq!(names(&headquarters, ALL, "show=measured").await, ["居民1", "居民2", "居民3"]);
        assert_eq!(names(&headquarters, ALL, "show=missing").await, ["居民13"]);
        assert_eq!(names(&headquarters, ALL, "show=feverish").await, ["居民1"]);
        assert_eq!(names(&headquarters, ALL, "total=true").await, ["居民1", "居民1"]);
        assert_eq!(names(&headquarters, "141023105201000", "").await, ["居民13"]);
        let before = format!("show=feverish&before={}", MORNING.plus_minutes(30).0);
        assert!(names(&headquarters, ALL, &before).await.is_empty());
    }

    async fn key_persons_are_seen_by_who_sees_findings_there(app) {
        list_key_person(&app.test.db, 1, app.today()).await;
        let path = |division: &str| format!("/round/{division}/2020-02-03/key-persons");
        let police = app.person(Role::Police, TOWN()).await;
        assert_eq!(police.get(&path(ALL)).await.status, StatusCode::FORBIDDEN);
        let neighbour = app.village_cadre(village(2)).await;
        for division in [ALL, "141023105200000"] {
            assert_eq!(neighbour.get(&path(division)).await.status, StatusCode::NOT_FOUND, "{division}");
        }
        assert_eq!(neighbour.get(&(path("141023105201000") + "?show=tall")).await.status, StatusCode::NOT_FOUND);
    }
}
