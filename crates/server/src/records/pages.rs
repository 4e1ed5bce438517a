//! The page of what is kept and what was destroyed.

use askama::Template;
use axum::extract::State;
use base::Day;

use crate::access::Action;
use crate::backup::{self, Shelf};
use crate::playbook::Record;
use crate::retention::{self, Destroyed, Due};
use crate::site::Site;
use crate::web::{Error, Html, Page, Visit, Words, grouped};

/// Destructions that are listed.
const LAST: usize = 30;

#[derive(Template)]
#[template(path = "records/overview.html")]
struct OverviewPage {
    page: Page,
    playbook: String,
    version: i32,
    next: String,
    rows: Vec<Row>,
    backups: String,
    lines: Vec<Line>,
}

/// A kind of record.
struct Row {
    name: String,
    kept: String,
    from: String,
    ground: String,
    number: String,
    oldest: String,
    due: String,
}

/// Something that was destroyed.
struct Line {
    at: String,
    what: String,
    number: String,
    rule: String,
    going: bool,
}

pub async fn overview(visit: Visit, State(site): State<Site>) -> Result<Html, Error> {
    visit.may(Action::SeeRetention)?;
    let town = visit.person.town().ok_or(Error::NotFound)?.town();
    let words = &visit.words;
    let mut tx = site.db.read().await?;
    let due = retention::due(&mut tx, &site, town).await?;
    let destroyed = retention::latest(&mut tx, &[town], LAST).await?;
    drop(tx);
    let shelf = shelf(&site).await;
    Html::of(&OverviewPage {
        playbook: site.playbook.name.of(words.language).to_owned(),
        version: site.playbook.version,
        next: words.moment(&site.playbook.time, retention::next_run(&site, visit.now)),
        rows: due.iter().map(|due| row(words, due, &shelf, &site)).collect(),
        backups: backups(words, &site, &shelf),
        lines: destroyed.iter().map(|destroyed| line(words, &site, destroyed)).collect(),
        page: visit.page,
    })
}

/// How many backups there are, and of which day the oldest is.
async fn shelf(site: &Site) -> (i64, Option<Day>) {
    let Some(plan) = site.settings.backups.clone() else { return (0, None) };
    let read = tokio::task::spawn_blocking(move || Shelf::of(&plan.folder));
    let Ok(Ok(shelf)) = read.await else { return (0, None) };
    let number = i64::try_from(shelf.backups.len()).unwrap_or(i64::MAX);
    let oldest = shelf.backups.last().map(|kept| site.playbook.time.day(kept.header.at));
    (number, oldest)
}

fn row(words: &Words, due: &Due, shelf: &(i64, Option<Day>), site: &Site) -> Row {
    let record = due.rule.record;
    let (number, oldest, on) = match (record, site.playbook.retention.days(record)) {
        (Record::Backups, Some(days)) => (shelf.0, shelf.1, shelf.1.map(|day| day.plus(days).next())),
        _ => (due.number, due.oldest, due.on),
    };
    let told = |day: Option<Day>| day.map(|day| day.to_string()).unwrap_or_default();
    Row {
        name: words.get(&record.message()),
        kept: retention::kept(words, due.rule.keep),
        from: words.get(&record.counted_from()),
        ground: due.rule.ground.of(words.language).to_owned(),
        number: grouped(number),
        oldest: told(oldest),
        due: told(on),
    }
}

/// What becomes of records that a backup still holds.
fn backups(words: &Words, site: &Site, shelf: &(i64, Option<Day>)) -> String {
    let Some(plan) = &site.settings.backups else { return say!(words, "backup-none") };
    let number = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
    let backup::Keep { daily, weekly, monthly } = plan.keep;
    let (daily, weekly, monthly) = (number(daily), number(weekly), number(monthly));
    let rotation = say!(words, "records-backups-rotate", daily = daily, weekly = weekly, monthly = monthly);
    let Some(days) = site.playbook.retention.days(Record::Backups) else { return rotation };
    let limit = say!(words, "records-backups-limit", n = days);
    let oldest = shelf.1.map(|day| {
        let gone = day.plus(days).next().to_string();
        say!(words, "records-backups-oldest", day = day.to_string(), gone = gone)
    });
    format!("{rotation}{limit}{}", oldest.unwrap_or_default())
}

fn line(words: &Words, site: &Site, destroyed: &Destroyed) -> Line {
    let record = destroyed.record();
    let name = record.map(|record| words.get(&record.message())).unwrap_or_default();
    let day = destroyed.day().map(|day| day.to_string()).unwrap_or_default();
    let what = match record {
        Some(Record::Checks | Record::Findings) => say!(words, "records-of-day", what = name, day = day),
        _ => say!(words, "records-before-day", what = name, day = day),
    };
    let kept = destroyed.keep().map(|keep| retention::kept(words, keep)).unwrap_or_default();
    Line {
        at: words.moment(&site.playbook.time, destroyed.at()),
        what,
        number: grouped(destroyed.records),
        rule: format!("{kept} ({})", destroyed.playbook),
        going: destroyed.ended_at.is_none(),
    }
}
