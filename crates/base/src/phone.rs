//! Phone numbers, as they are kept: one form, so that the same number typed in two ways is found
//! and joined as one.

use crate::fold_width;

/// A phone number as it is kept: its digits, without spaces, dashes, brackets or the country's +86, nor
/// the .0 of a spreadsheet that took it for a number.
/// Nothing where it cannot be one: a mobile number (it begins with 1) has 11 digits, a landline with
/// its area code (which begins with 0) 10 to 12, a local line 7 or 8, and 400 and 800 are followed by 7.
pub fn phone(typed: &str) -> Option<String> {
    let mark = |c: &char| c.is_whitespace() || matches!(c, '-' | '(' | ')' | '–' | '—' | '－');
    let plain: String = fold_width(typed).chars().filter(|c| !mark(c)).collect();
    let plain = plain.strip_suffix(".0").unwrap_or(&plain);
    let digits = plain.strip_prefix("+86").or_else(|| plain.strip_prefix("0086")).unwrap_or(plain);
    let lengths = match digits.as_bytes() {
        [b'1', ..] => 11..=11,
        [b'0', ..] => 10..=12,
        [b'4' | b'8', b'0', b'0', ..] if digits.len() > 8 => 10..=10,
        _ => 7..=8,
    };
    let whole = digits.bytes().all(|b| b.is_ascii_digit());
    (whole && lengths.contains(&digits.len())).then(|| digits.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_number_has_one_form_however_it_is_typed() {
        for typed in [
            "12900000412",
            " 129 0000-0412",
            "１２９０００００４１２",
            "+86 129-0000-0412",
            "(+86)12900000412",
            "008612900000412",
            "12900000412.0",
        ] {
            assert_eq!(phone(typed).as_deref(), Some("12900000412"), "{typed}");
        }
        assert_eq!(phone("(0357)3620001"), phone("0357—3620001"));
        assert!(["3620001", "0357-3620001", "400-800-0001"].iter().all(|typed| phone(typed).is_some()));
    }

    #[test]
    fn what_cannot_be_called_is_none() {
        for typed in
            ["", "110", "问村里", "1290000041x", "1290000041200", "12900+000412", "1290000041", "3573620001"]
        {
            assert_eq!(phone(typed), None, "{typed}");
        }
    }
}
