//! The checks of a household's day, as the form of the next one tells them.

use std::collections::BTreeSet;

use base::Moment;
use uuid::Uuid;

use crate::playbook::{Choice, Playbook};
use crate::rounds::model::{Answers, Outcome, ResidentAnswer};
use crate::rounds::rules::tenths;
use crate::rounds::standing::{self, Kind};
use crate::rounds::store::{CheckRow, NamedCheck, Resident, outcome_key};
use crate::site::Site;
use crate::web::{Visit, Words};

/// A check of today, which can be put right.
pub struct Earlier {
    pub id: Uuid,
    pub at: String,
    pub outcome: String,
    pub by: String,
    /// It can be put right: no later check did, and it takes nothing back itself.
    pub holds: bool,
    /// What was told, of a check that holds: a line for everybody and everything.
    pub told: Vec<String>,
}

/// The numbers of the checks of a day that hold.
pub fn holding(checks: &[NamedCheck]) -> BTreeSet<Uuid> {
    let facts: Vec<_> = checks.iter().map(|check| check.check.fact()).collect();
    standing::holding(&facts).map(|fact| fact.id).collect()
}

/// All checks of a household's day.
pub fn earlier(visit: &Visit, site: &Site, checks: &[NamedCheck], residents: &[Resident]) -> Vec<Earlier> {
    let holding = holding(checks);
    let telling = Telling { words: &visit.words, playbook: site.playbook.on(visit.today), residents };
    let one = |check: &NamedCheck| {
        let row = &check.check;
        let holds = holding.contains(&row.id) && row.outcome != outcome_key(Outcome::Withdrawn);
        Earlier {
            id: row.id,
            at: visit.words.clock(&site.playbook.time, Moment(row.happened_at)),
            outcome: visit.words.get(&format!("outcome-{}", row.outcome)),
            by: check.by.clone(),
            holds,
            told: if holds { telling.check(row) } else { Vec::new() },
        }
    };
    checks.iter().map(one).collect()
}

/// Puts into words what a check tells.
struct Telling<'a> {
    words: &'a Words,
    playbook: &'a Playbook,
    residents: &'a [Resident],
}

impl Telling<'_> {
    fn check(&self, row: &CheckRow) -> Vec<String> {
        let reason = row.reason.as_deref().map(|key| self.choice(&self.playbook.unreachable, key));
        let answers = row.answers().unwrap_or_default();
        reason.into_iter().chain(self.answers(&answers)).collect()
    }

    fn answers(&self, answers: &Answers) -> Vec<String> {
        let mut told: Vec<String> = answers.residents.iter().map(|answer| self.resident(answer)).collect();
        let visitor = self.words.get(Kind::Visitor.message());
        let visitors = answers.visitors.iter();
        told.extend(visitors.map(|one| line([visitor.clone(), one.name.clone(), one.from.clone()])));
        if !answers.needs.is_empty() {
            let needs = answers.needs.iter().map(|key| self.choice(&self.playbook.needs, key));
            told.push(line([self.words.get(Kind::Need.message())].into_iter().chain(needs)));
        }
        told.extend(Some(answers.note.clone()).filter(|note| !note.is_empty()));
        told
    }

    fn resident(&self, answer: &ResidentAnswer) -> String {
        let words = self.words;
        let known = self.residents.iter().find(|resident| resident.id == answer.resident);
        let mut told = vec![known.map(|resident| resident.name.clone()).unwrap_or_default()];
        if let Some(degrees) = answer.temperature {
            told.push(say!(words, "key-degrees", degrees = format!("{degrees:.1}")));
            let bounds = self.playbook.temperature;
            if tenths(degrees, bounds).is_some_and(|tenths| tenths >= bounds.fever) {
                told.push(words.get(Kind::Fever.message()));
            }
        }
        told.extend(answer.symptoms.iter().map(|key| self.choice(&self.playbook.symptoms, key)));
        if let Some(away) = &answer.away {
            told.extend([say!(words, "where-away"), away.place.clone(), words.day(away.since)]);
        }
        if let Some(back) = &answer.back {
            told.extend([say!(words, "where-back"), back.from.clone(), words.day(back.on)]);
            let transport = back.transport.as_deref();
            told.extend(transport.map(|key| self.choice(&self.playbook.transports, key)));
        }
        line(told)
    }

    /// The name of one of the playbook's answers; of one that it no longer has, its key.
    fn choice(&self, choices: &[Choice], key: &str) -> String {
        let known = choices.iter().find(|choice| choice.key == key);
        known.map_or(key, |choice| choice.name.of(self.words.language)).to_owned()
    }
}

fn line(parts: impl IntoIterator<Item = String>) -> String {
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
}
