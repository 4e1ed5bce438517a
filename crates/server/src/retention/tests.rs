//! What is due goes and its figures stay, on both engines.

use std::collections::BTreeSet;

use axum::http::StatusCode;
use base::{Clock, Day, Moment, Role};
use db::on_db;
use serde_json::{Value, json};

use super::{destroy_due, ending, jobs};
use crate::playbook::Record;
use crate::rounds::{open_day, recount};
use crate::tally;
use crate::testing::{Asker, MORNING, TOWN, TestApp, list_key_person, on_both_engines, village};

const DAY: i64 = 24 * 60;
const PAGE: &str = "/round/141023105000000/2020-02-03";

fn check(household: i64, at: Moment, rest: Value) -> Value {
    let mut check = json!({ "id": Clock::fixed(at).new_id().to_string(), "town": 141_023_105,
        "household": household, "outcome": "well", "happened_at": at });
    check.as_object_mut().unwrap().extend(rest.as_object().unwrap().clone());
    check
}

/// Sends checks; the key of the first that is refused.
async fn enter(who: &Asker<'_>, checks: Vec<Value>) -> Option<String> {
    let answer = who.post_json("/api/v1/checks", &json!({ "checks": checks })).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    let told = answer.json();
    let keys = told["results"].as_array().unwrap().iter().filter_map(|result| result["key"].as_str());
    keys.map(str::to_owned).next()
}

/// A day on which much was told; the id of a check of household 1.
async fn busy(app: &TestApp, cadre: &Asker<'_>) -> String {
    let at = app.clock.now();
    let answers = json!({
        "residents": [
            { "resident": 1, "temperature": 38.2, "symptoms": ["dry-cough"] },
            { "resident": 2, "back": { "from": "武汉", "on": "2020-02-01", "transport": "train" } },
        ],
        "needs": ["medicine"],
    });
    let first = check(1, at, json!({ "outcome": "detailed", "answers": answers }));
    let mut checks = vec![first.clone()];
    checks.extend((2..=5).map(|household| check(household, at, json!({}))));
    checks.push(check(6, at, json!({ "outcome": "unreachable", "reason": "nobody-home" })));
    assert_eq!(enter(cadre, checks).await, None);
    // Told twice: what stands is the second, and both go.
    assert_eq!(enter(cadre, vec![check(2, at.plus_minutes(-30), json!({}))]).await, None);
    first["id"].as_str().unwrap().to_owned()
}

async fn count(app: &TestApp, sql: &'static str) -> i64 {
    let mut tx = app.test.db.read().await.unwrap();
    on_db!(tx, c => sqlx::query_scalar(sql).fetch_one(c).await).unwrap()
}

async fn figures(app: &TestApp, day: &str) -> BTreeSet<(i64, String, i64)> {
    let mut tx = app.test.db.read().await.unwrap();
    tally::rows(&mut tx, TOWN().town(), day.parse().unwrap()).await.unwrap().into_iter().collect()
}

async fn close_findings(app: &TestApp) {
    let mut tx = app.test.db.write().await.unwrap();
    let sql = "UPDATE finding SET state = 'closed', closed_at = 0";
    on_db!(tx, c => sqlx::query(sql).execute(c).await.map(|_| ())).unwrap();
    tx.commit().await.unwrap();
}

async fn open(app: &TestApp, day: &str) {
    let mut tx = app.test.db.write().await.unwrap();
    open_day(&mut tx, TOWN().town(), day.parse().unwrap(), app.clock.now()).await.unwrap();
    tx.commit().await.unwrap();
}

async fn entries(app: &TestApp) -> i64 {
    count(app, "SELECT COUNT(*) FROM audit_entry WHERE action = 'records.destroy'").await
}

on_both_engines! {
    async fn what_is_due_goes_and_its_figures_stand_still(app) {
        let cadre = app.village_cadre(village(1)).await;
        list_key_person(&app.test.db, 1, app.today()).await;
        busy(app, &cadre).await;
        let before = figures(app, "2020-02-03").await;
        // Kept for 90 days: the last of them is 3 May.
        app.clock.set(MORNING.plus_minutes(90 * DAY));
        destroy_due(&app.app.site).await.unwrap();
        assert_eq!(count(app, "SELECT COUNT(*) FROM round_check").await, 7);
        app.clock.set(MORNING.plus_minutes(91 * DAY));
        let ended = destroy_due(&app.app.site).await.unwrap();
        let checks = ended.iter().find(|destroyed| destroyed.record() == Some(Record::Checks)).unwrap();
        assert_eq!((checks.day, checks.records), (20_200_203, 7 + 6), "checks and what they come to");
        assert_eq!(count(app, "SELECT COUNT(*) FROM round_check").await, 0);
        assert_eq!(count(app, "SELECT COUNT(*) FROM round_standing").await, 0);
        assert_eq!(figures(app, "2020-02-03").await, before);
        // Findings that nobody has closed stay.
        assert!(count(app, "SELECT COUNT(*) FROM finding").await > 0);
        close_findings(app).await;
        destroy_due(&app.app.site).await.unwrap();
        assert_eq!(count(app, "SELECT COUNT(*) FROM finding").await, 0);
        assert_eq!(figures(app, "2020-02-03").await, before);
        // Once more: nothing is left, and nothing is told twice.
        let told = entries(app).await;
        assert!(destroy_due(&app.app.site).await.unwrap().is_empty());
        assert_eq!(entries(app).await, told);
        let mut tx = app.test.db.read().await.unwrap();
        let found = recount(&mut tx, &app.app.site.playbook, TOWN().town()).await.unwrap();
        assert!(found.agrees(), "{found:?}");
        assert_eq!((found.days, found.frozen), (0, 1));
    }

    async fn a_destroyed_day_takes_no_check_and_no_turn_of_the_register(app) {
        let cadre = app.village_cadre(village(1)).await;
        let headquarters = app.headquarters().await;
        let first = busy(app, &cadre).await;
        let mut tx = app.test.db.write().await.unwrap();
        // As if the days had been counted shorter when it was destroyed.
        let sql = "INSERT INTO destruction (town, record, day, records, keep, playbook, begun_at) \
                   VALUES (141023105, 'checks', 20200203, 0, '15 days', 'other/1', 0)";
        on_db!(tx, c => sqlx::query(sql).execute(c).await.map(|_| ())).unwrap();
        tx.commit().await.unwrap();
        let before = figures(app, "2020-02-03").await;
        app.clock.set(MORNING.plus_minutes(DAY));
        let again = check(1, MORNING, json!({ "corrects": first }));
        assert_eq!(enter(&cadre, vec![again]).await.as_deref(), Some("check-day-destroyed"));
        let page = cadre.get("/households/141023105/1/turn").await;
        assert_eq!(page.status, StatusCode::OK);
        let turn = [("division", "141023105200001"), ("occupancy", "closed"), ("from", "2020-02-03")];
        let turned = cadre.post("/households/141023105/1/turn", &turn).await;
        assert_eq!(turned.status, StatusCode::SEE_OTHER, "{}", turned.text);
        assert_eq!(figures(app, "2020-02-03").await, before);
        let compiled = headquarters.post("/reports/141023105/2020-02-03/compilation", &[]).await;
        assert_eq!(compiled.status, StatusCode::CONFLICT);
        assert!(compiled.text.contains("已经到期销毁"), "{}", compiled.text);
    }

    async fn a_program_that_was_ended_on_the_way_goes_on_from_there(app) {
        let cadre = app.village_cadre(village(1)).await;
        busy(app, &cadre).await;
        let before = figures(app, "2020-02-03").await;
        app.clock.set(MORNING.plus_minutes(91 * DAY));
        // The first step of a day, and an end in the middle of it.
        let site = &app.app.site;
        jobs::some_of(site, Record::Checks, TOWN().town(), "2020-02-03".parse().unwrap(), 3).await.unwrap();
        let left = count(app, "SELECT COUNT(*) FROM round_standing").await;
        assert_eq!(left, 3);
        let headquarters = app.headquarters().await;
        let page = headquarters.get(&format!("{PAGE}?state=done")).await.text;
        assert!(page.contains("正在销毁") && !page.contains("户主"), "{page}");
        let ended = destroy_due(site).await.unwrap();
        let checks = ended.iter().find(|destroyed| destroyed.record() == Some(Record::Checks)).unwrap();
        assert_eq!(checks.records, 13, "told as one");
        assert_eq!(count(app, "SELECT COUNT(*) FROM round_check").await, 0);
        assert_eq!(figures(app, "2020-02-03").await, before);
    }

    async fn figures_of_a_destroyed_day_open_to_what_became_of_its_rows(app) {
        let cadre = app.village_cadre(village(1)).await;
        list_key_person(&app.test.db, 1, app.today()).await;
        busy(app, &cadre).await;
        close_findings(app).await;
        let headquarters = app.headquarters().await;
        let figures = headquarters.get(PAGE).await.text;
        app.clock.set(MORNING.plus_minutes(91 * DAY));
        destroy_due(&app.app.site).await.unwrap();
        let told = "已于 2020-05-04 销毁：保存 90 天，共 13 条";
        let page = headquarters.get(PAGE).await.text;
        assert!(page.contains(told), "{page}");
        let numbers = |page: &str| {
            let list = page.split_once("<ul class=\"figures\">").unwrap().1.split("</ul>").next().unwrap();
            list.split("<b>").skip(1).map(|part| part.split('<').next().unwrap().to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(numbers(&page), numbers(&figures));
        for list in ["?state=done", "?state=silent", "?state=unreachable", "/key-persons", "/key-persons?show=feverish"] {
            let page = headquarters.get(&format!("{PAGE}{list}")).await.text;
            assert!(page.contains(told) && !page.contains("户主1"), "{list}: {page}");
        }
        let page = headquarters.get(&format!("{PAGE}/key-persons?total=true")).await.text;
        assert!(page.contains("2020-02-03 及以前的排查记录已经到期销毁"), "{page}");
        let page = headquarters.get("/findings?day=2020-02-03&division=141023105000000").await.text;
        assert!(page.contains("排查情况已于 2020-05-04 销毁"), "{page}");
    }

    async fn whereabouts_listings_and_who_left_go_in_their_time(app) {
        let cadre = app.village_cadre(village(1)).await;
        list_key_person(&app.test.db, 1, app.today().plus(-3)).await;
        busy(app, &cadre).await;
        close_findings(app).await;
        let mut tx = app.test.db.write().await.unwrap();
        for sql in [
            "UPDATE resident SET key_until = 20200204 WHERE id = 1",
            "UPDATE resident SET presence = 'away', whereabouts = '临汾', presence_since = 20200101 WHERE id = 9",
            "UPDATE household_span SET until_day = 20200205 WHERE household = 3",
        ] {
            on_db!(tx, c => sqlx::query(sql).execute(c).await.map(|_| ())).unwrap();
        }
        tx.commit().await.unwrap();
        app.clock.set(MORNING.plus_minutes(40 * DAY));
        destroy_due(&app.app.site).await.unwrap();
        assert_eq!(count(app, "SELECT COUNT(*) FROM resident WHERE told_day IS NOT NULL").await, 0);
        assert_eq!(count(app, "SELECT COUNT(*) FROM resident WHERE whereabouts <> ''").await, 1, "is away");
        assert_eq!(count(app, "SELECT COUNT(*) FROM resident WHERE key_from IS NOT NULL").await, 1);
        app.clock.set(MORNING.plus_minutes(92 * DAY));
        destroy_due(&app.app.site).await.unwrap();
        assert_eq!(count(app, "SELECT COUNT(*) FROM resident WHERE key_from IS NOT NULL").await, 0);
        assert_eq!(count(app, "SELECT COUNT(*) FROM household WHERE id = 3").await, 1);
        app.clock.set(MORNING.plus_minutes(184 * DAY));
        destroy_due(&app.app.site).await.unwrap();
        assert_eq!(count(app, "SELECT COUNT(*) FROM household WHERE id = 3").await, 0);
        assert_eq!(count(app, "SELECT COUNT(*) FROM resident WHERE household = 3").await, 0);
        assert_eq!(count(app, "SELECT COUNT(*) FROM household").await, 11);
    }

    async fn who_was_listed_is_known_as_long_as_a_day_is_counted_from_it(app) {
        let cadre = app.village_cadre(village(1)).await;
        list_key_person(&app.test.db, 1, app.today().plus(-3)).await;
        app.clock.set(MORNING.plus_minutes(DAY));
        open(app, "2020-02-04").await;
        app.clock.set(MORNING);
        busy(app, &cadre).await;
        let mut tx = app.test.db.write().await.unwrap();
        // Nothing is measured after the listing, and the listing was entered to have ended long ago.
        let sql = "UPDATE resident SET key_until = 20200204 WHERE id = 1";
        on_db!(tx, c => sqlx::query(sql).execute(c).await.map(|_| ())).unwrap();
        tx.commit().await.unwrap();
        let site = &app.app.site;
        app.clock.set(MORNING.plus_minutes(200 * DAY));
        let run = jobs::rows_of(site, Record::KeyPersons, TOWN().town()).await.unwrap();
        assert_eq!(run, None, "the checks of 3 February are there");
        destroy_due(site).await.unwrap();
        assert_eq!(count(app, "SELECT COUNT(*) FROM resident WHERE key_from IS NOT NULL").await, 0);
    }

    async fn sessions_slips_and_uploads_go_in_their_time(app) {
        let admin = app.person(Role::Administrator, TOWN()).await;
        admin.post(&format!("/accounts/{}/slip", app.person(Role::Publicity, TOWN()).await.account), &[]).await;
        let mut tx = app.test.db.write().await.unwrap();
        for sql in [
            "UPDATE session SET expires_at = 1580695200000",
            "INSERT INTO register_upload (town, id, account, file_name, uploaded_at, expires_at) VALUES \
             (141023105, '01700d1e-0000-7000-8000-000000000001', 1, 'list.csv', 1580695200000, 99999999999999)",
        ] {
            on_db!(tx, c => sqlx::raw_sql(sql).execute(c).await.map(|_| ())).unwrap();
        }
        tx.commit().await.unwrap();
        app.clock.set(MORNING.plus_minutes(DAY));
        destroy_due(&app.app.site).await.unwrap();
        assert_eq!(count(app, "SELECT COUNT(*) FROM register_upload").await, 1);
        assert!(count(app, "SELECT COUNT(*) FROM session").await > 0);
        app.clock.set(MORNING.plus_minutes(30 * DAY));
        destroy_due(&app.app.site).await.unwrap();
        for table in ["SELECT COUNT(*) FROM register_upload", "SELECT COUNT(*) FROM session", "SELECT COUNT(*) FROM slip"] {
            assert_eq!(count(app, table).await, 0, "{table}");
        }
    }
}

/// A new table is destroyed at the end, or it is said why it stays.
#[tokio::test]
async fn every_table_goes_at_the_end_or_is_said_to_stay() {
    let gone = |table: &str| {
        let words = format!("DELETE FROM {table} ");
        ending::statements().any(|sql| sql.starts_with(&words))
    };
    let stays = |table: &str| ending::STAY.iter().any(|(stays, _)| *stays == table);
    for table in db::tables(db::latest_version()).await.unwrap() {
        let name = &table.name;
        assert!(gone(name) != stays(name), "{name}: name it in retention/ending.rs, once");
    }
}

#[test]
fn a_run_is_due_at_half_past_two() {
    let time = base::TownTime::new("Asia/Shanghai", "16:00").unwrap();
    let at = |day: &str, hour, minute| time.moment(day.parse::<Day>().unwrap(), hour, minute).unwrap();
    assert_eq!(jobs::next(&time, at("2020-02-03", 2, 29)), at("2020-02-03", 2, 30));
    assert_eq!(jobs::next(&time, at("2020-02-03", 2, 30)), at("2020-02-04", 2, 30));
}
