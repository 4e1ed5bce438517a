//! The vault's key: where it comes from, and that no command goes on with another one than the
//! database was sealed with.

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use base::Clock;
use db::{Db, TestDb, on_db};
use firebreak::app::App;
use firebreak::playbook::{BUILT_IN, Playbook};
use firebreak::site::Settings;
use firebreak::vault::{Key, Pace, Source, Vault, rotate};

use super::load;
use super::program::{Program, ask, ended, firebreak};

const COMMANDS: [&[&str]; 8] = [
    &["serve", "--listen", "127.0.0.1:0"],
    &["demo", "--listen", "127.0.0.1:0"],
    &["user", "list"],
    &["audit", "verify"],
    &["recount"],
    &["report"],
    &["vault", "rotate"],
    &["init", "--town", "141023105"],
];

fn at(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = firebreak();
    command.args(arguments).arg("--data").arg(folder);
    command
}

fn init(folder: &Path) -> Command {
    at(folder, &["init", "--town", "141023105"])
}

#[test]
fn without_the_key_of_its_database_no_command_begins_and_none_is_made() {
    let folder = tempfile::tempdir().unwrap();
    let key = folder.path().join("vault.key");
    assert_eq!(ended(&mut init(folder.path())).0, 0);
    let kept = std::fs::read_to_string(&key).unwrap();
    std::fs::remove_file(&key).unwrap();
    for command in COMMANDS {
        let (code, said) = ended(&mut at(folder.path(), command));
        assert_eq!(code, 1, "{command:?}: {said}");
        let told = said.contains(&key.display().to_string()) && said.contains("is missing");
        assert!(told && said.contains("put the file back from your copy of the key"), "{command:?}: {said}");
        assert!(!key.exists(), "{command:?}");
    }
    Source::file(folder.path()).put(&[Key::new([9; 32])]).unwrap();
    for command in COMMANDS {
        let (code, said) = ended(&mut at(folder.path(), command));
        assert_eq!(code, 1, "{command:?}: {said}");
        assert!(said.contains("was sealed with another key"), "{command:?}: {said}");
    }
    std::fs::write(&key, kept).unwrap();
    assert_eq!(ended(&mut at(folder.path(), &["user", "list"])).0, 0);
}

#[test]
fn the_key_may_come_from_a_variable_or_a_command_and_then_no_file_is_made() {
    let folder = tempfile::tempdir().unwrap();
    let (data, key) = (folder.path(), "5a".repeat(32));
    assert_eq!(ended(init(data).env("FIREBREAK_VAULT_KEY", &key)).0, 0);
    assert!(!data.join("vault.key").exists());
    let list = || at(data, &["user", "list"]);
    assert_eq!(ended(list().env("FIREBREAK_VAULT_KEY", &key)).0, 0);
    let print = format!("echo {key}");
    assert_eq!(ended(list().args(["--vault-key-command", &print])).0, 0);
    assert_eq!(ended(list().env("FIREBREAK_VAULT_KEY_COMMAND", &print)).0, 0);
    let (code, said) = ended(list().env("FIREBREAK_VAULT_KEY", "5b".repeat(32)));
    assert!(
        code == 1 && said.contains("the variable FIREBREAK_VAULT_KEY") && !said.contains("5b5b"),
        "{said}"
    );
    let (code, said) = ended(list().env("FIREBREAK_VAULT_KEY", &key).args(["--vault-key-command", &print]));
    assert!(code == 1 && said.contains("take the other away"), "{said}");
    assert_eq!(ended(&mut list()).0, 1);
    std::fs::write(data.join("firebreak.toml"), format!("vault-key-command = \"{print}\"")).unwrap();
    assert_eq!(ended(&mut list()).0, 0);
}

#[cfg(unix)]
#[test]
fn a_key_that_others_may_read_is_refused_with_what_to_run() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().unwrap();
    let key = folder.path().join("vault.key");
    assert_eq!(ended(&mut init(folder.path())).0, 0);
    std::fs::set_permissions(&key, std::fs::Permissions::from_mode(0o644)).unwrap();
    let (code, said) = ended(&mut at(folder.path(), &["user", "list"]));
    assert!(code == 1 && said.contains(&format!("chmod 600 {}", key.display())), "{said}");
}

/// The rotation's work is done here, as the command does it, beside the program that serves.
async fn told(test: TestDb) {
    let folder = tempfile::tempdir().unwrap();
    let towns = load::settle(&test.url, folder.path(), 40).await.unwrap();
    let db = Db::open(&test.url).await.unwrap();
    let vault = Vault::unlock(Source::file(folder.path()), &db).await.unwrap();
    let mut tx = db.write().await.unwrap();
    let sealed = vault.seal("12900000001");
    let sql = "UPDATE household SET phone_sealed = $1";
    on_db!(tx, c => sqlx::query(sql).bind(sealed).execute(c).await.map(|_| ())).unwrap();
    tx.commit().await.unwrap();
    let program = Program::serve(folder.path(), &test.url);
    let contact = &towns.contacts[0];
    let seen = format!("GET /api/v1/households/{}/{}", contact.town, contact.first);
    let seen = format!("{seen} HTTP/1.1\r\nauthorization: Bearer {}", contact.secret.reveal());
    let before = ask(program.address, &seen, b"").unwrap();
    assert!(before.0 == 200 && before.1.contains("129****0001"), "{}", before.1);
    let app = App::new(db, Clock::System, Playbook::parse(BUILT_IN).unwrap(), vault, Settings::default());
    let pace = Pace { notice: Duration::from_secs(4), grace: Duration::from_secs(5), pause: Duration::ZERO };
    let rotated = rotate(&app.unwrap().site, pace, |_, _| ()).await.unwrap();
    assert!(rotated.resealed > 0 && rotated.dropped.len() == 1, "{rotated:?}");
    assert_eq!(ask(program.address, &seen, b"").unwrap(), before);
    let verify = ["audit", "verify", "--database-url", &test.url];
    let (code, said) = ended(&mut at(folder.path(), &verify));
    assert_eq!(code, 0, "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_program_that_serves_takes_notice_of_a_new_key_on_sqlite() {
    told(TestDb::sqlite().await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_program_that_serves_takes_notice_of_a_new_key_on_postgres() {
    if let Some(test) = TestDb::postgres().await {
        told(test).await;
    }
}
