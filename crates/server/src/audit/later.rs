//! Entries of what writes nothing else: gathered in memory, written in the background, all of them
//! before the program ends.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use base::Moment;
use db::Db;
use serde_json::Value;
use uuid::Uuid;

use super::link::{Since, link};
use super::verify::{Checked, verify};
use super::{Entry, household, record_all};
use crate::access::{Capacity, Person};
use crate::site::Site;
use crate::web::Visit;

/// Minutes for which a second look at the same household leaves no second entry.
const LOOK: i64 = 10;

/// An entry that waits to be written.
#[derive(Clone, Debug)]
pub struct Late {
    pub id: Uuid,
    pub at: Moment,
    pub account: Option<i64>,
    pub capacity: Capacity,
    pub address: String,
    pub action: &'static str,
    pub object: String,
    pub detail: Value,
}

impl Late {
    fn entry(&self) -> (Uuid, Moment, Entry<'_>) {
        let entry = Entry {
            account: self.account,
            roles: &self.capacity.roles,
            division: self.capacity.division,
            address: &self.address,
            ..Entry::of_program(self.action, &self.object, self.detail.clone())
        };
        (self.id, self.at, entry)
    }
}

/// The trail of a running program: what waits to be written, and what is known of the chain.
#[derive(Default)]
pub struct Trail {
    waiting: Mutex<Vec<Late>>,
    /// Held while they are written: what one writer has taken and could not write, the next finds.
    writing: tokio::sync::Mutex<()>,
    /// Until when what was told is not told again.
    told: Mutex<HashMap<String, Moment>>,
    checked: Mutex<Option<Checked>>,
    /// The file of the chain's head; none in tests.
    pub head: Option<PathBuf>,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Trail {
    pub fn new(head: Option<PathBuf>) -> Trail {
        Trail { head, ..Trail::default() }
    }

    /// Writes an entry soon.
    pub fn later(&self, late: Late) {
        lock(&self.waiting).push(late);
    }

    /// Whether this was not told within so many minutes: nobody fills the trail by asking again and
    /// again.
    pub fn is_new(&self, what: String, minutes: i64, now: Moment) -> bool {
        let mut told = lock(&self.told);
        if told.get(&what).is_some_and(|until| now < *until) {
            return false;
        }
        told.insert(what, now.plus_minutes(minutes));
        true
    }

    /// Somebody looked at a household's file.
    pub fn saw(&self, site: &Site, visit: &Visit, key: (i64, i64)) {
        let (account, object) = (visit.person.account, household(key));
        if self.is_new(format!("{account} {object}"), LOOK, visit.now) {
            let (person, address) = (&visit.person, visit.address.clone());
            self.later(done_by(site, person, address, "household.see", object, serde_json::json!({})));
        }
    }

    /// Writes what waits, in one transaction. What could not be written waits on.
    pub async fn write(&self, db: &Db, now: Moment) -> db::Result<()> {
        lock(&self.told).retain(|_, until| now < *until);
        let _writing = self.writing.lock().await;
        let waiting = std::mem::take(&mut *lock(&self.waiting));
        if waiting.is_empty() {
            return Ok(());
        }
        let written = write(db, &waiting).await;
        if written.is_err() {
            lock(&self.waiting).splice(0..0, waiting);
        }
        written
    }

    /// How many entries wait to be written.
    #[cfg(test)]
    pub fn waiting(&self) -> usize {
        lock(&self.waiting).len()
    }

    /// What the chain was found to be when it was looked at last.
    pub fn checked(&self) -> Option<Checked> {
        lock(&self.checked).clone()
    }

    pub fn set_checked(&self, checked: Checked) {
        *lock(&self.checked) = Some(checked);
    }
}

/// An entry of what a person did just now.
pub fn done_by(
    site: &Site,
    person: &Person,
    address: String,
    action: &'static str,
    object: String,
    detail: Value,
) -> Late {
    let (id, at) = (site.clock.new_id(), site.clock.now());
    let (account, capacity) = (Some(person.account), person.capacity.clone());
    Late { id, at, account, capacity, address, action, object, detail }
}

async fn write(db: &Db, waiting: &[Late]) -> db::Result<()> {
    let mut tx = db.write().await?;
    record_all(&mut tx, &waiting.iter().map(Late::entry).collect::<Vec<_>>()).await?;
    tx.commit().await
}

/// How often entries are written and linked; how many times over all entries are looked through for
/// such as have no link, and the whole chain is verified.
const PACE: Duration = Duration::from_secs(1);
const LOOK_THROUGH: u32 = 60 * 60;
const VERIFY: u32 = 24 * 60 * 60;

/// Writes what waits, links what was written, and now and then verifies all, for as long as the
/// program runs.
pub async fn keep(site: Site) {
    let mut before = site.clock.now();
    for second in (0..VERIFY).cycle() {
        let now = site.clock.now();
        if let Err(error) = site.trail.write(&site.db, now).await {
            tracing::warn!(%error, "entries of the audit trail wait to be written; it is tried again");
        }
        let since = if second % LOOK_THROUGH == 0 { Since::Ever } else { Since::Moment(before.min(now)) };
        if let Err(error) = link(&site, since).await {
            tracing::error!(%error, "the audit trail is not linked; it is tried again");
        }
        before = now;
        if second == 0 {
            tokio::spawn(check(site.clone()));
        }
        tokio::time::sleep(PACE).await;
    }
}

async fn check(site: Site) {
    match verify(&site, |_, _| ()).await {
        Ok(checked) => {
            if let Some(fault) = &checked.fault {
                tracing::error!(%fault, "the audit trail is not as it was written");
            }
            site.trail.set_checked(checked);
        }
        Err(error) => tracing::error!(%error, "the audit trail could not be verified"),
    }
}
