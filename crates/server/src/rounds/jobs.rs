//! The round's own work: every town's day is open soon after midnight, so that who is silent is
//! known before the first check.

use std::time::Duration;

use crate::site::Site;
use crate::web::Changed;

/// How often the clock is looked at.
const PACE: Duration = Duration::from_secs(20);

/// Opens today's round in every town that is run; answers how many were opened.
pub async fn open_today(site: &Site) -> db::Result<usize> {
    let now = site.clock.now();
    let today = site.playbook.time.day(now);
    let mut tx = site.db.write().await?;
    let towns = super::store::towns_to_open(&mut tx, today).await?;
    for town in &towns {
        super::store::open_day(&mut tx, town.town(), today, now).await?;
    }
    tx.commit().await?;
    if !towns.is_empty() {
        site.live.tell(Changed(towns.clone()));
    }
    Ok(towns.len())
}

/// Keeps today open for as long as the program runs.
pub async fn keep_open(site: Site) {
    loop {
        if let Err(error) = open_today(&site).await {
            tracing::error!(%error, "today's round could not be opened; it is tried again");
        }
        tokio::time::sleep(PACE).await;
    }
}
