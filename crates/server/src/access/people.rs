//! The signed-in person, and a short memory of who is signed in.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use base::{Day, Division, Moment, Role};
use db::Db;
use rand::RngExt as _;

use super::{Action, Capacity, Idle, Kind, Reach, Scope, reach, store};
use crate::site::Site;

/// A signed-in person, as the policy sees one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    pub account: i64,
    pub login: String,
    pub name: String,
    pub language: Option<String>,
    pub large_print: bool,
    /// A password has to be chosen before anything else is opened.
    pub must_change: bool,
    /// The roles held by appointment, then those that come with a stewardship held today.
    pub appointments: Vec<(Role, Division)>,
    /// The steward this person is (town, number), then those he stands in for today.
    pub stewards: Vec<(i64, i64)>,
    /// What the audit trail keeps of all these.
    pub capacity: Capacity,
    /// The town's day as of which all this holds.
    pub today: Day,
    /// A PIN has been chosen, which unlocks this person's sessions.
    pub has_pin: bool,
    /// The digest of the session's secret: names it, opens nothing.
    pub session: [u8; 32],
    pub kind: Kind,
    /// The session was idle for too long: a PIN or the password has to be given first.
    pub locked: bool,
}

impl Person {
    /// What an action reaches for this person; nothing where no role allows it.
    pub fn may(&self, action: Action) -> Option<Scope> {
        let mut ranges = Vec::new();
        let mut stewards = Vec::new();
        let mut allowed = false;
        for (role, division) in &self.appointments {
            match reach(*role, action) {
                None => continue,
                Some(Reach::Subtree) => ranges.push(division.range()),
                Some(Reach::OwnHouseholds) => stewards.clone_from(&self.stewards),
            }
            allowed = true;
        }
        allowed.then(|| Scope::new(ranges, stewards, self.today))
    }

    /// The town of the first appointment: where a person who works in one town is.
    pub fn town(&self) -> Option<Division> {
        self.appointments.iter().find_map(|(_, division)| division.at(base::Level::Town))
    }

    pub fn has(&self, role: Role) -> bool {
        self.appointments.iter().any(|(own, _)| *own == role)
    }
}

/// A person with one role, as none is in any database.
#[cfg(test)]
pub fn test_person(role: Role, division: Division, today: Day) -> Person {
    Person {
        account: 1,
        login: "test".into(),
        name: "test".into(),
        language: None,
        large_print: false,
        must_change: false,
        appointments: vec![(role, division)],
        stewards: Vec::new(),
        capacity: Capacity::of(&[(role, division)], &[]),
        today,
        has_pin: false,
        session: [0; 32],
        kind: Kind::Browser,
        locked: false,
    }
}

/// The secret of a session or token, as its holder keeps it: 64 hex digits. Only its digest is
/// stored, and it does not print itself.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// A new secret of 256 random bits.
    pub fn random() -> Secret {
        Secret(hex::encode(rand::rng().random::<[u8; 32]>()))
    }

    /// What a holder presents; nothing where it cannot be a secret.
    pub fn presented(text: &str) -> Option<Secret> {
        (text.len() == 64 && text.bytes().all(|b| b.is_ascii_hexdigit())).then(|| Secret(text.to_owned()))
    }

    pub fn reveal(&self) -> &str {
        &self.0
    }

    pub fn digest(&self) -> [u8; 32] {
        *blake3::hash(self.0.as_bytes()).as_bytes()
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(..)")
    }
}

/// Remembers for some seconds who is behind a secret, so that a burst of checks asks the database
/// once. Changes made by this program are forgotten at once; those of another program after
/// [`MEMORY`].
pub struct People {
    remembered: Mutex<Memory>,
    /// Sessions in use that are not written down yet, by the digest of their secret.
    used: Mutex<Used>,
    idle: Idle,
}

/// By the digest of a secret: since when, and who.
type Memory = HashMap<[u8; 32], (Moment, Arc<Person>)>;
/// By the digest of a secret: when it was last used.
type Used = HashMap<[u8; 32], Moment>;

/// Seconds for which a person is remembered.
const MEMORY: i64 = 5;
const REMEMBERED: usize = 100_000;
/// Seconds after which it is written down anew that a session is in use.
const SEEN: i64 = 60;

impl People {
    pub fn new(idle: Idle) -> People {
        People { remembered: Mutex::default(), used: Mutex::default(), idle }
    }

    /// The person behind a secret, if the session still holds. `active` says that a person acts,
    /// not a page that looks for news by itself.
    pub async fn find(
        &self,
        db: &Db,
        now: Moment,
        today: Day,
        secret: &Secret,
        active: bool,
    ) -> db::Result<Option<Arc<Person>>> {
        let digest = secret.digest();
        if let Some((since, person)) = lock(&self.remembered).get(&digest)
            && (0..MEMORY).contains(&now.seconds_since(*since))
        {
            return Ok(Some(person.clone()));
        }
        let used = lock(&self.used).get(&digest).copied();
        let found = store::person_behind(db, &digest, now, today, self.idle, used).await?;
        let Some((person, seen)) = found else { return Ok(None) };
        if active && !person.locked && now.seconds_since(seen) >= SEEN {
            lock(&self.used).insert(digest, now);
        }
        let person = Arc::new(person);
        let mut memory = lock(&self.remembered);
        if memory.len() >= REMEMBERED {
            memory.clear();
        }
        memory.insert(digest, (now, person.clone()));
        Ok(Some(person))
    }

    /// The account of a session that is over: nobody is signed in by it, and what is sent from it is
    /// kept for this account.
    pub async fn former(&self, db: &Db, secret: &Secret) -> db::Result<Option<i64>> {
        store::former(db, &secret.digest()).await
    }

    /// Forgets everybody: called after any change to sessions, accounts or stewardships.
    pub fn forget(&self) {
        lock(&self.remembered).clear();
    }

    /// Writes down which sessions were used since the last time: all in one transaction, so that
    /// nobody's request waits for it.
    pub async fn write_used(&self, db: &Db, now: Moment) -> db::Result<()> {
        let used = std::mem::take(&mut *lock(&self.used));
        if used.is_empty() {
            return Ok(());
        }
        let written = store::seen(db, &used.clone().into_iter().collect::<Vec<_>>(), now).await;
        if written.is_err() {
            let mut later = lock(&self.used);
            for (digest, at) in used {
                later.entry(digest).or_insert(at);
            }
        }
        written
    }
}

fn lock<T>(memory: &Mutex<T>) -> MutexGuard<'_, T> {
    memory.lock().unwrap_or_else(PoisonError::into_inner)
}

/// How often it is written down which sessions are in use.
const PACE: Duration = Duration::from_secs(5);

/// Keeps it written down which sessions are in use, for as long as the program runs.
pub async fn keep_used(site: Site) {
    loop {
        tokio::time::sleep(PACE).await;
        // What is read does not depend on it: a full disk keeps nobody from looking.
        if let Err(error) = site.people.write_used(&site.db, site.clock.now()).await {
            tracing::warn!(%error, "cannot write down which sessions are in use; it is tried again");
        }
    }
}
