//! `cargo xtask bench`: the program's benches in release, with a PostgreSQL of their own that is as
//! durable as a real one.

use anyhow::{Context, Result};

use crate::postgres::{self, Durability, Postgres};
use crate::shell;

/// Runs a bench of the program; what follows its name goes to the bench.
pub fn run(name: &str, args: &[String]) -> Result<()> {
    let server = match postgres::binaries() {
        Some(bin) => Some(Postgres::start(&bin, Durability::Full)?),
        None => {
            eprintln!("left out: PostgreSQL (install Debian's package postgresql)");
            None
        }
    };
    let mut bench = shell::cargo();
    bench.args(["bench", "--quiet", "--package", "firebreak", "--bench", name, "--"]).args(args);
    if let Some(server) = &server {
        bench.env("FIREBREAK_BENCH_POSTGRES", server.url());
    }
    shell::run(&mut bench).with_context(|| format!("the bench {name}"))
}
