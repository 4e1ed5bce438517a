//! The vault: identity and phone numbers are sealed before they reach the database, so that a
//! copied file gives none. Exact search goes by a keyed digest. A key leaves this module only for
//! its own file. During a rotation there are several: all open, the newest seals (ADR 11).

mod key;
mod known;
mod looks;
mod places;
mod rotate;
mod source;

use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use db::{Db, Snapshot, Tx};
use sqlx::{Database, Encode, QueryBuilder, Type};
use tokio::time::Instant;

use known::{Known, Refused};

pub use key::Key;
pub use looks::{LISTS as MOST_LISTS, Looks, NUMBERS as MOST_LOOKS};
pub use rotate::{Pace, Rotated, rotate};
pub use source::{Source, key_file};

/// Seals and opens personal values with the keys of one installation.
pub struct Vault {
    /// None where the key was handed over by a test.
    source: Option<Source>,
    ring: RwLock<Arc<Ring>>,
    /// Who saw how many numbers in full.
    pub looks: Looks,
    /// Lists with such numbers that were taken along.
    pub lists: Looks,
}

/// The keys at one moment, the newest first.
struct Ring {
    keys: Vec<Key>,
    /// Those that the database knew of then.
    known: Vec<Known>,
}

impl Vault {
    /// A vault of the given 32-byte key.
    pub fn new(key: [u8; 32]) -> Vault {
        Vault::of(None, Ring { keys: vec![Key::new(key)], known: Vec::new() })
    }

    fn of(source: Option<Source>, ring: Ring) -> Vault {
        Vault {
            source,
            ring: RwLock::new(Arc::new(ring)),
            looks: Looks::new(looks::NUMBERS),
            lists: Looks::new(looks::LISTS),
        }
    }

    /// The vault of a database. A key is made where nothing was ever sealed; other keys than the
    /// database was sealed with are refused.
    ///
    /// # Errors
    /// Says where it looked for the key, what is wrong, and what to do.
    pub async fn unlock(source: Source, db: &Db) -> anyhow::Result<Vault> {
        let (keys, known) = known::keys_for(&source, db).await?;
        Ok(Vault::of(Some(source), Ring { keys, known }))
    }

    /// The same of a database that is being made, in its transaction.
    pub async fn unlock_in(source: Source, tx: &mut Tx) -> anyhow::Result<Vault> {
        let (keys, known) = known::keys_in(&source, tx).await?;
        Ok(Vault::of(Some(source), Ring { keys, known }))
    }

    /// Whether the key lies in a file, which the program may put another in the place of.
    pub fn has_file(&self) -> bool {
        matches!(self.source, Some(Source::File(_)))
    }

    /// Takes notice of keys that came or went since.
    pub async fn refresh(&self, tx: &mut Snapshot) -> anyhow::Result<()> {
        let known = known::known(tx).await?;
        let Some(source) = self.source.as_ref().filter(|_| self.ring().known != known) else {
            return Ok(());
        };
        let keys = source.read().await?.ok_or_else(|| Refused::Missing { place: source.to_string() })?;
        let keys = known::in_order(&keys, &known, source)?;
        *self.ring.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(Ring { keys, known });
        Ok(())
    }

    fn ring(&self) -> Arc<Ring> {
        Arc::clone(&self.ring.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// The sealed form of a value, as it is stored.
    pub fn seal(&self, value: &str) -> Vec<u8> {
        self.seal_bytes(value.as_bytes())
    }

    /// The same for what is no text, such as a whole file.
    pub fn seal_bytes(&self, value: &[u8]) -> Vec<u8> {
        self.ring().newest().seal(value)
    }

    /// The value of a sealed form; nothing where it was sealed with another key or is damaged.
    pub fn open(&self, sealed: &[u8]) -> Option<String> {
        String::from_utf8(self.open_bytes(sealed)?).ok()
    }

    /// The same for what is no text.
    pub fn open_bytes(&self, sealed: &[u8]) -> Option<Vec<u8>> {
        self.ring().keys.iter().find_map(|key| key.open(sealed))
    }

    /// The value of a column that may hold nothing.
    pub fn open_stored(&self, sealed: Option<&[u8]>) -> Option<String> {
        self.open(sealed?)
    }

    /// The digest by which an exact value is found without being stored.
    pub fn index(&self, value: &str) -> Vec<u8> {
        self.ring().newest().index(value)
    }

    /// The sealed form and the digest of a value, both by one key: a rotation finds what it has to seal
    /// anew by the sealed form alone.
    pub fn seal_indexed(&self, value: &str) -> (Vec<u8>, Vec<u8>) {
        let ring = self.ring();
        (ring.newest().seal(value.as_bytes()), ring.newest().index(value))
    }

    /// The digests under which it may be stored: during a rotation there are several.
    pub fn indexes(&self, value: &str) -> Vec<Vec<u8>> {
        self.ring().keys.iter().map(|key| key.index(value)).collect()
    }

    /// Adds that a column of digests holds that of a value.
    pub fn push_is<DB>(&self, sql: &mut QueryBuilder<DB>, column: &str, value: &str)
    where
        DB: Database,
        Vec<u8>: for<'q> Encode<'q, DB> + Type<DB>,
    {
        sql.push(format_args!("{column} IN ("));
        let mut list = sql.separated(", ");
        self.indexes(value).into_iter().for_each(|index| {
            list.push_bind(index);
        });
        sql.push(")");
    }
}

impl Ring {
    fn newest(&self) -> &Key {
        &self.keys[0]
    }
}

/// How often a running program looks for other keys, and how long it goes on without a key that it
/// is wanting: a rotation allows more (see [`Pace`]).
const LOOK: Duration = Duration::from_secs(1);
const PATIENCE: Duration = Duration::from_secs(10);

/// Takes notice of other keys as long as the program runs. Answers why it cannot go on: what it would
/// seal nobody could open.
pub async fn watch(vault: &Vault, db: &Db) -> anyhow::Error {
    watch_for(vault, db, LOOK, PATIENCE).await
}

async fn watch_for(vault: &Vault, db: &Db, look: Duration, patience: Duration) -> anyhow::Error {
    let mut wanting = None;
    loop {
        tokio::time::sleep(look).await;
        // A database that does not answer takes nothing in either.
        let Ok(mut snapshot) = db.read().await else { continue };
        match vault.refresh(&mut snapshot).await {
            Err(error) if error.is::<db::Error>() => (),
            Ok(()) => wanting = None,
            Err(error) => {
                tracing::warn!("the vault's key was changed, and the new one is not to be had: {error:#}");
                if wanting.get_or_insert_with(Instant::now).elapsed() >= patience {
                    return error.context("the program ends, since what it seals nobody could open");
                }
            }
        }
    }
}

/// A phone number as screens show it: 138****5678. Of a shorter one, a landline's, three digits and
/// four would be nearly all: the last two are shown.
pub fn masked_phone(phone: &str) -> String {
    let digits: Vec<char> = phone.chars().collect();
    let (first, last) = if digits.len() >= MOBILE { (3, 4) } else { (0, 2.min(digits.len() / 2)) };
    let (head, rest) = digits.split_at(first);
    let (hidden, tail) = rest.split_at(rest.len() - last);
    head.iter().copied().chain(hidden.iter().map(|_| '*')).chain(tail.iter().copied()).collect()
}

/// Digits of a mobile number.
const MOBILE: usize = 11;

#[cfg(test)]
mod tests;
