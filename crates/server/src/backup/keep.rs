//! Which backups are kept: the newest of each of the last days, weeks and months.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use base::{Day, Moment, TownTime};

/// How many days, weeks and months keep a backup each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Keep {
    pub daily: usize,
    pub weekly: usize,
    pub monthly: usize,
}

/// What is kept where nobody says otherwise.
pub const USUAL: Keep = Keep { daily: 7, weekly: 4, monthly: 12 };

#[derive(Debug, thiserror::Error)]
#[error("write how many are kept, such as: 7 daily, 4 weekly, 12 monthly")]
pub struct Malformed;

impl FromStr for Keep {
    type Err = Malformed;

    /// Reads `7 daily, 4 weekly, 12 monthly`, or some of it.
    fn from_str(text: &str) -> Result<Keep, Malformed> {
        let mut keep = Keep { daily: 0, weekly: 0, monthly: 0 };
        for part in text.split(',') {
            let (number, word) = part.trim().split_once(' ').ok_or(Malformed)?;
            let number = number.parse().ok().filter(|number| *number > 0).ok_or(Malformed)?;
            match word.trim() {
                "daily" => keep.daily = number,
                "weekly" => keep.weekly = number,
                "monthly" => keep.monthly = number,
                _ => return Err(Malformed),
            }
        }
        Ok(keep)
    }
}

impl fmt::Display for Keep {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} daily, {} weekly, {} monthly", self.daily, self.weekly, self.monthly)
    }
}

impl Keep {
    /// Of backups, newest first, which are kept: always the newest.
    pub fn kept(self, newest_first: &[Moment], time: &TownTime) -> Vec<bool> {
        let days: Vec<Day> = newest_first.iter().map(|at| time.day(*at)).collect();
        let mut kept = vec![false; days.len()];
        let week = |day: Day| day.plus(1 - i32::from(day.weekday())).number();
        let month = |day: Day| day.number() / 100;
        for (most, period) in [
            (self.daily, &(|day: Day| day.number()) as &dyn Fn(Day) -> i32),
            (self.weekly, &week),
            (self.monthly, &month),
        ] {
            let mut seen = BTreeSet::new();
            for (place, day) in days.iter().enumerate() {
                if seen.len() < most && seen.insert(period(*day)) {
                    kept[place] = true;
                }
            }
        }
        if let Some(newest) = kept.first_mut() {
            *newest = true;
        }
        kept
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(day: &str, hour: i8) -> Moment {
        time().moment(day.parse().unwrap(), hour, 30).unwrap()
    }

    fn time() -> TownTime {
        TownTime::new("Asia/Shanghai", "16:00").unwrap()
    }

    #[test]
    fn the_newest_of_each_day_week_and_month_is_kept() {
        // 2020-02-03 is a Monday.
        let backups = [
            ("2020-02-04", 20),
            ("2020-02-04", 3),
            ("2020-02-03", 3),
            ("2020-02-02", 3),
            ("2020-02-01", 3),
            ("2020-01-27", 3),
            ("2020-01-26", 3),
            ("2019-12-31", 3),
        ];
        let moments: Vec<Moment> = backups.iter().map(|(day, hour)| at(day, *hour)).collect();
        let kept = |text: &str| {
            let kept = text.parse::<Keep>().unwrap().kept(&moments, &time());
            let kept = backups.iter().zip(kept).filter(|(_, kept)| *kept);
            kept.map(|((day, hour), _)| format!("{day} {hour}")).collect::<Vec<_>>()
        };
        assert_eq!(kept("2 daily"), ["2020-02-04 20", "2020-02-03 3"]);
        assert_eq!(kept("3 weekly"), ["2020-02-04 20", "2020-02-02 3", "2020-01-26 3"]);
        assert_eq!(
            kept("2 daily, 3 monthly"),
            ["2020-02-04 20", "2020-02-03 3", "2020-01-27 3", "2019-12-31 3"]
        );
    }

    #[test]
    fn the_newest_is_always_kept() {
        let none = Keep { daily: 0, weekly: 0, monthly: 0 };
        assert_eq!(none.kept(&[at("2020-02-03", 3), at("2020-02-02", 3)], &time()), [true, false]);
        assert!(none.kept(&[], &time()).is_empty());
    }

    #[test]
    fn a_rule_is_read_as_it_is_written_and_nothing_else_is() {
        assert_eq!(USUAL.to_string().parse::<Keep>().unwrap(), USUAL);
        for wrong in ["", "7", "daily", "7 yearly", "0 daily", "7 daily 4 weekly", "-1 daily"] {
            assert!(wrong.parse::<Keep>().is_err(), "{wrong}");
        }
    }
}
