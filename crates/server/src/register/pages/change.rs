//! A household by form: a new one, or what one is called and where it is reached.

use std::collections::BTreeSet;

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use base::{Division, fold_width, phone};
use serde::Deserialize;
use serde_json::json;

use super::super::model::{NewHousehold, NewResident, Occupancy, TAGS, house_order};
use super::super::store::change::{Facts, Hidden, put_facts};
use super::super::store::one::{HouseholdRow, residents};
use super::super::store::{follow, known, load};
use super::{Choice, Faults, Names, day_of, household, household_path, record};
use crate::access::Action;
use crate::audit::Changes;
use crate::history::{self, Deed};
use crate::site::Site;
use crate::vault::masked_phone;
use crate::web::{Error, Form, Html, Page, Visit, Words, seen};

/// Characters of a name or house number, and of an address.
const SHORT: usize = 50;
const LONG: usize = 200;

/// The form as it is sent.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Sent {
    /// What the form was filled from.
    pub seen: String,
    pub division: String,
    pub house_number: String,
    pub head: String,
    pub address: String,
    pub phone: String,
    pub phone_remove: bool,
    pub tags: Vec<String>,
    pub occupancy: String,
    pub from: String,
}

#[derive(Template)]
#[template(path = "register/change.html")]
struct ChangePage {
    page: Page,
    /// Whether a household is added; else changed.
    is_new: bool,
    action: String,
    back: String,
    sent: Sent,
    faults: Faults,
    divisions: Vec<Choice>,
    occupancies: Vec<Choice>,
    tags: Vec<Choice>,
    /// The number that is known, masked.
    phone_now: Option<String>,
}

impl ChangePage {
    fn new(visit: &Visit, sent: Sent, faults: Faults) -> ChangePage {
        let words = &visit.words;
        let tags = TAGS.map(|tag| Choice {
            value: tag.to_owned(),
            text: words.get(&format!("tag-{tag}")),
            chosen: sent.tags.iter().any(|own| own == tag),
        });
        ChangePage {
            page: visit.page.clone(),
            is_new: false,
            action: String::new(),
            back: String::new(),
            divisions: Vec::new(),
            occupancies: occupancies(visit, &sent.occupancy),
            tags: tags.to_vec(),
            phone_now: None,
            sent,
            faults,
        }
    }

    fn respond(&self) -> Result<Response, Error> {
        Ok(Html::of(self)?.with_status(self.faults.status()).into_response())
    }
}

/// The ways in which a household may be lived in, one of them chosen.
pub fn occupancies(visit: &Visit, chosen: &str) -> Vec<Choice> {
    let choice = |occupancy: Occupancy| Choice {
        value: occupancy.key().to_owned(),
        text: visit.words.get(&format!("occupancy-{}", occupancy.key())),
        chosen: occupancy.key() == chosen,
    };
    Occupancy::ALL.map(choice).to_vec()
}

async fn new_page(site: &Site, visit: &Visit, sent: Sent, faults: Faults) -> Result<Response, Error> {
    let scope = visit.may(Action::ChangeHouseholds)?;
    let mut tx = site.db.read().await?;
    let names = Names::of_town(&mut tx, visit, visit.today).await?;
    let chosen = Division::from_code(&sent.division);
    let page = ChangePage {
        is_new: true,
        action: "/households".to_owned(),
        back: "/households".to_owned(),
        divisions: names.homes(&scope, chosen),
        ..ChangePage::new(visit, sent, faults)
    };
    page.respond()
}

pub async fn new(State(site): State<Site>, visit: Visit) -> Result<Response, Error> {
    let sent = Sent { from: visit.today.to_string(), ..Sent::default() };
    new_page(&site, &visit, sent, Faults::default()).await
}

/// What the form says, folded; with what is wrong with it.
fn read(visit: &Visit, sent: &Sent, vacant: bool) -> (Facts, Faults) {
    let words = &visit.words;
    let mut faults = Faults::default();
    let mut text = |field: &'static str, value: &str, longest: usize| {
        let value = fold_width(value);
        if value.chars().count() > longest {
            faults.add(
                words,
                field,
                if longest == SHORT { "household-too-long" } else { "household-address-long" },
            );
        }
        value
    };
    let house_number = text("house_number", &sent.house_number, SHORT);
    let head: String = text("head", &sent.head, SHORT).split_whitespace().collect();
    let address = text("address", &sent.address, LONG);
    if head.is_empty() && !vacant {
        faults.add(words, "head", "household-head-missing");
    }
    if house_number.is_empty() && address.is_empty() {
        faults.add(words, "house_number", "household-house-missing");
    }
    let number = hidden_phone(&sent.phone, sent.phone_remove);
    if number.is_none() {
        faults.add(words, "phone", "phone-wrong");
    }
    let tags = sent.tags.iter().filter(|tag| TAGS.contains(&tag.as_str())).cloned().collect();
    (Facts { house_number, head, address, phone: number.unwrap_or(Hidden::Keep), tags }, faults)
}

/// What becomes of a number that the form does not show; nothing for what is no number.
pub fn hidden_phone(typed: &str, remove: bool) -> Option<Hidden<String>> {
    match (typed.trim().is_empty(), remove) {
        (true, true) => Some(Hidden::Remove),
        (true, false) => Some(Hidden::Keep),
        (false, _) => Some(Hidden::Put(phone(typed)?)),
    }
}

pub async fn add(State(site): State<Site>, visit: Visit, Form(sent): Form<Sent>) -> Result<Response, Error> {
    let scope = visit.may(Action::ChangeHouseholds)?;
    let words = &visit.words;
    let occupancy = Occupancy::of_key(&sent.occupancy).unwrap_or(Occupancy::LivedIn);
    let (facts, mut faults) = read(&visit, &sent, occupancy == Occupancy::Vacant);
    let from = day_of(&sent.from, visit.today).filter(|day| *day <= visit.today);
    if from.is_none() {
        faults.add(words, "from", "household-day-wrong");
    }
    let mut tx = site.db.write().await?;
    // Held before anything is looked up: whoever taps twice adds one household.
    let town = visit.person.town().ok_or(Error::NotAllowed)?;
    tx.hold(&[town.town()].into()).await?;
    let homes = Names::of_town(&mut tx, &visit, visit.today).await?.homes(&scope, None);
    let division = Division::from_code(&sent.division).filter(|d| homes.iter().any(|h| h.value == d.code()));
    if division.is_none() {
        faults.add(words, "division", "household-division-missing");
    }
    let (Some(division), Some(from), true) = (division, from, faults.is_empty()) else {
        drop(tx);
        return new_page(&site, &visit, sent, faults).await;
    };
    let order = house_order(&facts.house_number);
    if known::stands(&mut tx, division, &order, &facts.head, visit.today).await? {
        drop(tx);
        faults.add(words, "head", "household-there-already");
        return new_page(&site, &visit, sent, faults).await;
    }
    let new = new_household(facts, division, occupancy);
    let deed = Deed::by(&visit, division.town(), from);
    let numbers = load::insert(&mut tx, &site.vault, &deed, &[new]).await?;
    let key = (division.town(), numbers.first().copied().ok_or(Error::NotFound)?);
    record(&mut tx, &site, &visit, "household.add", key, json!({ "from": from })).await?;
    tx.commit().await?;
    Ok(Redirect::to(&household_path(key.0, key.1)).into_response())
}

fn new_household(facts: Facts, division: Division, occupancy: Occupancy) -> NewHousehold {
    let phone = if let Hidden::Put(phone) = facts.phone { Some(phone) } else { None };
    let head = NewResident {
        name: facts.head.clone(),
        sex: None,
        birth: None,
        identity: None,
        phone: phone.clone(),
        relation: "户主".to_owned(),
        lodging: false,
        away: (occupancy == Occupancy::Away).then(|| (String::new(), None)),
        key_person: None,
    };
    NewHousehold {
        division,
        house_number: facts.house_number,
        head: facts.head,
        address: facts.address,
        phone,
        occupancy,
        tags: facts.tags,
        residents: if occupancy == Occupancy::Vacant { Vec::new() } else { vec![head] },
    }
}

/// What the form changes, for the audit trail.
fn changes<'a>(site: &'a Site, was: &HouseholdRow, now: &Facts) -> Changes<'a> {
    let tags = |tags: &str| tags.split_whitespace().map(str::to_owned).collect::<BTreeSet<_>>();
    Changes::new(&site.vault)
        .secret("head", Some(&was.head), Some(&now.head))
        .secret("house_number", Some(&was.house_number), Some(&now.house_number))
        .secret("address", Some(&was.address), Some(&now.address))
        .hidden("phone", was.phone_sealed.as_deref(), now.phone.change().map(|new| new.map(String::as_str)))
        .plain("tags", tags(&was.tags), now.tags.iter().cloned().collect())
}

pub async fn edit(
    State(site): State<Site>,
    visit: Visit,
    Path(key): Path<(i64, i64)>,
) -> Result<Response, Error> {
    let mut tx = site.db.read().await?;
    let household = household(&mut tx, &visit, Action::ChangeHouseholds, key).await?;
    edit_page(&site, &visit, &household, Sent::of(&household), Faults::default())
}

fn edit_page(
    site: &Site,
    visit: &Visit,
    household: &HouseholdRow,
    sent: Sent,
    faults: Faults,
) -> Result<Response, Error> {
    let phone = site.vault.open_stored(household.phone_sealed.as_deref());
    let path = household_path(household.town, household.id);
    let page = ChangePage {
        action: format!("{path}/edit"),
        back: path,
        phone_now: phone.as_deref().map(masked_phone),
        ..ChangePage::new(visit, Sent { seen: seen(&household.facts()), ..sent }, faults)
    };
    page.respond()
}

impl Sent {
    /// The form as it is first shown: what stands in the register.
    fn of(known: &HouseholdRow) -> Sent {
        Sent {
            house_number: known.house_number.clone(),
            head: known.head.clone(),
            address: known.address.clone(),
            tags: known.tags.split_whitespace().map(str::to_owned).collect(),
            ..Sent::default()
        }
    }

    /// What a form says that was filled from what no longer stands.
    fn stale(&self, words: &Words, known: &HouseholdRow) -> Faults {
        let stands = Sent::of(known);
        let told = |tags: &[String]| {
            let tags: BTreeSet<_> = tags.iter().map(|tag| words.get(&format!("tag-{tag}"))).collect();
            tags.into_iter().collect::<Vec<_>>().join("、")
        };
        let fields = [
            ("house_number", "household-house", &*self.house_number, stands.house_number),
            ("head", "household-head", &self.head, stands.head),
            ("address", "household-address", &self.address, stands.address),
            ("tags", "household-know", &told(&self.tags), told(&stands.tags)),
        ];
        Faults::stale(words, &fields)
    }
}

pub async fn put(
    State(site): State<Site>,
    visit: Visit,
    Path(key): Path<(i64, i64)>,
    Form(sent): Form<Sent>,
) -> Result<Response, Error> {
    let mut tx = site.db.write().await?;
    // Held before it is looked at: of two who save at once, the second sees what the first did.
    tx.hold(&[key.0].into()).await?;
    let household = household(&mut tx, &visit, Action::ChangeHouseholds, key).await?;
    if sent.seen != seen(&household.facts()) {
        let faults = sent.stale(&visit.words, &household);
        return edit_page(&site, &visit, &household, sent, faults);
    }
    let (facts, faults) = read(&visit, &sent, household.occupancy == Occupancy::Vacant.key());
    if !faults.is_empty() {
        return edit_page(&site, &visit, &household, sent, faults);
    }
    let people = residents(&mut tx, &household).await?.into_iter().map(|row| row.id);
    let before = history::stands(&mut tx, &site.vault, key.0, [key.1], people).await?;
    put_facts(&mut tx, &site.vault, key.0, key.1, &facts).await?;
    let followed = match &facts.phone {
        Hidden::Put(phone) => {
            follow::people(&mut tx, &site.vault, key, household.phone_sealed.as_deref(), phone).await?
        }
        Hidden::Keep | Hidden::Remove => Vec::new(),
    };
    history::changed(&mut tx, &site.vault, before, &Deed::by(&visit, key.0, visit.today)).await?;
    let changes = changes(&site, &household, &facts).plain("phone_follows_of", Vec::new(), followed);
    let detail = changes.into(json!({}));
    record(&mut tx, &site, &visit, "household.change", key, detail).await?;
    tx.commit().await?;
    Ok(Redirect::to(&household_path(key.0, key.1)).into_response())
}
