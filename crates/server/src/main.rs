//! The `firebreak` program: reads its arguments and runs one command.

use std::process::ExitCode;

use clap::Parser;
use firebreak::cli::Cli;

fn main() -> ExitCode {
    Cli::parse().run()
}
