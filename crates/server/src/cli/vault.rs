//! `firebreak vault`.

use base::Clock;
use clap::Subcommand;

use super::Data;
use super::progress::Progress;
use super::serve::{block_on, open};
use crate::site::Settings;
use crate::vault::{self, Pace, Rotated};

#[derive(Clone, Debug, Subcommand)]
pub enum VaultCommand {
    /// Seals all identity and phone numbers anew with a new key and drops the old one, while the
    /// program serves. An interrupted rotation is taken up again.
    Rotate(Data),
}

pub fn run(VaultCommand::Rotate(data): VaultCommand) -> anyhow::Result<()> {
    block_on(async {
        let app = open(&data, Clock::System, Settings::default()).await?;
        let (mut progress, pace) = (None, Pace::default());
        eprintln!("this takes {} seconds at least; people may go on working", pace.grace.as_secs());
        let rotated = vault::rotate(&app.site, pace, |done, of| {
            progress.get_or_insert_with(|| Progress::of(of)).at("sealed anew", done);
        });
        let rotated = rotated.await;
        if let Some(progress) = progress {
            progress.end();
        }
        app.site.db.close().await;
        print(&rotated?);
        Ok(())
    })
}

fn print(rotated: &Rotated) {
    println!("{} values sealed anew with the key {}", rotated.resealed, rotated.key);
    if rotated.unread > 0 {
        println!("{} values could be opened with no key and stay as they are", rotated.unread);
    }
    if rotated.voided > 0 {
        println!(
            "{} sign-in slips of an older program open nothing any more: print them anew",
            rotated.voided
        );
    }
    let dropped = rotated.dropped.join(", ");
    match &rotated.left_in {
        Some(place) => println!("the old key ({dropped}) opens nothing any more: take it out of {place}"),
        None => println!(
            "the old key ({dropped}) was dropped; keep a copy of the new one apart from the database"
        ),
    }
}
