//! The hot path: batches of checks go through one group-commit writer. A batch costs a handful of
//! statements whatever its size; what is acknowledged is on disk, counted and audited.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use base::{Clock, Day, Division, Moment};
use db::{Apply, Db, GroupCommit, NotWritten, Tx};
use serde_json::json;
use uuid::Uuid;

use super::model::{Check, Source};
use super::raising;
use super::rules::{self, Refusal};
use super::standing::{self, Fact};
use super::store::{self, CheckRow, HouseholdDay, Member, Place, StandingRow};
use crate::access::Scope;
use crate::audit;
use crate::playbook::Playbook;
use crate::tally::Deltas;
use crate::web::{Changed, Live};

/// Checks that one request wants to be stored, and what their sender may do.
#[derive(Clone, Debug)]
pub struct Wanted {
    pub account: i64,
    pub address: String,
    pub scope: Scope,
    /// Where the sender may also enter what others checked.
    pub for_others: Option<Scope>,
    pub checks: Vec<Check>,
}

/// What became of one check.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    Stored,
    /// It was stored before, with the same content: nothing changed.
    Repeated,
    /// Nothing of it is stored; the message key says why and what to do.
    Refused(Refusal),
}

/// What became of a request's checks, in their order.
#[derive(Clone, Debug)]
pub struct Entered {
    pub verdicts: Vec<Verdict>,
    changed: Vec<Division>,
}

/// The way to enter checks. Cloning shares it.
#[derive(Clone)]
pub struct Rounds(GroupCommit<Writer>);

impl Rounds {
    /// Starts the writer on the current runtime.
    pub fn start(db: Db, clock: Clock, playbook: Playbook, live: Live) -> Rounds {
        Rounds(GroupCommit::start(db, Writer { clock, playbook: Arc::new(playbook), live }))
    }

    /// Enters checks; returns when they are durable.
    pub async fn enter(&self, wanted: Wanted) -> Result<Entered, NotWritten> {
        self.0.write(wanted).await
    }
}

struct Writer {
    clock: Clock,
    playbook: Arc<Playbook>,
    live: Live,
}

impl Apply for Writer {
    type Job = Wanted;
    type Done = Entered;

    fn weight(job: &Wanted) -> usize {
        job.checks.len().max(1)
    }

    async fn apply(&self, tx: &mut Tx, jobs: &[Wanted]) -> db::Result<Vec<Entered>> {
        let checks = || jobs.iter().flat_map(|job| &job.checks);
        // The register must not move a household between our look at it and our count.
        tx.hold(&checks().map(|check| check.town).collect()).await?;
        let mut batch = Batch::look_up(tx, checks(), &self.playbook, self.clock.now()).await?;
        let entered: Vec<Entered> = jobs.iter().map(|job| batch.take(job, &self.playbook)).collect();
        batch.write(tx, &self.playbook, &self.clock).await?;
        for (job, entered) in jobs.iter().zip(&entered) {
            self.audit(tx, job, entered).await?;
        }
        Ok(entered)
    }

    fn committed(&self, done: &Entered) {
        if !done.changed.is_empty() {
            self.live.tell(Changed(done.changed.clone()));
        }
    }
}

impl Writer {
    /// One entry per request: which checks were stored, and how many were not.
    async fn audit(&self, tx: &mut Tx, job: &Wanted, entered: &Entered) -> db::Result<()> {
        let with = |verdict: &Verdict| entered.verdicts.iter().filter(|v| *v == verdict).count();
        let stored = with(&Verdict::Stored);
        let object = job.checks.first().map(|check| check.id.to_string()).unwrap_or_default();
        let detail = json!({
            "stored": stored,
            "repeated": with(&Verdict::Repeated),
            "refused": entered.verdicts.len() - stored - with(&Verdict::Repeated),
        });
        let entry = audit::Entry {
            account: Some(job.account),
            address: &job.address,
            action: "checks.enter",
            object: &object,
            detail,
        };
        audit::record(tx, self.clock.new_id(), self.clock.now(), entry).await
    }
}

/// Everything a batch needs to know, and what it comes to.
pub(super) struct Batch {
    /// When the check at hand is entered.
    pub(super) now: Moment,
    places: BTreeMap<HouseholdDay, Place>,
    /// Checks already stored, by id: repeats, and what corrections put right.
    known: BTreeMap<(i64, Uuid), CheckRow>,
    members: BTreeMap<(i64, i64), Vec<Member>>,
    /// New rows, in the order of arrival.
    rows: Vec<CheckRow>,
}

impl Batch {
    pub(super) async fn look_up<'a>(
        tx: &mut Tx,
        checks: impl Iterator<Item = &'a Check> + Clone,
        playbook: &Playbook,
        now: Moment,
    ) -> db::Result<Batch> {
        let checks = || checks.clone();
        let days = checks().map(|c| (c.town, c.household, playbook.time.day(c.happened_at).number()));
        let corrected = checks().filter_map(|check| Some((check.town, check.corrects?)));
        let ids = checks().map(|check| (check.town, check.id)).chain(corrected);
        let detailed = checks().filter(|check| check.answers.is_some());
        let households: BTreeSet<_> = detailed.map(|check| (check.town, check.household)).collect();
        let mut members: BTreeMap<_, Vec<Member>> = BTreeMap::new();
        for member in store::members(tx, &households).await? {
            members.entry((member.town, member.household)).or_default().push(member);
        }
        Ok(Batch {
            now,
            places: store::places(tx, &days.collect(), playbook.time.day(now)).await?,
            known: store::checks(tx, &ids.collect()).await?,
            members,
            rows: Vec::new(),
        })
    }

    fn take(&mut self, job: &Wanted, playbook: &Playbook) -> Entered {
        let mut changed = BTreeSet::new();
        let mut verdicts = Vec::with_capacity(job.checks.len());
        for check in &job.checks {
            let allowed = |division, place: &Place| allow(job, check, division, place);
            let verdict = self.enter(job.account, check, playbook, allowed);
            if verdict == Verdict::Stored {
                changed.extend(self.rows.last().and_then(|row| Division::from_number(row.division)));
            }
            verdicts.push(verdict);
        }
        Entered { verdicts, changed: changed.into_iter().collect() }
    }

    /// Takes a check that is entered by `account`, where `allowed` lets it.
    pub(super) fn enter(
        &mut self,
        account: i64,
        check: &Check,
        playbook: &Playbook,
        allowed: impl FnOnce(Division, &Place) -> Result<(), Refusal>,
    ) -> Verdict {
        match self.judge(account, check, playbook, allowed) {
            Ok(None) => Verdict::Repeated,
            Ok(Some(row)) => {
                self.known.insert((row.town, row.id), row.clone());
                self.rows.push(row);
                Verdict::Stored
            }
            Err(refusal) => Verdict::Refused(refusal),
        }
    }

    /// The row to store, or nothing for a repeat.
    fn judge(
        &self,
        account: i64,
        check: &Check,
        playbook: &Playbook,
        allowed: impl FnOnce(Division, &Place) -> Result<(), Refusal>,
    ) -> Result<Option<CheckRow>, Refusal> {
        let day = rules::accept(check, playbook, self.now)?;
        let place = self.places.get(&(check.town, check.household, day.number())).ok_or("check-household")?;
        let division = Division::from_number(place.division).ok_or("check-household")?;
        allowed(division, place)?;
        if day.number() < place.started_day {
            return Err("check-before-operation");
        }
        if place.ended_day.is_some_and(|ended| day.number() > ended) {
            return Err("check-after-operation");
        }
        if let Some(stored) = self.known.get(&(check.town, check.id)) {
            return if stored.says(check) { Ok(None) } else { Err("check-id-reused") };
        }
        if let Some(corrected) = check.corrects {
            let corrected = self.known.get(&(check.town, corrected));
            let same = |row: &CheckRow| (row.household, row.day) == (check.household, day.number());
            corrected.filter(|row| same(row)).ok_or("check-corrects")?;
        }
        self.accept_residents(check)?;
        Ok(Some(self.row(account, check, day, place, playbook.version)))
    }

    fn accept_residents(&self, check: &Check) -> Result<(), Refusal> {
        let members = self.members.get(&(check.town, check.household)).map_or(&[][..], Vec::as_slice);
        let asked = check.answers.iter().flat_map(|answers| &answers.residents);
        let mut seen = BTreeSet::new();
        for answer in asked {
            if !members.iter().any(|member| member.id == answer.resident) {
                return Err("check-resident");
            }
            if !seen.insert(answer.resident) {
                return Err("check-resident-twice");
            }
        }
        Ok(())
    }

    fn row(&self, account: i64, check: &Check, day: Day, place: &Place, version: i32) -> CheckRow {
        CheckRow {
            town: check.town,
            id: check.id,
            household: check.household,
            day: day.number(),
            division: place.division,
            outcome: store::outcome_key(check.outcome).to_owned(),
            reason: check.reason.clone(),
            happened_at: check.happened_at.0,
            entered_at: self.now.0,
            entered_by: account,
            checked_by: check.checked_by,
            source: store::source_key(check.source).to_owned(),
            playbook_version: version,
            answers: check.answers.as_ref().map(|answers| json!(answers).to_string()),
            corrects: check.corrects,
            previous: None,
        }
    }

    pub(super) async fn write(&mut self, tx: &mut Tx, playbook: &Playbook, clock: &Clock) -> db::Result<()> {
        let mut by_day: BTreeMap<HouseholdDay, Vec<usize>> = BTreeMap::new();
        let mut days: BTreeMap<(i64, i32), i64> = BTreeMap::new();
        for (number, row) in self.rows.iter().enumerate() {
            by_day.entry((row.town, row.household, row.day)).or_default().push(number);
            let opened = days.entry((row.town, row.day)).or_insert(row.entered_at);
            *opened = row.entered_at.min(*opened);
        }
        for ((town, day), opened) in days {
            if let Some(day) = Day::from_number(day) {
                store::open_day(tx, town, day, Moment(opened)).await?;
            }
        }
        let mut deltas = Deltas::default();
        let mut standings = Vec::with_capacity(by_day.len());
        for (key, numbers) in &by_day {
            let facts = self.link(tx, *key, numbers).await?;
            standings.extend(self.restand(*key, &facts, playbook, &mut deltas));
            if facts.iter().any(|fact| fact.answers.is_some()) {
                let Some(place) = self.places.get(key) else { continue };
                raising::put(tx, place, &facts, playbook.temperature, clock, &mut deltas).await?;
            }
        }
        store::insert_checks(tx, &self.rows).await?;
        store::put_standings(tx, &standings).await?;
        self.put_presences(tx, playbook).await?;
        deltas.write(tx).await
    }

    /// Links new checks to the one that arrived before; gives all facts of the household's day.
    async fn link(&mut self, tx: &mut Tx, key: HouseholdDay, numbers: &[usize]) -> db::Result<Vec<Fact>> {
        let mut last = self.places.get(&key).and_then(|place| place.last);
        let mut facts: Vec<Fact> = match last {
            Some(last) => store::chain(tx, key.0, last).await?.iter().map(CheckRow::fact).collect(),
            None => Vec::new(),
        };
        // An earlier check's answers count again, so who is a key person must be known again.
        if facts.iter().any(|fact| fact.answers.is_some()) && !self.members.contains_key(&(key.0, key.1)) {
            let members = store::members(tx, &BTreeSet::from([(key.0, key.1)])).await?;
            self.members.insert((key.0, key.1), members);
        }
        for number in numbers {
            let row = &mut self.rows[*number];
            row.previous = last;
            last = Some(row.id);
            facts.push(row.fact());
        }
        Ok(facts)
    }

    fn restand(
        &self,
        key: HouseholdDay,
        facts: &[Fact],
        playbook: &Playbook,
        deltas: &mut Deltas,
    ) -> Option<StandingRow> {
        let place = self.places.get(&key)?;
        let (day, division) = (Day::from_number(key.2)?, Division::from_number(place.division)?);
        let members = self.members.get(&(key.0, key.1)).map_or(&[][..], Vec::as_slice);
        let key_persons = members.iter().filter(|m| m.is_key_person(key.2)).map(|m| m.id).collect();
        let cut_off = playbook.time.cut_off(day);
        let standing = standing::stand(facts, cut_off, playbook.temperature, &key_persons)?;
        let due = place.occupancy == "lived-in";
        if let Some((was_due, before)) = place.stored() {
            standing::count(deltas, day, division, was_due, &before, -1);
        }
        standing::count(deltas, day, division, due, &standing, 1);
        Some(StandingRow { key, division: place.division, due, standing, last: facts.last()?.id })
    }

    /// Who went away or came back is so in the register too: nobody writes it twice.
    async fn put_presences(&self, tx: &mut Tx, playbook: &Playbook) -> db::Result<()> {
        let today = |row: &CheckRow| playbook.time.day(Moment(row.entered_at)).number();
        for row in self.rows.iter().filter(|row| row.answers.is_some() && row.day == today(row)) {
            for answer in row.answers().unwrap_or_default().residents {
                let (presence, since, place) = match (&answer.away, &answer.back) {
                    (Some(away), _) => ("away", away.since, away.place.as_str()),
                    (None, Some(back)) => ("present", back.on, ""),
                    (None, None) => continue,
                };
                store::put_presence(tx, row.town, answer.resident, presence, since, place).await?;
            }
        }
        Ok(())
    }
}

/// Whether the sender may enter this check of this household.
fn allow(job: &Wanted, check: &Check, division: Division, place: &Place) -> Result<(), Refusal> {
    if !job.scope.reaches(division, place.steward) {
        // The same answer as for a household that does not exist: it may not be known that it does.
        return Err("check-household");
    }
    let own = check.source == Source::App && check.checked_by.is_none();
    let for_others = || job.for_others.as_ref().is_some_and(|scope| scope.covers(division));
    if own || for_others() { Ok(()) } else { Err("check-for-others") }
}
