//! The round through the real router, on both engines.

mod apart;
mod correcting;
mod full;
mod key;
mod own;
mod paper;
mod saved;
mod unreadable;

use axum::http::StatusCode;
use base::{Clock, Indicator, Moment, Role};
use serde_json::{Value, json};

use super::model::indicators::*;
use crate::tally;
use crate::testing::{Asker, MORNING, TOWN, TestApp, list_key_person, on_both_engines, village};

fn new_id(at: Moment) -> String {
    Clock::fixed(at).new_id().to_string()
}

/// A check of a household at `at`, all well.
fn well(household: i64, at: Moment) -> Value {
    json!({ "id": new_id(at), "town": 141_023_105, "household": household, "outcome": "well", "happened_at": at })
}

fn detailed(household: i64, at: Moment, answers: Value) -> Value {
    let mut check = well(household, at);
    check["outcome"] = json!("detailed");
    check["answers"] = answers;
    check
}

fn unreachable(household: i64, at: Moment) -> Value {
    let mut check = well(household, at);
    check["outcome"] = json!("unreachable");
    check["reason"] = json!("nobody-home");
    check
}

/// Sends checks and gives each result's word, with the key of a refusal.
async fn enter(who: &Asker<'_>, checks: Vec<Value>) -> Vec<String> {
    let answer = who.post_json("/api/v1/checks", &json!({ "checks": checks })).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    let word = |result: &Value| match result["key"].as_str() {
        Some(key) => key.to_owned(),
        None => result["result"].as_str().unwrap_or_default().to_owned(),
    };
    answer.json()["results"].as_array().expect("results").iter().map(word).collect()
}

async fn figure(app: &TestApp, indicator: Indicator) -> i64 {
    let mut tx = app.test.db.read().await.unwrap();
    let figures = tally::figures(&mut tx, TOWN(), app.today()).await.unwrap();
    figures.get(TOWN(), indicator)
}

on_both_engines! {
    async fn what_was_entered_by_mistake_is_taken_back(app) {
        let contact = app.contact(village(1)).await;
        let check = well(1, MORNING);
        let mut undo = well(1, MORNING);
        undo["outcome"] = json!("withdrawn");
        assert_eq!(enter(&contact, vec![undo.clone()]).await, ["check-withdrawn"]);
        undo["corrects"] = check["id"].clone();
        assert_eq!(enter(&contact, vec![check, undo]).await, ["stored", "stored"]);
        assert_eq!(figure(app, DONE).await, 0);
        enter(&contact, vec![unreachable(1, MORNING)]).await;
        assert_eq!(figure(app, UNREACHABLE).await, 1);
    }

    async fn a_check_names_a_steward_whom_there_is_as_its_maker(app) {
        let cadre = app.village_cadre(village(1)).await;
        let by = |household: i64, steward: i64| {
            let mut check = well(household, MORNING);
            check["checked_by"] = json!(steward);
            check["source"] = json!("paper");
            check
        };
        let sent = vec![by(1, 99), by(2, 1), well(3, MORNING), by(4, 0), by(5, 2)];
        let told = enter(&cadre, sent).await;
        assert_eq!(told, ["check-checked-by", "stored", "stored", "check-checked-by", "stored"]);
        assert_eq!(figure(app, DONE).await, 3);
        // Of another village, and without a household today: a steward all the same.
        assert_eq!(enter(&cadre, vec![by(6, 4)]).await, ["stored"]);
        let contact = app.contact(village(1)).await;
        assert_eq!(enter(&contact, vec![by(1, 99), by(1, 1)]).await, ["check-for-others"; 2]);
        let form = [("id", &*new_id(MORNING)), ("outcome", "well"), ("checked-by", "99")];
        let page = cadre.post("/checks/141023105/1", &form).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(page.text.contains("镇里没有这个包联人"), "{}", page.text);
    }

    async fn one_tap_moves_the_towns_figures(app) {
        let contact = app.contact(village(1)).await;
        assert_eq!(enter(&contact, vec![well(1, MORNING), well(2, MORNING)]).await, ["stored", "stored"]);
        assert_eq!(figure(app, EXPECTED).await, 12);
        assert_eq!(figure(app, DONE).await, 2);
    }

    async fn sending_again_changes_nothing_and_another_content_is_refused(app) {
        let contact = app.contact(village(1)).await;
        let check = well(1, MORNING);
        let mut other = unreachable(1, MORNING);
        other["id"] = check["id"].clone();
        let mut elsewhere = well(2, MORNING);
        elsewhere["id"] = check["id"].clone();
        let sent = vec![check.clone(), check.clone(), other, elsewhere];
        assert_eq!(enter(&contact, sent).await, ["stored", "repeated", "check-id-reused", "check-id-reused"]);
        assert_eq!(enter(&contact, vec![check]).await, ["repeated"]);
        assert_eq!((figure(app, DONE).await, figure(app, UNREACHABLE).await), (1, 0));
    }

    async fn a_second_check_of_the_day_counts_its_household_once(app) {
        let contact = app.contact(village(1)).await;
        let later = MORNING.plus_minutes(3);
        enter(&contact, vec![unreachable(1, MORNING)]).await;
        assert_eq!((figure(app, DONE).await, figure(app, UNREACHABLE).await), (0, 1));
        enter(&contact, vec![well(1, later), well(1, later.plus_minutes(1))]).await;
        assert_eq!((figure(app, DONE).await, figure(app, UNREACHABLE).await), (1, 0));
    }

    async fn what_is_entered_after_the_cut_off_is_late(app) {
        let contact = app.contact(village(1)).await;
        app.clock.set(MORNING.plus_minutes(6 * 60 - 1));
        enter(&contact, vec![well(1, MORNING)]).await;
        app.clock.set(MORNING.plus_minutes(6 * 60));
        enter(&contact, vec![well(2, MORNING)]).await;
        assert_eq!((figure(app, DONE).await, figure(app, LATE).await), (1, 1));
    }

    async fn a_correction_after_the_cut_off_does_not_make_late_what_was_in_time(app) {
        let contact = app.contact(village(1)).await;
        let first = detailed(1, MORNING, json!({ "residents": [{ "resident": 1, "temperature": 38.5 }] }));
        let mut second = detailed(1, MORNING, json!({ "residents": [{ "resident": 1, "temperature": 36.5 }] }));
        second["corrects"] = first["id"].clone();
        enter(&contact, vec![first]).await;
        assert_eq!((figure(app, FEVERISH).await, figure(app, FEVERS).await), (1, 1));
        app.clock.set(MORNING.plus_minutes(7 * 60));
        assert_eq!(enter(&contact, vec![second]).await, ["stored"]);
        assert_eq!((figure(app, DONE).await, figure(app, LATE).await), (1, 0));
        assert_eq!((figure(app, FEVERISH).await, figure(app, FEVERS).await), (0, 0));
        assert_eq!(figure(app, MEASURED).await, 1);
    }

    async fn what_a_check_finds_is_counted_by_kind(app) {
        let contact = app.contact(village(1)).await;
        list_key_person(&app.test.db, 2, app.today()).await;
        let answers = json!({
            "residents": [
                { "resident": 1, "temperature": 37.3, "symptoms": ["dry-cough"] },
                { "resident": 2, "temperature": 36.4, "back": { "from": "武汉", "on": "2020-02-02" } },
            ],
            "visitors": [{ "name": "来客", "from": "临汾" }],
            "needs": ["medicine"],
        });
        enter(&contact, vec![detailed(1, MORNING, answers)]).await;
        for indicator in [FEVERS, SYMPTOMS, RETURNEES, VISITORS, NEEDS, KEY_MEASURED, FEVERISH] {
            assert_eq!(figure(app, indicator).await, 1, "{}", indicator.key);
        }
        assert_eq!((figure(app, MEASURED).await, figure(app, KEY_FEVERISH).await), (2, 0));
        // An evening check with one tap takes nothing back.
        enter(&contact, vec![well(1, MORNING.plus_minutes(2))]).await;
        assert_eq!((figure(app, KEY_MEASURED).await, figure(app, RETURNEES).await), (1, 1));
    }

    async fn a_contact_checks_his_own_households_only(app) {
        let contact = app.contact(village(1)).await;
        // Household 4 is the second group's, 7 another village's, 99 nobody's: one answer for all.
        let sent = vec![well(4, MORNING), well(7, MORNING), well(99, MORNING), well(3, MORNING)];
        let results = enter(&contact, sent).await;
        assert_eq!(results, ["check-household", "check-household", "check-household", "stored"]);
    }

    async fn only_the_village_enters_what_others_checked(app) {
        let mut check = well(1, MORNING);
        check["source"] = json!("paper");
        check["checked_by"] = json!(1);
        let contact = app.contact(village(1)).await;
        assert_eq!(enter(&contact, vec![check.clone()]).await, ["check-for-others"]);
        let cadre = app.village_cadre(village(1)).await;
        assert_eq!(enter(&cadre, vec![check.clone()]).await, ["stored"]);
        let neighbour = app.village_cadre(village(2)).await;
        assert_eq!(enter(&neighbour, vec![check]).await, ["check-household"]);
    }

    async fn a_day_before_the_operation_or_in_the_future_is_refused(app) {
        let headquarters = app.headquarters().await;
        let sent = vec![well(1, MORNING.plus_minutes(-10 * 24 * 60)), well(1, MORNING.plus_minutes(60))];
        assert_eq!(enter(&headquarters, sent).await, ["check-before-operation", "check-future"]);
    }

    async fn who_may_not_check_is_refused_and_strangers_sign_in(app) {
        let body = json!({ "checks": [well(1, MORNING)] });
        let stranger = app.stranger().post_json("/api/v1/checks", &body).await;
        assert_eq!(stranger.status, StatusCode::UNAUTHORIZED);
        let observer = app.person(Role::SuperiorObserver, TOWN()).await;
        let refused = observer.post_json("/api/v1/checks", &body).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN);
        assert_eq!(refused.json()["key"], "error-not-allowed");
    }

    async fn one_refused_check_does_not_keep_the_others_out(app) {
        let contact = app.contact(village(1)).await;
        let odd = detailed(1, MORNING, json!({ "residents": [{ "resident": 1, "temperature": 365.0 }] }));
        let strange = detailed(2, MORNING, json!({ "residents": [{ "resident": 99, "temperature": 36.5 }] }));
        let sent = vec![odd, well(3, MORNING), strange];
        assert_eq!(enter(&contact, sent).await, ["check-temperature", "stored", "check-resident"]);
        assert_eq!(figure(app, DONE).await, 1);
    }
}

on_both_engines! {
    async fn the_contact_finds_what_is_still_to_do_and_taps_it_done(app) {
        let contact = app.contact(village(1)).await;
        let page = contact.get("/my-households").await;
        assert_eq!(page.status, StatusCode::OK);
        assert!(page.text.contains("今天还有 3 户没查"), "{}", page.text);
        assert!(page.text.contains("户主1") && !page.text.contains("户主4"));
        let id = new_id(MORNING);
        let tap = [("id", id.as_str()), ("town", "141023105"), ("household", "1")];
        let tapped = contact.post("/my-households/well", &tap).await;
        assert_eq!(tapped.status, StatusCode::SEE_OTHER);
        let page = contact.get(&location(&tapped)).await;
        assert!(page.text.contains("今天还有 2 户没查") && page.text.contains("户主1家已记下"));
        // The second tap of cold fingers stores nothing more.
        contact.post("/my-households/well", &tap).await;
        assert_eq!(figure(app, DONE).await, 1);
        let new = new_id(MORNING);
        let undo = [("id", new.as_str()), ("town", "141023105"), ("household", "1"), ("corrects", &id)];
        contact.post("/checks/undo", &undo).await;
        assert_eq!(figure(app, DONE).await, 0);
    }

    async fn the_contact_is_told_when_the_day_closes_and_what_counts_afterwards(app) {
        let contact = app.contact(village(1)).await;
        app.clock.set(MORNING.plus_minutes(6 * 60 - 1));
        let page = contact.get("/my-households").await.text;
        assert!(page.contains("16:00 前报完") && !page.contains("已截止"), "{page}");
        app.clock.set(MORNING.plus_minutes(6 * 60));
        let page = contact.get("/my-households").await.text;
        assert!(page.contains("今天 16:00 已截止，现在查的记为补录") && !page.contains("前报完"), "{page}");
    }

    async fn yesterday_is_spoken_of_where_there_was_one(app) {
        let (contact, cadre) = (app.contact(village(1)).await, app.village_cadre(village(1)).await);
        let list = format!("/round/{}/2020-02-03?state=silent", village(1).number());
        let told = async || {
            let pages = [contact.get("/my-households").await.text, cadre.get(&list).await.text];
            pages.map(|page| page.matches("昨天也没查").count())
        };
        // The operation's first day: no day was open before it.
        assert_eq!(told().await, [0, 0]);
        crate::rounds::open_today(&app.app.site).await.unwrap();
        assert_eq!(told().await, [3, 6]);
        let mut tx = app.test.db.write().await.unwrap();
        for sql in [
            "UPDATE household_span SET from_day = 20200203 WHERE household = 1",
            "UPDATE household_span SET occupancy = 'vacant', until_day = 20200203 WHERE household = 2",
            "INSERT INTO household_span (town, household, from_day, until_day, division, occupancy) \
             SELECT town, household, 20200203, 99991231, division, 'lived-in' FROM household_span WHERE household = 2",
        ] {
            db::on_db!(tx, c => sqlx::query(sql).execute(c).await.map(|_| ())).unwrap();
        }
        tx.commit().await.unwrap();
        assert_eq!(told().await, [1, 4], "who was not there or not due yesterday was not missed");
    }

    async fn a_form_with_a_mistake_comes_back_as_it_was(app) {
        let contact = app.contact(village(1)).await;
        let id = new_id(MORNING);
        let form = [("id", id.as_str()), ("temperature-1", "365"), ("note", "腿脚不便"), ("outcome", "detailed")];
        let answer = contact.post("/checks/141023105/1", &form).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(answer.text.contains("35.0 到 43.0") && answer.text.contains("href=\"#temperature-1\""));
        assert!(answer.text.contains("腿脚不便") && answer.text.contains("value=\"365\""));
        assert_eq!(figure(app, DONE).await, 0);
    }

    async fn a_saved_form_leads_to_the_next_household(app) {
        let contact = app.contact(village(1)).await;
        let form = |id: &str| [("id".to_owned(), id.to_owned()), ("outcome".to_owned(), "well".to_owned())];
        for (household, next) in [(1, "/checks/141023105/2"), (3, "/checks/141023105/2")] {
            let id = new_id(MORNING);
            let form = form(&id);
            let form: Vec<(&str, &str)> = form.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
            let answer = contact.post(&format!("/checks/141023105/{household}"), &form).await;
            assert_eq!(location(&answer), format!("{next}?saved={id}&town=141023105"));
        }
        let id = new_id(MORNING);
        let answer = contact.post("/checks/141023105/2", &[("id", &id), ("reason", "refused")]).await;
        assert!(location(&answer).starts_with("/my-households?saved="));
        assert_eq!((figure(app, DONE).await, figure(app, UNREACHABLE).await), (2, 1));
    }

    async fn a_page_out_of_scope_is_not_found(app) {
        let contact = app.contact(village(1)).await;
        assert_eq!(contact.get("/checks/141023105/4").await.status, StatusCode::NOT_FOUND);
        let cadre = app.village_cadre(village(1)).await;
        let own = format!("/round/{}/2020-02-03", village(1).number());
        let other = format!("/round/{}/2020-02-03", village(2).number());
        assert_eq!(cadre.get(&own).await.status, StatusCode::OK);
        assert_eq!(cadre.get(&other).await.status, StatusCode::NOT_FOUND);
        assert_eq!(cadre.get(&format!("/round/{}/2020-02-04", village(1).number())).await.status, StatusCode::NOT_FOUND);
        assert_eq!(contact.get(&own).await.status, StatusCode::FORBIDDEN);
    }

    async fn the_town_sees_figures_that_open_to_their_rows(app) {
        let contact = app.contact(village(1)).await;
        enter(&contact, vec![well(1, MORNING), unreachable(2, MORNING)]).await;
        let headquarters = app.headquarters().await;
        let town = format!("/round/{}/2020-02-03", TOWN().number());
        let page = headquarters.get(&town).await;
        assert!(page.text.contains("襄陵镇还有 10 户没消息"), "{}", page.text);
        assert!(page.text.contains("东街村") && page.text.contains("北街村"));
        let due = format!("/round/{}/2020-02-03?state=due", village(1).number());
        assert!(page.text.contains(&format!("<a href=\"{due}\">6</a>")), "{}", page.text);
        let list = headquarters.get(&due).await.text;
        assert!(list.contains("东街村 · 应查 6") && list.contains("2020-02-02?state=due"), "{list}");
        assert_eq!(list.matches("class=\"cell\"").count(), 6);
        assert!(page.text.contains(&format!("<a href=\"{town}?state=reached\"><b>1</b>")), "{}", page.text);
        let states = [
            ("done", vec!["户主1<"]),
            ("unreachable", vec!["户主2<"]),
            ("late", vec![]),
            ("reached", vec!["户主1<", "1 户已查"]),
        ];
        for (state, households) in states {
            let list = headquarters.get(&format!("{town}?state={state}")).await;
            for household in &households {
                assert!(list.text.contains(household), "{state}: {household}");
            }
            assert_eq!(list.text.matches("class=\"cell\"").count(), households.len().min(1), "{state}");
        }
        assert_eq!(headquarters.get(&format!("{town}?state=silent")).await.text.matches("class=\"cell\"").count(), 10);
    }

    async fn a_day_is_open_before_its_first_check(app) {
        assert_eq!(crate::rounds::open_today(&app.app.site).await.unwrap(), 10);
        assert_eq!(crate::rounds::open_today(&app.app.site).await.unwrap(), 0);
        let headquarters = app.headquarters().await;
        let coverage = headquarters.get(&format!("/api/v1/coverage?division={}", TOWN().number())).await;
        assert_eq!(coverage.json()["total"]["silent"], 12, "{}", coverage.text);
        assert_eq!(coverage.json()["below"].as_array().unwrap().len(), 2);
    }

    async fn programs_read_what_pages_show(app) {
        let contact = app.contact(village(1)).await;
        let check = detailed(1, MORNING, json!({ "residents": [{ "resident": 1, "temperature": 36.5 }] }));
        enter(&contact, vec![check.clone()]).await;
        let own = contact.get("/api/v1/my-households").await.json();
        let states: Vec<_> = own["households"].as_array().unwrap().iter().map(|h| h["state"].clone()).collect();
        assert_eq!(states, ["done", "silent", "silent"]);
        let history = contact.get("/api/v1/checks/141023105/1/2020-02-03").await.json();
        assert_eq!(history["checks"][0]["id"], check["id"]);
        assert_eq!(history["checks"][0]["answers"]["residents"][0]["temperature"], 36.5);
        assert_eq!(contact.get("/api/v1/checks/141023105/4/2020-02-03").await.status, StatusCode::NOT_FOUND);
    }

    async fn a_superior_sees_figures_but_no_household(app) {
        let observer = app.person(Role::SuperiorObserver, TOWN()).await;
        let town = format!("/round/{}/2020-02-03", TOWN().number());
        assert_eq!(observer.get(&town).await.status, StatusCode::OK);
        assert_eq!(observer.get(&format!("{town}?state=silent")).await.status, StatusCode::FORBIDDEN);
    }
}

fn location(answer: &crate::testing::Answer) -> String {
    answer.headers["location"].to_str().unwrap().to_owned()
}

on_both_engines! {
    async fn what_is_no_json_or_too_much_is_refused_with_its_status(app) {
        let contact = app.contact(village(1)).await;
        let post = || axum::http::Request::post("/api/v1/checks");
        let json = || post().header("content-type", "application/json");
        let cases = [
            (json(), "{".to_owned(), StatusCode::UNPROCESSABLE_ENTITY, "error-invalid"),
            (json(), "{\"checks\":[]}".to_owned(), StatusCode::UNPROCESSABLE_ENTITY, "error-invalid"),
            (json(), "{\"checks\":{}}".to_owned(), StatusCode::UNPROCESSABLE_ENTITY, "error-invalid"),
            (json(), "{\"checks\":[{]}".to_owned(), StatusCode::UNPROCESSABLE_ENTITY, "error-invalid"),
            (json(), "[]".to_owned(), StatusCode::UNPROCESSABLE_ENTITY, "error-invalid"),
            (json(), "{\"checks\":[],\"x\":1}".to_owned(), StatusCode::UNPROCESSABLE_ENTITY, "error-invalid"),
            (post(), "checks".to_owned(), StatusCode::UNSUPPORTED_MEDIA_TYPE, "error-media-type"),
            (json(), " ".repeat(3 << 20), StatusCode::PAYLOAD_TOO_LARGE, "error-too-large"),
        ];
        for (request, body, status, key) in cases {
            let answer = contact.ask(request, body.into()).await;
            assert_eq!((answer.status, answer.json()["key"].as_str()), (status, Some(key)), "{}", answer.text);
        }
    }
}
