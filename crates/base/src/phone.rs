//! Phone numbers, as they are kept: one form, so that the same number typed in two ways is found
//! and joined as one.

use crate::fold_width;

/// The fewest and most digits of a number that can be called: a local line without its area code, a
/// landline with one. Mobile numbers have 11.
const FEWEST: usize = 7;
const MOST: usize = 12;

/// A phone number as it is kept: its digits, without spaces, dashes, brackets or the country's +86.
/// Nothing where it cannot be one.
pub fn phone(typed: &str) -> Option<String> {
    let mark = |c: &char| c.is_whitespace() || matches!(c, '-' | '(' | ')' | '–' | '—' | '－');
    let plain: String = fold_width(typed).chars().filter(|c| !mark(c)).collect();
    let digits = plain.strip_prefix("+86").or_else(|| plain.strip_prefix("0086")).unwrap_or(&plain);
    let whole = digits.bytes().all(|b| b.is_ascii_digit());
    (whole && (FEWEST..=MOST).contains(&digits.len())).then(|| digits.to_owned())
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
        ] {
            assert_eq!(phone(typed).as_deref(), Some("12900000412"), "{typed}");
        }
        assert_eq!(phone("(0357)3620001"), phone("0357—3620001"));
    }

    #[test]
    fn what_cannot_be_called_is_none() {
        for typed in ["", "110", "问村里", "1290000041x", "1290000041200", "12900+000412"] {
            assert_eq!(phone(typed), None, "{typed}");
        }
    }
}
