//! A finding in words: 李秀英 发热 38.2℃; 王小军 从武汉回来，2月1日，火车.

use base::{Day, Moment};
use serde_json::Value;

use super::model::State;
use super::store::FindingRow;
use crate::playbook::{Choice, Playbook};
use crate::rounds::Kind;
use crate::site::Site;
use crate::web::{Visit, Words, short_name};

/// A finding as pages and the API tell it.
pub struct Told {
    /// Whom it is about.
    pub who: String,
    /// What was found.
    pub what: String,
    /// Village and street.
    pub place: String,
    /// Who told, took or closed it last, and when.
    pub latest: String,
    pub found_at: String,
    pub found_by: String,
    /// When another check told it again.
    pub again: Option<String>,
    pub taken_at: String,
    pub closed_at: String,
}

impl Told {
    pub fn of(row: &FindingRow, visit: &Visit, site: &Site) -> Told {
        let words = &visit.words;
        let at =
            |at: Option<i64>| at.map(|at| words.moment(&site.playbook.time, Moment(at))).unwrap_or_default();
        let names = [row.village.as_deref(), row.street.as_deref()];
        let names: Vec<String> = names.into_iter().flatten().map(short_name).collect();
        Told {
            who: who(row, words),
            what: what(row, words, &site.playbook),
            place: names.join(" "),
            latest: latest(row, words, &at),
            found_at: at(row.found_at),
            found_by: row.found_by.clone().unwrap_or_default(),
            again: row.again().map(|again| at(Some(again))),
            taken_at: at(row.taken_at),
            closed_at: at(row.closed_at),
        }
    }
}

fn latest(row: &FindingRow, words: &Words, at: &dyn Fn(Option<i64>) -> String) -> String {
    let name = |name: &Option<String>| name.clone().unwrap_or_default();
    match row.state() {
        State::Taken => {
            say!(words, "finding-taken-by", name = name(&row.taken_by), at = at(row.taken_at))
        }
        State::Closed => {
            say!(words, "finding-closed-by", name = name(&row.closed_by), at = at(row.closed_at))
        }
        State::Open | State::Withdrawn => {
            say!(words, "finding-found-by", name = name(&row.found_by), at = at(row.found_at))
        }
    }
}

fn who(row: &FindingRow, words: &Words) -> String {
    match row.kind() {
        Some(Kind::Visitor) => row.subject.clone(),
        Some(Kind::Need) | None => say!(words, "home-of", head = row.head.clone()),
        Some(_) => row.resident.clone().unwrap_or_else(|| row.head.clone()),
    }
}

fn what(row: &FindingRow, words: &Words, playbook: &Playbook) -> String {
    let detail = row.detail();
    let text = |name: &str| detail[name].as_str().unwrap_or_default().trim().to_owned();
    match row.kind() {
        Some(Kind::Fever) => {
            let degrees = format!("{:.1}", detail["temperature"].as_f64().unwrap_or_default());
            say!(words, "finding-fever", degrees = degrees)
        }
        Some(Kind::Symptom) => {
            let keys = detail["symptoms"].as_array().map(Vec::as_slice).unwrap_or_default();
            let names = keys.iter().filter_map(Value::as_str);
            let names: Vec<_> = names.map(|key| name_of(&playbook.symptoms, key, words)).collect();
            names.join(&say!(words, "finding-and"))
        }
        Some(Kind::Returnee) => returnee(&detail, &text("from"), words, playbook),
        Some(Kind::Visitor) if text("from").is_empty() => say!(words, "finding-visitor"),
        Some(Kind::Visitor) => say!(words, "finding-visitor-from", place = text("from")),
        Some(Kind::Need) => {
            let need = name_of(&playbook.needs, &row.subject, words);
            match text("note") {
                note if note.is_empty() => say!(words, "finding-need", need = need),
                note => say!(words, "finding-need-note", need = need, note = note),
            }
        }
        None => row.kind.clone(),
    }
}

fn returnee(detail: &Value, place: &str, words: &Words, playbook: &Playbook) -> String {
    let day = detail["on"].as_str().and_then(|day| day.parse::<Day>().ok());
    let day = day.map(|day| say!(words, "finding-day", month = day.month(), day = day.day_of_month()));
    let day = day.unwrap_or_default();
    match detail["transport"].as_str() {
        Some(key) => {
            let transport = name_of(&playbook.transports, key, words);
            say!(words, "finding-returnee-by", place = place, day = day, transport = transport)
        }
        None => say!(words, "finding-returnee", place = place, day = day),
    }
}

/// The name of an answer; its key where an older playbook had it.
fn name_of(choices: &[Choice], key: &str, words: &Words) -> String {
    let choice = choices.iter().find(|choice| choice.key == key);
    choice.map_or(key, |choice| choice.name.of(words.language)).to_owned()
}

/// The class that shows a state's shape and colour.
pub fn mark(state: State) -> &'static str {
    match state {
        State::Open => "needs",
        State::Taken => "partly",
        State::Closed => "done",
        State::Withdrawn => "away",
    }
}
