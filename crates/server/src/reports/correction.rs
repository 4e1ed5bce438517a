//! What has changed since a report was sealed, and so belongs in a correction.

use std::collections::{BTreeMap, BTreeSet};

use super::model::{Change, Content, Figures, Line, Note};

type Read = fn(&Figures) -> Option<i64>;

/// The figures of the day that a correction may change, in the order of the report. Sums over
/// several days follow from them.
pub const FIGURES: &[(&str, Read)] = &[
    ("returnees", |f| f.returnees.day),
    ("visitors", |f| f.visitors.day),
    ("key-due", |f| Some(f.key_due)),
    ("key-measured", |f| f.key_measured.day),
    // A zero that was sealed while nobody was listed was not known either.
    ("key-feverish", |f| f.key_feverish.day.filter(|n| *n > 0 || f.key_due > 0)),
    ("expected", |f| Some(f.expected)),
    ("done", |f| Some(f.done)),
    ("late", |f| Some(f.late)),
    ("unreachable", |f| Some(f.unreachable)),
    ("silent", |f| Some(f.silent)),
    ("fevers", |f| f.fevers),
    ("symptoms", |f| f.symptoms),
    ("needs", |f| f.needs),
];

/// What differs between a sealed report, as corrected so far, and the same day counted now.
pub fn differences(sealed: &Content, notes: &[Note], now: &Content) -> Vec<Change> {
    let corrected: BTreeMap<(&str, &str), Option<i64>> = notes
        .iter()
        .flat_map(|note| &note.changes)
        .map(|change| ((change.division.as_str(), change.figure.as_str()), change.new))
        .collect();
    let (before, after) = (by_division(sealed), by_division(now));
    let divisions: BTreeSet<&str> = before.keys().chain(after.keys()).copied().collect();
    let mut changes = Vec::new();
    for division in divisions {
        let (before, after) = (before.get(division), after.get(division));
        let Some(name) = after.or(before).map(|line| line.name.clone()) else { continue };
        for (figure, read) in FIGURES {
            let sealed = before.and_then(|line| read(&line.figures));
            let old = corrected.get(&(division, *figure)).copied().unwrap_or(sealed);
            let new = after.and_then(|line| read(&line.figures));
            if old != new {
                let (division, name, figure) = (division.to_owned(), name.clone(), (*figure).to_owned());
                changes.push(Change { division, name, figure, old, new });
            }
        }
    }
    changes
}

/// Villages whose rows changed although none of their figures did: an answer put right, one
/// household checked in another's stead.
pub fn silently_changed(sealed: &Content, now: &Content, changes: &[Change]) -> Vec<String> {
    let after = by_division(now);
    let moved = |line: &&Line| {
        let rows = after.get(line.division.as_str()).and_then(|line| line.rows.as_ref());
        let told = changes.iter().any(|change| change.division == line.division);
        rows != line.rows.as_ref() && !told
    };
    sealed.villages.iter().filter(moved).map(|line| line.name.clone()).collect()
}

fn by_division(content: &Content) -> BTreeMap<&str, &Line> {
    content.villages.iter().map(|line| (line.division.as_str(), line)).collect()
}
