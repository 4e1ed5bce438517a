//! A slip of the finger is mended for the day and hour it was made in, wherever it is noticed; the
//! register follows what holds.

use super::*;
use crate::rounds;

const EVENING: i64 = 7 * 60;

/// Saves a form; the check's id.
async fn form(who: &Asker<'_>, at: Moment, household: i64, fields: &[(&str, &str)]) -> String {
    let id = new_id(at);
    let mut all = vec![("id", id.as_str())];
    all.extend_from_slice(fields);
    let answer = who.post(&format!("/checks/141023105/{household}"), &all).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    id
}

/// Where a resident is: the word, since when, where.
async fn presence(app: &TestApp, resident: i64) -> (String, Option<i32>, String) {
    let mut tx = app.test.db.read().await.unwrap();
    let sql = "SELECT presence, presence_since, whereabouts FROM resident WHERE id = $1";
    db::on_db!(tx, c => sqlx::query_as(sql).bind(resident).fetch_one(c).await).unwrap()
}

async fn agrees(app: &TestApp) -> bool {
    let mut tx = app.test.db.read().await.unwrap();
    rounds::recount(&mut tx, &app.app.site.playbook, TOWN().town()).await.unwrap().agrees()
}

const AWAY: [(&str, &str); 4] =
    [("outcome", "detailed"), ("where-1", "away"), ("place-1", "临汾"), ("since-1", "2020-02-03")];
const BACK: [(&str, &str); 4] =
    [("outcome", "detailed"), ("where-1", "back"), ("place-1", "武汉"), ("since-1", "2020-02-03")];

on_both_engines! {
    async fn what_is_put_right_in_the_evening_happened_in_the_morning(app) {
        let contact = app.contact(village(1)).await;
        let wrong = form(&contact, MORNING, 1, &BACK).await;
        assert_eq!(figure(app, RETURNEES).await, 1);
        let evening = MORNING.plus_minutes(EVENING);
        app.clock.set(evening);
        let right = form(&contact, evening, 1, &[("corrects", &wrong), ("outcome", "well")]).await;
        let told = contact.get("/api/v1/checks/141023105/1/2020-02-03").await.json();
        assert_eq!((&told["checks"][0]["id"], &told["checks"][0]["happened_at"]), (&json!(right), &json!(MORNING)));
        assert_eq!((figure(app, RETURNEES).await, figure(app, DONE).await, figure(app, LATE).await), (0, 1, 0));
        // The day as it stood at the cut-off knows nothing of the mistake either.
        let playbook = &app.app.site.playbook;
        let before = Some(playbook.time.cut_off(app.today()));
        let mut tx = app.test.db.read().await.unwrap();
        let at_cut_off = rounds::AsOf { town: TOWN(), day: app.today(), before, playbook };
        assert_eq!(at_cut_off.figures(&mut tx).await.unwrap().get(TOWN(), RETURNEES), 0);
        drop(tx);
        assert!(agrees(app).await);
    }

    async fn yesterdays_check_is_put_right_and_taken_back_today(app) {
        let contact = app.contact(village(1)).await;
        let wrong = form(&contact, MORNING, 1, &BACK).await;
        let other = form(&contact, MORNING, 2, &[("outcome", "well")]).await;
        let yesterday = app.today();
        let morning = MORNING.plus_minutes(24 * 60);
        app.clock.set(morning);
        form(&contact, morning, 1, &[("corrects", &wrong), ("outcome", "well")]).await;
        let undo = [("id", new_id(morning)), ("corrects", other)];
        let undo: Vec<_> = undo.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let undo = [undo, vec![("town", "141023105"), ("household", "2")]].concat();
        contact.post("/checks/undo", &undo).await;
        let mut tx = app.test.db.read().await.unwrap();
        let figures = tally::figures(&mut tx, TOWN(), yesterday).await.unwrap();
        let of = |indicator| figures.get(TOWN(), indicator);
        assert_eq!((of(RETURNEES), of(DONE)), (0, 1));
        drop(tx);
        assert!(agrees(app).await);
    }

    async fn who_was_away_by_mistake_is_at_home_again(app) {
        let contact = app.contact(village(1)).await;
        let home = presence(app, 1).await;
        let wrong = form(&contact, MORNING, 1, &AWAY).await;
        assert_eq!(presence(app, 1).await, ("away".to_owned(), Some(20_200_203), "临汾".to_owned()));
        let later = MORNING.plus_minutes(30);
        app.clock.set(later);
        let right = form(&contact, later, 1, &[("corrects", &wrong), ("outcome", "well")]).await;
        assert_eq!(presence(app, 1).await, home);
        // And away again, once that was the mistake.
        let mut again = AWAY.to_vec();
        again.push(("corrects", &right));
        form(&contact, later, 1, &again).await;
        assert_eq!(presence(app, 1).await.0, "away");
    }

    async fn an_earlier_check_that_comes_in_late_does_not_move_anybody(app) {
        let contact = app.contact(village(1)).await;
        let answers = |told: Value| json!({ "residents": [told] });
        let back = json!({ "resident": 1, "back": { "from": "武汉", "on": "2020-02-03" } });
        let away = json!({ "resident": 1, "away": { "place": "临汾", "since": "2020-02-02" } });
        let first = detailed(1, MORNING.plus_minutes(-60), answers(away));
        enter(&contact, vec![detailed(1, MORNING, answers(back))]).await;
        enter(&contact, vec![first]).await;
        assert_eq!(presence(app, 1).await, ("present".to_owned(), Some(20_200_203), String::new()));
    }

    async fn enter_in_the_form_saves_what_was_typed(app) {
        let contact = app.contact(village(1)).await;
        let page = contact.get("/checks/141023105/1").await.text;
        let first = page.split("<form").find(|form| form.contains("action=\"/checks/141023105/1\"")).unwrap();
        let button = first.split("<button").nth(1).unwrap().split('>').next().unwrap();
        assert!(button.contains("value=\"detailed\""), "{button}");
        let id = new_id(MORNING);
        let typed = [("id", id.as_str()), ("outcome", "well"), ("temperature-1", "38.4")];
        let answer = contact.post("/checks/141023105/1", &typed).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(answer.text.contains("value=\"38.4\""), "{}", answer.text);
    }

    async fn what_stands_in_a_correction_untyped_may_be_put_aside(app) {
        let contact = app.contact(village(1)).await;
        let wrong = form(&contact, MORNING, 1, &BACK).await;
        let mut again = BACK.to_vec();
        again[0] = ("outcome", "well");
        again.push(("corrects", &wrong));
        form(&contact, MORNING.plus_minutes(1), 1, &again).await;
        assert_eq!(figure(app, RETURNEES).await, 0);
    }

    async fn all_visitors_of_a_check_can_be_put_right(app) {
        let contact = app.contact(village(1)).await;
        let visitors: Vec<Value> = (1..=5).map(|n| json!({ "name": format!("来客{n}"), "from": "临汾" })).collect();
        let check = detailed(1, MORNING, json!({ "visitors": visitors }));
        enter(&contact, vec![check.clone()]).await;
        let page = contact.get(&format!("/checks/141023105/1?corrects={}", check["id"].as_str().unwrap())).await.text;
        assert!((1..=5).all(|n| page.contains(&format!("value=\"来客{n}\""))), "{page}");
        assert_eq!(page.matches("name=\"visitor-name\"").count(), 6);
    }

    async fn what_was_told_today_is_shown_when_the_form_is_opened_again(app) {
        let contact = app.contact(village(1)).await;
        let fields = [
            ("outcome", "detailed"), ("temperature-1", "38.5"), ("symptom-1", "dry-cough"), ("temperature-2", "36.4"),
            ("where-2", "back"), ("place-2", "武汉"), ("since-2", "2020-02-02"), ("visitor-name", "来客"),
            ("visitor-from", "临汾"), ("need", "medicine"), ("note", "腿脚不便"),
        ];
        let first = form(&contact, MORNING, 1, &fields).await;
        let page = contact.get("/checks/141023105/1").await.text;
        let told = ["居民1 38.5℃ 发热 干咳", "居民2 36.4℃ 刚回来 武汉 2月2日 周日", "外籍人员入村 来客 临汾", "有困难 ", "腿脚不便"];
        for line in told {
            assert!(page.contains(&format!("<br>{line}")), "{line}: {page}");
        }
        // What was put right is told no more; what stands instead is.
        form(&contact, MORNING.plus_minutes(1), 1, &[("corrects", &first), ("reason", "refused")]).await;
        let page = contact.get("/checks/141023105/1").await.text;
        assert!(!page.contains("38.5") && page.matches("<br>").count() == 1, "{page}");
    }

    async fn of_two_corrections_of_one_check_the_last_holds(app) {
        let contact = app.contact(village(1)).await;
        let reading = |at: Moment, degrees: f64| {
            detailed(1, at, json!({ "residents": [{ "resident": 1, "temperature": degrees }] }))
        };
        let wrong = reading(MORNING, 38.5);
        let corrected = |minutes: i64, degrees: f64| {
            let mut check = reading(MORNING.plus_minutes(minutes), degrees);
            check["corrects"] = wrong["id"].clone();
            check
        };
        enter(&contact, vec![wrong.clone()]).await;
        app.clock.set(MORNING.plus_minutes(10));
        enter(&contact, vec![corrected(1, 39.0)]).await;
        app.clock.set(MORNING.plus_minutes(20));
        enter(&contact, vec![corrected(0, 36.5)]).await;
        assert_eq!((figure(app, FEVERISH).await, figure(app, FEVERS).await), (0, 0));
        let page = contact.get("/checks/141023105/1").await.text;
        assert_eq!(page.matches("?corrects=").count(), 1, "{page}");
        assert!(agrees(app).await);
    }

    async fn what_is_told_across_midnight_reaches_the_register(app) {
        let contact = app.contact(village(1)).await;
        let home = presence(app, 1).await;
        let morning = MORNING.plus_minutes(24 * 60);
        app.clock.set(morning);
        let answers = json!({ "residents": [{ "resident": 1, "away": { "place": "临汾", "since": "2020-02-03" } }] });
        let wrong = detailed(1, MORNING, answers);
        enter(&contact, vec![wrong.clone()]).await;
        assert_eq!(presence(app, 1).await.0, "away");
        let mut right = well(1, MORNING);
        right["corrects"] = wrong["id"].clone();
        enter(&contact, vec![right]).await;
        assert_eq!(presence(app, 1).await, home);
        // What a later day has told stands.
        let back = json!({ "residents": [{ "resident": 1, "back": { "from": "武汉", "on": "2020-02-04" } }] });
        let away = json!({ "residents": [{ "resident": 1, "away": { "place": "运城", "since": "2020-02-03" } }] });
        enter(&contact, vec![detailed(1, morning, back)]).await;
        enter(&contact, vec![detailed(1, MORNING.plus_minutes(1), away)]).await;
        assert_eq!(presence(app, 1).await.0, "present");
    }

    async fn an_id_used_again_for_another_maker_is_refused(app) {
        let cadre = app.village_cadre(village(1)).await;
        let check = well(1, MORNING);
        let mut paper = check.clone();
        paper["source"] = json!("paper");
        let mut named = check.clone();
        named["checked_by"] = json!(1);
        let told = enter(&cadre, vec![check, paper, named]).await;
        assert_eq!(told, ["stored", "check-id-reused", "check-id-reused"]);
    }

    async fn nothing_is_covered_on_a_day_to_come(app) {
        let headquarters = app.headquarters().await;
        let of = |day: &str| format!("/api/v1/coverage?division={}&day={day}", TOWN().number());
        assert_eq!(headquarters.get(&of("2020-02-04")).await.status, StatusCode::NOT_FOUND);
        assert_eq!(headquarters.get(&of("2020-02-03")).await.status, StatusCode::OK);
    }

    async fn as_many_forms_as_there_are_connections_are_taken_at_once(app) {
        let contact = app.contact(village(1)).await;
        let one = async |n: i64| {
            let id = new_id(MORNING.plus_minutes(n));
            contact.post("/checks/141023105/1", &[("id", id.as_str()), ("outcome", "well")]).await.status
        };
        let told = futures_util::future::join_all((0..40).map(one)).await;
        assert!(told.iter().all(|status| *status == StatusCode::SEE_OTHER), "{told:?}");
    }

    async fn what_was_stored_is_told_again_also_when_the_household_is_gone(app) {
        let contact = app.contact(village(1)).await;
        let check = well(1, MORNING);
        assert_eq!(enter(&contact, vec![check.clone()]).await, ["stored"]);
        let mut tx = app.test.db.write().await.unwrap();
        let sql = "UPDATE stewardship SET until_day = 20200203 WHERE level = 'household' AND node = 1";
        db::on_db!(tx, c => sqlx::query(sql).execute(c).await.map(|_| ())).unwrap();
        tx.commit().await.unwrap();
        app.app.site.people.forget();
        assert_eq!(enter(&contact, vec![check.clone()]).await, ["repeated"]);
        // Somebody else is told nothing of it.
        let other = app.contact(village(2)).await;
        assert_eq!(enter(&other, vec![check]).await, ["check-household"]);
    }

    async fn days_on_which_the_program_did_not_run_are_shown_as_silent(app) {
        rounds::open_today(&app.app.site).await.unwrap();
        let missed = app.today().next();
        app.clock.set(MORNING.plus_minutes(3 * 24 * 60));
        assert_eq!(rounds::open_today(&app.app.site).await.unwrap(), 3);
        let sql = "SELECT object FROM audit_entry WHERE action = 'round.open' ORDER BY object DESC LIMIT 1";
        let mut tx = app.test.db.read().await.unwrap();
        let entry: String = db::on_db!(tx, c => sqlx::query_scalar(sql).fetch_one(c).await).unwrap();
        assert_eq!(entry, "141023105/2020-02-06");
        drop(tx);
        assert_eq!(rounds::open_today(&app.app.site).await.unwrap(), 0);
        let headquarters = app.headquarters().await;
        let path = format!("/api/v1/coverage?division={}&day={missed}", TOWN().number());
        assert_eq!(headquarters.get(&path).await.json()["total"]["silent"], 12);
        assert!(agrees(app).await);
    }
}

#[tokio::test]
async fn a_day_that_cannot_be_opened_does_not_stop_the_others() {
    let app = TestApp::sqlite().await;
    let mut tx = app.test.db.write().await.unwrap();
    let sql = "CREATE TRIGGER refused BEFORE INSERT ON round_day WHEN NEW.day = 20200203 \
               BEGIN SELECT RAISE(ABORT, 'refused'); END";
    db::on_db!(tx, c => sqlx::query(sql).execute(c).await.map(|_| ())).unwrap();
    tx.commit().await.unwrap();
    // The latest day is tried first; the nine before it are opened all the same.
    assert_eq!(rounds::open_today(&app.app.site).await.unwrap(), 9);
}
