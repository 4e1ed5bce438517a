//! Findings through the real router, on both engines.

use axum::body::Body;
use axum::http::{Request, StatusCode};
use base::{Clock, Moment, Role};
use db::on_db;
use serde_json::{Value, json};

use super::model::State;
use crate::testing::{Asker, MORNING, TOWN, TestApp, on_both_engines, village};
use crate::web::{Language, Languages};

fn check(household: i64, at: Moment, answers: Value) -> Value {
    let id = Clock::fixed(at).new_id().to_string();
    json!({ "id": id, "town": 141_023_105, "household": household, "outcome": "detailed",
            "happened_at": at, "answers": answers })
}

fn fever(resident: i64, degrees: f64) -> Value {
    json!({ "residents": [{ "resident": resident, "temperature": degrees }] })
}

async fn enter(who: &Asker<'_>, check: &Value) {
    let answer = who.post_json("/api/v1/checks", &json!({ "checks": [check] })).await;
    assert_eq!(answer.json()["results"][0]["result"], "stored", "{}", answer.text);
}

/// The only finding that somebody sees.
async fn only(who: &Asker<'_>) -> Value {
    let mut listed = who.get("/api/v1/findings").await.json();
    let findings = listed["findings"].as_array_mut().expect("findings");
    assert_eq!(findings.len(), 1, "{findings:?}");
    findings.remove(0)
}

fn path(finding: &Value, end: &str) -> String {
    format!("/findings/141023105/{}{end}", finding["id"].as_str().expect("an id"))
}

async fn audited(app: &TestApp, action: &str) -> i64 {
    let mut tx = app.test.db.read().await.unwrap();
    let sql = "SELECT COUNT(*) FROM audit_entry WHERE action = $1";
    on_db!(tx, c => sqlx::query_scalar(sql).bind(action).fetch_one(c).await).unwrap()
}

#[test]
fn every_state_has_a_name_in_every_language() {
    for language in Language::ALL {
        let words = Languages::load().unwrap().of(language);
        assert!(State::ALL.iter().all(|state| words.has(state.message())), "{language:?}");
    }
}

on_both_engines! {
    async fn what_was_found_stands_there_in_words(app) {
        let contact = app.contact(village(1)).await;
        let answers = json!({
            "residents": [
                { "resident": 1, "temperature": 38.2, "symptoms": ["dry-cough", "fatigue"] },
                { "resident": 2, "back": { "from": "武汉", "on": "2020-02-01", "transport": "train" } },
            ],
            "visitors": [{ "name": "来客", "from": "临汾" }],
            "needs": ["medicine"], "note": "降压药",
        });
        enter(&contact, &check(1, MORNING, answers)).await;
        let cadre = app.village_cadre(village(1)).await;
        let page = cadre.get("/findings").await;
        assert_eq!(page.status, StatusCode::OK);
        for words in [
            "还有 5 件情况没人接",
            "<b>居民1</b>发热 38.2℃",
            "<b>居民1</b>干咳、乏力",
            "<b>居民2</b>从武汉回来，2月1日，火车",
            "<b>来客</b>外籍人员，从临汾来",
            "<b>户主1家</b>有困难：买药（降压药）",
            "东街村 一组 1号",
            "2月3日 周一 10:00 household-contact",
        ] {
            assert!(page.text.contains(words), "{words}\n{}", page.text);
        }
        let english = Request::get("/findings?kind=returnee").header("accept-language", "en");
        let page = cadre.ask(english, Body::empty()).await;
        assert!(page.text.contains("back from 武汉 on 1/2, by Train"), "{}", page.text);
    }

    async fn a_contact_sees_findings_of_his_own_households_and_handles_none(app) {
        let headquarters = app.headquarters().await;
        enter(&headquarters, &check(1, MORNING, fever(1, 38.2))).await;
        enter(&headquarters, &check(4, MORNING, fever(7, 39.0))).await;
        let contact = app.contact(village(1)).await;
        let own = only(&contact).await;
        assert_eq!(own["who"], "居民1");
        let page = contact.get("/findings").await;
        assert!(page.text.contains("居民1") && !page.text.contains("居民7"), "{}", page.text);
        assert!(!page.text.contains("/taking"));
        assert_eq!(contact.post(&path(&own, "/taking"), &[]).await.status, StatusCode::FORBIDDEN);
    }

    async fn a_worse_reading_is_shown_and_opens_what_was_closed(app) {
        let cadre = app.village_cadre(village(1)).await;
        enter(&cadre, &check(1, MORNING, fever(1, 37.4))).await;
        let finding = only(&cadre).await;
        app.clock.set(MORNING.plus_minutes(30));
        cadre.post(&path(&finding, "/closure"), &[("note", "已送药")]).await;
        assert_eq!(only(&cadre).await["state"], "closed");
        // Told late, and of before it was closed: nothing new.
        enter(&cadre, &check(1, MORNING.plus_minutes(10), fever(1, 37.3))).await;
        assert_eq!((only(&cadre).await["state"].clone(), only(&cadre).await["detail"]["temperature"].clone()), (json!("closed"), json!(37.4)));
        app.clock.set(MORNING.plus_minutes(60));
        enter(&cadre, &check(1, MORNING.plus_minutes(60), fever(1, 39.8))).await;
        let again = only(&cadre).await;
        assert_eq!((&again["state"], &again["taken_by"], &again["what"]), (&json!("open"), &Value::Null, &json!("发热 39.8℃")));
        let page = cadre.get(&path(&finding, "")).await.text;
        assert!(page.contains("办完以后又有人报") && page.contains("2月3日 周一 11:00"), "{page}");
    }

    async fn a_finding_of_another_village_is_not_found(app) {
        let headquarters = app.headquarters().await;
        enter(&headquarters, &check(1, MORNING, fever(1, 38.2))).await;
        let finding = only(&headquarters).await;
        let neighbour = app.village_cadre(village(2)).await;
        assert!(!neighbour.get("/findings").await.text.contains("居民1"));
        assert_eq!(neighbour.get(&path(&finding, "")).await.status, StatusCode::NOT_FOUND);
        for (end, form) in [("/taking", vec![]), ("/closure", vec![("note", "已送药")]), ("/reopening", vec![])] {
            let answer = neighbour.post(&path(&finding, end), &form).await;
            assert_eq!(answer.status, StatusCode::NOT_FOUND, "{end}");
        }
        let elsewhere = format!("/findings?division={}", village(1).number());
        assert_eq!(neighbour.get(&elsewhere).await.status, StatusCode::NOT_FOUND);
        assert_eq!(only(&headquarters).await["state"], "open");
    }

    async fn who_sees_figures_only_sees_no_finding(app) {
        let observer = app.person(Role::SuperiorObserver, TOWN()).await;
        for path in ["/findings", "/findings/live", "/api/v1/findings"] {
            assert_eq!(observer.get(path).await.status, StatusCode::FORBIDDEN, "{path}");
            let stranger = app.stranger().get(path).await.status;
            assert!([StatusCode::SEE_OTHER, StatusCode::UNAUTHORIZED].contains(&stranger), "{path}");
        }
    }

    async fn the_first_to_take_has_it_and_the_next_is_told_by_whom(app) {
        let cadre = app.village_cadre(village(1)).await;
        enter(&cadre, &check(1, MORNING, fever(1, 38.2))).await;
        let finding = only(&cadre).await;
        app.clock.set(MORNING.plus_minutes(5));
        let taken = cadre.post(&path(&finding, "/taking"), &[]).await;
        assert_eq!(taken.status, StatusCode::SEE_OTHER);
        assert_eq!(taken.headers["location"], path(&finding, ""));
        let headquarters = app.headquarters().await;
        let late = headquarters.post(&path(&finding, "/taking"), &[]).await;
        assert_eq!(late.status, StatusCode::CONFLICT);
        let name = only(&cadre).await["taken_by"].as_str().unwrap().to_owned();
        assert!(name.starts_with("village-cadre"));
        let told = format!("{name} 2月3日 周一 10:05 已经接了");
        assert!(late.text.contains(&told), "{}", late.text);
        let late = headquarters.post_json(&format!("/api/v1{}", path(&finding, "/taking")), &json!(null)).await;
        assert_eq!((late.status, late.json()["key"].clone()), (StatusCode::CONFLICT, json!("finding-is-taken")));
        assert!(late.json()["message"].as_str().unwrap().contains(&told));
        assert_eq!(audited(app, "finding.take").await, 1);
    }

    async fn of_two_who_take_at_once_one_has_it(app) {
        let (cadre, headquarters) = (app.village_cadre(village(1)).await, app.headquarters().await);
        enter(&cadre, &check(1, MORNING, fever(1, 38.2))).await;
        let path = format!("/api/v1{}", path(&only(&cadre).await, "/taking"));
        let none = json!(null);
        let (one, other) = tokio::join!(cadre.post_json(&path, &none), headquarters.post_json(&path, &none));
        let mut statuses = [one.status, other.status];
        statuses.sort();
        assert_eq!(statuses, [StatusCode::OK, StatusCode::CONFLICT]);
        assert_eq!(audited(app, "finding.take").await, 1);
    }

    async fn closing_says_what_was_done_and_can_be_opened_again(app) {
        let cadre = app.village_cadre(village(1)).await;
        enter(&cadre, &check(1, MORNING, fever(1, 38.2))).await;
        let finding = only(&cadre).await;
        let empty = cadre.post(&path(&finding, "/closure"), &[("note", "  ")]).await;
        assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(empty.text.contains("请写明怎么办的") && empty.text.contains("href=\"#note\""), "{}", empty.text);
        let long = "药".repeat(501);
        let answer = cadre.post(&path(&finding, "/closure"), &[("note", &long)]).await;
        assert!(answer.text.contains("最多 500 字") && answer.text.contains(&long));
        let closed = cadre.post(&path(&finding, "/closure"), &[("note", "已送卫生院")]).await;
        assert_eq!(closed.status, StatusCode::SEE_OTHER);
        let page = cadre.get(&path(&finding, "")).await;
        assert!(page.text.contains("已送卫生院") && page.text.contains("办完了"), "{}", page.text);
        // Whoever closes what nobody took has taken it.
        assert_eq!(only(&cadre).await["taken_by"], only(&cadre).await["closed_by"]);
        let again = cadre.post(&path(&finding, "/closure"), &[("note", "又送一次")]).await;
        assert_eq!(again.status, StatusCode::CONFLICT);
        assert!(again.text.contains("已经办完了") && again.text.contains("又送一次"), "{}", again.text);
        assert_eq!(cadre.post(&path(&finding, "/reopening"), &[]).await.status, StatusCode::SEE_OTHER);
        let open = only(&cadre).await;
        assert_eq!((open["state"].clone(), open["taken_by"].clone()), (json!("open"), json!(null)));
        assert!(cadre.get(&path(&finding, "")).await.text.contains("上次办完"));
        let counts = (audited(app, "finding.close").await, audited(app, "finding.reopen").await);
        assert_eq!(counts, (1, 1));
    }

    async fn a_program_closes_and_opens_again(app) {
        let cadre = app.village_cadre(village(1)).await;
        enter(&cadre, &check(1, MORNING, fever(1, 38.2))).await;
        let closure = format!("/api/v1{}", path(&only(&cadre).await, "/closure"));
        let empty = cadre.post_json(&closure, &json!({ "note": "" })).await;
        assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(empty.json()["fields"][0]["key"], "finding-note-missing");
        let closed = cadre.post_json(&closure, &json!({ "note": "已送药" })).await;
        assert_eq!((closed.status, closed.json()["state"].clone()), (StatusCode::OK, json!("closed")));
        for (status, state) in [(StatusCode::OK, "open"), (StatusCode::CONFLICT, "open")] {
            let answer = cadre.ask(Request::delete(&closure), Body::empty()).await;
            assert_eq!(answer.status, status, "{}", answer.text);
            assert_eq!(only(&cadre).await["state"], state);
        }
        let wrong = cadre.get("/api/v1/findings?kind=flu&state=odd").await;
        assert_eq!(wrong.json()["fields"][0]["key"], "finding-no-kind");
    }

    async fn a_withdrawn_finding_is_read_and_no_more(app) {
        let cadre = app.village_cadre(village(1)).await;
        let first = check(1, MORNING, fever(1, 38.2));
        enter(&cadre, &first).await;
        let finding = only(&cadre).await;
        let mut second = check(1, MORNING, fever(1, 36.5));
        second["corrects"] = first["id"].clone();
        enter(&cadre, &second).await;
        assert_eq!(cadre.get("/api/v1/findings").await.json()["findings"], json!([]));
        let withdrawn = cadre.get("/findings?state=withdrawn").await;
        assert!(withdrawn.text.contains("发热 38.2℃"), "{}", withdrawn.text);
        let page = cadre.get(&path(&finding, "")).await;
        assert!(page.text.contains("这件情况已撤回") && !page.text.contains("<form"), "{}", page.text);
        for (end, form) in [("/taking", vec![]), ("/closure", vec![("note", "办了")]), ("/reopening", vec![])] {
            let answer = cadre.post(&path(&finding, end), &form).await;
            assert_eq!(answer.status, StatusCode::CONFLICT, "{end}");
        }
    }

    async fn a_correction_changes_what_a_finding_says(app) {
        let cadre = app.village_cadre(village(1)).await;
        let first = check(1, MORNING, fever(1, 38.2));
        enter(&cadre, &first).await;
        cadre.post(&path(&only(&cadre).await, "/taking"), &[]).await;
        let mut second = check(1, MORNING, fever(1, 39.2));
        second["corrects"] = first["id"].clone();
        enter(&cadre, &second).await;
        let finding = only(&cadre).await;
        assert_eq!((finding["what"].clone(), finding["state"].clone()), (json!("发热 39.2℃"), json!("taken")));
    }

    async fn a_figure_of_the_day_opens_to_its_rows(app) {
        let headquarters = app.headquarters().await;
        let yesterday = MORNING.plus_minutes(-24 * 60);
        enter(&headquarters, &check(1, MORNING, fever(1, 38.2))).await;
        enter(&headquarters, &check(4, MORNING, fever(7, 38.0))).await;
        enter(&headquarters, &check(7, MORNING, fever(13, 38.0))).await;
        enter(&headquarters, &check(2, yesterday, fever(3, 38.0))).await;
        enter(&headquarters, &check(2, MORNING, json!({ "needs": ["food"] }))).await;
        let taken = headquarters.get("/api/v1/findings?kind=fever").await.json()["findings"][0].clone();
        headquarters.post(&path(&taken, "/taking"), &[]).await;
        for (division, count) in [(TOWN(), 3), (village(1), 2), (village(1).child(1).unwrap(), 1)] {
            let list = format!("/findings?division={}&day=2020-02-03&kind=fever", division.number());
            let page = headquarters.get(&list).await;
            assert_eq!(page.text.matches("class=\"cell\"").count(), count, "{list}");
        }
        let before = |at: Moment| format!("/findings?day=2020-02-03&kind=fever&before={}", at.0);
        for (at, count) in [(MORNING, 0), (MORNING.plus_minutes(1), 3)] {
            let page = headquarters.get(&before(at)).await;
            assert_eq!(page.text.matches("class=\"cell\"").count(), count, "{at:?}");
        }
        let open = headquarters.get("/findings?state=open").await;
        assert_eq!(open.text.matches("class=\"cell\"").count(), 4);
        assert!(open.text.contains("还有 4 件情况没人接"), "{}", open.text);
        assert_eq!(headquarters.get("/findings?kind=flu").await.status, StatusCode::NOT_FOUND);
        assert_eq!(headquarters.get("/findings?day=never").await.status, StatusCode::BAD_REQUEST);
    }

    async fn a_long_list_goes_on_where_its_page_ends(app) {
        let cadre = app.village_cadre(village(1)).await;
        let visitors: Vec<_> = (0..55).map(|n| json!({ "name": format!("客{n}"), "from": "临汾" })).collect();
        enter(&cadre, &check(1, MORNING, json!({ "visitors": visitors }))).await;
        let newest = cadre.get("/api/v1/findings").await.json()["findings"][0].clone();
        cadre.post(&path(&newest, "/taking"), &[]).await;
        let (mut at, mut seen) = ("/findings?kind=visitor".to_owned(), Vec::new());
        for cells in [50, 5] {
            let page = cadre.get(&at).await;
            assert_eq!(page.text.matches("class=\"cell\"").count(), cells);
            seen.extend(page.text.split("<b>客").skip(1).map(|rest| rest.split('<').next().unwrap().to_owned()));
            if let Some((_, rest)) = page.text.split_once("/findings?kind=visitor&#38;after=") {
                at = format!("/findings?kind=visitor&after={}", rest.split('"').next().unwrap());
            }
        }
        // What is taken stands behind what nobody has.
        assert_eq!(format!("客{}", seen.last().unwrap()), newest["who"].as_str().unwrap());
        seen.sort();
        seen.dedup();
        assert_eq!(seen.len(), 55);
    }
}
