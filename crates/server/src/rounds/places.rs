//! Names of places as people say them, looked up once for a whole list.

use std::collections::BTreeMap;

use base::{Day, Division, Level};
use db::Snapshot;

use crate::divisions::{self, Names};
use crate::web::short_name;

/// The names, as people say them, of a division and of everything down to one level below it, as
/// they were on a day, in the order of their codes.
pub async fn division_names(
    tx: &mut Snapshot,
    root: Division,
    day: Day,
) -> db::Result<BTreeMap<i64, String>> {
    let below = root.level().below().unwrap_or(Level::Group);
    let names = divisions::names_below(tx, root, below, day).await?;
    Ok(names.into_iter().map(|(division, name)| (division.number(), short_name(&name))).collect())
}

/// Village and team area, as people say it: 北街村 一组.
pub async fn place_name(tx: &mut Snapshot, division: Division, day: Day) -> db::Result<String> {
    Ok(Places::of(tx, [(division, day)]).await?.name(division, day))
}

/// Villages and team areas by the names they had on some days.
pub struct Places(BTreeMap<Day, Names>);

impl Places {
    /// Looks up the places of a list: one question for each day.
    pub async fn of(
        tx: &mut Snapshot,
        wanted: impl IntoIterator<Item = (Division, Day)>,
    ) -> db::Result<Places> {
        let mut days: BTreeMap<Day, Vec<Division>> = BTreeMap::new();
        for (division, day) in wanted {
            days.entry(day).or_default().extend(parts(division));
        }
        let mut found = BTreeMap::new();
        for (day, mut divisions) in days {
            divisions.sort_unstable();
            divisions.dedup();
            found.insert(day, divisions::names(tx, &divisions, day).await?);
        }
        Ok(Places(found))
    }

    pub fn name(&self, division: Division, day: Day) -> String {
        let names = self.0.get(&day);
        let said = parts(division).filter_map(|part| Some(short_name(names?.get(&part)?)));
        said.collect::<Vec<_>>().join(" ")
    }
}

fn parts(division: Division) -> impl Iterator<Item = Division> {
    division.path().into_iter().filter(|part| part.level() >= Level::Village)
}
