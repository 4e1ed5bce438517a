//! What the writer does with what a household's checks found: raises what is new, changes what a
//! correction tells otherwise, withdraws what no check tells any more.

use base::{Clock, Day, Division};
use db::Tx;

use super::standing::{self, Fact};
use super::store::{self, FindingRow, NewFinding, Place};
use crate::playbook::Temperatures;
use crate::tally::Deltas;

/// What the checks of a batch found, until it is written.
#[derive(Debug, Default)]
pub struct Raised {
    new: Vec<NewFinding>,
    /// Told otherwise by a correction: the check that tells it now, and its details.
    told: Vec<NewFinding>,
    /// Withdrawn, brought back, or open again.
    states: Vec<(FindingRow, &'static str)>,
}

impl Raised {
    /// Takes the findings of a household's day as its checks now tell them; `stored` is what was
    /// raised before.
    pub fn take(
        &mut self,
        place: &Place,
        stored: Vec<FindingRow>,
        facts: &[Fact],
        bounds: Temperatures,
        clock: &Clock,
        deltas: &mut Deltas,
    ) {
        let (day, division) = (Day::from_number(place.day), Division::from_number(place.division));
        let (Some(day), Some(division)) = (day, division) else { return };
        let mut found = standing::findings(facts, bounds);
        let finding = |id, what, source, detail: serde_json::Value| NewFinding {
            id,
            key: (place.town, place.household, place.day),
            what,
            division: place.division,
            source,
            detail: detail.to_string(),
            raised_at: told_at(facts, source).unwrap_or_else(|| clock.now()),
        };
        for stored in stored {
            let Some(what) = stored.what() else { continue };
            let telling = found.remove(&what);
            // Told again after somebody was done with it: it needs somebody anew.
            let again = telling.as_ref().is_some_and(|told| stored.is_closed_before(told.last));
            let told = telling.map(|told| finding(stored.id, what.clone(), told.source, told.detail));
            let state = match (&told, stored.state == "withdrawn") {
                (Some(_), true) => Some(("open", 1)),
                (Some(_), false) if again => Some(("open", 0)),
                (None, false) => Some(("withdrawn", -1)),
                _ => None,
            };
            self.told
                .extend(told.filter(|told| (told.source, &told.detail) != (stored.source, &stored.detail)));
            if let Some((state, sign)) = state {
                deltas.add(day, division, what.0.indicator(), sign);
                self.states.push((stored, state));
            }
        }
        for (what, told) in found {
            deltas.add(day, division, what.0.indicator(), 1);
            self.new.push(finding(clock.new_id(), what, told.source, told.detail));
        }
    }

    pub async fn write(self, tx: &mut Tx) -> db::Result<()> {
        for told in &self.told {
            store::put_finding_told(tx, told.key.0, told.id, told.source, &told.detail).await?;
        }
        for (finding, state) in &self.states {
            store::put_finding_state(tx, finding.key().0, finding.id, state).await?;
        }
        store::insert_findings(tx, &self.new).await
    }
}

/// When the check that tells a finding was entered.
fn told_at(facts: &[Fact], source: uuid::Uuid) -> Option<base::Moment> {
    facts.iter().find(|fact| fact.id == source).map(|fact| fact.entered_at)
}
