//! Taking up, closing and putting back a finding: one transaction, with its audit entry.

use base::{Division, Moment};
use serde_json::json;
use uuid::Uuid;

use super::model::{State, Step};
use super::store::{self, FindingRow};
use crate::access::Action;
use crate::audit;
use crate::site::Site;
use crate::web::{Changed, Error, Visit};

/// What became of a step: the finding as it now is, or why it stayed as it was.
#[derive(Debug)]
pub enum Handled {
    Done(FindingRow),
    /// Somebody else was first, or the finding was withdrawn; the finding as it is.
    Refused(FindingRow),
}

/// Does a step with a finding, for whoever visits.
///
/// # Errors
/// 'Not found' where it is out of the visitor's scope.
pub async fn handle(visit: &Visit, site: &Site, town: i64, id: Uuid, step: &Step) -> Result<Handled, Error> {
    let scope = visit.may(Action::HandleFindings)?;
    let mut tx = site.db.write().await?;
    let row = store::finding(&mut tx, &scope, town, id).await?.ok_or(Error::NotFound)?;
    let moved = step.may_follow(row.state())
        && store::put_step(&mut tx, &row, step, visit.person.account, visit.now).await?;
    let after = store::finding(&mut tx, &scope, town, id).await?.ok_or(Error::NotFound)?;
    if !moved {
        return Ok(Handled::Refused(after));
    }
    let object = format!("{town}/{id}");
    let changes = audit::Changes::new(&site.vault).plain("state", &row.state, &after.state);
    let detail = changes.into(json!({ "kind": row.kind, "day": row.day }));
    let entry = audit::Entry::by(visit, step.action(), &object, detail);
    audit::record(&mut tx, site.clock.new_id(), visit.now, entry).await?;
    tx.commit().await?;
    site.live.tell(Changed(Division::from_number(row.division).into_iter().collect()));
    Ok(Handled::Done(after))
}

/// Why a finding cannot go on, told with who was first and when.
pub fn refusal(visit: &Visit, site: &Site, row: &FindingRow) -> String {
    let words = &visit.words;
    let when =
        |at: Option<i64>| at.map(|at| words.moment(&site.playbook.time, Moment(at))).unwrap_or_default();
    match row.state() {
        State::Open => say!(words, "finding-is-open"),
        State::Taken => {
            let name = row.taken_by.clone().unwrap_or_default();
            say!(words, "finding-is-taken", name = name, at = when(row.taken_at))
        }
        State::Closed => {
            let name = row.closed_by.clone().unwrap_or_default();
            say!(words, "finding-is-closed", name = name, at = when(row.closed_at))
        }
        State::Withdrawn => say!(words, "finding-is-withdrawn"),
    }
}

/// The key of the same, for programs.
pub fn refusal_key(row: &FindingRow) -> &'static str {
    match row.state() {
        State::Open => "finding-is-open",
        State::Taken => "finding-is-taken",
        State::Closed => "finding-is-closed",
        State::Withdrawn => "finding-is-withdrawn",
    }
}
