//! Households and residents.

use base::{Day, Division, Identity, Sex};

use crate::travel::Travel;
use crate::words::{Occupancy, Relation, Tag};

/// A household of the register. Elsewhere it is named by its place in [`crate::Town::households`].
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Household {
    /// The team area it belongs to.
    pub division: Division,
    /// Places of its village in `Town::villages` and of its team area in `Village::groups`.
    pub village: u16,
    pub group: u16,
    /// Along the street: 12号, 12号附1.
    pub house: String,
    /// Village, team area and house: 北街村鼓楼巷12号.
    pub address: String,
    /// The head's telephone or, where the head has none, the first of the family's.
    pub phone: Option<String>,
    pub occupancy: Occupancy,
    pub tags: Vec<Tag>,
    /// The household contact in `Town::stewards`; nothing where none was assigned.
    pub contact: Option<u32>,
    /// Place in the walk of who answers for it, from 0.
    pub turn: u16,
    /// The head first; empty for a vacant house.
    pub residents: Vec<Resident>,
}

/// A person of the register.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Resident {
    pub name: String,
    pub sex: Sex,
    pub birth: Day,
    /// Sequence 000, so nobody's. Its 17th digit is therefore even for men too: the sex stands in
    /// `sex` alone. Nothing where the number is not known yet.
    pub identity: Option<Identity>,
    pub phone: Option<String>,
    pub relation: Relation,
    /// The county where a person from elsewhere is registered; nothing for who is registered here.
    pub registered_elsewhere: Option<&'static str>,
    /// The stay outside the town that matters for this season, over or not.
    pub travel: Option<Travel>,
}

impl Resident {
    /// Away on a day.
    pub fn away_on(&self, day: Day) -> bool {
        self.travel.as_ref().is_some_and(|travel| travel.covers(day))
    }

    /// Back from the affected area less than 14 days ago: a key person on that day.
    pub fn key_on(&self, day: Day) -> bool {
        let back =
            self.travel.as_ref().filter(|travel| travel.affected).and_then(|travel| travel.back.as_ref());
        back.is_some_and(|back| (0..14).contains(&day.days_since(back.day)))
    }
}
