//! The playbook: what is asked, what counts, when the day closes. Read once at start; a fault in
//! it is told with what to change, and the program does not start.

mod kept;
mod retention;

use std::collections::BTreeSet;

use base::{Day, TownTime};
use serde::Deserialize;

use crate::web::Language;
use retention::RuleSection;

pub use kept::{NotTaken, in_use, last_text, take};
pub use retention::{Keep, Record, Retention, Rule};

/// The playbook that comes with the program.
pub const BUILT_IN: &str = include_str!("../../../../playbooks/outbreak-123456.toml");

/// A checked playbook.
#[derive(Clone, Debug)]
pub struct Playbook {
    pub key: String,
    pub version: i32,
    pub name: Named,
    pub time: TownTime,
    pub zone: String,
    pub cut_off: String,
    pub temperature: Temperatures,
    pub round: Round,
    pub symptoms: Vec<Choice>,
    pub unreachable: Vec<Choice>,
    pub needs: Vec<Choice>,
    pub transports: Vec<Choice>,
    pub retention: Retention,
    pub rights: Rights,
    /// The file it was read from, as it is.
    pub text: String,
    /// The first day that is judged by it, as a number; the days before by the `earlier` versions.
    from_day: i32,
    earlier: Vec<Playbook>,
}

/// What residents may ask of what is kept about them, and what they are told of it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rights {
    /// Working days within which a request is answered.
    pub working_days: i32,
    /// The version of the text.
    pub notice: i32,
    pub text: Named,
}

/// Bounds in tenths of a degree Celsius.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Temperatures {
    pub lowest: i32,
    pub highest: i32,
    pub fever: i32,
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Round {
    /// Days between checks of houses that are vacant or wholly away.
    pub interval_days: i32,
    /// Households one contact can carry.
    pub contact_limit: i64,
    /// Days back for which a check may still be entered.
    pub late_days: i32,
}

/// A text in the screen's languages.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Named {
    #[serde(rename = "zh-Hans")]
    pub simplified: String,
    #[serde(rename = "zh-Hant")]
    pub traditional: String,
    pub en: String,
}

impl Named {
    pub fn of(&self, language: Language) -> &str {
        match language {
            Language::Simplified => &self.simplified,
            Language::Traditional => &self.traditional,
            Language::English => &self.en,
        }
    }
}

/// One of the answers that may be chosen.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Choice {
    pub key: String,
    pub name: Named,
}

/// Why a playbook cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    #[error("the playbook is not valid TOML, or lacks something: {0}")]
    Toml(#[from] toml::de::Error),
    #[error("in [{section}]: {why}")]
    Rule { section: &'static str, why: String },
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    key: String,
    version: i32,
    name: Named,
    time: TimeSection,
    temperature: TemperatureSection,
    round: Round,
    symptom: Vec<Choice>,
    unreachable: Vec<Choice>,
    need: Vec<Choice>,
    transport: Vec<Choice>,
    #[serde(default)]
    retention: Vec<RuleSection>,
    rights: Option<Rights>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TimeSection {
    zone: String,
    cut_off: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TemperatureSection {
    lowest: f64,
    highest: f64,
    fever: f64,
}

impl Playbook {
    /// The version that a day is asked and judged by: a cut-off or a limit that changes later changes
    /// nothing of it.
    pub fn on(&self, day: Day) -> &Playbook {
        let begun = |version: &&Playbook| version.from_day <= day.number();
        let newest_first = std::iter::once(self).chain(self.earlier.iter().rev());
        newest_first.clone().find(begun).or(newest_first.last()).unwrap_or(self)
    }

    /// All versions that were used, the newest first, each with the first day that it judges; none: all days.
    pub fn versions(&self) -> impl Iterator<Item = (Option<Day>, &Playbook)> {
        let newest_first = std::iter::once(self).chain(self.earlier.iter().rev());
        newest_first.map(|version| (Day::from_number(version.from_day), version))
    }

    /// What it is called by in records: its key and version.
    pub fn named(&self) -> String {
        format!("{}/{}", self.key, self.version)
    }

    /// Reads and checks a playbook.
    pub fn parse(text: &str) -> Result<Playbook, Fault> {
        let file: File = toml::from_str(text)?;
        let rule = |section, holds: bool, why: &str| {
            if holds { Ok(()) } else { Err(Fault::Rule { section, why: why.to_owned() }) }
        };
        rule("version", file.version > 0, "the version is a number from 1")?;
        rule("round", file.round.interval_days > 0, "interval_days is at least 1")?;
        rule("round", file.round.contact_limit > 0, "contact_limit is at least 1")?;
        rule("round", (0..=366).contains(&file.round.late_days), "late_days is from 0 to 366")?;
        let temperature = file.temperature.checked()?;
        for (section, choices) in [
            ("symptom", &file.symptom),
            ("unreachable", &file.unreachable),
            ("need", &file.need),
            ("transport", &file.transport),
        ] {
            check_choices(section, choices)?;
        }
        let retention = match file.retention {
            none if none.is_empty() => usual()?.retention,
            rules => rules,
        };
        let rights = match file.rights {
            None => usual()?.rights,
            Some(rights) => rights,
        };
        rule("rights", (1..=60).contains(&rights.working_days), "working_days is from 1 to 60")?;
        rule("rights", rights.notice > 0, "notice is a number from 1")?;
        let retention = Retention::of(retention, file.round.late_days)?;
        Ok(Playbook {
            key: file.key,
            version: file.version,
            name: file.name,
            time: file.time.checked()?,
            zone: file.time.zone,
            cut_off: file.time.cut_off,
            temperature,
            round: file.round,
            symptoms: file.symptom,
            unreachable: file.unreachable,
            needs: file.need,
            transports: file.transport,
            retention,
            rights,
            text: text.to_owned(),
            from_day: 0,
            earlier: Vec::new(),
        })
    }
}

impl TimeSection {
    fn checked(&self) -> Result<TownTime, Fault> {
        TownTime::new(&self.zone, &self.cut_off).map_err(|error| Fault::Rule {
            section: "time",
            why: format!("zone '{}', cut_off '{}': {error}", self.zone, self.cut_off),
        })
    }
}

impl TemperatureSection {
    #[expect(clippy::cast_possible_truncation, reason = "bounded to two digits just before")]
    fn checked(&self) -> Result<Temperatures, Fault> {
        let wrong = |why: &str| Fault::Rule { section: "temperature", why: why.to_owned() };
        let tenths = |degrees: f64| {
            let tenths = (degrees * 10.0).round();
            ((tenths / 10.0 - degrees).abs() < 1e-6 && (300.0..=450.0).contains(&tenths))
                .then_some(tenths as i32)
        };
        let all = (tenths(self.lowest), tenths(self.highest), tenths(self.fever));
        let (Some(lowest), Some(highest), Some(fever)) = all else {
            return Err(wrong("write degrees Celsius between 30.0 and 45.0 with one decimal"));
        };
        if lowest < fever && fever < highest {
            Ok(Temperatures { lowest, highest, fever })
        } else {
            Err(wrong("lowest must be below fever, and fever below highest"))
        }
    }
}

/// The rules of the playbook that comes with the program: one from before there were any has none.
#[derive(Deserialize)]
struct Usual {
    retention: Vec<RuleSection>,
    rights: Rights,
}

fn usual() -> Result<Usual, Fault> {
    Ok(toml::from_str(BUILT_IN)?)
}

fn check_choices(section: &'static str, choices: &[Choice]) -> Result<(), Fault> {
    let wrong = |why| Err(Fault::Rule { section, why });
    if choices.is_empty() {
        return wrong("at least one answer is needed".to_owned());
    }
    let mut seen = BTreeSet::new();
    for choice in choices {
        let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
        if choice.key.is_empty() || !choice.key.bytes().all(plain) {
            return wrong(format!("'{}' is no key: use lower-case letters, digits and '-'", choice.key));
        }
        if !seen.insert(&choice.key) {
            return wrong(format!("the key '{}' stands there twice", choice.key));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(change: (&str, &str)) -> String {
        let text = BUILT_IN.replacen(change.0, change.1, 1);
        assert_ne!(text, BUILT_IN, "the change must hit: {}", change.0);
        Playbook::parse(&text).unwrap_err().to_string()
    }

    #[test]
    fn the_built_in_playbook_is_sound() {
        let playbook = Playbook::parse(BUILT_IN).unwrap();
        assert_eq!(playbook.temperature, Temperatures { lowest: 350, highest: 430, fever: 373 });
    }

    #[test]
    fn a_fault_says_where_it_is_and_what_to_write() {
        assert!(fault(("cut_off = \"16:00\"", "cut_off = \"4 pm\"")).contains("4 pm"));
        assert!(fault(("Asia/Shanghai", "Asia/Nowhere")).contains("Asia/Nowhere"));
        assert!(fault(("fever = 37.3", "fever = 33.0")).contains("[temperature]"));
        assert!(fault(("fever = 37.3", "fever = 37.25")).contains("one decimal"));
        assert!(fault(("key = \"fatigue\"", "key = \"dry-cough\"")).contains("twice"));
        assert!(fault(("interval_days = 3", "interval_days = 3\nintervall = 4")).contains("intervall"));
        assert!(fault(("version = 2", "version = 'one'")).contains("version"));
    }
}
