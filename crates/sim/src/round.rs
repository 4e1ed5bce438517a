//! The daily round: for every household of a day what its contact found, or silence.

use base::{Day, Moment, TownTime};

use crate::check::{Check, Outcome, Source};
use crate::dice::Dice;
use crate::household::Household;
use crate::town::Town;
use crate::walk::Walk;
use crate::words::{Occupancy, Reason};

const VISIT: u64 = 0x61;
/// How far back a contact says what happened since he was last there.
const LOOK_BACK: i32 = 4;

/// The round of one day. Vacant houses and households wholly away are not due daily and not in it.
#[derive(Clone, Copy, Debug)]
pub struct Round<'a> {
    pub(crate) town: &'a Town,
    pub(crate) day: Day,
    start: Moment,
}

/// How a visit ended, before anybody says what was found.
enum Visit {
    Silent,
    Unreachable(Reason),
    Done,
}

impl<'a> Round<'a> {
    pub(crate) fn new(town: &'a Town, day: Day, time: &TownTime) -> Round<'a> {
        Round { town, day, start: time.start(day) }
    }

    /// All checks of the day, in the order of the households.
    pub fn checks(self) -> impl Iterator<Item = Check> + 'a {
        (0..self.town.households.len() as u32).filter_map(move |household| self.check(household))
    }

    /// The checks entered up to a moment: the day as it stands then.
    pub fn until(self, moment: Moment) -> impl Iterator<Item = Check> + 'a {
        self.checks().filter(move |check| check.entered_at <= moment)
    }

    /// The check of one household; nothing where it is not due, or nobody came.
    pub fn check(self, household: u32) -> Option<Check> {
        let people = self.town.households.get(household as usize)?;
        if people.occupancy != Occupancy::Lived
            || !(self.town.first_day()..=self.town.today).contains(&self.day)
        {
            return None;
        }
        let by = self.town.answers(people)?;
        let walk = Walk::of(self.town, by, self.day, self.behind(people));
        let mut dice = self.dice(household);
        let outcome = match self.visit(people, &walk, &mut dice) {
            Visit::Silent => return None,
            Visit::Unreachable(reason) => Outcome::Unreachable(reason),
            Visit::Done => self.outcome(household, people, &mut dice),
        };
        let (happened, entered) = walk.times(people.turn, &mut dice);
        let lead = self.town.group(people).and_then(|group| group.lead);
        let source = walk.source();
        Some(Check {
            household,
            day: self.day,
            by,
            entered_by: if source == Source::Paper { lead.unwrap_or(by) } else { by },
            source,
            happened_at: self.at(happened),
            entered_at: self.at(entered),
            outcome,
        })
    }

    fn at(self, seconds: i32) -> Moment {
        Moment(self.start.0 + i64::from(seconds) * 1_000)
    }

    fn dice(self, household: u32) -> Dice {
        let day = u64::from(self.day.number().unsigned_abs());
        Dice::of(self.town.seed, &[VISIT, day, u64::from(household)])
    }

    fn behind(self, people: &Household) -> bool {
        self.town.villages.get(usize::from(people.village)).is_some_and(|village| village.behind)
    }

    fn visit(self, people: &Household, walk: &Walk, dice: &mut Dice) -> Visit {
        const REASONS: [(Reason, u32); 4] =
            [(Reason::NotAtHome, 50), (Reason::Locked, 25), (Reason::NoAnswer, 20), (Reason::Refused, 5)];
        let missed = if self.behind(people) { 250 } else { 40 };
        match dice.below(10_000) {
            _ if walk.skipped => Visit::Silent,
            n if n < missed => Visit::Silent,
            n if n < missed + 140 => Visit::Unreachable(dice.weigh(&REASONS)),
            _ => Visit::Done,
        }
    }

    /// Whether somebody of the household was met on an earlier day.
    fn met_on(self, day: Day, household: u32, people: &Household) -> bool {
        let Some(by) = self.town.answers(people) else { return false };
        let walk = Walk::of(self.town, by, day, self.behind(people));
        let then = Round { day, ..self };
        matches!(then.visit(people, &walk, &mut then.dice(household)), Visit::Done)
    }

    /// The last day before this one on which the household was met, within [`LOOK_BACK`]; the
    /// first day's round says what happened that day.
    pub(crate) fn last_met(self, household: u32, people: &Household) -> Day {
        if people.residents.iter().all(|resident| resident.travel.is_none()) {
            return self.day.previous();
        }
        let earliest = self.day.plus(-LOOK_BACK).max(self.town.first_day().previous());
        let days = std::iter::successors(Some(self.day.previous()), |day| Some(day.previous()));
        let met = days.take_while(|day| *day > earliest).find(|day| self.met_on(*day, household, people));
        met.unwrap_or(earliest)
    }
}
