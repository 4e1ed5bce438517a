//! What the tests need on this machine: found, else installed where that is allowed, else asked for by name.

use crate::{postgres, shell, test::Part};
use anyhow::{Result, bail};
use std::path::PathBuf;
use std::process::Command;

/// The oldest Node that runs the tests' packages: (major, minor).
const NODE: (u32, u32) = (20, 19);

/// The version of cargo-nextest that is built when there is none.
const NEXTEST: &str = "0.9.143";

/// One thing that the tests cannot do without.
struct Need {
    name: &'static str,
    parts: &'static [Part],
    found: fn() -> bool,
    /// Debian's packages that bring it.
    packages: &'static [&'static str],
    /// What somebody without apt-get should do.
    advice: &'static str,
}

const BROWSER: &[Part] = &[Part::Stories];
const NODE_PARTS: &[Part] = &[Part::Web, Part::Stories, Part::Contract];

const NEEDS: &[Need] = &[
    Need {
        name: "PostgreSQL 15 or newer",
        parts: &[Part::Rust, Part::Stories, Part::Contract],
        found: || postgres::binaries().is_some(),
        packages: &["postgresql"],
        advice: "install the PostgreSQL server, 15 or newer, so that initdb and pg_ctl are on PATH",
    },
    Need {
        name: "Node 20.19 or newer with npm",
        parts: NODE_PARTS,
        found: || node_is_new() && shell::find("npm").is_some(),
        packages: &["nodejs", "npm"],
        advice: "install Node 20.19 or newer with npm, so that node and npm are on PATH",
    },
    Need {
        name: "Chromium",
        parts: BROWSER,
        found: || chromium().is_some(),
        packages: &["chromium"],
        advice: "install Chromium or Chrome, or set CHROMIUM to its program file",
    },
    Need {
        name: "a Chinese font for the pictures",
        parts: BROWSER,
        found: has_chinese_font,
        packages: &["fonts-noto-cjk", "fontconfig"],
        advice: "install Noto Sans CJK (and fontconfig, which lists fonts)",
    },
    Need {
        name: "Python 3.10 or newer with venv",
        parts: &[Part::Contract],
        found: has_venv,
        packages: &["python3", "python3-venv"],
        advice: "install Python 3.10 or newer with its venv module, so that python3 is on PATH",
    },
];

/// The browser that the stories drive: CHROMIUM, or the first known name on PATH.
pub fn chromium() -> Option<PathBuf> {
    let named = std::env::var_os("CHROMIUM").map(PathBuf::from).filter(|file| shell::is_executable(file));
    named.or_else(|| {
        ["chromium", "chromium-browser", "google-chrome"].iter().find_map(|name| shell::find(name))
    })
}

fn node_is_new() -> bool {
    let said = shell::output(Command::new("node").arg("--version")).unwrap_or_default();
    version(&said).is_some_and(|found| found >= NODE)
}

/// Major and minor of `v20.19.1`.
fn version(said: &str) -> Option<(u32, u32)> {
    let mut numbers = said.trim().trim_start_matches('v').split('.').map(str::parse);
    Some((numbers.next()?.ok()?, numbers.next()?.ok()?))
}

fn has_chinese_font() -> bool {
    shell::output(Command::new("fc-list").arg(":lang=zh-cn")).is_ok_and(|fonts| !fonts.trim().is_empty())
}

fn has_venv() -> bool {
    let ask = "import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 10))";
    shell::output(Command::new("python3").args(["-c", ask])).is_ok()
}

/// Makes sure of everything that these parts need, installing what may be installed.
///
/// # Errors
/// Names everything that is still missing, and what to install by hand.
pub fn ensure(parts: &[Part]) -> Result<()> {
    let wanted: Vec<&Need> =
        NEEDS.iter().filter(|need| need.parts.iter().any(|part| parts.contains(part))).collect();
    let missing: Vec<&Need> = wanted.into_iter().filter(|need| !(need.found)()).collect();
    if !missing.is_empty() {
        install(&missing)?;
    }
    ask_for(&missing)?;
    if parts.contains(&Part::Rust) { ensure_nextest() } else { Ok(()) }
}

/// An error that names each thing that is still not found, and what to install by hand.
fn ask_for(missing: &[&Need]) -> Result<()> {
    let lines: Vec<String> = missing
        .iter()
        .filter(|need| !(need.found)())
        .map(|need| {
            let debian = need.packages.join(" ");
            format!("  {}: {} (on Debian: apt-get install {debian})", need.name, need.advice)
        })
        .collect();
    if lines.is_empty() {
        return Ok(());
    }
    bail!("the tests need what this machine does not have:\n{}", lines.join("\n"))
}

/// By apt-get, which only root may use; elsewhere nothing is touched and the caller says what is missing.
fn install(missing: &[&Need]) -> Result<()> {
    if !shell::is_root() || shell::find("apt-get").is_none() {
        return Ok(());
    }
    let names: Vec<_> = missing.iter().map(|need| need.name).collect();
    eprintln!("installing: {}", names.join(", "));
    shell::run(apt_get().arg("update"))?;
    let packages = missing.iter().flat_map(|need| need.packages);
    shell::run(apt_get().args(["install", "--yes", "--no-install-recommends"]).args(packages))
}

fn apt_get() -> Command {
    let mut command = Command::new("apt-get");
    command.arg("--quiet").env("DEBIAN_FRONTEND", "noninteractive").stdin(std::process::Stdio::null());
    command
}

fn ensure_nextest() -> Result<()> {
    if shell::output(shell::cargo().args(["nextest", "--version"])).is_ok() {
        return Ok(());
    }
    eprintln!("building cargo-nextest {NEXTEST}, which is not here: this takes some minutes, once");
    shell::run(shell::cargo().args(["install", "--locked", "cargo-nextest", "--version", NEXTEST]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_old_node_is_refused_and_a_new_one_taken() {
        assert!(version("v18.20.4\n").unwrap() < NODE);
        assert!(version("v20.18.0").unwrap() < NODE);
        assert!(version("v20.19.0").unwrap() >= NODE);
        assert!(version("v24.1.0").unwrap() >= NODE);
        assert_eq!(version("no such program"), None);
    }

    #[test]
    fn what_is_missing_is_asked_for_by_name_and_what_is_there_is_not() {
        let need =
            |name, found| Need { name, parts: &[], found, packages: &["p1", "p2"], advice: "install it" };
        let (lost, there) = (need("a browser", || false), need("a database", || true));
        let text = ask_for(&[&lost, &there]).unwrap_err().to_string();
        assert!(text.contains("a browser: install it (on Debian: apt-get install p1 p2)"), "{text}");
        assert!(!text.contains("a database"), "{text}");
        assert!(ask_for(&[&there]).is_ok());
    }
}
