//! `firebreak audit verify`.

use anyhow::bail;
use base::Clock;
use clap::Subcommand;

use super::Data;
use super::progress::Progress;
use super::serve::{block_on, open};
use crate::audit;
use crate::site::Settings;

#[derive(Clone, Debug, Subcommand)]
pub enum Audit {
    /// Goes through the whole audit trail and names the first entry that was changed, removed,
    /// inserted, put elsewhere or cut off.
    Verify(Data),
}

/// Verifies the trail; fails where it is not as it was written.
pub fn run(Audit::Verify(data): Audit) -> anyhow::Result<()> {
    block_on(async {
        let app = open(&data, Clock::System, Settings::default()).await?;
        let mut progress = None;
        let checked = audit::verify(&app.site, |done, of| {
            let of = u64::try_from(of).unwrap_or_default();
            let progress = progress.get_or_insert_with(|| Progress::of(of));
            progress.at("verified", u64::try_from(done).unwrap_or_default());
        });
        let checked = checked.await?;
        if let Some(progress) = progress {
            progress.end();
        }
        app.site.db.close().await;
        match checked.head {
            Some(head) => println!("{} entries linked, newest hash {}", head.n, hex::encode(head.hash)),
            None => println!("no entry is linked yet"),
        }
        println!("{} entries wait to be linked", checked.waiting);
        match checked.fault {
            Some(fault) => bail!("the audit trail is not as it was written: {fault}"),
            None => Ok(()),
        }
    })
}
