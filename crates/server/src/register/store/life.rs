//! Life's events in the register: people leave a household, come to another, or become its head. A
//! resident's row is a stay: whoever moves has another one, with the same person, so that what was
//! recorded of the old one stays where it was.

use std::collections::BTreeSet;

use base::{Day, Division, Identity, Sex};
use db::{Snapshot, Tx, on_db};

use super::super::model::{Listing, NewHousehold, NewResident, Occupancy, Turn};
use super::change::{NotTurned, Relisting, put_listings, turn};
use super::load::{self, sex_key};
use super::one::{ResidentRow, spans};
use crate::history::{self, Change, Deed, Kind};
use crate::rounds;
use crate::site::Site;
use crate::stewards::{self, NewStewardship, Node};

/// How somebody leaves a household.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gone {
    Died,
    /// Left the town.
    MovedOut,
    /// Lives elsewhere in the town.
    Moved,
}

impl Gone {
    pub const ALL: [Gone; 3] = [Gone::Moved, Gone::MovedOut, Gone::Died];

    pub fn key(self) -> &'static str {
        match self {
            Gone::Died => "died",
            Gone::MovedOut => "moved-out",
            Gone::Moved => "moved",
        }
    }

    pub fn of_key(key: &str) -> Option<Gone> {
        Gone::ALL.into_iter().find(|gone| gone.key() == key)
    }
}

/// Where people come to who move within the town.
#[derive(Clone, Debug)]
pub enum To {
    /// A household of the register, that stands there.
    Known(i64, Division, Occupancy),
    /// A new one.
    New(Division, String),
}

/// What becomes of a household that nobody lives in any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rest {
    Vacant,
    Closed,
}

/// Since when nothing was told of some people of a household, so that it could be over; or the day up to
/// which they were asked after.
pub enum Since {
    Changed(Day),
    Checked(Day),
}

/// Why a stay cannot be over from a day on: something of these people holds from a later day.
pub async fn later(
    tx: &mut Snapshot,
    site: &Site,
    (town, household): (i64, i64),
    people: &BTreeSet<i64>,
    day: Day,
) -> db::Result<Option<Since>> {
    let of = |change: &Change| change.resident.is_some_and(|resident| people.contains(&resident));
    let changes = history::of_household(tx, &site.vault, (town, household)).await?;
    let last = changes.iter().filter(|change| of(change)).map(|change| change.from_day).max();
    let last = last.and_then(Day::from_number).filter(|last| *last > day);
    if let Some(last) = last {
        return Ok(Some(Since::Changed(last)));
    }
    let told = rounds::told_since(tx, town, &[household].into(), Some(day.next())).await?;
    let asked = told.into_iter().filter(|told| !told.residents.is_disjoint(people)).map(|told| told.day);
    Ok(asked.max().map(Since::Checked))
}

/// A household of the town in which people may come to live from a day on.
pub async fn standing(tx: &mut Snapshot, town: i64, household: i64, day: Day) -> db::Result<Option<To>> {
    let spans = spans(tx, town, household).await?;
    let last = spans.last().filter(|span| span.from <= day && span.until.is_none());
    Ok(last.map(|span| To::Known(household, span.division, span.occupancy)))
}

/// Ends stays in a household from the deed's day on. Who died or left keeps his numbers there; who moved
/// takes them along.
pub async fn leave(
    tx: &mut Tx,
    site: &Site,
    deed: &Deed<'_>,
    household: i64,
    people: &[ResidentRow],
    gone: Gone,
) -> db::Result<()> {
    let (town, day) = (deed.town, deed.day);
    let stood = history::stands(tx, &site.vault, town, [], people.iter().map(|row| row.id)).await?;
    let over = "UPDATE resident SET gone_from = $3, gone_how = $4 WHERE town = $1 AND id = $2";
    let taken = "UPDATE resident SET identity_sealed = NULL, identity_index = NULL, phone_sealed = NULL, \
                 phone_index = NULL WHERE town = $1 AND id = $2";
    for row in people {
        on_db!(tx, c => sqlx::query(over)
            .bind(town).bind(row.id).bind(day.number()).bind(gone.key()).execute(c).await.map(|_| ()))?;
        if gone == Gone::Moved {
            on_db!(tx, c => sqlx::query(taken).bind(town).bind(row.id).execute(c).await.map(|_| ()))?;
        }
    }
    let relisted = people.iter().filter_map(|row| {
        let before = row.listing()?;
        let after = ended(&before, day);
        (Some(&before) != after.as_ref()).then_some(Relisting {
            household,
            resident: row.id,
            before: Some(before),
            after,
        })
    });
    put_listings(tx, &site.playbook, town, &relisted.collect::<Vec<_>>()).await?;
    history::changed(tx, &site.vault, stood, deed).await
}

/// A listing that is over by a day.
fn ended((from, until, why): &Listing, day: Day) -> Option<Listing> {
    let until = until.map_or(day, |until| until.min(day));
    (*from < until).then(|| (*from, Some(until), why.clone()))
}

/// What of a listing holds from a day on.
fn going_on((from, until, why): Listing, day: Day) -> Option<Listing> {
    until.is_none_or(|until| day < until).then(|| (from.max(day), until, why))
}

/// People of one household come to live in another from the deed's day on; answers where they are.
pub async fn come(
    tx: &mut Tx,
    site: &Site,
    deed: &Deed<'_>,
    from: i64,
    people: &[ResidentRow],
    to: &To,
) -> Result<i64, NotTurned> {
    let (household, is_new) = match to {
        To::Known(household, division, occupancy) => {
            let lived_in = Turn::Stands(*division, Occupancy::LivedIn);
            if *occupancy != Occupancy::LivedIn && people.iter().any(|row| row.presence == "present") {
                let (deed, today) = (Deed { kind: None, ..deed.clone() }, site.playbook.time.day(deed.at));
                turn(tx, &site.vault, &deed, *household, today, lived_in).await?;
            }
            (*household, false)
        }
        To::New(division, house_number) => {
            (begin(tx, site, deed, from, people, (*division, house_number)).await?, true)
        }
    };
    let new: Vec<_> =
        people.iter().enumerate().map(|(at, row)| stay(site, row, deed.day, is_new && at == 0)).collect();
    let new: Vec<_> = new.iter().map(|new| (household, new)).collect();
    let here = Deed { kind: Some(Kind::MovedHere), ..deed.clone() };
    let numbers = load::join(tx, &site.vault, &here, &new).await?;
    let sql = "UPDATE resident SET person = (SELECT COALESCE(o.person, o.id) FROM resident o \
               WHERE o.town = $1 AND o.id = $3) WHERE town = $1 AND id = $2";
    for (new, row) in numbers.iter().zip(people) {
        on_db!(tx, c => sqlx::query(sql).bind(deed.town).bind(new).bind(row.id).execute(c).await.map(|_| ()))?;
    }
    Ok(household)
}

/// A household that people begin who leave another; the first of them heads it. Where it stands in the
/// same team area, the contact of the other answers for it too.
async fn begin(
    tx: &mut Tx,
    site: &Site,
    deed: &Deed<'_>,
    from: i64,
    people: &[ResidentRow],
    (division, house_number): (Division, &str),
) -> db::Result<i64> {
    let away = people.iter().all(|row| row.presence == "away");
    let first = people.first();
    let new = NewHousehold {
        division,
        house_number: house_number.to_owned(),
        head: first.map(|row| row.name.clone()).unwrap_or_default(),
        address: String::new(),
        phone: first.and_then(|row| site.vault.open_stored(row.phone_sealed.as_deref())),
        occupancy: if away { Occupancy::Away } else { Occupancy::LivedIn },
        tags: Vec::new(),
        residents: Vec::new(),
    };
    let household = load::insert(tx, &site.vault, deed, &[new]).await?.first().copied().unwrap_or_default();
    let near = spans(tx, deed.town, from).await?;
    let near = near.iter().rfind(|span| span.from <= deed.day).is_some_and(|span| span.division == division);
    let sql = "SELECT steward FROM stewardship WHERE town = $1 AND level = 'household' AND node = $2 \
               AND from_day <= $3 AND until_day IS NULL";
    let contact: Option<i64> = on_db!(tx, c => sqlx::query_scalar(sql)
        .bind(deed.town).bind(from).bind(deed.day.number()).fetch_optional(c).await)?;
    let given = contact.filter(|_| near).map(|steward| NewStewardship {
        steward,
        node: Node::Household(household),
        from: deed.day,
    });
    let giver = stewards::load::Giver { account: deed.account, import: None };
    stewards::load::assign(tx, &site.clock, deed.town, giver, given.as_slice()).await?;
    Ok(household)
}

/// The stay that follows another.
fn stay(site: &Site, row: &ResidentRow, day: Day, heads: bool) -> NewResident {
    let open = |sealed: &Option<Vec<u8>>| site.vault.open_stored(sealed.as_deref());
    let sexes = [Sex::Male, Sex::Female];
    NewResident {
        name: row.name.clone(),
        sex: sexes.into_iter().find(|sex| row.sex.as_deref() == Some(sex_key(*sex))),
        birth: row.birth(),
        identity: open(&row.identity_sealed).and_then(|number| Some(Identity::parse(&number).ok()?.0)),
        phone: open(&row.phone_sealed),
        relation: if heads { "户主".to_owned() } else { row.relation.clone() },
        lodging: row.registration == "lodging",
        away: (row.presence == "away")
            .then(|| (row.whereabouts.clone(), row.presence_since.and_then(Day::from_number))),
        key_person: row.listing().and_then(|listing| going_on(listing, day)),
    }
}

/// Nobody lives in a household any more from the deed's day on.
pub async fn empty(
    tx: &mut Tx,
    site: &Site,
    deed: &Deed<'_>,
    household: i64,
    (today, rest): (Day, Rest),
) -> Result<(), NotTurned> {
    let spans = spans(tx, deed.town, household).await?;
    let Some(last) = spans.iter().rfind(|span| span.from <= today) else { return Ok(()) };
    let to = match rest {
        Rest::Vacant => Turn::Stands(last.division, Occupancy::Vacant),
        Rest::Closed => Turn::Closed,
    };
    let deed = Deed { kind: None, ..deed.clone() };
    turn(tx, &site.vault, &deed, household, today, to).await
}

/// One of its people heads a household from now on; the one who did is called otherwise.
pub async fn put_head(
    tx: &mut Tx,
    site: &Site,
    deed: &Deed<'_>,
    household: i64,
    people: &[ResidentRow],
    (head, former): (&ResidentRow, &str),
) -> db::Result<()> {
    let deed = Deed { kind: Some(Kind::HeadChanged), ..deed.clone() };
    let ids = people.iter().map(|row| row.id);
    let stood = history::stands(tx, &site.vault, deed.town, [household], ids).await?;
    let sql = "UPDATE household SET head = $3, initials = $4 WHERE town = $1 AND id = $2";
    on_db!(tx, c => sqlx::query(sql)
        .bind(deed.town).bind(household).bind(&head.name).bind(base::initials(&head.name))
        .execute(c).await.map(|_| ()))?;
    let sql = "UPDATE resident SET relation = $3 WHERE town = $1 AND id = $2";
    for row in people {
        let relation = match row.relation.as_str() {
            _ if row.id == head.id => "户主",
            "户主" => former,
            _ => continue,
        };
        on_db!(tx, c => sqlx::query(sql)
            .bind(deed.town).bind(row.id).bind(relation).execute(c).await.map(|_| ()))?;
    }
    history::changed(tx, &site.vault, stood, &deed).await
}
