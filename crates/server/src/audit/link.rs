//! Puts entries into the chain, soon after they were written.

use base::Moment;
use rand::RngExt as _;
use uuid::Uuid;

use super::chain::{Key, NOTHING};
use super::head::{self, Head, Kept};
use super::{Entry, record, store};
use crate::site::Site;

/// Links of one transaction: others wait for it some milliseconds.
const BATCH: usize = 1_000;
/// Minutes that an entry may come after its id was made, or that ids may be ahead.
const SLACK: i64 = 1;
/// What linkers hold against each other; no town has this number.
const LINKERS: i64 = 0;

/// Why entries were not linked.
#[derive(Debug, thiserror::Error)]
pub enum NotLinked {
    #[error(transparent)]
    Database(#[from] db::Error),
    #[error("the key of the audit trail cannot be opened: put back the vault's key that it was made with")]
    Key,
    #[error("the file of the audit trail's head cannot be read or written: {0}")]
    File(#[from] std::io::Error),
    #[error("the audit trail does not hold the head that was written down: see firebreak audit verify")]
    Cut,
}

/// Which entries are looked at for such as have no link.
#[derive(Clone, Copy, Debug)]
pub enum Since {
    Ever,
    /// Those made since this moment, and a little before it.
    Moment(Moment),
}

/// Links what has no link yet; answers how many entries it was.
pub async fn link(site: &Site, since: Since) -> Result<usize, NotLinked> {
    let bounds = match since {
        Since::Ever => (Uuid::nil(), Uuid::max()),
        Since::Moment(at) => {
            let until = site.clock.now().plus_minutes(SLACK);
            (store::first_id(at.plus_minutes(-SLACK)), store::first_id(until))
        }
    };
    let key = key(site).await?;
    let mut linked = 0;
    loop {
        let batch = link_batch(site, &key, bounds).await?;
        linked += batch;
        if batch < BATCH {
            return Ok(linked);
        }
    }
}

async fn link_batch(site: &Site, key: &Key, bounds: (Uuid, Uuid)) -> Result<usize, NotLinked> {
    let most = i64::try_from(BATCH).unwrap_or(i64::MAX);
    // Read beside the writers; they are held up only while the links are written.
    let mut snapshot = site.db.read().await?;
    let rows = store::unlinked(&mut snapshot, bounds, most).await?;
    if rows.is_empty() {
        return Ok(0);
    }
    let before = store::newest(&mut snapshot).await?.map(|(head, _)| head);
    drop(snapshot);
    let now = site.clock.now();
    let mut head = before.unwrap_or(Head { n: 0, hash: NOTHING });
    let mut links = Vec::with_capacity(rows.len());
    for row in &rows {
        let n = head.n + 1;
        head = Head { n, hash: key.link(&head.hash, n, now, row) };
        links.push((n, row.id, head.hash));
    }
    let mut tx = site.db.write().await?;
    tx.hold(&[LINKERS].into()).await?;
    if store::newest(&mut tx).await?.map(|(head, _)| head) != before {
        // Another linker was first; what is left comes next time.
        return Ok(0);
    }
    let cut = is_cut(site, &mut tx, key, before).await?;
    store::append(&mut tx, now, &links).await?;
    tx.commit().await?;
    if cut {
        return Err(NotLinked::Cut);
    }
    if let Some(file) = &site.trail.head {
        head::write(file, key, head)?;
    }
    Ok(links.len())
}

/// Whether the file tells of a head that the chain does not hold: it is then left as it is, as the
/// proof of what was there. A file that is gone is begun anew, which is itself written down.
async fn is_cut(site: &Site, tx: &mut db::Tx, key: &Key, before: Option<Head>) -> Result<bool, NotLinked> {
    let Some(file) = &site.trail.head else { return Ok(false) };
    match head::read(file, key)? {
        Kept::Head(kept) if before == Some(kept) => Ok(false),
        Kept::Head(kept) => Ok(!store::holds(tx, kept).await?),
        Kept::Damaged => Ok(true),
        Kept::Missing => {
            if let Some(before) = before {
                let detail = serde_json::json!({ "links": before.n });
                let entry = Entry::of_program("audit.head-missing", "", detail);
                record(tx, site.clock.new_id(), site.clock.now(), entry).await?;
            }
            Ok(false)
        }
    }
}

/// The key of the chain; made where nothing is linked yet. Links without their key are nobody's:
/// none is put behind them.
async fn key(site: &Site) -> Result<Key, NotLinked> {
    let mut snapshot = site.db.read().await?;
    let mut sealed = store::sealed_key(&mut snapshot).await?;
    if sealed.is_none() && store::length(&mut snapshot).await? == 0 {
        drop(snapshot);
        let secret: [u8; 32] = rand::rng().random();
        let mut tx = site.db.write().await?;
        store::keep_key(&mut tx, site.vault.seal_bytes(&secret)).await?;
        sealed = store::sealed_key(&mut tx).await?;
        tx.commit().await?;
    }
    sealed.and_then(|sealed| open_key(site, &sealed)).ok_or(NotLinked::Key)
}

/// After a restore: the head is that of the chain that was restored; one of a database that stood here
/// before is put aside.
pub async fn begin_head_anew(site: &Site) -> Result<(), NotLinked> {
    let Some(file) = &site.trail.head else { return Ok(()) };
    let key = key(site).await?;
    head::put_aside(file)?;
    if let Some((newest, _)) = store::newest(&mut site.db.read().await?).await? {
        head::write(file, &key, newest)?;
    }
    Ok(())
}

/// The key of the chain, as the database keeps it.
pub fn open_key(site: &Site, sealed: &[u8]) -> Option<Key> {
    Some(Key::new(site.vault.open_bytes(sealed)?.try_into().ok()?))
}
