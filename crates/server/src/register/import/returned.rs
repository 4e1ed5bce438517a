//! The rows that are not taken, as they stood in the file, to be put right and brought again.

use base::Day;

use super::gather::gather;
use super::plan::{Outcome, Plan};
use super::row::{self, Row};
use super::sheet::Sheet;

/// The word over the reasons. A column so called is passed over.
pub const REASON: &str = "不能导的原因";

/// The places of the rows that are rejected, and of the others of their households: alone, a row may not
/// tell with whom somebody lives.
pub fn returned(sheet: &Sheet, plan: &Plan, today: Day) -> Vec<usize> {
    let rows: Vec<Row> = sheet.rows.iter().map(|raw| row::read(sheet, raw, today)).collect();
    let rejected = |at: &usize| plan.lines[*at].outcome == Outcome::Rejected;
    let households = gather(sheet, &rows).into_iter();
    let mut back: Vec<usize> = households.filter(|rows| rows.iter().any(rejected)).flatten().collect();
    back.sort_unstable();
    back
}
