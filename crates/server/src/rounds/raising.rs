//! What the writer does with what a household's checks found: raises what is new, changes what a
//! correction tells otherwise, withdraws what no check tells any more.

use base::{Clock, Day, Division};
use db::Tx;

use super::standing::{self, Fact};
use super::store::{self, Place};
use crate::playbook::Temperatures;
use crate::tally::Deltas;

/// Puts the findings of a household's day as its checks now tell them.
pub async fn put(
    tx: &mut Tx,
    place: &Place,
    facts: &[Fact],
    bounds: Temperatures,
    clock: &Clock,
    deltas: &mut Deltas,
) -> db::Result<()> {
    let key = (place.town, place.household, place.day);
    let (Some(day), Some(division)) = (Day::from_number(place.day), Division::from_number(place.division))
    else {
        return Ok(());
    };
    let mut found = standing::findings(facts, bounds);
    for stored in store::findings_of(tx, key).await? {
        let Some(what) = stored.what() else { continue };
        let told = found.remove(&what).map(|(source, detail)| (source, detail.to_string()));
        if let Some((source, detail)) = &told
            && (source, detail) != (&stored.source, &stored.detail)
        {
            store::put_finding_told(tx, place.town, stored.id, *source, detail).await?;
        }
        if told.is_some() == (stored.state != "withdrawn") {
            continue;
        }
        let (state, sign) = if told.is_some() { ("open", 1) } else { ("withdrawn", -1) };
        store::put_finding_state(tx, place.town, stored.id, state).await?;
        deltas.add(day, division, what.0.indicator(), sign);
    }
    for (what, (source, detail)) in &found {
        let told = facts.iter().find(|fact| fact.id == *source);
        let new = store::NewFinding {
            id: clock.new_id(),
            key,
            what,
            division: place.division,
            source: *source,
            detail: detail.to_string(),
            raised_at: told.map_or_else(|| clock.now(), |fact| fact.entered_at),
        };
        store::insert_finding(tx, new).await?;
        deltas.add(day, division, what.0.indicator(), 1);
    }
    Ok(())
}
