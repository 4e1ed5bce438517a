//! Entering checks for somebody who is signed in. Whoever a check names as its maker must be a
//! steward of the town, today's or a former one: stewards are never deleted, so this can be told
//! before the checks queue for the writer.

mod store;

use std::collections::BTreeSet;

use db::Db;

use super::model::Check;
use super::rules::Refusal;
use super::writer::{Rounds, Verdict, Wanted};
use crate::access::Action;
use crate::web::{Error, Visit};

/// Enters checks in one batch, those that could be read; gives what became of each, in their order.
pub async fn enter(
    visit: &Visit,
    db: &Db,
    rounds: &Rounds,
    checks: Vec<Result<Check, Refusal>>,
) -> Result<Vec<Verdict>, Error> {
    let scope = visit.may(Action::EnterChecks)?;
    let for_others = visit.person.may(Action::EnterChecksForOthers);
    // Who enters nothing for others is told just that, and not which stewards there are.
    let named = if for_others.is_some() { named(&checks) } else { BTreeSet::new() };
    let stewards = if named.is_empty() {
        BTreeSet::new()
    } else {
        store::known_stewards(&mut db.read().await?, &named).await?
    };
    let unknown: BTreeSet<(i64, i64)> = named.difference(&stewards).copied().collect();
    let mut sound = Vec::with_capacity(checks.len());
    let refused = checks.into_iter().map(|check| take(check, &unknown).map(|check| sound.push(check)).err());
    let refused: Vec<Option<Refusal>> = refused.collect();
    let (account, address) = (visit.person.account, visit.address.clone());
    let capacity = visit.person.capacity.clone();
    let refused_here = refused.iter().flatten().count();
    let wanted =
        Wanted { account, capacity, address, scope, for_others, checks: sound, refused: refused_here };
    let entered = rounds.enter(wanted).await?;
    let mut verdicts = entered.verdicts.into_iter();
    let verdict = |refused: Option<Refusal>| match refused {
        Some(key) => Some(Verdict::Refused(key)),
        None => verdicts.next(),
    };
    Ok(refused.into_iter().filter_map(verdict).collect())
}

/// The stewards (town, number) who are named as makers of checks.
fn named(checks: &[Result<Check, Refusal>]) -> BTreeSet<(i64, i64)> {
    checks.iter().flatten().filter_map(|check| Some((check.town, check.checked_by?))).collect()
}

fn take(check: Result<Check, Refusal>, unknown: &BTreeSet<(i64, i64)>) -> Result<Check, Refusal> {
    let check = check?;
    let is_unknown = |maker| unknown.contains(&(check.town, maker));
    if check.checked_by.is_some_and(is_unknown) { Err("check-checked-by") } else { Ok(check) }
}
