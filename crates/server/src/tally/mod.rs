//! Tallies: every figure is an indicator over a division and a day, changed in the transaction of
//! the fact that it counts. A fact counts in its team area and in every division above it up to the
//! town, so that each figure is one row and reading adds up nothing. Above the town there are
//! no figures.

use std::collections::{BTreeMap, BTreeSet};

use base::{Day, Division, Indicator, Level};
use db::{Rows, Snapshot, Tx, on_db};

/// Changes to tallies, gathered before they are written: sorted and summed, so that a batch
/// touches each row once and always in the same order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Deltas(BTreeMap<Key, i64>);

/// Town, day, division, indicator.
type Key = (i64, i32, i64, &'static str);

impl Deltas {
    /// Adds `change` to an indicator over a team area (or a village or town that has none) and day.
    pub fn add(&mut self, day: Day, division: Division, indicator: Indicator, change: i64) {
        let key = (division.town(), day.number(), division.number(), indicator.key);
        *self.0.entry(key).or_default() += change;
    }

    /// The sums at every level from where they were counted up to the town.
    pub fn at_every_level(&self) -> BTreeMap<Key, i64> {
        let mut sums = BTreeMap::new();
        for ((town, day, division, indicator), change) in &self.0 {
            let from = Division::from_number(*division);
            for place in from.into_iter().flat_map(up_to_town) {
                *sums.entry((*town, *day, place.number(), *indicator)).or_default() += change;
            }
        }
        sums
    }

    /// What these changes alone come to, at every level.
    pub fn figures(&self) -> Figures {
        let mut figures = Figures::default();
        for ((_, _, division, indicator), change) in self.at_every_level() {
            figures.add(division, indicator, change);
        }
        figures
    }

    /// Writes all changes; a row is made where there is none.
    pub async fn write(self, tx: &mut Tx) -> db::Result<()> {
        let all = self.at_every_level().into_iter();
        let rows: Vec<_> = all.filter(|(_, change)| *change != 0).collect();
        let sql = "INSERT INTO tally (town, level, day, division, indicator, value) {rows} \
                   ON CONFLICT (town, level, day, division, indicator) \
                   DO UPDATE SET value = tally.value + excluded.value";
        Rows::of(&rows)
            .big(|((town, ..), _)| *town)
            .text(|((_, _, division, _), _)| Division::from_number(*division).map(level_key))
            .int(|((_, day, ..), _)| *day)
            .big(|((_, _, division, _), _)| *division)
            .text(|((.., indicator), _)| *indicator)
            .big(|(_, change)| *change)
            .execute(tx, sql)
            .await
            .map(|_| ())
    }
}

/// A division and those above it, up to its town.
fn up_to_town(division: Division) -> impl Iterator<Item = Division> {
    std::iter::successors(Some(division), |below| below.parent())
        .take_while(|part| part.level() >= Level::Town)
}

/// How a division's level is stored with its figures.
fn level_key(division: Division) -> &'static str {
    match division.level() {
        Level::Group => "group",
        Level::Village => "village",
        _ => "town",
    }
}

/// The figures of one day, or of several added up, for some divisions of one town.
#[derive(Clone, Debug, Default)]
pub struct Figures(BTreeMap<i64, BTreeMap<String, i64>>);

impl Figures {
    /// The value of an indicator over a division; 0 where nothing was counted.
    pub fn get(&self, division: Division, indicator: Indicator) -> i64 {
        let of_division = self.0.get(&division.number());
        of_division.and_then(|figures| figures.get(indicator.key)).copied().unwrap_or(0)
    }

    /// The sum of these figures and others.
    pub fn plus(mut self, others: &Figures) -> Figures {
        for (division, figures) in &others.0 {
            for (indicator, value) in figures {
                self.add(*division, indicator, *value);
            }
        }
        self
    }

    /// Every division that something was counted in.
    pub fn divisions(&self) -> BTreeSet<Division> {
        self.0.keys().filter_map(|division| Division::from_number(*division)).collect()
    }

    fn add(&mut self, division: i64, indicator: &str, change: i64) {
        let figures = self.0.entry(division).or_default();
        match figures.get_mut(indicator) {
            Some(value) => *value += change,
            None => _ = figures.insert(indicator.to_owned(), change),
        }
    }
}

/// A stored figure.
type Row = (i64, String, i64);

/// The tally rows of a town's day at every level: division, indicator, value.
pub async fn rows(tx: &mut Snapshot, town: i64, day: Day) -> db::Result<Vec<Row>> {
    let sql = "SELECT division, indicator, value FROM tally \
               WHERE town = $1 AND level IN ('town', 'village', 'group') AND day = $2";
    on_db!(tx, c => sqlx::query_as(sql).bind(town).bind(day.number()).fetch_all(c).await)
}

/// All figures of a town's day at every level.
pub async fn whole_day(tx: &mut Snapshot, town: i64, day: Day) -> db::Result<Figures> {
    Ok(summed(rows(tx, town, day).await?))
}

/// All figures of a day for `root` (a town or below) and for what stands right below it.
pub async fn figures(tx: &mut Snapshot, root: Division, day: Day) -> db::Result<Figures> {
    let (range, levels) = (root.range(), levels(root));
    let sql = "SELECT division, indicator, value FROM tally \
               WHERE town = $1 AND level IN ($2, $3) AND day = $4 AND division BETWEEN $5 AND $6";
    let rows: Vec<Row> = on_db!(tx, c => sqlx::query_as(sql)
        .bind(root.town()).bind(levels[0]).bind(levels[1]).bind(day.number())
        .bind(range.low).bind(range.high).fetch_all(c).await)?;
    Ok(summed(rows))
}

/// The same over several days, both ends included; nothing where `last` is before `first`.
pub async fn figures_between(
    tx: &mut Snapshot,
    root: Division,
    first: Day,
    last: Day,
) -> db::Result<Figures> {
    let (range, levels) = (root.range(), levels(root));
    let sql = "SELECT division, indicator, CAST(SUM(value) AS BIGINT) FROM tally \
               WHERE town = $1 AND level IN ($2, $3) AND day BETWEEN $4 AND $5 \
               AND division BETWEEN $6 AND $7 GROUP BY division, indicator";
    let rows: Vec<Row> = on_db!(tx, c => sqlx::query_as(sql)
        .bind(root.town()).bind(levels[0]).bind(levels[1]).bind(first.number()).bind(last.number())
        .bind(range.low).bind(range.high).fetch_all(c).await)?;
    Ok(summed(rows))
}

/// The levels of a division and of what stands right below it.
fn levels(root: Division) -> [&'static str; 2] {
    match root.level() {
        Level::Group => ["group", "group"],
        Level::Village => ["village", "group"],
        _ => ["town", "village"],
    }
}

fn summed(rows: Vec<Row>) -> Figures {
    let mut figures = Figures::default();
    for (division, indicator, value) in rows {
        figures.add(division, &indicator, value);
    }
    figures
}
