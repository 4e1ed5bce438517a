//! Hand-overs and stand-ins as a visitor asks for them: checked, written with their audit entry in
//! one transaction, and scopes made to follow.

use base::Day;
use serde_json::json;
use uuid::Uuid;

use super::model::{DAYS_AHEAD, NewSteward, Pick, check_start};
use super::{load, store};
use crate::access::{Action, Scope};
use crate::audit::{self, Changes};
use crate::site::Site;
use crate::web::{Error, Visit};

/// Nodes that go to a steward, or to nobody, from a day on.
#[derive(Clone, Debug)]
pub struct HandOver {
    pub town: i64,
    pub picks: Vec<Pick>,
    pub to: Option<i64>,
    pub from: Day,
}

const MOST: usize = 2_000;

/// Checks a hand-over and writes it; answers how many nodes it was.
pub async fn hand_over(site: &Site, visit: &Visit, wanted: &HandOver) -> Result<usize, Error> {
    let scope = visit.may(Action::AssignStewards)?;
    let mut tx = site.db.write().await?;
    give_in(site, visit, &scope, &mut tx, wanted).await?;
    tx.commit().await?;
    site.people.forget();
    Ok(wanted.picks.len())
}

/// The same within a transaction that is open already. When this fails, the transaction must not
/// be committed.
pub async fn give_in(
    site: &Site,
    visit: &Visit,
    scope: &Scope,
    tx: &mut db::Tx,
    wanted: &HandOver,
) -> Result<(), Error> {
    let HandOver { town, picks, to, from } = wanted;
    if picks.is_empty() || picks.len() > MOST {
        return Err(Error::field("pick", "stewards-none-chosen"));
    }
    if !store::in_scope(tx, scope, *town, picks, visit.today).await? {
        return Err(Error::NotFound);
    }
    let started = store::started(tx, *town).await?.ok_or(Error::NotFound)?;
    check_start(*from, visit.today, started, site.playbook.round.late_days)
        .map_err(|key| Error::field("from", key))?;
    if let Some(to) = to {
        known(site, visit, scope, tx, *town, *to).await?;
    }
    match store::give(tx, &site.clock, *town, visit.person.account, picks, *to, *from).await? {
        store::Given::Done => {}
        store::Given::Changed => return Err(Error::Conflict("stewards-changed")),
    }
    let nodes: Vec<String> = picks.iter().map(Pick::to_string).collect();
    let detail = json!({ "to": to, "from": from, "nodes": nodes });
    record(site, visit, tx, "stewardship.give", &town.to_string(), detail).await
}

/// A steward who may be chosen: in scope.
async fn known(
    site: &Site,
    visit: &Visit,
    scope: &Scope,
    tx: &mut db::Tx,
    town: i64,
    id: i64,
) -> Result<(), Error> {
    let found = store::one(tx, &site.vault, scope, town, id, visit.today).await?;
    found.map(|_| ()).ok_or(Error::field("to", "stewards-unknown"))
}

/// A stand-in from the first to the last day, both included.
#[derive(Clone, Copy, Debug)]
pub struct StandIn {
    pub town: i64,
    pub steward: i64,
    pub substitute: i64,
    pub first: Day,
    pub last: Day,
}

/// Checks a stand-in and writes it.
pub async fn stand_in(site: &Site, visit: &Visit, wanted: StandIn) -> Result<(), Error> {
    let scope = visit.may(Action::AssignStewards)?;
    let StandIn { town, steward, substitute, first, last } = wanted;
    if first < visit.today {
        return Err(Error::field("first", "stewards-stand-in-past"));
    }
    if last < first || last > visit.today.plus(DAYS_AHEAD) {
        return Err(Error::field("last", "stewards-stand-in-days"));
    }
    if steward == substitute {
        return Err(Error::field("to", "stewards-stand-in-self"));
    }
    let mut tx = site.db.write().await?;
    store::one(&mut tx, &site.vault, &scope, town, steward, visit.today).await?.ok_or(Error::NotFound)?;
    known(site, visit, &scope, &mut tx, town, substitute).await?;
    // A stand-in has the steward's place: it is given as a hand-over is, whole and from above.
    if store::holds_beyond(&mut tx, &scope, town, steward, visit.today).await? {
        return Err(Error::field("to", "stewards-stand-in-above"));
    }
    let (people, days) = ((steward, substitute), (first, last.next()));
    let added = store::add_stand_in(&mut tx, &site.clock, town, visit.person.account, people, days).await?;
    let id = added.map_err(|key| Error::field("to", key))?;
    let detail = json!({ "id": id, "substitute": substitute, "first": first, "last": last });
    record(site, visit, &mut tx, "stand-in.add", &format!("{town}/{steward}"), detail).await?;
    tx.commit().await?;
    site.people.forget();
    Ok(())
}

/// Ends a stand-in today, or calls off one that has not begun.
pub async fn end_stand_in(
    site: &Site,
    visit: &Visit,
    town: i64,
    steward: i64,
    id: Uuid,
) -> Result<(), Error> {
    let scope = visit.may(Action::AssignStewards)?;
    let mut tx = site.db.write().await?;
    store::one(&mut tx, &site.vault, &scope, town, steward, visit.today).await?.ok_or(Error::NotFound)?;
    if store::holds_beyond(&mut tx, &scope, town, steward, visit.today).await? {
        return Err(Error::field("to", "stewards-stand-in-above"));
    }
    if !store::end_stand_in(&mut tx, town, steward, id, visit.today).await? {
        return Err(Error::NotFound);
    }
    let detail = json!({ "id": id });
    record(site, visit, &mut tx, "stand-in.end", &format!("{town}/{steward}"), detail).await?;
    tx.commit().await?;
    site.people.forget();
    Ok(())
}

/// Takes in a steward who belongs to a division in scope; answers his number.
pub async fn add(site: &Site, visit: &Visit, new: &NewSteward) -> Result<i64, Error> {
    let scope = visit.may(Action::AssignStewards)?;
    if !scope.covers(new.division) {
        return Err(Error::NotFound);
    }
    let town = new.division.town();
    let mut tx = site.db.write().await?;
    store::started(&mut tx, town).await?.ok_or(Error::NotFound)?;
    let ids = load::insert(&mut tx, &site.vault, town, std::slice::from_ref(new)).await?;
    let id = ids.first().copied().ok_or(Error::NotFound)?;
    let detail = json!({ "division": new.division });
    record(site, visit, &mut tx, "steward.add", &format!("{town}/{id}"), detail).await?;
    tx.commit().await?;
    Ok(id)
}

/// Changes what is known of a steward who belongs to a division in scope and answers for nothing
/// beyond it: whoever bears the name gets the account, and with it the place.
pub async fn change(site: &Site, visit: &Visit, id: i64, new: &NewSteward) -> Result<(), Error> {
    let scope = visit.may(Action::AssignStewards)?;
    let town = new.division.town();
    let mut tx = site.db.write().await?;
    let now = store::one(&mut tx, &site.vault, &scope, town, id, visit.today).await?;
    let now = now.ok_or(Error::NotFound)?;
    if !scope.covers(now.division) || !scope.covers(new.division) {
        return Err(Error::NotFound);
    }
    if store::holds_beyond(&mut tx, &scope, town, id, visit.today).await? {
        return Err(Error::field("name", "stewards-change-above"));
    }
    let sealed = store::sealed_phone(&mut tx, town, id).await?;
    store::change(&mut tx, &site.vault, town, id, new).await?;
    let changes = Changes::new(&site.vault)
        .secret("name", Some(&now.name), Some(&new.name))
        .plain("branch", &now.branch, &new.branch)
        .plain("division", now.division, new.division)
        .hidden("phone", sealed.as_deref(), new.phone.as_deref().map(Some));
    let detail = changes.into(json!({}));
    record(site, visit, &mut tx, "steward.change", &format!("{town}/{id}"), detail).await?;
    tx.commit().await?;
    site.people.forget();
    Ok(())
}

/// The name and phone number of a steward who may be called; that it was seen is written down.
pub async fn call(site: &Site, visit: &Visit, town: i64, id: i64) -> Result<(String, String), Error> {
    let scope = visit.may(Action::CallPhones)?;
    let mut tx = site.db.write().await?;
    let found = store::one(&mut tx, &site.vault, &scope, town, id, visit.today).await?;
    let name = found.ok_or(Error::NotFound)?.name;
    let sealed = store::sealed_phone(&mut tx, town, id).await?;
    let number = site.vault.open_stored(sealed.as_deref()).ok_or(Error::NotFound)?;
    visit.look(site)?;
    record(site, visit, &mut tx, "phone.show", &format!("steward/{town}/{id}"), json!({})).await?;
    tx.commit().await?;
    Ok((name, number))
}

async fn record(
    site: &Site,
    visit: &Visit,
    tx: &mut db::Tx,
    action: &str,
    object: &str,
    detail: serde_json::Value,
) -> Result<(), Error> {
    let entry = audit::Entry::by(visit, action, object, detail);
    Ok(audit::record(tx, site.clock.new_id(), visit.now, entry).await?)
}
