//! Who of a list is in the register already.

use std::collections::HashMap;

use base::{Day, Identity};

use super::super::model::house_order;
use super::super::store::change::{Away, Correction};
use super::super::store::known::{KnownHousehold, KnownResident};
use super::super::store::load::sex_key;
use super::row::Row;
use super::{Remark, Weight};
use crate::vault::{Vault, masked_phone};

/// The register of a town, to be looked up in.
pub struct Index<'a> {
    vault: &'a Vault,
    households: HashMap<i64, &'a KnownHousehold>,
    identities: HashMap<&'a [u8], &'a KnownResident>,
    names: HashMap<&'a str, Vec<&'a KnownResident>>,
    houses: HashMap<(i64, &'a str, &'a str), i64>,
}

impl<'a> Index<'a> {
    pub fn new(
        vault: &'a Vault,
        households: &'a [KnownHousehold],
        residents: &'a [KnownResident],
    ) -> Index<'a> {
        let mut names: HashMap<&str, Vec<&KnownResident>> = HashMap::new();
        for resident in residents {
            names.entry(&resident.name).or_default().push(resident);
        }
        let numbered = |r: &'a KnownResident| Some((r.identity_index.as_deref()?, r));
        let house = |h: &'a KnownHousehold| ((h.division, h.house_order.as_str(), h.head.as_str()), h.id);
        Index {
            vault,
            households: households.iter().map(|household| (household.id, household)).collect(),
            identities: residents.iter().filter_map(numbered).collect(),
            names,
            houses: households.iter().map(house).collect(),
        }
    }

    pub fn household(&self, id: i64) -> Option<&'a KnownHousehold> {
        self.households.get(&id).copied()
    }

    /// The household of a head in a house.
    pub fn house(&self, division: i64, house_number: &str, head: &str) -> Option<i64> {
        self.houses.get(&(division, house_order(house_number).as_str(), head)).copied()
    }

    /// Whether a household of the register stands in a house.
    pub fn stands(&self, household: i64, division: i64, house_number: &str) -> bool {
        let home = self.household(household);
        home.is_some_and(|home| home.division == division && home.house_order == house_order(house_number))
    }

    /// The resident with this row's identity number.
    pub fn same_identity(&self, row: &Row) -> Option<&'a KnownResident> {
        let identity = row.identity.as_ref()?;
        let indexes = self.vault.indexes(identity.as_str());
        indexes.iter().find_map(|index| self.identities.get(index.as_slice()).copied())
    }

    /// The resident of the same name in the same house, and born on the same day where that is asked for;
    /// else a birth date or an identity number that only one of the two has does not tell them apart.
    pub fn same_house(
        &self,
        row: &Row,
        (division, house_number): (i64, &str),
        born: bool,
        free: impl Fn(&KnownResident) -> bool,
    ) -> Option<&'a KnownResident> {
        let here = |known: &KnownResident| self.stands(known.household, division, house_number);
        self.namesakes(row).find(|known| here(known) && is_like(known, row, born) && free(known))
    }

    /// The same of a household.
    pub fn member(
        &self,
        row: &Row,
        household: i64,
        born: bool,
        free: impl Fn(&KnownResident) -> bool,
    ) -> Option<&'a KnownResident> {
        self.namesakes(row)
            .find(|known| known.household == household && is_like(known, row, born) && free(known))
    }

    /// Residents of the same name whose identity number does not say that they are somebody else.
    fn namesakes(&self, row: &Row) -> impl Iterator<Item = &'a KnownResident> {
        let numbered = row.identity.is_some();
        let named = self.names.get(row.name.as_str()).map_or(&[][..], Vec::as_slice);
        named.iter().copied().filter(move |known| !(numbered && known.identity_index.is_some()))
    }

    /// What a row says otherwise than the register. What a row does not say stays as it is; and who
    /// lives in another household than the row says keeps what he is to its head, and as what he lives
    /// there.
    pub fn differs(&self, row: &Row, known: &KnownResident, decided: bool, home: bool) -> Option<Differs> {
        let new = |value: &str, was: &str| (!value.is_empty() && value != was).then(|| value.to_owned());
        let same = |phone: &String| {
            known.phone_index.as_ref().is_some_and(|own| self.vault.indexes(phone).contains(own))
        };
        let relation = new(&row.relation, &known.relation).filter(|new| !same_relation(new, &known.relation));
        let owner = self.same_identity(row);
        let lodging = row.lodging.filter(|lodging| *lodging != (known.registration == "lodging"));
        let correction = Correction {
            name: new(&row.name, &known.name),
            sex: row.sex.filter(|sex| known.sex.as_deref() != Some(sex_key(*sex))),
            birth: row.birth.filter(|birth| known.birth_day != Some(birth.number())),
            // Nobody gets the number that somebody else has.
            identity: row.identity.clone().filter(|_| known.identity_index.is_none() && owner.is_none()),
            phone: row.phone.clone().filter(|phone| !same(phone)),
            relation: relation.filter(|_| home),
            lodging: lodging.filter(|_| home),
            away: presence(row, known),
            was: known.clone(),
        };
        let asks = !self.is_surely(row, known) || correction.name.is_some();
        let told = self.told(&correction, decided || self.is_surely(row, known), decided);
        (!told.is_empty()).then_some(Differs { correction, told, asks })
    }

    /// Whether a row is somebody of the register by more than a name and a house.
    fn is_surely(&self, row: &Row, known: &KnownResident) -> bool {
        let index = known.identity_index.as_ref();
        let same_number = row
            .identity
            .as_ref()
            .zip(index)
            .is_some_and(|(identity, index)| self.vault.indexes(identity.as_str()).contains(index));
        same_number || same_birth(known, row)
    }

    /// What is changed, in words. A person looks at it where the row may be somebody else, where
    /// somebody is called otherwise, and where a household gets another head.
    fn told(&self, new: &Correction, sure: bool, decided: bool) -> Vec<Remark> {
        let was = &new.was;
        let day = |day: i32| Day::from_number(day).map(|day| day.to_string());
        let lodging = |lodging: bool| if lodging { "lodging" } else { "registered" }.to_owned();
        let phone = self.vault.open_stored(was.phone_sealed.as_deref());
        let all = [
            ("changes-name", Some(was.name.clone()), new.name.clone()),
            ("changes-sex", was.sex.clone(), new.sex.map(|sex| sex_key(sex).to_owned())),
            ("changes-birth", was.birth_day.and_then(day), new.birth.map(|day| day.to_string())),
            ("changes-identity", None, new.identity.as_ref().map(Identity::masked)),
            ("changes-phone", phone.as_deref().map(masked_phone), new.phone.as_deref().map(masked_phone)),
            ("changes-relation", Some(was.relation.clone()), new.relation.clone()),
            ("changes-registration", Some(was.registration.clone()), new.lodging.map(lodging)),
        ];
        let word = |away: &Option<Away>| if away.is_some() { "away" } else { "present" }.to_owned();
        let moved = new.away.as_ref().filter(|away| word(away) != was.presence).map(word);
        let (place, since) = new.away.clone().flatten().unwrap_or_default();
        let place = Some(place).filter(|place| !place.is_empty() && *place != was.whereabouts);
        let since = since.map(Day::number).filter(|since| was.presence_since != Some(*since));
        let stay = [
            ("changes-presence", Some(was.presence.clone()), moved),
            ("changes-whereabouts", Some(was.whereabouts.clone()), place),
            ("changes-away-since", was.presence_since.and_then(day), since.and_then(day)),
        ];
        let head = new.relation.as_ref().is_some_and(|new| is_head(new) || is_head(&was.relation));
        let told = |(key, was, new): (&'static str, Option<String>, Option<String>)| {
            let new = new?;
            let asked = !sure || key == "changes-name" && !decided || key == "changes-relation" && head;
            let weight = if asked { Weight::Doubt } else { Weight::Change };
            let was = was.filter(|was| !was.is_empty()).unwrap_or_else(|| "none".to_owned());
            // Masked, two numbers may look the same.
            let key = if was == new { "changes-phone-hidden" } else { key };
            Some(Remark::new(weight, key).with("was", was).with("new", new))
        };
        all.into_iter().chain(stay).filter_map(told).collect()
    }
}

/// What a row says of a resident otherwise than the register, as it is written and as it is told.
pub struct Differs {
    pub correction: Correction,
    pub told: Vec<Remark>,
    /// The row may be somebody else.
    pub asks: bool,
}

/// The words for the head of a household that lists use.
pub fn is_head(relation: &str) -> bool {
    matches!(relation, "户主" | "本人" | "本人或户主")
}

fn same_relation(one: &str, other: &str) -> bool {
    one == other || is_head(one) && is_head(other)
}

/// Where a row says that somebody is, if otherwise than the register; what it does not say of who is
/// away stays.
fn presence(row: &Row, known: &KnownResident) -> Option<Option<Away>> {
    let was = known.away();
    let now = match (&row.away, row.at_home) {
        (Some((place, since)), _) => {
            let (known_place, known_since) = was.clone().unwrap_or_default();
            let place = if place.is_empty() { known_place } else { place.clone() };
            Some((place, since.or(known_since)))
        }
        (None, true) => None,
        (None, false) => return None,
    };
    (now != was).then_some(now)
}

fn is_like(known: &KnownResident, row: &Row, born: bool) -> bool {
    same_birth(known, row) || !born && (known.birth_day.is_none() || row.birth.is_none())
}

fn same_birth(known: &KnownResident, row: &Row) -> bool {
    row.birth.is_some_and(|birth| known.birth_day == Some(birth.number()))
}
