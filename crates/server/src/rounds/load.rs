//! Taking in the rounds of the past in bulk: the demonstration and the benches come through here.
//! It is the writer's own batch, with the moment of entry told instead of read off the clock, so
//! that what is stored and counted is what the writer would have stored then.

use base::{Clock, Moment};
use db::Tx;

use super::batch::Batch;
use super::model::Check;
use super::writer::Verdict;
use crate::playbook::Playbook;
use crate::vault::Vault;

/// A check that was entered at a moment of the past.
#[derive(Clone, Debug, PartialEq)]
pub struct PastCheck {
    pub account: i64,
    pub entered_at: Moment,
    pub check: Check,
}

/// Enters checks in the order given, which is that of their entry; gives what became of each.
/// Whoever calls it answers for the accounts being allowed to, and writes the audit trail.
pub async fn load(
    tx: &mut Tx,
    vault: &Vault,
    clock: &Clock,
    playbook: &Playbook,
    past: &[PastCheck],
) -> db::Result<Vec<Verdict>> {
    let checks = past.iter().map(|past| &past.check);
    let mut batch = Batch::look_up(tx, checks, playbook, clock.now()).await?;
    let mut verdicts = Vec::with_capacity(past.len());
    for past in past {
        batch.now = past.entered_at;
        verdicts.push(batch.enter(past.account, &past.check, playbook, |_, _| Ok(())));
    }
    batch.write(tx, vault, playbook, clock).await?;
    Ok(verdicts)
}
