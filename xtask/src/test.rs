//! `cargo xtask test`: everything in order, stopping at the first part that fails, with a summary.

use crate::postgres::{Durability, Postgres};
use crate::{needs, node, shell};
use anyhow::{Context, Result, bail};
use clap::ValueEnum;
use std::time::{Duration, Instant};

/// A part of the tests that can be run alone.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub enum Part {
    /// The Rust tests on SQLite and PostgreSQL
    Rust,
    /// The types of the pages' scripts and the tests that need no server
    Web,
    /// The stories: the built program driven through a browser
    Stories,
    /// The API against its own description
    Contract,
}

/// One piece of work with its name in the summary.
struct Step<'a> {
    name: &'static str,
    work: Box<dyn Fn() -> Result<()> + 'a>,
}

/// Runs the parts; none named means all.
///
/// # Errors
/// What is missing on this machine, or which step failed.
pub fn run(named: &[Part]) -> Result<()> {
    let parts = if named.is_empty() { Part::value_variants() } else { named };
    needs::ensure(parts)?;
    let served = parts.iter().any(|part| *part != Part::Web);
    let postgres = served.then(start_postgres).transpose()?;
    let url = postgres.as_ref().map(Postgres::url);
    in_order(&steps(parts, url))
}

fn start_postgres() -> Result<Postgres> {
    let bin = crate::postgres::binaries().context("PostgreSQL was here a moment ago and is gone")?;
    Postgres::start(&bin, Durability::None)
}

fn steps<'a>(parts: &'a [Part], postgres: Option<&'a str>) -> Vec<Step<'a>> {
    let mut steps = Vec::new();
    let mut add = |name, work: Box<dyn Fn() -> Result<()> + 'a>| steps.push(Step { name, work });
    if parts.contains(&Part::Rust) {
        add("Rust tests", Box::new(move || nextest(postgres)));
        add("examples in the documentation", Box::new(doctests));
    }
    let node_parts = parts.iter().any(|part| *part != Part::Rust);
    if node_parts {
        add("packages for Node", Box::new(node::packages));
    }
    if parts.contains(&Part::Web) {
        add("types of the scripts", Box::new(node::types));
    }
    if parts.contains(&Part::Contract) {
        add("packages for Python", Box::new(node::schemathesis));
    }
    if parts.contains(&Part::Stories) || parts.contains(&Part::Contract) {
        add("the program", Box::new(build));
    }
    if node_parts {
        add("Node tests", Box::new(move || node::tests(parts, postgres)));
    }
    steps
}

fn nextest(postgres: Option<&str>) -> Result<()> {
    let mut command = shell::cargo();
    command.args(["nextest", "run", "--workspace"]);
    if let Some(url) = postgres {
        command.env("FIREBREAK_TEST_POSTGRES", url);
    }
    shell::run(&mut command)
}

/// Only when there is an example: a run of none would close with a summary of nothing.
fn doctests() -> Result<()> {
    let asked = ["-rqE", "^\\s*//[/!] ```(rust|no_run|should_panic)?$", "--include=*.rs", "crates"];
    let found = std::process::Command::new("grep").args(asked).current_dir(shell::root()).status();
    match found {
        Ok(status) if status.success() => shell::run(shell::cargo().args(["test", "--workspace", "--doc"])),
        _ => Ok(()),
    }
}

/// As somebody who tries the program builds it, without what the crates lend to tests.
fn build() -> Result<()> {
    shell::run(shell::cargo().args(["build", "--package", "firebreak", "--bin", "firebreak"]))
}

/// Runs step after step and says at the end what was done, what failed and what was not run.
fn in_order(steps: &[Step]) -> Result<()> {
    let mut summary = Vec::new();
    let mut failed = None;
    for step in steps {
        if failed.is_some() {
            summary.push(format!("  not run  {}", step.name));
            continue;
        }
        let begun = Instant::now();
        let done = (step.work)();
        summary.push(line(step.name, done.is_ok(), begun.elapsed()));
        failed = done.err().map(|error| (step.name, error));
    }
    println!("\ncargo xtask test:\n{}", summary.join("\n"));
    match failed {
        Some((name, error)) => bail!("{name}: {error:#}"),
        None => Ok(()),
    }
}

fn line(name: &str, done: bool, took: Duration) -> String {
    let word = if done { "done   " } else { "FAILED " };
    format!("  {word}  {name} ({:.1} s)", took.as_secs_f64())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::Cell;

    #[test]
    fn the_first_failure_stops_the_rest_and_is_named() {
        let ran = Cell::new(0);
        let count = || {
            ran.set(ran.get() + 1);
            Ok(())
        };
        let good = || Step { name: "good", work: Box::new(count) };
        let bad = Step { name: "bad", work: Box::new(|| bail!("the reason")) };
        let error = in_order(&[good(), bad, good()]).unwrap_err();
        assert_eq!(error.to_string(), "bad: the reason");
        assert_eq!(ran.get(), 1);
        in_order(&[good(), good()]).unwrap();
        assert_eq!(ran.get(), 3);
    }

    #[test]
    fn a_part_alone_brings_only_what_it_needs() {
        let names = |parts: &[Part]| steps(parts, None).iter().map(|step| step.name).collect::<Vec<_>>();
        assert_eq!(names(&[Part::Rust]), ["Rust tests", "examples in the documentation"]);
        assert_eq!(names(&[Part::Web]), ["packages for Node", "types of the scripts", "Node tests"]);
        assert_eq!(names(&[Part::Stories]), ["packages for Node", "the program", "Node tests"]);
    }
}
