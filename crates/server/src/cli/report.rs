//! `firebreak report` and `firebreak report verify`.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use base::{Clock, Day, Division, Moment};
use clap::{Args, Subcommand};
use db::Snapshot;
use serde_json::json;

use super::{Data, serve};
use crate::audit;
use crate::reports::{self, Operation, Place, Report};
use crate::site::{Settings, Site};
use crate::web::{Language, Words};

/// Which report, and where it goes.
#[derive(Clone, Debug, Args)]
pub struct ReportArgs {
    #[command(subcommand)]
    command: Option<ReportCommand>,
    /// Day, such as 2020-02-03; without it, today.
    #[arg(long)]
    day: Option<Day>,
    /// Nine-digit code of the town, where there are several.
    #[arg(long)]
    town: Option<String>,
    /// File ending in .xlsx, or a folder for one; ending in .json for the sealed body, whose BLAKE3
    /// is the report's hash. Without it, plain lines on the terminal.
    #[arg(long)]
    out: Option<PathBuf>,
    #[command(flatten)]
    data: Data,
}

#[derive(Clone, Debug, Subcommand)]
enum ReportCommand {
    /// Checks that no sealed report was changed, removed or re-ordered.
    Verify(Verify),
}

#[derive(Clone, Debug, Args)]
struct Verify {
    /// A hash from a printed or exported report that must be in the chain: with the newest one,
    /// it shows whether the end was cut off.
    #[arg(long)]
    holds: Option<String>,
}

pub fn run(args: &ReportArgs) -> anyhow::Result<()> {
    serve::block_on(async {
        let app = serve::open(&args.data, Clock::System, Settings::default()).await?;
        match &args.command {
            None => report(&app.site, args).await?,
            Some(ReportCommand::Verify(wanted)) => verify(&app.site, wanted.holds.as_deref()).await?,
        }
        app.site.db.close().await;
        Ok(())
    })
}

async fn report(site: &Site, wanted: &ReportArgs) -> anyhow::Result<()> {
    let now = site.clock.now();
    let today = site.playbook.time.day(now);
    let day = wanted.day.unwrap_or(today);
    let mut tx = site.db.write().await?;
    let operation = operation(&mut tx, wanted.town.as_deref()).await?;
    let (code, name) = (operation.town.to_string(), operation.name.clone());
    let found = Place::find(&mut tx, &code, &day.to_string(), today).await?;
    let place = found.with_context(|| {
        let began = Day::from_number(operation.started_day).map_or_else(String::new, |day| day.to_string());
        format!("no report of {day}: {name} began on {began}, and today is {today}")
    })?;
    let report = place.report(&mut tx, &site.playbook, now).await?.context("the town's code is damaged")?;
    let object = format!("{code}/{day}");
    let entry = audit::Entry {
        address: "command line",
        ..audit::Entry::of_program("report.export", &object, json!({}))
    };
    audit::record(&mut tx, site.clock.new_id(), now, entry).await?;
    tx.commit().await?;
    let words = site.languages.of(Language::default());
    match &wanted.out {
        Some(out) => write(site, &words, &report, now, out),
        None => {
            reports::lines(&words, &site.playbook, &report).iter().for_each(|line| println!("{line}"));
            Ok(())
        }
    }
}

/// The town asked for, or the only one.
async fn operation(tx: &mut Snapshot, town: Option<&str>) -> anyhow::Result<Operation> {
    let operations = reports::operations(tx).await?;
    let codes: Vec<String> = operations.iter().map(|operation| operation.town.to_string()).collect();
    let mut chosen = operations.into_iter().filter(|o| town.is_none_or(|town| o.town.to_string() == town));
    match (chosen.next(), chosen.next()) {
        (Some(operation), None) => Ok(operation),
        (None, _) if codes.is_empty() => bail!("there is no town here yet: make one with firebreak init"),
        _ => bail!("choose a town with --town: {}", codes.join(", ")),
    }
}

fn write(site: &Site, words: &Words, report: &Report, now: Moment, out: &Path) -> anyhow::Result<()> {
    let ends_in = |end: &str| out.extension().is_some_and(|own| own.eq_ignore_ascii_case(end));
    let workbook = || reports::write_xlsx(words, &site.playbook, report, now, None);
    let (file, bytes) = if out.is_dir() {
        (out.join(reports::file_name(words, report)), workbook()?)
    } else if ends_in("xlsx") {
        (out.to_owned(), workbook()?)
    } else if ends_in("json") {
        let body = report.body.as_ref().context("only a sealed report has a body: sign it first")?;
        (out.to_owned(), body.clone().into_bytes())
    } else {
        bail!("{} is no folder and ends neither in .xlsx nor in .json", out.display())
    };
    std::fs::write(&file, bytes).with_context(|| format!("cannot write {}", file.display()))?;
    println!("{}", file.display());
    Ok(())
}

async fn verify(site: &Site, holds: Option<&str>) -> anyhow::Result<()> {
    let mut tx = site.db.read().await?;
    let (mut faults, mut held) = (0, false);
    for operation in reports::operations(&mut tx).await? {
        let Some(town) = Division::of_town(operation.town) else { continue };
        let chain = reports::chain(&mut tx, town).await?;
        for fault in reports::verify(&chain) {
            faults += 1;
            println!("{}: {fault}", operation.name);
        }
        held |= chain.iter().any(|entry| Some(entry.hash.as_str()) == holds);
        let newest = chain.last().map_or("none", |entry| entry.hash.as_str());
        println!("{}: {} entries, newest hash {newest}", operation.name, chain.len());
    }
    if faults > 0 {
        bail!("the sealed reports are not as they were sealed: compare them with the printed copies");
    }
    if let Some(hash) = holds.filter(|_| !held) {
        bail!("no sealed report has the hash {hash}: it was mistyped, or the end of the chain is gone");
    }
    Ok(())
}
