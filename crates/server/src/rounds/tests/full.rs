//! A full disk: nothing is half-written, the message says what to do, and work goes on once there
//! is space. Told with SQLite, whose file can be kept from growing.

use super::*;
use crate::playbook::{BUILT_IN, Playbook};
use crate::rounds::recount;

/// Keeps the database from growing beyond its present size, or lets it grow again.
async fn let_grow(app: &TestApp, free: bool) {
    let mut tx = app.test.db.write().await.unwrap();
    let sql = "PRAGMA page_count";
    let pages: i64 = db::on_db!(tx, c => sqlx::query_scalar(sql).fetch_one(c).await).unwrap();
    let most = if free { 1_000_000 } else { pages };
    let sql = sqlx::AssertSqlSafe(format!("PRAGMA max_page_count = {most}"));
    db::on_db!(tx, c => sqlx::query(sql).execute(c).await.map(|_| ())).unwrap();
    tx.commit().await.unwrap();
}

/// A check with a long note, which fills pages.
fn long(household: i64, at: Moment) -> Value {
    detailed(household, at, json!({ "note": "满".repeat(500), "needs": ["food"] }))
}

async fn stored(app: &TestApp) -> usize {
    let mut tx = app.test.db.read().await.unwrap();
    let sql = "SELECT COUNT(*) FROM round_check";
    let checks: i64 = db::on_db!(tx, c => sqlx::query_scalar(sql).fetch_one(c).await).unwrap();
    let town = TOWN().town();
    let recount = recount(&mut tx, &Playbook::parse(BUILT_IN).unwrap(), town).await.unwrap();
    assert!(recount.agrees(), "{recount:?}");
    usize::try_from(checks).unwrap()
}

#[tokio::test]
async fn a_full_disk_is_told_and_nothing_is_half_written() {
    let app = TestApp::sqlite().await;
    let cadre = app.village_cadre(village(1)).await;
    enter(&cadre, vec![well(1, MORNING)]).await;
    let_grow(&app, false).await;
    let mut acknowledged = 1;
    let refused = loop {
        assert!(acknowledged < 10_000, "the database still grows");
        let batch: Vec<Value> = (0..20).map(|n| long(1 + n % 6, MORNING)).collect();
        let answer = cadre.post_json("/api/v1/checks", &json!({ "checks": batch })).await;
        if answer.status != StatusCode::OK {
            break (answer, batch);
        }
        acknowledged += batch.len();
    };
    let (answer, batch) = refused;
    assert_eq!(answer.status, StatusCode::INSUFFICIENT_STORAGE, "{}", answer.text);
    assert_eq!(answer.json()["key"], "error-full");
    assert!(answer.json()["message"].as_str().unwrap().contains("磁盘满了"), "{}", answer.text);
    assert_eq!(stored(&app).await, acknowledged);
    // Looking goes on.
    assert_eq!(cadre.get("/round/141023105200000/2020-02-03").await.status, StatusCode::OK);
    assert_eq!(cadre.get("/findings").await.status, StatusCode::OK);
    let_grow(&app, true).await;
    assert_eq!(enter(&cadre, batch).await, ["stored"; 20]);
    assert_eq!(stored(&app).await, acknowledged + 20);
}
