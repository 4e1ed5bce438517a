//! A steward's way through his households on one day: when he sets out, how fast he goes, when it
//! is entered. Everything here is in seconds from the start of the day.

use base::Day;

use crate::check::Source;
use crate::dice::Dice;
use crate::town::Town;

const WALK: u64 = 0x31;
const PAPER: u64 = 0x32;
const HOUR: i32 = 3_600;

pub(crate) struct Walk {
    /// He did not go at all.
    pub skipped: bool,
    /// From which turn on he goes in the afternoon.
    noon: i32,
    morning: i32,
    afternoon: i32,
    /// Seconds from door to door.
    pace: i32,
    entry: Entry,
}

enum Entry {
    AtDoor,
    /// No signal on the way: everything goes out at this time, after the walk.
    Later(i32),
    /// The street's sheet is typed in from this time on.
    Paper(i32),
}

impl Walk {
    /// The walk of a steward on a day: the same for all his households.
    pub fn of(town: &Town, steward: u32, day: Day, behind: bool) -> Walk {
        let mut dice = Dice::of(town.seed, &[WALK, u64::from(steward), day.number().unsigned_abs().into()]);
        let load = i32::from(town.stewards.get(steward as usize).map_or(0, |steward| steward.load));
        let skipped = dice.chance(if behind { 280 } else { 25 });
        let evening = dice.chance(if behind { 700 } else { 110 });
        let noon = match dice.below(100) {
            0..=54 => load,
            55..=89 => load / 2,
            _ => 0,
        };
        let mut walk = Walk {
            skipped,
            noon: if evening { 0 } else { noon },
            morning: 8 * HOUR + dice.between(0, 2_400) + dice.between(0, 2_400),
            afternoon: if evening { 17 * HOUR } else { 13 * HOUR + 1_800 } + dice.between(0, 3_600),
            pace: dice.between(130, 260),
            entry: Entry::AtDoor,
        };
        walk.entry = walk.entry(town, steward, &mut dice, load);
        walk
    }

    fn entry(&self, town: &Town, steward: u32, dice: &mut Dice, load: i32) -> Entry {
        let end = self.door(load);
        if Dice::of(town.seed, &[PAPER, u64::from(steward)]).chance(400) {
            let before_cut_off = end < 14 * HOUR + 1_800 && dice.chance(6_500);
            let earliest = if before_cut_off { 14 * HOUR + 2_400 } else { (17 * HOUR).max(end) };
            return Entry::Paper(earliest + dice.between(0, 2_400));
        }
        if dice.chance(600) { Entry::Later(end + dice.between(300, 2_400)) } else { Entry::AtDoor }
    }

    /// When he stands at the door of a turn, at the earliest.
    fn door(&self, turn: i32) -> i32 {
        if turn < self.noon {
            self.morning + turn * self.pace
        } else {
            self.afternoon + (turn - self.noon) * self.pace
        }
    }

    /// When the household of a turn was checked, and when that was entered.
    pub fn times(&self, turn: u16, dice: &mut Dice) -> (i32, i32) {
        let turn = i32::from(turn);
        let happened = self.door(turn) + dice.between(0, self.pace * 3 / 4);
        let entered = match self.entry {
            Entry::AtDoor => happened + dice.between(5, 50),
            Entry::Later(at) => at + turn / 8,
            Entry::Paper(at) => at + turn * 4,
        };
        (happened, entered)
    }

    pub fn source(&self) -> Source {
        if matches!(self.entry, Entry::Paper(_)) { Source::Paper } else { Source::Phone }
    }
}
