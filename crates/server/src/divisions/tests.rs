//! Divisions through the real router, on both engines.

use axum::http::{StatusCode, header};
use base::{Day, Division, Role};
use db::on_db;

use super::jobs::settle_mergers;
use super::store::{household_counts, last, on_day};
use crate::testing::{Answer, TOWN, TestApp, on_both_engines, village};

fn path(division: Division, rest: &str) -> String {
    format!("/divisions/{}{rest}", division.code())
}

fn group(v: i64, g: i64) -> Division {
    village(v).child(g).unwrap()
}

/// The day after the tests' today.
const TOMORROW: &str = "2020-02-04";

fn tomorrow() -> Day {
    TOMORROW.parse().unwrap()
}

fn leads_to(answer: &Answer, division: Division) {
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    assert_eq!(answer.headers[header::LOCATION], path(division, ""));
}

fn refused(answer: &Answer, message: &str) {
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", answer.text);
    assert!(answer.text.contains(message), "{}", answer.text);
}

async fn households(app: &TestApp, division: Division, on: Day) -> i64 {
    let mut tx = app.test.db.read().await.unwrap();
    household_counts(&mut tx, division, on).await.unwrap().values().sum()
}

async fn count(app: &TestApp, sql: &'static str) -> i64 {
    let mut tx = app.test.db.read().await.unwrap();
    on_db!(tx, c => sqlx::query_scalar(sql).fetch_one(c).await).unwrap()
}

async fn name(app: &TestApp, division: Division) -> String {
    let mut tx = app.test.db.read().await.unwrap();
    last(&mut tx, division).await.unwrap().unwrap().name
}

on_both_engines! {
    async fn headquarters_sees_the_town_as_a_tree_with_its_households(app) {
        let headquarters = app.headquarters().await;
        let page = headquarters.get("/divisions").await;
        assert_eq!(page.status, StatusCode::OK, "{}", page.text);
        for part in ["襄陵镇", "2 个村，12 户", "东街村", "北街村", "一组 3"] {
            assert!(page.text.contains(part), "{part}: {}", page.text);
        }
        let page = headquarters.get(&path(village(1), "")).await;
        assert!(page.text.contains("2 个街、组，6 户"), "{}", page.text);
    }

    async fn a_village_cadre_changes_his_own_team_areas_only(app) {
        let cadre = app.village_cadre(village(1)).await;
        assert!(cadre.get("/divisions").await.text.contains("东街村"));
        for hidden in [path(village(2), ""), path(group(2, 1), "/name"), path(TOWN(), ""), path(village(1), "/closure")] {
            assert_eq!(cadre.get(&hidden).await.status, StatusCode::NOT_FOUND, "{hidden}");
        }
        // A village's own name is the town's business.
        assert_eq!(cadre.get(&path(village(1), "/name")).await.status, StatusCode::FORBIDDEN);
        let refused = cadre.post(&path(village(2), "/groups"), &[("name", "三组")]).await;
        assert_eq!(refused.status, StatusCode::NOT_FOUND);
        leads_to(&cadre.post(&path(village(1), "/groups"), &[("name", "三组")]).await, village(1));
        assert_eq!(name(app, group(1, 3)).await, "三组");
        let contact = app.contact(village(1)).await;
        assert_eq!(contact.get("/divisions").await.status, StatusCode::FORBIDDEN);
    }

    async fn what_a_clerk_types_wrong_comes_back_with_what_to_do(app) {
        let cadre = app.village_cadre(village(1)).await;
        let add = path(village(1), "/groups");
        refused(&cadre.post(&add, &[("name", " "), ("number", "x")]).await, "请填名称");
        refused(&cadre.post(&add, &[("name", "南巷"), ("number", "1000")]).await, "1 到 999");
        let answer = cadre.post(&add, &[("name", "南巷"), ("number", "1")]).await;
        refused(&answer, "这个编号用过了");
        assert!(answer.text.contains("value=\"南巷\""), "{}", answer.text);
        refused(&cadre.post(&add, &[("name", "一组")]).await, "已经有叫这个名称的");
        let rename = path(group(1, 1), "/name");
        refused(&cadre.post(&rename, &[("name", "一组"), ("day", TOMORROW)]).await, "和现在的名称一样");
        refused(&cadre.post(&rename, &[("name", "二组"), ("day", TOMORROW)]).await, "已经有叫这个名称的");
        refused(&cadre.post(&rename, &[("name", "南巷"), ("day", "")]).await, "请选一个日期");
        refused(&cadre.post(&rename, &[("name", "南巷"), ("day", "2202-02-04")]).await, "请看看年份");
        refused(&cadre.post(&rename, &[("name", "南巷"), ("day", "2019-12-31")]).await, "请选晚一些的日期");
        assert_eq!(count(app, "SELECT COUNT(*) FROM audit_entry").await, 0);
    }

    async fn a_rename_keeps_the_earlier_name_for_earlier_days(app) {
        let cadre = app.village_cadre(village(1)).await;
        let typed = [("name", "南巷"), ("day", TOMORROW)];
        leads_to(&cadre.post(&path(group(1, 1), "/name"), &typed).await, village(1));
        let mut tx = app.test.db.read().await.unwrap();
        for (on, name) in [(app.today(), "一组"), (tomorrow(), "南巷")] {
            let row = on_day(&mut tx, group(1, 1), on).await.unwrap();
            assert_eq!(row.map(|row| row.name).as_deref(), Some(name));
        }
        drop(tx);
        let page = cadre.get(&path(village(1), "")).await;
        assert!(page.text.contains("一组") && page.text.contains("2月4日 周二起改叫南巷"), "{}", page.text);
        app.clock.set(app.clock.now().plus_minutes(24 * 60));
        assert!(cadre.get(&path(village(1), "")).await.text.contains("南巷"));
        assert_eq!(count(app, "SELECT COUNT(*) FROM audit_entry WHERE action = 'division.rename'").await, 1);
    }

    async fn a_name_put_right_on_its_first_day_leaves_no_other(app) {
        let cadre = app.village_cadre(village(1)).await;
        cadre.post(&path(village(1), "/groups"), &[("name", "难巷"), ("number", "7")]).await;
        let typed = [("name", "南巷"), ("day", "2020-02-03")];
        leads_to(&cadre.post(&path(group(1, 7), "/name"), &typed).await, village(1));
        assert_eq!(name(app, group(1, 7)).await, "南巷");
        assert_eq!(count(app, "SELECT COUNT(*) FROM division WHERE code = 141023105200007").await, 1);
    }

    async fn a_team_area_is_closed_when_nobody_lives_there(app) {
        let cadre = app.village_cadre(village(1)).await;
        refused(&cadre.post(&path(group(1, 1), "/closure"), &[("day", TOMORROW)]).await, "请先把户迁到别的组");
        cadre.post(&path(village(1), "/groups"), &[("name", "三组")]).await;
        leads_to(&cadre.post(&path(group(1, 3), "/closure"), &[("day", TOMORROW)]).await, village(1));
        assert!(cadre.get(&path(village(1), "")).await.text.contains("2月4日 周二起撤销"));
        app.clock.set(app.clock.now().plus_minutes(24 * 60));
        assert!(!cadre.get(&path(village(1), "")).await.text.contains("三组"));
        assert_eq!(cadre.get(&path(group(1, 3), "/name")).await.status, StatusCode::NOT_FOUND);
        // Its number is not given to another.
        refused(&cadre.post(&path(village(1), "/groups"), &[("name", "新组"), ("number", "3")]).await, "用过了");
    }

    async fn a_merged_village_goes_on_in_the_other_and_the_past_stays(app) {
        lead(app, group(1, 1), 1).await;
        let lead = app.person(Role::StreetLead, group(1, 1)).await;
        stray_household(app).await;
        let headquarters = app.headquarters().await;
        let into = village(2).code();
        let typed = [("into", into.as_str()), ("day", TOMORROW)];
        leads_to(&headquarters.post(&path(village(1), "/merger"), &typed).await, village(2));
        let late = headquarters.post(&path(village(1), "/groups"), &[("name", "九组")]).await;
        assert_eq!(late.status, StatusCode::NOT_FOUND);
        for (on, numbers) in [(app.today(), (6, 6)), (tomorrow(), (0, 12))] {
            let counted = (households(app, village(1), on).await, households(app, village(2), on).await);
            assert_eq!(counted, numbers, "{on}");
        }
        // Its team areas go on under free numbers, with the village before names that stand twice.
        assert_eq!(name(app, group(2, 3)).await, "东街村一组");
        assert_eq!(name(app, group(2, 5)).await, "东街村");
        assert_eq!(households(app, group(2, 3), tomorrow()).await, 2);
        assert_eq!(households(app, group(2, 5), tomorrow()).await, 1);
        let heir = "SELECT COUNT(*) FROM stewardship WHERE level = 'group' AND node = 141023105201003 \
                    AND steward = 1 AND until_day IS NULL AND from_day = 20200204";
        assert_eq!(count(app, heir).await, 1);
        // Nobody has a role in it before its day.
        let role = "SELECT COUNT(*) FROM appointment WHERE division = 141023105201003 AND role = 'street-lead'";
        assert_eq!(count(app, role).await, 0);
        assert!(headquarters.get("/divisions").await.text.contains("2月4日 周二起并入北街村"));
        let mut tx = app.test.db.read().await.unwrap();
        let row = last(&mut tx, village(1)).await.unwrap().unwrap();
        assert_eq!((row.until_day, row.successor), (20_200_204, Some(village(2).number())));
        let row = last(&mut tx, group(1, 1)).await.unwrap().unwrap();
        assert_eq!(row.successor, Some(group(2, 3).number()));
        drop(tx);
        // Its stewards belong to it until the day, and then to what took theirs in.
        let here = "SELECT COUNT(*) FROM steward WHERE division = 141023105200001";
        let there = "SELECT COUNT(*) FROM steward WHERE division = 141023105201003";
        assert_eq!(settle_mergers(&app.app.site).await.unwrap(), 0);
        assert_eq!((count(app, here).await, count(app, there).await), (1, 0));
        app.clock.set(app.clock.now().plus_minutes(24 * 60));
        assert_eq!(settle_mergers(&app.app.site).await.unwrap(), 3);
        assert_eq!((count(app, here).await, count(app, there).await), (0, 1));
        assert_eq!(count(app, role).await, 1);
        let told = "SELECT COUNT(*) FROM audit_entry WHERE action = 'division.settle-mergers'";
        assert_eq!(count(app, told).await, 1);
        // What is taken away afterwards does not come back.
        dismiss_street_leads(app).await;
        assert_eq!(settle_mergers(&app.app.site).await.unwrap(), 0);
        assert_eq!(count(app, role).await, 0);
        assert_eq!(lead.get(&path(group(1, 1), "/name")).await.status, StatusCode::FORBIDDEN);
        assert!(!headquarters.get("/divisions").await.text.contains("<a href=\"/divisions/141023105200\">"));
    }

    async fn a_team_area_merges_into_another_of_its_village(app) {
        let cadre = app.village_cadre(village(1)).await;
        let (into, elsewhere) = (group(1, 2).code(), group(2, 1).code());
        let merger = path(group(1, 1), "/merger");
        refused(&cadre.post(&merger, &[("into", elsewhere.as_str()), ("day", TOMORROW)]).await, "同级");
        leads_to(&cadre.post(&merger, &[("into", into.as_str()), ("day", TOMORROW)]).await, village(1));
        let offered = cadre.get(&path(group(1, 2), "/merger")).await.text;
        assert!(!offered.contains(&format!("value=\"{}\"", group(1, 1).code())), "{offered}");
        assert_eq!(households(app, group(1, 2), app.today()).await, 3);
        assert_eq!(households(app, group(1, 2), tomorrow()).await, 6);
    }

    async fn no_merger_takes_households_out_of_a_round_that_has_begun(app) {
        let mut tx = app.test.db.write().await.unwrap();
        let sql = "INSERT INTO round_day (town, day, opened_at) VALUES (141023105, 20200203, 0)";
        on_db!(tx, c => sqlx::query(sql).execute(c).await.map(|_| ())).unwrap();
        tx.commit().await.unwrap();
        let headquarters = app.headquarters().await;
        let into = village(2).code();
        let merger = path(village(1), "/merger");
        for day in ["2020-02-03", "2020-02-01"] {
            let answer = headquarters.post(&merger, &[("into", into.as_str()), ("day", day)]).await;
            refused(&answer, "这天的排查已经开始");
        }
        refused(&headquarters.post(&merger, &[("into", ""), ("day", TOMORROW)]).await, "请选一个同级的村或组");
        assert_eq!(households(app, village(1), tomorrow()).await, 6);
    }

    async fn a_search_stays_within_ones_own_area(app) {
        let cadre = app.village_cadre(village(1)).await;
        assert!(cadre.get("/divisions?q=bj").await.text.contains("没有找到"));
        assert!(cadre.get("/divisions?q=dj").await.text.contains("东街村"));
        let headquarters = app.headquarters().await;
        assert!(headquarters.get("/divisions?q=bj").await.text.contains("北街村"));
        assert!(headquarters.get("/divisions?q=%3Cb%3E").await.text.contains("没有找到“&#60;b&#62;”"));
    }

    async fn the_api_lists_by_key_and_finds(app) {
        let contact = app.contact(village(1)).await;
        let first = contact.get("/api/v1/divisions?under=141023105&limit=1").await.json();
        assert_eq!(first["divisions"][0]["name"], "东街村民委员会");
        assert_eq!((&first["divisions"][0]["level"], &first["next"]), (&"village".into(), &"141023105200".into()));
        let second = contact.get("/api/v1/divisions?under=141023105&limit=1&after=141023105200").await.json();
        assert_eq!(second["divisions"][0]["code"], "141023105201");
        assert_eq!(second.get("next"), None);
        let found = contact.get("/api/v1/divisions?under=141023105&q=bj").await.json();
        assert_eq!(found["divisions"][0]["code"], "141023105201");
        let groups = contact.get("/api/v1/divisions?under=141023105200").await.json();
        assert_eq!(groups["divisions"].as_array().map(Vec::len), Some(2));
    }

    async fn the_api_says_what_is_wrong_with_a_query(app) {
        let contact = app.contact(village(1)).await;
        for (query, field) in [("under=14102", "under"), ("after=x", "after"), ("limit=0", "limit")] {
            let answer = contact.get(&format!("/api/v1/divisions?{query}")).await;
            assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", answer.text);
            assert_eq!(answer.json()["fields"][0]["field"], field);
        }
        let answer = contact.get("/api/v1/divisions?limit=many").await;
        assert_eq!((answer.status, &answer.json()["status"]), (StatusCode::BAD_REQUEST, &400.into()));
        let stranger = app.stranger().get("/api/v1/divisions").await;
        assert_eq!(stranger.status, StatusCode::UNAUTHORIZED);
    }
}

/// Makes a steward the lead of a team area.
async fn lead(app: &TestApp, group: Division, steward: i64) {
    let mut tx = app.test.db.write().await.unwrap();
    let sql = "INSERT INTO stewardship (town, id, level, node, steward, from_day, given_at) \
               VALUES ($1, $2, 'group', $3, $4, 20200125, 0)";
    on_db!(tx, c => sqlx::query(sql)
        .bind(group.town()).bind(app.clock.new_id()).bind(group.number()).bind(steward)
        .execute(c).await.map(|_| ()))
    .unwrap();
    tx.commit().await.unwrap();
}

async fn dismiss_street_leads(app: &TestApp) {
    let mut tx = app.test.db.write().await.unwrap();
    let sql = "DELETE FROM appointment WHERE division = 141023105201003";
    on_db!(tx, c => sqlx::query(sql).execute(c).await.map(|_| ())).unwrap();
    tx.commit().await.unwrap();
}

/// Puts a household of the first team area into the village itself, outside its team areas.
async fn stray_household(app: &TestApp) {
    let mut tx = app.test.db.write().await.unwrap();
    let sql = "UPDATE household_span SET division = 141023105200000 WHERE household = 3";
    on_db!(tx, c => sqlx::query(sql).execute(c).await.map(|_| ())).unwrap();
    tx.commit().await.unwrap();
}
