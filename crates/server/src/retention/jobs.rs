//! Destroys what is due, by the clock. Each step is a transaction of its own and may be the last before
//! the program is ended: the next run goes on from what is stored.

use std::time::Duration;

use base::{Day, Moment, TownTime};
use db::{Tx, on_db};
use serde_json::json;

use super::places::{ByDay, Limit, Rows, Way, way};
use super::store::{self, Destroyed};
use crate::audit::{self, Entry};
use crate::backup;
use crate::playbook::{Keep, Record};
use crate::site::Site;

/// When it runs, on the town's clock: before the backup of the night, which then holds no more of it.
const HOUR: (i8, i8) = (2, 30);
/// How often the clock is looked at, and what is left to others between two steps.
const PACE: Duration = Duration::from_secs(60);
const PAUSE: Duration = Duration::from_millis(20);
/// Rows of one step.
const FEW: i64 = 500;

/// When it runs next.
pub fn next_run(site: &Site, now: Moment) -> Moment {
    next(&site.playbook.time, now)
}

pub(super) fn next(time: &TownTime, now: Moment) -> Moment {
    let today = time.day(now);
    let on = |day| time.moment(day, HOUR.0, HOUR.1);
    on(today).filter(|at| now < *at).or_else(|| on(today.next())).unwrap_or(now)
}

/// Destroys all that is due today; answers what came to an end.
pub async fn destroy_due(site: &Site) -> db::Result<Vec<Destroyed>> {
    let today = site.playbook.time.day(site.clock.now());
    let towns: Vec<i64> = {
        let mut tx = site.db.read().await?;
        let sql = "SELECT town FROM operation ORDER BY town";
        on_db!(tx, c => sqlx::query_scalar(sql).fetch_all(c).await)?
    };
    let mut ended = Vec::new();
    for rule in site.playbook.retention.all() {
        let Keep::Days(days) = rule.keep else { continue };
        let run = Run { site, record: rule.record, before: today.plus(-days) };
        match way(rule.record) {
            Way::Days(by_day) => {
                for town in &towns {
                    ended.extend(run.days(&by_day, *town).await?);
                }
            }
            Way::Rows(rows) if rows.of_town => {
                for town in &towns {
                    ended.extend(run.rows(&rows, *town).await?);
                }
            }
            Way::Rows(rows) => ended.extend(run.rows(&rows, 0).await?),
            Way::Files => ended.extend(run.files().await?),
            Way::Stays => (),
        }
    }
    Ok(ended)
}

/// One kind, today.
struct Run<'a> {
    site: &'a Site,
    record: Record,
    /// The first day whose records stay.
    before: Day,
}

impl Run<'_> {
    async fn days(&self, by_day: &ByDay, town: i64) -> db::Result<Vec<Destroyed>> {
        let days: Vec<i32> = {
            let mut tx = self.site.db.read().await?;
            let before = self.before.number();
            on_db!(tx, c => sqlx::query_scalar(by_day.due).bind(town).bind(before).fetch_all(c).await)?
        };
        let mut ended = Vec::new();
        for day in days.into_iter().filter_map(Day::from_number) {
            // The figures stand still from here on, also where nothing was told on that day.
            self.step((town, day), 0).await?;
            while self.few(by_day, town, day, FEW).await? > 0 {
                tokio::time::sleep(PAUSE).await;
            }
            ended.extend(self.finish((town, day)).await?);
        }
        Ok(ended)
    }

    /// A few households of a day; how many records that were.
    async fn few(&self, by_day: &ByDay, town: i64, day: Day, few: i64) -> db::Result<i64> {
        let mut tx = self.begin(town).await?;
        let number = day.number();
        let last: Option<i64> = on_db!(tx, c => sqlx::query_scalar(by_day.few)
            .bind(town).bind(number).bind(few).fetch_one(c).await)?;
        let Some(last) = last else { return Ok(0) };
        let mut gone = 0;
        for sql in by_day.go {
            gone += on_db!(tx, c => sqlx::query(*sql)
                .bind(town).bind(number).bind(last)
                .execute(c).await.map(|done| done.rows_affected()))?;
        }
        let gone = i64::try_from(gone).unwrap_or(i64::MAX);
        store::add(&mut tx, &self.site.playbook, (town, self.record, day), gone, self.site.clock.now())
            .await?;
        tx.commit().await?;
        Ok(gone)
    }

    async fn rows(&self, rows: &Rows, town: i64) -> db::Result<Option<Destroyed>> {
        let (limit, day) = {
            let mut tx = self.site.db.read().await?;
            let limit = match rows.limit {
                Limit::Moment => self.site.playbook.time.start(self.before).0,
                Limit::Day => self.before.number().into(),
                Limit::CountedDay => {
                    let counted = store::first_counted(&mut tx, town).await?;
                    counted.map_or(self.before, |day| day.next().min(self.before)).number().into()
                }
            };
            // What a run that was ended has begun is told as one with what this one destroys.
            let begun = store::unfinished(&mut tx, town, self.record).await?;
            (limit, begun.unwrap_or(self.before))
        };
        for sql in rows.go {
            loop {
                let mut tx = self.begin(town).await?;
                let gone = on_db!(tx, c => sqlx::query(*sql)
                    .bind(town).bind(limit).bind(FEW)
                    .execute(c).await.map(|done| done.rows_affected()))?;
                if gone == 0 {
                    break;
                }
                let records = i64::try_from(gone).unwrap_or(i64::MAX);
                let now = self.site.clock.now();
                store::add(&mut tx, &self.site.playbook, (town, self.record, day), records, now).await?;
                tx.commit().await?;
                tokio::time::sleep(PAUSE).await;
            }
        }
        self.finish((town, day)).await
    }

    async fn files(&self) -> db::Result<Option<Destroyed>> {
        let Some(plan) = &self.site.settings.backups else { return Ok(None) };
        let limit = self.site.playbook.time.start(self.before);
        let (gone, removed) = backup::remove_older(plan, limit);
        if let Err(error) = removed {
            tracing::error!(%error, "backups that are too old could not be removed; it is tried again");
        }
        if gone.is_empty() {
            return Ok(None);
        }
        backup::record_removed(&self.site.db, &self.site.clock, &gone).await?;
        self.step((0, self.before), i64::try_from(gone.len()).unwrap_or(i64::MAX)).await?;
        self.finish((0, self.before)).await
    }

    /// A transaction in which nobody else moves the town's figures.
    async fn begin(&self, town: i64) -> db::Result<Tx> {
        let mut tx = self.site.db.write().await?;
        if town > 0 {
            tx.hold(&[town].into()).await?;
        }
        Ok(tx)
    }

    async fn step(&self, (town, day): (i64, Day), records: i64) -> db::Result<()> {
        let mut tx = self.begin(town).await?;
        let now = self.site.clock.now();
        store::add(&mut tx, &self.site.playbook, (town, self.record, day), records, now).await?;
        tx.commit().await
    }

    /// All of it is gone: written down, where there was any.
    async fn finish(&self, (town, day): (i64, Day)) -> db::Result<Option<Destroyed>> {
        let mut tx = self.begin(town).await?;
        let now = self.site.clock.now();
        let Some(destroyed) = store::finish(&mut tx, (town, self.record, day), now).await? else {
            return Ok(None);
        };
        let object = format!("{town}/{}/{day}", self.record.key());
        let detail = json!({
            "records": destroyed.records, "keep": destroyed.keep, "playbook": destroyed.playbook,
        });
        let entry = Entry::of_program("records.destroy", &object, detail);
        audit::record(&mut tx, self.site.clock.new_id(), now, entry).await?;
        tx.commit().await?;
        Ok(Some(destroyed))
    }
}

/// Destroys what is due for as long as the program runs: every night, and soon after its start what
/// nights on which it did not run have left.
pub async fn keep_destroying(site: Site) {
    let mut done = None;
    loop {
        tokio::time::sleep(PACE).await;
        let due = next_run(&site, site.clock.now());
        if done != Some(due) {
            match destroy_due(&site).await {
                Ok(_) => done = Some(due),
                Err(error) => tracing::error!(%error, "what is due was not destroyed; it is tried again"),
            }
        }
    }
}

/// The beginning of what a run does with a day: the figures stand still, and so many households went.
#[cfg(test)]
pub(super) async fn some_of(
    site: &Site,
    record: Record,
    town: i64,
    day: Day,
    households: i64,
) -> db::Result<()> {
    let run = Run { site, record, before: day.next() };
    let Way::Days(by_day) = way(record) else { return Ok(()) };
    run.step((town, day), 0).await?;
    run.few(&by_day, town, day, households).await.map(|_| ())
}

/// A run over one kind alone, as if it were due.
#[cfg(test)]
pub(super) async fn rows_of(site: &Site, record: Record, town: i64) -> db::Result<Option<Destroyed>> {
    let run = Run { site, record, before: site.playbook.time.day(site.clock.now()) };
    let Way::Rows(rows) = way(record) else { return Ok(None) };
    run.rows(&rows, town).await
}
