//! `firebreak audit verify` on a trail that the program itself wrote, and on one that somebody with
//! the file in his hands changed.

use std::time::{Duration, Instant};

use db::{Db, TestDb, on_db};
use sqlx::AssertSqlSafe;

use super::load;
use super::program::{Program, ask, firebreak};

fn verify(folder: &std::path::Path, url: &str) -> (i32, String) {
    let done = firebreak().args(["audit", "verify", "--database-url", url, "--data"]).arg(folder).output();
    let done = done.unwrap();
    let said = String::from_utf8_lossy(&done.stdout).into_owned() + &String::from_utf8_lossy(&done.stderr);
    (done.status.code().unwrap_or(-1), said)
}

async fn number(db: &Db, sql: &'static str) -> i64 {
    let mut tx = db.read().await.unwrap();
    on_db!(tx, c => sqlx::query_scalar(sql).fetch_one(c).await).unwrap()
}

async fn told(test: TestDb, guards: &str) {
    let folder = tempfile::tempdir().unwrap();
    let towns = load::settle(&test.url, folder.path(), 40).await.unwrap();
    let mut program = Program::serve(folder.path(), &test.url);
    let head = |what: &str| {
        format!("GET {what} HTTP/1.1\r\nauthorization: Bearer {}", towns.contacts[0].secret.reveal())
    };
    let seen = format!("/api/v1/households/{}/{}", towns.contacts[0].town, towns.contacts[0].first);
    assert_eq!(ask(program.address, &head(&seen), b"").unwrap().0, 200);
    // The program links what it wrote by itself.
    let until = Instant::now() + Duration::from_secs(20);
    while number(&test.db, "SELECT COUNT(*) FROM audit_link").await < 2 {
        assert!(Instant::now() < until, "nothing is linked");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    // A look of the last moment is written before the program ends.
    assert_eq!(ask(program.address, &head("/api/v1/audit"), b"").unwrap().0, 403);
    assert_eq!(program.terminate().0, Some(0));
    let refused = "SELECT COUNT(*) FROM audit_entry WHERE action = 'access.refuse'";
    assert_eq!(number(&test.db, refused).await, 1);
    let (code, said) = verify(folder.path(), &test.url);
    assert!(code == 0 && said.contains("entries linked, newest hash"), "{said}");
    let mut tx = test.db.write().await.unwrap();
    let forge = format!("{guards} UPDATE audit_entry SET account = 2 WHERE action = 'household.see'");
    on_db!(tx, c => sqlx::raw_sql(AssertSqlSafe(forge)).execute(c).await.map(|_| ())).unwrap();
    tx.commit().await.unwrap();
    let (code, said) = verify(folder.path(), &test.url);
    assert!(code == 1 && said.contains("was changed or put in another's place"), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_trail_of_the_program_is_sound_and_a_changed_one_is_not_on_sqlite() {
    told(TestDb::sqlite().await, "DROP TRIGGER audit_entry_no_update;").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_trail_of_the_program_is_sound_and_a_changed_one_is_not_on_postgres() {
    if let Some(test) = TestDb::postgres().await {
        told(test, "DROP TRIGGER audit_entry_kept ON audit_entry;").await;
    }
}
