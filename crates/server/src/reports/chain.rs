//! The chain of what a town has sealed. A body is canonical JSON: RFC 8785, with text, whole
//! numbers, true, false and null only, so that any program can make the same bytes and check the
//! hash. Each body holds the hash of the entry before it, so that changing, removing or
//! re-ordering one breaks all that follow. Whether the newest were cut off shows only against a
//! hash that was kept elsewhere: it stands on every printed and exported report.

use std::collections::BTreeMap;

use base::{Day, Moment};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// What an entry is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    Report,
    Correction,
}

impl Kind {
    pub fn key(self) -> &'static str {
        match self {
            Kind::Report => "report",
            Kind::Correction => "correction",
        }
    }
}

/// What every body says of its own place in the chain.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Head {
    /// The form of this body; 1 so far.
    pub format: i64,
    pub kind: Kind,
    /// Nine digits.
    pub town: i64,
    /// Place in the town's chain, from 1.
    pub sequence: i64,
    pub day: Day,
    pub number: i64,
    pub sealed_at: Moment,
    /// The hash of the entry before; null for the first.
    pub previous: Option<String>,
}

/// An entry as it is stored.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Entry {
    pub town: i64,
    pub sequence: i64,
    pub kind: String,
    pub day: i32,
    pub number: i64,
    pub body: String,
    pub hash: String,
    pub sealed_at: i64,
}

impl Entry {
    /// Makes the entry of a body.
    ///
    /// # Errors
    /// When the body holds what JSON cannot say.
    pub fn of(head: &Head, body: &impl Serialize) -> serde_json::Result<Entry> {
        let body = canonical(body)?;
        let hash = hash(&body);
        Ok(Entry {
            town: head.town,
            sequence: head.sequence,
            kind: head.kind.key().to_owned(),
            day: head.day.number(),
            number: head.number,
            body,
            hash,
            sealed_at: head.sealed_at.0,
        })
    }

    pub fn read<T: for<'de> Deserialize<'de>>(&self) -> serde_json::Result<T> {
        serde_json::from_str(&self.body)
    }

    /// Whether the columns beside the body say the same as the body.
    fn agrees_with(&self, head: &Head) -> bool {
        self.town == head.town
            && self.sequence == head.sequence
            && self.kind == head.kind.key()
            && self.day == head.day.number()
            && self.number == head.number
            && self.sealed_at == head.sealed_at.0
    }
}

/// The hash of a body: BLAKE3, 64 hex digits.
pub fn hash(body: &str) -> String {
    blake3::hash(body.as_bytes()).to_hex().to_string()
}

/// Keys in the order of their bytes, no space between.
pub fn canonical(body: &impl Serialize) -> serde_json::Result<String> {
    serde_json::to_string(&sorted(serde_json::to_value(body)?))
}

/// Sorted whatever map `serde_json` was built with.
fn sorted(value: Value) -> Value {
    match value {
        Value::Object(map) => {
            let map: BTreeMap<String, Value> =
                map.into_iter().map(|(key, value)| (key, sorted(value))).collect();
            Value::Object(Map::from_iter(map))
        }
        Value::Array(values) => values.into_iter().map(sorted).collect(),
        other => other,
    }
}

/// What is wrong at a place of the chain.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    #[error("entry {expected} is missing: entry {found} stands in its place")]
    Missing { expected: i64, found: i64 },
    #[error("entry {0} was changed: its hash does not fit its body")]
    Changed(i64),
    #[error("entry {0} does not follow the entry before it: one of the two was exchanged or put elsewhere")]
    Unlinked(i64),
    #[error("entry {0} says something else about its day, number or place than its sealed body")]
    Mislabelled(i64),
}

/// Checks a town's chain, given in order of sequence.
pub fn verify(entries: &[Entry]) -> Vec<Fault> {
    let mut faults = Vec::new();
    let mut previous: Option<&str> = None;
    for (entry, expected) in entries.iter().zip(next_after(entries)) {
        if entry.sequence != expected {
            faults.push(Fault::Missing { expected, found: entry.sequence });
        }
        if hash(&entry.body) != entry.hash {
            faults.push(Fault::Changed(entry.sequence));
        }
        match entry.read::<Head>() {
            Ok(head) => {
                if head.previous.as_deref() != previous {
                    faults.push(Fault::Unlinked(entry.sequence));
                }
                if !entry.agrees_with(&head) {
                    faults.push(Fault::Mislabelled(entry.sequence));
                }
            }
            Err(_) => faults.push(Fault::Changed(entry.sequence)),
        }
        previous = Some(&entry.hash);
    }
    faults.dedup();
    faults
}

/// The sequence that each entry should have, going by the one before it.
fn next_after(entries: &[Entry]) -> impl Iterator<Item = i64> {
    std::iter::once(1).chain(entries.iter().map(|entry| entry.sequence + 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn canonical_json_has_sorted_keys_and_no_space() {
        let body = serde_json::json!({ "b": [1, { "z": null, "a": "东\n" }], "a": true });
        assert_eq!(canonical(&body).unwrap(), r#"{"a":true,"b":[1,{"a":"东\n","z":null}]}"#);
    }

    fn chain(length: i64) -> Vec<Entry> {
        let mut entries: Vec<Entry> = Vec::new();
        for sequence in 1..=length {
            let head = Head {
                format: 1,
                kind: Kind::Report,
                town: 141_023_105,
                sequence,
                day: Day::new(2020, 2, 1).unwrap().plus(i32::try_from(sequence).unwrap()),
                number: sequence,
                sealed_at: Moment(sequence),
                previous: entries.last().map(|entry| entry.hash.clone()),
            };
            entries.push(Entry::of(&head, &head).unwrap());
        }
        entries
    }

    #[test]
    fn an_untouched_chain_has_no_fault() {
        assert_eq!(verify(&chain(4)), []);
        assert_eq!(verify(&[]), []);
    }

    #[test]
    fn what_was_changed_removed_or_put_elsewhere_is_found() {
        let mut changed = chain(4);
        changed[1].body = changed[1].body.replace("141023105", "141023106");
        assert_eq!(verify(&changed), [Fault::Changed(2), Fault::Mislabelled(2)]);

        let mut resealed = chain(4);
        resealed[1].body = resealed[1].body.replace("\"sealed_at\":2", "\"sealed_at\":9");
        resealed[1].hash = hash(&resealed[1].body);
        resealed[1].sealed_at = 9;
        assert_eq!(verify(&resealed), [Fault::Unlinked(3)]);

        let mut removed = chain(4);
        removed.remove(1);
        assert_eq!(verify(&removed), [Fault::Missing { expected: 2, found: 3 }, Fault::Unlinked(3)]);

        let mut swapped = chain(3);
        let (second, third) = (swapped[1].sequence, swapped[2].sequence);
        swapped[1].sequence = third;
        swapped[2].sequence = second;
        swapped.swap(1, 2);
        let faults = verify(&swapped);
        assert!(
            faults.contains(&Fault::Unlinked(2)) && faults.contains(&Fault::Mislabelled(3)),
            "{faults:?}"
        );

        let mut relabelled = chain(2);
        relabelled[1].day = 20_200_101;
        assert_eq!(verify(&relabelled), [Fault::Mislabelled(2)]);
    }
}
