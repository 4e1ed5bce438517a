//! How long each kind of record is kept, as the playbook says it.

use std::fmt;
use std::str::FromStr;

use serde::Deserialize;

use super::{Fault, Named};

macro_rules! records {
    ($($(#[$doc:meta])* $name:ident = $key:literal),+ $(,)?) => {
        /// A kind of record: a closed list, so that none is kept without a rule.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Record { $($(#[$doc])* $name),+ }

        impl Record {
            pub const ALL: &[Record] = &[$(Record::$name),+];

            /// The word of the playbook and of the tables; the screen's is the message `record-<key>`.
            pub fn key(self) -> &'static str {
                match self { $(Record::$name => $key),+ }
            }
        }
    };
}

records! {
    /// Checks of households, and what they come to.
    Checks = "checks",
    /// What a check found that somebody had to look at.
    Findings = "findings",
    /// Where residents were, and what the register said of it before.
    Presences = "presences",
    KeyPersons = "key-persons",
    /// Households that are in the register no more.
    Leavers = "leavers",
    SignIns = "sign-ins",
    /// Lists that wait to be imported, and rows of them that came back.
    Uploads = "uploads",
    Backups = "backups",
    /// What residents asked of what is kept about them.
    Requests = "requests",
    /// Households, residents, and who answers for them.
    Register = "register",
    Audit = "audit",
    Reports = "reports",
}

impl Record {
    pub fn of_key(key: &str) -> Option<Record> {
        Record::ALL.iter().copied().find(|record| record.key() == key)
    }

    pub fn message(self) -> String {
        format!("record-{}", self.key())
    }

    /// Whether its rows are about residents.
    pub fn is_about_residents(self) -> bool {
        !matches!(self, Record::SignIns | Record::Backups | Record::Audit | Record::Reports)
    }

    /// The message that says from when on its days are counted.
    pub fn counted_from(self) -> String {
        format!("record-{}-from", self.key())
    }
}

/// How long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keep {
    Days(i32),
    /// As long as the operation goes on.
    UntilEnd,
    ForGood,
}

impl FromStr for Keep {
    type Err = ();

    fn from_str(text: &str) -> Result<Keep, ()> {
        match text.trim() {
            "until the end" => Ok(Keep::UntilEnd),
            "for good" => Ok(Keep::ForGood),
            other => {
                let days = other.strip_suffix(" days").or_else(|| other.strip_suffix(" day"));
                let days = days.and_then(|days| days.trim().parse().ok());
                days.filter(|days| (1..=36_500).contains(days)).map(Keep::Days).ok_or(())
            }
        }
    }
}

impl fmt::Display for Keep {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Keep::Days(1) => f.write_str("1 day"),
            Keep::Days(days) => write!(f, "{days} days"),
            Keep::UntilEnd => f.write_str("until the end"),
            Keep::ForGood => f.write_str("for good"),
        }
    }
}

/// The rule of one kind.
#[derive(Clone, Debug)]
pub struct Rule {
    pub record: Record,
    pub keep: Keep,
    /// The legal ground, shown as it stands.
    pub ground: Named,
}

/// The rules of all kinds.
#[derive(Clone, Debug)]
pub struct Retention(Vec<Rule>);

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RuleSection {
    kind: String,
    keep: String,
    ground: Named,
}

/// Days for which records of processing are kept at least: three years (PIPL 56).
const AUDIT_AT_LEAST: i32 = 3 * 365;

fn fault(why: String) -> Fault {
    Fault::Rule { section: "retention", why }
}

impl Retention {
    pub fn rule(&self, record: Record) -> &Rule {
        &self.0[record as usize]
    }

    pub fn all(&self) -> &[Rule] {
        &self.0
    }

    /// The days for which a kind is kept; nothing where it is kept for longer than days tell.
    pub fn days(&self, record: Record) -> Option<i32> {
        match self.rule(record).keep {
            Keep::Days(days) => Some(days),
            Keep::UntilEnd | Keep::ForGood => None,
        }
    }

    /// Checks the rules: each kind once, none shorter than what still changes it or the law allows.
    pub(super) fn of(sections: Vec<RuleSection>, late_days: i32) -> Result<Retention, Fault> {
        let known = || Record::ALL.iter().map(|record| record.key()).collect::<Vec<_>>().join(", ");
        let mut rules = Vec::with_capacity(sections.len());
        for RuleSection { kind, keep, ground } in sections {
            let record = Record::of_key(&kind)
                .ok_or_else(|| fault(format!("there is no kind '{kind}': write one of {}", known())))?;
            let keep = keep.parse().map_err(|()| {
                fault(format!(
                    "{kind}: keep = \"{keep}\" is not understood: write \"90 days\", \"until the end\" or \"for good\""
                ))
            })?;
            if [&ground.simplified, &ground.traditional, &ground.en].iter().any(|text| text.trim().is_empty())
            {
                return Err(fault(format!("{kind}: the legal ground is empty")));
            }
            rules.push(Rule { record, keep, ground });
        }
        rules.sort_by_key(|rule| rule.record);
        for (place, record) in Record::ALL.iter().enumerate() {
            match rules.get(place) {
                Some(rule) if rule.record == *record => (),
                Some(rule) if place > 0 && rules[place - 1].record == rule.record => {
                    return Err(fault(format!("the kind '{}' stands there twice", rule.record.key())));
                }
                _ => {
                    return Err(fault(format!(
                        "the kind '{}' has no rule: say how long it is kept",
                        record.key()
                    )));
                }
            }
        }
        if let Some(twice) = rules.get(Record::ALL.len()) {
            return Err(fault(format!("the kind '{}' stands there twice", twice.record.key())));
        }
        let retention = Retention(rules);
        retention.check(late_days)?;
        Ok(retention)
    }

    fn check(&self, late_days: i32) -> Result<(), Fault> {
        use Record::{Audit, Checks, Findings, KeyPersons, Presences, Register, Reports};
        for record in [Checks, Findings, Presences] {
            if self.days(record).is_some_and(|days| days <= late_days) {
                let kind = record.key();
                return Err(fault(format!(
                    "{kind}: checks may be entered {late_days} days late (late_days), so keep {kind} longer than that"
                )));
            }
        }
        for record in
            [Checks, Findings, Presences, KeyPersons, Record::Leavers, Record::SignIns, Record::Uploads]
        {
            if self.rule(record).keep == Keep::ForGood {
                let kind = record.key();
                return Err(fault(format!(
                    "{kind} are personal and not kept for good: write a number of days, or \"until the end\""
                )));
            }
        }
        match (self.days(KeyPersons), self.days(Checks)) {
            (Some(listed), Some(checks)) if listed >= checks => (),
            (None, _) => (),
            _ => {
                return Err(fault(
                    "key-persons: who was listed is needed as long as the checks of those days: keep key-persons \
                     at least as long as checks"
                        .to_owned(),
                ));
            }
        }
        if self.rule(Register).keep != Keep::UntilEnd {
            return Err(fault(
                "register: the register is kept \"until the end\" of the operation".to_owned(),
            ));
        }
        if self.rule(Reports).keep != Keep::ForGood {
            return Err(fault(
                "reports: the law demands that reports are kept: write \"for good\"".to_owned(),
            ));
        }
        match self.rule(Audit).keep {
            Keep::Days(days) if days < AUDIT_AT_LEAST => Err(fault(format!(
                "audit: records of processing are kept for three years at least: write \"{AUDIT_AT_LEAST} days\" or more"
            ))),
            Keep::UntilEnd => Err(fault(
                "audit: records of processing outlive the operation: write \"1095 days\" or more, or \"for good\""
                    .to_owned(),
            )),
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{BUILT_IN, Playbook};
    use super::*;

    fn of(kind: &str, keep: &str) -> String {
        let from = format!("kind = \"{kind}\"\nkeep = ");
        let (before, rest) = BUILT_IN.split_once(&from).unwrap();
        let rest = rest.split_once('\n').unwrap().1;
        format!("{before}{from}\"{keep}\"\n{rest}")
    }

    fn refused(text: &str) -> String {
        Playbook::parse(text).unwrap_err().to_string()
    }

    #[test]
    fn every_kind_has_one_rule_and_each_says_what_to_write() {
        let retention = Playbook::parse(BUILT_IN).unwrap().retention;
        assert!(retention.all().iter().map(|rule| rule.record).eq(Record::ALL.iter().copied()));
        assert_eq!(retention.days(Record::Checks), Some(90));
        let renamed = |to: &str| BUILT_IN.replace("kind = \"leavers\"", &format!("kind = \"{to}\""));
        assert!(
            refused(&renamed("visits")).contains("there is no kind 'visits': write one of checks, findings")
        );
        assert!(refused(&renamed("checks")).contains("'checks' stands there twice"));
        let cut = BUILT_IN.split("[[retention]]\nkind = \"reports\"").next().unwrap();
        assert!(refused(cut).contains("'reports' has no rule"));
        assert!(refused(&of("checks", "a while")).contains("write \"90 days\""));
        assert!(
            refused(&BUILT_IN.replace("PIPL art. 6: the minimum, destroyed once it was compared", " "))
                .contains("uploads: the legal ground is empty")
        );
    }

    #[test]
    fn no_rule_is_shorter_than_what_still_changes_the_records_or_than_the_law() {
        assert!(refused(&of("checks", "14 days")).contains("14 days late"));
        assert!(Playbook::parse(&of("checks", "15 days")).is_ok());
        assert!(refused(&of("key-persons", "89 days")).contains("as long as the checks"));
        assert!(refused(&of("checks", "until the end")).contains("as long as the checks"));
        assert!(refused(&of("findings", "for good")).contains("not kept for good"));
        assert!(refused(&of("audit", "1094 days")).contains("three years"));
        assert!(refused(&of("audit", "until the end")).contains("outlive the operation"));
        assert!(refused(&of("reports", "30 days")).contains("the law demands"));
        assert!(refused(&of("register", "30 days")).contains("until the end"));
    }

    /// Playbooks from before there were rules, which a town has laid into its folder.
    #[test]
    fn a_playbook_without_rules_has_those_that_come_with_the_program() {
        let without = BUILT_IN.split("[[retention]]").next().unwrap();
        let retention = Playbook::parse(without).unwrap().retention;
        assert_eq!(retention.days(Record::Checks), Some(90));
    }
}
