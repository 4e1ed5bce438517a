//! A proposal of contacts for a street: shown, and confirmed as it was shown.

use std::collections::{BTreeMap, BTreeSet};

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use axum_extra::extract::Query;
use base::Division;
use serde::Deserialize;

use super::{Faults, assign, day, division, head, person_path};
use crate::access::{Action, Scope};
use crate::site::Site;
use crate::stewards::hand_over::{HandOver, give_in};
use crate::stewards::model::House;
use crate::stewards::model::plan::{Candidate, Place, Plan, propose};
use crate::stewards::store::{self, StewardRow, Which};
use crate::web::{Error, Form, Html, Page, Visit, Words};

/// What is asked for, and confirmed.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    /// Households one contact comes to have at most; empty: the playbook's limit.
    most: String,
    from: String,
    /// The digest of the plan that was shown.
    plan: String,
}

impl Asked {
    fn most(&self, limit: i64) -> Result<i64, Error> {
        let most = match self.most.trim() {
            "" => Ok(limit),
            typed => typed.parse().map_err(|_| Error::field("most", "stewards-most-wrong")),
        }?;
        if (1..=limit).contains(&most) { Ok(most) } else { Err(Error::field("most", "stewards-most-wrong")) }
    }
}

/// A street as a proposal looks at it.
struct Street {
    houses: Vec<House>,
    people: Vec<StewardRow>,
    plan: Plan,
}

/// Those proposed: of the street itself, or of a branch whose members serve in it; nobody who
/// answers for a division, and nobody who is away.
async fn look(
    tx: &mut db::Snapshot,
    site: &Site,
    visit: &Visit,
    scope: &Scope,
    street: Division,
    most: i64,
) -> Result<Street, Error> {
    let houses = store::houses(tx, scope, street.town(), Which::Of(street), visit.today).await?;
    let people = store::candidates(tx, &site.vault, scope, street, visit.today).await?;
    let serving: BTreeSet<i64> =
        houses.iter().filter_map(|house| house.contact.as_ref().map(|(id, _)| *id)).collect();
    let here = |row: &StewardRow| row.division == street || serving.contains(&row.id);
    let branches: BTreeSet<&str> =
        people.iter().filter(|row| here(row)).map(|row| row.branch.as_str()).collect();
    let fits = |row: &&StewardRow| {
        let of_branch = !row.branch.is_empty() && branches.contains(row.branch.as_str());
        row.leads == 0 && !row.absent && (here(row) || of_branch)
    };
    let candidate = |row: &StewardRow| Candidate { steward: row.id, load: row.load, near: here(row) };
    let candidates: Vec<Candidate> = people.iter().filter(fits).map(candidate).collect();
    let plan = propose(&places(&houses), &candidates, most);
    Ok(Street { plan, houses, people })
}

/// A household whose contact is settled for a later day only counts as given.
fn places(houses: &[House]) -> Vec<Place> {
    let contact = |house: &House| match (&house.contact, &house.next) {
        (Some((id, _)), _) | (None, Some((id, ..))) => Some(*id),
        (None, None) => None,
    };
    houses.iter().map(|house| Place { pick: house.pick(), contact: contact(house) }).collect()
}

/// What one contact would get.
struct Share {
    path: String,
    name: String,
    load: i64,
    then: i64,
    houses: Vec<String>,
}

#[derive(Template)]
#[template(path = "stewards/plan.html")]
struct PlanPage {
    page: Page,
    faults: Faults,
    name: String,
    code: String,
    asked: Asked,
    most: i64,
    limit: i64,
    given: usize,
    shares: Vec<Share>,
    left: Vec<String>,
    digest: String,
}

pub async fn show(
    visit: Visit,
    State(site): State<Site>,
    Path(code): Path<String>,
    Query(mut asked): Query<Asked>,
) -> Result<Response, Error> {
    if asked.from.is_empty() {
        asked.from = visit.today.to_string();
    }
    page(&visit, &site, &code, asked, Faults::default()).await
}

async fn page(
    visit: &Visit,
    site: &Site,
    code: &str,
    asked: Asked,
    mut faults: Faults,
) -> Result<Response, Error> {
    let scope = visit.may(Action::AssignStewards)?;
    let street = division(code)?;
    let limit = site.playbook.round.contact_limit;
    let most = match asked.most(limit) {
        Ok(most) => most,
        Err(error) => {
            faults = Faults::of(&visit.words, error)?;
            limit
        }
    };
    let mut tx = site.db.read().await?;
    let names = assign::named(&mut tx, visit, &scope, street).await?;
    let seen = look(&mut tx, site, visit, &scope, street, most).await?;
    let status = faults.status();
    let page = PlanPage {
        page: visit.page.clone(),
        faults,
        name: names.full(street),
        code: street.code(),
        most,
        limit,
        given: seen.plan.given.len(),
        shares: shares(&visit.words, street.town(), &seen),
        left: seen
            .plan
            .left
            .iter()
            .filter_map(|pick| label(&visit.words, &seen, pick.node.number()))
            .collect(),
        digest: seen.plan.digest(),
        asked,
    };
    Ok(Html::of(&page)?.with_status(status).into_response())
}

fn label(words: &Words, street: &Street, household: i64) -> Option<String> {
    let house = street.houses.iter().find(|house| house.household == household)?;
    Some(format!("{} {}", head(words, &house.head), house.house_number))
}

fn shares(words: &Words, town: i64, street: &Street) -> Vec<Share> {
    let mut shares: BTreeMap<i64, Share> = BTreeMap::new();
    for (pick, steward) in &street.plan.given {
        let Some(row) = street.people.iter().find(|row| row.id == *steward) else { continue };
        let share = shares.entry(*steward).or_insert_with(|| Share {
            path: person_path(town, row.id),
            name: row.name.clone(),
            load: row.load,
            then: row.load,
            houses: Vec::new(),
        });
        share.then += 1;
        share.houses.extend(label(words, street, pick.node.number()));
    }
    shares.into_values().collect()
}

pub async fn confirm(
    visit: Visit,
    State(site): State<Site>,
    Path(code): Path<String>,
    Form(sent): Form<Asked>,
) -> Result<Response, Error> {
    match confirmed(&visit, &site, &code, &sent).await {
        Ok(count) => Ok(Redirect::to(&format!("/stewards/streets/{code}?done={count}")).into_response()),
        Err(error) => {
            let faults = Faults::of(&visit.words, error)?;
            page(&visit, &site, &code, sent, faults).await
        }
    }
}

/// Proposes once more, and writes it only if that says the same as what was shown.
async fn confirmed(visit: &Visit, site: &Site, code: &str, sent: &Asked) -> Result<usize, Error> {
    let scope = visit.may(Action::AssignStewards)?;
    let street = division(code)?;
    let most = sent.most(site.playbook.round.contact_limit)?;
    let from = day("from", &sent.from)?;
    let mut tx = site.db.write().await?;
    assign::named(&mut tx, visit, &scope, street).await?;
    let seen = look(&mut tx, site, visit, &scope, street, most).await?;
    if seen.plan.digest() != sent.plan {
        return Err(Error::Conflict("stewards-plan-changed"));
    }
    let mut shares: BTreeMap<i64, Vec<_>> = BTreeMap::new();
    for (pick, steward) in &seen.plan.given {
        shares.entry(*steward).or_default().push(*pick);
    }
    if shares.is_empty() {
        return Err(Error::Conflict("stewards-plan-empty"));
    }
    for (steward, picks) in shares {
        let wanted = HandOver { town: street.town(), picks, to: Some(steward), from };
        give_in(site, visit, &scope, &mut tx, &wanted).await?;
    }
    tx.commit().await?;
    site.people.forget();
    Ok(seen.plan.given.len())
}
