//! The town whole: villages, team areas, households, stewards.

use base::{Day, Division, TownTime};

use crate::appoint::appoint;
use crate::dice::{Dice, derive};
use crate::household::Household;
use crate::layout::{group_names, houses, share};
use crate::names::Surnames;
use crate::papers::Papers;
use crate::plot::Plot;
use crate::round::Round;
use crate::site::{Place, Site, Towns};
use crate::stewards::Steward;
use crate::travel::Season;

/// Households of the demonstration's Xiangling; with them come some 41,500 people.
pub const XIANGLING_HOUSEHOLDS: u32 = 10_600;
/// Days of rounds behind a town, its own day included.
pub const ROUND_DAYS: i32 = 14;

const VILLAGE: u64 = 0x11;
const BEHIND: u64 = 0x12;
/// Households of an ordinary team area.
const GROUP: u32 = 62;

/// A town as it stands on `today`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Town {
    pub seed: u64,
    pub today: Day,
    pub place: Place,
    /// Province, prefecture, county.
    pub above: Vec<Place>,
    pub villages: Vec<Village>,
    /// By village, team area, then along the street.
    pub households: Vec<Household>,
    /// The town leader first, then the town cadres in the order of the villages.
    pub stewards: Vec<Steward>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Village {
    /// With the official name: 东街村民委员会.
    pub place: Place,
    /// As people say it: 东街村.
    pub name: String,
    pub groups: Vec<Group>,
    /// The town cadre who answers for it, in `Town::stewards`.
    pub cadre: u32,
    /// Its rounds lag a few percent behind.
    pub behind: bool,
}

/// A team area: a street, team or villager group.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Group {
    pub division: Division,
    /// 北街, 三组, 二队.
    pub name: String,
    /// Its households in `Town::households`: from the first, before the second.
    pub households: (u32, u32),
    /// The street lead in `Town::stewards`; nothing where none was appointed.
    pub lead: Option<u32>,
}

impl Town {
    /// The demonstration: the real town, made-up people.
    pub fn xiangling(seed: u64, today: Day) -> Town {
        Town::settle(seed, today, &Site::xiangling(), XIANGLING_HOUSEHOLDS, 0)
    }

    /// Any number of households in made-up towns of Xiangling's size, one town at a time.
    pub fn of_size(seed: u64, today: Day, households: u64) -> Towns {
        Towns::new(seed, today, households)
    }

    /// Settles `households` in a town. Telephones are unique among towns of different `serial`.
    /// Contacts have 10 to 40 households each where every team area has at least ten.
    pub fn settle(seed: u64, today: Day, site: &Site, households: u32, serial: u64) -> Town {
        let mut town = Town {
            seed: derive(seed, &[site.town.division.number().unsigned_abs()]),
            today,
            place: site.town.clone(),
            above: site.above.clone(),
            villages: Vec::with_capacity(site.villages.len()),
            households: Vec::with_capacity(households as usize),
            stewards: Vec::new(),
        };
        let mut papers = Papers::of_town(site.town.division, serial);
        town.fill(site, households, &mut papers);
        town.lag();
        appoint(&mut town, &mut papers);
        town
    }

    /// The first day of its rounds.
    pub fn first_day(&self) -> Day {
        self.today.plus(1 - ROUND_DAYS)
    }

    /// Every day of its rounds.
    pub fn days(&self) -> impl Iterator<Item = Day> + use<> {
        self.first_day().through(self.today)
    }

    /// The round of a day; no check before the first day or after the town's own.
    pub fn round(&self, day: Day, time: &TownTime) -> Round<'_> {
        Round::new(self, day, time)
    }

    /// Everybody of the register.
    pub fn residents(&self) -> impl Iterator<Item = &crate::Resident> {
        self.households.iter().flat_map(|household| &household.residents)
    }

    /// Who answers for a household: its contact or, provisionally, its street lead.
    pub fn answers(&self, household: &Household) -> Option<u32> {
        household.contact.or_else(|| self.group(household)?.lead)
    }

    /// The team area of a household of this town.
    pub fn group(&self, household: &Household) -> Option<&Group> {
        self.villages.get(usize::from(household.village))?.groups.get(usize::from(household.group))
    }

    fn fill(&mut self, site: &Site, households: u32, papers: &mut Papers) {
        let season = Season::of(self.today, self.first_day());
        let mut dice = Dice::of(self.seed, &[VILLAGE]);
        let sizes = share(&mut dice, households, site.villages.len(), (60, 145));
        for ((index, place), size) in (0_u16..).zip(&site.villages).zip(sizes) {
            let mut village = Village {
                place: place.clone(),
                name: place.short(),
                groups: Vec::new(),
                cadre: 0,
                behind: false,
            };
            self.people(&mut village, index, size, season, papers);
            self.villages.push(village);
        }
    }

    fn people(&mut self, village: &mut Village, index: u16, size: u32, season: Season, papers: &mut Papers) {
        let mut dice = Dice::of(self.seed, &[VILLAGE, u64::from(index) + 1]);
        let surnames = Surnames::of_village(&mut dice);
        let groups = if size < GROUP { (size / 30).max(1) } else { (size / GROUP).clamp(3, 8) };
        let names = group_names(&mut dice, &village.name);
        let sizes = share(&mut dice, size, groups as usize, (75, 125));
        for ((group, name), size) in (0_u16..).zip(names).zip(sizes) {
            let Some(division) = village.place.division.child(i64::from(group) + 1) else { continue };
            let street = format!("{}{name}", village.name);
            let plot = Plot { division, village: index, group, street: &street, surnames: &surnames, season };
            let first = self.households.len() as u32;
            let houses = houses(&mut dice, size);
            self.households.extend(houses.into_iter().map(|house| plot.household(&mut dice, papers, house)));
            let households = (first, self.households.len() as u32);
            village.groups.push(Group { division, name: (*name).to_owned(), households, lead: None });
        }
    }

    /// Three villages of a town fall behind.
    fn lag(&mut self) {
        let mut dice = Dice::of(self.seed, &[BEHIND]);
        let mut left = self.villages.len().min(3);
        while left > 0 {
            let drawn = dice.below(self.villages.len() as u32) as usize;
            left -= usize::from(!self.villages[drawn].behind);
            self.villages[drawn].behind = true;
        }
    }
}
