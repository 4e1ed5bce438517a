//! The register as it was on a day of the past, by all that is known of it now.

use std::collections::{BTreeMap, BTreeSet};

use base::Day;
use db::{Rows, Snapshot};

use super::list::ListRow;
use super::one::{HouseholdRow, ResidentRow};
use crate::history::{self, Change, Fields, Key, number, text};
use crate::vault::Vault;

/// A household and its people as they were; none of it where it was not in the register yet.
#[derive(Clone, Debug, Default)]
pub struct Then {
    facts: Option<Fields>,
    /// Those who were in the register, by their numbers.
    people: Vec<(i64, Fields)>,
}

/// What households (town, number) were on a day. They were read within scope.
pub async fn then(
    tx: &mut Snapshot,
    vault: &Vault,
    keys: &[(i64, i64)],
    day: Day,
) -> db::Result<BTreeMap<(i64, i64), Then>> {
    let sql = "WITH wanted(town_, household_) AS ({rows}) \
               SELECT town, id FROM wanted CROSS JOIN resident WHERE town = town_ AND household = household_";
    let people: Vec<(i64, i64)> = Rows::of(keys).big(|key| key.0).big(|key| key.1).fetch(tx, sql).await?;
    let mut changes: BTreeMap<(i64, Key), Vec<Change>> = BTreeMap::new();
    for change in history::since(tx, vault, keys).await? {
        changes.entry((change.town, change.key())).or_default().push(change);
    }
    let mut found: BTreeMap<(i64, i64), Then> = BTreeMap::new();
    for town in keys.iter().map(|key| key.0).collect::<BTreeSet<_>>() {
        let own =
            |all: &[(i64, i64)]| all.iter().filter(|of| of.0 == town).map(|of| of.1).collect::<Vec<_>>();
        let stood = history::stands(tx, vault, town, own(keys), own(&people)).await?;
        for (key, now) in stood.objects() {
            let changes = changes.get(&(town, *key)).map_or(&[][..], Vec::as_slice);
            let fields = history::as_of(now, changes, day);
            let gone = |of: &Fields| number(of, "gone_from").is_some_and(|gone| gone <= day.number());
            let Some(fields) = fields.filter(|of| !gone(of)) else { continue };
            let then = found.entry((town, key.0)).or_default();
            match key.1 {
                None => then.facts = Some(fields),
                Some(resident) => then.people.push((resident, fields)),
            }
        }
    }
    Ok(found)
}

impl Then {
    /// The household's row, and those of its people in the order they are listed.
    pub fn rows(&self, vault: &Vault, row: HouseholdRow) -> (HouseholdRow, Vec<ResidentRow>) {
        let mut people: Vec<_> =
            self.people.iter().map(|(id, fields)| resident(vault, *id, fields)).collect();
        people.sort_by_key(|person| (person.relation != "户主", person.id));
        let Some(facts) = &self.facts else { return (row, people) };
        let said = |field: &str| text(facts, field).unwrap_or_default();
        let row = HouseholdRow {
            house_number: said("house_number"),
            head: said("head"),
            address: said("address"),
            phone_sealed: text(facts, "phone").map(|phone| vault.seal(&phone)),
            tags: said("tags"),
            ..row
        };
        (row, people)
    }

    /// A row of the list as it was.
    pub fn put(&self, row: &mut ListRow) {
        let people = self.people.iter();
        let away = people.filter(|(_, fields)| text(fields, "presence").as_deref() == Some("away"));
        row.away = i64::try_from(away.count()).unwrap_or(i64::MAX);
        row.people = i64::try_from(self.people.len()).unwrap_or(i64::MAX);
        let Some(facts) = &self.facts else { return };
        row.house_number = text(facts, "house_number").unwrap_or_default();
        row.head = text(facts, "head").unwrap_or_default();
        row.tags = text(facts, "tags").unwrap_or_default();
    }
}

/// Sealed anew: what is kept of the past lies sealed as a whole.
fn resident(vault: &Vault, id: i64, then: &Fields) -> ResidentRow {
    let said = |field: &str| text(then, field).unwrap_or_default();
    let sealed = |field: &str| text(then, field).map(|value| vault.seal(&value));
    ResidentRow {
        id,
        name: said("name"),
        sex: text(then, "sex"),
        birth_day: number(then, "birth_day"),
        identity_sealed: sealed("identity"),
        phone_sealed: sealed("phone"),
        relation: said("relation"),
        registration: said("registration"),
        presence: said("presence"),
        presence_since: number(then, "presence_since"),
        whereabouts: said("whereabouts"),
        key_from: number(then, "key_from"),
        key_until: number(then, "key_until"),
        key_reason: text(then, "key_reason"),
        gone_from: number(then, "gone_from"),
        gone_how: text(then, "gone_how"),
    }
}
