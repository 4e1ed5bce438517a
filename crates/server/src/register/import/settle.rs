//! Where a household of a list belongs, and who of it is in the register without asking.

use base::{Division, Level};

use super::super::doubles::At;
use super::super::store::known::KnownResident;
use super::family::Planner;
use super::places::group_key;
use super::plan::Known;
use super::row::{Row, SHORT};
use super::{Remark, Weight};

/// What the rows of a household say together.
pub struct Common {
    pub division: Division,
    pub house: String,
    pub head: String,
}

/// A household of a list in its place.
pub struct Home {
    /// Village and team area, as they are or will be called.
    pub place: String,
    /// None where it has no place.
    pub common: Option<Common>,
}

/// Who of a household of a list is in the register.
pub struct Found<'a> {
    /// The household of the register that it is.
    pub target: Option<i64>,
    /// The list and the register say the same of where it stands.
    pub same_house: bool,
    /// Of each row the resident who it is without asking.
    pub known: Vec<Option<&'a KnownResident>>,
}

impl<'a> Planner<'a> {
    /// Where a household belongs: remarks are added to its rows, and the village and team area are named.
    pub fn settle(&mut self, rows: &mut [Row], household: &[usize]) -> Home {
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
                return Home { place: said, common: None };
            }
        };
        let heads = household.iter().map(|at| &rows[*at]);
        let by_relation = heads.clone().find(|row| row.is_head()).or(heads.clone().next());
        let head =
            if head.is_empty() { by_relation.map(|row| row.name.clone()).unwrap_or_default() } else { head };
        if let Some(name) = self.made.get(&division) {
            // Where people are registered already, another street may be one that is written otherwise.
            let village = division.at(Level::Village).unwrap_or(division);
            let weight = if self.lived_in.contains(&village) { Weight::Doubt } else { Weight::Note };
            let remark = Remark::new(weight, "group-new").with("group", name);
            for at in household {
                if rows[*at].weight() != Some(Weight::Rejected) {
                    rows[*at].remarks.push(remark.clone());
                }
            }
        }
        // A household that is registered without its number is found without it.
        let blank = || self.index.house(division.number(), "", &head).is_some();
        let house = if house.is_empty() && !blank() { self.house_in(division, &address) } else { house };
        if village.is_empty()
            && let Some(other) = self.known.places.other_village(division, &address)
        {
            let remark = Remark::new(Weight::Doubt, "village-other").with("village", other);
            household.iter().for_each(|at| rows[*at].remarks.push(remark.clone()));
        }
        let common = Common { division, house, head };
        household.iter().for_each(|at| rows[*at].house.clone_from(&common.house));
        let place = self.name(division);
        for at in household {
            let at_home = At { division, house: &common.house, head: &common.head };
            self.pairs.enter(&rows[*at], *at, at_home, &place, self.settled);
        }
        self.settled += 1;
        Home { place, common: Some(common) }
    }

    /// Has each row that a person found in the register be nobody else.
    pub fn claim_decided(&mut self, household: &[usize]) {
        for at in household.iter().filter(|at| !self.pairs.is_merged(**at)).collect::<Vec<_>>() {
            let decided = self.pairs.decided(*at);
            decided.and_then(|resident| self.pairs.claim(*at, resident.id));
        }
    }

    /// Who of a household is found in the register without asking, and which household it is.
    pub fn find(&mut self, rows: &mut [Row], household: &[usize], common: &Common) -> Found<'a> {
        let Common { division, house, head } = common;
        for at in household.iter().filter(|at| self.pairs.has_others_number(**at)) {
            rows[*at].identity = None;
            rows[*at].remark(Weight::Note, "identity-is-others");
        }
        let mut known: Vec<Option<&KnownResident>> = vec![None; household.len()];
        let merged: Vec<bool> = household.iter().map(|at| self.pairs.is_merged(*at)).collect();
        let rest = || household.iter().enumerate().filter(|(n, _)| !merged[*n]);
        let here = |one: &KnownResident| {
            self.index.household(one.household).is_some_and(|home| home.division == division.number())
        };
        let in_house = |one: &KnownResident| self.index.stands(one.household, division.number(), house);
        let free = |known: &[Option<&KnownResident>], at: usize, one: &KnownResident| {
            let taken = known.iter().flatten().any(|other| other.id == one.id);
            !taken && self.pairs.is_free(at, one.id) && !self.pairs.apart(at, one)
        };
        // Who was born on the same day first: the others take who is left.
        for born in [true, false] {
            for (n, at) in rest() {
                let free = |one: &KnownResident| free(&known, *at, one);
                let by_number = || self.index.same_identity(&rows[*at]).filter(|one| here(one) && free(one));
                let by_name = || self.index.same_house(&rows[*at], (division.number(), house), born, free);
                known[n] = known[n].or_else(by_number).or_else(by_name);
            }
        }
        for (n, at) in rest() {
            let decided = || self.pairs.decided(*at).filter(|one| in_house(one) && free(&known, *at, one));
            known[n] = known[n].or_else(decided);
        }
        // Whoever is known by his number alone may live in another house.
        let of = |one: &&KnownResident| one.household;
        let target = known.iter().flatten().find(|one| in_house(one)).map(of);
        let target = target.or_else(|| self.index.house(division.number(), house, head));
        let target = target.or_else(|| known.iter().flatten().next().map(of));
        for known in &mut known {
            *known = known.filter(|one| Some(one.household) == target);
        }
        for born in [true, false] {
            for (n, at) in rest() {
                let free = |one: &KnownResident| free(&known, *at, one);
                known[n] = known[n].or_else(|| self.index.member(&rows[*at], target?, born, free));
            }
        }
        for (at, known) in household.iter().zip(&known) {
            known.and_then(|known| self.pairs.claim(*at, known.id));
        }
        let stands = |home| self.index.stands(home, division.number(), house);
        let same_house = house.is_empty() || target.is_some_and(stands);
        Found { target, same_house, known }
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
}
