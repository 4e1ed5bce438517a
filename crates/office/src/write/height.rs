//! How tall a row must be for its texts. Excel would find out by itself; LibreOffice, which many
//! offices print with, would lay the lines over one another.

use super::sheet::{Cell, Column};

/// Points that a line of text takes.
const LINE: f64 = 15.0;

/// The tallest row of a sheet, in points.
const TALLEST: f64 = 409.0;

/// Points for a row whose texts need more than one line; none where one line does.
pub fn of<'a>(texts: impl Iterator<Item = (&'a str, u16)>) -> Option<f64> {
    let lines = texts.map(|(text, width)| lines(text, usize::from(width))).max()?;
    (lines > 1).then(|| (LINE * lines as f64).min(TALLEST))
}

pub fn texts<'a>(cells: &'a [Cell], columns: &'a [Column]) -> impl Iterator<Item = (&'a str, u16)> {
    cells.iter().zip(columns).filter_map(|(cell, column)| match cell {
        Cell::Text(text) => Some((text.as_str(), column.width)),
        _ => None,
    })
}

/// Lines of a text in a column `width` digits wide, of which one goes to the margins.
fn lines(text: &str, width: usize) -> usize {
    let room = width.saturating_sub(1).max(2);
    text.split('\n').map(|part| digits(part).div_ceil(room).max(1)).sum()
}

/// What a text takes, in digits: what is not ASCII takes two, as Chinese characters do.
fn digits(text: &str) -> usize {
    text.chars().map(|c| if c.is_ascii() { 1 } else { 2 }).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_is_as_tall_as_its_longest_text() {
        assert_eq!(of([("北街村", 7), ("12", 3)].into_iter()), None);
        assert_eq!(of([("北街村委", 7), ("12", 3)].into_iter()), Some(30.0));
        assert_eq!(of([("a\nb\nc", 9)].into_iter()), Some(45.0));
        assert_eq!(of([("长".repeat(5_000).as_str(), 9)].into_iter()), Some(409.0));
        assert_eq!(of(std::iter::empty()), None);
    }
}
