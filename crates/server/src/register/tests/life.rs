//! People come, leave, move together, and the round follows.

use axum::http::StatusCode;
use base::Role;
use db::on_db;
use serde_json::json;

use super::undo::agrees;
use crate::rounds::{indicators::EXPECTED, open_day};
use crate::tally;
use crate::testing::{Answer, Asker, MORNING, TOWN, TestApp, list_key_person, on_both_engines, village};

const DAY: i64 = 24 * 60;

async fn open(app: &TestApp) {
    let mut tx = app.test.db.write().await.unwrap();
    open_day(&mut tx, TOWN().town(), app.today(), app.clock.now()).await.unwrap();
    tx.commit().await.unwrap();
}

async fn expected(app: &TestApp, n: i64) -> i64 {
    let mut tx = app.test.db.read().await.unwrap();
    tally::figures(&mut tx, TOWN(), app.today()).await.unwrap().get(village(n), EXPECTED)
}

fn path(household: i64) -> String {
    format!("/households/141023105/{household}")
}

async fn leaves(who: &Asker<'_>, household: i64, people: &[&str], form: &[(&str, &str)]) -> Answer {
    let mut all: Vec<_> = people.iter().map(|person| ("who", *person)).collect();
    all.extend_from_slice(form);
    who.post(&format!("{}/leaving", path(household)), &all).await
}

/// A check of household 1 that tells of a resident's temperature.
async fn measured(app: &TestApp, who: &Asker<'_>, resident: i64) -> String {
    let check = json!({ "id": app.clock.new_id(), "town": 141_023_105, "household": (resident + 1) / 2,
        "outcome": "detailed", "happened_at": app.clock.now(),
        "answers": { "residents": [{ "resident": resident, "temperature": 38.2 }] } });
    let answer = who.post_json("/api/v1/checks", &json!({ "checks": [check] })).await;
    answer.json()["results"][0]["result"].as_str().unwrap().to_owned()
}

async fn text(who: &Asker<'_>, path: &str) -> String {
    let answer = who.get(path).await;
    assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.text);
    answer.text
}

on_both_engines! {
    async fn who_died_is_asked_after_no_more_and_found_with_a_mark(app) {
        open(app).await;
        list_key_person(&app.test.db, 2, app.today().plus(-3)).await;
        let cadre = app.village_cadre(village(1)).await;
        assert_eq!(measured(app, &cadre, 2).await, "stored");
        app.clock.set(MORNING.plus_minutes(DAY));
        open(app).await;
        let died = [("how", "died"), ("from", "2020-02-04"), ("told_by", "clinic"), ("note", "因病")];
        assert_eq!(leaves(&cadre, 1, &["2"], &died).await.status, StatusCode::SEE_OTHER);
        let page = text(&cadre, &path(1)).await;
        assert!(page.contains("家里 1 人") && page.contains("已不在这户") && page.contains(">去世<"), "{page}");
        assert!(!text(&cadre, "/checks/141023105/1").await.contains("居民2"));
        // He may have been asked after on the day, not later.
        assert_eq!(measured(app, &cadre, 2).await, "stored");
        let listed = |day: &str| format!("/round/141023105200000/{day}/key-persons");
        assert!(text(&cadre, &listed("2020-02-03")).await.contains("居民2"));
        assert!(!text(&cadre, &listed("2020-02-04")).await.contains("居民2"));
        let told = text(&cadre, &format!("{}/residents/2/history", path(1))).await;
        assert!(told.contains("去世") && told.contains("卫生院说的") && told.contains("因病"), "{told}");
        app.clock.set(MORNING.plus_minutes(2 * DAY));
        assert_eq!(measured(app, &cadre, 2).await, "refused");
        assert_eq!(measured(app, &cadre, 1).await, "stored");
        // On the day before he lived there.
        assert!(text(&cadre, &format!("{}?day=2020-02-03", path(1))).await.contains("家里 2 人"));
        assert!(agrees(app).await);
    }

    async fn a_household_splits_and_its_contact_answers_for_both(app) {
        open(app).await;
        let cadre = app.village_cadre(village(1)).await;
        let form = [("how", "new"), ("division", "141023105200001"), ("house_number", "1号附1"), ("from", "2020-02-03")];
        let answer = leaves(&cadre, 1, &["2"], &form).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
        assert_eq!(expected(app, 1).await, 7);
        let new = text(&cadre, &path(13)).await;
        assert!(new.contains("居民2家") && new.contains("1号附1") && new.contains("包户1"), "{new}");
        // One person has one history.
        let told = text(&cadre, &format!("{}/residents/25/history", path(13))).await;
        assert!(told.contains("分户") && told.contains("从镇里另一户搬来"), "{told}");
        assert!(agrees(app).await);
    }

    async fn who_moves_to_another_village_stands_in_the_lists_of_both(app) {
        open(app).await;
        list_key_person(&app.test.db, 1, app.today().plus(-3)).await;
        let headquarters = app.headquarters().await;
        assert_eq!(measured(app, &headquarters, 1).await, "stored");
        let form = [("how", "known"), ("to", "7"), ("from", "2020-02-03"), ("rest", "closed")];
        let answer = leaves(&headquarters, 1, &["1", "2"], &form).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
        assert_eq!((expected(app, 1).await, expected(app, 2).await), (5, 6));
        assert!(agrees(app).await);
        let (own, other) = (app.village_cadre(village(1)).await, app.village_cadre(village(2)).await);
        let left = text(&own, "/households/movements").await;
        assert!(left.contains("并户") && left.contains("居民1") && left.contains("销户"), "{left}");
        let came = text(&other, "/households/movements").await;
        assert!(came.contains("从镇里另一户搬来") && came.contains("居民2") && !came.contains("销户"), "{came}");
        let here = text(&other, &path(7)).await;
        assert!(here.contains("家里 4 人") && here.contains("重点人员"), "{here}");
        // A cadre sends nobody into a register that is not his.
        let form = [("how", "known"), ("to", "8"), ("from", "2020-02-03"), ("rest", "vacant")];
        let refused = leaves(&own, 2, &["3"], &form).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.text.contains("没有这个户号"));
    }

    async fn what_cannot_be_is_refused_in_words(app) {
        open(app).await;
        let cadre = app.village_cadre(village(1)).await;
        for (people, form, why) in [
            (vec![], vec![("how", "died"), ("from", "2020-02-03")], "请勾上走了的人"),
            (vec!["1"], vec![("how", ""), ("from", "2020-02-03")], "请选怎么走的"),
            (vec!["1"], vec![("how", "died"), ("from", "2020-02-04")], "请填最近 30 天里的日期"),
            (vec!["1"], vec![("how", "died"), ("from", "2019-12-31")], "请填最近 30 天里的日期"),
            (vec!["1", "2"], vec![("how", "moved-out"), ("from", "2020-02-03")], "请选房子算空户，还是销户"),
            (vec!["1"], vec![("how", "new"), ("from", "2020-02-03")], "请填新户的门牌"),
            (vec!["1"], vec![("how", "known"), ("to", "1"), ("from", "2020-02-03")], "没有这个户号"),
        ] {
            let refused = leaves(&cadre, 1, &people, &form).await;
            assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{form:?}");
            assert!(refused.text.contains(why), "{why}: {}", refused.text);
        }
        assert_eq!(measured(app, &cadre, 1).await, "stored");
        let yesterday = [("how", "died"), ("from", "2020-02-02")];
        assert!(leaves(&cadre, 1, &["1"], &yesterday).await.text.contains("2月3日 周一的排查还问到了这些人"));
        let form = [("name", "居民四"), ("relation", "配偶")];
        cadre.change(&format!("{}/residents/4", path(2)), &form).await;
        assert!(leaves(&cadre, 2, &["4"], &yesterday).await.text.contains("2月3日 周一 又有改动"));
        let police = app.person(Role::Police, TOWN()).await;
        assert_eq!(leaves(&police, 1, &["1"], &yesterday).await.status, StatusCode::FORBIDDEN);
        let other = app.village_cadre(village(2)).await;
        assert_eq!(leaves(&other, 1, &["1"], &yesterday).await.status, StatusCode::NOT_FOUND);
    }

    async fn a_house_whose_people_left_stands_empty_until_somebody_comes(app) {
        open(app).await;
        let cadre = app.village_cadre(village(1)).await;
        let out = [("how", "moved-out"), ("from", "2020-02-03"), ("rest", "vacant")];
        assert_eq!(leaves(&cadre, 1, &["1", "2"], &out).await.status, StatusCode::SEE_OTHER);
        assert_eq!(expected(app, 1).await, 5);
        app.clock.set(MORNING.plus_minutes(DAY));
        open(app).await;
        let born = [("name", "小明"), ("relation", "子"), ("came", "born"), ("birth", "2020-02-04"), ("from", "2020-02-03")];
        let refused = cadre.post(&format!("{}/residents", path(1)), &born).await;
        assert!(refused.text.contains("不能早于出生日期"), "{}", refused.text);
        let came = [("name", "赵六"), ("came", "lodger-came"), ("registration", "lodging"), ("from", "2020-02-04")];
        let answer = cadre.post(&format!("{}/residents", path(1)), &came).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
        assert_eq!(expected(app, 1).await, 6);
        let told = text(&cadre, &format!("{}/history", path(1))).await;
        assert!(told.contains("租户来了") && told.contains("迁出本镇"), "{told}");
        assert!(agrees(app).await);
    }

    async fn another_heads_the_household(app) {
        let cadre = app.village_cadre(village(1)).await;
        let form = [("head", "2"), ("former", "配偶"), ("from", "2020-02-03"), ("told_by", "family")];
        let answer = cadre.post(&format!("{}/head", path(1)), &form).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
        let mut tx = app.test.db.read().await.unwrap();
        let sql = "SELECT h.head, r.name, r.relation FROM household h JOIN resident r ON r.household = h.id \
                   WHERE h.id = 1 ORDER BY r.id";
        let rows: Vec<(String, String, String)> = on_db!(tx, c => sqlx::query_as(sql).fetch_all(c).await).unwrap();
        let row = |name: &str, relation: &str| ("居民2".to_owned(), name.to_owned(), relation.to_owned());
        assert_eq!(rows, [row("居民1", "配偶"), row("居民2", "户主")]);
        drop(tx);
        let told = text(&cadre, &format!("{}/history", path(1))).await;
        assert!(told.contains("换户主") && told.contains("户主：户主1 → 居民2"), "{told}");
        let future = [("head", "1"), ("from", "2020-02-05")];
        let refused = cadre.post(&format!("{}/head", path(1)), &future).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    }
}
