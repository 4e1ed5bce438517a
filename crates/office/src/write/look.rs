//! The few cell formats of our workbooks: black on white, thin lines, readable on paper.

use rust_xlsxwriter::{Color, Format, FormatAlign, FormatBorder};

use super::sheet::{Cell, Column, Kind};

const LINE: Color = Color::RGB(0x00BF_BFBF);
const SHADE: Color = Color::RGB(0x00F2_F2F2);
const QUIET: Color = Color::RGB(0x0059_5959);

/// A line above the header: its format, and its height in points. Programs that do not measure
/// text would cut the large ones.
pub struct LineLook {
    pub format: Format,
    pub height: f64,
}

pub fn mark() -> LineLook {
    LineLook { format: Format::new().set_bold().set_font_size(14), height: 20.0 }
}

pub fn title(first: bool) -> LineLook {
    let size = if first { 16.0 } else { 11.0 };
    let plain = Format::new().set_font_size(size);
    LineLook { format: if first { plain.set_bold() } else { plain }, height: size * 1.5 }
}

pub fn watermark() -> LineLook {
    LineLook { format: Format::new().set_font_size(9).set_font_color(QUIET), height: 14.0 }
}

/// Figures and dates stand at the right, and so do their titles.
pub fn header(kind: Kind) -> Format {
    let side = if kind == Kind::Text { FormatAlign::Left } else { FormatAlign::Right };
    ruled().set_bold().set_background_color(SHADE).set_text_wrap().set_align(side)
}

/// Of a cell that shows nothing and is there all the same.
pub fn unseen() -> Format {
    Format::new().set_align(FormatAlign::VerticalCenter)
}

fn ruled() -> Format {
    let line = Format::new().set_border(FormatBorder::Thin).set_border_color(LINE);
    line.set_align(FormatAlign::VerticalCenter)
}

/// The formats of the cells of a list, for plain rows or for the total.
pub struct CellLooks {
    text: Format,
    integer: Format,
    day: Format,
    day_time: Format,
    /// One per column: the places differ.
    decimals: Vec<Format>,
}

impl CellLooks {
    pub fn plain(columns: &[Column]) -> CellLooks {
        CellLooks::from(&ruled(), columns)
    }

    pub fn total(columns: &[Column]) -> CellLooks {
        CellLooks::from(&ruled().set_bold().set_border_top(FormatBorder::Medium), columns)
    }

    fn from(base: &Format, columns: &[Column]) -> CellLooks {
        let numbers = |code: &str| base.clone().set_num_format(code);
        let places = |column: &Column| match column.kind {
            Kind::Decimal(places) => usize::from(places),
            _ => 1,
        };
        CellLooks {
            // '@' keeps a code or an identity number text when somebody edits the cell.
            text: numbers("@").set_text_wrap(),
            integer: numbers("0"),
            day: numbers("yyyy-mm-dd"),
            day_time: numbers("yyyy-mm-dd hh:mm"),
            decimals: columns.iter().map(|column| numbers(&decimal_code(places(column)))).collect(),
        }
    }

    pub fn of(&self, cell: &Cell, column: usize) -> &Format {
        match cell {
            Cell::Text(_) | Cell::Empty => &self.text,
            Cell::Integer(_) => &self.integer,
            Cell::Decimal(_) => &self.decimals[column],
            Cell::Day(_) => &self.day,
            Cell::DayTime(..) => &self.day_time,
        }
    }
}

fn decimal_code(places: usize) -> String {
    if places == 0 { "0".to_owned() } else { format!("0.{}", "0".repeat(places)) }
}
