//! What was destroyed, in the words of a page: in the place of the rows.

use base::{Day, TownTime};
use db::Snapshot;

use super::store::{Destroyed, last_frozen};
use crate::playbook::{Keep, Record};
use crate::web::{Words, grouped};

/// How long something is kept.
pub fn kept(words: &Words, keep: Keep) -> String {
    match keep {
        Keep::Days(days) => say!(words, "keep-days", n = days),
        Keep::UntilEnd => say!(words, "keep-until-end"),
        Keep::ForGood => say!(words, "keep-for-good"),
    }
}

/// When the records of a day went, by which rule, and how many they were.
pub fn told(words: &Words, time: &TownTime, destroyed: &Destroyed) -> String {
    let what = destroyed.record().map(|record| words.get(&record.message())).unwrap_or_default();
    let rule = destroyed.keep().map(|keep| kept(words, keep)).unwrap_or_default();
    let (at, n) = (time.day(destroyed.at()).to_string(), grouped(destroyed.records));
    if destroyed.ended_at.is_none() {
        return say!(words, "records-going", what = what, at = at, rule = rule, n = n);
    }
    say!(words, "records-gone", what = what, at = at, rule = rule, n = n)
}

/// What stands in the place of the rows of a day; nothing where they are there.
pub async fn instead(
    tx: &mut Snapshot,
    words: &Words,
    time: &TownTime,
    (town, record, day): (i64, Record, Day),
) -> db::Result<Option<String>> {
    let destroyed = super::of_day(tx, town, record, day).await?;
    Ok(destroyed.map(|destroyed| told(words, time, &destroyed)))
}

/// What a list over many days leaves out: the days up to which checks were destroyed.
pub async fn left_out(tx: &mut Snapshot, words: &Words, town: i64) -> db::Result<Option<String>> {
    let last = last_frozen(tx, town).await?;
    Ok(last.map(|day| say!(words, "records-gone-until", day = day.to_string())))
}
