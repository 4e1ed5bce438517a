//! Reading what people bring takes a core and, unpacked, many times a file's size: one is read at a
//! time, beside the threads that answer.

use tokio::sync::Semaphore;

use super::Error;

static READING: Semaphore = Semaphore::const_new(1);

/// Does the work of reading when nothing else is read.
pub async fn reading<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, Error> {
    let room = READING.acquire().await;
    let done = tokio::task::spawn_blocking(work).await;
    drop(room);
    done.map_err(|error| Error::Failed(format!("reading: {error}")))
}
