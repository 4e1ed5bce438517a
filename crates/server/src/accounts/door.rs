//! The door: passwords are compared here, two at a time, and who keeps failing waits.

use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use argon2::password_hash::{PasswordHasher as _, PasswordVerifier as _};
use argon2::{Algorithm, Argon2, Params, Version};
use base::Moment;
use rand::RngExt as _;
use tokio::sync::{Notify, Semaphore};

use super::tries::{Entry, Tries};
use crate::web::Error;

/// OWASP's first choice for argon2id: 19 MiB, two passes, one lane.
const MEMORY_KIB: u32 = 19_456;
const PASSES: u32 = 2;
/// Comparisons under way at once: each takes 19 MiB and a core for some hundredths of a second.
const AT_ONCE: usize = 2;

/// Cloning shares it.
#[derive(Clone)]
pub struct Door(Arc<Inner>);

struct Inner {
    room: Semaphore,
    tries: Mutex<Tries>,
    /// Told whenever an attempt is over.
    over: Notify,
    /// What is compared with where there is no account, so that it takes as long.
    nobody: OnceLock<String>,
}

impl Default for Door {
    fn default() -> Door {
        let (room, over) = (Semaphore::new(AT_ONCE), Notify::new());
        Door(Arc::new(Inner { room, tries: Mutex::default(), over, nobody: OnceLock::new() }))
    }
}

/// One attempt under way; others for the same name wait outside until it is dropped.
pub struct Attempt {
    door: Door,
    name: String,
}

impl Drop for Attempt {
    fn drop(&mut self) {
        self.door.tries(|tries| tries.leave(&self.name));
        self.door.0.over.notify_waiters();
    }
}

impl Door {
    /// Lets an attempt in, once no other for this name is under way: guesses sent side by side would
    /// not be counted one by one. Where the address has failed too often, says until when it waits.
    pub async fn enter(&self, address: &str, name: &str, now: Moment) -> Result<Attempt, Moment> {
        loop {
            // Listens before it looks: an attempt that ends in between is heard.
            let over = self.0.over.notified();
            match self.tries(|tries| tries.enter(address, name, now)) {
                Entry::In => return Ok(Attempt { door: self.clone(), name: name.to_owned() }),
                Entry::Wait(until) => return Err(until),
                Entry::Busy => over.await,
            }
        }
    }

    /// Something about the failures so far.
    pub fn tries<T>(&self, ask: impl FnOnce(&mut Tries) -> T) -> T {
        ask(&mut self.0.tries.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// The PHC string of a password or PIN.
    pub async fn hash(&self, secret: String) -> Result<String, Error> {
        self.work(move |_| hash(&secret)).await
    }

    /// Whether a secret is that of a stored hash; without one it takes as long and is not.
    pub async fn fits(&self, secret: String, stored: Option<String>) -> Result<bool, Error> {
        self.work(move |inner| {
            let nobody = match inner.nobody.get() {
                Some(nobody) => nobody,
                None => inner.nobody.get_or_init(|| hash("nobody's").unwrap_or_default()),
            };
            let against = stored.as_deref().unwrap_or(nobody);
            Ok(hasher()?.verify_password(secret.as_bytes(), against).is_ok() && stored.is_some())
        })
        .await
    }

    async fn work<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Inner) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        let failed = |error: &dyn std::fmt::Display| Error::Failed(format!("comparing a password: {error}"));
        let _room = self.0.room.acquire().await.map_err(|error| failed(&error))?;
        let inner = self.0.clone();
        tokio::task::spawn_blocking(move || work(&inner)).await.map_err(|error| failed(&error))?
    }
}

fn hasher() -> Result<Argon2<'static>, Error> {
    let params = Params::new(MEMORY_KIB, PASSES, 1, None).map_err(failed)?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

fn hash(secret: &str) -> Result<String, Error> {
    let salt: [u8; 16] = rand::rng().random();
    let hash = hasher()?.hash_password_with_salt(secret.as_bytes(), &salt);
    Ok(hash.map_err(failed)?.to_string())
}

fn failed(error: impl std::fmt::Display) -> Error {
    Error::Failed(format!("hashing a password: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn only_the_same_secret_fits_and_nothing_fits_nobody() {
        let door = Door::default();
        let stored = door.hash("村口老槐树".into()).await.unwrap();
        assert!(stored.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{stored}");
        assert!(door.fits("村口老槐树".into(), Some(stored.clone())).await.unwrap());
        assert!(!door.fits("村口小槐树".into(), Some(stored)).await.unwrap());
        assert!(!door.fits("nobody's".into(), None).await.unwrap());
    }

    #[tokio::test]
    async fn a_second_attempt_for_a_name_waits_for_the_first() {
        let door = Door::default();
        let first = door.enter("a", "zhang", Moment(0)).await.unwrap();
        assert!(door.enter("b", "wang", Moment(0)).await.is_ok());
        let second = tokio::spawn({
            let door = door.clone();
            async move { door.enter("b", "zhang", Moment(0)).await.map(|_| ()) }
        });
        for _ in 0..20 {
            tokio::task::yield_now().await;
        }
        assert!(!second.is_finished());
        drop(first);
        assert_eq!(second.await.unwrap(), Ok(()));
    }
}
