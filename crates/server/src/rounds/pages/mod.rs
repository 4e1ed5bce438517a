//! The round's pages: my households, one check, a division's day.

mod check;
mod day;
mod mine;

pub use check::{enter_form, show_form, undo};
pub use day::{coverage_or_list, my_division, watch};
pub use mine::{enter_well, my_households};

use super::writer::{Rounds, Verdict, Wanted};
use crate::access::Action;
use crate::rounds::model::Check;
use crate::web::{Error, Visit};

/// Enters one check of a form; its refusal is the key of a message.
async fn enter(visit: &Visit, rounds: &Rounds, check: Check) -> Result<Result<(), &'static str>, Error> {
    let wanted = Wanted {
        account: visit.person.account,
        address: visit.address.clone(),
        scope: visit.may(Action::EnterChecks)?,
        for_others: visit.person.may(Action::EnterChecksForOthers),
        checks: vec![check],
    };
    let entered = rounds.enter(wanted).await?;
    Ok(match entered.verdicts.first() {
        Some(Verdict::Refused(key)) => Err(key),
        _ => Ok(()),
    })
}
