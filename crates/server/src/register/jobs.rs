//! The register's own work: a list that was uploaded and never confirmed is destroyed in time,
//! whether or not anybody uploads another.

use std::time::Duration;

use serde_json::json;

use super::store::upload;
use crate::audit;
use crate::site::Site;

/// How often the clock is looked at.
const PACE: Duration = Duration::from_secs(600);

/// Destroys the uploads that have expired; answers how many.
pub async fn destroy_expired(site: &Site) -> db::Result<u64> {
    let (mut tx, now) = (site.db.write().await?, site.clock.now());
    let destroyed = upload::destroy_expired(&mut tx, now).await?;
    if destroyed > 0 {
        let detail = json!({ "uploads": destroyed });
        let entry = audit::Entry::of_program("households.destroy-uploads", "", detail);
        audit::record(&mut tx, site.clock.new_id(), now, entry).await?;
    }
    tx.commit().await?;
    Ok(destroyed)
}

/// Destroys what expires for as long as the program runs.
pub async fn keep_clean(site: Site) {
    loop {
        if let Err(error) = destroy_expired(&site).await {
            tracing::error!(%error, "expired lists could not be destroyed; it is tried again");
        }
        tokio::time::sleep(PACE).await;
    }
}
