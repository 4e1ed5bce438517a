//! The divisions' own work: on the day of a merger, its stewards come to belong to the division
//! that took theirs in.

use std::time::Duration;

use serde_json::json;

use super::store;
use crate::audit;
use crate::site::Site;

/// How often the clock is looked at.
const PACE: Duration = Duration::from_secs(60);

/// Moves the stewards of mergers whose day has come; answers how many moved.
pub async fn settle_mergers(site: &Site) -> db::Result<u64> {
    let today = site.playbook.time.day(site.clock.now());
    let mut tx = site.db.write().await?;
    let moved = store::move_stewards(&mut tx, today).await?;
    if moved > 0 {
        let (id, day) = (site.clock.new_id(), today.to_string());
        let entry = audit::Entry::of_program("division.move-stewards", &day, json!({ "stewards": moved }));
        audit::record(&mut tx, id, site.clock.now(), entry).await?;
    }
    tx.commit().await?;
    if moved > 0 {
        site.people.forget();
    }
    Ok(moved)
}

/// Settles mergers for as long as the program runs.
pub async fn keep_settled(site: Site) {
    loop {
        if let Err(error) = settle_mergers(&site).await {
            tracing::error!(%error, "a merger's stewards could not be moved; it is tried again");
        }
        tokio::time::sleep(PACE).await;
    }
}
