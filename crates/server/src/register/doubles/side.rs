//! Two people next to each other, and what differs. Numbers are masked here.

use base::{Day, Identity, Sex};

use super::super::store::known::{KnownHousehold, KnownResident};
use crate::vault::{Vault, masked_phone};

/// What is said of somebody, in a list or in the register, numbers in full.
#[derive(Default)]
pub struct Side {
    pub name: String,
    pub sex: Option<Sex>,
    pub birth: Option<Day>,
    pub identity: Option<Identity>,
    pub phone: Option<String>,
    pub relation: String,
    pub place: String,
    pub house: String,
    pub lodging: Option<bool>,
    pub away: Option<bool>,
}

impl Side {
    /// A resident of a household of the register, which stands in a place that is called so.
    pub fn of(known: &KnownResident, home: &KnownHousehold, place: String, vault: &Vault) -> Side {
        let identity = vault.open_stored(known.identity_sealed.as_deref());
        Side {
            name: known.name.clone(),
            sex: known.sex(),
            birth: known.birth(),
            identity: identity.and_then(|number| Some(Identity::parse(&number).ok()?.0)),
            phone: vault.open_stored(known.phone_sealed.as_deref()),
            relation: known.relation.clone(),
            place,
            house: home.house_number.clone(),
            lodging: Some(known.registration == "lodging"),
            away: Some(known.presence == "away"),
        }
    }
}

/// What one of two says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Said {
    Nothing,
    Text(String),
    /// The key of a message.
    Word(&'static str),
}

/// One line of two people next to each other: the key of its label, and what either says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fact {
    pub label: &'static str,
    pub said: [Said; 2],
    /// Both say something, and not the same.
    pub differs: bool,
}

/// Everything that either says.
pub fn facts(one: &Side, other: &Side) -> Vec<Fact> {
    let text = |text: &String| (!text.is_empty()).then(|| text.clone());
    let sex = |side: &Side| side.sex.map(|sex| if sex == Sex::Male { "sex-male" } else { "sex-female" });
    let lodging = |side: &Side| {
        side.lodging.map(|is| if is { "registration-lodging" } else { "registration-registered" })
    };
    let away = |side: &Side| side.away.map(|is| if is { "presence-away" } else { "presence-present" });
    let word = |word: fn(&Side) -> Option<&'static str>| [one, other].map(word);
    let all = [
        fact("resident-name", [one, other].map(|side| text(&side.name)), Said::Text),
        fact("resident-sex", word(sex), Said::Word),
        fact("resident-birth", [one.birth, other.birth], |day: Day| Said::Text(day.to_string())),
        fact("resident-identity", [one.identity.clone(), other.identity.clone()], |number: Identity| {
            Said::Text(number.masked())
        }),
        fact("resident-phone", [one.phone.clone(), other.phone.clone()], |number: String| {
            Said::Text(masked_phone(&number))
        }),
        fact("resident-relation", [one, other].map(|side| text(&side.relation)), Said::Text),
        fact("household-place", [one, other].map(|side| text(&side.place)), Said::Text),
        fact("household-house", [one, other].map(|side| text(&side.house)), Said::Text),
        fact("resident-registration", word(lodging), Said::Word),
        fact("resident-presence", word(away), Said::Word),
    ];
    all.into_iter().filter(|fact| fact.said != [Said::Nothing, Said::Nothing]).collect()
}

fn fact<T: PartialEq>(label: &'static str, values: [Option<T>; 2], said: impl Fn(T) -> Said) -> Fact {
    let differs = matches!(&values, [Some(one), Some(other)] if one != other);
    Fact { label, differs, said: values.map(|value| value.map_or(Said::Nothing, &said)) }
}
