//! What a contact finds at the door.

use base::{Day, Sex};

use crate::check::{Details, Outcome, Reading, Visitor, Whereabouts};
use crate::dice::Dice;
use crate::episode::Episode;
use crate::household::{Household, Resident};
use crate::names::{full_name, surname};
use crate::papers::VISITOR_PHONE_PREFIX;
use crate::places::{city, county};
use crate::round::Round;
use crate::words::{Need, Purpose};

impl Round<'_> {
    /// All well, or what was found.
    pub(crate) fn outcome(self, household: u32, people: &Household, dice: &mut Dice) -> Outcome {
        let since = self.last_met(household, people);
        let measured = dice.chance(80);
        let ill = Episode::of(self.town, household, people);
        let ill = ill.and_then(|episode| Some((episode.resident, episode.on(self.day)?)));
        let mut readings = Vec::new();
        for (place, resident) in (0_u16..).zip(&people.residents) {
            let ill = ill.as_ref().filter(|(who, _)| *who == place).map(|(_, how)| how);
            readings.extend(self.reading(place, resident, since, measured, ill, dice));
        }
        let details = Details {
            readings,
            visitors: self.visitors(dice),
            needs: self.needs(dice),
            note: dice.chance(30).then(|| dice.pick(&NOTES)),
        };
        if details == Details::default() { Outcome::AllWell } else { Outcome::Detailed(details) }
    }

    /// What there is to say of a resident: moved since the last visit, ill, a key person, or
    /// everybody was measured.
    fn reading(
        self,
        resident: u16,
        of: &Resident,
        since: Day,
        measured: bool,
        ill: Option<&(u16, Vec<crate::Symptom>)>,
        dice: &mut Dice,
    ) -> Option<Reading> {
        let moved = self.moved(of, since);
        if of.away_on(self.day) {
            return moved.map(|whereabouts| Reading {
                resident,
                temperature: None,
                symptoms: Vec::new(),
                whereabouts,
            });
        }
        let normal = 361 + (dice.below(4) + dice.below(4)) as u16;
        if moved.is_none() && ill.is_none() && !measured && !of.key_on(self.day) {
            return None;
        }
        let (temperature, symptoms) = ill.cloned().unwrap_or((normal, Vec::new()));
        let whereabouts = moved.unwrap_or(Whereabouts::Home);
        Some(Reading { resident, temperature: Some(temperature), symptoms, whereabouts })
    }

    fn moved(self, resident: &Resident, since: Day) -> Option<Whereabouts> {
        let travel = resident.travel.as_ref()?;
        let new = |day: Day| since < day && day <= self.day;
        if let Some(back) = travel.back.as_ref().filter(|back| new(back.day)) {
            let (from, affected) = (travel.place, travel.affected);
            return Some(Whereabouts::Back { from, affected, how: back.clone() });
        }
        new(travel.since).then_some(Whereabouts::Away { place: travel.place, since: travel.since })
    }

    fn visitors(self, dice: &mut Dice) -> Vec<Visitor> {
        const PURPOSES: [(Purpose, u32); 5] = [
            (Purpose::Relatives, 62),
            (Purpose::Work, 12),
            (Purpose::Delivery, 12),
            (Purpose::Funeral, 6),
            (Purpose::Other, 8),
        ];
        let early = self.day.days_since(self.town.first_day()) < 5;
        if !dice.chance(if early { 80 } else { 30 }) {
            return Vec::new();
        }
        let visitor = |dice: &mut Dice| {
            let sex = if dice.chance(5_000) { Sex::Male } else { Sex::Female };
            let (family, year) = (surname(dice), dice.between(1_950, 2_000) as i16);
            Visitor {
                name: full_name(dice, family, sex, year),
                phone: dice
                    .chance(8_500)
                    .then(|| format!("{VISITOR_PHONE_PREFIX}{:08}", dice.below(100_000_000))),
                from: if dice.chance(7_000) { county(dice) } else { city(dice).name },
                purpose: dice.weigh(&PURPOSES),
            }
        };
        (0..=dice.below(2)).map(|_| visitor(dice)).collect()
    }

    fn needs(self, dice: &mut Dice) -> Vec<Need> {
        const NEEDS: [(Need, u32); 7] = [
            (Need::Medicine, 26),
            (Need::Food, 28),
            (Need::Masks, 24),
            (Need::Doctor, 6),
            (Need::Coal, 6),
            (Need::Repair, 6),
            (Need::Care, 4),
        ];
        if dice.chance(60) { vec![dice.weigh(&NEEDS)] } else { Vec::new() }
    }
}

/// What contacts write by hand.
const NOTES: [&str; 8] = [
    "老人按时服药，情况稳定",
    "已劝其取消走亲访友",
    "门口张贴了明白纸",
    "家中口罩不足，已登记",
    "孩子在家上网课",
    "原定婚事已推迟",
    "已提醒开窗通风",
    "院内已自行消毒",
];
