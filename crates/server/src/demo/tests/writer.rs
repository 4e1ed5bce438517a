//! What is taken in in bulk is what the writer would have stored.

use std::collections::{BTreeMap, BTreeSet};

use base::Moment;
use db::{Db, on_db};
use sim::Town;

use super::{empty_app, small_town, two_databases};
use crate::access::{Action, Kind, Secret, start_session};
use crate::app::App;
use crate::demo::cast::Numbers;
use crate::demo::fill::{enter_round, settle};
use crate::demo::translate::past_check;
use crate::rounds::{PastCheck, Verdict, Wanted};

/// Rounds of this many days are compared.
const DAYS: usize = 3;

/// Everything a round leaves behind, one line a row, apart from the ids of findings.
async fn rows(db: &Db) -> Vec<String> {
    const TABLES: [&str; 6] = [
        "SELECT 'day ' || CAST(day AS TEXT) || ' ' || CAST(opened_at AS TEXT) FROM round_day",
        "SELECT 'check ' || CAST(id AS TEXT) || ' ' || CAST(household AS TEXT) || ' ' || CAST(day AS TEXT) \
         || ' ' || CAST(division AS TEXT) || ' ' || outcome || ' ' || COALESCE(reason, '-') || ' ' \
         || CAST(happened_at AS TEXT) || ' ' || CAST(entered_at AS TEXT) || ' ' || CAST(entered_by AS TEXT) \
         || ' ' || COALESCE(CAST(checked_by AS TEXT), '-') || ' ' || source || ' ' \
         || CAST(playbook_version AS TEXT) || ' ' || COALESCE(answers, '-') || ' ' \
         || COALESCE(CAST(previous AS TEXT), '-') FROM (SELECT town, household, day, division, outcome, reason, \
         happened_at, entered_at, entered_by, checked_by, source, playbook_version, answers, \
         HEXED(id) AS id, HEXED(previous) AS previous FROM round_check) c",
        "SELECT 'standing ' || CAST(household AS TEXT) || ' ' || CAST(day AS TEXT) || ' ' \
         || CAST(division AS TEXT) || ' ' || CAST(due AS TEXT) || ' ' || state || ' ' || HEXED(standing) \
         || ' ' || HEXED(last) || ' ' || CAST(measured AS TEXT) || ' ' || CAST(feverish AS TEXT) || ' ' \
         || CAST(key_measured AS TEXT) || ' ' || CAST(key_feverish AS TEXT) FROM round_standing",
        "SELECT 'finding ' || CAST(household AS TEXT) || ' ' || CAST(day AS TEXT) || ' ' || kind || ' ' \
         || subject || ' ' || CAST(division AS TEXT) || ' ' || HEXED(source) || ' ' || detail || ' ' \
         || state || ' ' || CAST(raised_at AS TEXT) FROM finding",
        "SELECT 'tally ' || CAST(day AS TEXT) || ' ' || CAST(division AS TEXT) || ' ' || indicator || ' ' \
         || CAST(value AS TEXT) FROM tally",
        "SELECT 'resident ' || CAST(id AS TEXT) || ' ' || presence || ' ' \
         || COALESCE(CAST(presence_since AS TEXT), '-') || ' ' || whereabouts FROM resident",
    ];
    let hexed = |sql: &str, postgres: bool| {
        let mut text = sql.to_owned();
        while let Some(start) = text.find("HEXED(") {
            let end = start + text[start..].find(')').unwrap();
            let column = text[start + 6..end].to_owned();
            let hex = if postgres { format!("CAST({column} AS TEXT)") } else { format!("HEX({column})") };
            text.replace_range(start..=end, &hex);
        }
        text
    };
    let mut tx = db.read().await.unwrap();
    let mut found = Vec::new();
    for sql in TABLES {
        let sql = hexed(sql, db.engine() == "postgres");
        let rows: Vec<String> = on_db!(tx, c => {
            sqlx::query_scalar(sqlx::AssertSqlSafe(sql.as_str())).fetch_all(c).await
        })
        .unwrap();
        found.extend(rows);
    }
    found.sort();
    found
}

/// A session of everybody who enters a check.
async fn sessions(app: &App, past: &[PastCheck], now: Moment) -> BTreeMap<i64, Secret> {
    let mut tx = app.site.db.write().await.unwrap();
    let mut sessions = BTreeMap::new();
    for account in past.iter().map(|past| past.account).collect::<BTreeSet<_>>() {
        let secret = start_session(&mut tx, account, Kind::Token, "test", now).await.unwrap();
        sessions.insert(account, secret);
    }
    tx.commit().await.unwrap();
    sessions
}

/// Sends every check to the writer, from whom it came and when it came.
async fn send(app: &App, clock: &base::Clock, town: &Town, past: &[PastCheck]) {
    let sessions = sessions(app, past, past[0].entered_at).await;
    for past in past {
        clock.set(past.entered_at);
        let (site, secret) = (&app.site, &sessions[&past.account]);
        let person =
            site.people.find(&site.db, past.entered_at, town.today, secret, true).await.unwrap().unwrap();
        let wanted = Wanted {
            account: past.account,
            capacity: person.capacity.clone(),
            address: "test".into(),
            scope: person.may(Action::EnterChecks).unwrap(),
            for_others: person.may(Action::EnterChecksForOthers),
            checks: vec![past.check.clone()],
            refused: 0,
        };
        let entered = app.rounds.enter(wanted).await.unwrap();
        assert_eq!(entered.verdicts, [Verdict::Stored], "{past:?}");
    }
}

async fn told(postgres: bool) {
    let Some((bulk, written)) = two_databases(postgres).await else { return };
    let (town, numbers) = (small_town(), Numbers::of(&small_town()));
    let (app, _) = empty_app(&bulk.db);
    let (other, clock) = empty_app(&written.db);
    settle(&app.site, &town, &numbers, super::NOON).await.unwrap();
    settle(&other.site, &town, &numbers, super::NOON).await.unwrap();
    for day in town.days().take(DAYS) {
        enter_round(&app.site, &town, &numbers, day, super::NOON).await.unwrap();
        let made = town.round(day, &app.site.playbook.time).checks();
        let mut past: Vec<_> = made.map(|made| past_check(&town, &numbers, &made)).collect();
        past.sort_by_key(|past| (past.entered_at, past.check.id));
        send(&other, &clock, &town, &past).await;
    }
    let (bulk, written) = (rows(&bulk.db).await, rows(&written.db).await);
    assert!(
        bulk.iter().any(|row| row.starts_with("finding")) && bulk.iter().any(|row| row.contains(" paper "))
    );
    for (bulk, written) in bulk.iter().zip(&written) {
        assert_eq!(bulk, written);
    }
    assert_eq!(bulk.len(), written.len());
}

#[tokio::test]
async fn bulk_is_what_the_writer_would_have_stored_sqlite() {
    told(false).await;
}

#[tokio::test]
async fn bulk_is_what_the_writer_would_have_stored_postgres() {
    told(true).await;
}
