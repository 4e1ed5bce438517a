//! `firebreak restore`.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use base::{Clock, Day, Moment};
use clap::Args;
use db::Db;

use super::backup::{KeyFile, progress, told};
use super::folder::Begun;
use super::serve::{block_on, database_url, put_together};
use super::{Data, recount};
use crate::app::App;
use crate::audit;
use crate::backup::{self, Sealed, Shelf};
use crate::playbook::{self, Playbook};
use crate::site::Settings;

#[derive(Clone, Debug, Args)]
pub struct Restore {
    /// A backup, or a folder of backups, whose newest is taken.
    from: PathBuf,
    /// Of a folder, the newest backup that is not later: 2020-02-03 or '2020-02-03 12:00', on the town's
    /// clock.
    #[arg(long, value_name = "MOMENT", value_parser = moment)]
    at: Option<At>,
    #[command(flatten)]
    key: KeyFile,
    #[command(flatten)]
    data: Data,
}

/// A day, or an hour of it.
#[derive(Clone, Copy, Debug)]
struct At {
    day: Day,
    hour: Option<(i8, i8)>,
}

fn moment(text: &str) -> Result<At, &'static str> {
    const LIKE: &str = "write a day like 2020-02-03, or day and hour like '2020-02-03 12:00'";
    let (day, hour) = match text.trim().split_once([' ', 'T']) {
        Some((day, hour)) => (day, Some(super::hour(hour).map_err(|_| LIKE)?)),
        None => (text, None),
    };
    Ok(At { day: day.parse().map_err(|_| LIKE)?, hour })
}

pub fn run(options: &Restore) -> anyhow::Result<()> {
    let path = choose(options)?;
    let shown = path.display().to_string();
    block_on(async {
        let mut begun = Begun::in_folder(&options.data)?;
        let (db, given) = restore(options, &path).await.with_context(|| format!("cannot restore {shown}"))?;
        begun.stays();
        start(&options.data, db, given).await.context("it was restored, but cannot be started")
    })
}

/// The backup that is meant.
fn choose(options: &Restore) -> anyhow::Result<PathBuf> {
    let from = &options.from;
    if !from.is_dir() {
        if options.at.is_some() {
            bail!("--at chooses among the backups of a folder, and {} is none", from.display());
        }
        return Ok(from.clone());
    }
    let shelf = Shelf::of(from).with_context(|| format!("cannot read {}", from.display()))?;
    for (path, why) in &shelf.others {
        eprintln!("passed over {}: {why}", path.display());
    }
    let until =
        shelf.backups.first().map(|newest| until(&newest.header, options.at)).unwrap_or(Moment(i64::MAX));
    match shelf.at(until) {
        Some(kept) => Ok(kept.path),
        None => bail!("{} holds no backup of that time or before: see firebreak backup list", from.display()),
    }
}

/// The last moment that is meant; of a day its end.
fn until(header: &backup::Header, at: Option<At>) -> Moment {
    let Some((At { day, hour }, time)) = at.zip(header.time()) else { return Moment(i64::MAX) };
    let hour = hour.and_then(|(hour, minute)| time.moment(day, hour, minute));
    hour.unwrap_or_else(|| Moment(time.start(day.next()).0 - 1))
}

/// The restored database, and the playbook that was given for it.
async fn restore(options: &Restore, path: &Path) -> anyhow::Result<(Db, Playbook)> {
    let data = &options.data;
    let sealed = Sealed::open(path)?;
    let key = options.key.find(&data.data)?;
    sealed.check(&key)?;
    std::fs::create_dir_all(&data.data).with_context(|| format!("cannot make {}", data.data.display()))?;
    let keys = data.keys()?;
    // Read before anything is written.
    let given = data.read_playbook()?;
    let db = Db::connect(&database_url(data)).await?;
    let before = audit::head_told(&audit::head_file(&data.data));
    let mut progress = progress();
    let restored = backup::restore(&db, &Clock::System, keys, (sealed, &key), before, &mut progress).await?;
    drop(progress);
    let header = &restored.header;
    println!("restored: the state of {}, {} rows", told(header, header.at), restored.rows);
    println!(
        "What was changed since is as it was: who has left, whose sign-ins were ended, which slips were used."
    );
    Ok((db, given))
}

/// Puts the program together on what was restored, and checks it.
async fn start(data: &Data, db: Db, given: Playbook) -> anyhow::Result<()> {
    let playbook = playbook(data, given, &db).await?;
    let vault = data.unlock(&db).await?;
    check(&put_together(data, db, Clock::System, (playbook, vault), Settings::default()).await?).await
}

/// The playbook by which the restored town goes. A town's own lies in its data folder: where that is
/// gone too, the database has it.
async fn playbook(data: &Data, given: Playbook, db: &Db) -> anyhow::Result<Playbook> {
    let mut tx = db.read().await?;
    let Some(text) = playbook::last_text(&mut tx).await? else { return Ok(given) };
    let kept = Playbook::parse(&text).context("the playbook of the backup cannot be read by this program")?;
    if given.text != text && (given.key != kept.key || given.version <= kept.version) {
        println!("playbook.toml: version {} of '{}', as it was in use", kept.version, kept.key);
        data.lay_playbook(&kept)?;
    }
    Ok(playbook::in_use(&mut tx, kept).await?)
}

/// The audit trail goes on from what was restored; then it is verified, and every figure counted anew.
async fn check(app: &App) -> anyhow::Result<()> {
    let site = &app.site;
    audit::begin_head_anew(site).await?;
    audit::link(site, audit::Since::Ever).await?;
    let checked = audit::verify(site, |_, _| ()).await?;
    let wrong = recount::count(site).await?;
    site.db.close().await;
    match checked.fault {
        Some(fault) => {
            bail!("it was restored as it was, but the audit trail is not as it was written: {fault}")
        }
        None => println!("audit trail: verified, {} entries linked", checked.head.map_or(0, |head| head.n)),
    }
    if wrong > 0 {
        bail!("it was restored as it was, but {wrong} figures are not what the facts say");
    }
    println!("figures: all are what the facts say");
    Ok(())
}
