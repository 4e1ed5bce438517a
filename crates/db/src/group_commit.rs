//! Group commit: facts that arrive in bursts share one transaction and one fsync.
//!
//! Jobs queue; one task takes what is waiting, applies it in one transaction, and answers
//! everybody after the commit. What is acknowledged is therefore on disk.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{mpsc, oneshot};

use crate::{Db, Error, Result, Tx};

/// How a batch of jobs is written.
pub trait Apply: Send + Sync + 'static {
    type Job: Clone + Send + Sync + 'static;
    type Done: Send + 'static;

    /// How many rows a job brings; a transaction takes about [`DRAIN`] of them.
    fn weight(job: &Self::Job) -> usize;

    /// Writes all jobs in the order given; one answer per job, in the same order.
    fn apply<'a>(
        &'a self,
        tx: &'a mut Tx,
        jobs: &'a [Self::Job],
    ) -> impl Future<Output = Result<Vec<Self::Done>>> + Send + 'a;

    /// Told of every answer once it is durable, before the waiting caller is.
    fn committed(&self, _done: &Self::Done) {}
}

/// Rows a transaction takes at most, beyond the first job's.
pub const DRAIN: usize = 700;
/// How long a first job waits for company while others are on their way.
const LINGER: Duration = Duration::from_millis(2);
/// Jobs that may queue before callers have to wait.
const QUEUE: usize = 4_096;

/// A job was not written; nothing of it is stored.
#[derive(Debug, thiserror::Error)]
pub enum NotWritten {
    #[error(transparent)]
    Database(Arc<Error>),
    #[error("the writer has stopped")]
    Stopped,
}

type Waiting<A> = (<A as Apply>::Job, oneshot::Sender<Result<<A as Apply>::Done, NotWritten>>);

/// The queue to the one task that writes. Cloning shares it; the task ends with the last clone.
pub struct GroupCommit<A: Apply> {
    queue: mpsc::Sender<Waiting<A>>,
}

impl<A: Apply> Clone for GroupCommit<A> {
    fn clone(&self) -> Self {
        GroupCommit { queue: self.queue.clone() }
    }
}

impl<A: Apply> GroupCommit<A> {
    /// Starts the writing task on the current runtime.
    pub fn start(db: Db, apply: A) -> GroupCommit<A> {
        let (queue, waiting) = mpsc::channel(QUEUE);
        tokio::spawn(write_all(db, apply, waiting));
        GroupCommit { queue }
    }

    /// Writes a job; returns when it is durable.
    pub async fn write(&self, job: A::Job) -> Result<A::Done, NotWritten> {
        let (answer, answered) = oneshot::channel();
        self.queue.send((job, answer)).await.map_err(|_| NotWritten::Stopped)?;
        answered.await.map_err(|_| NotWritten::Stopped)?
    }
}

async fn write_all<A: Apply>(db: Db, apply: A, mut queue: mpsc::Receiver<Waiting<A>>) {
    let mut last_batch = 1;
    while let Some(first) = queue.recv().await {
        let batch = gather::<A>(first, &mut queue, last_batch).await;
        last_batch = batch.len();
        let (jobs, answers): (Vec<_>, Vec<_>) = batch.into_iter().unzip();
        match write_batch(&db, &apply, &jobs).await {
            Ok(done) => {
                for (done, answer) in done.into_iter().zip(answers) {
                    apply.committed(&done);
                    // A caller that went away loses only the answer: the fact is stored.
                    let _ = answer.send(Ok(done));
                }
            }
            // One bad job must not take its neighbours with it: each gets a transaction of its own.
            Err(_) if jobs.len() > 1 => write_singly(&db, &apply, jobs, answers).await,
            Err(error) => fail(answers, error),
        }
    }
}

/// Takes what is waiting. Lingers only when the last batch had company: a lone caller is never
/// kept waiting for nobody.
async fn gather<A: Apply>(
    first: Waiting<A>,
    queue: &mut mpsc::Receiver<Waiting<A>>,
    last_batch: usize,
) -> Vec<Waiting<A>> {
    let mut rows = A::weight(&first.0);
    let mut batch = vec![first];
    let deadline = tokio::time::Instant::now() + LINGER;
    while rows < DRAIN {
        let next = match queue.try_recv() {
            Ok(next) => Some(next),
            Err(_) if batch.len() < last_batch => {
                tokio::time::timeout_at(deadline, queue.recv()).await.ok().flatten()
            }
            Err(_) => None,
        };
        let Some(next) = next else { break };
        rows += A::weight(&next.0);
        batch.push(next);
    }
    batch
}

async fn write_batch<A: Apply>(db: &Db, apply: &A, jobs: &[A::Job]) -> Result<Vec<A::Done>> {
    let mut tx = db.write().await?;
    let done = apply.apply(&mut tx, jobs).await?;
    tx.commit().await?;
    Ok(done)
}

async fn write_singly<A: Apply>(
    db: &Db,
    apply: &A,
    jobs: Vec<A::Job>,
    answers: Vec<oneshot::Sender<Result<A::Done, NotWritten>>>,
) {
    for (job, answer) in jobs.iter().zip(answers) {
        let done = write_batch(db, apply, std::slice::from_ref(job)).await;
        let done = done.and_then(|mut one| one.pop().ok_or(Error::RowNotFound));
        if let Ok(done) = &done {
            apply.committed(done);
        }
        let _ = answer.send(done.map_err(|error| NotWritten::Database(Arc::new(error))));
    }
}

fn fail<D>(answers: Vec<oneshot::Sender<Result<D, NotWritten>>>, error: Error) {
    tracing::error!(%error, "a batch could not be written");
    let error = Arc::new(error);
    for answer in answers {
        let _ = answer.send(Err(NotWritten::Database(error.clone())));
    }
}
