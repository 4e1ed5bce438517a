//! What was done stands in the audit trail; from there it is also known how the last one went.

use std::path::{Path, PathBuf};

use base::{Clock, Moment};
use db::{Db, Snapshot};
use serde_json::{Value, json};

use super::make::{Made, NotMade};
use crate::audit::{self, Entry};

/// What entries of backups are about.
pub const OBJECT: &str = "backup";

/// Who had a backup made. One that is made by hand, elsewhere, is no reason to leave out the one of the
/// day, nor to say that all is well.
#[derive(Clone, Copy, Debug)]
pub enum By {
    Clock,
    Hand,
}

impl By {
    fn made(self) -> &'static str {
        match self {
            By::Clock => "backup.make",
            By::Hand => "backup.make-by-hand",
        }
    }

    fn failed(self) -> &'static str {
        match self {
            By::Clock => "backup.fail",
            By::Hand => "backup.fail-by-hand",
        }
    }
}

/// How it stands with backups.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Status {
    /// When the last one was made.
    pub made: Option<Moment>,
    /// When making one failed since, and the message that says why.
    pub failed: Option<(Moment, String)>,
}

/// How it stands, as the trail tells it: with those that the program makes by itself where they are
/// planned, else with any.
pub async fn status(tx: &mut Snapshot, planned: bool) -> db::Result<Status> {
    let (mut made, mut failed) = (None, None);
    for by in if planned { &[By::Clock][..] } else { &[By::Clock, By::Hand] } {
        made = audit::last(tx, OBJECT, by.made()).await?.into_iter().chain(made).max_by_key(|entry| entry.id);
        failed = audit::last(tx, OBJECT, by.failed())
            .await?
            .into_iter()
            .chain(failed)
            .max_by_key(|entry| entry.id);
    }
    let failed = failed.filter(|failed| made.as_ref().is_none_or(|made| made.id < failed.id));
    let why = |detail: &str| -> Option<String> {
        Some(serde_json::from_str::<Value>(detail).ok()?["why"].as_str()?.to_owned())
    };
    Ok(Status {
        made: made.map(|entry| Moment(entry.at)),
        failed: failed.map(|entry| (Moment(entry.at), why(&entry.detail).unwrap_or_default())),
    })
}

/// Writes down how it went.
pub async fn made(db: &Db, clock: &Clock, by: By, made: &Result<Made, NotMade>) -> db::Result<()> {
    match made {
        Ok(Made { path, bytes, rows, header }) => {
            let detail = json!({ "file": name(path), "bytes": bytes, "rows": rows, "key": header.key });
            record(db, clock, by.made(), detail).await
        }
        Err(fault) => {
            let detail = json!({ "why": fault.key(), "fault": fault.to_string() });
            record(db, clock, by.failed(), detail).await
        }
    }
}

/// Writes down which were removed.
pub async fn removed(db: &Db, clock: &Clock, gone: &[PathBuf]) -> db::Result<()> {
    if gone.is_empty() {
        return Ok(());
    }
    let files: Vec<_> = gone.iter().map(|path| name(path)).collect();
    record(db, clock, "backup.remove", json!({ "files": files })).await
}

fn name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

async fn record(db: &Db, clock: &Clock, action: &str, detail: Value) -> db::Result<()> {
    let mut tx = db.write().await?;
    audit::record(&mut tx, clock.new_id(), clock.now(), Entry::of_program(action, OBJECT, detail)).await?;
    tx.commit().await
}
