//! Numbers, dates and times as people see them.

use calamine::ExcelDateTime;

use super::table::Remark;

/// A spreadsheet program keeps 15 digits of a number.
const DIGITS: usize = 15;

/// A number without exponent or needless zeros. `format` is the cell's number format: one made of
/// zeros only (000000) stands for a code with leading zeros.
pub fn number(value: f64, format: &str) -> (String, Option<Remark>) {
    // Rounded to what is shown, 0.1 + 0.2 is 0.3.
    let shown: f64 = format!("{value:.*e}", DIGITS - 1).parse().unwrap_or(value);
    let lost = value.trunc() == value && value.abs() >= 1e15;
    let exact = if lost { value } else { shown };
    let width = if is_code(format) { format.len() } else { 0 };
    // Adding zero turns -0 into 0.
    (format!("{:0width$}", exact + 0.0), lost.then_some(Remark::DigitsLost))
}

fn is_code(format: &str) -> bool {
    format.len() > 1 && format.bytes().all(|byte| byte == b'0')
}

/// Whether a text is a long number in the short form that a spreadsheet program shows and saves
/// to CSV: 1.40101E+17.
pub fn is_rounded(text: &str) -> bool {
    let Some((mantissa, exponent)) = text.split_once(['E', 'e']) else { return false };
    let digits = mantissa.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    let exponent = exponent.strip_prefix('+').and_then(|exponent| exponent.parse::<usize>().ok());
    digits && mantissa.starts_with(|c: char| c.is_ascii_digit()) && exponent.is_some_and(|n| n >= DIGITS)
}

/// Whether a text is what spreadsheet programs show of an error.
pub fn is_error(text: &str) -> bool {
    const ERRORS: [&str; 7] = ["#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!"];
    let is_numbered = |number: &str| number.len() == 3 && number.bytes().all(|byte| byte.is_ascii_digit());
    ERRORS.contains(&text) || text.strip_prefix("Err:").is_some_and(is_numbered)
}

/// 2020-02-03, 2020-02-03 14:05, 14:05 (a time without a day) or 26:30 (a span). A number that is
/// no date of the calendar, though formatted as one, is shown as the number.
pub fn moment(at: &ExcelDateTime) -> (String, Option<Remark>) {
    let serial = at.as_f64();
    if !(0.0..2_958_466.0).contains(&serial) {
        return number(serial, "");
    }
    // Half a second more, so that what was stored a hair short is not shown a second early.
    let seconds = (serial * 86_400.0 + 0.5) as u64;
    if at.is_duration() || serial < 1.0 {
        return (clock(seconds / 3_600, seconds), None);
    }
    let (year, month, day, ..) = at.to_ymd_hms_milli();
    let date = format!("{year:04}-{month:02}-{day:02}");
    match seconds % 86_400 {
        0 => (date, None),
        of_day => (format!("{date} {}", clock(of_day / 3_600, of_day)), None),
    }
}

/// Hours and minutes; seconds where there are any.
fn clock(hours: u64, seconds: u64) -> String {
    let (minutes, seconds) = (seconds / 60 % 60, seconds % 60);
    if seconds == 0 {
        format!("{hours:02}:{minutes:02}")
    } else {
        format!("{hours:02}:{minutes:02}:{seconds:02}")
    }
}

/// A date stored as text by the newer file form: 2020-02-03T00:00:00 is 2020-02-03.
pub fn iso(text: &str) -> String {
    let text = text.trim_end_matches('Z');
    let text = text.strip_suffix(".000").unwrap_or(text);
    text.strip_suffix("T00:00:00").unwrap_or(text).replacen('T', " ", 1)
}

#[cfg(test)]
mod tests {
    use calamine::ExcelDateTimeType::{DateTime, TimeDelta};

    use super::*;

    #[test]
    fn numbers_look_as_on_the_screen() {
        for (value, text) in
            [(1.0, "1"), (-0.0, "0"), (0.1 + 0.2, "0.3"), (37.2, "37.2"), (1e-7, "0.0000001"), (-3.5, "-3.5")]
        {
            assert_eq!(number(value, "General"), (text.to_owned(), None));
        }
        assert_eq!(number(7.0, "000000"), ("000007".to_owned(), None));
    }

    #[test]
    fn a_number_of_more_than_15_digits_is_not_trusted() {
        assert_eq!(number(999_999_999_999_999.0, "0"), ("999999999999999".to_owned(), None));
        assert_eq!(number(1.4e17, "0"), ("140000000000000000".to_owned(), Some(Remark::DigitsLost)));
        assert!(is_rounded("1.4E+17") && is_rounded("1e+15"));
        assert!(!is_rounded("1.4E+14") && !is_rounded("E+17") && !is_rounded("北E+17") && !is_rounded("12"));
    }

    #[test]
    fn what_is_shown_of_an_error_is_one() {
        assert!(["#N/A", "#DIV/0!", "Err:502"].into_iter().all(is_error));
        assert!(!["#1", "N/A", "Err:", "Err:50x", "#N/A 1"].into_iter().any(is_error));
    }

    #[test]
    fn both_date_systems_give_the_same_day() {
        let shown = |serial, is_1904| moment(&ExcelDateTime::new(serial, DateTime, is_1904)).0;
        assert_eq!(shown(43_864.0, false), "2020-02-03");
        assert_eq!(shown(42_402.0, true), "2020-02-03");
        assert_eq!(shown(43_864.586_805_555_55, false), "2020-02-03 14:05");
        assert_eq!(shown(43_863.999_999_999, false), "2020-02-03");
        assert_eq!(shown(0.5, false), "12:00");
        assert_eq!(shown(20_200_203.0, false), "20200203");
        assert_eq!(moment(&ExcelDateTime::new(1.104_166_666_666_667, TimeDelta, false)).0, "26:30");
    }

    #[test]
    fn a_date_in_text_form_loses_the_midnight() {
        assert_eq!(iso("2020-02-03T00:00:00Z"), "2020-02-03");
        assert_eq!(iso("2020-02-03T00:00:00.000"), "2020-02-03");
        assert_eq!(iso("2020-02-03T14:05:00"), "2020-02-03 14:05:00");
    }
}
