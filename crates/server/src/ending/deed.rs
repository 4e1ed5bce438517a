//! Carries the end out, beside no other program. Ended on the way, the next call goes on: each step
//! finds what is left to do.

use std::path::Path;

use base::{Day, Moment};
use rand::RngExt as _;
use serde_json::{Value, json};

use super::model::{Body, Certificate, Head, Town, Word};
use super::store::{self, Ending};
use crate::audit::{self, Entry, Since};
use crate::backup;
use crate::private;
use crate::retention;
use crate::site::Site;
use crate::vault::{self, Pace};

/// Why nothing was ended.
#[derive(Debug, thiserror::Error)]
pub enum NotEnded {
    #[error("there is no town here")]
    NoTown,
    #[error(
        "nobody has asked for the end of {0}: headquarters asks for it and an administrator agrees, both on \
         the page /ending"
    )]
    NotAsked(String),
    #[error(
        "headquarters asks for the end of {0}, and no administrator has agreed yet: that is done on the page \
         /ending"
    )]
    NotAgreed(String),
    #[error("to end it, give the name as it stands here: --town-name '{0}'")]
    OtherName(String),
    #[error(
        "the audit trail is not as it was written, and a certificate would rest on it: {0}. See firebreak \
         audit verify"
    )]
    Trail(audit::Fault),
    #[error(
        "the vault's key comes from a variable or a command, where this program cannot destroy it: put it \
         into vault.key in the data folder, take the setting away, and run this again"
    )]
    KeyElsewhere,
    #[error(transparent)]
    Other(#[from] anyhow::Error),
}

impl From<db::Error> for NotEnded {
    fn from(error: db::Error) -> NotEnded {
        NotEnded::Other(error.into())
    }
}

/// What was done.
#[derive(Debug)]
pub struct Done {
    /// The certificate, as it is written to a file.
    pub certificate: String,
    /// What the program could not destroy, for whoever holds it.
    pub left: Vec<String>,
}

/// The town's name; of several, with 、 between.
pub fn names(endings: &[Ending]) -> String {
    endings.iter().map(|ending| ending.name.as_str()).collect::<Vec<_>>().join("、")
}

/// Ends what two people have agreed on. `name` is what was typed; `backup_key` the file of the backups'
/// key.
pub async fn end(site: &Site, name: &str, backup_key: &Path) -> Result<Done, NotEnded> {
    let endings = store::endings(&mut site.db.read().await?).await?;
    let towns = agreed(&endings, name)?;
    if let Some(certificate) = endings.iter().find_map(|ending| ending.certificate.clone()) {
        return Ok(Done { certificate, left: Vec::new() });
    }
    if !site.vault.has_file() {
        return Err(NotEnded::KeyElsewhere);
    }
    verified(site).await?;
    let today = site.playbook.time.day(site.clock.now());
    let mut tx = site.db.write().await?;
    if store::close(&mut tx, today).await? {
        note(&mut tx, site, "operation.end", json!({ "towns": towns_of(&endings) })).await?;
    }
    tx.commit().await?;
    retention::destroy_all(site, &towns_of(&endings)).await?;
    let mut tx = site.db.write().await?;
    store::strip_accounts(&mut tx, site.clock.now()).await?;
    tx.commit().await?;
    let mut keys = drop_vault_key(site).await?;
    let mut left = Vec::new();
    keys.extend(drop_backup_key(site, backup_key, &mut left).await?);
    let certificate = certify(site, &endings, towns, keys).await?;
    // What was deleted is still in free pages until they are taken away.
    site.db.compact().await?;
    Ok(Done { certificate, left })
}

fn towns_of(endings: &[Ending]) -> Vec<i64> {
    endings.iter().map(|ending| ending.town).collect()
}

/// The towns with both words, where all is said that has to be.
fn agreed(endings: &[Ending], name: &str) -> Result<Vec<(Word, Word)>, NotEnded> {
    if endings.is_empty() {
        return Err(NotEnded::NoTown);
    }
    let word = |name: &Option<String>, at: Option<i64>| Some(Word { name: name.clone()?, at: Moment(at?) });
    let mut words = Vec::new();
    for ending in endings {
        let asked = word(&ending.asked_name, ending.asked_at);
        let agreed = word(&ending.agreed_name, ending.agreed_at);
        let asked = asked.ok_or_else(|| NotEnded::NotAsked(ending.name.clone()))?;
        words.push((asked, agreed.ok_or_else(|| NotEnded::NotAgreed(ending.name.clone()))?));
    }
    if name.trim() == names(endings) { Ok(words) } else { Err(NotEnded::OtherName(names(endings))) }
}

/// The last link of the trail, once all of it is found sound.
async fn verified(site: &Site) -> Result<Head, NotEnded> {
    audit::link(site, Since::Ever).await.map_err(anyhow::Error::from)?;
    let checked = audit::verify(site, |_, _| ()).await?;
    match (checked.fault, checked.head) {
        (Some(fault), _) => Err(NotEnded::Trail(fault)),
        (None, Some(head)) => Ok(Head { n: head.n, hash: hex::encode(head.hash) }),
        (None, None) => Ok(Head { n: 0, hash: String::new() }),
    }
}

async fn note(tx: &mut db::Tx, site: &Site, action: &str, detail: Value) -> db::Result<()> {
    let entry = Entry { address: "command line", ..Entry::of_program(action, "operation", detail) };
    audit::record(tx, site.clock.new_id(), site.clock.now(), entry).await
}

/// Another key in the place of the vault's, which from then on opens nothing but the audit trail's own:
/// what the old one sealed, here or in any copy, nobody opens any more.
async fn drop_vault_key(site: &Site) -> Result<Vec<String>, NotEnded> {
    let zero = std::time::Duration::ZERO;
    let rotated = vault::rotate(site, Pace { notice: zero, grace: zero, pause: zero }, |_, _| ()).await?;
    Ok(rotated.dropped)
}

async fn drop_backup_key(
    site: &Site,
    file: &Path,
    left: &mut Vec<String>,
) -> Result<Option<String>, NotEnded> {
    if std::env::var(backup::KEY_VARIABLE).is_ok() {
        left.push(format!("the key of the backups in the variable {}", backup::KEY_VARIABLE));
        return Ok(None);
    }
    if !file.exists() {
        return Ok(None);
    }
    let id = backup::Key::read(file).map(|key| key.id()).unwrap_or_default();
    private::destroy(file).map_err(|error| anyhow::anyhow!("cannot destroy {}: {error}", file.display()))?;
    let mut tx = site.db.write().await?;
    note(&mut tx, site, "backup.drop-key", json!({ "key": id })).await?;
    tx.commit().await?;
    Ok(Some(id))
}

async fn certify(
    site: &Site,
    endings: &[Ending],
    words: Vec<(Word, Word)>,
    keys: Vec<String>,
) -> Result<String, NotEnded> {
    let (destroyed, kept) = {
        let mut tx = site.db.read().await?;
        (store::destroyed(&mut tx).await?, store::stock(&mut tx).await?.1)
    };
    let mut tx = site.db.write().await?;
    note(&mut tx, site, "operation.destroy", json!({ "records": destroyed, "keys": keys })).await?;
    tx.commit().await?;
    let head = verified(site).await?;
    let now = site.clock.now();
    let today = site.playbook.time.day(now);
    let town = |(ending, (asked, agreed)): (&Ending, (Word, Word))| Town {
        code: ending.town,
        name: ending.name.clone(),
        started: Day::from_number(ending.started_day).unwrap_or(today),
        ended: ending.ended_day.and_then(Day::from_number).unwrap_or(today),
        asked,
        agreed,
    };
    let body = Body {
        format: 1,
        program: format!("firebreak {}", env!("CARGO_PKG_VERSION")),
        towns: endings.iter().zip(words).map(town).collect(),
        ended_at: now,
        destroyed,
        kept,
        keys,
        playbook: site.playbook.named(),
        audit: head,
        demonstration: endings.iter().any(|ending| ending.demonstration),
    };
    let certificate = Certificate::sign(&body, rand::rng().random()).map_err(anyhow::Error::from)?;
    let text = certificate.text().map_err(anyhow::Error::from)?;
    let mut tx = site.db.write().await?;
    store::keep(&mut tx, &text).await?;
    note(&mut tx, site, "certificate.make", json!({ "key": certificate.key })).await?;
    tx.commit().await?;
    audit::link(site, Since::Ever).await.map_err(anyhow::Error::from)?;
    Ok(text)
}
