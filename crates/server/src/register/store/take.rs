//! Writing what an import comes to.

use base::{Day, Division, Level};
use db::{Snapshot, Tx};
use serde_json::json;

use super::super::import::{Known, Places, Work};
use super::super::model::NewHousehold;
use super::super::plans::Taken;
use super::{change, doubles, ending, imports, known, load};
use crate::audit::{self, Entry};
use crate::divisions;
use crate::history::{self, Deed};
use crate::site::Site;
use crate::stewards::{self, NewStewardship, Node};

/// Everything an import into a town is compared with.
pub async fn known(tx: &mut Snapshot, town: Division, day: Day) -> db::Result<Known> {
    Ok(Known {
        places: Places::new(
            divisions::names_below(tx, town, Level::Group, day).await?,
            ending(tx, town, day).await?,
        ),
        last_groups: divisions::last_groups(tx, town).await?,
        households: known::households(tx, town.town(), day).await?,
        residents: known::residents(tx, town.town()).await?,
        stewards: known::stewards(tx, town.town()).await?,
        decisions: doubles::decisions(tx, town.town()).await?,
    })
}

/// Takes new households and people into the register from a day on, changes what a list says
/// otherwise, gives the households their contacts, and lists key persons. Each resident who is changed has
/// an entry of the audit trail like `by`, about the household. What the list came to is kept beside its
/// name, so that it can be undone.
pub async fn take(
    tx: &mut Tx,
    site: &Site,
    deed: &Deed<'_>,
    file_name: &str,
    work: Work,
    by: &Entry<'_>,
) -> db::Result<()> {
    let (town, taken) = (deed.town, Taken::of(&work));
    let (new, contacts): (Vec<NewHousehold>, Vec<Option<i64>>) = work.households.into_iter().unzip();
    let numbers = load::insert(tx, &site.vault, deed, &new).await?;
    let people: Vec<_> = work.people.iter().map(|(household, person)| (*household, person)).collect();
    load::join(tx, &site.vault, deed, &people).await?;
    let residents = work.changes.iter().map(|new| new.was.id);
    let residents = residents.chain(work.listings.iter().map(|listing| listing.resident));
    let households = work.changes.iter().map(|new| new.was.household);
    let before = history::stands(tx, &site.vault, town, households, residents).await?;
    for new in &work.changes {
        let followed = change::put_corrected(tx, &site.vault, town, new).await?;
        let detail = new.changes(&site.vault, followed).into(json!({ "resident": new.was.id }));
        let household = audit::household((town, new.was.household));
        let entry = Entry { object: &household, detail, ..by.clone() };
        audit::record(tx, site.clock.new_id(), site.clock.now(), entry).await?;
    }
    change::put_listings(tx, &site.playbook, town, &work.listings).await?;
    history::changed(tx, &site.vault, before, deed).await?;
    let given = numbers.into_iter().zip(contacts).filter_map(|(number, contact)| Some((number, contact?)));
    let given = given.chain(work.contacts).map(|(household, steward)| NewStewardship {
        steward,
        node: Node::Household(household),
        from: deed.day,
    });
    let giver = stewards::load::Giver { account: by.account, import: deed.source.reference() };
    stewards::load::assign(tx, &site.clock, town, giver, &given.collect::<Vec<_>>()).await?;
    imports::keep(tx, deed, file_name, &json!(taken).to_string()).await
}
