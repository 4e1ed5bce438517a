//! The database goes away under the running program, and comes back.

use axum::http::{StatusCode, header};
use db::{Db, on_db};
use serde_json::json;

use crate::testing::{Answer, Asker, MORNING, TestApp, on_both_engines, village};

/// Of a check.
const ID: &str = "01700891-8d00-7000-8000-000000000001";

fn tap<'a>(id: &'a str, household: &'a str) -> [(&'a str, &'a str); 3] {
    [("id", id), ("town", "141023105"), ("household", household)]
}

fn told_in_words(answer: &Answer) {
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE, "{}", answer.text);
    assert_eq!(answer.headers[header::RETRY_AFTER], "5");
    assert!(answer.text.contains("数据库暂时不可用，这次没有保存"), "{}", answer.text);
}

/// All connections of the program are cut, as by a restart of PostgreSQL.
async fn cut(app: &TestApp) {
    let other = Db::open_as_is(&app.test.url).await.unwrap();
    let mut tx = other.read().await.unwrap();
    let sql = "SELECT COUNT(pg_terminate_backend(pid)) FROM pg_stat_activity \
               WHERE datname = current_database() AND pid <> pg_backend_pid()";
    let cut: i64 = on_db!(tx, c => sqlx::query_scalar(sql).fetch_one(c).await).unwrap();
    assert!(cut > 0);
}

/// Asks until it is answered; what is said until then is said in words.
async fn in_the_end(who: &Asker<'_>, path: &str) {
    // More than there are connections.
    for _ in 0..20 {
        let answer = who.get(path).await;
        if answer.status == StatusCode::OK {
            return;
        }
        told_in_words(&answer);
    }
    panic!("{path} is not answered any more");
}

on_both_engines! {
    async fn a_database_that_is_away_is_told_in_words_on_pages_in_forms_and_to_programs(app) {
        let contact = app.contact(village(1)).await;
        assert_eq!(contact.get("/my-households").await.status, StatusCode::OK);
        app.test.db.close().await;
        told_in_words(&contact.get("/my-households").await);
        told_in_words(&contact.post("/my-households/well", &tap(ID, "1")).await);
        let check = json!({ "id": ID, "town": 141_023_105, "household": 1, "outcome": "well", "happened_at": MORNING });
        let sent = contact.post_json("/api/v1/checks", &json!({ "checks": [check] })).await;
        for answer in [sent, contact.get("/api/v1/households/141023105/1").await] {
            assert_eq!(answer.headers[header::CONTENT_TYPE], "application/problem+json");
            told_in_words(&answer);
        }
        assert_eq!(app.stranger().get("/healthz").await.status, StatusCode::SERVICE_UNAVAILABLE);
    }
}

#[tokio::test]
async fn a_postgres_that_was_restarted_is_gone_on_with() {
    let Some(app) = TestApp::postgres().await else { return };
    let contact = app.contact(village(1)).await;
    assert_eq!(contact.post("/my-households/well", &tap(ID, "1")).await.status, StatusCode::SEE_OTHER);
    cut(&app).await;
    in_the_end(&contact, "/my-households").await;
    cut(&app).await;
    let id = "01900000-0000-7000-8000-000000000002";
    for attempt in 0.. {
        let answer = contact.post("/my-households/well", &tap(id, "2")).await;
        if answer.status == StatusCode::SEE_OTHER {
            break;
        }
        told_in_words(&answer);
        assert!(attempt < 20, "nothing is written any more");
    }
    in_the_end(&contact, "/my-households").await;
}
