//! Backups and restores of a small town in which something of everything was done.

mod by_the_clock;
mod drill;
mod older;
mod refused;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use base::{Clock, Moment, Role};
use db::{Batch, Db, Snapshot, TestDb, on_db, read_all};
use serde_json::{Value, json};
use tokio::sync::mpsc;

use super::*;
use crate::audit;
use crate::testing::{Answer, Asker, MORNING, TOWN, TestApp, village};
use crate::vault::Source;

const PASSWORD: &str = "村口老槐树下第三家院";

const ZONE: &str = "Asia/Shanghai";

fn key() -> Key {
    Key::new([3; 32])
}

/// Where keys come from that were all made of one byte.
fn keys(byte: u8) -> Source {
    Source::Variable(hex::encode([byte; 32]))
}

/// Every row of tables, as sorted lines by table.
async fn state(snapshot: &mut Snapshot, tables: &[db::Table]) -> BTreeMap<String, Vec<String>> {
    let (to, mut from) = mpsc::channel::<Batch>(1_000);
    read_all(snapshot, tables, &to).await.unwrap();
    drop(to);
    let mut state: BTreeMap<_, Vec<_>> =
        tables.iter().map(|table| (table.name.clone(), Vec::new())).collect();
    while let Some(batch) = from.recv().await {
        let lines = batch.rows.iter().map(|row| {
            let mut line = Vec::new();
            line::write(row, &mut line).unwrap();
            String::from_utf8(line).unwrap()
        });
        state.get_mut(&tables[batch.table].name).unwrap().extend(lines);
    }
    state.values_mut().for_each(|lines| lines.sort());
    state
}

async fn state_of(db: &Db) -> BTreeMap<String, Vec<String>> {
    state(&mut db.read().await.unwrap(), &db::tables(db::latest_version()).await.unwrap()).await
}

/// One bare database of each engine there is.
async fn bare() -> Vec<TestDb> {
    [Some(TestDb::bare_sqlite().await), TestDb::bare_postgres().await].into_iter().flatten().collect()
}

fn check(household: i64, at: Moment) -> Value {
    let id = Clock::fixed(at).new_id().to_string();
    json!({ "id": id, "town": 141_023_105, "household": household, "outcome": "well", "happened_at": at })
}

async fn enter(who: &Asker<'_>, checks: Vec<Value>) {
    let answer = who.post_json("/api/v1/checks", &json!({ "checks": checks })).await;
    let results = answer.json();
    let results = results["results"].as_array().expect("results");
    assert!(results.iter().all(|result| result["result"] == "stored"), "{}", answer.text);
}

fn done(answer: &Answer) {
    assert!(answer.status.is_redirection(), "{} {}", answer.status, answer.text);
}

/// A town with checks, findings, a sealed report and one that is being drawn up, an account with a
/// password, and the chain of the audit trail up to now.
async fn lived_in(app: &TestApp) {
    let contact = app.contact(village(1)).await;
    let mut found = check(1, MORNING);
    found["outcome"] = json!("detailed");
    let back = json!({ "from": "武汉", "on": "2020-02-01" });
    found["answers"] =
        json!({ "residents": [{ "resident": 2, "back": back }, { "resident": 1, "temperature": 38.2 }] });
    let mut away = check(2, MORNING);
    away["outcome"] = json!("unreachable");
    away["reason"] = json!("nobody-home");
    enter(&contact, vec![found, away, check(3, MORNING)]).await;
    app.clock.set(MORNING.plus_minutes(20));
    enter(&contact, vec![check(2, MORNING.plus_minutes(20))]).await;
    app.clock.set(MORNING.plus_minutes(6 * 60));
    let compiler = app.headquarters().await;
    let (one, other) =
        (app.person(Role::ReportApprover, TOWN()).await, app.person(Role::ReportApprover, TOWN()).await);
    for (day, steps) in [("2020-02-02", 3), ("2020-02-03", 1)] {
        let page = format!("/reports/141023105/{day}");
        done(&compiler.post(&format!("{page}/compilation"), &[]).await);
        let at = compiler.get(&format!("/api/v1{page}")).await.json()["compiled"]["at"].to_string();
        if steps == 3 {
            done(&one.post(&format!("{page}/check"), &[("compiled_at", &at)]).await);
            done(&other.post(&format!("{page}/signature"), &[("compiled_at", &at)]).await);
        }
    }
    come_in(app).await;
    the_rest(app).await;
    audit::link(&app.app.site, audit::Since::Ever).await.unwrap();
}

/// Somebody who came in by a slip and chose a password.
async fn come_in(app: &TestApp) {
    let account = app.headquarters().await.account;
    let mut tx = app.test.db.write().await.unwrap();
    let code =
        crate::accounts::make_slip(&mut tx, &app.app.site.vault, account, app.clock.now()).await.unwrap();
    tx.commit().await.unwrap();
    let answer = app.stranger().post("/slip", &[("code", code.as_str())]).await;
    let asker = Asker::with_cookie(app, &answer).expect("a session");
    done(
        &asker.post("/me/password", &[("password", PASSWORD), ("again", PASSWORD), ("pin", "290417")]).await,
    );
}

/// What no request of these tests writes: no table is to be empty.
async fn the_rest(app: &TestApp) {
    let mut tx = app.test.db.write().await.unwrap();
    let playbook = crate::playbook::Playbook::parse(crate::playbook::BUILT_IN).unwrap();
    crate::playbook::take(&mut tx, playbook, &app.clock).await.unwrap();
    let id = uuid::Uuid::from_u128(9);
    let sealed = app.app.site.vault.seal("12900000001");
    for sql in [
        "INSERT INTO stand_in (town, id, steward, substitute, from_day, until_day, given_at) \
         VALUES (141023105, $1, 1, 2, 20200203, 20200205, length($2))",
        "INSERT INTO register_upload (town, id, account, file_name, sealed, uploaded_at, expires_at) \
         VALUES (141023105, $1, 1, '一.xlsx', $2, 1, 2)",
        "INSERT INTO register_import (town, id, file_name, division, taken_at, result) \
         VALUES (141023105, $1, '一.xlsx', 141023105200000, length($2), '{}')",
        "INSERT INTO doubles (town, id, sealed, pair, verdict, by_number, account, decided_at) \
         VALUES (141023105, 1, $2, $2, 'two', $1 IS NULL, 1, 1)",
        "INSERT INTO rights_request (town, id, household, resident, division, kind, state, wish_sealed, \
         due_day, notice, received_by, received_at) VALUES (141023105, $1, 1, 1, 141023105200001, 'access', \
         'received', $2, 20200224, 1, 1, 1)",
    ] {
        on_db!(tx, c => sqlx::query(sql).bind(id).bind(&sealed).execute(c).await.map(|_| ())).unwrap();
    }
    for sql in [
        "INSERT INTO zero_confirmation (town, day, division, confirmed_by, confirmed_at) \
         VALUES (141023105, 20200203, 141023105200000, 1, 7)",
        "INSERT INTO destruction (town, record, day, records, keep, playbook, begun_at, ended_at) \
         VALUES (0, 'sign-ins', 20200120, 3, '14 days', 'outbreak-123456/2', 1, 2)",
        "INSERT INTO ending (town, asked_by, asked_at) VALUES (141023105, 1, 1)",
        "INSERT INTO role_move (source, target, on_day) VALUES (141023105200000, 141023105201000, 20300101)",
        "INSERT INTO register_layout (town, header, meanings, said_by, said_at) \
         VALUES (141023105, '0', 'name,,phone', 1, 7)",
    ] {
        on_db!(tx, c => sqlx::query(sql).execute(c).await.map(|_| ())).unwrap();
    }
    let sql = "UPDATE household SET phone_sealed = $1, phone_index = $1 WHERE id = 5";
    on_db!(tx, c => sqlx::query(sql).bind(&sealed).execute(c).await.map(|_| ())).unwrap();
    tx.commit().await.unwrap();
}

/// Makes a backup of a database as it is.
async fn make_at(db: &Db, clock: &Clock, to: &Path) -> Result<Made, NotMade> {
    make(db, clock, Wanted { key: &key(), to, zone: ZONE }, &mut untold).await
}

async fn backup(app: &TestApp, to: &Path) -> PathBuf {
    make_at(&app.test.db, &app.clock, to).await.unwrap().path
}

async fn restore_into(db: &Db, path: &Path) -> Result<Restored, NotRestored> {
    let clock = Clock::fixed(MORNING.plus_minutes(24 * 60));
    restore(db, &clock, keys(7), (Sealed::open(path).unwrap(), &key()), None, &mut untold).await
}
