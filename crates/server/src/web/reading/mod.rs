//! Reading what people bring takes a core and, unpacked, many times a file's size: one is read at a
//! time, beside the threads that answer.

mod apart;

use std::path::Path;

use office::{Grid, Limits, ReadError};
use tokio::sync::Semaphore;

use super::Error;

pub use apart::COMMAND as READ_APART;

static READING: Semaphore = Semaphore::const_new(1);

/// Does the work of reading when nothing else is read.
pub async fn reading<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, Error> {
    let room = READING.acquire().await;
    let done = tokio::task::spawn_blocking(work).await;
    drop(room);
    done.map_err(|error| Error::Failed(format!("reading: {error}")))
}

/// The sheets of a file of any make. `program` is run for the formats that are read apart; without it, as
/// in tests, they are read here.
pub fn sheets(file: &[u8], program: Option<&Path>, limits: &Limits) -> Result<Vec<Grid>, ReadError> {
    office::grids(file, limits, |file, limits| match program {
        Some(program) => apart::grids(program, file, limits),
        None => office::old_grids(file, limits),
    })
}
