//! The round's figures follow the register: equal to a recount from the facts after any change.

use axum::http::StatusCode;
use base::{Clock, Day, Moment};
use serde_json::{Value, json};

use super::{add, location};
use crate::rounds;
use crate::rounds::indicators::{DONE, EXPECTED, FEVERS, KEY_FEVERISH, KEY_MEASURED, MEASURED};
use crate::tally;
use crate::testing::{Asker, MORNING, TOWN, TestApp, on_both_engines, village};

/// Fails where a tally is not what the checks and the register say.
async fn agrees(app: &TestApp) {
    let mut tx = app.test.db.read().await.unwrap();
    let found = rounds::recount(&mut tx, &app.app.site.playbook, TOWN().town()).await.unwrap();
    assert!(found.agrees(), "{found:?}");
}

fn check(household: i64, at: Moment, answers: Option<Value>) -> Value {
    let outcome = if answers.is_some() { "detailed" } else { "well" };
    let id = Clock::fixed(at).new_id().to_string();
    let mut check = json!({
        "id": id, "town": 141_023_105, "household": household, "outcome": outcome, "happened_at": at
    });
    if let Some(answers) = answers {
        check["answers"] = answers;
    }
    check
}

async fn enter(who: &Asker<'_>, checks: Vec<Value>) {
    let answer = who.post_json("/api/v1/checks", &json!({ "checks": checks })).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
}

async fn turn(who: &Asker<'_>, household: i64, group: &str, occupancy: &str, from: &str) -> StatusCode {
    let path = format!("/households/141023105/{household}/turn");
    who.post(&path, &[("division", group), ("occupancy", occupancy), ("from", from)]).await.status
}

/// Lists a resident as a key person, or no longer, on the resident's page.
async fn list(who: &Asker<'_>, resident: i64, from: &str, until: &str) -> StatusCode {
    let path = format!("/households/141023105/{}/residents/{resident}", (resident + 1) / 2);
    let reason = if from.is_empty() { "" } else { "从武汉回来" };
    let form = [("name", "李秀英"), ("key_from", from), ("key_until", until), ("key_reason", reason)];
    who.change(&path, &form).await.status
}

async fn figure(app: &TestApp, division: base::Division, indicator: base::Indicator) -> i64 {
    let mut tx = app.test.db.read().await.unwrap();
    tally::figures(&mut tx, TOWN(), app.today()).await.unwrap().get(division, indicator)
}

fn fever(household: i64) -> Option<Value> {
    let resident = 2 * household;
    Some(json!({ "residents": [{ "resident": resident, "temperature": 38.5 }], "needs": ["food"] }))
}

on_both_engines! {
    async fn a_household_that_moves_takes_its_day_along(app) {
        let headquarters = app.headquarters().await;
        enter(&headquarters, vec![check(1, MORNING, fever(1)), check(2, MORNING, None)]).await;
        assert_eq!(figure(app, village(1), EXPECTED).await, 6);
        let moved = turn(&headquarters, 1, "141023105201001", "lived-in", "2020-02-03").await;
        assert_eq!(moved, StatusCode::SEE_OTHER);
        for (indicator, first, second) in [(EXPECTED, 5, 7), (DONE, 1, 1), (MEASURED, 0, 1), (FEVERS, 0, 1)] {
            assert_eq!(figure(app, village(1), indicator).await, first, "{indicator:?}");
            assert_eq!(figure(app, village(2), indicator).await, second, "{indicator:?}");
        }
        agrees(app).await;
    }

    async fn a_household_that_is_closed_or_empty_leaves_expected_and_its_state(app) {
        let headquarters = app.headquarters().await;
        enter(&headquarters, vec![check(1, MORNING, fever(1)), check(2, MORNING, None)]).await;
        let day = "2020-02-03";
        assert_eq!(turn(&headquarters, 1, "", "closed", day).await, StatusCode::SEE_OTHER);
        assert_eq!(turn(&headquarters, 2, "141023105200001", "away", day).await, StatusCode::SEE_OTHER);
        assert_eq!(figure(app, TOWN(), EXPECTED).await, 10);
        assert_eq!(figure(app, TOWN(), DONE).await, 0);
        assert_eq!(figure(app, TOWN(), MEASURED).await, 1);
        agrees(app).await;
        let page = headquarters.get("/households/141023105/1").await.text;
        assert!(page.contains("已销户"));
        // It comes back: its check counts again.
        assert_eq!(turn(&headquarters, 1, "141023105200001", "lived-in", day).await, StatusCode::SEE_OTHER);
        assert_eq!(figure(app, TOWN(), DONE).await, 1);
        agrees(app).await;
    }

    async fn what_was_measured_counts_among_key_persons_on_the_days_of_the_list(app) {
        let headquarters = app.headquarters().await;
        let yesterday = MORNING.plus_minutes(-24 * 60);
        enter(&headquarters, vec![check(1, yesterday, fever(1)), check(1, MORNING, fever(1))]).await;
        let mut counted = Vec::new();
        for (from, until) in [("2020-02-02", ""), ("2020-02-03", ""), ("2020-02-01", "2020-02-03"), ("", "")] {
            assert_eq!(list(&headquarters, 2, from, until).await, StatusCode::SEE_OTHER);
            let mut tx = app.test.db.read().await.unwrap();
            for day in [app.today().previous(), app.today()] {
                let figures = tally::figures(&mut tx, TOWN(), day).await.unwrap();
                let both = [KEY_MEASURED, KEY_FEVERISH].map(|indicator| figures.get(village(1), indicator));
                assert_eq!(both[0], both[1]);
                counted.push(both[0]);
            }
            drop(tx);
            agrees(app).await;
        }
        assert_eq!(counted, [1, 1, 0, 1, 1, 0, 0, 0]);
    }

    async fn a_change_today_goes_along_with_the_merger_of_tomorrow(app) {
        let headquarters = app.headquarters().await;
        let merger = [("into", "141023105201"), ("day", "2020-02-04")];
        let merged = headquarters.post("/divisions/141023105200/merger", &merger).await;
        assert_eq!(merged.status, StatusCode::SEE_OTHER, "{}", merged.text);
        enter(&headquarters, vec![check(1, MORNING, None), check(2, MORNING, None)]).await;
        for (household, group, occupancy, status) in [
            (1, "141023105200001", "vacant", StatusCode::SEE_OTHER),
            (2, "141023105201001", "lived-in", StatusCode::SEE_OTHER),
            (3, "", "closed", StatusCode::SEE_OTHER),
            // Nobody comes to stand where tomorrow nothing is, or where today nothing is yet.
            (7, "141023105200001", "lived-in", StatusCode::UNPROCESSABLE_ENTITY),
            (4, "141023105201003", "lived-in", StatusCode::UNPROCESSABLE_ENTITY),
        ] {
            assert_eq!(turn(&headquarters, household, group, occupancy, "2020-02-03").await, status, "{household}");
        }
        let refused = add(&headquarters, &[]).await;
        assert!(refused.text.contains("请选村、组") && !refused.text.contains("value=\"141023105200001\""));
        assert!(headquarters.get("/households/141023105/1").await.text.contains("东街村 一组"));
        agrees(app).await;
        app.clock.set(MORNING.plus_minutes(24 * 60));
        let mut stand = Vec::new();
        for household in [1, 2, 4] {
            let path = format!("/api/v1/households/141023105/{household}");
            let told = headquarters.get(&path).await.json();
            stand.push((told["division"].as_i64().unwrap(), told["occupancy"].as_str().unwrap().to_owned()));
        }
        let at = |group: i64, occupancy: &str| (141_023_105_201_000 + group, occupancy.to_owned());
        assert_eq!(stand, [at(3, "vacant"), at(1, "lived-in"), at(4, "lived-in")]);
        enter(&headquarters, vec![check(2, MORNING.plus_minutes(24 * 60), None)]).await;
        assert_eq!(figure(app, TOWN(), EXPECTED).await, 10);
        agrees(app).await;
    }

    async fn a_household_added_on_an_open_day_is_expected(app) {
        let cadre = app.village_cadre(village(1)).await;
        enter(&cadre, vec![check(1, MORNING, None)]).await;
        assert_eq!(add(&cadre, &[("from", "2020-02-03")]).await.status, StatusCode::SEE_OTHER);
        assert_eq!(figure(app, TOWN(), EXPECTED).await, 13);
        let vacant = add(&cadre, &[("occupancy", "vacant"), ("head", ""), ("house_number", "90号")]).await;
        assert_eq!(vacant.status, StatusCode::SEE_OTHER);
        assert_eq!(figure(app, TOWN(), EXPECTED).await, 13);
        agrees(app).await;
        // The new household is checked like any other.
        let path = location(&add(&cadre, &[("house_number", "91号")]).await);
        let number: i64 = path.rsplit('/').next().unwrap().parse().unwrap();
        enter(&cadre, vec![check(number, MORNING, None)]).await;
        assert_eq!(figure(app, TOWN(), DONE).await, 2);
        assert!(cadre.get(&path).await.text.contains("都好"));
    }

    async fn a_change_before_a_later_one_is_refused(app) {
        let cadre = app.village_cadre(village(1)).await;
        assert_eq!(turn(&cadre, 1, "141023105200002", "lived-in", "2020-02-02").await, StatusCode::SEE_OTHER);
        for (group, occupancy, from) in [
            ("141023105200001", "lived-in", "2020-02-01"),
            ("141023105200001", "lived-in", "2020-02-04"),
            ("141023105201001", "lived-in", "2020-02-03"),
            ("141023105200001", "", "2020-02-03"),
            ("141023105200001", "closed", "2020-01-01"),
        ] {
            let status = turn(&cadre, 1, group, occupancy, from).await;
            assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{group} {occupancy} {from}");
        }
        assert_eq!(turn(&cadre, 7, "141023105201001", "away", "2020-02-03").await, StatusCode::NOT_FOUND);
    }

    async fn a_closed_household_has_no_contact_and_no_later_checks(app) {
        let headquarters = app.headquarters().await;
        let contact = app.contact(village(1)).await;
        assert_eq!(turn(&headquarters, 1, "", "closed", "2020-02-03").await, StatusCode::SEE_OTHER);
        assert_eq!(contact.get("/households/141023105/1").await.status, StatusCode::NOT_FOUND);
        let sent = json!({ "checks": [check(1, MORNING, None)] });
        let answer = headquarters.post_json("/api/v1/checks", &sent).await.json();
        assert_eq!(answer["results"][0]["key"], "check-household");
        let yesterday = json!({ "checks": [check(1, MORNING.plus_minutes(-24 * 60), None)] });
        let answer = headquarters.post_json("/api/v1/checks", &yesterday).await.json();
        assert_eq!(answer["results"][0]["result"], "stored");
    }

    async fn figures_equal_a_recount_after_anything(app) {
        let headquarters = app.headquarters().await;
        let mut dice = Dice(7);
        for step in 0..120 {
            let household = dice.roll(12) + 1;
            let back = dice.roll(3);
            if dice.roll(4) == 0 {
                let from = app.today().plus(-i32::try_from(back).unwrap()).to_string();
                let until = app.today().plus(i32::try_from(dice.roll(3)).unwrap() - 1).to_string();
                let (from, until) = [("", ""), (&from, ""), (&from, &until)][usize::try_from(dice.roll(3)).unwrap()];
                list(&headquarters, 2 * household, from, until).await;
            } else if dice.roll(3) > 0 {
                let at = MORNING.plus_minutes(-back * 24 * 60 + step);
                let answers = if dice.roll(2) == 0 { fever(household) } else { None };
                enter(&headquarters, vec![check(household, at, answers)]).await;
            } else {
                let group = format!("14102310520{}00{}", dice.roll(2), dice.roll(2) + 1);
                let ways = ["lived-in", "vacant", "away", "closed"];
                let way = ways[usize::try_from(dice.roll(4)).unwrap()];
                let from = Day::new(2020, 2, 3).unwrap().plus(-i32::try_from(back).unwrap());
                turn(&headquarters, household, &group, way, &from.to_string()).await;
            }
            if step % 15 == 14 {
                agrees(app).await;
            }
        }
    }
}

/// A row of numbers that is the same every time.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: i64) -> i64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        i64::try_from(self.0 >> 33).unwrap() % sides
    }
}
