//! The round's pages: my households, one check, a division's day.

mod check;
mod day;
mod mine;
mod paper;
mod sheet;

pub use check::{enter_form, show_form, undo};
pub use day::{coverage_or_list, my_division, watch};
pub use mine::{enter_well, my_households};
pub use paper::{enter_paper, show_paper};
pub use sheet::print_sheet;

use super::writer::{Rounds, Verdict, Wanted};
use crate::access::Action;
use crate::rounds::model::Check;
use crate::web::{Error, Visit};

/// Enters one check of a form; its refusal is the key of a message.
async fn enter(visit: &Visit, rounds: &Rounds, check: Check) -> Result<Result<(), &'static str>, Error> {
    let verdicts = enter_all(visit, rounds, vec![check]).await?;
    Ok(match verdicts.first() {
        Some(Verdict::Refused(key)) => Err(key),
        _ => Ok(()),
    })
}

/// Enters checks in one batch; gives what became of each.
async fn enter_all(visit: &Visit, rounds: &Rounds, checks: Vec<Check>) -> Result<Vec<Verdict>, Error> {
    let wanted = Wanted {
        account: visit.person.account,
        address: visit.address.clone(),
        scope: visit.may(Action::EnterChecks)?,
        for_others: visit.person.may(Action::EnterChecksForOthers),
        checks,
    };
    Ok(rounds.enter(wanted).await?.verdicts)
}
