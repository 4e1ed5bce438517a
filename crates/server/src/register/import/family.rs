//! One household of a list: where it belongs, who of it is in the register, who answers for it.

use std::collections::{BTreeMap, HashMap};

use base::{Day, Division, Level};

use super::super::model::{NewHousehold, NewResident, Occupancy, house_order};
use super::super::store::change::Relisting;
use super::super::store::known::KnownResident;
use super::columns::Column;
use super::compare::Index;
use super::places::group_key;
use super::plan::{Asked, Family, Known, Target};
use super::row::{Row, SHORT};
use super::sheet::Sheet;
use super::{Remark, Weight};
use crate::vault::Vault;

/// Goes through a list household by household.
pub struct Planner<'a> {
    sheet: &'a Sheet,
    known: &'a Known,
    asked: &'a Asked,
    index: Index<'a>,
    /// Where an identity number, or a name with its birth date and house, stood first.
    seen: HashMap<String, u32>,
    /// Residents of the register whom a row was found to be, with its line.
    claimed: HashMap<i64, u32>,
    /// Team areas that are to be made, by the codes that they will have.
    pub made: BTreeMap<Division, String>,
}

/// What the rows of a household say together.
struct Common {
    division: Division,
    house: String,
    head: String,
}

impl<'a> Planner<'a> {
    pub fn new(sheet: &'a Sheet, known: &'a Known, vault: &'a Vault, asked: &'a Asked) -> Planner<'a> {
        let index = Index::new(vault, &known.households, &known.residents);
        Planner {
            sheet,
            known,
            asked,
            index,
            seen: HashMap::new(),
            claimed: HashMap::new(),
            made: BTreeMap::new(),
        }
    }

    /// What becomes of the rows of one household, by their places: remarks are added to them, and
    /// the village and team area are named.
    pub fn family(&mut self, rows: &mut [Row], household: &[usize]) -> (String, Option<Family>) {
        let first = |of: fn(&Row) -> &String| {
            let texts = household.iter().map(|at| of(&rows[*at]));
            texts.into_iter().find(|text| !text.is_empty()).cloned().unwrap_or_default()
        };
        let (village, group) = (first(|row| &row.village), first(|row| &row.group));
        let (house, head) = (first(|row| &row.house), first(|row| &row.head));
        let address = first(|row| &row.address);
        let said = format!("{village} {group}").trim().to_owned();
        let division = match self.place(&village, &group, &address) {
            Ok(division) => division,
            Err(remark) => {
                household.iter().for_each(|at| rows[*at].remarks.push(remark.clone()));
                return (said, None);
            }
        };
        let heads = household.iter().map(|at| &rows[*at]);
        let by_relation = heads.clone().find(|row| row.is_head()).or(heads.clone().next());
        let head =
            if head.is_empty() { by_relation.map(|row| row.name.clone()).unwrap_or_default() } else { head };
        if let Some(name) = self.made.get(&division) {
            let remark = Remark::new(Weight::Note, "group-new").with("group", name);
            for at in household {
                if rows[*at].weight() != Some(Weight::Rejected) {
                    rows[*at].remarks.push(remark.clone());
                }
            }
        }
        let house = if house.is_empty() { self.house_in(division, &address) } else { house };
        let common = Common { division, house, head };
        household.iter().for_each(|at| rows[*at].house.clone_from(&common.house));
        let family = self.compare(rows, household, &common);
        (self.name(division), family)
    }

    /// The house number in an address, behind the team area.
    fn house_in(&self, division: Division, address: &str) -> String {
        let village = division.at(Level::Village).unwrap_or(division);
        let found = self.known.places.addressed(village, address);
        let rest = found.filter(|(group, _)| *group == division).map(|(_, rest)| rest);
        let number = |rest: &&str| rest.chars().count() <= SHORT && rest.chars().any(char::is_numeric);
        rest.filter(number).unwrap_or_default().to_owned()
    }

    /// Village and team area, as they are or will be called.
    fn name(&self, division: Division) -> String {
        let name = self.known.places.name(division);
        self.made.get(&division).map_or(name.clone(), |made| format!("{name} {made}"))
    }

    /// A team area that the list names and the village lacks, if who asks may make it.
    fn make(&mut self, village: Division, text: &str) -> Option<Division> {
        let may = self.asked.groups.as_ref().is_some_and(|scope| scope.covers(village));
        let name = self.known.places.new_group(village, text).filter(|_| may)?;
        let own = || self.made.iter().filter(|(group, _)| village.contains(**group));
        if let Some((group, _)) = own().find(|(_, other)| group_key(other) == group_key(&name)) {
            return Some(*group);
        }
        let last = own().next_back().map(|(group, _)| group.number() - village.number());
        let last = last.or(self.known.last_groups.get(&village).copied());
        let group = village.child(last.unwrap_or(0) + 1)?;
        self.made.insert(group, name);
        Some(group)
    }

    /// The division a household belongs to, or why there is none.
    fn place(&mut self, village: &str, group: &str, address: &str) -> Result<Division, Remark> {
        let Known { places, .. } = self.known;
        let reject = |key| Remark::new(Weight::Rejected, key);
        let named = if village.is_empty() {
            self.asked.village.ok_or_else(|| reject("village-missing"))?
        } else {
            places.village(village).ok_or_else(|| reject("village-unknown").with("village", village))?
        };
        let division = match places.group(named, group) {
            Some(group) => group,
            None if !places.has_groups(named) && group.is_empty() => named,
            None if group.is_empty() => {
                let missing = || reject("group-missing").with("village", places.name(named));
                places.addressed(named, address).ok_or_else(missing)?.0
            }
            None => {
                let unknown =
                    || reject("group-unknown").with("village", places.name(named)).with("group", group);
                self.make(named, group).ok_or_else(unknown)?
            }
        };
        // What one may not change answers like what there is not.
        let unknown = || reject("village-unknown").with("village", village);
        if !self.asked.scope.covers(division) {
            return Err(unknown());
        }
        let ending = places.is_ending(division) || places.is_ending(named);
        if ending { Err(reject("place-ending").with("place", places.name(division))) } else { Ok(division) }
    }

    fn compare(&mut self, rows: &mut [Row], household: &[usize], common: &Common) -> Option<Family> {
        let Common { division, house, head } = common;
        let known: Vec<_> = household
            .iter()
            .map(|at| {
                let row = &rows[*at];
                let found = self.index.same_identity(row);
                found.or_else(|| self.index.same_house(row, division.number(), house))
            })
            .collect();
        let by_people = known.iter().flatten().map(|resident| resident.household);
        let here = |id: &i64| self.index.household(*id).is_some_and(|h| h.division == division.number());
        let target = by_people.clone().find(here);
        let target = target.or_else(|| self.index.house(division.number(), house, head));
        let (mut people, mut listed, mut changed) = (Vec::new(), Vec::new(), Vec::new());
        for (at, known) in household.iter().zip(known) {
            self.twice(&mut rows[*at], common);
            let row = &mut rows[*at];
            match known.or_else(|| self.index.member(row, target?)) {
                Some(known) if Some(known.household) == target => {
                    self.claim(row, known);
                    listed.extend(self.listing(row, known).map(|listing| (*at, listing)));
                    if row.weight() < Some(Weight::Held)
                        && let Some((correction, told)) = self.index.correction(row, known)
                    {
                        row.remarks.extend(told);
                        changed.push((*at, correction));
                    }
                }
                Some(known) => {
                    let keys = ["registered-elsewhere", "registered-unseen"];
                    row.remarks.push(self.told(Weight::Held, keys, known.household));
                }
                None => {
                    if target.is_some_and(|home| self.index.other_birth(row, home).is_some()) {
                        row.remark(Weight::Held, "namesake-here");
                    }
                    people.extend(self.newcomer(row, *at, target.is_some()));
                }
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
            None if people.is_empty() => return None,
            None => Target::New(new_household(rows, household, common)),
        };
        Some(Family { target, people, contact, listed, changed })
    }

    /// One resident is one row: else the last would have the say, and somebody be missed.
    fn claim(&mut self, row: &mut Row, known: &KnownResident) {
        match self.claimed.get(&known.id) {
            Some(line) => {
                row.remarks.push(Remark::new(Weight::Held, "twice-in-register").with("line", line));
            }
            None => drop(self.claimed.insert(known.id, row.line)),
        }
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
    fn newcomer(&self, row: &mut Row, at: usize, house_known: bool) -> Option<(usize, Option<NewResident>)> {
        if row.name.is_empty() {
            return (row.vacant && !house_known).then_some((at, None));
        }
        // Taken together with what is in doubt, whoever moved would be in the register twice.
        if let Some(namesake) = self.index.same_birth(row) {
            let keys = ["namesake", "namesake-unseen"];
            row.remarks.push(self.told(Weight::Held, keys, namesake.household));
        }
        let held = row.weight().is_some_and(|weight| weight >= Weight::Held);
        (!held).then(|| (at, Some(new_resident(row, self.asked.day))))
    }

    /// Whether a person stands in the list a second time.
    fn twice(&mut self, row: &mut Row, common: &Common) {
        let key = match &row.identity {
            Some(identity) => identity.as_str().to_owned(),
            None if row.name.is_empty() => return,
            None => {
                let birth = row.birth.map(Day::number);
                format!("{} {birth:?} {} {}", row.name, common.division.number(), common.house)
            }
        };
        match self.seen.get(&key) {
            Some(line) => row.remarks.push(Remark::new(Weight::Held, "twice-in-list").with("line", line)),
            None => drop(self.seen.insert(key, row.line)),
        }
    }

    /// Says where somebody is registered, or the second key where who asks may not know.
    fn told(&self, weight: Weight, keys: [&'static str; 2], household: i64) -> Remark {
        let seen = self.index.household(household).and_then(|known| {
            let division = Division::from_number(known.division)?;
            let place = format!("{} {}", self.known.places.name(division), known.head);
            self.asked.scope.covers(division).then_some(place)
        });
        match seen {
            Some(place) => Remark::new(weight, keys[0]).with("place", place),
            None => Remark::new(weight, keys[1]),
        }
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
