//! Workbooks whose reader takes what memory it wants are read in a process of their own.

use std::fs::File;
use std::path::Path;
use std::process::Output;

use crate::program::firebreak;

fn read(name: &str) -> Output {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/workbooks");
    firebreak().arg("read-table").stdin(File::open(folder.join(name)).unwrap()).output().unwrap()
}

#[test]
fn old_and_open_workbooks_come_through_whole() {
    for name in ["streets-old.xls", "streets-open.ods", "two-lines-gnumeric.xls"] {
        let Output { status, stdout, .. } = read(name);
        let told = String::from_utf8(stdout).unwrap();
        assert!(status.success() && told.starts_with("sheet,") && told.ends_with("end\n"), "{name}: {told}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_file_that_wants_more_memory_than_there_is_ends_its_own_process_only() {
    let Output { status, stdout, .. } = read("bomb.ods");
    let told = String::from_utf8_lossy(&stdout);
    assert!(!status.success() && !told.ends_with("end\n"), "{status}: {} bytes", told.len());
}
