//! The `firebreak` program: reads its arguments and runs one command.

use std::process::ExitCode;

use firebreak::cli::Cli;

fn main() -> ExitCode {
    match Cli::read(&std::env::args_os().collect::<Vec<_>>()) {
        Ok(cli) => cli.run(),
        Err(error) => {
            eprintln!("firebreak: {error:#}");
            ExitCode::from(2)
        }
    }
}
