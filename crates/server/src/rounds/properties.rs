//! Whatever happens, in whatever order: the tallies are what the facts say.

use axum::http::StatusCode;
use base::{Clock, Moment};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use serde_json::{Value, json};

use super::recount;
use crate::testing::{Asker, MORNING, TOWN, TestApp, list_key_person};

/// Something that happens in the town.
#[derive(Clone, Debug)]
enum Happening {
    Check {
        household: i64,
        what: What,
        minutes_ago: i64,
    },
    /// Sends an earlier check again.
    Repeat(prop::sample::Index),
    /// Puts an earlier check right, or takes it back.
    Correct(prop::sample::Index, What),
    /// The clock moves on.
    Wait {
        minutes: i64,
    },
    ListKeyPerson {
        resident: i64,
    },
}

#[derive(Clone, Copy, Debug)]
enum What {
    Well,
    Unreachable,
    Withdrawn,
    Measured(i32),
    Back,
    Visitor,
    Need,
}

fn what() -> impl Strategy<Value = What> {
    prop_oneof![
        3 => Just(What::Well),
        1 => Just(What::Unreachable),
        1 => Just(What::Withdrawn),
        2 => (350..430).prop_map(What::Measured),
        1 => Just(What::Back),
        1 => Just(What::Visitor),
        1 => Just(What::Need),
    ]
}

fn happening() -> impl Strategy<Value = Happening> {
    let check = (1_i64..=14, what(), 0_i64..1_700);
    prop_oneof![
        6 => check.prop_map(|(household, what, minutes_ago)| Happening::Check { household, what, minutes_ago }),
        1 => any::<prop::sample::Index>().prop_map(Happening::Repeat),
        3 => (any::<prop::sample::Index>(), what()).prop_map(|(which, what)| Happening::Correct(which, what)),
        1 => (1_i64..300).prop_map(|minutes| Happening::Wait { minutes }),
        1 => (1_i64..=24).prop_map(|resident| Happening::ListKeyPerson { resident }),
    ]
}

fn check(household: i64, what: What, at: Moment) -> Value {
    let id = Clock::fixed(at).new_id().to_string();
    let mut check = json!({
        "id": id, "town": 141_023_105, "household": household, "outcome": "detailed", "happened_at": at,
    });
    let resident = household * 2;
    match what {
        What::Well => check["outcome"] = json!("well"),
        What::Withdrawn => check["outcome"] = json!("withdrawn"),
        What::Unreachable => {
            check["outcome"] = json!("unreachable");
            check["reason"] = json!("no-answer");
        }
        What::Measured(tenths) => {
            let degrees = f64::from(tenths) / 10.0;
            check["answers"] = json!({ "residents": [{ "resident": resident, "temperature": degrees }] });
        }
        What::Back => {
            let back = json!({ "from": "武汉", "on": "2020-01-26" });
            check["answers"] = json!({ "residents": [{ "resident": resident - 1, "back": back }] });
        }
        What::Visitor => check["answers"] = json!({ "visitors": [{ "name": "来客", "from": "临汾" }] }),
        What::Need => check["answers"] = json!({ "needs": ["food", "fuel"] }),
    }
    check
}

/// Lets everything happen, some of it in one batch; a key person is listed before the day's checks
/// only, since the register's own changes are shown where the register is.
async fn play(app: &TestApp, who: &Asker<'_>, happenings: &[Happening]) {
    let mut sent: Vec<Value> = Vec::new();
    let mut batch: Vec<Value> = Vec::new();
    for happening in happenings {
        let now = app.clock.now();
        match happening {
            Happening::Check { household, what, minutes_ago } => {
                batch.push(check(*household, *what, now.plus_minutes(-minutes_ago)));
            }
            Happening::Repeat(which) if !sent.is_empty() => batch.push(which.get(&sent).clone()),
            Happening::Correct(which, what) if !sent.is_empty() => {
                let earlier = which.get(&sent);
                let household = earlier["household"].as_i64().unwrap_or(1);
                let at = Moment(earlier["happened_at"].as_i64().unwrap_or(0));
                let mut right = check(household, *what, at);
                right["corrects"] = earlier["id"].clone();
                batch.push(right);
            }
            Happening::Wait { minutes } => app.clock.set(now.plus_minutes(*minutes)),
            Happening::ListKeyPerson { resident } if sent.is_empty() && batch.is_empty() => {
                list_key_person(&app.test.db, *resident, app.today().plus(-3)).await;
            }
            _ => (),
        }
        if batch.len() >= 5 || matches!(happening, Happening::Wait { .. }) {
            sent.append(&mut send(who, std::mem::take(&mut batch)).await);
        }
    }
    send(who, batch).await;
}

async fn send(who: &Asker<'_>, batch: Vec<Value>) -> Vec<Value> {
    if !batch.is_empty() {
        let answer = who.post_json("/api/v1/checks", &json!({ "checks": batch })).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    }
    batch
}

/// Plays random days on fresh towns and recounts.
async fn tallies_equal_facts(app: &TestApp, happenings: &[Happening]) -> recount::Recount {
    let who = app.headquarters().await;
    app.clock.set(MORNING);
    play(app, &who, happenings).await;
    let mut tx = app.test.db.read().await.unwrap();
    recount::recount(&mut tx, &app.app.site.playbook, TOWN().town()).await.unwrap()
}

fn run(cases: u32, open: impl Fn() -> Option<TestApp> + Copy, runtime: &tokio::runtime::Runtime) {
    let config = Config { cases, failure_persistence: None, ..Config::default() };
    let days = prop::collection::vec(happening(), 1..60);
    let played = TestRunner::new(config).run(&days, |happenings| {
        let Some(app) = open() else { return Ok(()) };
        let recount = runtime.block_on(tallies_equal_facts(&app, &happenings));
        prop_assert!(recount.agrees(), "{recount:?}");
        Ok(())
    });
    if let Err(error) = played {
        panic!("{error}");
    }
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap()
}

#[test]
fn tallies_equal_facts_on_sqlite() {
    let runtime = runtime();
    run(40, || Some(runtime.block_on(TestApp::sqlite())), &runtime);
}

#[test]
fn tallies_equal_facts_on_postgres() {
    let runtime = runtime();
    run(12, || runtime.block_on(TestApp::postgres()), &runtime);
}

#[tokio::test]
async fn a_recount_notices_a_changed_tally() {
    let app = TestApp::sqlite().await;
    let happenings = [Happening::Check { household: 1, what: What::Well, minutes_ago: 0 }];
    assert!(tallies_equal_facts(&app, &happenings).await.agrees());
    let mut tx = app.test.db.write().await.unwrap();
    let sql = "UPDATE tally SET value = value + 1 WHERE level = 'town' AND indicator = 'round.done'";
    db::on_db!(tx, c => sqlx::query(sql).execute(c).await.map(|_| ())).unwrap();
    tx.commit().await.unwrap();
    let mut tx = app.test.db.read().await.unwrap();
    let found = recount::recount(&mut tx, &app.app.site.playbook, TOWN().town()).await.unwrap();
    assert_eq!(found.differences.len(), 1);
    assert_eq!((found.differences[0].tally, found.differences[0].facts), (2, 1));
}
