//! Changes that are noted but have not begun: whoever has renamed a street from tomorrow on sees
//! that it was taken down.

use std::collections::BTreeMap;

use base::{Day, Division};
use db::Snapshot;

use super::model::OPEN;
use super::store::{self, Row};
use crate::web::{Error, Words, short_name};

/// For each of some divisions, by code: what will change and from which day on, in words.
pub(super) async fn coming(
    tx: &mut Snapshot,
    words: &Words,
    rows: &[Row],
) -> Result<BTreeMap<i64, String>, Error> {
    let mut told = BTreeMap::new();
    for row in rows.iter().filter(|row| row.until_day != OPEN) {
        let Some(on) = Day::from_number(row.until_day) else { continue };
        let day = words.day(on);
        let text = match (name_on(tx, row.division(), on).await?, successor(row)) {
            (Some(name), _) => say!(words, "division-coming-name", day = day, name = name),
            (None, Some(into)) => {
                let name = name_on(tx, into, on).await?.unwrap_or_default();
                say!(words, "division-coming-merger", day = day, name = name)
            }
            (None, None) => say!(words, "division-coming-closure", day = day),
        };
        told.insert(row.code, text);
    }
    Ok(told)
}

fn successor(row: &Row) -> Option<Division> {
    row.successor.and_then(Division::from_number)
}

async fn name_on(tx: &mut Snapshot, division: Division, on: Day) -> db::Result<Option<String>> {
    Ok(store::on_day(tx, division, on).await?.map(|row| short_name(&row.name)))
}
