//! The `firebreak` program: reads its arguments and runs one command.

use std::process::ExitCode;

use firebreak::cli::Cli;

/// Small values are made on one thread and dropped on another all the time: rows of a database,
/// answers to a batch. The system's allocator spends a fifth of a check on that.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    match Cli::read(&std::env::args_os().collect::<Vec<_>>()) {
        Ok(cli) => cli.run(),
        Err(error) => {
            eprintln!("firebreak: {error:#}");
            ExitCode::from(2)
        }
    }
}
