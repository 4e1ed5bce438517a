//! `firebreak backup` beside a serving program, and `firebreak restore` into a new data folder.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use db::{Db, TestDb, on_db};

use super::load;
use super::program::{Program, firebreak};

/// Runs a command on a data folder and a database: its exit code, and all that it said.
fn run(words: &[&str], folder: &Path, url: &str) -> (i32, String) {
    let mut command = firebreak();
    command.args(words).args(["--database-url", url, "--data"]).arg(folder);
    said(command)
}

fn said(mut command: Command) -> (i32, String) {
    let done = command.env_remove("FIREBREAK_BACKUP_KEY").output().unwrap();
    let said = String::from_utf8_lossy(&done.stdout).into_owned() + &String::from_utf8_lossy(&done.stderr);
    (done.status.code().unwrap_or(-1), said)
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
}

async fn number(db: &Db, sql: &'static str) -> i64 {
    let mut tx = db.read().await.unwrap();
    on_db!(tx, c => sqlx::query_scalar(sql).fetch_one(c).await).unwrap()
}

/// A town that was served with a backup made beside it; then all but the backup and the keys is gone.
async fn told(test: TestDb, empty: TestDb) {
    let old = tempfile::tempdir().unwrap();
    load::settle(&test.url, old.path(), 40).await.unwrap();
    let shelf = old.path().join("shelf");
    let to = shelf.to_str().unwrap();
    let mut program = Program::serve(old.path(), &test.url);
    let (code, text) = run(&["backup", "--to", to], old.path(), &test.url);
    assert!(code == 0 && text.contains("keep a copy of it apart") && text.contains(" rows, "), "{text}");
    let second = shelf.join("second.backup");
    let (code, text) = run(&["backup", "--to", second.to_str().unwrap()], old.path(), &test.url);
    assert!(code == 0 && !text.contains("keep a copy"), "the key is made once: {text}");
    assert_eq!(program.terminate().0, Some(0));
    assert_eq!(
        number(&test.db, "SELECT COUNT(*) FROM audit_entry WHERE action = 'backup.make-by-hand'").await,
        2
    );
    let (code, text) = run(&["backup", "list", "--from", to], old.path(), &test.url);
    assert!(code == 0 && text.lines().count() == 2 && !text.contains("another key"), "{text}");
    assert_eq!(names(&shelf).len(), 2, "{:?}", names(&shelf));

    let new = tempfile::tempdir().unwrap();
    let (code, text) = run(&["restore", to], new.path(), &empty.url);
    assert!(code == 1 && text.contains("put the key of the backup there"), "{text}");
    fs::copy(old.path().join("backup.key"), new.path().join("backup.key")).unwrap();
    if empty.url.starts_with("sqlite:") {
        // Into the folder's own database: nothing is left that would stand in the way of the next attempt.
        let mut restore = firebreak();
        restore.args(["restore", to, "--data"]).arg(new.path());
        let (code, text) = said(restore);
        assert!(code == 1 && text.contains("is missing"), "{text}");
        assert_eq!(names(new.path()), ["backup.key"]);
    }
    fs::copy(old.path().join("vault.key"), new.path().join("vault.key")).unwrap();
    // Of a database that stood here before.
    fs::copy(old.path().join("audit.head"), new.path().join("audit.head")).unwrap();
    let (code, text) = run(&["restore", to, "--at", "2020-02-03"], new.path(), &empty.url);
    assert!(code == 1 && text.contains("no backup of that time or before"), "{text}");
    let (code, text) = run(&["restore", to], new.path(), &empty.url);
    assert!(code == 0 && text.contains("restored: the state of"), "{text}");
    assert!(text.contains("audit trail: verified") && text.contains("figures: all are"), "{text}");
    assert!(new.path().join("audit.before-restore").exists());
    assert_eq!(run(&["audit", "verify"], new.path(), &empty.url).0, 0);
    assert_eq!(run(&["recount"], new.path(), &empty.url).0, 0);
    let households = "SELECT COUNT(*) FROM household";
    assert_eq!(number(&empty.db, households).await, number(&test.db, households).await);
    let (code, text) = run(&["restore", to], new.path(), &empty.url);
    assert!(code == 1 && text.contains("the database is not empty"), "{text}");
    drop(Program::serve(new.path(), &empty.url));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_served_town_is_backed_up_and_restored_from_sqlite_into_sqlite() {
    told(TestDb::sqlite().await, TestDb::bare_sqlite().await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_served_town_is_backed_up_and_restored_from_postgres_into_postgres() {
    if let (Some(test), Some(empty)) = (TestDb::postgres().await, TestDb::bare_postgres().await) {
        told(test, empty).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_serving_program_makes_backups_by_itself() {
    let (test, folder) = (TestDb::sqlite().await, tempfile::tempdir().unwrap());
    load::settle(&test.url, folder.path(), 40).await.unwrap();
    let shelf = folder.path().join("shelf");
    fs::write(folder.path().join("firebreak.toml"), format!("backup-to = '{}'", shelf.display())).unwrap();
    let mut program = Program::serve(folder.path(), &test.url);
    let until = Instant::now() + Duration::from_secs(20);
    while !shelf.is_dir() || !names(&shelf).iter().any(|name| name.ends_with(".backup")) {
        assert!(Instant::now() < until, "none was made");
        std::thread::sleep(Duration::from_millis(50));
    }
    assert_eq!(program.terminate().0, Some(0));
    assert_eq!(names(&shelf).len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_key_is_not_replaced_where_backups_of_it_lie() {
    let (test, folder) = (TestDb::sqlite().await, tempfile::tempdir().unwrap());
    load::settle(&test.url, folder.path(), 40).await.unwrap();
    let (key, shelf) = (folder.path().join("backup.key"), folder.path().join("shelf"));
    let to = shelf.display().to_string();
    let (code, text) = run(&["backup", "--to", &to], folder.path(), &test.url);
    assert_eq!(code, 0, "{text}");
    fs::remove_file(&key).unwrap();
    for command in [["backup", "--to"], ["serve", "--backup-to"]] {
        let (code, text) = run(&[command[0], command[1], &to], folder.path(), &test.url);
        assert!(code == 1 && text.contains("put that key back"), "{command:?}: {text}");
        assert!(text.contains(&key.display().to_string()) && !key.exists(), "{command:?}: {text}");
    }
    let other = folder.path().join("other").display().to_string();
    let (code, text) = run(&["backup", "--to", &other], folder.path(), &test.url);
    assert!(code == 0 && key.exists(), "{text}");
}

/// The limit of a file's length, as a full disk: the smallest that all else gets by with.
#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_is_told_and_no_half_file_is_left() {
    let (test, folder) = (TestDb::sqlite().await, tempfile::tempdir().unwrap());
    load::settle(&test.url, folder.path(), 4_000).await.unwrap();
    let shelf = folder.path().join("shelf");
    let shell = "trap '' XFSZ; ulimit -f 64; exec \"$@\"";
    let mut command = Command::new("sh");
    command.args(["-c", shell, "sh"]).arg(firebreak().get_program());
    command
        .args(["backup", "--database-url", &test.url, "--to"])
        .arg(&shelf)
        .arg("--data")
        .arg(folder.path());
    let (code, text) = said(command);
    assert!(
        code == 1 && text.contains("no room is left at") && text.contains("take another place"),
        "{text}"
    );
    assert_eq!(names(&shelf), [""; 0]);
}

#[test]
fn a_wrong_rule_or_hour_is_wrong_use_and_a_place_without_database_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}", folder.path().join("none.db").display());
    let (code, text) = run(&["backup", "--keep", "7 yearly"], folder.path(), &url);
    assert!(code == 2 && text.contains("7 daily, 4 weekly, 12 monthly"), "{text}");
    assert_eq!(run(&["serve", "--backup-at", "25:00"], folder.path(), &url).0, 2);
    assert_eq!(run(&["restore", "x.backup", "--at", "yesterday"], folder.path(), &url).0, 2);
    let (code, text) = run(&["backup"], folder.path(), &url);
    assert!(code == 1 && text.contains("there is no database at"), "{text}");
    let (code, text) = run(&["restore", "nowhere.backup"], folder.path(), &url);
    assert!(code == 1 && text.contains("nowhere.backup: it cannot be read"), "{text}");
    assert_eq!(names(folder.path()), [""; 0]);
}
