//! Accounts through the real router, on both engines.

mod admin;
mod bulk;
mod console;
mod lock;
mod me;
mod over;
mod sign_in;
mod slip;
mod words;

use axum::http::{StatusCode, header};
use base::{Division, Role};

use super::{Code, make_slip};
use crate::testing::{Answer, Asker, TestApp};

const PASSWORD: &str = "村口老槐树下第三家院";
const PIN: &str = "290417";

/// A slip for an account.
async fn slip(app: &TestApp, account: i64) -> Code {
    let mut tx = app.test.db.write().await.unwrap();
    let code = make_slip(&mut tx, &app.app.site.vault, account, app.clock.now()).await.unwrap();
    tx.commit().await.unwrap();
    code
}

/// Somebody who has come in by a slip and chosen the password and PIN of these tests.
async fn come_in(app: &TestApp, role: Role, division: Division) -> Asker<'_> {
    let account = app.person(role, division).await.account;
    let code = slip(app, account).await;
    let answer = app.stranger().post("/slip", &[("code", code.as_str())]).await;
    let mut asker = Asker::with_cookie(app, &answer).expect("a session");
    asker.account = account;
    let form = [("password", PASSWORD), ("again", PASSWORD), ("pin", PIN)];
    assert_eq!(location(&asker.post("/me/password", &form).await), "/");
    asker
}

fn location(answer: &Answer) -> &str {
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    answer.headers[header::LOCATION].to_str().unwrap()
}

/// The entries of the audit trail, by action.
async fn audited(app: &TestApp, action: &str) -> i64 {
    let mut tx = app.test.db.read().await.unwrap();
    let sql = "SELECT COUNT(*) FROM audit_entry WHERE action = $1";
    db::on_db!(tx, c => sqlx::query_scalar(sql).bind(action).fetch_one(c).await).unwrap()
}
