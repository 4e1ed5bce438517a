//! The calendar day in the town's time zone, and its cut-off.

use std::fmt;
use std::str::FromStr;

use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};

use crate::Moment;

/// A calendar day of the town. Stored as an INTEGER that people can read: 20200203.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(Date);

impl Day {
    /// The day `year-month-day`, or nothing where the calendar has no such day.
    pub fn new(year: i16, month: i8, day: i8) -> Option<Day> {
        Date::new(year, month, day).ok().map(Day)
    }

    /// The day as it is stored: 3 February 2020 is 20200203.
    pub fn number(self) -> i32 {
        i32::from(self.0.year()) * 10_000 + i32::from(self.0.month()) * 100 + i32::from(self.0.day())
    }

    /// The day of a stored number, or nothing where it is none.
    pub fn from_number(number: i32) -> Option<Day> {
        let part = |n: i32| i8::try_from(n % 100).ok();
        Day::new(i16::try_from(number / 10_000).ok()?, part(number / 100)?, part(number)?)
    }

    /// The day `days` later, earlier when negative; stops at the calendar's ends.
    pub fn plus(self, days: i32) -> Day {
        Day(self.0.saturating_add(days.days()))
    }

    pub fn next(self) -> Day {
        self.plus(1)
    }

    pub fn previous(self) -> Day {
        self.plus(-1)
    }

    /// Days from `earlier` to this day; negative when it is later.
    pub fn days_since(self, earlier: Day) -> i32 {
        self.0.since(earlier.0).map_or(0, |span| span.get_days())
    }

    /// Every day from this one to `last`, both included.
    pub fn through(self, last: Day) -> impl Iterator<Item = Day> {
        std::iter::successors(Some(self), |day| Some(day.next())).take_while(move |day| *day <= last)
    }

    pub fn year(self) -> i16 {
        self.0.year()
    }

    pub fn month(self) -> i8 {
        self.0.month()
    }

    pub fn day_of_month(self) -> i8 {
        self.0.day()
    }

    /// Monday is 1, Sunday 7.
    pub fn weekday(self) -> i8 {
        self.0.weekday().to_monday_one_offset()
    }

    /// Full years from this day (of birth) to `on`; negative for a birth still to come.
    pub fn age_on(self, on: Day) -> i32 {
        let before_birthday = (on.month(), on.day_of_month()) < (self.month(), self.day_of_month());
        i32::from(on.year()) - i32::from(self.year()) - i32::from(before_birthday)
    }
}

/// 2020-02-03, as in URLs and the API.
impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Debug for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for Day {
    type Err = jiff::Error;

    /// Reads 2020-02-03; anything else is an error.
    fn from_str(text: &str) -> Result<Day, jiff::Error> {
        let text = text.trim();
        // Years before our era are read as well, and are no number that can be stored.
        if text.starts_with('-') {
            return Err(jiff::Error::from_args(format_args!("{text} is no day such as 2020-02-03")));
        }
        Date::strptime("%Y-%m-%d", text).map(Day)
    }
}

impl serde::Serialize for Day {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> serde::Deserialize<'de> for Day {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Day, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

/// How a town reckons time: its zone and the hour at which the day's report closes.
#[derive(Clone, Debug)]
pub struct TownTime {
    zone: TimeZone,
    cut_off: Time,
}

impl TownTime {
    /// `zone` is a name of the time zone database (Asia/Shanghai), `cut_off` an hour like 16:00.
    pub fn new(zone: &str, cut_off: &str) -> Result<TownTime, jiff::Error> {
        Ok(TownTime { zone: TimeZone::get(zone)?, cut_off: Time::strptime("%H:%M", cut_off)? })
    }

    /// The calendar day on which a moment falls.
    pub fn day(&self, at: Moment) -> Day {
        Day(self.civil(at).date())
    }

    /// Hour and minute of a moment, on the town's clock.
    pub fn hour_minute(&self, at: Moment) -> (i8, i8) {
        let civil = self.civil(at);
        (civil.hour(), civil.minute())
    }

    /// The moment at which the town's clock shows `hour:minute` on `day`.
    pub fn moment(&self, day: Day, hour: i8, minute: i8) -> Option<Moment> {
        let time = Time::new(hour, minute, 0, 0).ok()?;
        Some(self.at(day, time))
    }

    /// The first moment of a day.
    pub fn start(&self, day: Day) -> Moment {
        self.at(day, Time::midnight())
    }

    /// The cut-off of a day: what is entered at or after it is late.
    pub fn cut_off(&self, day: Day) -> Moment {
        self.at(day, self.cut_off)
    }

    /// The hour of a day (0 to 23) in which a moment of it lies.
    pub fn hour(&self, day: Day, at: Moment) -> i32 {
        let hours = (at.0 - self.start(day).0).div_euclid(3_600_000);
        i32::try_from(hours.clamp(0, 23)).unwrap_or(0)
    }

    fn at(&self, day: Day, time: Time) -> Moment {
        let instant = self.zone.to_ambiguous_timestamp(day.0.to_datetime(time)).compatible();
        Moment(instant.unwrap_or(Timestamp::UNIX_EPOCH).as_millisecond())
    }

    fn civil(&self, at: Moment) -> jiff::civil::DateTime {
        let instant = Timestamp::from_millisecond(at.0).unwrap_or(Timestamp::UNIX_EPOCH);
        self.zone.to_datetime(instant)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_reads_as_it_is_stored() {
        let day = Day::new(2020, 2, 3).unwrap();
        assert_eq!(day.number(), 20_200_203);
        assert_eq!(Day::from_number(20_200_203), Some(day));
        assert_eq!(Day::from_number(20_200_230), None);
        assert_eq!(day.to_string(), "2020-02-03");
        assert_eq!("2020-02-03".parse::<Day>().unwrap(), day);
        assert!("3.2.2020".parse::<Day>().is_err());
        assert!("-2020-02-03".parse::<Day>().is_err(), "found by changed input");
    }

    #[test]
    fn the_town_counts_days_by_its_own_clock() {
        let time = TownTime::new("Asia/Shanghai", "16:00").unwrap();
        let day = Day::new(2020, 2, 3).unwrap();
        // 16:00 UTC on 2 February is midnight of the 3rd in Shanghai.
        assert_eq!(time.start(day).0, 1_580_659_200_000);
        assert_eq!(time.day(time.start(day)), day);
        assert_eq!(time.day(Moment(time.start(day).0 - 1)), day.previous());
        assert_eq!(time.hour_minute(time.cut_off(day)), (16, 0));
        assert_eq!(time.hour(day, Moment(time.cut_off(day).0 - 1)), 15);
        assert_eq!(time.hour(day, time.start(day.next())), 23);
    }

    #[test]
    fn days_are_counted_over_a_leap_day() {
        let day = Day::new(2020, 2, 28).unwrap();
        assert_eq!(day.plus(2), Day::new(2020, 3, 1).unwrap());
        assert_eq!(day.plus(2).days_since(day), 2);
        assert_eq!(day.through(day.plus(2)).count(), 3);
        assert_eq!(Day::new(1980, 2, 29).unwrap().age_on(day), 39);
    }
}
