//! The parts of the tests that run outside Rust: types of the pages' scripts, `node --test`, and the
//! Python tool that drives the API from its own description.

use crate::{needs, shell, test::Part};
use anyhow::{Context, Result, bail};
use std::path::{Path, PathBuf};
use std::process::Command;

/// A test file that is not done after this long is stuck: milliseconds.
const STUCK_MS: u32 = 600_000;

/// Installs the tests' packages exactly as locked, unless that has been done for this very lock file.
pub fn packages() -> Result<()> {
    let tests = shell::root().join("tests");
    let lock = std::fs::read(tests.join("package-lock.json")).context("tests/package-lock.json")?;
    let stamp = tests.join("node_modules/.installed-lock.json");
    if std::fs::read(&stamp).is_ok_and(|installed| installed == lock) {
        return Ok(());
    }
    let mut npm = Command::new("npm");
    npm.args(["ci", "--no-fund", "--no-audit"]).current_dir(&tests);
    npm.env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1");
    shell::run(&mut npm)?;
    std::fs::write(stamp, lock).context("cannot note which packages are installed")
}

/// Checks the JSDoc types of the pages' scripts, of the service worker and of the tests themselves.
pub fn types() -> Result<()> {
    let root = shell::root();
    let tsc = root.join("tests/node_modules/.bin/tsc");
    for (config, scripts) in CONFIGS {
        if scripts.iter().any(|folder| has_script(&root.join(folder))) {
            shell::run(Command::new(&tsc).arg("--project").arg(root.join(config)).current_dir(&root))?;
        }
    }
    Ok(())
}

/// The configuration of the type check and the folders that it looks at; one without a script is left out.
const CONFIGS: &[(&str, &[&str])] = &[
    ("tests/tsconfig.json", &["tests/support"]),
    ("tests/tsconfig.web.json", &["web/pure", "web/page"]),
    ("tests/tsconfig.sw.json", &["web/sw"]),
];

fn has_script(folder: &Path) -> bool {
    !files(folder, ".js").is_empty()
}

/// Runs the Node tests of these parts in one run, so that one summary closes the output.
///
/// # Errors
/// When a test fails, and when there is no test at all: nothing run is nothing known.
pub fn tests(parts: &[Part], postgres: Option<&str>) -> Result<()> {
    let chosen: Vec<PathBuf> = parts.iter().flat_map(|part| test_files(*part)).collect();
    if chosen.is_empty() {
        bail!("no Node test was found for these parts");
    }
    let mut node = Command::new("node");
    node.args(["--test", "--test-reporter=spec", &format!("--test-timeout={STUCK_MS}")]);
    node.arg("--disable-warning=MODULE_TYPELESS_PACKAGE_JSON").args(chosen);
    node.current_dir(shell::root()).env("FIREBREAK_BIN", binary()?);
    if let Some(chromium) = needs::chromium() {
        node.env("CHROMIUM", chromium);
    }
    if parts.contains(&Part::Contract) {
        node.env("SCHEMATHESIS", python().join("bin/schemathesis"));
    }
    if let Some(url) = postgres {
        node.env("FIREBREAK_TEST_POSTGRES", url);
    }
    shell::run(&mut node)
}

/// Where the tests of a part stand, relative to the repository's root.
fn test_files(part: Part) -> Vec<PathBuf> {
    let folders: &[&str] = match part {
        Part::Rust => &[],
        Part::Web => &["web/pure", "tests"],
        Part::Stories => &["tests/support", "tests/stories"],
        Part::Contract => &["tests/contract"],
    };
    folders.iter().flat_map(|folder| files(&shell::root().join(folder), ".test.js")).collect()
}

/// The files directly in a folder whose names end so, sorted; none when there is no such folder.
fn files(folder: &Path, ending: &str) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
    let mut found: Vec<_> = entries.filter(|path| path.to_string_lossy().ends_with(ending)).collect();
    found.sort();
    found
}

/// The program under test: it stands beside our own, whatever the target folder is called.
fn binary() -> Result<PathBuf> {
    let own = std::env::current_exe().context("cannot tell where the built programs are")?;
    Ok(own.with_file_name("firebreak"))
}

/// The Python environment of the tests' own, under `target/`.
fn python() -> PathBuf {
    shell::root().join("target/python")
}

/// Installs the Python tool exactly as pinned, unless that has been done for this very list.
pub fn schemathesis() -> Result<()> {
    let pinned = shell::root().join("tests/requirements.txt");
    let wanted = std::fs::read(&pinned).context("tests/requirements.txt")?;
    let stamp = python().join("installed.txt");
    if std::fs::read(&stamp).is_ok_and(|installed| installed == wanted) {
        return Ok(());
    }
    shell::run(Command::new("python3").args(["-m", "venv", "--clear"]).arg(python()))?;
    let mut pip = Command::new(python().join("bin/pip"));
    pip.args(["install", "--quiet", "--disable-pip-version-check", "--requirement"]).arg(&pinned);
    shell::run(&mut pip)?;
    std::fs::write(stamp, wanted).context("cannot note which Python packages are installed")
}
