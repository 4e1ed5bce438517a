//! What a division may be called, and for how long. Pure.

use base::Day;

/// The first day of a name whose beginning nobody wrote down.
pub const ALWAYS: i32 = 19_000_101;
/// The end of a name that holds: no day comes after it.
pub const OPEN: i32 = 99_991_231;

/// [`ALWAYS`] as a day.
pub fn always() -> Day {
    Day::from_number(ALWAYS).expect("a day of the calendar")
}

/// Letters of a name at most: the longest of the country has 34.
const LONGEST: usize = 60;

/// A name as it is stored, without blanks around it; otherwise the key of what is wrong with it.
pub fn checked_name(text: &str) -> Result<&str, &'static str> {
    let name = text.trim();
    match name.chars().count() {
        0 => Err("division-name-empty"),
        n if n > LONGEST => Err("division-name-long"),
        _ if name.chars().any(char::is_control) => Err("division-name-odd"),
        _ => Ok(name),
    }
}

/// Days around today on which a change may begin: beyond, the year was mistyped.
const AROUND: i32 = 366;

/// The first day of a change as it was typed; otherwise the key of what is wrong with it.
pub fn checked_day(text: &str, today: Day) -> Result<Day, &'static str> {
    let day: Day = text.parse().map_err(|_| "division-day-odd")?;
    if day.days_since(today).abs() > AROUND { Err("division-day-far") } else { Ok(day) }
}

/// The number of a new team area: the one asked for, or the next that was never used.
pub fn group_number(asked: &str, used: &[i64]) -> Result<i64, &'static str> {
    let asked = base::fold_width(asked);
    let number = match asked.is_empty() {
        true => used.iter().max().map_or(1, |last| last + 1),
        false => asked.parse().map_err(|_| "division-number-odd")?,
    };
    match number {
        1..=999 if used.contains(&number) => Err("division-number-taken"),
        1..=999 => Ok(number),
        _ => Err("division-number-odd"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_trimmed_and_never_empty() {
        assert_eq!(checked_name(" 一组\u{3000}"), Ok("一组"));
        assert_eq!(checked_name("　"), Err("division-name-empty"));
        assert_eq!(checked_name("一\n组"), Err("division-name-odd"));
        assert_eq!(checked_name(&"组".repeat(61)), Err("division-name-long"));
    }

    #[test]
    fn a_mistyped_year_is_told() {
        let today = Day::new(2020, 2, 3).unwrap();
        assert_eq!(checked_day("2020-03-01", today), Ok(Day::new(2020, 3, 1).unwrap()));
        assert_eq!(checked_day("2202-03-01", today), Err("division-day-far"));
        assert_eq!(checked_day("3月1日", today), Err("division-day-odd"));
    }

    #[test]
    fn the_next_number_was_never_used() {
        assert_eq!(group_number("", &[]), Ok(1));
        assert_eq!(group_number("", &[1, 7]), Ok(8));
        assert_eq!(group_number("３", &[1, 7]), Ok(3));
        assert_eq!(group_number("7", &[1, 7]), Err("division-number-taken"));
        assert_eq!(group_number("1000", &[]), Err("division-number-odd"));
        assert_eq!(group_number("", &[999]), Err("division-number-odd"));
    }
}
