//! `firebreak end` and `firebreak certificate verify`, at the console.

use std::path::Path;
use std::process::Command;

use super::program::{ended, firebreak};

fn at(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = firebreak();
    command.args(arguments).arg("--data").arg(folder);
    command
}

#[test]
fn nothing_ends_before_two_people_said_so_and_what_is_no_certificate_is_told() {
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(ended(&mut at(folder.path(), &["init", "--town", "141023105"])).0, 0);
    let (code, said) = ended(&mut at(folder.path(), &["end", "--town-name", "襄陵镇"]));
    assert_eq!(code, 1, "{said}");
    assert!(said.contains("nobody has asked for the end") && said.contains("/ending"), "{said}");
    assert!(folder.path().join("vault.key").exists());
    let shown = at(folder.path(), &["end"]).output().unwrap();
    let shown = String::from_utf8_lossy(&shown.stdout).into_owned();
    assert!(shown.contains("nobody has asked") && shown.contains("households"), "{shown}");
    let file = folder.path().join("none.json");
    std::fs::write(&file, "{}").unwrap();
    let (code, said) = ended(at(folder.path(), &["certificate", "verify"]).arg(&file));
    assert!(code == 1 && said.contains("is no certificate of this program"), "{said}");
}
