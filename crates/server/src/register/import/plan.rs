//! What a list comes to: an outcome for every row, and what confirming would do.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use base::{Day, Division};

use super::super::doubles::{Decisions, Double};
use super::super::model::{NewHousehold, NewResident};
use super::super::store::change::{Correction, Relisting};
use super::super::store::known::{KnownHousehold, KnownResident};
use super::family::Planner;
use super::gather::gather;
use super::places::Places;
use super::row::{self, Row};
use super::settle::Home;
use super::sheet::Sheet;
use super::{Remark, Weight};
use crate::access::Scope;
use crate::vault::Vault;

/// Who asks for an import, into what.
#[derive(Clone, Debug)]
pub struct Asked {
    pub town: Division,
    /// The village of rows that name none.
    pub village: Option<Division>,
    pub scope: Scope,
    /// Where team areas may be made that the list names and the town lacks.
    pub groups: Option<Scope>,
    pub day: Day,
}

/// What is known of the town: its places, its register, its stewards (number, name, division).
pub struct Known {
    pub places: Places,
    /// The highest number of a team area that each village ever used.
    pub last_groups: HashMap<Division, i64>,
    pub households: Vec<KnownHousehold>,
    pub residents: Vec<KnownResident>,
    pub stewards: Vec<(i64, String, Division)>,
    /// What people decided of two who may be one.
    pub decisions: Decisions,
}

/// What becomes of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outcome {
    New,
    /// The register says otherwise, and is changed.
    Changed,
    /// The register says the same already.
    Same,
    /// A person has to look.
    Doubt,
    Rejected,
}

impl Outcome {
    pub const ALL: [Outcome; 5] =
        [Outcome::New, Outcome::Changed, Outcome::Same, Outcome::Doubt, Outcome::Rejected];

    pub fn key(self) -> &'static str {
        match self {
            Outcome::New => "new",
            Outcome::Changed => "changed",
            Outcome::Same => "same",
            Outcome::Doubt => "doubt",
            Outcome::Rejected => "rejected",
        }
    }
}

/// A row, as it is shown before it is confirmed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// The sheet it stands in; empty where the file has one.
    pub sheet: String,
    pub line: u32,
    pub name: String,
    pub house: String,
    /// Village and team area, by their names in the register where they were found.
    pub place: String,
    pub outcome: Outcome,
    pub remarks: Vec<Remark>,
}

impl Line {
    /// Whether there is a remark of this key.
    pub fn has(&self, key: &str) -> bool {
        self.remarks.iter().any(|remark| remark.key == key)
    }

    /// The name of which a remark speaks, where there is one of this key.
    pub fn told(&self, key: &str) -> Option<&str> {
        let remark = self.remarks.iter().find(|remark| remark.key == key)?;
        remark.args.iter().find(|(name, _)| *name == "name").map(|(_, value)| value.as_str())
    }
}

/// Where the people of a household of the list go.
#[derive(Clone, Debug)]
pub(super) enum Target {
    New(NewHousehold),
    Known(i64),
    /// None of its people is taken; some are in the register elsewhere.
    Elsewhere,
}

#[derive(Clone, Debug)]
pub(super) struct Family {
    pub target: Target,
    /// Rows that are new, by their places, with the person; none for a vacant house.
    pub people: Vec<(usize, Option<NewResident>)>,
    /// The steward to be assigned, with the row that names him; only where nobody answers for the
    /// household yet.
    pub contact: Option<(usize, i64)>,
    /// Rows of residents of the register who are to be listed as key persons.
    pub listed: Vec<(usize, Relisting)>,
    /// Rows of residents of the register of whom the list says otherwise.
    pub changed: Vec<(usize, Correction)>,
}

impl Family {
    fn is_new(&self, at: usize) -> bool {
        self.people.iter().any(|(own, _)| *own == at) || self.listed.iter().any(|(own, _)| *own == at)
    }
}

/// The outcome of a whole list.
#[derive(Clone, Debug)]
pub struct Plan {
    pub lines: Vec<Line>,
    /// Who may be one, and what was decided of them.
    pub doubles: Vec<Double>,
    /// The lines of each household, by their places.
    households: Vec<Vec<usize>>,
    families: Vec<Family>,
    /// Team areas that are to be made.
    made: BTreeMap<Division, String>,
}

/// What is to be written.
#[derive(Clone, Debug, Default)]
pub struct Work {
    /// Team areas that are made first, for households that stand in them.
    pub groups: Vec<(Division, String)>,
    pub households: Vec<(NewHousehold, Option<i64>)>,
    /// People who come to households of the register.
    pub people: Vec<(i64, NewResident)>,
    /// Households of the register that get a contact.
    pub contacts: Vec<(i64, i64)>,
    /// Residents of the register who are listed as key persons.
    pub listings: Vec<Relisting>,
    /// Residents of the register of whom the list says otherwise.
    pub changes: Vec<Correction>,
}

/// What of a list is taken besides the rows that are sure.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Also {
    /// Rows in doubt, without what is doubtful.
    pub doubts: bool,
    /// What the list says otherwise than the register.
    pub changes: bool,
}

impl Work {
    /// How many people are taken in.
    pub fn residents(&self) -> usize {
        self.people.len() + self.households.iter().map(|(new, _)| new.residents.len()).sum::<usize>()
    }

    pub fn is_empty(&self) -> bool {
        let Work { groups: _, households, people, contacts, listings, changes } = self;
        let is_empty = households.is_empty() && people.is_empty() && contacts.is_empty();
        is_empty && listings.is_empty() && changes.is_empty()
    }
}

impl Plan {
    /// Compares a list with the register. The same list and register give the same plan.
    pub fn new(sheet: &Sheet, known: &Known, vault: &Vault, asked: &Asked) -> Plan {
        let mut rows: Vec<Row> = sheet.rows.iter().map(|raw| row::read(sheet, raw, asked.day)).collect();
        let mut planner = Planner::new(sheet, known, vault, asked);
        let mut lines: Vec<Option<Line>> = vec![None; rows.len()];
        let mut families = Vec::new();
        let households = gather(sheet, &rows);
        let homes: Vec<_> = households.iter().map(|household| planner.settle(&mut rows, household)).collect();
        // Who is found without asking is nobody else, and before him whom a person found.
        households.iter().for_each(|household| planner.claim_decided(household));
        let mut find = |(household, home): (&Vec<usize>, &Home)| {
            home.common.as_ref().map(|common| planner.find(&mut rows, household, common))
        };
        let found: Vec<_> = households.iter().zip(&homes).map(&mut find).collect();
        for ((household, home), found) in households.iter().zip(&homes).zip(&found) {
            let placed = home.common.as_ref().zip(found.as_ref());
            let family = placed.and_then(|placed| planner.family(&mut rows, household, placed));
            for at in household {
                let is_new = family.as_ref().is_some_and(|family| family.is_new(*at));
                lines[*at] = Some(line(&rows[*at], &home.place, is_new));
            }
            families.extend(family);
        }
        let (lines, doubles) = (lines.into_iter().flatten().collect(), planner.pairs.doubles);
        Plan { lines, doubles, households, families, made: planner.made }
    }

    pub fn count(&self, outcome: Outcome) -> usize {
        self.lines.iter().filter(|line| line.outcome == outcome).count()
    }

    /// The places of the lines that cannot be taken, with the others of their households: alone, a line may
    /// not tell with whom somebody lives.
    pub fn returned(&self) -> Vec<usize> {
        self.with_households(|at| self.lines[at].outcome == Outcome::Rejected)
    }

    /// The same of all lines that [`Plan::work`] leaves.
    pub fn left(&self, also: Also) -> Vec<usize> {
        let held = |line: &Line| line.remarks.iter().any(|remark| remark.weight >= Weight::Held);
        let mut left: BTreeSet<usize> = (0..self.lines.len()).filter(|at| held(&self.lines[*at])).collect();
        let doubtful = |at: usize| self.lines[at].outcome == Outcome::Doubt;
        for family in self.families.iter().filter(|_| !also.doubts) {
            let Family { target, people, listed, changed, contact: _ } = family;
            let waits = matches!(target, Target::New(_)) && people.iter().any(|(at, _)| doubtful(*at));
            left.extend(people.iter().map(|(at, _)| *at).filter(|at| waits || doubtful(*at)));
            left.extend(listed.iter().map(|(at, _)| *at).filter(|at| doubtful(*at)));
            left.extend(changed.iter().map(|(at, _)| *at).filter(|at| doubtful(*at)));
        }
        self.with_households(|at| left.contains(&at))
    }

    fn with_households(&self, is: impl Fn(usize) -> bool) -> Vec<usize> {
        let households = self.households.iter().filter(|household| household.iter().any(|at| is(*at)));
        let mut lines: Vec<usize> = households.flatten().copied().collect();
        lines.sort_unstable();
        lines
    }

    /// A digest of all outcomes and with them of all decisions: what is confirmed must be what was shown.
    pub fn digest(&self) -> String {
        let mut hash = blake3::Hasher::new();
        for line in &self.lines {
            hash.update(format!("{line:?}").as_bytes());
        }
        hash.finalize().to_hex()[..32].to_owned()
    }

    /// What confirming does: all new rows, and what is asked for besides. A new household waits as a
    /// whole for its doubts to be decided.
    pub fn work(&self, also: Also) -> Work {
        let Also { doubts, changes } = also;
        let mut work = Work::default();
        let doubtful = |at: usize| self.lines[at].outcome == Outcome::Doubt;
        for family in &self.families {
            let Family { target, people, contact, listed, changed } = family;
            let waits = matches!(target, Target::New(_)) && people.iter().any(|(at, _)| doubtful(*at));
            if waits && !doubts {
                continue;
            }
            let listed = listed.iter().filter(|(at, _)| doubts || !doubtful(*at));
            work.listings.extend(listed.map(|(_, listing)| listing.clone()));
            let changed = changed.iter().filter(|(at, _)| changes && (doubts || !doubtful(*at)));
            work.changes.extend(changed.map(|(_, correction)| correction.clone()));
            let contact = contact.filter(|(at, _)| doubts || !doubtful(*at)).map(|(_, steward)| steward);
            let taken = people.iter().filter(|(at, _)| doubts || !doubtful(*at));
            let taken = taken.filter_map(|(_, person)| person.clone());
            match target {
                Target::New(household) => {
                    let household = NewHousehold { residents: taken.collect(), ..household.clone() };
                    work.households.push((household, contact));
                }
                Target::Known(id) => {
                    work.people.extend(taken.map(|person| (*id, person)));
                    work.contacts.extend(contact.map(|steward| (*id, steward)));
                }
                Target::Elsewhere => {}
            }
        }
        let lived_in: BTreeSet<_> = work.households.iter().map(|(new, _)| new.division).collect();
        let made = self.made.iter().filter(|(group, _)| lived_in.contains(group));
        work.groups = made.map(|(group, name)| (*group, name.clone())).collect();
        work
    }
}

fn line(row: &Row, place: &str, is_new: bool) -> Line {
    let outcome = match row.weight() {
        Some(Weight::Rejected) => Outcome::Rejected,
        Some(Weight::Doubt | Weight::Held) => Outcome::Doubt,
        Some(Weight::Change) => Outcome::Changed,
        _ if is_new => Outcome::New,
        _ => Outcome::Same,
    };
    let (name, house) = (row.name.clone(), row.house.clone());
    Line {
        sheet: row.sheet.clone(),
        line: row.line,
        name,
        house,
        place: place.to_owned(),
        outcome,
        remarks: row.remarks.clone(),
    }
}
