//! The hot path: batches of checks go through one group-commit writer. A batch costs a handful of
//! statements whatever its size; what is acknowledged is on disk, counted and audited.

use std::sync::Arc;

use base::{Clock, Division};
use db::{Apply, Db, GroupCommit, NotWritten, Tx};
use serde_json::json;

use super::batch::Batch;
use super::model::{Check, Source};
use super::rules::Refusal;
use super::store::Place;
use crate::access::{Capacity, Scope};
use crate::audit;
use crate::playbook::Playbook;
use crate::vault::Vault;
use crate::web::{Changed, Live};

/// Checks that one request wants to be stored, and what their sender may do.
#[derive(Clone, Debug)]
pub struct Wanted {
    pub account: i64,
    pub capacity: Capacity,
    pub address: String,
    pub scope: Scope,
    /// Where the sender may also enter what others checked.
    pub for_others: Option<Scope>,
    pub checks: Vec<Check>,
    /// Checks of the same request that were refused before they came here.
    pub refused: usize,
}

/// What became of one check.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    Stored,
    /// It was stored before, with the same content: nothing changed.
    Repeated,
    /// Nothing of it is stored; the message key says why and what to do.
    Refused(Refusal),
}

/// What became of a request's checks, in their order.
#[derive(Clone, Debug)]
pub struct Entered {
    pub verdicts: Vec<Verdict>,
    changed: Vec<Division>,
}

impl Entered {
    /// How many of a request's checks became what, of which `refused` never came here.
    fn summary(&self, refused: usize) -> serde_json::Value {
        let with = |verdict: &Verdict| self.verdicts.iter().filter(|v| *v == verdict).count();
        let (stored, repeated) = (with(&Verdict::Stored), with(&Verdict::Repeated));
        json!({ "stored": stored, "repeated": repeated, "refused": refused + self.verdicts.len() - stored - repeated })
    }
}

/// The way to enter checks. Cloning shares it.
#[derive(Clone)]
pub struct Rounds(GroupCommit<Writer>);

impl Rounds {
    /// Starts the writer on the current runtime.
    pub fn start(db: Db, clock: Clock, playbook: Playbook, vault: Arc<Vault>, live: Live) -> Rounds {
        Rounds(GroupCommit::start(db, Writer { clock, playbook: Arc::new(playbook), vault, live }))
    }

    /// Enters checks; returns when they are durable.
    pub async fn enter(&self, wanted: Wanted) -> Result<Entered, NotWritten> {
        self.0.write(wanted).await
    }
}

struct Writer {
    clock: Clock,
    playbook: Arc<Playbook>,
    vault: Arc<Vault>,
    live: Live,
}

impl Apply for Writer {
    type Job = Wanted;
    type Done = Entered;

    fn weight(job: &Wanted) -> usize {
        job.checks.len().max(1)
    }

    async fn apply(&self, tx: &mut Tx, jobs: &[Wanted]) -> db::Result<Vec<Entered>> {
        let checks = || jobs.iter().flat_map(|job| &job.checks);
        // The register must not move a household between our look at it and our count.
        tx.hold(&checks().map(|check| check.town).collect()).await?;
        let mut batch = Batch::look_up(tx, checks(), &self.playbook, self.clock.now()).await?;
        let entered: Vec<Entered> = jobs.iter().map(|job| enter(&mut batch, job, &self.playbook)).collect();
        batch.write(tx, &self.vault, &self.playbook, &self.clock).await?;
        self.audit(tx, jobs, &entered).await?;
        Ok(entered)
    }

    fn committed(&self, done: &Entered) {
        if !done.changed.is_empty() {
            self.live.tell(Changed(done.changed.clone()));
        }
    }
}

impl Writer {
    /// One entry per request: its first check, and how many were stored and not. The checks themselves
    /// keep who entered them and when.
    async fn audit(&self, tx: &mut Tx, jobs: &[Wanted], entered: &[Entered]) -> db::Result<()> {
        let first = |job: &Wanted| job.checks.first().map(|check| check.id.to_string()).unwrap_or_default();
        let objects: Vec<String> = jobs.iter().map(first).collect();
        let now = self.clock.now();
        let entries = jobs.iter().zip(entered).zip(&objects).map(|((job, entered), object)| {
            let entry = audit::Entry {
                account: Some(job.account),
                roles: &job.capacity.roles,
                division: job.capacity.division,
                address: &job.address,
                ..audit::Entry::of_program("checks.enter", object, entered.summary(job.refused))
            };
            (self.clock.new_id(), now, entry)
        });
        audit::record_all(tx, &entries.collect::<Vec<_>>()).await
    }
}

/// Takes a request's checks, as far as its sender may enter them.
fn enter(batch: &mut Batch, job: &Wanted, playbook: &Playbook) -> Entered {
    let mut changed = Vec::new();
    let mut verdicts = Vec::with_capacity(job.checks.len());
    for check in &job.checks {
        let mut at = None;
        let allowed = |division, place: &Place| {
            at = Some(division);
            allow(job, check, division, place)
        };
        let verdict = batch.enter(job.account, check, playbook, allowed);
        if verdict == Verdict::Stored {
            changed.extend(at);
        }
        verdicts.push(verdict);
    }
    changed.sort_unstable();
    changed.dedup();
    Entered { verdicts, changed }
}

/// Whether the sender may enter this check of this household.
fn allow(job: &Wanted, check: &Check, division: Division, place: &Place) -> Result<(), Refusal> {
    if !job.scope.reaches(division, place.steward) {
        // The same answer as for a household that does not exist: it may not be known that it does.
        return Err("check-household");
    }
    let own = check.source == Source::App && check.checked_by.is_none();
    let for_others = || job.for_others.as_ref().is_some_and(|scope| scope.covers(division));
    if own || for_others() { Ok(()) } else { Err("check-for-others") }
}
