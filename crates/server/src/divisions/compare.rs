//! Comparing the rows of a file with the register: what is new, renamed, unchanged, unfit.

use std::collections::{HashMap, HashSet};
use std::fmt;

use base::{Day, Division, Level};
use db::Snapshot;

use super::file::{Entry, Reason, Sheet, Unfit};
use super::model::OPEN;
use super::store::{self, Known};

/// On which terms rows are taken.
#[derive(Clone, Copy, Debug)]
pub struct Terms {
    /// The first day of new divisions.
    pub from: Day,
    /// The first day of changed names; without it they are unfit.
    pub renames_from: Option<Day>,
}

/// What an import would do. Entries are in the order of their codes.
#[derive(Clone, Debug, Default)]
pub struct Plan {
    pub new: Vec<Entry>,
    pub renamed: Vec<Entry>,
    pub unchanged: usize,
    /// In the order of their lines.
    pub unfit: Vec<Unfit>,
}

/// Rows compared with one look into the register.
const ROWS: usize = 8_000;

/// Compares; `told` hears how many rows are done.
pub async fn compare(
    tx: &mut Snapshot,
    sheet: Sheet,
    terms: Terms,
    mut told: impl FnMut(u64),
) -> db::Result<Plan> {
    let mut plan = Plan { unfit: sheet.unfit, ..Plan::default() };
    let mut entries = without_duplicates(sheet.entries, &mut plan.unfit).into_iter().peekable();
    let mut above = Above::default();
    let mut done = 0;
    while entries.peek().is_some() {
        let part: Vec<_> = entries.by_ref().take(ROWS).collect();
        done += part.len() as u64;
        let known = store::known(tx, part[0].division, part[part.len() - 1].division).await?;
        for entry in part {
            let found = known.get(&entry.division.number());
            above.look_up(tx, &entry, found).await?;
            plan.take(entry, found, &mut above, terms);
        }
        told(done);
    }
    plan.unfit.sort_by_key(|unfit| unfit.line);
    Ok(plan)
}

/// Sorts by code; of rows with one code the first line stands, the others are unfit.
fn without_duplicates(mut entries: Vec<Entry>, unfit: &mut Vec<Unfit>) -> Vec<Entry> {
    entries.sort_by_key(|entry| (entry.division, entry.line));
    let mut kept: Vec<Entry> = Vec::with_capacity(entries.len());
    for entry in entries {
        match kept.last() {
            Some(first) if first.division == entry.division => {
                let reason = Reason::Duplicate(first.line);
                unfit.push(entry.unfit(reason));
            }
            _ => kept.push(entry),
        }
    }
    kept
}

/// The divisions above others that stand, in the file (as far as it is read) or the register.
/// Codes come in order, so whatever is above an entry was met before it.
#[derive(Default)]
struct Above {
    stand: HashSet<Division>,
    missing: HashSet<Division>,
}

impl Above {
    /// Looks into the register for the parent of a new entry, once for each parent.
    async fn look_up(&mut self, tx: &mut Snapshot, entry: &Entry, known: Option<&Known>) -> db::Result<()> {
        let Some(parent) = entry.division.parent() else { return Ok(()) };
        let told =
            parent == Division::COUNTRY || self.stand.contains(&parent) || self.missing.contains(&parent);
        if known.is_some() || told {
            return Ok(());
        }
        let stands = store::last(tx, parent).await?.is_some_and(|row| row.until_day == OPEN);
        if stands { &mut self.stand } else { &mut self.missing }.insert(parent);
        Ok(())
    }

    fn stands(&self, entry: &Entry) -> Result<(), Reason> {
        match entry.division.parent() {
            Some(parent) if parent != Division::COUNTRY && !self.stand.contains(&parent) => {
                Err(Reason::Orphan(parent.code()))
            }
            _ => Ok(()),
        }
    }

    fn taken(&mut self, division: Division) {
        // Nothing stands below a group, and villages without one are most of a file.
        if division.level() != Level::Group {
            self.missing.remove(&division);
            self.stand.insert(division);
        }
    }
}

impl Plan {
    /// Rows of the file, all told.
    pub fn rows(&self) -> usize {
        self.new.len() + self.renamed.len() + self.unchanged + self.unfit.len()
    }
}

/// In one line: 'new 29, renamed 0, unchanged 5, left out 0'.
impl fmt::Display for Plan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (new, renamed, left_out) = (self.new.len(), self.renamed.len(), self.unfit.len());
        write!(f, "new {new}, renamed {renamed}, unchanged {}, left out {left_out}", self.unchanged)
    }
}

enum Change {
    None,
    New,
    Name,
}

impl Plan {
    fn take(&mut self, entry: Entry, known: Option<&Known>, above: &mut Above, terms: Terms) {
        match verdict(&entry, known, above, terms) {
            Ok(change) => {
                above.taken(entry.division);
                match change {
                    Change::None => self.unchanged += 1,
                    Change::New => self.new.push(entry),
                    Change::Name => self.renamed.push(entry),
                }
            }
            Err(reason) => {
                // Only its name is in question: what is below it does not hang in the air.
                if known.is_some_and(|known| known.until_day == OPEN) {
                    above.taken(entry.division);
                }
                self.unfit.push(entry.unfit(reason));
            }
        }
    }
}

fn verdict(entry: &Entry, known: Option<&Known>, above: &Above, terms: Terms) -> Result<Change, Reason> {
    let Some(known) = known else { return above.stands(entry).map(|()| Change::New) };
    let day = |number| Day::from_number(number).unwrap_or(terms.from);
    if known.until_day != OPEN {
        return Err(Reason::Closed(day(known.until_day)));
    }
    if known.name == entry.name {
        return Ok(Change::None);
    }
    match terms.renames_from {
        None => Err(Reason::Renamed(known.name.clone())),
        Some(from) if from.number() <= known.from_day => Err(Reason::TooEarly(day(known.from_day))),
        Some(_) => Ok(Change::Name),
    }
}

impl Entry {
    fn unfit(self, reason: Reason) -> Unfit {
        let code = format!("{:015}", self.division.number());
        Unfit { line: self.line, text: format!("{},{}", &code[..self.digits], self.name), reason }
    }
}

/// What the register knows of codes, by number.
pub type KnownByCode = HashMap<i64, Known>;
