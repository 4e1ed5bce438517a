//! Rows of a list that may be somebody who is in the register already, or in another row: what a person
//! decided of them holds, the others wait for one.

use std::collections::{BTreeSet, HashMap};

use base::Division;

use super::super::doubles::{
    At, By, Called, Decision, Double, Named, People, Person, Question, Side, Verdict, Whose, Why, facts,
};
use super::super::model::house_order;
use super::super::store::known::{KnownHousehold, KnownResident};
use super::plan::{Asked, Known};
use super::row::Row;
use super::{Remark, Weight, place};
use crate::vault::Vault;

/// Others whom a person is asked about at once, for one row: when these are decided, more may come.
const MOST: usize = 3;

/// Who a row is found to be.
pub enum Met<'a> {
    /// Nobody else: none is like him, or a person told them apart.
    Nobody,
    /// Somebody in another row, or whom the asker may not see; there is nothing to do.
    Known,
    Resident(&'a KnownResident),
    /// A person has to decide.
    Open,
}

/// Somebody who may be the same as a row.
#[derive(Clone, Copy)]
enum Other<'a> {
    Resident(&'a KnownResident, &'a KnownHousehold),
    Row(usize),
}

/// A row among the others.
struct Entered {
    /// Among the people.
    person: usize,
    called: Called,
    place: String,
}

/// The people of the register and of the list, who may be who.
pub struct Pairs<'a> {
    known: &'a Known,
    vault: &'a Vault,
    asked: &'a Asked,
    people: People,
    others: Vec<Other<'a>>,
    residents: HashMap<i64, usize>,
    rows: HashMap<usize, Entered>,
    /// Rows of each mark: the second and the third of one are told apart by their number.
    marks: HashMap<String, usize>,
    /// Residents of each mark.
    registered: HashMap<String, usize>,
    /// Residents whom a row was found to be, and which.
    claimed: HashMap<i64, usize>,
    /// Rows that a person found to be another row's person.
    merged: BTreeSet<usize>,
    pub doubles: Vec<Double>,
}

impl<'a> Pairs<'a> {
    pub fn new(known: &'a Known, vault: &'a Vault, asked: &'a Asked) -> Pairs<'a> {
        let homes: HashMap<i64, &KnownHousehold> = known.households.iter().map(|h| (h.id, h)).collect();
        let mut pairs = Pairs {
            known,
            vault,
            asked,
            people: People::default(),
            others: Vec::new(),
            residents: HashMap::new(),
            rows: HashMap::new(),
            marks: HashMap::new(),
            registered: HashMap::new(),
            claimed: HashMap::new(),
            merged: BTreeSet::new(),
            doubles: Vec::new(),
        };
        for resident in &known.residents {
            let home = homes.get(&resident.household).copied();
            if let Some((home, person)) = home.and_then(|home| Some((home, Person::of(resident, home)?))) {
                *pairs.registered.entry(person.mark()).or_default() += 1;
                pairs.residents.insert(resident.id, pairs.people.add(person));
                pairs.others.push(Other::Resident(resident, home));
            }
        }
        pairs
    }

    /// Makes a row known to the others. Its place is the name of where it lives.
    pub fn enter(&mut self, row: &Row, at: usize, home: At<'_>, place: &str, household: i64) {
        if row.name.is_empty() {
            return;
        }
        let house = house_order(home.house);
        let home = At { house: &house, ..home };
        let person = Person::new(&row.name, row.sex, row.birth, home, (true, household));
        let identity = row.identity.as_ref().map(|number| self.vault.indexes(number.as_str()));
        let phone = row.phone.as_ref().map(|number| self.vault.indexes(number));
        let person = person.with(identity.unwrap_or_default(), phone.unwrap_or_default());
        let mark = person.mark();
        let nth = *self.marks.entry(mark.clone()).and_modify(|nth| *nth += 1).or_insert(1);
        let called = Called::row(mark, nth);
        self.rows.insert(at, Entered { person: self.people.add(person), called, place: place.to_owned() });
        self.others.push(Other::Row(at));
    }

    /// Whether a person said of a row and a resident that they are two.
    pub fn apart(&self, at: usize, resident: &KnownResident) -> bool {
        if self.known.decisions.is_empty() {
            return false;
        }
        let Some((row, other)) = self.rows.get(&at).zip(self.residents.get(&resident.id)) else {
            return false;
        };
        let why = self.people.one(row.person).like(self.people.one(*other));
        let why = why.unwrap_or(Why { by: By::House, named: Named::Same });
        let decision = self.decision(&self.question(at, *other, why));
        decision.is_some_and(|decision| decision.verdict == Verdict::Two)
    }

    /// Whether a person told a row apart from somebody before it who has the same identity number: it is
    /// his.
    pub fn has_others_number(&self, at: usize) -> bool {
        let row = self.rows.get(&at).filter(|_| !self.known.decisions.is_empty());
        let like = row.map(|row| self.people.before(row.person)).unwrap_or_default();
        like.into_iter().filter(|(_, why)| why.by == By::Number).any(|(other, why)| {
            let decision = self.decision(&self.question(at, other, why));
            decision.is_some_and(|decision| decision.verdict == Verdict::Two)
        })
    }

    /// Whether a person said that a row is one before it.
    pub fn is_merged(&self, at: usize) -> bool {
        let row = self.rows.get(&at).filter(|_| !self.known.decisions.is_empty());
        let like = row.map(|row| self.people.before(row.person)).unwrap_or_default();
        like.into_iter().filter(|(other, _)| self.row_of(*other).is_some()).any(|(other, why)| {
            let decision = self.decision(&self.question(at, other, why));
            decision.is_some_and(|decision| decision.verdict == Verdict::Same)
        })
    }

    /// The resident who a person said that a row is.
    pub fn decided(&self, at: usize) -> Option<&'a KnownResident> {
        let row = self.rows.get(&at).filter(|_| !self.known.decisions.is_empty())?;
        self.people.before(row.person).into_iter().find_map(|(other, why)| match self.others[other] {
            Other::Resident(resident, _) if self.is_seen(other) => {
                let decision = self.decision(&self.question(at, other, why))?;
                (decision.verdict == Verdict::Same).then_some(resident)
            }
            _ => None,
        })
    }

    /// Says that a row is a resident; the row that was said to be that one before, where there is one.
    pub fn claim(&mut self, at: usize, resident: i64) -> Option<usize> {
        match self.claimed.get(&resident) {
            Some(other) if *other != at => Some(*other),
            _ => {
                self.claimed.insert(resident, at);
                None
            }
        }
    }

    /// Whether no other row is a resident.
    pub fn is_free(&self, at: usize, resident: i64) -> bool {
        self.claimed.get(&resident).is_none_or(|other| *other == at)
    }

    /// What was decided of a row and the resident whom it seems to be.
    pub fn seems(&mut self, rows: &[Row], at: usize, resident: &KnownResident) -> Option<Verdict> {
        let other = *self.residents.get(&resident.id)?;
        let why = self.people.one(self.rows.get(&at)?.person).like(self.people.one(other));
        let why = why.unwrap_or(Why { by: By::House, named: Named::Same });
        self.double(rows, at, other, why, true);
        self.decision(&self.question(at, other, why)).map(|decision| decision.verdict)
    }

    /// Compares a row that is nobody's with everybody: remarks are added to it.
    pub fn meet(&mut self, rows: &mut [Row], at: usize) -> Met<'a> {
        let Some(entered) = self.rows.get(&at) else { return Met::Nobody };
        let like = self.people.before(entered.person);
        let among: BTreeSet<usize> = like.iter().filter_map(|(other, _)| self.row_of(*other)).collect();
        let counts = |(other, why): &(usize, Why)| self.counts(rows, (at, &among), *other, *why);
        let like: Vec<_> = like.into_iter().filter(counts).collect();
        let told = like.iter().map(|(other, why)| {
            let verdict = self.decision(&self.question(at, *other, *why)).map(|decision| decision.verdict);
            (*other, *why, verdict)
        });
        let (two, rest): (Vec<_>, Vec<_>) = told.partition(|(.., verdict)| *verdict == Some(Verdict::Two));
        let same = rest.iter().find(|(.., verdict)| *verdict == Some(Verdict::Same)).copied();
        let rest = if let Some(same) = same { vec![same] } else { rest };
        for (other, why, _) in two.iter().chain(&rest).take(MOST + two.len()) {
            if self.is_seen(*other) {
                self.double(rows, at, *other, *why, false);
            }
        }
        for (other, why, _) in two {
            if self.is_seen(other) {
                let remark = self.remark(Weight::Note, ["double-two-row", "double-two"], rows, other, why);
                rows[at].remarks.push(remark);
            }
            if why.by == By::Number && rows[at].identity.take().is_some() {
                rows[at].remark(Weight::Note, "identity-is-others");
            }
        }
        if let Some((other, why, _)) = same {
            return self.same(rows, at, other, why);
        }
        for (other, why, _) in rest.iter().take(MOST) {
            let remark = if self.is_seen(*other) {
                self.remark(Weight::Held, ["double-row", "double-known"], rows, *other, *why)
            } else {
                why.args()
                    .into_iter()
                    .fold(Remark::new(Weight::Held, "double-unseen"), |remark, (name, value)| {
                        remark.with(name, value)
                    })
            };
            rows[at].remarks.push(remark);
        }
        if rest.is_empty() { Met::Nobody } else { Met::Open }
    }

    fn same(&mut self, rows: &mut [Row], at: usize, other: usize, why: Why) -> Met<'a> {
        let remark = self.remark(Weight::Note, ["double-same-row", "double-same"], rows, other, why);
        let remark =
            if self.is_seen(other) { remark } else { Remark::new(Weight::Note, "double-same-unseen") };
        rows[at].remarks.push(remark);
        match self.others[other] {
            Other::Resident(resident, _) if self.is_seen(other) => Met::Resident(resident),
            Other::Resident(..) => Met::Known,
            Other::Row(_) => {
                self.merged.insert(at);
                Met::Known
            }
        }
    }

    fn row_of(&self, other: usize) -> Option<usize> {
        match self.others[other] {
            Other::Row(at) => Some(at),
            Other::Resident(..) => None,
        }
    }

    /// Whether another is asked about: not a resident who is another row, where that one is asked about
    /// or has another identity number.
    fn counts(&self, rows: &[Row], (at, among): (usize, &BTreeSet<usize>), other: usize, why: Why) -> bool {
        let resident = match self.others[other] {
            Other::Row(row) => {
                return !self.merged.contains(&row) && rows[row].weight() != Some(Weight::Rejected);
            }
            Other::Resident(resident, _) => resident,
        };
        match self.claimed.get(&resident.id) {
            Some(row) if *row != at => {
                let numbers = [at, *row].map(|at| rows[at].identity.as_ref());
                let numbered = matches!(numbers, [Some(one), Some(other)] if one != other);
                why.named == Named::Same && !among.contains(row) && !numbered
            }
            _ => true,
        }
    }

    fn is_seen(&self, other: usize) -> bool {
        match self.others[other] {
            Other::Row(_) => true,
            Other::Resident(_, home) => {
                Division::from_number(home.division).is_some_and(|division| self.asked.scope.covers(division))
            }
        }
    }

    fn question(&self, at: usize, other: usize, why: Why) -> Question {
        let other = match self.others[other] {
            Other::Resident(resident, _) => {
                let mark = self.people.one(other).mark();
                let alone = self.marks.get(&mark).is_none_or(|rows| *rows == 1)
                    && self.registered.get(&mark).is_none_or(|residents| *residents == 1);
                Called::resident(resident.id, mark, alone)
            }
            Other::Row(row) => self.rows[&row].called.clone(),
        };
        Question::new(&self.rows[&at].called, &other, why)
    }

    fn decision(&self, question: &Question) -> Option<&Decision> {
        self.known.decisions.of(self.vault, question)
    }

    /// What is remarkable: the first key where the other is a row, else the second.
    fn remark(
        &self,
        weight: Weight,
        keys: [&'static str; 2],
        rows: &[Row],
        other: usize,
        why: Why,
    ) -> Remark {
        let remark = match self.others[other] {
            Other::Row(row) => {
                let line = place(&rows[row].sheet, rows[row].line);
                Remark::new(weight, keys[0]).with("line", line).with("name", &rows[row].name)
            }
            Other::Resident(resident, home) => {
                let division = Division::from_number(home.division);
                let place = division.map(|division| self.known.places.name(division)).unwrap_or_default();
                let home = format!("{place} {}", home.head);
                Remark::new(weight, keys[1]).with("place", home).with("name", &resident.name)
            }
        };
        why.args().into_iter().fold(remark, |remark, (name, value)| remark.with(name, value))
    }

    /// Puts a row and another next to each other.
    fn double(&mut self, rows: &[Row], at: usize, other: usize, why: Why, soft: bool) {
        let side = |at: usize| self.side(&rows[at], &self.rows[&at].place);
        let whose = |at: usize| Whose::Row { at, line: place(&rows[at].sheet, rows[at].line) };
        let (whose_other, side_other) = match self.others[other] {
            Other::Row(row) => (whose(row), side(row)),
            Other::Resident(resident, home) => {
                let Some(division) = Division::from_number(home.division) else { return };
                let place = self.known.places.name(division);
                let side = Side::of(resident, home, place, self.vault);
                (Whose::Resident { id: resident.id, household: home.id, division }, side)
            }
        };
        let facts = facts(&side(at), &side_other);
        let (sides, question) = ([whose(at), whose_other], self.question(at, other, why));
        let verdict = self.decision(&question).map(|decision| decision.verdict);
        self.doubles.push(Double { sides, why, question, facts, soft, verdict });
    }

    fn side(&self, row: &Row, place: &str) -> Side {
        let away = row.away.is_some().then_some(true).or(row.at_home.then_some(false));
        Side {
            name: row.name.clone(),
            sex: row.sex,
            birth: row.birth,
            identity: row.identity.clone(),
            phone: row.phone.clone(),
            relation: row.relation.clone(),
            place: place.to_owned(),
            house: row.house.clone(),
            lodging: row.lodging,
            away,
        }
    }
}
