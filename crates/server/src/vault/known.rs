//! The keys that the database knows of, and whether those at hand are these.

use db::{Db, Snapshot, Tx, on_db};

use super::Source;
use super::key::{ID, Key, KeyId};
use super::places::PLACES;

/// What programs that change the keys hold against each other; no town has this number.
pub const CHANGES: i64 = 1;
/// What a key seals so that it is known again.
const PROOF: &[u8] = b"firebreak vault";

/// Why the keys at hand are refused. Nothing was made or changed.
#[derive(Debug, thiserror::Error)]
pub enum Refused {
    #[error(
        "{place} is missing, but the database holds values that were sealed with its key: put the file \
         back from your copy of the key. No new key was made: it would open none of them"
    )]
    Missing { place: String },
    #[error(
        "the database was sealed with another key{} than {place} gives{}: put back the key that belongs \
         to this database, from your copy of it, or name the database that belongs to this key",
        told(.wanted), told(.given)
    )]
    Other { place: String, wanted: Option<KeyId>, given: Option<KeyId> },
    #[error(
        "{place} gives the newest key of the database, but no longer the key {wanted}, with which a part \
         is still sealed: put that one back behind the new one and let firebreak vault rotate finish"
    )]
    Unfinished { place: String, wanted: KeyId },
}

fn told(id: &Option<KeyId>) -> String {
    id.map(|id| format!(" ({id})")).unwrap_or_default()
}

/// A key that the database knows of, by the value it sealed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Known {
    pub n: i64,
    pub id: KeyId,
    sealed: Vec<u8>,
}

/// All of them, the newest first.
pub async fn known(tx: &mut Snapshot) -> db::Result<Vec<Known>> {
    let sql = "SELECT n, sealed FROM vault_key ORDER BY n DESC";
    let rows: Vec<(i64, Vec<u8>)> = on_db!(tx, c => sqlx::query_as(sql).fetch_all(c).await)?;
    let known = |(n, sealed): (i64, Vec<u8>)| {
        let id = sealed.first_chunk::<ID>().copied().unwrap_or_default();
        Known { n, id: KeyId(id), sealed }
    };
    Ok(rows.into_iter().map(known).collect())
}

/// Makes a key known, as the newest.
pub async fn note(tx: &mut Tx, n: i64, key: &Key) -> db::Result<()> {
    let sql = "INSERT INTO vault_key (n, sealed) VALUES ($1, $2)";
    on_db!(tx, c => sqlx::query(sql).bind(n).bind(key.seal(PROOF)).execute(c).await.map(|_| ()))
}

/// Forgets all keys that are older than one.
pub async fn forget_before(tx: &mut Tx, n: i64) -> db::Result<()> {
    let sql = "DELETE FROM vault_key WHERE n < $1";
    on_db!(tx, c => sqlx::query(sql).bind(n).execute(c).await.map(|_| ()))
}

/// Puts keys in the order in which the database knows them, the newest first; behind them those that
/// it does not know, which seal nothing.
pub fn in_order(keys: &[Key], known: &[Known], source: &Source) -> Result<Vec<Key>, Refused> {
    let place = || source.to_string();
    let mut ordered = Vec::with_capacity(keys.len());
    for (number, one) in known.iter().enumerate() {
        let key =
            keys.iter().find(|key| key.id() == one.id && key.open(&one.sealed).as_deref() == Some(PROOF));
        match (key, number) {
            (Some(key), _) => ordered.push(key.clone()),
            (None, 0) => {
                let given = keys.first().map(Key::id);
                return Err(Refused::Other { place: place(), wanted: Some(one.id), given });
            }
            (None, _) => return Err(Refused::Unfinished { place: place(), wanted: one.id }),
        }
    }
    ordered.extend(keys.iter().filter(|key| !known.iter().any(|one| one.id == key.id())).cloned());
    Ok(ordered)
}

/// The keys for a database, made where nothing was ever sealed.
pub async fn keys_for(source: &Source, db: &Db) -> anyhow::Result<(Vec<Key>, Vec<Known>)> {
    let seen = known(&mut db.read().await?).await?;
    if !seen.is_empty() {
        return Ok((ordered(source, &seen).await?, seen));
    }
    let mut tx = db.write().await?;
    let keys = keys_in(source, &mut tx).await?;
    tx.commit().await?;
    Ok(keys)
}

/// The same within a transaction.
pub async fn keys_in(source: &Source, tx: &mut Tx) -> anyhow::Result<(Vec<Key>, Vec<Known>)> {
    tx.hold(&[CHANGES].into()).await?;
    // Another program may have been first.
    if known(tx).await?.is_empty() {
        take_note(tx, source).await?;
    }
    let seen = known(tx).await?;
    Ok((ordered(source, &seen).await?, seen))
}

async fn ordered(source: &Source, seen: &[Known]) -> anyhow::Result<Vec<Key>> {
    let keys = source.read().await?.ok_or_else(|| Refused::Missing { place: source.to_string() })?;
    Ok(in_order(&keys, seen, source)?)
}

/// Has a database that knows no key take note of those that are there, where they open what it holds.
async fn take_note(tx: &mut Tx, source: &Source) -> anyhow::Result<()> {
    let place = || source.to_string();
    let keys = match (source.read().await?, sample(tx).await?) {
        (None, Sample::Nothing) => {
            let made = vec![Key::random()];
            source.put(&made)?;
            made
        }
        (None, _) => return Err(Refused::Missing { place: place() }.into()),
        (Some(keys), Sample::Sealed(sealed)) if !keys.iter().any(|key| key.open(&sealed).is_some()) => {
            let given = keys.first().map(Key::id);
            return Err(Refused::Other { place: place(), wanted: None, given }.into());
        }
        (Some(keys), _) => keys,
    };
    for (key, n) in keys.iter().rev().zip(1..) {
        note(tx, n, key).await?;
    }
    Ok(())
}

/// What a database holds that was made with a key.
enum Sample {
    Nothing,
    Sealed(Vec<u8>),
    /// Codes of slips, of which only digests are kept.
    Digests,
}

async fn sample(tx: &mut Tx) -> db::Result<Sample> {
    for place in PLACES {
        if let Some(sealed) = place.any(tx).await? {
            return Ok(Sample::Sealed(sealed));
        }
    }
    let sql = "SELECT account FROM slip LIMIT 1";
    let slip: Option<i64> = on_db!(tx, c => sqlx::query_scalar(sql).fetch_optional(c).await)?;
    Ok(if slip.is_some() { Sample::Digests } else { Sample::Nothing })
}
