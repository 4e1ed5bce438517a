//! `firebreak backup`.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use base::{Clock, Moment};
use clap::{Args, Subcommand};

use super::Data;
use super::progress::Progress;
use super::serve::{asked_to_end, block_on, database_url};
use crate::backup::{self, Header, KEY_FILE, KEY_VARIABLE, Keep, Kept, Key, NoKey, Shelf};

/// The folder of backups in the data folder, where no other is named.
const FOLDER: &str = "backups";

#[derive(Clone, Debug, Args)]
pub struct Backup {
    #[command(subcommand)]
    command: Option<Command>,
    /// Folder the backup is made in, or file whose name ends in .backup. Without it, backups in the data
    /// folder.
    #[arg(long = "backup-to", visible_alias = "to", env = "FIREBREAK_BACKUP_TO", value_name = "DIR|FILE")]
    to: Option<PathBuf>,
    /// Which backups of the folder are kept, such as '7 daily, 4 weekly, 12 monthly'. Without it, none is
    /// removed.
    #[arg(long = "backup-keep", visible_alias = "keep", env = "FIREBREAK_BACKUP_KEEP", value_name = "RULE")]
    keep: Option<Keep>,
    #[command(flatten)]
    key: KeyFile,
    #[command(flatten)]
    data: Data,
}

#[derive(Clone, Debug, Subcommand)]
enum Command {
    /// Lists the backups of a folder, newest first.
    List {
        /// The folder. Without it, where backups are made.
        #[arg(long, value_name = "DIR")]
        from: Option<PathBuf>,
    },
}

/// Where the key of backups lies.
#[derive(Clone, Debug, Args)]
pub struct KeyFile {
    /// File of the backups' key, made at first use. Without it, backup.key in the data folder; the key
    /// itself may stand in the variable FIREBREAK_BACKUP_KEY, and no file is needed.
    #[arg(long, env = "FIREBREAK_BACKUP_KEY_FILE", value_name = "FILE")]
    backup_key_file: Option<PathBuf>,
}

impl KeyFile {
    pub fn file(&self, data: &Path) -> PathBuf {
        self.backup_key_file.clone().unwrap_or_else(|| data.join(KEY_FILE))
    }

    /// The key there is.
    pub fn find(&self, data: &Path) -> Result<Key, NoKey> {
        match std::env::var(KEY_VARIABLE) {
            Ok(text) => Key::parse(&text, KEY_VARIABLE),
            Err(_) => Key::read(&self.file(data)),
        }
    }

    /// The key there is, or a new one where no backups of another lie.
    pub fn find_or_make(&self, data: &Path, to: &Path) -> Result<Key, NoKey> {
        match self.find(data) {
            Err(NoKey::Missing(file)) => {
                if let Some(kept) = Shelf::of(to).ok().and_then(|shelf| shelf.backups.into_iter().next()) {
                    return Err(NoKey::Lost { file, backup: kept.path, key: kept.header.key });
                }
                let key = Key::make(&file)?;
                eprintln!(
                    "made {}: keep a copy of it apart from this machine, together with the vault's key: \
                     without both, no backup can be used",
                    file.display()
                );
                Ok(key)
            }
            found => found,
        }
    }
}

pub fn run(options: &Backup) -> anyhow::Result<()> {
    let to = options.to.clone().unwrap_or_else(|| options.data.data.join(FOLDER));
    match &options.command {
        Some(Command::List { from }) => list(from.as_deref().unwrap_or(&to), options),
        None => block_on(make(options, &to)),
    }
}

async fn make(options: &Backup, to: &Path) -> anyhow::Result<()> {
    let (db, clock) = (db::Db::open_as_is(&database_url(&options.data)).await?, Clock::System);
    let key = options.key.find_or_make(&options.data.data, to)?;
    // A playbook that cannot be read is no reason to have no backup.
    let zone = options.data.read_playbook().map_or_else(|_| "UTC".to_owned(), |playbook| playbook.zone);
    let wanted = backup::Wanted { key: &key, to, zone: &zone };
    let mut progress = progress();
    let made = tokio::select! {
        made = backup::make(&db, &clock, wanted, &mut progress) => made,
        // What was written of it is removed.
        () = asked_to_end() => bail!("it was stopped: no backup was made"),
    };
    drop(progress);
    // The trail of an older version's database is written to when it has been brought up to date.
    if db.read().await?.version().await? == Some(db::latest_version()) {
        let written = backup::record_made(&db, &clock, backup::By::Hand, &made).await;
        // What went wrong first is told first.
        let made = made.as_ref().map_err(|fault| anyhow::anyhow!("no backup was made: {fault}"))?;
        written.with_context(|| format!("{} was made, but not written down", made.path.display()))?;
    }
    let made = made.context("no backup was made")?;
    if let Some(keep) = options.keep.filter(|_| to.is_dir()) {
        let (gone, removed) = backup::rotate(to, keep, &key, clock.now());
        backup::record_removed(&db, &clock, &gone).await?;
        gone.iter().for_each(|path| println!("removed {}", path.display()));
        removed.context("the backup was made, but old ones cannot be removed")?;
    }
    db.close().await;
    println!("{}: {} rows, {} bytes, key {}", made.path.display(), made.rows, made.bytes, made.header.key);
    Ok(())
}

fn list(folder: &Path, options: &Backup) -> anyhow::Result<()> {
    let shelf = Shelf::of(folder).with_context(|| format!("cannot read {}", folder.display()))?;
    let key = options.key.find(&options.data.data).ok().map(|key| key.id());
    for Kept { path, header, bytes } in &shelf.backups {
        let towns: Vec<&str> = header.towns.iter().map(|town| town.name.as_str()).collect();
        let (path, at, towns) = (path.display(), told(header, header.at), towns.join(" "));
        let opens = if key.as_ref() == Some(&header.key) { "" } else { ", another key than the one here" };
        println!(
            "{path}\t{at}\t{bytes} bytes\t{towns}\tversion {}\tkey {}{opens}",
            header.schema, header.key
        );
    }
    for (path, why) in &shelf.others {
        println!("{}\tcannot be used: {why}", path.display());
    }
    if shelf.backups.is_empty() {
        bail!("{} holds no backup: name another folder with --from", folder.display());
    }
    Ok(())
}

/// A moment on the clock of the town.
pub fn told(header: &Header, at: Moment) -> String {
    match header.time() {
        Some(time) => {
            let (hour, minute) = time.hour_minute(at);
            format!("{} {hour:02}:{minute:02}", time.day(at))
        }
        None => at.0.to_string(),
    }
}

/// Shows how far the work is, step after step.
pub fn progress() -> impl FnMut(&str, u64, u64) + Send {
    let mut shown: Option<(String, Progress)> = None;
    move |what, done, of| {
        if shown.as_ref().is_none_or(|(step, _)| step != what) {
            if let Some((_, ended)) = shown.take() {
                ended.end();
            }
            shown = Some((what.to_owned(), Progress::of(of)));
        }
        if let Some((_, progress)) = &mut shown {
            progress.at(what, done);
        }
    }
}
