//! Whatever happens, in whatever order: the tallies are what the facts say.

use axum::http::StatusCode;
use base::{Clock, Moment};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use serde_json::{Value, json};

use super::recount;
use crate::testing::{Asker, MORNING, TOWN, TestApp};

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
    /// Puts an earlier check right, or takes it back, as of so many minutes later: at another hour, or,
    /// which is refused, on another day.
    Correct(prop::sample::Index, What, i64),
    /// The clock moves on.
    Wait {
        minutes: i64,
    },
    /// Lists a resident as a key person from so many days ago for so many days, or without an end, or
    /// no longer; where he was listed before, anew.
    List {
        resident: i64,
        days_ago: i32,
        days: Option<i32>,
        listed: bool,
    },
    /// From so many days ago on, a household stands elsewhere, is empty, is closed, or comes back.
    Turn {
        household: i64,
        group: usize,
        way: &'static str,
        days_ago: i32,
    },
    /// All households of one group move to another of its village tomorrow.
    Merge {
        village: i64,
        from: i64,
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
    let correction = (any::<prop::sample::Index>(), what(), prop_oneof![Just(0), -900_i64..900]);
    let listing = (1_i64..=24, 0..4_i32, prop::option::of(0..4_i32), prop::bool::weighted(0.7));
    let way = prop::sample::select(vec!["lived-in", "lived-in", "closed", "vacant", "away"]);
    let turn = (1_i64..=12, 0..GROUPS.len(), way, 0..4_i32);
    prop_oneof![
        6 => check.prop_map(|(household, what, minutes_ago)| Happening::Check { household, what, minutes_ago }),
        1 => any::<prop::sample::Index>().prop_map(Happening::Repeat),
        3 => correction.prop_map(|(which, what, later)| Happening::Correct(which, what, later)),
        1 => (1_i64..900).prop_map(|minutes| Happening::Wait { minutes }),
        2 => listing.prop_map(|(resident, days_ago, days, listed)| {
            Happening::List { resident, days_ago, days, listed }
        }),
        4 => turn.prop_map(|(household, group, way, days_ago)| {
            Happening::Turn { household, group, way, days_ago }
        }),
        1 => (1_i64..=2, 1_i64..=2).prop_map(|(village, from)| Happening::Merge { village, from }),
    ]
}

/// The team areas that households move between.
const GROUPS: [&str; 4] = ["141023105200001", "141023105200002", "141023105201001", "141023105201002"];

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

/// Lets everything happen; checks between two other happenings go in batches. What may not be is
/// refused and changes nothing.
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
            Happening::Correct(which, what, later) if !sent.is_empty() => {
                let earlier = which.get(&sent);
                let household = earlier["household"].as_i64().unwrap_or(1);
                let at = Moment(earlier["happened_at"].as_i64().unwrap_or(0));
                let mut right = check(household, *what, at.plus_minutes(*later));
                right["corrects"] = earlier["id"].clone();
                batch.push(right);
            }
            Happening::Repeat(_) | Happening::Correct(..) => (),
            other => {
                sent.append(&mut send(who, std::mem::take(&mut batch)).await);
                change(app, who, other).await;
            }
        }
        if batch.len() >= 5 {
            sent.append(&mut send(who, std::mem::take(&mut batch)).await);
        }
    }
    send(who, batch).await;
}

/// The clock moves on, or the register changes, as its forms change it.
async fn change(app: &TestApp, who: &Asker<'_>, happening: &Happening) {
    let ago = |days: i32| app.today().plus(-days).to_string();
    let answer = match happening {
        Happening::Wait { minutes } => return app.clock.set(app.clock.now().plus_minutes(*minutes)),
        Happening::List { resident, days_ago, days, listed } => {
            let until = days.map(|days| app.today().plus(days - days_ago).to_string()).unwrap_or_default();
            let (from, until, why) =
                if *listed { (&*ago(*days_ago), &*until, "从武汉回来") } else { ("", "", "") };
            let form = [("name", "居民"), ("key_from", from), ("key_until", until), ("key_reason", why)];
            let household = (resident + 1) / 2;
            who.change(&format!("/households/141023105/{household}/residents/{resident}"), &form).await
        }
        Happening::Turn { household, group, way, days_ago } => {
            let form = [("division", GROUPS[*group]), ("occupancy", way), ("from", &ago(*days_ago))];
            who.post(&format!("/households/141023105/{household}/turn"), &form).await
        }
        Happening::Merge { village, from } => {
            let code = |group: i64| format!("14102310520{}00{group}", village - 1);
            let form = [("into", &*code(3 - from)), ("day", &*ago(-1))];
            who.post(&format!("/divisions/{}/merger", code(*from)), &form).await
        }
        Happening::Check { .. } | Happening::Repeat(_) | Happening::Correct(..) => return,
    };
    let told = [StatusCode::SEE_OTHER, StatusCode::UNPROCESSABLE_ENTITY, StatusCode::NOT_FOUND];
    assert!(told.contains(&answer.status), "{happening:?} {} {}", answer.status, answer.text);
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
