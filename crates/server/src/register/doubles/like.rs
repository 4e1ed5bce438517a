//! Who is like whom.

use std::collections::HashMap;

use base::{Day, Division, Level, Sex, shape, sound};

use super::super::store::known::{KnownHousehold, KnownResident};

/// People of one name, or of one that is like it, who are looked at: in a whole town there are not so
/// many, and a list that is made to have them must not take hours.
const LOOKED: usize = 200;

/// How two names go together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Named {
    Same,
    Sound,
    Shape,
    Otherwise,
}

/// What two have in common besides.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum By {
    Number,
    Birth,
    Phone,
    House,
    Village,
}

/// Why two may be one; the likelier the less.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Why {
    pub by: By,
    pub named: Named,
}

impl Why {
    /// What the message `double-why` speaks of.
    pub fn args(self) -> [(&'static str, &'static str); 2] {
        let named = match self.named {
            Named::Same => "same",
            Named::Sound => "sound",
            Named::Shape => "shape",
            Named::Otherwise => "otherwise",
        };
        let by = match self.by {
            By::Number => "number",
            By::Birth => "birth",
            By::Phone => "phone",
            By::House => "house",
            By::Village => "village",
        };
        [("named", named), ("by", by)]
    }
}

/// What tells somebody from others, in a list or in the register.
#[derive(Clone, Debug)]
pub struct Person {
    name: String,
    sound: String,
    shape: String,
    sex: Option<Sex>,
    birth: Option<i32>,
    /// Keyed digests: several where keys are being changed.
    identity: Vec<Vec<u8>>,
    phone: Vec<Vec<u8>>,
    village: i64,
    house: String,
    /// The household's number, within the list or the register.
    household: (bool, i64),
}

/// Where somebody lives: the division, the house's number in its order, and whose house it is.
#[derive(Clone, Copy, Debug)]
pub struct At<'a> {
    pub division: Division,
    pub house: &'a str,
    pub head: &'a str,
}

impl Person {
    pub fn new(name: &str, sex: Option<Sex>, birth: Option<Day>, at: At<'_>, household: (bool, i64)) -> Self {
        let At { division, house, head } = at;
        let house = if house.is_empty() { format!("@{head}") } else { house.to_owned() };
        Person {
            name: name.to_owned(),
            sound: sound(name),
            shape: shape(name),
            sex,
            birth: birth.map(Day::number),
            identity: Vec::new(),
            phone: Vec::new(),
            village: division.at(Level::Village).unwrap_or(division).number(),
            house: format!("{} {house}", division.number()),
            household,
        }
    }

    /// The digests of the identity number and the phone.
    #[must_use]
    pub fn with(self, identity: Vec<Vec<u8>>, phone: Vec<Vec<u8>>) -> Person {
        Person { identity, phone, ..self }
    }

    /// A resident of a household of the register.
    pub fn of(known: &KnownResident, home: &KnownHousehold) -> Option<Person> {
        let division = Division::from_number(home.division)?;
        let at = At { division, house: &home.house_order, head: &home.head };
        let digest = |index: &Option<Vec<u8>>| index.iter().cloned().collect();
        let person = Person::new(&known.name, known.sex(), known.birth(), at, (false, home.id));
        Some(person.with(digest(&known.identity_index), digest(&known.phone_index)))
    }

    /// What somebody is called by, in decisions that are remembered: the same in another list, and in
    /// the register once he is taken.
    pub fn mark(&self) -> String {
        let birth = self.birth.map(|birth| birth.to_string()).unwrap_or_default();
        format!("{} {birth} {} {}", self.name, self.village, self.house)
    }

    /// Whether the two may be one, and why.
    pub fn like(&self, other: &Person) -> Option<Why> {
        let shared = |one: &[Vec<u8>], other: &[Vec<u8>]| one.iter().any(|digest| other.contains(digest));
        let named = self.named(other);
        if shared(&self.identity, &other.identity) {
            return Some(Why { by: By::Number, named });
        }
        let numbered = !self.identity.is_empty() && !other.identity.is_empty();
        // Of one household there may be brothers of names that are alike; two lines are two people.
        let told_apart = named != Named::Same && self.household == other.household;
        if numbered || named == Named::Otherwise || told_apart {
            return None;
        }
        let birth = self.birth.zip(other.birth).map(|(one, other)| one == other);
        let sex = self.sex.zip(other.sex).map(|(one, other)| one == other);
        let by = if birth == Some(true) {
            By::Birth
        } else if birth == Some(false) && named != Named::Same {
            return None;
        } else if shared(&self.phone, &other.phone) {
            By::Phone
        } else if self.house == other.house {
            By::House
        } else if named == Named::Same
            && self.village == other.village
            && birth != Some(false)
            && sex != Some(false)
        {
            By::Village
        } else {
            return None;
        };
        Some(Why { by, named })
    }

    fn named(&self, other: &Person) -> Named {
        if self.name == other.name {
            Named::Same
        } else if self.sound == other.sound {
            Named::Sound
        } else if self.shape == other.shape {
            Named::Shape
        } else {
            Named::Otherwise
        }
    }

    fn keys(&self) -> impl Iterator<Item = Key> {
        let numbers = self.identity.iter().cloned().map(Key::Number);
        let named =
            [Key::Name(self.name.clone()), Key::Sound(self.sound.clone()), Key::Shape(self.shape.clone())];
        numbers.chain(named)
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Key {
    Number(Vec<u8>),
    Name(String),
    Sound(String),
    Shape(String),
}

/// People, to be looked up in by what they have in common with somebody.
#[derive(Debug, Default)]
pub struct People {
    all: Vec<Person>,
    found: HashMap<Key, Vec<usize>>,
}

impl People {
    /// Adds somebody; answers his place.
    pub fn add(&mut self, person: Person) -> usize {
        let at = self.all.len();
        for key in person.keys() {
            self.found.entry(key).or_default().push(at);
        }
        self.all.push(person);
        at
    }

    pub fn one(&self, at: usize) -> &Person {
        &self.all[at]
    }

    /// Who of those before somebody may be the same, the likeliest first.
    pub fn before(&self, at: usize) -> Vec<(usize, Why)> {
        let person = &self.all[at];
        let mut like: Vec<(usize, Why)> = Vec::new();
        for key in person.keys() {
            let others = self.found.get(&key).map_or(&[][..], Vec::as_slice);
            for other in others.iter().copied().take(LOOKED).filter(|other| *other < at) {
                if !like.iter().any(|(known, _)| *known == other)
                    && let Some(why) = person.like(&self.all[other])
                {
                    like.push((other, why));
                }
            }
        }
        like.sort_by_key(|(other, why)| (*why, *other));
        like
    }
}
