//! Reading in a process of its own. The reader of .xls and .ods may ask for more memory than there
//! is, which ends the process that asks: so it is not this one.

use std::io::{Write as _, pipe};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::thread;
use std::time::Duration;

use office::{Grid, Limits, ReadError};

/// The hidden command that reads a table from its input.
pub const COMMAND: &str = "read-table";

/// How long reading may take; a list of 40,000 people takes a second or two.
const LONGEST: Duration = Duration::from_secs(30);

/// Has `program` read a file. Whatever ends it before it is done is a refusal of the file.
pub fn grids(program: &Path, file: &[u8], limits: &Limits) -> Result<Vec<Grid>, ReadError> {
    let mut command = Command::new(program);
    // The allocator must not lay by at the start more than the memory that the command may have.
    command.arg(COMMAND).env_clear().env("MIMALLOC_ARENA_RESERVE", "32MiB");
    run(command, file, limits, LONGEST)
}

fn run(
    mut command: Command,
    file: &[u8],
    limits: &Limits,
    longest: Duration,
) -> Result<Vec<Grid>, ReadError> {
    let (told, out) = pipe().map_err(|_| ReadError::Unfinished)?;
    command.stdin(Stdio::piped()).stdout(out).stderr(Stdio::null());
    let mut child = command.spawn().map_err(|_| ReadError::Unfinished)?;
    // It holds the end that is written to: with it open, reading would never end.
    drop(command);
    let input = child.stdin.take();
    thread::scope(|scope| {
        // A reader that has ended takes no more: what became of it, its answer says.
        scope.spawn(move || input.map(|mut input| input.write_all(file)));
        let (done, waiting) = channel::<()>();
        let watch = scope.spawn(move || {
            if waiting.recv_timeout(longest) == Err(RecvTimeoutError::Timeout) {
                end(&mut child);
            }
            child
        });
        let grids = office::receive(told, limits);
        drop(done);
        if let Ok(mut child) = watch.join() {
            end(&mut child);
        }
        grids
    })
}

fn end(child: &mut Child) {
    // Either fails only for a process that has ended already.
    let _ = child.kill();
    let _ = child.wait();
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shell(script: &str, longest: Duration) -> Result<Vec<Grid>, ReadError> {
        let mut command = Command::new("sh");
        command.args(["-c", script]);
        run(command, b"file", &Limits::default(), longest)
    }

    #[test]
    fn what_ends_or_stays_silent_is_a_refusal() {
        let long = Duration::from_secs(20);
        assert_eq!(shell("printf 'sheet,A,\\nrow,1,0,,x\\n'; kill -9 $$", long), Err(ReadError::Unfinished));
        assert_eq!(shell("echo nonsense", long), Err(ReadError::Unfinished));
        assert_eq!(shell("exec sleep 20", Duration::from_millis(50)), Err(ReadError::Unfinished));
        let grids = shell("printf 'sheet,A,\\nrow,1,0,,x\\nend\\n'", long).unwrap();
        assert_eq!(grids[0].lines[0].cells, ["x"]);
    }

    #[test]
    fn a_program_that_is_not_there_is_a_refusal() {
        let absent = Path::new("no/such/program");
        assert_eq!(grids(absent, b"", &Limits::default()), Err(ReadError::Unfinished));
    }
}
