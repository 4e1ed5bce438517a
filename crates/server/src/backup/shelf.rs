//! The folder in which backups lie: which there are, which go.

use std::cmp::Reverse;
use std::path::{Path, PathBuf};
use std::{fs, io};

use base::Moment;

use super::file::{Header, Sealed, Unreadable};
use super::jobs::Plan;
use super::keep::Keep;
use super::key::Key;
use super::make::{ENDING, is_unfinished};

/// A backup that lies there.
#[derive(Debug)]
pub struct Kept {
    pub path: PathBuf,
    pub header: Header,
    pub bytes: u64,
}

/// What lies in a folder.
#[derive(Debug, Default)]
pub struct Shelf {
    /// Newest first.
    pub backups: Vec<Kept>,
    /// Called like a backup, and none that can be read.
    pub others: Vec<(PathBuf, Unreadable)>,
}

impl Shelf {
    /// Looks at what stands in the open; no key is needed.
    pub fn of(folder: &Path) -> io::Result<Shelf> {
        let mut shelf = Shelf::default();
        for path in files(folder)? {
            if path.extension().is_none_or(|ending| ending != ENDING) {
                continue;
            }
            match Sealed::open(&path) {
                Ok(Sealed { header, bytes, .. }) => shelf.backups.push(Kept { path, header, bytes }),
                Err(why) => shelf.others.push((path, why)),
            }
        }
        shelf.backups.sort_by_key(|kept| Reverse(kept.header.at));
        shelf.others.sort_by(|(one, _), (other, _)| one.cmp(other));
        Ok(shelf)
    }

    /// The newest that was made at a moment or before it.
    pub fn at(self, moment: Moment) -> Option<Kept> {
        self.backups.into_iter().find(|kept| kept.header.at <= moment)
    }
}

fn files(folder: &Path) -> io::Result<Vec<PathBuf>> {
    fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect()
}

/// Removes what the rule does not keep, of the backups that this key opens and that are called as the
/// program calls them: others are not ours, and one that somebody gave a name is meant to stay. Also
/// what unfinished ones were left of programs that were ended hard a day ago. To be called after one was
/// made, which is the newest and stays. Answers which went, also where another could not be removed.
pub fn rotate(folder: &Path, keep: Keep, key: &Key, now: Moment) -> (Vec<PathBuf>, io::Result<()>) {
    let mut gone = Vec::new();
    let done = remove(folder, keep, key, now, &mut gone);
    (gone, done)
}

fn remove(folder: &Path, keep: Keep, key: &Key, now: Moment, gone: &mut Vec<PathBuf>) -> io::Result<()> {
    let backups = ours(folder, key)?;
    let Some(time) = backups.first().and_then(|newest| newest.header.time()) else { return Ok(()) };
    let moments: Vec<Moment> = backups.iter().map(|kept| kept.header.at).collect();
    let kept = keep.kept(&moments, &time);
    for (Kept { path, .. }, _) in backups.into_iter().zip(kept).filter(|(_, kept)| !kept) {
        fs::remove_file(&path)?;
        gone.push(path);
    }
    for path in files(folder)?.into_iter().filter(|path| is_unfinished(path) && is_old(path, now)) {
        fs::remove_file(path)?;
    }
    Ok(())
}

/// Removes those that were made before a moment, of the same as [`rotate`] does; the newest stays. Answers
/// which went, also where another could not be removed.
pub fn remove_older(plan: &Plan, limit: Moment) -> (Vec<PathBuf>, io::Result<()>) {
    let mut gone = Vec::new();
    let done: io::Result<()> = (|| {
        if !plan.folder.exists() {
            return Ok(());
        }
        for Kept { path, .. } in
            ours(&plan.folder, &plan.key)?.into_iter().skip(1).filter(|kept| kept.header.at < limit)
        {
            fs::remove_file(&path)?;
            gone.push(path);
        }
        Ok(())
    })();
    (gone, done)
}

/// The backups of a folder that this key opens and that are called as the program calls them, newest first.
fn ours(folder: &Path, key: &Key) -> io::Result<Vec<Kept>> {
    let mut backups = Shelf::of(folder)?.backups;
    backups.retain(|kept| kept.header.key == key.id() && kept.path.ends_with(kept.header.file_name()));
    Ok(backups)
}

/// Whether nobody has written to a file for a day.
fn is_old(path: &Path, now: Moment) -> bool {
    let written = path.metadata().and_then(|about| about.modified()).ok();
    let since = written.and_then(|at| at.duration_since(std::time::UNIX_EPOCH).ok());
    since.is_some_and(|since| now.0 - i64::try_from(since.as_millis()).unwrap_or(i64::MAX) > 24 * 3_600_000)
}
