//! `firebreak recount`.

use anyhow::bail;
use base::Clock;

use super::Data;
use super::serve::{block_on, open};
use crate::rounds;
use crate::site::{Settings, Site};

/// Recounts every town; fails where a tally is not what the facts say.
pub fn run(data: &Data) -> anyhow::Result<()> {
    block_on(async {
        let app = open(data, Clock::System, Settings::default()).await?;
        let wrong = count(&app.site).await?;
        app.site.db.close().await;
        if wrong > 0 { bail!("{wrong} figures are not what the facts say") } else { Ok(()) }
    })
}

/// Recounts every town and prints what differs; answers how many figures do.
pub async fn count(site: &Site) -> anyhow::Result<usize> {
    let mut tx = site.db.read().await?;
    let mut wrong = 0;
    for town in rounds::towns(&mut tx).await? {
        let found = rounds::recount(&mut tx, &site.playbook, town.town()).await?;
        println!("{town}: {} days, {} checks counted", found.days, found.checks);
        if found.frozen > 0 {
            println!(
                "  {} days stand still: their records were destroyed when their time was over",
                found.frozen
            );
        }
        for d in &found.differences {
            println!("  {} {} {}: tally {}, facts {}", d.day, d.division, d.indicator, d.tally, d.facts);
        }
        if found.lost > 0 {
            println!("  {} checks belong to no household's day", found.lost);
        }
        wrong += found.differences.len() + found.lost;
    }
    Ok(wrong)
}
