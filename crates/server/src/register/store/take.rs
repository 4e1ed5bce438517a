//! Writing what an import comes to.

use base::{Day, Division, Level};
use db::{Snapshot, Tx};

use super::super::import::{Known, Places, Work};
use super::super::model::NewHousehold;
use super::{change, ending, known, load};
use crate::divisions;
use crate::site::Site;
use crate::stewards::{self, NewStewardship, Node};

/// Everything an import into a town is compared with.
pub async fn known(tx: &mut Snapshot, town: Division, day: Day) -> db::Result<Known> {
    Ok(Known {
        places: Places::new(
            divisions::names_below(tx, town, Level::Group, day).await?,
            ending(tx, town, day).await?,
        ),
        households: known::households(tx, town.town(), day).await?,
        residents: known::residents(tx, town.town()).await?,
        stewards: known::stewards(tx, town.town()).await?,
    })
}

/// Takes new households and people into the register from a day on, changes what a list says
/// otherwise, gives the households their contacts, and lists key persons.
pub async fn take(
    tx: &mut Tx,
    site: &Site,
    town: i64,
    day: Day,
    account: Option<i64>,
    work: Work,
) -> db::Result<()> {
    let (new, contacts): (Vec<NewHousehold>, Vec<Option<i64>>) = work.households.into_iter().unzip();
    let numbers = load::insert(tx, &site.vault, town, day, &new).await?;
    let people: Vec<_> = work.people.iter().map(|(household, person)| (*household, person)).collect();
    load::join(tx, &site.vault, town, &people).await?;
    change::put_corrections(tx, &site.vault, town, &work.changes).await?;
    change::put_listings(tx, &site.playbook, town, &work.listings).await?;
    let given = numbers.into_iter().zip(contacts).filter_map(|(number, contact)| Some((number, contact?)));
    let given = given.chain(work.contacts).map(|(household, steward)| NewStewardship {
        steward,
        node: Node::Household(household),
        from: day,
    });
    stewards::load::assign(tx, &site.clock, town, account, &given.collect::<Vec<_>>()).await
}
