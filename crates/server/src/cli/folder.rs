//! The data folder: who holds it, and what a command that fails takes away again.

use std::fs::{self, File, TryLockError};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};

use super::serve::database_url;
use super::{Data, PLAYBOOK};
use crate::{audit, vault};

/// Held while the program serves. It keeps much in memory that it alone changes: a second one beside it
/// would go by what is no longer so.
const LOCK: &str = ".lock";
/// The database, where no other address is given.
const DATABASE: &str = "firebreak.db";

/// The database file of a folder.
pub fn database_file(folder: &Path) -> PathBuf {
    folder.join(DATABASE)
}

/// The files of a folder's database.
pub fn database(folder: &Path) -> [PathBuf; 3] {
    ["", "-wal", "-shm"].map(|end| folder.join(format!("{DATABASE}{end}")))
}

/// Makes the folder and holds it, as long as the answer lives.
pub fn lock(folder: &Path) -> anyhow::Result<File> {
    let shown = folder.display();
    fs::create_dir_all(folder)
        .with_context(|| format!("cannot make {shown}: choose another folder with --data"))?;
    let file = folder.join(LOCK);
    let held = File::create(&file)
        .with_context(|| format!("cannot write in {shown}: choose another folder with --data"))?;
    match held.try_lock() {
        Ok(()) => Ok(held),
        Err(TryLockError::WouldBlock) => {
            bail!("another firebreak serves from {shown}: end it, or choose another folder with --data")
        }
        Err(TryLockError::Error(error)) => {
            Err(error).with_context(|| format!("cannot lock {}", file.display()))
        }
    }
}

/// A folder in which a command begins a database. What it laid there goes with it when it is dropped,
/// unless [`Begun::stays`] was called: a command that was refused can be given again.
pub struct Begun {
    folder: Option<PathBuf>,
    laid: Vec<PathBuf>,
    /// Of two commands that begin a database at once, one takes away nothing of the other's.
    _held: Option<File>,
}

impl Begun {
    /// Before anything is laid there. A database that was there already, or lies elsewhere, is not the
    /// command's to take away, nor is what it was sealed with.
    pub fn in_folder(data: &Data) -> anyhow::Result<Begun> {
        let folder = &data.data;
        let ours = database_file(folder);
        if ours.exists() || database_url(data) != format!("sqlite://{}", ours.display()) {
            return Ok(Begun { folder: None, laid: Vec::new(), _held: None });
        }
        let (is_new, lock_is_new) = (!folder.exists(), !folder.join(LOCK).exists());
        let held = lock(folder)?;
        let mut laid = database(folder).to_vec();
        laid.extend([vault::key_file(folder), folder.join(PLAYBOOK), audit::head_file(folder)]);
        laid.retain(|file| !file.exists());
        laid.extend(lock_is_new.then(|| folder.join(LOCK)));
        Ok(Begun { folder: is_new.then(|| folder.clone()), laid, _held: Some(held) })
    }

    pub fn stays(&mut self) {
        self.folder = None;
        self.laid.clear();
    }
}

impl Drop for Begun {
    fn drop(&mut self) {
        // What is not there need not go; what cannot go is told of by the next command.
        for file in &self.laid {
            let _ = fs::remove_file(file);
        }
        if let Some(folder) = &self.folder {
            let _ = fs::remove_dir(folder);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_is_held_by_one_that_serves() {
        let folder = tempfile::tempdir().unwrap();
        let held = lock(folder.path()).unwrap();
        let error = lock(folder.path()).unwrap_err().to_string();
        assert!(error.contains("another firebreak serves") && error.contains("--data"), "{error}");
        drop(held);
        assert!(lock(folder.path()).is_ok());
    }

    #[test]
    fn of_two_that_begin_a_database_one_is_refused_and_takes_nothing_away() {
        #[derive(clap::Parser)]
        struct Line {
            #[command(flatten)]
            data: Data,
        }
        let folder = tempfile::tempdir().unwrap();
        let place = folder.path().join("town");
        let data = <Line as clap::Parser>::parse_from(["", "--data", place.to_str().unwrap()]).data;
        let mut first = Begun::in_folder(&data).unwrap();
        fs::write(vault::key_file(&place), "").unwrap();
        let error = Begun::in_folder(&data).err().unwrap().to_string();
        assert!(error.contains("another firebreak"), "{error}");
        assert!(vault::key_file(&place).exists());
        fs::write(database_file(&place), "").unwrap();
        first.stays();
        drop(first);
        assert!(database_file(&place).exists());
        let empty = folder.path().join("other");
        let data = <Line as clap::Parser>::parse_from(["", "--data", empty.to_str().unwrap()]).data;
        drop(Begun::in_folder(&data).unwrap());
        assert!(!empty.exists(), "what was refused leaves nothing");
    }

    #[test]
    fn a_folder_that_cannot_be_made_says_so() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("file");
        fs::write(&file, "").unwrap();
        let error = lock(&file.join("demo")).unwrap_err().to_string();
        assert!(error.contains("cannot make") && error.contains("--data"), "{error}");
    }
}
