//! The round's own work: every town's day is open soon after midnight, so that who is silent is
//! known before the first check.

use std::time::Duration;

use crate::site::Site;
use crate::web::Changed;

/// How often the clock is looked at.
const PACE: Duration = Duration::from_secs(20);

/// Opens today's round in every town that is run, and those of days on which the program did not run:
/// nobody was checked on them, and that must be seen. Answers how many were opened. Each is a
/// transaction of its own, the latest day first: nobody's check waits for a month of many towns.
pub async fn open_today(site: &Site) -> db::Result<usize> {
    let now = site.clock.now();
    let today = site.playbook.time.day(now);
    let mut days = super::store::days_to_open(&mut site.db.read().await?, today).await?;
    days.sort_by_key(|(_, day)| std::cmp::Reverse(*day));
    for (town, day) in &days {
        let mut tx = site.db.write().await?;
        super::store::open_day(&mut tx, town.town(), *day, now).await?;
        tx.commit().await?;
        site.live.tell(Changed(vec![*town]));
    }
    Ok(days.len())
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
