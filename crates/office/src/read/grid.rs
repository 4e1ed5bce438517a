//! A sheet as it lies: every line that holds something, and which cells are merged.

use calamine::Dimensions;
use serde::{Deserialize, Serialize};

use super::table::Row;

/// A visible sheet that holds something.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Grid {
    /// Its name; none in CSV.
    pub sheet: Option<String>,
    pub lines: Vec<Row>,
    /// Cells that are one; none where the format does not tell (.ods, CSV).
    pub merges: Option<Vec<Merge>>,
}

/// A rectangle of cells that are one: the first holds the text. Lines count from 1, columns from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Merge {
    pub first: (u32, usize),
    pub last: (u32, usize),
}

impl Merge {
    pub(super) fn of(rectangle: &Dimensions) -> Merge {
        let corner = |(line, column): (u32, u32)| (line.saturating_add(1), column as usize);
        Merge { first: corner(rectangle.start), last: corner(rectangle.end) }
    }
}
