//! What every request shares: the database, the clock, the words, the vault, who is signed in.

use std::net::IpAddr;
use std::ops::Deref;
use std::path::PathBuf;
use std::pin::Pin;
use std::sync::Arc;

use base::Clock;
use db::Db;

use crate::access::{Action, Idle, People, Person};
use crate::audit::Trail;
use crate::backup;
use crate::playbook::Playbook;
use crate::vault::Vault;
use crate::web::{Languages, Live};

/// The shared state. Cloning shares it.
#[derive(Clone)]
pub struct Site(Arc<Parts>);

/// What a site is made of.
pub struct Parts {
    pub db: Db,
    pub clock: Clock,
    pub languages: Languages,
    pub vault: Arc<Vault>,
    pub playbook: Playbook,
    pub people: People,
    pub trail: Trail,
    pub live: Live,
    pub settings: Settings,
    /// The places of the navigation, in order; each is shown to whom its action is allowed.
    pub places: &'static [Place],
}

/// A place of the navigation.
#[derive(Clone, Copy, Debug)]
pub struct Place {
    pub path: &'static str,
    /// The message that names it.
    pub key: &'static str,
    /// The symbol of `web/icons/places.svg` beside the words.
    pub icon: &'static str,
    pub action: Action,
    /// What waits there, where that is counted; told anew on every page, apart from the page's own
    /// figures.
    pub waiting: Option<for<'a> fn(&'a Site, &'a Person) -> Waiting<'a>>,
}

/// How many things wait for somebody.
pub type Waiting<'a> = Pin<Box<dyn Future<Output = db::Result<i64>> + Send + 'a>>;

/// What the person who runs the server decides.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// Cookies are sent over HTTPS only.
    pub secure_cookies: bool,
    /// Every page, file and picture is marked 演示.
    pub demonstration: bool,
    /// The operation is over and its records are destroyed: what is left is read, and nothing is entered.
    pub ended: bool,
    /// Where anybody may come in as anybody: a demonstration's door.
    pub door: Option<&'static str>,
    /// After how long a browser nobody uses asks for a PIN.
    pub idle: Idle,
    /// The address people reach this server by, such as `https://qf.example.cn`; it stands on printed
    /// slips. Without it, the address the printing browser uses.
    pub public_url: Option<String>,
    /// Where the head of the audit trail's chain is written down; nowhere in tests.
    pub audit_head: Option<PathBuf>,
    /// Where and when backups are made by the program itself.
    pub backups: Option<backup::Plan>,
    /// The program that reads .xls and .ods apart from this process; tests read them themselves.
    pub reader: Option<PathBuf>,
    /// The proxies, by address, whose word on whom they ask for is believed.
    pub trusted_proxies: Vec<IpAddr>,
}

impl Site {
    pub fn new(parts: Parts) -> Site {
        Site(Arc::new(parts))
    }
}

impl Deref for Site {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}
