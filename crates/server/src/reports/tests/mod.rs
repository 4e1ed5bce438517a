//! Reports through the real router, on both engines.

mod chain;
mod draft;
mod rows;
mod sealing;

use axum::http::StatusCode;
use base::{Clock, Moment, Role};
use db::on_db;
use serde_json::{Value, json};

use crate::testing::{Answer, Asker, MORNING, TOWN, TestApp, village};

const PAGE: &str = "/reports/141023105/2020-02-03";
const API: &str = "/api/v1/reports/141023105/2020-02-03";
/// Minutes from the morning of the tests to the cut-off.
const TO_CUT_OFF: i64 = 6 * 60;
const DAY: i64 = 24 * 60;

/// A check of a household at `at`, all well.
fn well(household: i64, at: Moment) -> Value {
    let id = Clock::fixed(at).new_id().to_string();
    json!({ "id": id, "town": 141_023_105, "household": household, "outcome": "well", "happened_at": at })
}

/// A check that found one of the household's two residents back from elsewhere.
fn returned(household: i64, at: Moment) -> Value {
    let mut check = well(household, at);
    check["outcome"] = json!("detailed");
    let back = json!({ "from": "武汉", "on": "2020-02-01" });
    check["answers"] = json!({ "residents": [{ "resident": 2 * household, "back": back }] });
    check
}

/// A check that reached nobody.
fn unreachable(household: i64, at: Moment) -> Value {
    let mut check = well(household, at);
    check["outcome"] = json!("unreachable");
    check["reason"] = json!("nobody-home");
    check
}

/// A check that took the temperature of the household's first resident.
fn measured(household: i64, at: Moment, degrees: f64) -> Value {
    let mut check = well(household, at);
    check["outcome"] = json!("detailed");
    check["answers"] = json!({ "residents": [{ "resident": 2 * household - 1, "temperature": degrees }] });
    check
}

async fn enter(who: &Asker<'_>, checks: Vec<Value>) {
    let answer = who.post_json("/api/v1/checks", &json!({ "checks": checks })).await;
    let results = answer.json();
    let results = results["results"].as_array().expect("results");
    assert!(results.iter().all(|result| result["result"] == "stored"), "{}", answer.text);
}

/// The report as the API tells it.
async fn read(who: &Asker<'_>, path: &str) -> Value {
    let answer = who.get(path).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    answer.json()
}

/// The first (0) or second (1) village's figures.
fn figures(report: &Value, village: usize) -> &Value {
    &report["content"]["villages"][village]["figures"]
}

/// The people of a report: who compiles, who checks, who signs.
struct Office<'a> {
    compiler: Asker<'a>,
    checker: Asker<'a>,
    signer: Asker<'a>,
}

impl Office<'_> {
    async fn of(app: &TestApp) -> Office<'_> {
        Office {
            compiler: app.headquarters().await,
            checker: app.person(Role::ReportApprover, TOWN()).await,
            signer: app.person(Role::ReportApprover, TOWN()).await,
        }
    }

    /// Takes the whole way to a sealed report.
    async fn seal(&self, page: &str) {
        done(&self.compiler.post(&format!("{page}/compilation"), &[]).await);
        let at = self.compiled_at(page).await;
        done(&self.checker.post(&format!("{page}/check"), &[("compiled_at", &at)]).await);
        done(&self.signer.post(&format!("{page}/signature"), &[("compiled_at", &at)]).await);
    }

    /// The moment of the draft, as the form carries it.
    async fn compiled_at(&self, page: &str) -> String {
        let report = read(&self.compiler, &format!("/api/v1{page}")).await;
        report["compiled"]["at"].to_string()
    }
}

/// A step was taken and leads back to the report.
fn done(answer: &Answer) {
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
}

/// A step was refused with this message.
fn refused(answer: &Answer, message: &str) {
    assert_eq!(answer.status, StatusCode::CONFLICT, "{}", answer.text);
    assert!(answer.text.contains(message), "{}", answer.text);
}

/// Changes rows behind the program's back.
async fn tamper(app: &TestApp, sql: &'static str) {
    let mut tx = app.test.db.write().await.expect("a transaction");
    let changed = on_db!(tx, c => sqlx::query(sql).execute(c).await.map(|done| done.rows_affected()));
    assert!(changed.expect("a statement") > 0, "{sql}");
    tx.commit().await.expect("a commit");
}

/// The seven o'clock of the evening of the tests' day.
fn evening() -> Moment {
    MORNING.plus_minutes(9 * 60)
}

/// Names the first village's cadre and the lead of its first group.
async fn name_stewards(app: &TestApp) {
    let cadre = "INSERT INTO steward (town, id, name, initials, branch, division) \
                 VALUES (141023105, 901, '包村甲', 'bcj', '', 141023105200000), \
                 (141023105, 902, '街长乙', 'jzy', '', 141023105200001)";
    tamper(app, cadre).await;
    for (id, level, node, steward) in
        [(901, "village", village(1), 901_i64), (902, "group", village(1).child(1).expect("a group"), 902)]
    {
        let mut tx = app.test.db.write().await.expect("a transaction");
        let sql = "INSERT INTO stewardship (town, id, level, node, steward, from_day, given_at) \
                   VALUES ($1, $2, $3, $4, $5, 20200125, 0)";
        on_db!(tx, c => sqlx::query(sql)
            .bind(TOWN().town()).bind(uuid::Uuid::from_u128(id)).bind(level).bind(node.number()).bind(steward)
            .execute(c).await.map(|_| ()))
        .expect("a stewardship");
        tx.commit().await.expect("a commit");
    }
}
