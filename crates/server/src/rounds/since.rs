//! What hangs on a household or its people: whether anything was told of them.

use std::collections::{BTreeMap, BTreeSet};

use base::Day;
use db::Snapshot;

use super::store;

/// A household's day of which something was told, and the residents who were asked after.
#[derive(Clone, Debug)]
pub struct Told {
    pub household: i64,
    pub day: Day,
    pub residents: BTreeSet<i64>,
}

/// What was told of some households of a town since a day, or ever.
pub async fn told_since(
    tx: &mut Snapshot,
    town: i64,
    households: &BTreeSet<i64>,
    from: Option<Day>,
) -> db::Result<Vec<Told>> {
    let mut days = store::opened_days(tx, town).await?;
    days.retain(|day| from.is_none_or(|from| from <= *day));
    let keys = days.iter().flat_map(|day| households.iter().map(|of| (town, *of, day.number()))).collect();
    let counted = store::counted(tx, &keys).await?;
    let last: Vec<_> = counted.iter().map(|row| (town, row.last)).collect();
    let mut residents: BTreeMap<_, BTreeSet<i64>> = BTreeMap::new();
    for check in store::chains(tx, &last).await? {
        let answers = check.answers().map(|answers| answers.residents).unwrap_or_default();
        residents.entry(check.key()).or_default().extend(answers.iter().map(|answer| answer.resident));
    }
    let told = counted.iter().filter_map(|row| {
        let residents = residents.remove(&row.key()).unwrap_or_default();
        Some(Told { household: row.household, day: Day::from_number(row.day)?, residents })
    });
    Ok(told.collect())
}
