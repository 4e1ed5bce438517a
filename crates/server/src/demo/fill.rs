//! Fills an empty database with the town, its people and their rounds up to the present moment.

use std::collections::BTreeSet;

use base::{Day, Moment, Role};
use db::{Snapshot, Tx};
use serde_json::json;
use sim::Town;

use super::cast::{Numbers, accounts};
use super::{store, translate};
use crate::audit;
use crate::history::Deed;
use crate::register;
use crate::rounds::{self, PastCheck, Verdict};
use crate::site::Site;
use crate::stewards;

/// The register was drawn up this many days before the first round.
const DRAWN_UP: i32 = 30;
/// Where the demonstration's own entries of the audit trail come from.
const ADDRESS: &str = "demo";

/// What has just been put in place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    Town { households: usize, residents: usize, stewards: usize },
    Round { day: Day, checks: usize },
}

/// What a demonstration came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Filled {
    pub households: usize,
    pub residents: usize,
    pub stewards: usize,
    pub checks: usize,
}

/// Fills an empty database: the town in one transaction, then each day's round in its own, as
/// entered until `now`. Tells each step when it is durable.
///
/// # Errors
/// Fails where the database is not empty: the people's numbers would not be their own.
pub async fn fill(
    site: &Site,
    town: &Town,
    now: Moment,
    mut told: impl FnMut(Step),
) -> anyhow::Result<Filled> {
    let numbers = Numbers::of(town);
    let mut filled = Filled {
        households: town.households.len(),
        residents: town.residents().count(),
        stewards: town.stewards.len(),
        checks: 0,
    };
    settle(site, town, &numbers, now).await?;
    let Filled { households, residents, stewards, .. } = filled;
    site.db.look_anew().await?;
    told(Step::Town { households, residents, stewards });
    for day in town.days() {
        let checks = enter_round(site, town, &numbers, day, now).await?;
        filled.checks += checks;
        if day < town.today {
            handle_findings(site, town, day, now).await?;
        }
        if day == town.first_day() {
            site.db.look_anew().await?;
        }
        told(Step::Round { day, checks });
    }
    Ok(filled)
}

/// The offices of the villages handle what was found on a past day.
async fn handle_findings(site: &Site, town: &Town, day: Day, now: Moment) -> anyhow::Result<()> {
    let mut tx = site.db.write().await?;
    let under_way = day == town.today.previous();
    for (account, of) in (1_i64..).zip(accounts(town)) {
        for (_, village) in of.appointments.iter().filter(|(role, _)| *role == Role::VillageCadre) {
            store::handle_findings(&mut tx, *village, day, account, under_way, now).await?;
        }
    }
    record(site, &mut tx, "demo.findings", &day.to_string(), json!({})).await?;
    tx.commit().await?;
    Ok(())
}

/// Enters what the last day's round came to since it was filled in; gives the number of new checks.
pub async fn catch_up(site: &Site, town: &Town, now: Moment) -> anyhow::Result<usize> {
    enter_round(site, town, &Numbers::of(town), town.today, now).await
}

/// The households, by their place in the town, where somebody has been or tried on its last day.
pub async fn visited(tx: &mut Snapshot, town: &Town) -> db::Result<BTreeSet<u32>> {
    let households = store::visited(tx, town.place.division.town(), town.today).await?;
    Ok(households.into_iter().filter_map(Numbers::place).collect())
}

pub(super) async fn settle(site: &Site, town: &Town, numbers: &Numbers, now: Moment) -> anyhow::Result<()> {
    let code = town.place.division.town();
    let (first_day, vault) = (town.first_day(), &site.vault);
    let drawn_up = first_day.plus(-DRAWN_UP);
    let mut tx = site.db.write().await?;
    store::insert_divisions(&mut tx, drawn_up, &divisions(town)).await?;
    store::insert_operation(&mut tx, town.place.division, &town.place.name, first_day).await?;
    let first_account = store::insert_accounts(&mut tx, now, &accounts(town)).await?;
    let eve = first_day.previous();
    let households: Vec<_> = town.households.iter().map(|of| translate::household(of, eve)).collect();
    let deed = Deed::of_program(code, drawn_up, now);
    let given = register::load::insert(&mut tx, vault, &deed, &households).await?;
    anyhow::ensure!(
        first_account == 1 && given.first().is_none_or(|first| *first == 1),
        "the database is not empty: choose an empty one"
    );
    let people = (0_u32..).zip(&town.stewards);
    let people: Vec<_> = people.map(|(n, of)| translate::steward(of, numbers.account(n))).collect();
    stewards::load::insert(&mut tx, vault, code, &people).await?;
    let links: Vec<_> = town.stewardships().map(|link| translate::stewardship(link, numbers)).collect();
    stewards::load::assign(&mut tx, &site.clock, code, stewards::load::Giver::default(), &links).await?;
    let detail = json!({ "households": households.len(), "stewards": people.len() });
    record(site, &mut tx, "demo.settle", &code.to_string(), detail).await?;
    tx.commit().await?;
    Ok(())
}

/// The town, what lies above it, its villages and their team areas.
fn divisions(town: &Town) -> Vec<(base::Division, &str)> {
    let above = town.above.iter().chain([&town.place]);
    let above = above.map(|place| (place.division, place.name.as_str()));
    let below = town.villages.iter().flat_map(|village| {
        let groups = village.groups.iter().map(|group| (group.division, group.name.as_str()));
        std::iter::once((village.place.division, village.place.name.as_str())).chain(groups)
    });
    above.chain(below).collect()
}

pub(super) async fn enter_round(
    site: &Site,
    town: &Town,
    numbers: &Numbers,
    day: Day,
    now: Moment,
) -> anyhow::Result<usize> {
    let made = town.round(day, &site.playbook.time).until(now);
    let mut past: Vec<PastCheck> = made.map(|made| translate::past_check(town, numbers, &made)).collect();
    past.sort_by_key(|past| (past.entered_at, past.check.id));
    let mut tx = site.db.write().await?;
    let code = town.place.division.town();
    let verdicts = rounds::load(&mut tx, &site.vault, &site.clock, &site.playbook, &past).await?;
    // The last day is opened even before its first check: the demonstration is then known whole.
    rounds::open_day(&mut tx, code, day, now).await?;
    if let Some(refused) = verdicts.iter().find(|v| matches!(v, Verdict::Refused(_))) {
        anyhow::bail!("the folder holds a demonstration of another version of the program ({refused:?})");
    }
    let stored = verdicts.iter().filter(|verdict| **verdict == Verdict::Stored).count();
    if stored > 0 {
        record(site, &mut tx, "demo.round", &format!("{code}/{day}"), json!({ "stored": stored })).await?;
    }
    tx.commit().await?;
    Ok(stored)
}

async fn record(
    site: &Site,
    tx: &mut Tx,
    action: &str,
    object: &str,
    detail: serde_json::Value,
) -> db::Result<()> {
    let entry = audit::Entry { address: ADDRESS, ..audit::Entry::of_program(action, object, detail) };
    audit::record(tx, site.clock.new_id(), site.clock.now(), entry).await
}
