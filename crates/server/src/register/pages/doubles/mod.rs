//! Two who may be one, next to each other, for a person to decide.

pub mod list;
pub mod town;

use serde::Deserialize;

use super::super::doubles::{Decision, Double, Said, Verdict, Whose};
use super::household_path;
use crate::site::Site;
use crate::web::{Visit, Words};

/// Pairs on one page.
pub const PAGE: usize = 10;

/// Which pairs are shown.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Shown {
    /// `later` or `decided`; else those that are open.
    pub show: String,
    /// The page, from 0.
    pub page: usize,
    /// The village or team area whose people are asked about.
    pub under: String,
}

/// What somebody decides.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Answer {
    pub pair: String,
    pub verdict: String,
    /// Which pairs were shown.
    pub show: String,
    pub under: String,
}

pub struct Tab {
    pub key: &'static str,
    pub count: usize,
    pub current: bool,
}

/// What is to be pressed.
pub struct Press {
    pub verdict: &'static str,
    pub text: String,
}

pub struct Line {
    pub label: String,
    pub said: [String; 2],
    pub differs: bool,
}

/// A pair.
pub struct Card {
    pub key: String,
    pub why: String,
    pub heads: [Head; 2],
    pub lines: Vec<Line>,
    /// What was decided, by whom and when.
    pub decided: String,
    pub presses: Vec<Press>,
}

/// Where one of two stands: a row, or a household with its page.
pub struct Head {
    pub text: String,
    pub path: String,
}

/// Why two may be one, in words.
pub fn why(words: &Words, double: &Double) -> String {
    words.get_with("double-why", &double.why.args().map(|(name, value)| (name, value.to_owned())))
}

/// A pair of a town. Whoever decided anew is offered all verdicts but the one that stands.
pub fn card(
    site: &Site,
    visit: &Visit,
    town: i64,
    double: &Double,
    decision: Option<&Decision>,
    verdicts: &[(Verdict, &str)],
) -> Card {
    let words = &visit.words;
    let said = |said: &Said| match said {
        Said::Nothing => say!(words, "double-not-said"),
        Said::Text(text) => text.clone(),
        Said::Word(key) => words.get(key),
    };
    let lines = double.facts.iter().map(|fact| Line {
        label: words.get(fact.label),
        said: [said(&fact.said[0]), said(&fact.said[1])],
        differs: fact.differs,
    });
    let head = |whose: &Whose| match whose {
        Whose::Row { line, .. } => {
            Head { text: say!(words, "double-in-list", line = line.as_str()), path: String::new() }
        }
        Whose::Resident { household, .. } => {
            Head { text: say!(words, "double-in-register"), path: household_path(town, *household) }
        }
    };
    let stands = decision.map(|decision| decision.verdict);
    let presses = verdicts.iter().filter(|(verdict, _)| Some(*verdict) != stands);
    Card {
        key: double.question.key(&site.vault),
        why: why(words, double),
        heads: [head(&double.sides[0]), head(&double.sides[1])],
        lines: lines.collect(),
        decided: decision.map(|decision| decided(site, words, decision)).unwrap_or_default(),
        presses: presses
            .map(|(verdict, text)| Press { verdict: verdict.key(), text: words.get(text) })
            .collect(),
    }
}

fn decided(site: &Site, words: &Words, decision: &Decision) -> String {
    let (what, when) = (decision.verdict.key(), words.moment(&site.playbook.time, decision.at));
    say!(words, "double-decided", who = decision.who.as_str(), when = when, what = what)
}
