//! One household of a list: what becomes of its rows, who answers for it.

use std::collections::{BTreeMap, BTreeSet};

use base::{Day, Division, Level};

use super::super::doubles::Verdict;
use super::super::model::{NewHousehold, NewResident, Occupancy, house_order};
use super::super::store::change::{Correction, Relisting};
use super::super::store::known::KnownResident;
use super::columns::Column;
use super::compare::Index;
use super::pairs::{Met, Pairs};
use super::plan::{Asked, Family, Known, Target};
use super::row::Row;
use super::settle::{Common, Found};
use super::sheet::Sheet;
use super::{Remark, Weight, place};
use crate::vault::Vault;

/// Goes through a list household by household.
pub struct Planner<'a> {
    pub(super) sheet: &'a Sheet,
    pub(super) known: &'a Known,
    pub(super) asked: &'a Asked,
    pub(super) index: Index<'a>,
    pub(super) pairs: Pairs<'a>,
    /// Households so far.
    pub(super) settled: i64,
    /// Villages in which the register has households.
    pub(super) lived_in: BTreeSet<Division>,
    /// Team areas that are to be made, by the codes that they will have.
    pub(super) made: BTreeMap<Division, String>,
}

impl<'a> Planner<'a> {
    pub fn new(sheet: &'a Sheet, known: &'a Known, vault: &'a Vault, asked: &'a Asked) -> Planner<'a> {
        let index = Index::new(vault, &known.households, &known.residents);
        let homes = known.households.iter().filter_map(|home| Division::from_number(home.division));
        let villages = homes.filter_map(|division| division.at(Level::Village));
        Planner {
            sheet,
            known,
            asked,
            index,
            pairs: Pairs::new(known, vault, asked),
            settled: 0,
            lived_in: villages.collect(),
            made: BTreeMap::new(),
        }
    }

    /// What becomes of the rows of one household that has a place: remarks are added to them.
    pub fn family(
        &mut self,
        rows: &mut [Row],
        household: &[usize],
        (common, found): (&Common, &Found<'a>),
    ) -> Option<Family> {
        let Found { target, same_house, known } = found;
        let Common { division, house, .. } = common;
        let target = *target;
        let (mut people, mut listed, mut changed) = (Vec::new(), Vec::new(), Vec::new());
        for (at, known) in household.iter().zip(known) {
            let mut is =
                |planner: &mut Self, rows: &mut [Row], known: &KnownResident, decided: bool, home: bool| {
                    listed.extend(planner.listing(&mut rows[*at], known).map(|listing| (*at, listing)));
                    changed
                        .extend(planner.change(rows, *at, known, decided, home).map(|change| (*at, change)));
                };
            let rejected = rows[*at].weight() == Some(Weight::Rejected);
            match known {
                Some(known) => is(self, rows, known, false, *same_house),
                None if rejected => {}
                None => match self.pairs.meet(rows, *at) {
                    Met::Resident(known) if self.claim(rows, *at, known) => {
                        is(self, rows, known, true, *same_house && Some(known.household) == target);
                    }
                    Met::Nobody => people.extend(self.newcomer(&rows[*at], *at, target.is_some())),
                    Met::Resident(_) | Met::Known | Met::Open => {}
                },
            }
        }
        if let Some(known) = target.and_then(|id| self.index.household(id))
            && !house.is_empty()
            && known.house_order != house_order(house)
        {
            rows[household[0]].remark(Weight::Doubt, "differs-house");
        }
        let contact = self.contact(rows, household, *division, target);
        let target = match target {
            Some(id) => Target::Known(id),
            None if people.is_empty() && changed.is_empty() && listed.is_empty() => return None,
            None if people.is_empty() => Target::Elsewhere,
            None => Target::New(new_household(rows, household, common)),
        };
        Some(Family { target, people, contact, listed, changed })
    }

    /// One resident is one row: else the last would have the say, and somebody be missed.
    fn claim(&mut self, rows: &mut [Row], at: usize, known: &KnownResident) -> bool {
        let other = self.pairs.claim(at, known.id);
        if let Some(other) = other {
            let line = place(&rows[other].sheet, rows[other].line);
            rows[at].remarks.push(Remark::new(Weight::Held, "twice-in-register").with("line", line));
        }
        other.is_none()
    }

    /// What a row says otherwise of the resident who it is; `decided` where a person said so.
    fn change(
        &mut self,
        rows: &mut [Row],
        at: usize,
        known: &KnownResident,
        decided: bool,
        home: bool,
    ) -> Option<Correction> {
        if rows[at].weight() >= Some(Weight::Held) {
            return None;
        }
        let differs = self.index.differs(&rows[at], known, decided, home)?;
        let asks = differs.asks && !decided;
        let verdict = if asks { self.pairs.seems(rows, at, known) } else { None };
        if verdict == Some(Verdict::Later) {
            rows[at].remark(Weight::Held, "double-later");
            return None;
        }
        let decided = decided || verdict == Some(Verdict::Same);
        let differs = self.index.differs(&rows[at], known, decided, home)?;
        rows[at].remarks.extend(differs.told);
        Some(differs.correction)
    }

    /// A resident of the register whom the list names as a key person.
    fn listing(&self, row: &mut Row, known: &KnownResident) -> Option<Relisting> {
        let reason = row.key_reason.clone().filter(|_| row.weight() < Some(Weight::Held))?;
        let before = known.listing();
        match &before {
            // Another list would take the first one's days out of the figures of the past.
            Some((_, Some(until), _)) if *until <= self.asked.day => {
                row.remark(Weight::Held, "listed-before");
                None
            }
            Some(_) => None,
            None => {
                row.remark(Weight::Note, "listed-now");
                let after = Some((self.asked.day, None, reason));
                Some(Relisting { household: known.household, resident: known.id, before, after })
            }
        }
    }

    /// A row that is in the register nowhere, with the person it stands for.
    fn newcomer(&self, row: &Row, at: usize, house_known: bool) -> Option<(usize, Option<NewResident>)> {
        if row.name.is_empty() {
            return (row.vacant && !house_known).then_some((at, None));
        }
        let held = row.weight().is_some_and(|weight| weight >= Weight::Held);
        (!held).then(|| (at, Some(new_resident(row, self.asked.day))))
    }

    /// The steward whom a row that is taken names for a household that has none, with the row's place.
    fn contact(
        &self,
        rows: &mut [Row],
        household: &[usize],
        division: Division,
        target: Option<i64>,
    ) -> Option<(usize, i64)> {
        if !self.sheet.has(Column::Contact) {
            return None;
        }
        let names = |row: &Row| !row.contact.is_empty() && row.weight() < Some(Weight::Held);
        let named = household.iter().copied().find(|at| names(&rows[*at]))?;
        let name = rows[named].contact.clone();
        let village = division.at(Level::Village)?;
        let near = |home: &Division| village.contains(*home) || *home == self.asked.town;
        let stewards = self.known.stewards.iter();
        let found: Vec<i64> =
            stewards.filter(|(_, own, home)| *own == name && near(home)).map(|(id, ..)| *id).collect();
        let current = target.and_then(|id| self.index.household(id)?.contact);
        let (weight, key) = match (&found[..], current) {
            ([one], None) => {
                rows[named].remarks.push(Remark::new(Weight::Note, "contact-given").with("name", name));
                return Some((named, *one));
            }
            ([one], Some(current)) if *one == current => return None,
            // Whoever is to be a contact may be added later: nothing waits for it.
            ([], None) => (Weight::Note, "contact-unknown"),
            (many, Some(current)) if many.contains(&current) => return None,
            (_, Some(_)) => (Weight::Doubt, "contact-differs"),
            _ => (Weight::Doubt, "contact-ambiguous"),
        };
        let was = self.known.stewards.iter().find(|(id, ..)| Some(*id) == current);
        let was = was.map_or_else(String::new, |(_, name, _)| name.clone());
        rows[named].remarks.push(Remark::new(weight, key).with("name", name).with("was", was));
        None
    }
}

fn new_household(rows: &[Row], household: &[usize], common: &Common) -> NewHousehold {
    let rows = || household.iter().map(|at| &rows[*at]);
    let mut heads_first = rows().filter(|row| row.is_head()).chain(rows().filter(|row| !row.is_head()));
    let named = || rows().filter(|row| !row.name.is_empty());
    let occupancy = if named().next().is_none() || rows().all(|row| row.vacant) {
        Occupancy::Vacant
    } else if named().all(|row| row.away.is_some()) {
        Occupancy::Away
    } else {
        Occupancy::LivedIn
    };
    let mut tags: Vec<String> = rows().flat_map(|row| &row.tags).map(|tag| (*tag).to_owned()).collect();
    tags.sort_unstable();
    tags.dedup();
    NewHousehold {
        division: common.division,
        house_number: common.house.clone(),
        head: common.head.clone(),
        address: rows().map(|row| &row.address).find(|text| !text.is_empty()).cloned().unwrap_or_default(),
        phone: rows()
            .find_map(|row| row.house_phone.clone())
            .or_else(|| heads_first.find_map(|row| row.phone.clone())),
        occupancy,
        tags,
        residents: Vec::new(),
    }
}

/// The person of a row, a key person from `day` on if it says so.
fn new_resident(row: &Row, day: Day) -> NewResident {
    NewResident {
        name: row.name.clone(),
        sex: row.sex,
        birth: row.birth,
        identity: row.identity.clone(),
        phone: row.phone.clone(),
        relation: row.relation.clone(),
        lodging: row.lodging.unwrap_or(false),
        away: row.away.clone(),
        key_person: row.key_reason.clone().map(|reason| (day, None, reason)),
    }
}
