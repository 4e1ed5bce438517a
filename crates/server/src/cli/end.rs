//! `firebreak end` and `firebreak certificate verify`.

use std::path::PathBuf;

use anyhow::{Context as _, bail};
use base::Clock;
use clap::{Args, Subcommand};
use db::Db;

use super::backup::KeyFile;
use super::serve::{block_on, database_url, open};
use super::{Data, folder};
use crate::ending::{self, Certificate, Verdict};
use crate::site::{Settings, Site};

/// The certificate's name in the data folder.
const FILE: &str = "certificate.json";

#[derive(Clone, Debug, Args)]
pub struct End {
    /// The town's name: with it, all personal records are destroyed, for good. Without it, what would be
    /// destroyed is shown.
    #[arg(long, value_name = "NAME")]
    town_name: Option<String>,
    #[command(flatten)]
    key: KeyFile,
    #[command(flatten)]
    data: Data,
}

#[derive(Clone, Debug, Subcommand)]
pub enum CertificateCommand {
    /// Says whether a certificate is genuine, altered, or signed with another key.
    Verify(Verify),
}

#[derive(Clone, Debug, Args)]
pub struct Verify {
    /// The certificate.
    file: PathBuf,
    /// The key that it should be signed with, as it stands on the printed certificate. Without it, that of
    /// the certificate in the data folder's database, where there is one.
    #[arg(long, value_name = "KEY")]
    key: Option<String>,
    #[command(flatten)]
    data: Data,
}

pub fn run(options: &End) -> anyhow::Result<()> {
    block_on(async {
        // Nobody works beside it: a server that runs would go on with keys that are gone.
        let _held = folder::lock(&options.data.data)?;
        let app = open(&options.data, Clock::System, Settings::default()).await?;
        let done = match &options.town_name {
            None => show(&app.site).await,
            Some(name) => end(options, &app.site, name).await,
        };
        app.site.db.close().await;
        done
    })
}

async fn show(site: &Site) -> anyhow::Result<()> {
    let mut tx = site.db.read().await?;
    for town in ending::endings(&mut tx).await? {
        let word = |what: &str, name: Option<String>| {
            name.map_or(format!("nobody has {what}"), |name| format!("{name} has {what}"))
        };
        println!("{} {}", town.town, town.name);
        println!(
            "  {} for the end; {} to it",
            word("asked", town.asked_name),
            word("agreed", town.agreed_name)
        );
        if town.certificate.is_some() {
            println!("  it has ended; the certificate is kept");
        }
    }
    let (goes, stays) = ending::stock(&mut tx).await?;
    for (what, stock) in [("destroyed", goes), ("kept", stays)] {
        println!("{what}:");
        for (kind, number) in stock {
            println!("  {number:>10} {kind}");
        }
    }
    println!("With --town-name NAME it is done, for good. Make sure before that all reports are signed.");
    Ok(())
}

async fn end(options: &End, site: &Site, name: &str) -> anyhow::Result<()> {
    let data = &options.data.data;
    let done = ending::end(site, name, &options.key.file(data)).await?;
    let file = data.join(FILE);
    std::fs::write(&file, &done.certificate).with_context(|| format!("cannot write {}", file.display()))?;
    println!("All personal records are destroyed. The certificate: {}", file.display());
    if let Some(certificate) = Certificate::parse(&done.certificate) {
        println!("Note down its key, by which it is known to be this one: {}", certificate.key);
    }
    println!("Destroy the copies of vault.key and backup.key that were kept apart, and old backups.");
    for what in done.left {
        println!("What this program could not destroy: {what}");
    }
    Ok(())
}

pub fn verify(CertificateCommand::Verify(options): CertificateCommand) -> anyhow::Result<()> {
    block_on(async {
        let shown = options.file.display();
        let text = std::fs::read_to_string(&options.file).with_context(|| format!("cannot read {shown}"))?;
        let wanted = match options.key {
            Some(key) => Some(key),
            None => kept_key(&options.data).await,
        };
        match Certificate::verify(&text, wanted.as_deref()) {
            Verdict::Genuine(key) => {
                println!("{shown}: genuine, not a letter was changed since it was signed with {key}");
                if wanted.is_none() {
                    println!(
                        "Whether that is the town's key: compare it with the printed certificate, or name it \
                         with --key"
                    );
                }
                Ok(())
            }
            Verdict::Altered => bail!("{shown} was altered: it is not what was signed"),
            Verdict::OtherKey(key) => bail!("{shown} was signed with another key: {key}"),
            Verdict::NoCertificate => bail!("{shown} is no certificate of this program"),
        }
    })
}

/// The key of the certificate that a data folder's database keeps.
async fn kept_key(data: &Data) -> Option<String> {
    let db = Db::open_as_is(&database_url(data)).await.ok()?;
    let mut tx = db.read().await.ok()?;
    let text = ending::certificate(&mut tx).await.ok().flatten();
    drop(tx);
    db.close().await;
    Some(Certificate::parse(&text?)?.key)
}
