//! What the register was. Whoever changes a household or a resident looks at it [before](stands), and
//! [tells](changed) afterwards what he did: one row for each that now differs, appended in the deed's
//! own transaction. A row keeps what stood before, as far as it changed, sealed; what came after is told
//! by the next row, or by the register itself (ADR 14).

mod kind;
mod object;
mod past;
mod store;

use std::collections::{BTreeMap, BTreeSet};

use base::{Day, Moment};
use db::{Snapshot, Tx};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::vault::Vault;
use crate::web::Visit;

pub use kind::Kind;
pub use object::{Fields, differing, number, stands_on, text};
pub use past::{Difference, Step, as_of, steps};
pub use store::{Change, of_household, of_import, since, standing};

/// A household, or a resident of it.
pub type Key = (i64, Option<i64>);

/// What told a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    Form,
    /// An import, by its number.
    Import(Uuid),
    /// A check, by its number.
    Check(Uuid),
    /// The program itself, as when a town is founded.
    Program,
}

impl Source {
    pub fn key(self) -> &'static str {
        match self {
            Source::Form => "form",
            Source::Import(_) => "import",
            Source::Check(_) => "check",
            Source::Program => "program",
        }
    }

    pub fn reference(self) -> Option<Uuid> {
        match self {
            Source::Import(id) | Source::Check(id) => Some(id),
            Source::Form | Source::Program => None,
        }
    }
}

/// Who changes the register of a town, by what, and from which day on it holds.
/// Who may have told of an event of life.
pub const TELLERS: &[&str] = &["themselves", "family", "village", "police", "clinic", "other"];

/// Who told of an event of life, and what is to be known of it besides.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Note {
    /// One of [`TELLERS`].
    pub by: String,
    pub text: String,
}

impl Note {
    /// The note of a form.
    ///
    /// # Errors
    /// The message that says what to do.
    pub fn read(by: &str, text: &str) -> Result<Note, &'static str> {
        let (by, text) = (TELLERS.iter().find(|own| **own == by), base::fold_width(text));
        if text.chars().count() > 200 {
            return Err("told-note-long");
        }
        Ok(Note { by: by.copied().unwrap_or("other").to_owned(), text })
    }
}

/// Who changes the register of a town, by what, and from which day on it holds.
#[derive(Clone, Debug)]
pub struct Deed<'a> {
    pub town: i64,
    pub day: Day,
    pub at: Moment,
    /// What it is called; told by what changed where it is none.
    pub kind: Option<Kind>,
    pub source: Source,
    pub note: Option<Note>,
    pub account: Option<i64>,
    pub roles: &'a str,
}

impl<'a> Deed<'a> {
    /// What somebody does by a form.
    pub fn by(visit: &'a Visit, town: i64, day: Day) -> Deed<'a> {
        let person = &*visit.person;
        Deed {
            account: Some(person.account),
            roles: &person.capacity.roles,
            source: Source::Form,
            ..Deed::of_program(town, day, visit.now)
        }
    }

    /// What nobody signed in does.
    pub fn of_program(town: i64, day: Day, at: Moment) -> Deed<'a> {
        Deed { town, day, at, kind: None, source: Source::Program, note: None, account: None, roles: "" }
    }
}

/// What stood of some households and residents.
#[derive(Clone, Debug, Default)]
pub struct Stood {
    town: i64,
    households: BTreeSet<i64>,
    residents: BTreeSet<i64>,
    objects: BTreeMap<Key, Fields>,
}

impl Stood {
    /// Each of them, with its numbers in full.
    pub fn objects(&self) -> &BTreeMap<Key, Fields> {
        &self.objects
    }
}

/// What is kept of a change.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
struct Kept {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    was: Option<Fields>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    note: Option<Note>,
}

/// Looks at households and residents of a town that are about to be changed. The town must be
/// [held](Tx::hold).
pub async fn stands(
    tx: &mut Snapshot,
    vault: &Vault,
    town: i64,
    households: impl IntoIterator<Item = i64>,
    residents: impl IntoIterator<Item = i64>,
) -> db::Result<Stood> {
    let (households, residents) = (households.into_iter().collect(), residents.into_iter().collect());
    let objects = store::standing(tx, vault, town, &households, &residents).await?;
    Ok(Stood { town, households, residents, objects })
}

/// Records what became of what [stood](stands) before.
pub async fn changed(tx: &mut Tx, vault: &Vault, before: Stood, deed: &Deed<'_>) -> db::Result<()> {
    changed_by(tx, vault, before, |_| deed.clone()).await
}

/// The same where not all of it is one deed.
pub async fn changed_by<'a>(
    tx: &mut Tx,
    vault: &Vault,
    before: Stood,
    deed: impl Fn(Key) -> Deed<'a>,
) -> db::Result<()> {
    let Stood { town, households, residents, objects } = before;
    let after = store::standing(tx, vault, town, &households, &residents).await?;
    let mut rows = Vec::new();
    for key in objects.keys().chain(after.keys()).collect::<BTreeSet<_>>() {
        let (was, is) = (objects.get(key), after.get(key));
        let Some(kind) = kind::told(was, is, deed(*key).day) else { continue };
        // Of what is gone nothing is kept.
        let was = was.zip(is).map(|(was, is)| differing(was, is));
        let note = deed(*key).note;
        rows.push((*key, kind, seal(vault, Kept { was, note })?));
    }
    store::append(tx, town, &rows, deed).await
}

/// Records that an import is undone that brought these: nothing of them is kept.
pub async fn gone(tx: &mut Tx, deed: &Deed<'_>, keys: &[Key]) -> db::Result<()> {
    let rows: Vec<_> = keys.iter().map(|key| (*key, Kind::Undone, None)).collect();
    store::append(tx, deed.town, &rows, |_| deed.clone()).await
}

/// Records households and residents that came to be.
pub async fn came(tx: &mut Tx, vault: &Vault, deed: &Deed<'_>, keys: &[Key]) -> db::Result<()> {
    let kept =
        |key: &Key| Ok((*key, Kind::Registered, seal(vault, Kept { was: None, note: deed.note.clone() })?));
    let rows = keys.iter().map(kept).collect::<db::Result<Vec<_>>>()?;
    store::append(tx, deed.town, &rows, |_| deed.clone()).await
}

/// Sealed, where there is anything to keep.
fn seal(vault: &Vault, kept: Kept) -> db::Result<Option<Vec<u8>>> {
    if kept.was.is_none() && kept.note.is_none() {
        return Ok(None);
    }
    let text = serde_json::to_vec(&kept).map_err(|error| db::Error::Encode(error.into()))?;
    Ok(Some(vault.seal_bytes(&text)))
}

fn open(vault: &Vault, sealed: &[u8]) -> Option<Kept> {
    serde_json::from_slice(&vault.open_bytes(sealed)?).ok()
}
