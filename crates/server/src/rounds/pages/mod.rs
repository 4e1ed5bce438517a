//! The round's pages: my households, one check, a division's day.

mod check;
mod day;
mod earlier;
mod mine;
mod paper;
mod saved;
mod sheet;

pub use check::{enter_form, show_form, undo};
pub use day::{coverage_or_list, my_division, watch};
pub use mine::{enter_well, my_households};
pub use paper::{enter_paper, show_paper};
pub use saved::{Saved, Told};
pub use sheet::print_sheet;

use super::entry;
use super::writer::{Rounds, Verdict};
use crate::rounds::model::Check;
use crate::site::Site;
use crate::web::{Error, Visit};

/// Enters one check of a form; its refusal is the key of a message.
async fn enter(
    visit: &Visit,
    site: &Site,
    rounds: &Rounds,
    check: Check,
) -> Result<Result<(), &'static str>, Error> {
    let verdicts = entry::enter(visit, &site.db, rounds, vec![Ok(check)]).await?;
    Ok(match verdicts.first() {
        Some(Verdict::Refused(key)) => Err(key),
        _ => Ok(()),
    })
}
