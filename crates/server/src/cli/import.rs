//! `firebreak import`.

use std::fs::File;
use std::io::{BufReader, Read};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use base::{Clock, Day};
use clap::{Args, Subcommand};
use serde_json::json;

use super::Data;
use super::households::{self, Households};
use super::progress::Progress;
use super::serve::{block_on, open_db};
use crate::divisions::{self, By, Plan, Sheet, Terms};

#[derive(Clone, Debug, Subcommand)]
pub enum Import {
    /// Imports divisions. Rows that do not fit are told with their line and left out.
    Divisions(Divisions),
    /// Takes a list of people into the register.
    Households(Households),
}

#[derive(Clone, Debug, Args)]
pub struct Divisions {
    /// CSV of code,name in UTF-8; also compressed as .gz or .zst.
    file: PathBuf,
    /// The first day of new divisions, such as 2021-06-01. Without it they always stood.
    #[arg(long, value_name = "DAY")]
    from: Option<Day>,
    /// Take changed names as renames from this day on; otherwise they are reported.
    #[arg(long, value_name = "DAY")]
    renames_from: Option<Day>,
    /// Import nothing when any row does not fit.
    #[arg(long)]
    all_or_nothing: bool,
    #[command(flatten)]
    data: Data,
}

pub fn run(import: Import) -> anyhow::Result<()> {
    match import {
        Import::Divisions(divisions) => block_on(import_divisions(divisions, Clock::System)),
        Import::Households(households) => households::run(&households),
    }
}

async fn import_divisions(asked: Divisions, clock: Clock) -> anyhow::Result<()> {
    let sheet = read(&asked.file)?;
    let db = open_db(&asked.data).await?;
    let terms =
        Terms { from: asked.from.unwrap_or_else(divisions::always), renames_from: asked.renames_from };
    let mut tx = db.write().await?;
    let rows = sheet.entries.len() as u64;
    let mut progress = Progress::of(rows);
    let plan = divisions::compare(&mut tx, sheet, terms, |done| progress.at("comparing", done)).await?;
    progress.end();
    for row in &plan.unfit {
        println!("{row}");
    }
    if !plan.unfit.is_empty() && asked.all_or_nothing {
        bail!(
            "{} of {} rows do not fit, so nothing was imported: put them right and try again",
            plan.unfit.len(),
            plan.rows(),
        );
    }
    let mut progress = Progress::of((plan.new.len() + plan.renamed.len()) as u64);
    divisions::write(&mut tx, &plan, terms, |done| progress.at("writing", done)).await?;
    progress.end();
    let today = asked.data.read_playbook()?.time.day(clock.now());
    record(&mut tx, &clock, today, &plan).await?;
    tx.commit().await?;
    db.close().await;
    println!("{plan}");
    Ok(())
}

/// Leaves the trace of an import that changed something.
async fn record(tx: &mut db::Tx, clock: &Clock, today: Day, plan: &Plan) -> anyhow::Result<()> {
    if plan.new.is_empty() && plan.renamed.is_empty() {
        return Ok(());
    }
    let by = By { clock, today, account: None, capacity: None, address: "" };
    let detail =
        json!({ "new": plan.new.len(), "renamed": plan.renamed.len(), "left_out": plan.unfit.len() });
    Ok(by.record(tx, "division.import", base::Division::COUNTRY, detail).await?)
}

/// Reads a file of divisions, with progress by its bytes.
pub fn read(path: &Path) -> anyhow::Result<Sheet> {
    let told = || format!("cannot read {}", path.display());
    let file = File::open(path).with_context(told)?;
    let length = file.metadata().with_context(told)?.len();
    let mut progress = Progress::of(length);
    let counted = Counted { file, done: 0, progress: &mut progress };
    let content = divisions::decompress(BufReader::with_capacity(BUFFER, counted)).with_context(told)?;
    let sheet = divisions::read(content).with_context(told)?;
    progress.end();
    Ok(sheet)
}

const BUFFER: usize = 64 * 1024;

/// A file that tells how much of it was read.
struct Counted<'a> {
    file: File,
    done: u64,
    progress: &'a mut Progress,
}

impl Read for Counted<'_> {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        let read = self.file.read(into)?;
        self.done += read as u64;
        self.progress.at("reading", self.done);
        Ok(read)
    }
}
