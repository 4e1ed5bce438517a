//! Who is away, since when, and who came back: as the Spring Festival of 2020 moved people.

use base::Day;

use crate::dice::Dice;
use crate::places::{Elsewhere, city, trip};
use crate::words::Transport;

/// A resident's stay outside the town.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Travel {
    /// Province, city, county.
    pub place: &'static str,
    /// In the area affected by the outbreak: who comes back from there is a key person.
    pub affected: bool,
    pub since: Day,
    /// Nothing: still away on the town's day.
    pub back: Option<Back>,
}

/// How a resident came home.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Back {
    pub day: Day,
    pub transport: Transport,
    /// Train, flight or plate; none of them is ever issued.
    pub trip: String,
}

impl Travel {
    /// Away on a day; the day of leaving counts, the day of coming back does not.
    pub fn covers(&self, day: Day) -> bool {
        self.since <= day && self.back.as_ref().is_none_or(|back| day < back.day)
    }
}

/// Days on which people come home, counted from the festival, and their weights: two weeks of
/// crowded trains before, a trickle of drivers and last trains after.
const BACK: [(i32, u32); 32] = {
    const BEFORE: [u32; 14] = [6, 6, 8, 8, 10, 12, 14, 16, 18, 20, 20, 16, 11, 9];
    const AFTER: [u32; 5] = [5, 4, 3, 2, 2];
    let mut table = [(0, 1); 32];
    let mut n = 0;
    while n < table.len() {
        table[n].0 = n as i32 - BEFORE.len() as i32;
        if n < BEFORE.len() {
            table[n].1 = BEFORE[n];
        } else if n < BEFORE.len() + AFTER.len() {
            table[n].1 = AFTER[n - BEFORE.len()];
        }
        n += 1;
    }
    table
};
/// The affected area was closed two days before the festival: nobody came out of it after that.
const CLOSED: i32 = -2;

/// When people are away: the Spring Festival that the town's day follows.
#[derive(Clone, Copy)]
pub(crate) struct Season {
    pub today: Day,
    pub first: Day,
    pub festival: Day,
}

impl Season {
    /// The festival is 25 January 2020 for the weeks after it, and eleven days back otherwise, so
    /// that a demonstration of any day has its returnees.
    pub fn of(today: Day, first: Day) -> Season {
        let spring = Day::new(2020, 1, 25).filter(|spring| (0..=40).contains(&today.days_since(*spring)));
        Season { today, first, festival: spring.unwrap_or(today.plus(-11)) }
    }

    /// A resident works or studies elsewhere; most came home for the festival.
    pub fn away(self, dice: &mut Dice) -> Travel {
        let place = city(dice);
        let since = self.festival.plus(-dice.between(30, 330));
        let offset = dice.weigh(&BACK).min(if place.affected { CLOSED } else { i32::MAX });
        let coming = dice.chance(7_800).then(|| self.festival.plus(offset));
        let back = coming.filter(|day| *day <= self.today).map(|day| coming_home(dice, place, day));
        Travel { place: place.name, affected: place.affected, since, back }
    }

    /// A resident leaves for work while the rounds go on.
    pub fn leaving(self, dice: &mut Dice) -> Travel {
        let days = self.today.days_since(self.first);
        let place = open_city(dice);
        let since = self.first.plus(dice.between(1, days));
        Travel { place: place.name, affected: place.affected, since, back: None }
    }

    /// A whole family lives elsewhere.
    pub fn settled(self, dice: &mut Dice) -> Travel {
        let place = city(dice);
        let since = self.festival.plus(-dice.between(60, 2_000));
        Travel { place: place.name, affected: place.affected, since, back: None }
    }
}

/// A city that can be reached.
fn open_city(dice: &mut Dice) -> Elsewhere {
    let drawn = city(dice);
    if drawn.affected { open_city(dice) } else { drawn }
}

fn coming_home(dice: &mut Dice, place: Elsewhere, day: Day) -> Back {
    let (transport, trip) = trip(dice, place);
    Back { day, transport, trip }
}

/// How many of 10,000 of an age work or study elsewhere.
pub(crate) fn away_at(age: i32) -> u32 {
    match age {
        18..=23 => 4_200,
        24..=30 => 2_800,
        31..=40 => 1_700,
        41..=55 => 900,
        _ => 0,
    }
}
