//! What was just saved is said on the page that follows, where it can be taken back.

use base::{Day, Moment};
use db::Snapshot;
use serde::Deserialize;
use uuid::Uuid;

use super::earlier::holding;
use crate::access::Action;
use crate::rounds::store;
use crate::site::Site;
use crate::web::{Error, Visit};

/// What the page before has done, as an address tells it.
#[derive(Debug, Default, Deserialize)]
pub struct Told {
    town: Option<i64>,
    /// The check just saved.
    saved: Option<Uuid>,
    /// The message key of why one was not.
    refused: Option<String>,
}

/// The check just saved.
pub struct Saved {
    pub head: String,
    pub town: i64,
    pub household: i64,
    pub check: Uuid,
    /// A fresh id for taking it back, so that two taps take back once; none for what puts an earlier
    /// check right, which taking back would not bring again.
    pub undo: Option<Uuid>,
}

impl Told {
    /// The address of a page that says what was saved.
    pub fn path(path: &str, town: i64, saved: Uuid) -> String {
        format!("{path}?saved={saved}&town={town}")
    }

    /// The address of a page that says why nothing was saved.
    pub fn refusal(path: &str, key: &str) -> String {
        format!("{path}?refused={key}")
    }

    /// Why a check was not saved, in words.
    pub fn refused(&self, visit: &Visit) -> Option<String> {
        self.refused.as_ref().filter(|key| visit.words.has(key)).map(|key| visit.words.get(key))
    }

    /// What was saved, if it still holds. A page that is opened again on a later day says nothing: its
    /// reader would take yesterday's for today's.
    pub async fn saved(&self, visit: &Visit, site: &Site, tx: &mut Snapshot) -> Result<Option<Saved>, Error> {
        let (Some(town), Some(id)) = (self.town, self.saved) else { return Ok(None) };
        let Some(scope) = visit.person.may(Action::EnterChecks) else { return Ok(None) };
        let Some(check) = store::checks(tx, &[(town, id)].into()).await?.into_values().next() else {
            return Ok(None);
        };
        if site.playbook.time.day(Moment(check.entered_at)) != visit.today {
            return Ok(None);
        }
        let Some(row) = store::household(tx, &scope, town, check.household, visit.today).await? else {
            return Ok(None);
        };
        let day = Day::from_number(check.day).ok_or(Error::NotFound)?;
        let holds = holding(&store::of_day(tx, town, check.household, day).await?).contains(&id);
        let (head, household) = (row.head, row.household);
        let undo = check.corrects.is_none().then(|| site.clock.new_id());
        Ok(holds.then_some(Saved { head, town, household, check: id, undo }))
    }
}
