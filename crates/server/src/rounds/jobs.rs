//! The round's own work: every town's day is open soon after midnight, so that who is silent is
//! known before the first check.

use std::time::Duration;

use base::{Day, Division};
use serde_json::json;

use crate::audit;
use crate::site::Site;
use crate::web::Changed;

/// How often the clock is looked at.
const PACE: Duration = Duration::from_secs(20);

/// Opens today's round in every town that is run, and those of days on which the program did not run:
/// nobody was checked on them, and that must be seen. Answers how many were opened. Each is a
/// transaction of its own, the latest day first: nobody's check waits for a month of many towns, and
/// no town for one whose day cannot be opened.
pub async fn open_today(site: &Site) -> db::Result<usize> {
    let now = site.clock.now();
    let today = site.playbook.time.day(now);
    let mut days = super::store::days_to_open(&mut site.db.read().await?, today).await?;
    days.sort_by_key(|(_, day)| std::cmp::Reverse(*day));
    let mut opened = 0;
    for (town, day) in days {
        match open(site, town, day).await {
            Ok(new) => opened += usize::from(new),
            Err(error) => {
                tracing::error!(%error, %town, %day, "a round could not be opened; it is tried again")
            }
        }
    }
    Ok(opened)
}

async fn open(site: &Site, town: Division, day: Day) -> db::Result<bool> {
    let (now, mut tx) = (site.clock.now(), site.db.write().await?);
    if !super::store::open_day(&mut tx, town.town(), day, now).await? {
        return Ok(false);
    }
    let object = format!("{}/{day}", town.town());
    let entry = audit::Entry::of_program("round.open", &object, json!({}));
    audit::record(&mut tx, site.clock.new_id(), now, entry).await?;
    tx.commit().await?;
    site.live.tell(Changed(vec![town]));
    Ok(true)
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
