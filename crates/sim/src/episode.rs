//! What goes on in a household over the days: a cold that takes its course, said the same on every
//! day that is asked for.

use base::Day;

use crate::dice::Dice;
use crate::household::Household;
use crate::town::{ROUND_DAYS, Town};
use crate::words::Symptom;

const EPISODE: u64 = 0x41;

/// A resident's illness.
pub(crate) struct Episode {
    /// Place in `Household::residents`.
    pub resident: u16,
    start: Day,
    days: i32,
    /// Tenths of a degree at its height; nothing for an illness without fever.
    peak: Option<u16>,
    symptoms: Vec<Symptom>,
}

impl Episode {
    /// The illness of a household in the time of the rounds, if it has any: one in a hundred.
    pub fn of(town: &Town, household: u32, people: &Household) -> Option<Episode> {
        let mut dice = Dice::of(town.seed, &[EPISODE, u64::from(household)]);
        if !dice.chance(100) {
            return None;
        }
        let resident = u16::try_from(dice.below(people.residents.len() as u32)).ok()?;
        let start = town.today.plus(-dice.between(0, ROUND_DAYS + 2));
        let peak = dice.chance(3_200).then(|| 375 + dice.between(0, 14) as u16);
        let mut symptoms = vec![dice.pick(&[Symptom::DryCough, Symptom::SoreThroat, Symptom::Fatigue])];
        if dice.chance(1_500) {
            symptoms.push(Symptom::Diarrhoea);
        }
        Some(Episode { resident, start, days: dice.between(2, 4), peak, symptoms })
    }

    /// Temperature and symptoms of a day, nothing before it began and after it passed.
    pub fn on(&self, day: Day) -> Option<(u16, Vec<Symptom>)> {
        let n = day.days_since(self.start);
        if !(0..self.days).contains(&n) {
            return None;
        }
        let fallen = u16::try_from(n).unwrap_or(0) * 5;
        let temperature = self.peak.map_or(366, |peak| (peak - fallen).max(368));
        let fever = (temperature >= 373).then_some(Symptom::Fever);
        Some((temperature, fever.into_iter().chain(self.symptoms.iter().copied()).collect()))
    }
}
