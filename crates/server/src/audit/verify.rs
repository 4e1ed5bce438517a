//! Goes through the whole chain and says where it is first not as it was written.

use std::time::Duration;

use base::Moment;
use uuid::Uuid;

use super::chain::{Hash, Key, NOTHING};
use super::head::{self, Head, Kept};
use super::link::open_key;
use super::store::{self, Link};
use crate::site::Site;

/// Links of one look; each look is a snapshot of its own, so that nothing is held up.
const PART: i64 = 1_000;
/// What a verification beside the program's work leaves to it after each look.
const PAUSE: Duration = Duration::from_millis(5);
/// Minutes by which an entry may be older than its link although later ones were linked before: what
/// the linker missed is found within the hour.
const LATE: i64 = 120;

/// What a look through the chain came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checked {
    /// The last link that was found sound.
    pub head: Option<Head>,
    /// Entries that were not linked yet.
    pub waiting: i64,
    pub fault: Option<Fault>,
    pub at: Moment,
}

/// The first thing that is wrong.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    #[error(
        "the key of the chain is gone or cannot be opened: put back the vault's key that it was made with"
    )]
    NoKey,
    #[error("entry {n} is missing: link {found} follows in its place")]
    Gap { n: i64, found: i64 },
    #[error("entry {n} ({entry}) was removed")]
    Removed { n: i64, entry: Uuid },
    #[error("entry {n} ({entry}) was changed or put in another's place")]
    Changed { n: i64, entry: Uuid },
    #[error("the entry {entry} was inserted afterwards: it is dated before entries that were linked earlier")]
    Inserted { entry: Uuid },
    #[error("the end was cut off: entry {n} is missing, up to {last} was written down in audit.head")]
    CutOff { n: i64, last: i64 },
    #[error("entry {n} is not the one that was written down in audit.head")]
    Replaced { n: i64 },
    #[error("audit.head is missing or damaged: whether the end was cut off cannot be said")]
    NoHead,
}

impl Fault {
    /// The message that tells a reader of pages.
    pub fn key(&self) -> &'static str {
        match self {
            Fault::NoKey => "audit-fault-key",
            Fault::Gap { .. } | Fault::Removed { .. } => "audit-fault-removed",
            Fault::Changed { .. } | Fault::Replaced { .. } => "audit-fault-changed",
            Fault::Inserted { .. } => "audit-fault-inserted",
            Fault::CutOff { .. } => "audit-fault-cut",
            Fault::NoHead => "audit-fault-head",
        }
    }

    /// The place of the first bad entry, where it has one.
    pub fn place(&self) -> Option<i64> {
        match self {
            Fault::Gap { n, .. }
            | Fault::Removed { n, .. }
            | Fault::Changed { n, .. }
            | Fault::CutOff { n, .. }
            | Fault::Replaced { n } => Some(*n),
            Fault::NoKey | Fault::Inserted { .. } | Fault::NoHead => None,
        }
    }
}

/// How far the chain was followed.
struct Walk {
    n: i64,
    hash: Hash,
    /// The latest moment of an entry so far.
    latest: i64,
}

impl Walk {
    /// Whether something dated `at` and not linked before `by` came in behind what is dated later.
    fn is_late(&self, at: i64, by: i64) -> bool {
        let slack = LATE * 60_000;
        at + slack < self.latest && at + slack < by
    }

    fn step(&mut self, key: &Key, link: &Link) -> Result<(), Fault> {
        let (n, entry) = (self.n + 1, link.entry);
        if link.n != n {
            return Err(Fault::Gap { n, found: link.n });
        }
        let row = link.entry().ok_or(Fault::Removed { n, entry })?;
        let hash = key.link(&self.hash, n, Moment(link.linked_at), &row);
        if link.hash != hash {
            return Err(Fault::Changed { n, entry });
        }
        if self.is_late(row.at, link.linked_at) {
            return Err(Fault::Inserted { entry });
        }
        (self.n, self.hash, self.latest) = (n, hash, self.latest.max(row.at));
        Ok(())
    }
}

/// Verifies the trail; `told` hears how far it is, and of how many.
pub async fn verify(site: &Site, mut told: impl FnMut(i64, i64)) -> db::Result<Checked> {
    let mut snapshot = site.db.read().await?;
    let (length, sealed) = (store::length(&mut snapshot).await?, store::sealed_key(&mut snapshot).await?);
    drop(snapshot);
    let mut walk = Walk { n: 0, hash: NOTHING, latest: i64::MIN };
    let key = sealed.and_then(|sealed| open_key(site, &sealed));
    let mut fault = (key.is_none() && length > 0).then_some(Fault::NoKey);
    // Read before the links: what it tells of was linked before.
    let kept = site.trail.head.as_ref().zip(key.as_ref()).map(|(file, key)| head::read(file, key));
    if let Some(key) = &key {
        while fault.is_none() {
            let links = store::links(&mut site.db.read().await?, walk.n, PART).await?;
            fault = links.iter().find_map(|link| walk.step(key, link).err());
            told(walk.n, length);
            if links.is_empty() {
                break;
            }
            tokio::time::sleep(PAUSE).await;
        }
    }
    let (waiting, oldest) = store::waiting(&mut site.db.read().await?).await?;
    if fault.is_none() {
        let late = oldest.filter(|entry| walk.is_late(entry.at, site.clock.now().0));
        fault = late.map(|entry| Fault::Inserted { entry: entry.id });
    }
    if fault.is_none() {
        fault = end(site, kept, &walk).await?;
    }
    let head = (walk.n > 0).then_some(Head { n: walk.n, hash: walk.hash });
    Ok(Checked { head, waiting, fault, at: site.clock.now() })
}

/// What the file of the head says of the end.
async fn end(site: &Site, kept: Option<std::io::Result<Kept>>, walk: &Walk) -> db::Result<Option<Fault>> {
    let Some(kept) = kept else {
        // Without a key nothing was ever linked: then no head was written either.
        let written = site.trail.head.as_ref().is_some_and(|file| file.exists());
        return Ok(written.then_some(Fault::NoKey));
    };
    Ok(match kept {
        Ok(Kept::Head(kept)) if kept.n > walk.n => Some(Fault::CutOff { n: walk.n + 1, last: kept.n }),
        Ok(Kept::Head(kept)) => {
            let held = store::holds(&mut site.db.read().await?, kept).await?;
            (!held).then_some(Fault::Replaced { n: kept.n })
        }
        Ok(Kept::Missing) if walk.n == 0 => None,
        Ok(Kept::Missing | Kept::Damaged) | Err(_) => Some(Fault::NoHead),
    })
}
