//! Names of places as people say them, looked up once for a whole list.

use std::collections::{BTreeMap, BTreeSet};

use base::{Day, Division, Level};
use db::Snapshot;

use crate::divisions;
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
pub struct Places(BTreeMap<(Division, Day), String>);

impl Places {
    /// Looks up the places of a list, in one question.
    pub async fn of(
        tx: &mut Snapshot,
        wanted: impl IntoIterator<Item = (Division, Day)>,
    ) -> db::Result<Places> {
        let wanted = wanted.into_iter();
        let parts: BTreeSet<(Division, Day)> =
            wanted.flat_map(|(division, day)| parts(division).map(move |part| (part, day))).collect();
        Ok(Places(divisions::names_on(tx, &parts).await?))
    }

    pub fn name(&self, division: Division, day: Day) -> String {
        let said = parts(division).filter_map(|part| Some(short_name(self.0.get(&(part, day))?)));
        said.collect::<Vec<_>>().join(" ")
    }
}

fn parts(division: Division) -> impl Iterator<Item = Division> {
    division.path().into_iter().filter(|part| part.level() >= Level::Village)
}
