//! Backups by the clock, for as long as the program runs.

use std::path::PathBuf;
use std::time::Duration;

use base::{Moment, TownTime};

use super::entries::{self, By, Status};
use super::keep::Keep;
use super::key::Key;
use super::make::{Made, Wanted, make, untold};
use super::shelf::rotate;
use crate::site::Site;

/// Where and when backups are made, and which are kept.
#[derive(Clone)]
pub struct Plan {
    pub folder: PathBuf,
    /// Hour and minute on the town's clock.
    pub at: (i8, i8),
    pub keep: Keep,
    pub key: Key,
}

impl std::fmt::Debug for Plan {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} at {:?}, {}", self.folder.display(), self.at, self.keep)
    }
}

/// How often the clock is looked at, and minutes after which one that failed is tried again.
const PACE: Duration = Duration::from_secs(30);
const AGAIN: i64 = 60;

impl Plan {
    /// Whether one is due: the hour has come, also while the program did not run, and none was made
    /// since.
    fn is_due(&self, now: Moment, status: &Status, time: &TownTime) -> bool {
        let on = |day| time.moment(day, self.at.0, self.at.1);
        let today = time.day(now);
        let hour = on(today).filter(|at| *at <= now).or_else(|| on(today.previous()));
        let made = status.made.zip(hour).is_some_and(|(made, hour)| made >= hour);
        let failed = status.failed.as_ref().is_some_and(|(at, _)| now < at.plus_minutes(AGAIN));
        !made && !failed
    }
}

/// Makes a backup where one is due; nothing where none is.
pub async fn make_due(site: &Site) -> db::Result<Option<Made>> {
    let Some(plan) = &site.settings.backups else { return Ok(None) };
    let (db, clock) = (&site.db, &site.clock);
    let status = entries::status(&mut db.read().await?, true).await?;
    if !plan.is_due(clock.now(), &status, &site.playbook.time) {
        return Ok(None);
    }
    let wanted = Wanted { key: &plan.key, to: &plan.folder, zone: &site.playbook.zone };
    let made = make(db, clock, wanted, &mut untold).await;
    // Before it is written down: where that fails, what is too old still goes.
    let rotated = made.is_ok().then(|| rotate(&plan.folder, plan.keep, &plan.key, clock.now()));
    entries::made(db, clock, By::Clock, &made).await?;
    match made {
        Ok(made) => {
            let (gone, removed) = rotated.unwrap_or((Vec::new(), Ok(())));
            entries::removed(db, clock, &gone).await?;
            if let Err(error) = removed {
                tracing::error!(%error, "old backups could not be removed");
            }
            Ok(Some(made))
        }
        Err(error) => {
            tracing::error!(%error, "no backup was made; it is tried again within the hour");
            Ok(None)
        }
    }
}

/// Makes backups for as long as the program runs.
pub async fn keep_making(site: Site) {
    while site.settings.backups.is_some() {
        // What the trail does not tell is not known to be done: it would be made again and again.
        let pause = match make_due(&site).await {
            Ok(_) => PACE,
            Err(error) => {
                tracing::error!(%error, "whether a backup was made could not be written down");
                PACE.max(Duration::from_secs(AGAIN.unsigned_abs() * 60))
            }
        };
        tokio::time::sleep(pause).await;
    }
}

#[cfg(test)]
mod tests {
    use super::super::keep::USUAL;
    use super::*;

    #[test]
    fn one_is_due_when_its_hour_has_come_and_again_an_hour_after_it_failed() {
        let time = TownTime::new("Asia/Shanghai", "16:00").unwrap();
        let plan = Plan { folder: PathBuf::new(), at: (3, 30), keep: USUAL, key: Key::new([7; 32]) };
        let at = |day: &str, hour, minute| time.moment(day.parse().unwrap(), hour, minute).unwrap();
        let due = |now, made: Option<Moment>, failed: Option<Moment>| {
            let failed = failed.map(|at| (at, String::new()));
            plan.is_due(now, &Status { made, failed }, &time)
        };
        assert!(due(at("2020-02-03", 10, 0), None, None), "never made");
        let made = Some(at("2020-02-02", 3, 31));
        assert!(!due(at("2020-02-03", 3, 29), made, None));
        assert!(due(at("2020-02-03", 3, 30), made, None));
        assert!(due(at("2020-02-05", 0, 10), made, None), "the program did not run");
        assert!(!due(at("2020-02-03", 3, 50), made, Some(at("2020-02-03", 3, 31))));
        assert!(due(at("2020-02-03", 4, 31), made, Some(at("2020-02-03", 3, 31))));
        assert!(!due(at("2020-02-03", 23, 0), Some(at("2020-02-03", 3, 30)), None));
    }
}
