//! A household or resident as fields: what is compared, kept and put back.

use base::Day;
use serde_json::{Map, Value, json};

use crate::vault::Vault;

/// What stands of a household or resident, numbers in full: by the columns it is stored in.
pub type Fields = Map<String, Value>;

/// What the checks of a day keep to be taken back: no change of the register by itself.
const BESIDE: [&str; 4] = ["told_day", "before_presence", "before_since", "before_whereabouts"];

/// The fields of `was` that `is` has otherwise; none where they differ in nothing that is told.
pub fn differing(was: &Fields, is: &Fields) -> Fields {
    let other: Fields = was
        .iter()
        .filter(|(field, value)| is.get(*field).unwrap_or(&Value::Null) != *value)
        .map(|(field, value)| (field.clone(), value.clone()))
        .collect();
    let told = other.keys().any(|field| !BESIDE.contains(&field.as_str()));
    if told { other } else { Fields::new() }
}

/// Whether a field is told to people.
pub fn is_told(field: &str) -> bool {
    !BESIDE.contains(&field)
}

/// Where a household stands on a day, and how, by its fields.
pub fn stands_on(household: &Fields, day: Day) -> Option<(i64, &str)> {
    let spans = household.get("spans")?.as_array()?;
    let day = i64::from(day.number());
    spans.iter().find_map(|span| {
        let number = |at: usize| span.get(at)?.as_i64();
        let holds = number(0)? <= day && day < number(1)?;
        holds.then_some((number(2)?, span.get(3)?.as_str()?))
    })
}

/// A household as it is stored.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(super) struct HouseholdRow {
    pub id: i64,
    house_number: String,
    head: String,
    address: String,
    phone_sealed: Option<Vec<u8>>,
    tags: String,
}

/// A span of a household: from which day to which (not included) it stood where, and how.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(super) struct SpanRow {
    pub household: i64,
    pub from_day: i32,
    until_day: i32,
    division: i64,
    occupancy: String,
}

impl HouseholdRow {
    pub fn fields(&self, vault: &Vault, spans: &[SpanRow]) -> Fields {
        let own = spans.iter().filter(|span| span.household == self.id);
        let spans: Vec<_> =
            own.map(|span| json!([span.from_day, span.until_day, span.division, span.occupancy])).collect();
        fields([
            ("house_number", json!(self.house_number)),
            ("head", json!(self.head)),
            ("address", json!(self.address)),
            ("phone", json!(vault.open_stored(self.phone_sealed.as_deref()))),
            ("tags", json!(self.tags)),
            ("spans", Value::Array(spans)),
        ])
    }
}

/// A resident as stored.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(super) struct ResidentRow {
    pub id: i64,
    pub household: i64,
    name: String,
    sex: Option<String>,
    birth_day: Option<i32>,
    identity_sealed: Option<Vec<u8>>,
    phone_sealed: Option<Vec<u8>>,
    relation: String,
    registration: String,
    presence: String,
    presence_since: Option<i32>,
    whereabouts: String,
    told_day: Option<i32>,
    before_presence: Option<String>,
    before_since: Option<i32>,
    before_whereabouts: Option<String>,
    key_from: Option<i32>,
    key_until: Option<i32>,
    key_reason: Option<String>,
    gone_from: Option<i32>,
    gone_how: Option<String>,
}

impl ResidentRow {
    pub fn fields(&self, vault: &Vault) -> Fields {
        let open = |sealed: &Option<Vec<u8>>| json!(vault.open_stored(sealed.as_deref()));
        fields([
            ("name", json!(self.name)),
            ("sex", json!(self.sex)),
            ("birth_day", json!(self.birth_day)),
            ("identity", open(&self.identity_sealed)),
            ("phone", open(&self.phone_sealed)),
            ("relation", json!(self.relation)),
            ("registration", json!(self.registration)),
            ("presence", json!(self.presence)),
            ("presence_since", json!(self.presence_since)),
            ("whereabouts", json!(self.whereabouts)),
            ("told_day", json!(self.told_day)),
            ("before_presence", json!(self.before_presence)),
            ("before_since", json!(self.before_since)),
            ("before_whereabouts", json!(self.before_whereabouts)),
            ("key_from", json!(self.key_from)),
            ("key_until", json!(self.key_until)),
            ("key_reason", json!(self.key_reason)),
            ("gone_from", json!(self.gone_from)),
            ("gone_how", json!(self.gone_how)),
        ])
    }
}

fn fields<const N: usize>(all: [(&str, Value); N]) -> Fields {
    all.into_iter().map(|(field, value)| (field.to_owned(), value)).collect()
}

/// A text of a field; none where it holds nothing.
pub fn text(fields: &Fields, field: &str) -> Option<String> {
    fields.get(field)?.as_str().map(str::to_owned)
}

/// A whole number of a field, such as a day's; none where it holds nothing.
pub fn number(fields: &Fields, field: &str) -> Option<i32> {
    fields.get(field)?.as_i64()?.try_into().ok()
}
