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
        let headquarters = app.headquarters().await;
        let path = format!("/api/v1/coverage?division={}&day={missed}", TOWN().number());
        assert_eq!(headquarters.get(&path).await.json()["total"]["silent"], 12);
        assert!(agrees(app).await);
    }
}
