//! How a household is made: the house, its people, who of them is elsewhere.

use base::{Day, Division};

use crate::dice::Dice;
use crate::family::{Member, family, family_away, lodgers};
use crate::household::{Household, Resident};
use crate::names::{Surnames, full_name};
use crate::papers::Papers;
use crate::places::county;
use crate::tags::tags;
use crate::travel::{Season, away_at};
use crate::words::{Occupancy, Relation};

/// Where a household stands, and what its people are made with.
pub(crate) struct Plot<'a> {
    pub division: Division,
    pub village: u16,
    pub group: u16,
    /// Village and team area, before the house.
    pub street: &'a str,
    pub surnames: &'a Surnames,
    pub season: Season,
}

impl Plot<'_> {
    /// The household at a house of this street.
    pub fn household(&self, dice: &mut Dice, papers: &mut Papers, house: String) -> Household {
        let occupancy =
            dice.weigh(&[(Occupancy::Lived, 930), (Occupancy::Vacant, 40), (Occupancy::Away, 30)]);
        let mut residents = self.people(dice, papers, occupancy);
        match occupancy {
            Occupancy::Lived => self.spread(dice, &mut residents),
            Occupancy::Vacant | Occupancy::Away => self.settle(dice, &mut residents),
        }
        let tags = tags(dice, &residents, self.season.today);
        Household {
            division: self.division,
            village: self.village,
            group: self.group,
            address: format!("{}{house}", self.street),
            house,
            phone: residents.iter().find_map(|resident| resident.phone.clone()),
            occupancy,
            tags,
            contact: None,
            turn: 0,
            residents,
        }
    }

    fn people(&self, dice: &mut Dice, papers: &mut Papers, occupancy: Occupancy) -> Vec<Resident> {
        let mut members = match occupancy {
            Occupancy::Lived => family(dice, self.surnames),
            Occupancy::Away => family_away(dice, self.surnames),
            Occupancy::Vacant => Vec::new(),
        };
        if occupancy == Occupancy::Lived && dice.chance(150) {
            members.extend(lodgers(dice));
        }
        members.into_iter().map(|member| self.resident(dice, papers, member)).collect()
    }

    fn resident(&self, dice: &mut Dice, papers: &mut Papers, member: Member) -> Resident {
        let birth = birthday(dice, self.season.today, member.age);
        let known = member.age > 0 || dice.chance(7_000);
        Resident {
            name: full_name(dice, member.surname, member.sex, birth.year()),
            sex: member.sex,
            birth,
            identity: known.then(|| papers.identity(birth)).flatten(),
            phone: dice.chance(telephones_at(member.age)).then(|| papers.phone()),
            relation: member.relation,
            registered_elsewhere: (member.relation == Relation::Lodger).then(|| county(dice)),
            travel: None,
        }
    }

    /// Sends the young to the cities; somebody grown up stays.
    fn spread(&self, dice: &mut Dice, residents: &mut [Resident]) {
        for resident in residents.iter_mut().filter(|resident| resident.relation != Relation::Lodger) {
            let age = resident.birth.age_on(self.season.today);
            if dice.chance(away_at(age)) {
                resident.travel = Some(self.season.away(dice));
            } else if (20..=55).contains(&age) && dice.chance(25) {
                resident.travel = Some(self.season.leaving(dice));
            }
        }
        self.leave_children(dice, residents);
        let adult = |resident: &Resident| {
            resident.birth.age_on(self.season.today) >= 18 && resident.relation != Relation::Lodger
        };
        let stays = residents.iter().any(|resident| adult(resident) && resident.travel.is_none());
        if let Some(first) = residents.iter_mut().find(|resident| adult(resident)).filter(|_| !stays) {
            first.travel = None;
        }
    }

    /// Here and there both parents work in one city, and the grandparents raise the children.
    fn leave_children(&self, dice: &mut Dice, residents: &mut [Resident]) {
        let has = |relation: Relation| residents.iter().any(|resident| resident.relation == relation);
        let parents = if has(Relation::DaughterInLaw) {
            [Relation::Son, Relation::DaughterInLaw]
        } else if has(Relation::Mother) {
            [Relation::Head, Relation::Spouse]
        } else {
            return;
        };
        if dice.chance(600) {
            let travel = self.season.away(dice);
            for parent in residents.iter_mut().filter(|resident| parents.contains(&resident.relation)) {
                parent.travel = Some(travel.clone());
            }
        }
    }

    fn settle(&self, dice: &mut Dice, residents: &mut [Resident]) {
        let travel = self.season.settled(dice);
        for resident in residents {
            resident.travel = Some(travel.clone());
        }
    }
}

/// A birth date that makes `age` full years on `today`.
fn birthday(dice: &mut Dice, today: Day, age: i32) -> Day {
    let year = i32::from(today.year()) - age;
    let last = Day::from_number(year * 10_000 + today.number() % 10_000)
        .unwrap_or_else(|| today.plus(-365 * age - age / 4));
    let birth = last.plus(-dice.between(0, 364));
    if birth.age_on(today) == age { birth } else { last }
}

/// How many of 10,000 of an age have a telephone of their own.
fn telephones_at(age: i32) -> u32 {
    match age {
        ..12 => 0,
        12..16 => 1_500,
        16..60 => 9_300,
        60..75 => 7_000,
        _ => 3_500,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_birthday_makes_the_age() {
        let mut dice = Dice::of(9, &[]);
        for today in [Day::new(2020, 2, 5).unwrap(), Day::new(2020, 2, 29).unwrap()] {
            for age in 0..95 {
                assert_eq!(birthday(&mut dice, today, age).age_on(today), age, "{today}");
            }
        }
    }
}
