//! Text that a spreadsheet program would run as a formula when it opens a CSV file. In CSV there
//! is no type, so such text gets an apostrophe in front; in XLSX a text cell is text and needs none.

/// What opens a formula, in plain and in full width: programs with a Chinese keyboard layout take
/// both. (OWASP, "CSV Injection".)
const OPENERS: [char; 8] = ['=', '+', '-', '@', '＝', '＋', '－', '＠'];

/// The text as it may stand in a CSV cell.
pub fn disarm(text: &str) -> String {
    if is_armed(text) { format!("'{text}") } else { text.to_owned() }
}

/// The text as it was before [`disarm`].
pub fn rearm(text: &str) -> &str {
    match text.strip_prefix('\'') {
        Some(rest) if is_armed(rest) => rest,
        _ => text,
    }
}

/// Whether the text could run. Text that already looks disarmed counts too, so that an apostrophe
/// typed by a person comes back from a file as it was.
fn is_armed(text: &str) -> bool {
    text.starts_with(['\t', '\r', '\n'])
        || text.trim_start().starts_with(OPENERS)
        || text.strip_prefix('\'').is_some_and(is_armed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_could_run_is_disarmed_and_comes_back() {
        for text in ["=1+1", "+86 139", "-2", "@SUM(A1)", "\t=1", "\r=1", "  =1", "＝1", "'=1", "''=1"] {
            assert_eq!(disarm(text), format!("'{text}"));
            assert_eq!(rearm(&disarm(text)), text);
        }
    }

    #[test]
    fn plain_text_is_left_alone() {
        for text in ["", "北街村", "37.2", "a=b", "'quoted'", "1-2"] {
            assert_eq!(disarm(text), text);
            assert_eq!(rearm(text), text);
        }
    }
}
