//! Long work on a thread of its own, which is told of and which ends when nobody waits for it any more.

use tokio::sync::watch;
use tokio::task::JoinHandle;

/// Nobody waits for the work any more.
#[derive(Debug, thiserror::Error)]
#[error("it was stopped")]
pub struct Stopped;

/// By which the work tells how far it is.
pub struct Done(watch::Sender<u64>);

impl Done {
    /// So much is done.
    pub fn at(&self, done: u64) -> Result<(), Stopped> {
        self.0.send(done).map_err(|_| Stopped)
    }
}

/// Work that goes on.
pub struct Aside<T> {
    work: JoinHandle<T>,
    done: watch::Receiver<u64>,
}

pub fn aside<T: Send + 'static>(work: impl FnOnce(&Done) -> T + Send + 'static) -> Aside<T> {
    let (to, done) = watch::channel(0);
    Aside { work: tokio::task::spawn_blocking(move || work(&Done(to))), done }
}

impl<T> Aside<T> {
    /// Waits for the end.
    pub async fn told(mut self, mut told: impl FnMut(u64)) -> T {
        loop {
            tokio::select! {
                done = &mut self.work => {
                    // The work is never aborted: it ends, or it panics.
                    return done.unwrap_or_else(|failed| std::panic::resume_unwind(failed.into_panic()));
                }
                Ok(()) = self.done.changed() => told(*self.done.borrow_and_update()),
            }
        }
    }
}
