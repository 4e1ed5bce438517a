//! Another key in the place of the one that is there, while the program serves: everything is sealed
//! anew, in batches, and the old key is dropped (ADR 11).

use std::time::Duration;

use anyhow::{Context as _, bail};
use base::Moment;
use db::{Tx, on_db};
use serde_json::json;
use tokio::time::Instant;

use super::Source;
use super::key::Key;
use super::known::{self, Known};
use super::places::PLACES;
use crate::audit;
use crate::site::Site;

/// How fast a rotation goes.
#[derive(Clone, Copy, Debug)]
pub struct Pace {
    /// Programs that run have taken notice of the new key by then.
    pub notice: Duration,
    /// From the beginning to the end at least: whatever was sealed with the old key and was still on
    /// its way is stored by then, and who does not know the new one has ended.
    pub grace: Duration,
    /// Between two batches, left to others.
    pub pause: Duration,
}

impl Default for Pace {
    fn default() -> Pace {
        Pace {
            notice: Duration::from_secs(5),
            grace: Duration::from_secs(45),
            pause: Duration::from_millis(5),
        }
    }
}

/// What a rotation came to.
#[derive(Clone, Debug, Default)]
pub struct Rotated {
    pub key: String,
    /// The keys that open nothing any more.
    pub dropped: Vec<String>,
    pub resealed: u64,
    /// Values that no key opened; they are as they were.
    pub unread: u64,
    /// Slips of an older program, whose codes were not kept: they open nothing any more.
    pub voided: u64,
    /// Where the old keys are left for the operator to take away.
    pub left_in: Option<String>,
}

/// Seals everything anew with a new key: one that stands before the others already, else one that is
/// made. One that was begun and interrupted is taken up. `told` hears how many values are done, and
/// of how many.
pub async fn rotate(site: &Site, pace: Pace, mut told: impl FnMut(u64, u64)) -> anyhow::Result<Rotated> {
    let source = site.vault.source.as_ref().context("this vault has a key of its own")?;
    let begun = Instant::now();
    let known = begin(site, source).await?;
    site.vault.refresh(&mut site.db.read().await?).await?;
    let mut rotated = Rotated::default();
    // A key that the database does not know may have sealed what it holds: none goes untried.
    if site.vault.ring().keys.len() > 1 {
        tokio::time::sleep(pace.notice).await;
        let of = waiting(site).await?;
        while pass(site, pace, &mut rotated, |done| told(done, of.max(done))).await? > 0 {}
        tokio::time::sleep_until(begun + pace.grace).await;
        end(site, &known, &mut rotated).await?;
    }
    let keys = source.read().await?.context("the key is gone")?;
    let newest = known.first().context("the database knows no key")?.id;
    rotated.key = newest.to_string();
    let older = |key: &&Key| key.id() != newest;
    if let Some(key) = keys.iter().find(|key| !older(key)).filter(|_| keys.iter().any(|key| older(&key))) {
        rotated.dropped = keys.iter().filter(older).map(|key| key.id().to_string()).collect();
        match source {
            Source::File(_) => source.put(std::slice::from_ref(key))?,
            other => rotated.left_in = Some(other.to_string()),
        }
    }
    site.vault.refresh(&mut site.db.read().await?).await?;
    Ok(rotated)
}

/// Makes a new key known where no rotation is under way; the keys that the database then knows.
async fn begin(site: &Site, source: &Source) -> anyhow::Result<Vec<Known>> {
    let mut tx = site.db.write().await?;
    tx.hold(&[known::CHANGES].into()).await?;
    let before = known::known(&mut tx).await?;
    let mut keys = source.read().await?.context("the key is gone")?;
    known::in_order(&keys, &before, source)?;
    let is_known = |key: &Key| before.iter().any(|one| one.id == key.id());
    let settled = before.len() == 1 && keys.len() == 1;
    if settled {
        let Source::File(_) = source else {
            bail!(
                "{source} gives one key: put a new one of 64 hex digits before it, with a comma between \
                 (openssl rand -hex 32 prints one), start the program anew where it is the variable, and \
                 run this again"
            )
        };
        keys.insert(0, Key::random());
        source.put(&keys)?;
    }
    let new = keys.first().filter(|key| !is_known(key));
    if let Some(new) = new {
        let n = before.first().map_or(1, |newest| newest.n + 1);
        known::note(&mut tx, n, new).await?;
        note(&mut tx, site, "vault.rotate", json!({ "key": new.id().to_string(), "from": ids(&before) }))
            .await?;
    }
    let after = known::known(&mut tx).await?;
    tx.commit().await?;
    Ok(after)
}

fn ids(known: &[Known]) -> Vec<String> {
    known.iter().map(|one| one.id.to_string()).collect()
}

async fn note(tx: &mut Tx, site: &Site, action: &str, detail: serde_json::Value) -> db::Result<()> {
    let entry = audit::Entry { address: "command line", ..audit::Entry::of_program(action, "vault", detail) };
    audit::record(tx, site.clock.new_id(), site.clock.now(), entry).await
}

/// How many values wait for the new key.
async fn waiting(site: &Site) -> anyhow::Result<u64> {
    let (ring, mut snapshot) = (site.vault.ring(), site.db.read().await?);
    let mut waiting = 0;
    for place in PLACES {
        waiting += place.count(&mut snapshot, ring.newest()).await?;
    }
    Ok(u64::try_from(waiting)?)
}

/// Goes once through everything; how many values were sealed anew.
async fn pass(
    site: &Site,
    pace: Pace,
    rotated: &mut Rotated,
    mut told: impl FnMut(u64),
) -> anyhow::Result<u64> {
    let before = rotated.resealed;
    let ring = site.vault.ring();
    for place in PLACES {
        let mut after = Some(FIRST);
        while let Some(from) = after {
            let mut tx = site.db.write().await?;
            let batch = place.reseal(&mut tx, &ring.keys, from).await?;
            tx.commit().await?;
            rotated.resealed += batch.resealed;
            told(rotated.resealed);
            after = batch.next;
            tokio::time::sleep(pace.pause).await;
        }
    }
    Ok(rotated.resealed - before)
}

/// Before every row.
const FIRST: (i64, i64) = (i64::MIN, i64::MIN);

/// Seals what came in last, while nobody else writes, and has the database forget the old keys.
async fn end(site: &Site, known: &[Known], rotated: &mut Rotated) -> anyhow::Result<()> {
    let mut tx = alone(site).await?;
    let ring = site.vault.ring();
    for place in PLACES {
        let mut after = Some(FIRST);
        while let Some(from) = after {
            let batch = place.reseal(&mut tx, &ring.keys, from).await?;
            rotated.resealed += batch.resealed;
            rotated.unread += batch.unread;
            after = batch.next;
        }
    }
    rotated.voided = void_unkept(&mut tx, site.clock.now()).await?;
    let Some(newest) = known.first() else { return Ok(()) };
    known::forget_before(&mut tx, newest.n).await?;
    let detail = json!({
        "key": newest.id.to_string(), "dropped": ids(&known[1..]), "resealed": rotated.resealed,
        "unread": rotated.unread, "slips_voided": rotated.voided,
    });
    note(&mut tx, site, "vault.drop-key", detail).await?;
    Ok(tx.commit().await?)
}

/// A transaction beside which nobody writes to what is sealed.
async fn alone(site: &Site) -> anyhow::Result<Tx> {
    let tables: Vec<&str> = PLACES.iter().map(|place| place.table).collect();
    loop {
        let mut tx = site.db.write().await?;
        tx.hold(&[known::CHANGES].into()).await?;
        if tx.hold_still(&tables).await? {
            return Ok(tx);
        }
        drop(tx);
        tokio::time::sleep(RETRY).await;
    }
}

const RETRY: Duration = Duration::from_millis(200);

/// Slips that an older program made can be found by the old key alone.
async fn void_unkept(tx: &mut Tx, now: Moment) -> db::Result<u64> {
    let sql = "DELETE FROM slip WHERE used_at IS NULL AND sealed IS NULL AND expires_at > $1";
    on_db!(tx, c => sqlx::query(sql).bind(now.0).execute(c).await.map(|done| done.rows_affected()))
}
