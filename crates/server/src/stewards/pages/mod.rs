//! The stewards' pages. They work without script: forms post and lead back.

mod assign;
mod coverage;
mod household;
mod node;
mod people;
mod person;
mod plan;
mod steward_form;

use std::collections::BTreeMap;

use axum::Router;
use axum::http::StatusCode;
use axum::routing::{get, post};
use base::{Day, Division, Level};

use super::model::{Answerer, Pick, Tier};
use super::store::StewardRow;
use crate::site::Site;
use crate::web::{Error, Field, Visit, Words, short_name};

pub fn routes() -> Router<Site> {
    Router::new()
        .route("/stewards", get(coverage::show))
        .route("/stewards/gaps", get(coverage::gaps))
        .route("/stewards/people", get(people::list).post(steward_form::add))
        .route("/stewards/people/new", get(steward_form::blank))
        .route("/stewards/people/{town}/{id}", get(person::show))
        .route("/stewards/people/{town}/{id}/change", get(steward_form::filled).post(steward_form::change))
        .route("/stewards/people/{town}/{id}/hand-over", post(person::hand_over))
        .route("/stewards/people/{town}/{id}/call", post(person::call))
        .route("/stewards/people/{town}/{id}/stand-ins", post(person::add_stand_in))
        .route("/stewards/people/{town}/{id}/stand-ins/{absence}/end", post(person::end_stand_in))
        .route("/stewards/nodes/{division}", get(node::show).post(node::appoint))
        .route("/stewards/streets/{division}", get(assign::show).post(assign::assign))
        .route("/stewards/streets/{division}/proposal", get(plan::show).post(plan::confirm))
        .route("/stewards/households/{town}/{id}", get(household::show))
}

/// The division of a path or a form; not found where there is none such.
fn division(code: &str) -> Result<Division, Error> {
    let division = Division::from_code(code).filter(|division| division.level() >= Level::Town);
    division.ok_or(Error::NotFound)
}

/// Names of divisions by code, as they are said.
struct Names(BTreeMap<Division, String>);

impl Names {
    fn of(names: impl IntoIterator<Item = (Division, String)>) -> Names {
        Names(names.into_iter().map(|(division, name)| (division, short_name(&name))).collect())
    }

    /// 北街村 一组, or 襄陵镇 for the town; the code where a name is missing.
    fn full(&self, division: Division) -> String {
        let name = |d: Division| self.0.get(&d).cloned().unwrap_or_else(|| d.code());
        match (division.level(), division.parent()) {
            (Level::Group, Some(village)) => format!("{} {}", name(village), name(division)),
            _ => name(division),
        }
    }
}

/// The divisions whose names [`Names::full`] needs.
fn with_villages(divisions: impl IntoIterator<Item = Division>) -> Vec<Division> {
    divisions.into_iter().flat_map(|d| [Some(d), d.at(Level::Village)]).flatten().collect()
}

/// Who answers, as a page shows it.
struct Who {
    path: String,
    name: String,
    phone: String,
    /// Answers only until somebody is given.
    provisional: bool,
    /// 暂由街长负责; 替某某.
    note: String,
}

impl Who {
    fn of(words: &Words, town: i64, answerer: &Answerer) -> Who {
        let mut notes = Vec::new();
        if answerer.provisional {
            notes.push(provisionally(words, answerer));
        }
        if let Some(name) = &answerer.stands_in_for {
            notes.push(say!(words, "stewards-stands-in-for", name = name.as_str()));
        }
        Who {
            path: person_path(town, answerer.steward),
            name: answerer.name.clone(),
            phone: answerer.phone.clone().unwrap_or_default(),
            provisional: answerer.provisional,
            note: notes.join(" · "),
        }
    }
}

/// What the steward of a level is called: 包户人, 街长、队长, 包村干部, 镇领导.
fn title(words: &Words, tier: Tier) -> String {
    words.get(&format!("stewards-title-{}", tier.key()))
}

/// As what somebody answers who has the node only until somebody is given: 暂由街长负责.
pub fn provisionally(words: &Words, answerer: &Answerer) -> String {
    say!(words, "stewards-provisional", title = title(words, answerer.level))
}

fn person_path(town: i64, steward: i64) -> String {
    format!("/stewards/people/{town}/{steward}")
}

/// Somebody who may be chosen in a form.
struct Choice {
    id: String,
    /// 张文秀 · 第一支部 · 12 户.
    text: String,
    chosen: bool,
}

fn choices(words: &Words, rows: &[StewardRow], chosen: &str) -> Vec<Choice> {
    let choice = |row: &StewardRow| {
        let id = row.id.to_string();
        let chosen = id == chosen;
        let (name, branch) = (row.name.as_str(), row.branch.as_str());
        let text = match branch {
            "" => say!(words, "stewards-choice-plain", name = name, load = row.load),
            _ => say!(words, "stewards-choice", name = name, branch = branch, load = row.load),
        };
        Choice { id, text, chosen }
    };
    rows.iter().map(choice).collect()
}

/// A household by the name of its head; a house without one is called so.
fn head(words: &Words, head: &str) -> String {
    if head.is_empty() { say!(words, "stewards-no-head") } else { head.to_owned() }
}

/// What a form was refused for, in words.
#[derive(Default)]
struct Faults {
    status: Option<StatusCode>,
    list: Vec<Fault>,
}

struct Fault {
    /// The field; empty where it is none of them.
    name: &'static str,
    message: String,
}

impl Faults {
    /// What a form can show of an error, beside the form; any other error is passed on.
    fn of(words: &Words, error: Error) -> Result<Faults, Error> {
        let (status, fields) = match error {
            Error::Invalid(fields) => (StatusCode::UNPROCESSABLE_ENTITY, fields),
            Error::Conflict(key) => (StatusCode::CONFLICT, vec![Field { name: "", key }]),
            other => return Err(other),
        };
        let fault = |field: Field| Fault { name: field.name, message: words.get(field.key) };
        Ok(Faults { status: Some(status), list: fields.into_iter().map(fault).collect() })
    }

    fn status(&self) -> StatusCode {
        self.status.unwrap_or(StatusCode::OK)
    }

    /// The message at a field.
    fn at(&self, name: &str) -> Option<&str> {
        self.list.iter().find(|fault| fault.name == name).map(|fault| fault.message.as_str())
    }
}

/// The nodes ticked in a form.
fn picks(sent: &[String]) -> Result<Vec<Pick>, Error> {
    let picks: Result<Vec<Pick>, _> = sent.iter().map(|pick| pick.parse()).collect();
    let mut picks = picks.map_err(|_| Error::NotFound)?;
    picks.sort_unstable();
    picks.dedup();
    Ok(picks)
}

/// The steward chosen in a form: a number, or `none` for nobody.
fn chosen(sent: &str) -> Result<Option<i64>, Error> {
    match sent {
        "none" => Ok(None),
        "" => Err(Error::field("to", "stewards-choose")),
        number => number.parse().map(Some).map_err(|_| Error::field("to", "stewards-unknown")),
    }
}

/// A day typed into a field, as browsers send it: 2020-02-03.
fn day(name: &'static str, sent: &str) -> Result<Day, Error> {
    sent.parse().map_err(|_| Error::field(name, "stewards-day-wrong"))
}

/// What a form sends to give nodes to somebody.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[serde(default)]
struct GiveForm {
    pick: Vec<String>,
    to: String,
    from: String,
    /// Everything that the steward has.
    all: bool,
}

impl GiveForm {
    /// A form nobody has filled in: from today.
    fn blank(visit: &Visit) -> GiveForm {
        GiveForm { from: visit.today.to_string(), ..GiveForm::default() }
    }
}

/// Of a page that a form leads back to.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[serde(default)]
struct Done {
    /// How many nodes were given.
    done: Option<usize>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::web::{Language, Languages};

    #[test]
    fn every_level_has_its_title() {
        for language in Language::ALL {
            let words = Languages::load().unwrap().of(language);
            for tier in Tier::ALL {
                assert!(words.has(&format!("stewards-title-{}", tier.key())), "{tier:?}");
                assert!(words.has(&format!("stewards-gaps-{}", tier.key())), "{tier:?}");
            }
        }
    }
}
