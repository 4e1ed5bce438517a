//! The house's own tools: `cargo xtask test` runs every test there is, `cargo xtask tidy` holds the
//! rules of the house as code. Exit codes: 0 done, 1 failed, 2 wrong use.

mod bench;
mod needs;
mod node;
mod postgres;
mod shell;
mod test;
mod tidy;

use clap::{Parser, Subcommand};

/// Firebreak's development tasks.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Args {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Run the tests: all of them, or the named parts
    Test {
        /// Which parts to run; none named means all
        #[arg(value_enum)]
        parts: Vec<test::Part>,
    },
    /// Measure, in release and with a PostgreSQL as durable as a real one: one JSON object per line
    Bench {
        /// Which bench: round, audit, import
        name: String,
        /// Goes to the bench, such as --sizes 40000,400000 --clients 64
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        args: Vec<String>,
    },
    /// Check the rules of the house: who may import whom, lengths, words, message keys, paths in documents
    Tidy,
}

fn main() -> std::process::ExitCode {
    let done = match Args::parse().task {
        Task::Test { parts } => test::run(&parts),
        Task::Bench { name, args } => bench::run(&name, &args),
        Task::Tidy => tidy::run(),
    };
    match done {
        Ok(()) => std::process::ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            std::process::ExitCode::FAILURE
        }
    }
}
