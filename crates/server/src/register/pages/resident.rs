//! A resident by form.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use base::{Day, Identity, IdentityError, Sex, fold_width};
use db::Tx;
use serde::Deserialize;
use serde_json::json;

use super::super::model::{Listing, RELATIONS};
use super::super::store::change::{Hidden, Particulars, Relisting, holder, put_listings, put_particulars};
use super::super::store::follow::{self, Renewed};
use super::super::store::load::sex_key;
use super::super::store::one::{HouseholdRow, ResidentRow, living};
use super::change::hidden_phone;
use super::{Choice, Faults, arrival, household, household_path, record};
use crate::access::Action;
use crate::audit::Changes;
use crate::history::{self, Deed};
use crate::site::Site;
use crate::vault::masked_phone;
use crate::web::{Changed, Error, Form, Html, Page, Visit, Words, seen};

/// What may be chosen, each with its message.
const SEXES: [(&str, &str); 2] = [("male", "sex-male"), ("female", "sex-female")];
const REGISTRATIONS: [(&str, &str); 2] =
    [("registered", "registration-registered"), ("lodging", "registration-lodging")];
const PRESENCES: [(&str, &str); 2] = [("present", "presence-present"), ("away", "presence-away")];

/// The form as it is sent.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Sent {
    /// What the form was filled from.
    pub seen: String,
    pub name: String,
    pub sex: String,
    pub birth: String,
    pub identity: String,
    pub identity_remove: bool,
    pub phone: String,
    pub phone_remove: bool,
    pub relation: String,
    pub registration: String,
    pub presence: String,
    pub whereabouts: String,
    pub since: String,
    pub key_from: String,
    pub key_until: String,
    pub key_reason: String,
    /// How a new one came: `registered`, `born`, `moved-in`, `lodger-came`; from which day on, who told it.
    pub came: String,
    pub from: String,
    pub told_by: String,
    pub note: String,
}

#[derive(Template)]
#[template(path = "register/resident.html")]
struct ResidentPage {
    page: Page,
    is_new: bool,
    action: String,
    back: String,
    sent: Sent,
    faults: Faults,
    sexes: Vec<Choice>,
    relations: Vec<Choice>,
    registrations: Vec<Choice>,
    presences: Vec<Choice>,
    ways: Vec<Choice>,
    tellers: Vec<Choice>,
    identity_now: Option<String>,
    phone_now: Option<String>,
}

pub fn form(
    site: &Site,
    visit: &Visit,
    household: &HouseholdRow,
    known: Option<&ResidentRow>,
    sent: Sent,
    faults: Faults,
) -> Result<Response, Error> {
    let back = household_path(household.town, household.id);
    let family = |keys: &[(&str, &str)], chosen: &str| -> Vec<Choice> {
        let choice = |(key, message): &(&str, &str)| Choice {
            value: (*key).to_owned(),
            text: visit.words.get(message),
            chosen: *key == chosen,
        };
        keys.iter().map(choice).collect()
    };
    let open = |sealed: fn(&ResidentRow) -> Option<&[u8]>| site.vault.open_stored(sealed(known?));
    let identity = open(|row| row.identity_sealed.as_deref());
    let status = faults.status();
    let sent = Sent { seen: known.map(seen).unwrap_or_default(), ..sent };
    let page = ResidentPage {
        page: visit.page.clone(),
        is_new: known.is_none(),
        action: match known {
            Some(known) => format!("{back}/residents/{}", known.id),
            None => format!("{back}/residents"),
        },
        back,
        sexes: family(&SEXES, &sent.sex),
        relations: relations(&sent.relation),
        registrations: family(&REGISTRATIONS, &sent.registration),
        presences: family(&PRESENCES, &sent.presence),
        ways: family(&arrival::WAYS, &sent.came),
        tellers: arrival::tellers(visit, &sent.told_by),
        identity_now: identity.and_then(|number| Some(Identity::parse(&number).ok()?.0.masked())),
        phone_now: open(|row| row.phone_sealed.as_deref()).as_deref().map(masked_phone),
        sent,
        faults,
    };
    Ok(Html::of(&page)?.with_status(status).into_response())
}

fn relations(chosen: &str) -> Vec<Choice> {
    let other = (!chosen.is_empty() && !RELATIONS.contains(&chosen)).then_some(chosen);
    let all = other.into_iter().chain(RELATIONS);
    all.map(|word| Choice { value: word.to_owned(), text: word.to_owned(), chosen: word == chosen }).collect()
}

pub async fn edit(
    State(site): State<Site>,
    visit: Visit,
    Path((town, id, resident)): Path<(i64, i64, i64)>,
) -> Result<Response, Error> {
    let mut tx = site.db.read().await?;
    let household = household(&mut tx, &visit, Action::ChangeHouseholds, (town, id)).await?;
    let known = living(&mut tx, &household, visit.today).await?.into_iter().find(|row| row.id == resident);
    let known = known.ok_or(Error::NotFound)?;
    form(&site, &visit, &household, Some(&known), Sent::of(&known), Faults::default())
}

impl Sent {
    /// The form as it is first shown: what stands in the register.
    fn of(known: &ResidentRow) -> Sent {
        let day = |number: Option<i32>| {
            number.and_then(Day::from_number).map(|day| day.to_string()).unwrap_or_default()
        };
        Sent {
            name: known.name.clone(),
            sex: known.sex.clone().unwrap_or_default(),
            birth: day(known.birth_day),
            relation: known.relation.clone(),
            registration: known.registration.clone(),
            presence: known.presence.clone(),
            whereabouts: known.whereabouts.clone(),
            since: day(known.presence_since),
            key_from: day(known.key_from),
            key_until: day(known.key_until),
            key_reason: known.key_reason.clone().unwrap_or_default(),
            ..Sent::default()
        }
    }

    /// What a form says that was filled from what no longer stands.
    fn stale(&self, words: &Words, known: &ResidentRow) -> Faults {
        let stands = Sent::of(known);
        let chosen = |keys: &[(&str, &str)], sent: &str, key: &str| {
            // The same choice is the same; another is told by its words.
            let message = keys.iter().find(|(own, _)| *own == key).map(|(_, message)| words.get(message));
            if sent == key { key.to_owned() } else { message.unwrap_or_default() }
        };
        let fields = [
            ("name", "resident-name", &*self.name, stands.name),
            ("sex", "resident-sex", &self.sex, chosen(&SEXES, &self.sex, &stands.sex)),
            ("birth", "resident-birth", &self.birth, stands.birth),
            ("relation", "resident-relation", &self.relation, stands.relation),
            (
                "registration",
                "resident-registration",
                &self.registration,
                chosen(&REGISTRATIONS, &self.registration, &stands.registration),
            ),
            (
                "presence",
                "resident-presence",
                &self.presence,
                chosen(&PRESENCES, &self.presence, &stands.presence),
            ),
            ("whereabouts", "resident-whereabouts", &self.whereabouts, stands.whereabouts),
            ("since", "resident-since", &self.since, stands.since),
            ("key_from", "resident-key-from", &self.key_from, stands.key_from),
            ("key_until", "resident-key-until", &self.key_until, stands.key_until),
            ("key_reason", "resident-key-reason", &self.key_reason, stands.key_reason),
        ];
        Faults::stale(words, &fields)
    }
}

/// What the form says, with what is wrong with it.
pub fn read(visit: &Visit, sent: &Sent) -> (Particulars, Faults) {
    let words = &visit.words;
    let mut faults = Faults::default();
    let name: String = fold_width(&sent.name).split_whitespace().collect();
    if name.is_empty() || name.chars().count() > 50 {
        faults.add(words, "name", "resident-name-wrong");
    }
    let identity = hidden_identity(&sent.identity, sent.identity_remove);
    let identity = identity.unwrap_or_else(|key| {
        faults.add(words, "identity", key);
        Hidden::Keep
    });
    let told = if let Hidden::Put(identity) = &identity { Some(identity) } else { None };
    let typed = past_day(&sent.birth, visit.today);
    let birth = told.and_then(Identity::birth).or(typed.unwrap_or_default());
    if typed.is_err() {
        faults.add(words, "birth", "resident-birth-wrong");
    } else if typed.is_ok_and(|typed| typed.is_some() && typed != birth) {
        faults.add(words, "birth", "resident-birth-contradicts");
    }
    let chosen = match sent.sex.as_str() {
        "male" => Some(Sex::Male),
        "female" => Some(Sex::Female),
        _ => None,
    };
    // Sequence 000 is nobody's: its last digit says nothing of the sex.
    let told_sex = told.filter(|id| &id.as_str()[14..17] != "000").map(Identity::sex);
    if chosen.is_some() && told_sex.is_some() && chosen != told_sex {
        faults.add(words, "sex", "resident-sex-contradicts");
    }
    let phone = hidden_phone(&sent.phone, sent.phone_remove);
    if phone.is_none() {
        faults.add(words, "phone", "phone-wrong");
    }
    let since = past_day(&sent.since, visit.today);
    if since.is_err() {
        faults.add(words, "since", "resident-since-wrong");
    }
    let whereabouts = fold_width(&sent.whereabouts);
    if whereabouts.chars().count() > 200 {
        faults.add(words, "whereabouts", "household-address-long");
    }
    let key_person = listing(visit, sent, &mut faults);
    let relation = fold_width(&sent.relation).chars().take(50).collect();
    let away = (sent.presence == "away").then(|| (whereabouts, since.unwrap_or_default()));
    let particulars = Particulars {
        name,
        sex: chosen.or(told_sex),
        birth,
        identity,
        phone: phone.unwrap_or(Hidden::Keep),
        relation,
        lodging: sent.registration == "lodging",
        away,
        key_person,
    };
    (particulars, faults)
}

/// From which day somebody is listed as a key person, until which, and why; none for who is not.
fn listing(visit: &Visit, sent: &Sent, faults: &mut Faults) -> Option<Listing> {
    let words = &visit.words;
    let (from, reason) = (past_day(&sent.key_from, visit.today), fold_width(&sent.key_reason));
    let until = Some(sent.key_until.trim()).filter(|text| !text.is_empty()).map(str::parse::<Day>);
    if from == Ok(None) && until.is_none() && reason.is_empty() {
        return None;
    }
    let from = from.ok().flatten();
    if from.is_none() {
        faults.add(words, "key_from", "resident-key-from-wrong");
    }
    let until = until.transpose();
    if until.as_ref().map_or(true, |until| until.is_some_and(|until| from.is_some_and(|from| until < from))) {
        faults.add(words, "key_until", "resident-key-until-wrong");
    }
    if reason.is_empty() || reason.chars().count() > 200 {
        faults.add(words, "key_reason", "resident-key-reason-wrong");
    }
    Some((from?, until.ok()?, reason))
}

/// A day that is not in the future, or none; an error for what is no day or still to come.
fn past_day(text: &str, today: Day) -> Result<Option<Day>, ()> {
    match text.trim() {
        "" => Ok(None),
        text => text.parse().ok().filter(|day| *day <= today).map(Some).ok_or(()),
    }
}

fn hidden_identity(typed: &str, remove: bool) -> Result<Hidden<Identity>, &'static str> {
    if typed.trim().is_empty() {
        return Ok(if remove { Hidden::Remove } else { Hidden::Keep });
    }
    let parsed = Identity::parse(typed).map(|(identity, _)| Hidden::Put(identity));
    parsed.map_err(|error| match error {
        IdentityError::Length => "import-identity-length",
        IdentityError::Characters => "import-identity-characters",
        IdentityError::BirthDate => "import-identity-birth",
        IdentityError::CheckDigit => "import-identity-check-digit",
    })
}

/// What the form changes, for the audit trail.
fn changes<'a>(site: &'a Site, was: &ResidentRow, now: &Particulars) -> Changes<'a> {
    let (whereabouts, since) = now.away.clone().unwrap_or_default();
    let identity = now.identity.change().map(|new| new.map(Identity::as_str));
    Changes::new(&site.vault)
        .secret("name", Some(&was.name), Some(&now.name))
        .secret("birth", day(was.birth()).as_deref(), day(now.birth).as_deref())
        .secret("relation", Some(&was.relation), Some(&now.relation))
        .secret("whereabouts", Some(&was.whereabouts), Some(&whereabouts))
        .hidden("identity", was.identity_sealed.as_deref(), identity)
        .hidden("phone", was.phone_sealed.as_deref(), now.phone.change().map(|new| new.map(String::as_str)))
        .plain("sex", was.sex.as_deref(), now.sex.map(sex_key))
        .plain("lodging", was.registration == "lodging", now.lodging)
        .plain("away", was.presence == "away", now.away.is_some())
        .plain("since", was.presence_since.and_then(Day::from_number), since)
}

fn day(day: Option<Day>) -> Option<String> {
    day.map(|day| day.to_string())
}

/// One identity number is one person; asked while the town is held, so that nobody else comes with it.
pub async fn taken(tx: &mut Tx, site: &Site, town: i64, person: &Particulars, own: i64) -> db::Result<bool> {
    let Hidden::Put(identity) = &person.identity else { return Ok(false) };
    Ok(holder(tx, &site.vault, town, identity, own).await?.is_some())
}

pub async fn put(
    State(site): State<Site>,
    visit: Visit,
    Path((town, id, resident)): Path<(i64, i64, i64)>,
    Form(sent): Form<Sent>,
) -> Result<Response, Error> {
    let mut tx = site.db.write().await?;
    tx.hold(&[town].into()).await?;
    let household = household(&mut tx, &visit, Action::ChangeHouseholds, (town, id)).await?;
    let known = living(&mut tx, &household, visit.today).await?.into_iter().find(|row| row.id == resident);
    let known = known.ok_or(Error::NotFound)?;
    if sent.seen != seen(&known) {
        let faults = sent.stale(&visit.words, &known);
        return form(&site, &visit, &household, Some(&known), sent, faults);
    }
    let (person, mut faults) = read(&visit, &sent);
    if taken(&mut tx, &site, town, &person, resident).await? {
        faults.add(&visit.words, "identity", "resident-identity-taken");
    }
    if !faults.is_empty() {
        return form(&site, &visit, &household, Some(&known), sent, faults);
    }
    let stood = history::stands(&mut tx, &site.vault, town, [id], [resident]).await?;
    put_particulars(&mut tx, &site.vault, town, resident, &person).await?;
    let renewed = Renewed {
        was: (&known.name, known.phone_sealed.as_deref()),
        name: Some(&*person.name).filter(|name| *name != known.name),
        phone: person.phone.change().flatten().map(String::as_str),
    };
    let followed = follow::household(&mut tx, &site.vault, (town, id), &renewed).await?;
    let changes = changes(&site, &known, &person).plain("head_follows", false, followed.head).plain(
        "household_phone_follows",
        false,
        followed.phone,
    );
    let (before, after) = (known.listing(), person.key_person);
    let relisted = before != after;
    let days = |listing: &Option<Listing>| listing.as_ref().map(|(from, until, _)| (*from, *until));
    let detail = changes.plain("listed", days(&before), days(&after)).into(json!({ "resident": resident }));
    if relisted {
        let listing = Relisting { household: id, resident, before, after };
        put_listings(&mut tx, &site.playbook, town, &[listing]).await?;
    }
    history::changed(&mut tx, &site.vault, stood, &Deed::by(&visit, town, visit.today)).await?;
    record(&mut tx, &site, &visit, "resident.change", (town, id), detail).await?;
    tx.commit().await?;
    if relisted {
        site.live.tell(Changed(household.division().into_iter().collect()));
    }
    Ok(Redirect::to(&household_path(town, id)).into_response())
}
