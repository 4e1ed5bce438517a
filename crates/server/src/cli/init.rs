//! `firebreak init`.

use std::path::{Path, PathBuf};

use anyhow::Context as _;
use base::{Clock, Division};
use clap::Args;

use super::folder::Begun;
use super::serve::{block_on, open_db};
use super::{Data, import};
use crate::divisions;
use crate::towns::{Founded, Founding, Refused, Seat, found};

#[derive(Clone, Debug, Args)]
pub struct Init {
    /// Statistical code of the town, 9 digits, such as 141023105.
    #[arg(long, value_name = "CODE")]
    town: String,
    /// What the town is called, where it is not by its name among the divisions.
    #[arg(long)]
    name: Option<String>,
    /// CSV of code,name with the town, what is above it and its villages; also .gz or .zst.
    #[arg(long, value_name = "FILE")]
    divisions: Option<PathBuf>,
    /// Login of the administrator.
    #[arg(long, value_name = "LOGIN", default_value = "admin")]
    administrator: String,
    /// Name of the administrator.
    #[arg(long, value_name = "NAME", default_value = "系统管理员")]
    administrator_name: String,
    /// Login of the headquarters.
    #[arg(long, value_name = "LOGIN", default_value = "zhihuibu")]
    headquarters: String,
    /// Name of whoever signs in for the headquarters.
    #[arg(long, value_name = "NAME", default_value = "指挥部")]
    headquarters_name: String,
    #[command(flatten)]
    data: Data,
}

pub fn run(init: Init) -> anyhow::Result<()> {
    let mut begun = Begun::in_folder(&init.data)?;
    let founded = block_on(start(&init, Clock::System))?;
    begun.stays();
    print(&founded, &init.data.data);
    Ok(())
}

async fn start(init: &Init, clock: Clock) -> anyhow::Result<Founded> {
    let town = Division::from_code(init.town.trim()).ok_or_else(|| Refused::NoTown(init.town.clone()))?;
    let sheet = match &init.divisions {
        Some(file) => Some(import::read(file)?),
        None => built_in(town)?,
    };
    let db = open_db(&init.data).await?;
    let vault = init.data.unlock(&db).await?;
    let playbook = init.data.read_playbook()?;
    init.data.keep_playbook(&playbook)?;
    let founding = Founding {
        town,
        sheet,
        name: init.name.clone(),
        administrator: Seat { login: &init.administrator, name: &init.administrator_name },
        headquarters: Seat { login: &init.headquarters, name: &init.headquarters_name },
    };
    let founded = found(&db, &clock, &vault, &playbook, founding).await;
    db.close().await;
    Ok(founded?)
}

/// The divisions that come with the program, where the town is among them.
fn built_in(town: Division) -> anyhow::Result<Option<divisions::Sheet>> {
    let sheet =
        divisions::read(sim::XIANGLING.as_bytes()).context("the divisions that come with the program")?;
    Ok(sheet.entries.iter().any(|entry| entry.division == town).then_some(sheet))
}

fn print(founded: &Founded, folder: &Path) {
    for row in &founded.left_out {
        println!("left out: {row}");
    }
    println!("{}: {} villages; the day closes at {}.", founded.name, founded.villages, founded.cut_off);
    println!("One-time sign-in codes; each opens once, within 14 days, at /slip:");
    for ((login, code), what) in founded.slips.iter().zip(["administrator", "headquarters"]) {
        println!("  {what:<14} {login:<16} {code}");
    }
    let folder = folder.display();
    println!(
        "Next: firebreak serve --data {folder}, then sign in as headquarters: the first steps lead on from there."
    );
}
