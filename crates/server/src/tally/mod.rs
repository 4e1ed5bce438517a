//! Tallies: every figure is an indicator over a division and a day, changed in the transaction of
//! the fact that it counts, and read by summing a range.

use std::collections::{BTreeMap, BTreeSet};

use base::{Day, Division, Indicator};
use db::{Snapshot, Tx, on_db};
use sqlx::QueryBuilder;

/// Changes to tallies, gathered before they are written: sorted and summed, so that a batch
/// touches each row once and always in the same order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Deltas(BTreeMap<(i64, i32, i64, &'static str), i64>);

/// Rows of one statement; five values each stay well below SQLite's limit of 32,766.
const ROWS: usize = 2_000;

impl Deltas {
    /// Adds `change` to an indicator over a team area and day.
    pub fn add(&mut self, day: Day, division: Division, indicator: Indicator, change: i64) {
        let key = (division.town(), day.number(), division.number(), indicator.key);
        *self.0.entry(key).or_default() += change;
    }

    /// The sums, by town, day, division and indicator.
    pub fn into_rows(self) -> impl Iterator<Item = ((i64, i32, i64, &'static str), i64)> {
        self.0.into_iter()
    }

    /// What these changes alone come to, for each division from `root` down.
    pub fn figures(&self, root: Division) -> Figures {
        let rows = self.0.iter().map(|((_, _, division, indicator), value)| (*division, *indicator, *value));
        Figures::sum(root, rows)
    }

    /// Writes all changes; a row is made where there is none.
    pub async fn write(self, tx: &mut Tx) -> db::Result<()> {
        let rows: Vec<_> = self.0.into_iter().filter(|(_, change)| *change != 0).collect();
        for rows in rows.chunks(ROWS) {
            on_db!(tx, c => {
                let mut sql = QueryBuilder::new("INSERT INTO tally (town, day, division, indicator, value) ");
                sql.push_values(rows, |mut row, ((town, day, division, indicator), change)| {
                    row.push_bind(*town).push_bind(*day).push_bind(*division);
                    row.push_bind(*indicator).push_bind(*change);
                });
                sql.push(
                    " ON CONFLICT (town, day, division, indicator) \
                     DO UPDATE SET value = tally.value + excluded.value",
                );
                sql.build().execute(c).await.map(|_| ())
            })?;
        }
        Ok(())
    }
}

/// The figures of one day, summed for each of some divisions of one town.
#[derive(Clone, Debug, Default)]
pub struct Figures(BTreeMap<(i64, String), i64>);

impl Figures {
    /// The value of an indicator over a division; 0 where nothing was counted.
    pub fn get(&self, division: Division, indicator: Indicator) -> i64 {
        self.0.get(&(division.number(), indicator.key.to_owned())).copied().unwrap_or(0)
    }

    /// The sum of these figures and others.
    pub fn plus(mut self, others: &Figures) -> Figures {
        for (key, value) in &others.0 {
            *self.0.entry(key.clone()).or_default() += value;
        }
        self
    }

    /// Every division that something was counted in, with its ancestors up to the root.
    pub fn divisions(&self) -> BTreeSet<Division> {
        self.0.keys().filter_map(|(division, _)| Division::from_number(*division)).collect()
    }

    /// Adds each value to its division and to all that lie above it, up to `root`.
    fn sum(root: Division, rows: impl Iterator<Item = (i64, impl Into<String>, i64)>) -> Figures {
        let mut sums = BTreeMap::new();
        for (division, indicator, value) in rows {
            let indicator = indicator.into();
            let ancestors = Division::from_number(division).map(Division::path).unwrap_or_default();
            for ancestor in ancestors.into_iter().filter(|ancestor| root.contains(*ancestor)) {
                *sums.entry((ancestor.number(), indicator.clone())).or_default() += value;
            }
        }
        Figures(sums)
    }
}

/// The tally rows of a town's day: division, indicator, value.
pub async fn rows(tx: &mut Snapshot, town: i64, day: Day) -> db::Result<Vec<(i64, String, i64)>> {
    let sql = "SELECT division, indicator, value FROM tally WHERE town = $1 AND day = $2";
    on_db!(tx, c => sqlx::query_as(sql).bind(town).bind(day.number()).fetch_all(c).await)
}

/// All figures of a day below `root` (within one town), summed by village when `root` is a town,
/// by group when it is a village; and for `root` itself.
pub async fn figures(tx: &mut Snapshot, root: Division, day: Day) -> db::Result<Figures> {
    figures_between(tx, root, day, day).await
}

/// The same over several days, both ends included; nothing where `last` is before `first`.
pub async fn figures_between(
    tx: &mut Snapshot,
    root: Division,
    first: Day,
    last: Day,
) -> db::Result<Figures> {
    let range = root.range();
    let sql = "SELECT division, indicator, CAST(SUM(value) AS BIGINT) FROM tally \
               WHERE town = $1 AND day BETWEEN $2 AND $3 AND division BETWEEN $4 AND $5 \
               GROUP BY division, indicator";
    let rows: Vec<(i64, String, i64)> = on_db!(tx, c => sqlx::query_as(sql)
        .bind(root.town()).bind(first.number()).bind(last.number()).bind(range.low).bind(range.high)
        .fetch_all(c).await)?;
    Ok(Figures::sum(root, rows.into_iter()))
}
