//! An import is undone while nothing depends on it.

use axum::http::StatusCode;
use base::Role;
use db::on_db;
use serde_json::json;

use super::import::{confirm, digest, family, list, preview};
use crate::rounds::{self, open_day};
use crate::testing::{Asker, MORNING, TOWN, TestApp, list_key_person, on_both_engines, village};

/// What is known of a row, and the digests of its numbers.
type Row = (String, Option<Vec<u8>>, Option<Vec<u8>>);

/// All of a register and its figures, numbers by their digests.
pub async fn register(app: &TestApp) -> Vec<String> {
    let mut tx = app.test.db.read().await.unwrap();
    let mut all = Vec::new();
    for sql in [
        "SELECT CAST(id AS TEXT) || ' ' || house_number || house_order || head || address || tags \
         || ' ' || listed_day, phone_index, NULL FROM household ORDER BY id",
        "SELECT household || ' ' || from_day || ' ' || until_day || ' ' || division || occupancy, NULL, NULL \
         FROM household_span ORDER BY household, from_day",
        "SELECT id || ' ' || household || name || COALESCE(sex, '-') || COALESCE(CAST(birth_day AS TEXT), '-') \
         || relation || registration || presence || COALESCE(CAST(presence_since AS TEXT), '-') || whereabouts \
         || COALESCE(CAST(told_day AS TEXT), '-') || COALESCE(before_presence, '-') \
         || COALESCE(CAST(key_from AS TEXT), '-') || COALESCE(CAST(key_until AS TEXT), '-') \
         || COALESCE(key_reason, '-'), phone_index, identity_index FROM resident ORDER BY id",
        "SELECT level || ' ' || node || ' ' || steward || ' ' || from_day || ' ' \
         || COALESCE(CAST(until_day AS TEXT), '-'), NULL, NULL FROM stewardship ORDER BY level, node, from_day",
        "SELECT level || ' ' || day || ' ' || division || indicator || ' ' || value, NULL, NULL FROM tally \
         WHERE value <> 0 ORDER BY level, day, division, indicator",
    ] {
        let rows: Vec<Row> = on_db!(tx, c => sqlx::query_as(sql).fetch_all(c).await).unwrap();
        all.extend(rows.into_iter().map(|row| format!("{row:?}")));
    }
    all
}

pub async fn agrees(app: &TestApp) -> bool {
    let mut tx = app.test.db.read().await.unwrap();
    rounds::recount(&mut tx, &app.app.site.playbook, TOWN().town()).await.unwrap().agrees()
}

async fn open(app: &TestApp) {
    let mut tx = app.test.db.write().await.unwrap();
    open_day(&mut tx, TOWN().town(), app.today(), MORNING).await.unwrap();
    tx.commit().await.unwrap();
}

/// Imports a list as it is; the address of what it came to.
async fn imported(who: &Asker<'_>, list: &str) -> String {
    let (path, page) = preview(who, list).await;
    let form = [("digest", &*digest(&page)), ("doubts", "true"), ("changes", "true")];
    assert_eq!(who.post(&path, &form).await.status, StatusCode::SEE_OTHER);
    path.replace("/import/", "/imports/")
}

async fn undo(who: &Asker<'_>, import: &str) -> StatusCode {
    who.post(&format!("{import}/undoing"), &[]).await.status
}

async fn well(app: &TestApp, who: &Asker<'_>, household: i64) {
    let check = json!({ "id": app.clock.new_id(), "town": 141_023_105, "household": household, "outcome": "well",
        "happened_at": MORNING });
    let answer = who.post_json("/api/v1/checks", &json!({ "checks": [check] })).await;
    assert_eq!(answer.json()["results"][0]["result"], "stored", "{}", answer.text);
}

on_both_engines! {
    async fn an_import_is_undone_and_taken_again(app) {
        open(app).await;
        let cadre = app.village_cadre(village(1)).await;
        let before = register(app).await;
        let import = imported(&cadre, &family()).await;
        let taken = register(app).await;
        assert_ne!(taken, before);
        let all = cadre.get("/households/imports").await.text;
        assert!(all.contains("list.csv") && all.contains("3 户新户，4 人，1 户定包户人"), "{all}");
        assert!(cadre.get(&import).await.text.contains("撤销这次导入"));
        assert_eq!(undo(&cadre, &import).await, StatusCode::SEE_OTHER);
        assert_eq!(register(app).await, before);
        assert!(agrees(app).await);
        assert!(cadre.get(&import).await.text.contains("已撤销：2月3日"));
        // Once more does nothing.
        assert_eq!(undo(&cadre, &import).await, StatusCode::SEE_OTHER);
        assert_eq!(register(app).await, before);
        // Nothing of anybody is left in the history.
        let mut tx = app.test.db.read().await.unwrap();
        let sql = "SELECT COUNT(*) FROM register_change WHERE kind = 'undone' AND sealed IS NULL";
        let undone: i64 = on_db!(tx, c => sqlx::query_scalar(sql).fetch_one(c).await).unwrap();
        assert_eq!(undone, 7);
        drop(tx);
        // The same list again: all but the numbers, which are never given twice.
        imported(&cadre, &family()).await;
        let again = register(app).await;
        assert_eq!(again.len(), taken.len());
        assert!(agrees(app).await);
    }

    async fn what_a_list_changed_is_as_before(app) {
        open(app).await;
        list_key_person(&app.test.db, 2, app.today().plus(-3)).await;
        let cadre = app.village_cadre(village(1)).await;
        // Measured before, so that the figures hang on who is listed.
        let answers = json!({ "residents": [{ "resident": 1, "temperature": 38.1 }, { "resident": 2, "temperature": 36.5 }] });
        let check = json!({ "id": app.clock.new_id(), "town": 141_023_105, "household": 1, "outcome": "detailed",
            "happened_at": MORNING, "answers": answers });
        cadre.post_json("/api/v1/checks", &json!({ "checks": [check] })).await;
        let before = register(app).await;
        let rows = "门牌号,姓名,与户主关系,性别,出生日期,联系电话,在家/外出,外出地点,重点人员,村,组\n\
                    1号,居民1,户主,男,1962-03-05,12900000412,外出,太原市,从武汉回来,东街村,一组\n\
                    1号,居民2,妻,女,1963-03-05,,,,,东街村,一组\n";
        let import = imported(&cadre, rows).await;
        let taken = register(app).await;
        assert_ne!(taken, before);
        assert!(agrees(app).await);
        let page = cadre.get("/households/141023105/1/residents/1/history").await.text;
        assert!(page.contains("在不在家：在家 → 在外") && page.contains("为什么列入：空 → 从武汉回来"), "{page}");
        assert_eq!(undo(&cadre, &import).await, StatusCode::SEE_OTHER);
        assert_eq!(register(app).await, before);
        assert!(agrees(app).await);
        let page = cadre.get("/households/141023105/1/residents/1/history").await.text;
        assert!(page.contains("撤销导入") && page.contains("在不在家：在外 → 在家"), "{page}");
    }

    async fn what_was_built_on_it_since_stands_in_the_way_and_is_named(app) {
        open(app).await;
        let cadre = app.village_cadre(village(1)).await;
        let import = imported(&cadre, &family()).await;
        app.clock.set(MORNING.plus_minutes(5));
        let before = register(app).await;
        well(app, &cadre, 13).await;
        let form = [("house_number", "99号"), ("head", "张三")];
        assert_eq!(cadre.change("/households/141023105/14/edit", &form).await.status, StatusCode::SEE_OTHER);
        let give = [("pick", "household:15:0"), ("to", "2"), ("from", "2020-02-03")];
        let given = cadre.post("/stewards/streets/141023105200002", &give).await;
        assert_eq!(given.status, StatusCode::SEE_OTHER, "{}", given.text);
        let refused = cadre.post(&format!("{import}/undoing"), &[]).await;
        assert_eq!(refused.status, StatusCode::CONFLICT);
        for told in ["/households/141023105/13\">王建国家</a> 2月3日", "/households/141023105/14\">张三家</a> 又改过",
            "换过包户人", "不能撤销了"] {
            assert!(refused.text.contains(told), "{told}: {}", refused.text);
        }
        assert!(register(app).await.len() >= before.len());
    }

    async fn people_who_came_into_a_household_hinder_only_where_they_were_asked_after(app) {
        open(app).await;
        let cadre = app.village_cadre(village(1)).await;
        let before = register(app).await;
        let import = imported(&cadre, &list(&["1,户主1,子,居民新,男,,,,东街村,一组,1号,,,,,"])).await;
        well(app, &cadre, 1).await;
        let page = cadre.get("/households/141023105/1").await.text;
        assert!(page.contains("居民新"), "{page}");
        assert_eq!(undo(&cadre, &import).await, StatusCode::SEE_OTHER);
        let residents = |rows: Vec<String>| rows.into_iter().filter(|row| row.contains("居民")).collect::<Vec<_>>();
        assert_eq!(residents(register(app).await), residents(before));
        let import = imported(&cadre, &list(&["1,户主1,子,居民新,男,,,,东街村,一组,1号,,,,,"])).await;
        let answers = json!({ "residents": [{ "resident": 26, "temperature": 36.6 }] });
        let check = json!({ "id": app.clock.new_id(), "town": 141_023_105, "household": 1, "outcome": "detailed",
            "happened_at": MORNING, "answers": answers });
        let told = cadre.post_json("/api/v1/checks", &json!({ "checks": [check] })).await;
        assert_eq!(told.json()["results"][0]["result"], "stored", "{}", told.text);
        assert_eq!(undo(&cadre, &import).await, StatusCode::CONFLICT);
        assert!(agrees(app).await);
    }

    async fn only_whose_places_they_are_sees_and_undoes_it(app) {
        let cadre = app.village_cadre(village(1)).await;
        let (path, page) = preview(&cadre, &family()).await;
        confirm(&cadre, &path, &page, "false").await;
        let import = path.replace("/import/", "/imports/");
        let other = app.village_cadre(village(2)).await;
        assert!(!other.get("/households/imports").await.text.contains("list.csv"));
        assert_eq!(other.get(&import).await.status, StatusCode::NOT_FOUND);
        assert_eq!(undo(&other, &import).await, StatusCode::NOT_FOUND);
        let police = app.person(Role::Police, TOWN()).await;
        assert_eq!(undo(&police, &import).await, StatusCode::FORBIDDEN);
        assert_eq!(undo(&app.headquarters().await, &import).await, StatusCode::SEE_OTHER);
    }
}
