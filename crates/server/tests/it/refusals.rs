//! What cannot be done is refused with a message that says what to do, and the right exit code or
//! status.

use std::net::TcpListener;

use db::{Db, on_db};

use super::program::{Program, ask, ended, firebreak};

fn url(folder: &tempfile::TempDir) -> String {
    format!("sqlite://{}", folder.path().join("firebreak.db").display())
}

#[test]
fn a_port_in_use_is_named_with_what_to_do() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let folder = tempfile::tempdir().unwrap();
    let (code, said) = ended(firebreak().args(["serve", "--listen", &address, "--data"]).arg(folder.path()));
    assert_eq!(code, 1);
    assert!(said.contains(&address) && said.contains("--listen"), "{said}");
}

#[test]
fn wrong_use_exits_with_two() {
    assert_eq!(ended(firebreak().arg("sreve")).0, 2);
    assert_eq!(ended(firebreak().args(["serve", "--listen", "everywhere"])).0, 2);
    let (code, said) = ended(firebreak().args(["serve", "--public-url", "qf.example.cn"]));
    assert_eq!(code, 2);
    assert!(said.contains("write the whole address, such as https://"), "{said}");
}

#[test]
fn a_folder_without_a_town_says_how_to_begin() {
    let folder = tempfile::tempdir().unwrap();
    for command in [["user", "list"], ["vault", "rotate"], ["audit", "verify"]] {
        let (code, said) = ended(firebreak().args(command).arg("--data").arg(folder.path()));
        assert_eq!(code, 1, "{command:?}");
        assert!(said.contains("firebreak init --town CODE --data"), "{said}");
        assert!(
            std::fs::read_dir(folder.path()).unwrap().next().is_none(),
            "{command:?} left something there"
        );
    }
}

#[test]
fn a_town_that_cannot_be_begun_leaves_nothing_behind() {
    let place = tempfile::tempdir().unwrap();
    let folder = place.path().join("data");
    let init = |code: &str| ended(firebreak().args(["init", "--town", code, "--data"]).arg(&folder));
    let (code, said) = init("999999999");
    assert!(code == 1 && said.contains("999999999"), "{said}");
    assert!(!folder.exists());
    std::fs::create_dir(&folder).unwrap();
    std::fs::write(folder.join("firebreak.toml"), "").unwrap();
    assert_eq!(init("999999999").0, 1);
    let left: Vec<_> = std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(left, ["firebreak.toml"]);
    assert_eq!(init("141023105").0, 0);
    // What is there already is not taken away with a command that is refused.
    let (code, said) = init("141023105");
    assert!(code == 1 && said.contains("already runs"), "{said}");
    assert!(folder.join("firebreak.db").exists() && folder.join("vault.key").exists());
}

#[test]
fn a_second_program_does_not_serve_from_the_same_folder() {
    let folder = tempfile::tempdir().unwrap();
    let first = Program::serve(folder.path(), &url(&folder));
    for command in ["serve", "demo"] {
        let second = [command, "--listen", "127.0.0.1:0", "--data"];
        let (code, said) = ended(firebreak().args(second).arg(folder.path()));
        assert!(code == 1 && said.contains("another firebreak serves from"), "{command}: {said}");
    }
    drop(first);
    drop(Program::serve(folder.path(), &url(&folder)));
}

#[test]
fn a_folder_that_cannot_be_made_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    std::fs::write(&file, "").unwrap();
    let (code, said) =
        ended(firebreak().args(["serve", "--listen", "127.0.0.1:0", "--data"]).arg(file.join("data")));
    assert_eq!(code, 1);
    assert!(said.contains("data"), "{said}");
}

#[tokio::test]
async fn a_database_of_a_newer_program_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let db = Db::open(&url(&folder)).await.unwrap();
    let sql = "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) \
               VALUES (9999, 'from the future', TRUE, x'01', 0)";
    let mut tx = db.write().await.unwrap();
    on_db!(tx, c => sqlx::query(sql).execute(c).await.map(|_| ())).unwrap();
    tx.commit().await.unwrap();
    db.close().await;
    let (code, said) =
        ended(firebreak().args(["serve", "--listen", "127.0.0.1:0", "--data"]).arg(folder.path()));
    assert_eq!(code, 1);
    assert!(said.contains("9999") && said.contains("newer program"), "{said}");
}

#[test]
fn a_damaged_key_is_refused_before_anything_is_served() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("vault.key"), "short").unwrap();
    let (code, said) =
        ended(firebreak().args(["serve", "--listen", "127.0.0.1:0", "--data"]).arg(folder.path()));
    assert_eq!(code, 1);
    assert!(said.contains("vault.key"), "{said}");
}

#[test]
fn a_body_of_a_hundred_megabytes_is_refused_and_the_next_request_is_served() {
    let folder = tempfile::tempdir().unwrap();
    let program = Program::serve(folder.path(), &url(&folder));
    let body = vec![b' '; 100 << 20];
    let head = "POST /api/v1/checks HTTP/1.1\r\ncontent-type: application/json";
    let answer = ask(program.address, head, &body);
    // Nobody is signed in: refused before the body is read, or the connection is closed on it.
    assert!(answer.is_none_or(|(status, _)| status == 401 || status == 413));
    let (status, health) = ask(program.address, "GET /healthz HTTP/1.1", b"").unwrap();
    assert_eq!(status, 200);
    assert!(health.contains("\"ready\":true") && health.contains("\"engine\":\"sqlite\""), "{health}");
}

#[test]
fn a_broken_playbook_is_named_with_what_to_change() {
    let folder = tempfile::tempdir().unwrap();
    let own = firebreak::playbook::BUILT_IN.replace("fever = 37.3", "fever = 44.0");
    std::fs::write(folder.path().join("playbook.toml"), own).unwrap();
    let (code, said) =
        ended(firebreak().args(["serve", "--listen", "127.0.0.1:0", "--data"]).arg(folder.path()));
    assert_eq!(code, 1);
    assert!(said.contains("playbook.toml") && said.contains("fever below highest"), "{said}");
}

#[test]
fn a_towns_own_playbook_is_kept_and_changes_only_with_its_version() {
    let folder = tempfile::tempdir().unwrap();
    let (data, own) = (folder.path().join("data"), folder.path().join("own.toml"));
    let text = firebreak::playbook::BUILT_IN.replace("cut_off = \"16:00\"", "cut_off = \"17:00\"");
    assert_ne!(text, firebreak::playbook::BUILT_IN);
    std::fs::write(&own, text.replace("version = 2\n", "version = 3\n")).unwrap();
    let init = ["init", "--town", "141023105", "--playbook"];
    let founded = firebreak().args(init).arg(&own).arg("--data").arg(&data).output().unwrap();
    let said = String::from_utf8_lossy(&founded.stdout).into_owned();
    assert!(founded.status.success() && said.contains("17:00"), "{said}");
    let url = format!("sqlite://{}", data.join("firebreak.db").display());
    let program = Program::serve(&data, &url);
    // It takes the port before it opens its database: ended any earlier it has used no playbook yet.
    assert_eq!(ask(program.address, "GET /healthz HTTP/1.1", b"").unwrap().0, 200);
    drop(program);
    // Once it was used, no other may take its number.
    let kept = data.join("playbook.toml");
    let changed = std::fs::read_to_string(&kept).unwrap().replace("17:00", "18:00");
    std::fs::write(&kept, changed).unwrap();
    let (code, said) = ended(firebreak().args(["serve", "--listen", "127.0.0.1:0", "--data"]).arg(&data));
    assert_eq!(code, 1);
    assert!(said.contains("the version 4"), "{said}");
}
