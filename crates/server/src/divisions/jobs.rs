//! The divisions' own work: on the day of a merger, its stewards come to belong to the division
//! that took theirs in, and who had a role there has it here.

use std::time::Duration;

use serde_json::json;

use super::store;
use crate::audit;
use crate::site::Site;

/// How often the clock is looked at.
const PACE: Duration = Duration::from_secs(60);

/// Moves the stewards and roles of mergers whose day has come; answers how many moved.
pub async fn settle_mergers(site: &Site) -> db::Result<u64> {
    let today = site.playbook.time.day(site.clock.now());
    let mut tx = site.db.write().await?;
    let stewards = store::move_stewards(&mut tx, today).await?;
    let roles = store::move_roles(&mut tx, today).await?;
    let moved = stewards + roles;
    if moved > 0 {
        let (id, day) = (site.clock.new_id(), today.to_string());
        let detail = json!({ "stewards": stewards, "roles": roles });
        let entry = audit::Entry::of_program("division.settle-mergers", &day, detail);
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
            tracing::error!(%error, "a merger could not be settled; it is tried again");
        }
        tokio::time::sleep(PACE).await;
    }
}
