//! What uploaded lists come to, reckoned once and kept in memory while people look at them page by
//! page. What is confirmed is reckoned anew, against the register as it is then.

use std::collections::{BTreeSet, VecDeque};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::doubles::{Double, State, states};
use super::import::{Also, Line, Outcome, Plan, Sheet, Weight, Work, place};
use crate::web::Words;

/// Lists that are kept.
const MOST: usize = 4;
/// Lines that were passed over which are shown: as many as can be read at a glance.
const GLANCE: usize = 10;

/// What a list comes to, as it is shown: no whole number of anybody is in it.
pub struct Looked {
    pub lines: Vec<Line>,
    /// Who may be one: those first without whom their rows are not taken.
    pub doubles: Vec<Double>,
    /// A person decided something since.
    stale: AtomicBool,
    pub digest: String,
    /// What is taken without and with the rows in doubt.
    pub sure: Taken,
    pub all: Taken,
    /// Columns that are not taken, sheets that were not read, lines that are nobody's.
    pub ignored: String,
    pub unread: String,
    pub passed: String,
    /// Contacts that are given, some of them with the person in whose row they stand; and names that
    /// are nobody's who could be one.
    pub given: String,
    pub strangers: String,
    /// Team areas that are to be made, by their villages and names.
    pub made: String,
    /// The columns are read as was said of an earlier list.
    pub remembered: bool,
}

impl Looked {
    pub fn of(sheet: &Sheet, plan: &Plan) -> Looked {
        let passed = sheet.passed.iter().take(GLANCE);
        let passed = passed.map(|p| format!("{} {}", place(&p.sheet, p.line), p.text)).collect::<Vec<_>>();
        let more = if sheet.passed.len() > GLANCE { "…" } else { "" };
        // Those of rows that are not taken are made by nobody.
        let taken = |line: &&Line| line.remarks.iter().all(|remark| remark.weight < Weight::Held);
        let made = plan.lines.iter().filter(taken).filter(|line| line.has("group-new"));
        let made: BTreeSet<_> = made.map(|line| line.place.clone()).collect();
        let named =
            |key: &'static str| plan.lines.iter().filter_map(move |line| Some((line, line.told(key)?)));
        let given = named("contact-given").map(|(line, contact)| format!("{} → {contact}", line.name));
        let strangers: BTreeSet<_> = named("contact-unknown").map(|(_, name)| name.to_owned()).collect();
        let mut doubles = plan.doubles.clone();
        doubles.sort_by_key(|double| (double.soft, double.row()));
        Looked {
            lines: plan.lines.clone(),
            doubles,
            stale: AtomicBool::new(false),
            digest: plan.digest(),
            sure: Taken::of(&plan.work(Also { doubts: false, changes: true })),
            all: Taken::of(&plan.work(Also { doubts: true, changes: true })),
            ignored: sheet.ignored.join("、"),
            unread: sheet.unread.join("、"),
            made: made.into_iter().collect::<Vec<_>>().join("、"),
            passed: passed.join("、") + more,
            remembered: sheet.remembered,
            given: given.take(GLANCE).collect::<Vec<_>>().join("、"),
            strangers: strangers.into_iter().collect::<Vec<_>>().join("、"),
        }
    }

    pub fn count(&self, outcome: Outcome) -> usize {
        self.lines.iter().filter(|line| line.outcome == outcome).count()
    }

    /// How many pairs stand so, as it was decided when the list was compared.
    pub fn pairs(&self, state: State) -> usize {
        states(&self.doubles, |double| double.verdict).into_iter().filter(|own| *own == state).count()
    }
}

/// What an import comes to, as it is kept and shown.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Taken {
    /// Team areas that were made.
    pub groups: usize,
    pub households: usize,
    pub residents: usize,
    pub contacts: usize,
    /// Residents of the register who were listed as key persons.
    pub listings: usize,
    /// Residents of whom the register said otherwise.
    pub changes: usize,
    /// Rows that wait to be put right, with the others of their households.
    pub left: usize,
}

impl Taken {
    pub fn of(work: &Work) -> Taken {
        let given = work.households.iter().filter(|(_, contact)| contact.is_some()).count();
        Taken {
            groups: work.groups.len(),
            households: work.households.len(),
            residents: work.residents(),
            contacts: given + work.contacts.len(),
            listings: work.listings.len(),
            changes: work.changes.len(),
            left: 0,
        }
    }

    /// Whether nothing is taken in, and what is in the register is changed.
    pub fn only_changes(&self) -> bool {
        self.changes > 0 && *self == Taken { changes: self.changes, left: self.left, ..Taken::default() }
    }

    /// What is taken, in words; what there is none of is left out.
    pub fn told(&self, words: &Words) -> String {
        let parts = [
            ("import-part-groups", self.groups),
            ("import-part-households", self.households),
            ("import-part-people", self.residents),
            ("import-part-contacts", self.contacts),
            ("import-part-changes", self.changes),
            ("import-part-listings", self.listings),
        ];
        let told = parts.into_iter().filter(|(_, n)| *n > 0);
        let told: Vec<_> = told.map(|(key, n)| words.get_with(key, &[("n", n.to_string())])).collect();
        if told.is_empty() { words.get("import-part-none") } else { told.join(&words.get("import-part-and")) }
    }

    pub fn is_nothing(&self) -> bool {
        *self == Taken::default()
    }
}

/// The lists that were looked at last.
#[derive(Clone, Default)]
pub struct Plans(Arc<Mutex<Kept>>);

/// The last one first.
type Kept = VecDeque<(Uuid, Arc<Looked>)>;

impl Plans {
    pub fn get(&self, upload: Uuid) -> Option<Arc<Looked>> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.iter().find(|(id, _)| *id == upload).map(|(_, looked)| looked.clone())
    }

    /// The same, unless a person decided something since.
    pub fn fresh(&self, upload: Uuid) -> Option<Arc<Looked>> {
        self.get(upload).filter(|looked| !looked.stale.load(Ordering::Relaxed))
    }

    /// A person decided something of a list.
    pub fn decided(&self, upload: Uuid) {
        if let Some(looked) = self.get(upload) {
            looked.stale.store(true, Ordering::Relaxed);
        }
    }

    /// Keeps a list in place of what it came to before.
    pub fn keep(&self, upload: Uuid, looked: Arc<Looked>) {
        self.drop(upload);
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.push_front((upload, looked));
        kept.truncate(MOST);
    }

    pub fn drop(&self, upload: Uuid) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.retain(|(id, _)| *id != upload);
    }
}
