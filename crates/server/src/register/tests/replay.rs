//! Whatever happens to the register: walked back, its history is what stood then, and every past day is
//! what that day ended with; an import that is undone was never there; the figures follow.

use std::collections::BTreeMap;

use axum::http::StatusCode;
use base::Day;
use db::on_db;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use serde_json::json;

use super::undo::{agrees, register};
use crate::history::{self, Change, Fields, Key};
use crate::testing::{Asker, MORNING, TOWN, TestApp};

/// Something that is done to the register.
#[derive(Clone, Debug)]
enum Deed {
    Facts { household: i64, n: u8 },
    Person { resident: i64, n: u8, away: bool, listed: bool },
    Household { n: u8 },
    Joins { household: i64, n: u8 },
    Turns { household: i64, group: usize, way: &'static str },
    Checks { resident: i64, away: bool },
    Imports { n: u8 },
    Undoes,
    Leaves { household: i64, both: bool, how: &'static str, to: i64, rest: &'static str },
    Arrives { household: i64, n: u8, came: &'static str },
    Heads { resident: i64 },
    Sleeps,
}

fn deed() -> impl Strategy<Value = Deed> {
    let household = 1..=13_i64;
    prop_oneof![
        2 => (household.clone(), 0..3_u8).prop_map(|(household, n)| Deed::Facts { household, n }),
        3 => (1..=26_i64, 0..3_u8, any::<bool>(), any::<bool>())
            .prop_map(|(resident, n, away, listed)| Deed::Person { resident, n, away, listed }),
        1 => (0..3_u8).prop_map(|n| Deed::Household { n }),
        1 => (household.clone(), 0..3_u8).prop_map(|(household, n)| Deed::Joins { household, n }),
        2 => (household.clone(), 0..GROUPS.len(), prop::sample::select(vec!["lived-in", "vacant", "away", "closed"]))
            .prop_map(|(household, group, way)| Deed::Turns { household, group, way }),
        2 => (1..=24_i64, any::<bool>()).prop_map(|(resident, away)| Deed::Checks { resident, away }),
        2 => (0..3_u8).prop_map(|n| Deed::Imports { n }),
        2 => Just(Deed::Undoes),
        3 => leaves(),
        1 => (household, 0..3_u8, prop::sample::select(vec!["moved-in", "lodger-came", "registered"]))
            .prop_map(|(household, n, came)| Deed::Arrives { household, n, came }),
        1 => (1..=26_i64).prop_map(|resident| Deed::Heads { resident }),
        2 => Just(Deed::Sleeps),
    ]
}

fn leaves() -> impl Strategy<Value = Deed> {
    let ways = prop::sample::select(vec!["known", "new", "moved-out", "died"]);
    let rests = prop::sample::select(vec!["vacant", "closed"]);
    (1..=13_i64, any::<bool>(), ways, 1..=13_i64, rests)
        .prop_map(|(household, both, how, to, rest)| Deed::Leaves { household, both, how, to, rest })
}

const GROUPS: [&str; 3] = ["141023105200001", "141023105200002", "141023105201001"];

/// A list with a new household, one who comes to a known one, and one of whom it says otherwise.
fn list(n: u8) -> String {
    format!(
        "门牌号,姓名,与户主关系,性别,联系电话,在家/外出,外出地点,村,组\n\
         9{n}号,赵{n},户主,男,1290000000{n},,,东街村,一组\n\
         1号,居民1,户主,男,1290000001{n},外出,临汾{n},东街村,一组\n\
         1号,钱{n},子,男,,,,东街村,一组\n"
    )
}

/// One run: the lists that were imported, and what stood after each deed and each day.
struct Play<'a> {
    app: &'a TestApp,
    who: Asker<'a>,
    imports: Vec<String>,
    after: Vec<(i64, BTreeMap<Key, Fields>)>,
    days: Vec<(Day, BTreeMap<Key, Fields>)>,
}

impl Play<'_> {
    async fn stands(&self) -> BTreeMap<Key, Fields> {
        let town = TOWN().town();
        let mut tx = self.app.test.db.read().await.unwrap();
        let mut ids = Vec::new();
        for sql in ["SELECT id FROM household", "SELECT id FROM resident"] {
            let found: Vec<i64> = on_db!(tx, c => sqlx::query_scalar(sql).fetch_all(c).await).unwrap();
            ids.push(found);
        }
        let (households, residents) = (ids[0].clone(), ids[1].clone());
        let stood =
            history::stands(&mut tx, &self.app.app.site.vault, town, households, residents).await.unwrap();
        stood.objects().iter().map(|(key, fields)| (*key, told(fields))).collect()
    }

    async fn changes(&self) -> Vec<Change> {
        let mut tx = self.app.test.db.read().await.unwrap();
        let sql = "SELECT DISTINCT household FROM register_change";
        let households: Vec<i64> = on_db!(tx, c => sqlx::query_scalar(sql).fetch_all(c).await).unwrap();
        let keys: Vec<_> = households.iter().map(|household| (TOWN().town(), *household)).collect();
        history::since(&mut tx, &self.app.app.site.vault, &keys).await.unwrap()
    }

    async fn change(&self, path: &str, form: &[(&str, &str)]) -> StatusCode {
        // A household that is not there yet, or no more.
        if self.who.get(path).await.status != StatusCode::OK {
            return StatusCode::NOT_FOUND;
        }
        self.who.change(path, form).await.status
    }

    async fn does(&mut self, deed: &Deed) {
        let at = |household: &i64| format!("/households/141023105/{household}");
        let today = self.app.today().to_string();
        match deed {
            Deed::Facts { household, n } => {
                let (house, head) = (format!("{n}号"), format!("户主{n}"));
                self.change(&format!("{}/edit", at(household)), &[("house_number", &house), ("head", &head)])
                    .await;
            }
            Deed::Person { resident, n, away, listed } => {
                let (name, phone) = (format!("居民{n}"), format!("1290000002{n}"));
                let presence = if *away { "away" } else { "present" };
                let (from, why) = if *listed { (&*today, "从武汉回来") } else { ("", "") };
                let form = [
                    ("name", &*name),
                    ("phone", &phone),
                    ("presence", presence),
                    ("key_from", from),
                    ("key_reason", why),
                ];
                self.change(&format!("{}/residents/{resident}", at(&((resident + 1) / 2))), &form).await;
            }
            Deed::Household { n } => {
                let house = format!("8{n}号");
                super::add(&self.who, &[("house_number", &house), ("from", &today)]).await;
            }
            Deed::Joins { household, n } => {
                let name = format!("新人{n}");
                self.who.post(&format!("{}/residents", at(household)), &[("name", &*name)]).await;
            }
            Deed::Turns { household, group, way } => {
                let form = [("division", GROUPS[*group]), ("occupancy", way), ("from", &today)];
                self.who.post(&format!("{}/turn", at(household)), &form).await;
            }
            Deed::Checks { resident, away } => self.checks(*resident, *away).await,
            Deed::Imports { n } => self.imports(*n).await,
            Deed::Undoes => {
                if let Some(import) = self.imports.pop() {
                    let answer = self.undoes(&import).await;
                    assert!([StatusCode::SEE_OTHER, StatusCode::CONFLICT].contains(&answer), "{answer}");
                }
            }
            Deed::Leaves { household, both, how, to, rest } => {
                self.leaves(*household, *both, how, *to, rest).await
            }
            Deed::Arrives { household, n, came } => {
                let form = [("name", &*format!("来人{n}")), ("came", came), ("from", &*today)];
                self.who.post(&format!("{}/residents", at(household)), &form).await;
            }
            Deed::Heads { resident } => {
                let form = [("head", &*resident.to_string()), ("former", "其他亲属"), ("from", &*today)];
                self.who.post(&format!("{}/head", at(&((resident + 1) / 2))), &form).await;
            }
            Deed::Sleeps => {
                self.days.push((self.app.today(), self.stands().await));
                self.app.clock.set(self.app.clock.now().plus_minutes(24 * 60));
            }
        }
    }

    async fn checks(&self, resident: i64, away: bool) {
        let today = self.app.today();
        let told = if away {
            json!({ "resident": resident, "away": { "place": "太原", "since": today } })
        } else {
            json!({ "resident": resident, "back": { "from": "太原", "on": today }, "temperature": 36.6 })
        };
        let check = json!({ "id": self.app.clock.new_id(), "town": 141_023_105, "household": (resident + 1) / 2,
            "outcome": "detailed", "happened_at": self.app.clock.now(), "answers": { "residents": [told] } });
        self.who.post_json("/api/v1/checks", &json!({ "checks": [check] })).await;
    }

    async fn leaves(&self, household: i64, both: bool, how: &str, to: i64, rest: &str) {
        let (one, other, to) = ((2 * household - 1).to_string(), (2 * household).to_string(), to.to_string());
        let today = self.app.today().to_string();
        let mut form = vec![("who", &*other), ("how", how), ("to", &*to), ("rest", rest), ("from", &*today)];
        form.extend([("division", GROUPS[0]), ("house_number", "7号")]);
        if both {
            form.push(("who", &one));
        }
        let answer = self.who.post(&format!("/households/141023105/{household}/leaving"), &form).await;
        let told = [StatusCode::SEE_OTHER, StatusCode::UNPROCESSABLE_ENTITY, StatusCode::NOT_FOUND];
        assert!(told.contains(&answer.status), "{} {}", answer.status, answer.text);
    }

    async fn takes_in(&self, n: u8) -> String {
        let (path, page) = super::import::preview(&self.who, &list(n)).await;
        let form = [("digest", &*super::import::digest(&page)), ("doubts", "true"), ("changes", "true")];
        assert_eq!(self.who.post(&path, &form).await.status, StatusCode::SEE_OTHER);
        path.replace("/import/", "/imports/")
    }

    async fn undoes(&self, import: &str) -> StatusCode {
        self.who.post(&format!("{import}/undoing"), &[]).await.status
    }

    /// Undone, an import was never there; taken in again, it comes to the same.
    async fn imports(&mut self, n: u8) {
        let before = register(self.app).await;
        let import = self.takes_in(n).await;
        let taken = nameless(self.stands().await);
        assert_eq!(self.undoes(&import).await, StatusCode::SEE_OTHER);
        assert_eq!(register(self.app).await, before);
        self.imports.push(self.takes_in(n).await);
        assert_eq!(nameless(self.stands().await), taken);
    }
}

/// What stands, whatever its number.
fn nameless(stands: BTreeMap<Key, Fields>) -> Vec<String> {
    let mut all: Vec<_> = stands.into_values().map(|fields| format!("{fields:?}")).collect();
    all.sort();
    all
}

/// What is told of an object: not what checks keep to be taken back.
fn told(fields: &Fields) -> Fields {
    let beside = |field: &str| field == "told_day" || field.starts_with("before_");
    fields
        .iter()
        .filter(|(field, _)| !beside(field))
        .map(|(field, value)| (field.clone(), value.clone()))
        .collect()
}

/// What stood of one object before its changes after `n`; none where it was not there, or is gone since.
fn walked_back(now: Option<&Fields>, changes: &[&Change], n: i64) -> Option<Fields> {
    let mut state = now?.clone();
    for change in changes.iter().filter(|change| change.n > n) {
        state.extend(change.was.clone()?);
    }
    Some(told(&state))
}

/// Plays what is done, and compares what is known of it afterwards with what stood then.
async fn history_is_what_stood(app: &TestApp, deeds: &[Deed]) -> Result<(), TestCaseError> {
    app.clock.set(MORNING);
    let who = app.headquarters().await;
    let mut play = Play { app, who, imports: Vec::new(), after: Vec::new(), days: Vec::new() };
    for deed in deeds {
        play.does(deed).await;
        let last = play.changes().await.first().map_or(0, |change| change.n);
        play.after.push((last, play.stands().await));
    }
    let (now, changes) = (play.stands().await, play.changes().await);
    let mut of: BTreeMap<Key, Vec<&Change>> = BTreeMap::new();
    for change in &changes {
        of.entry(change.key()).or_default().push(change);
    }
    let of = |key: &Key| of.get(key).map_or(&[][..], Vec::as_slice);
    for (n, then) in &play.after {
        for (key, fields) in &now {
            prop_assert_eq!(
                walked_back(Some(fields), of(key), *n),
                then.get(key).cloned(),
                "{:?} after {}",
                key,
                n
            );
        }
    }
    for (day, then) in &play.days {
        for (key, fields) in &now {
            let on = history::as_of(fields, of(key).iter().copied(), *day).map(|fields| told(&fields));
            prop_assert_eq!(on, then.get(key).cloned(), "{:?} on {}", key, day);
        }
    }
    prop_assert!(agrees(app).await);
    Ok(())
}

fn run(cases: u32, open: impl Fn() -> Option<TestApp> + Copy, runtime: &tokio::runtime::Runtime) {
    let config = Config { cases, failure_persistence: None, ..Config::default() };
    let deeds = prop::collection::vec(deed(), 1..25);
    let played = TestRunner::new(config).run(&deeds, |deeds| {
        let Some(app) = open() else { return Ok(()) };
        runtime.block_on(history_is_what_stood(&app, &deeds))
    });
    if let Err(error) = played {
        panic!("{error}");
    }
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap()
}

#[test]
fn history_is_what_stood_on_sqlite() {
    let runtime = runtime();
    run(20, || Some(runtime.block_on(TestApp::sqlite())), &runtime);
}

#[test]
fn history_is_what_stood_on_postgres() {
    let runtime = runtime();
    run(5, || runtime.block_on(TestApp::postgres()), &runtime);
}
