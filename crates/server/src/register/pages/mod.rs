//! The register's pages.

pub mod arrival;
pub mod change;
pub mod columns;
pub mod doubles;
pub mod export;
pub mod head;
pub mod history;
pub mod import;
pub mod imports;
pub mod leaving;
pub mod list;
pub mod movements;
pub mod numbers;
pub mod one;
pub mod preview;
pub mod readers;
pub mod resident;
pub mod returned;
pub mod turn;

use std::collections::{BTreeMap, BTreeSet};

use axum::http::StatusCode;
use base::{Day, Division, Level};
use db::{Snapshot, Tx};
use serde_json::Value;

use super::store;
use super::store::one::HouseholdRow;
use crate::access::{Action, Scope};
use crate::audit;
use crate::divisions;
use crate::site::Site;
use crate::web::{Error, Visit, Words, short_name};

/// The address of a household's page.
pub fn household_path(town: i64, id: i64) -> String {
    format!("/households/{town}/{id}")
}

/// What is wrong with a form: the field, and what to do.
#[derive(Clone, Debug, Default)]
pub struct Faults {
    at: Vec<(&'static str, String)>,
    /// Whether somebody changed what the form was filled from.
    pub stale: bool,
}

impl Faults {
    pub fn add(&mut self, words: &Words, field: &'static str, key: &str) {
        self.tell(field, words.get(key));
    }

    pub fn tell(&mut self, field: &'static str, message: String) {
        self.at.push((field, message));
    }

    /// What a form meets that was filled from what no longer stands: each field, called by a message,
    /// that says otherwise than the register tells what stands there; the first where the values
    /// themselves are not shown.
    pub fn stale(words: &Words, fields: &[(&'static str, &str, &str, String)]) -> Faults {
        let other = fields.iter().filter(|(_, _, typed, stands)| *typed != stands.as_str());
        let told = |(field, called, _, stands): &(&'static str, &str, &str, String)| {
            let none = || words.get("form-now-empty");
            let now = if stands.is_empty() { none() } else { stands.clone() };
            (*field, words.get_with("form-now", &[("what", words.get(called)), ("now", now)]))
        };
        let mut at: Vec<_> = other.map(told).collect();
        if let (true, Some((field, ..))) = (at.is_empty(), fields.first()) {
            at.push((field, words.get("form-now-same")));
        }
        Faults { at, stale: true }
    }

    pub fn is_empty(&self) -> bool {
        self.at.is_empty()
    }

    /// How a page with these answers.
    pub fn status(&self) -> StatusCode {
        match (self.stale, self.is_empty()) {
            (true, _) => StatusCode::CONFLICT,
            (false, true) => StatusCode::OK,
            (false, false) => StatusCode::UNPROCESSABLE_ENTITY,
        }
    }

    pub fn iter(&self) -> impl Iterator<Item = &(&'static str, String)> {
        self.at.iter()
    }

    /// The message at a field; empty where nothing is wrong with it.
    pub fn at(&self, field: &str) -> &str {
        self.at.iter().find(|(own, _)| *own == field).map_or("", |(_, message)| message)
    }
}

/// One of the answers of a list of choices.
#[derive(Clone, Debug)]
pub struct Choice {
    pub value: String,
    pub text: String,
    pub chosen: bool,
}

/// The divisions of the town by their names.
#[derive(Clone, Debug, Default)]
pub struct Names {
    names: BTreeMap<Division, String>,
    /// Those that will be closed or merged.
    ending: BTreeSet<Division>,
}

impl Names {
    pub async fn of_town(tx: &mut Snapshot, visit: &Visit, day: Day) -> db::Result<Names> {
        let Some(town) = visit.person.town() else { return Ok(Names::default()) };
        Names::of(tx, town.town(), day).await
    }

    /// The divisions of a town by its nine-digit code.
    pub async fn of(tx: &mut Snapshot, town: i64, today: Day) -> db::Result<Names> {
        let Some(town) = Division::of_town(town) else { return Ok(Names::default()) };
        let names = divisions::names_below(tx, town, Level::Group, today).await?;
        let names = names.into_iter().map(|(division, name)| (division, short_name(&name))).collect();
        Ok(Names { names, ending: store::ending(tx, town, today).await? })
    }

    pub fn one(&self, division: Division) -> String {
        self.names.get(&division).cloned().unwrap_or_else(|| division.code())
    }

    /// Village and team area: 北街村 一组.
    pub fn full(&self, division: Division) -> String {
        let parts = [division.at(Level::Village), division.at(Level::Group)];
        parts.into_iter().flatten().map(|part| self.one(part)).collect::<Vec<_>>().join(" ")
    }

    /// The villages and team areas within a scope.
    pub fn within<'a>(&'a self, scope: &'a Scope) -> impl Iterator<Item = Division> + 'a {
        let below = self.names.keys().copied().filter(|d| d.level() >= Level::Village);
        below.filter(|division| scope.covers(*division))
    }

    /// Where a household may come to stand: in a team area, or in a village that has none; not where
    /// the division is about to end.
    pub fn homes(&self, scope: &Scope, chosen: Option<Division>) -> Vec<Choice> {
        let is_village = |d: &Division| d.level() == Level::Village;
        let lasting = |division: &Division| !self.ending.contains(division);
        let divided = |village: Division| {
            let mut others = self.names.keys().filter(|d| village.contains(**d) && **d != village);
            others.any(lasting)
        };
        let homes = self.within(scope).filter(|d| lasting(d) && (!is_village(d) || !divided(*d)));
        homes.map(|division| self.choice(division, chosen)).collect()
    }

    /// A division to be chosen.
    pub fn choice(&self, division: Division, chosen: Option<Division>) -> Choice {
        Choice { value: division.code(), text: self.full(division), chosen: chosen == Some(division) }
    }
}

/// A household within an action's scope, or 'not found'.
pub async fn household(
    tx: &mut Snapshot,
    visit: &Visit,
    action: Action,
    (town, id): (i64, i64),
) -> Result<HouseholdRow, Error> {
    let scope = visit.may(action)?;
    store::one::household(tx, &scope, (town, id), visit.today).await?.ok_or(Error::NotFound)
}

/// Writes down what was done to a household.
pub async fn record(
    tx: &mut Tx,
    site: &Site,
    visit: &Visit,
    action: &str,
    (town, id): (i64, i64),
    detail: Value,
) -> db::Result<()> {
    // What is about a whole list is about no household.
    let object = if id == 0 { town.to_string() } else { audit::household((town, id)) };
    let entry = audit::Entry::by(visit, action, &object, detail);
    audit::record(tx, site.clock.new_id(), visit.now, entry).await
}

/// The day of a form's field; today where nothing is given. Nothing for a day that is none.
pub fn day_of(text: &str, today: Day) -> Option<Day> {
    let text = text.trim();
    if text.is_empty() { Some(today) } else { text.parse().ok() }
}
