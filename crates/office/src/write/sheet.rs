//! What a list looks like before its first row is known.

use base::Day;

/// One list: its columns, and the lines around them. Every text is the caller's, in the reader's
/// language.
#[derive(Clone, Debug)]
pub struct Sheet {
    pub name: String,
    pub columns: Vec<Column>,
    /// Lines above the header: the list, the division, the day.
    pub titles: Vec<String>,
    /// A word that must be seen on everything, such as that of a demonstration.
    pub mark: Option<String>,
    /// Who took the list, when and why.
    pub watermark: Option<String>,
    /// Lines below the rows: what is missing, who compiled, checked and signed.
    pub notes: Vec<String>,
}

impl Sheet {
    /// A list without lines around it: the plain table that reads back as it is.
    pub fn new(name: impl Into<String>, columns: Vec<Column>) -> Sheet {
        Sheet { name: name.into(), columns, titles: vec![], mark: None, watermark: None, notes: vec![] }
    }

    pub fn title(mut self, line: impl Into<String>) -> Sheet {
        self.titles.push(line.into());
        self
    }

    pub fn mark(mut self, word: impl Into<String>) -> Sheet {
        self.mark = Some(word.into());
        self
    }

    pub fn watermark(mut self, line: impl Into<String>) -> Sheet {
        self.watermark = Some(line.into());
        self
    }

    pub fn note(mut self, line: impl Into<String>) -> Sheet {
        self.notes.push(line.into());
        self
    }

    /// The lines above the header, in the order in which they stand.
    pub(crate) fn lines_above(&self) -> impl Iterator<Item = &str> {
        self.mark.iter().chain(&self.titles).chain(&self.watermark).map(String::as_str)
    }
}

/// A column of a list.
#[derive(Clone, Debug)]
pub struct Column {
    pub title: String,
    pub kind: Kind,
    /// Width in digits; a Chinese character takes two.
    pub width: u16,
}

impl Column {
    /// A column as wide as its kind usually needs.
    pub fn new(title: impl Into<String>, kind: Kind) -> Column {
        let width = match kind {
            Kind::Text => 14,
            Kind::Integer | Kind::Decimal(_) => 10,
            Kind::Day => 12,
            Kind::DayTime => 17,
        };
        Column { title: title.into(), kind, width }
    }

    pub fn width(mut self, digits: u16) -> Column {
        self.width = digits;
        self
    }
}

/// What a column holds as a rule. A text (a figure that is not known, say) may stand in any.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Text,
    Integer,
    /// With this many decimal places.
    Decimal(u8),
    Day,
    DayTime,
}

/// The content of one cell.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    /// Always text, even where it begins like a formula.
    Text(String),
    Integer(i64),
    Decimal(f64),
    Day(Day),
    /// A day with hour and minute on the town's clock.
    DayTime(Day, i8, i8),
    Empty,
}

impl From<&str> for Cell {
    fn from(text: &str) -> Cell {
        Cell::Text(text.to_owned())
    }
}

impl From<String> for Cell {
    fn from(text: String) -> Cell {
        Cell::Text(text)
    }
}

impl From<i64> for Cell {
    fn from(number: i64) -> Cell {
        Cell::Integer(number)
    }
}

impl From<Day> for Cell {
    fn from(day: Day) -> Cell {
        Cell::Day(day)
    }
}

/// Nothing known is an empty cell, never a zero.
impl<T: Into<Cell>> From<Option<T>> for Cell {
    fn from(known: Option<T>) -> Cell {
        known.map_or(Cell::Empty, Into::into)
    }
}
