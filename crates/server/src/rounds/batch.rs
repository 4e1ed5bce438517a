//! A batch of checks: looked up together, judged one by one, written together.

use std::collections::{BTreeMap, BTreeSet};

use base::{Clock, Day, Division, Moment};
use db::Tx;
use serde_json::json;
use uuid::Uuid;

use super::model::Check;
use super::raising::Raised;
use super::rules::{self, Refusal};
use super::standing::{self, Fact};
use super::store::{
    self, CheckRow, Counted, FindingRow, HouseholdDay, Member, Operation, Place, Presence, StandingRow,
};
use super::writer::Verdict;
use crate::history::{self, Deed, Source};
use crate::playbook::Playbook;
use crate::tally::Deltas;
use crate::vault::Vault;

/// Everything a batch needs to know, and what it comes to.
pub(super) struct Batch {
    /// When the check at hand is entered.
    pub(super) now: Moment,
    operations: BTreeMap<(i64, i32), Operation>,
    places: BTreeMap<HouseholdDay, Place>,
    /// What stood of these households' days before.
    counted: BTreeMap<HouseholdDay, Counted>,
    /// Checks already stored, by id: repeats, and what corrections put right.
    known: BTreeMap<(i64, Uuid), CheckRow>,
    members: BTreeMap<(i64, i64), Vec<Member>>,
    /// New rows, in the order of arrival.
    rows: Vec<CheckRow>,
}

/// What all checks of some households' days tell, those stored before and the new ones.
struct Told {
    facts: BTreeMap<HouseholdDay, Vec<Fact>>,
    /// What was raised before.
    findings: BTreeMap<HouseholdDay, Vec<FindingRow>>,
}

impl Batch {
    pub(super) async fn look_up<'a>(
        tx: &mut Tx,
        checks: impl Iterator<Item = &'a Check> + Clone,
        playbook: &Playbook,
        now: Moment,
    ) -> db::Result<Batch> {
        let checks = || checks.clone();
        let day = |check: &Check| playbook.time.day(check.happened_at).number();
        let days: BTreeSet<_> = checks().map(|c| (c.town, c.household, day(c))).collect();
        let corrected = checks().filter_map(|check| Some((check.town, check.corrects?)));
        let ids = checks().map(|check| (check.town, check.id)).chain(corrected);
        let detailed = checks().filter(|check| check.answers.is_some());
        let mut batch = Batch {
            now,
            operations: store::operations(tx, &checks().map(|c| (c.town, day(c))).collect()).await?,
            places: store::places(tx, &days, playbook.time.day(now)).await?,
            counted: store::counted(tx, &days).await?.into_iter().map(|row| (row.key(), row)).collect(),
            known: store::checks(tx, &ids.collect()).await?,
            members: BTreeMap::new(),
            rows: Vec::new(),
        };
        batch.get_to_know(tx, detailed.map(|check| (check.town, check.household)).collect()).await?;
        Ok(batch)
    }

    async fn get_to_know(&mut self, tx: &mut Tx, mut households: BTreeSet<(i64, i64)>) -> db::Result<()> {
        households.retain(|household| !self.members.contains_key(household));
        for member in store::members(tx, &households).await? {
            self.members.entry((member.town, member.household)).or_default().push(member);
        }
        Ok(())
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
        let stored = self.known.get(&(check.town, check.id));
        // Whoever sends again what he stored is told so, whatever has become of the household since.
        if stored.is_some_and(|stored| stored.entered_by == account && stored.says(check)) {
            return Ok(None);
        }
        let day = rules::accept(check, playbook, self.now)?;
        let playbook = playbook.on(day);
        let operation = self.operations.get(&(check.town, day.number())).ok_or("check-household")?;
        let place = self.places.get(&(check.town, check.household, day.number())).ok_or("check-household")?;
        let division = Division::from_number(place.division).ok_or("check-household")?;
        allowed(division, place)?;
        if day.number() < operation.started_day {
            return Err("check-before-operation");
        }
        if operation.ended_day.is_some_and(|ended| day.number() > ended) {
            return Err("check-after-operation");
        }
        if operation.is_frozen {
            return Err("check-day-destroyed");
        }
        if let Some(stored) = stored {
            return if stored.says(check) { Ok(None) } else { Err("check-id-reused") };
        }
        if let Some(corrected) = check.corrects {
            let corrected = self.known.get(&(check.town, corrected));
            let same = |row: &CheckRow| (row.household, row.day) == (check.household, day.number());
            corrected.filter(|row| same(row)).ok_or("check-corrects")?;
        }
        self.accept_residents(check, day)?;
        Ok(Some(self.row(account, check, day, place, playbook.version)))
    }

    fn accept_residents(&self, check: &Check, day: Day) -> Result<(), Refusal> {
        let members = self.members_of(check.town, check.household);
        let asked = check.answers.iter().flat_map(|answers| &answers.residents);
        let mut seen = BTreeSet::new();
        for answer in asked {
            // Who leaves on a day may have been asked after on it.
            let lives =
                |member: &Member| member.id == answer.resident && member.is_here(day.previous().number());
            if !members.iter().any(lives) {
                return Err("check-resident");
            }
            if !seen.insert(answer.resident) {
                return Err("check-resident-twice");
            }
        }
        Ok(())
    }

    fn members_of(&self, town: i64, household: i64) -> &[Member] {
        self.members.get(&(town, household)).map_or(&[], Vec::as_slice)
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

    pub(super) async fn write(
        &mut self,
        tx: &mut Tx,
        vault: &Vault,
        playbook: &Playbook,
        clock: &Clock,
    ) -> db::Result<()> {
        let mut days: BTreeMap<(i64, i32), i64> = BTreeMap::new();
        let is_open = |row: &CheckRow| self.operations.get(&(row.town, row.day)).is_some_and(|o| o.is_open);
        for row in self.rows.iter().filter(|row| !is_open(row)) {
            let opened = days.entry((row.town, row.day)).or_insert(row.entered_at);
            *opened = row.entered_at.min(*opened);
        }
        store::open_days(tx, &days).await?;
        let mut told = self.told(tx).await?;
        let mut deltas = Deltas::default();
        let mut raised = Raised::default();
        let mut standings = Vec::with_capacity(told.facts.len());
        for (key, facts) in &told.facts {
            standings.extend(self.restand(*key, facts, playbook, &mut deltas));
            if facts.iter().any(|fact| fact.answers.is_some())
                && let Some(place) = self.places.get(key)
            {
                let stored = told.findings.remove(key).unwrap_or_default();
                let bounds = Day::from_number(key.2).map_or(playbook, |day| playbook.on(day)).temperature;
                raised.take(place, stored, facts, bounds, clock, &mut deltas);
            }
        }
        store::insert_checks(tx, &self.rows).await?;
        store::put_standings(tx, &standings).await?;
        raised.write(tx).await?;
        for (day, presences) in self.presences(&told) {
            if let Some(day) = Day::from_number(day) {
                self.put_presences(tx, vault, day, &presences).await?;
            }
        }
        deltas.write(tx).await
    }

    /// Links new checks to those that arrived before; gives all facts of the households' days.
    async fn told(&mut self, tx: &mut Tx) -> db::Result<Told> {
        let touched: BTreeSet<_> = self.rows.iter().map(CheckRow::key).collect();
        let before: Vec<&Counted> =
            self.counted.values().filter(|row| touched.contains(&row.key())).collect();
        let last: Vec<_> = before.iter().map(|row| (row.town, row.last)).collect();
        let mut facts: BTreeMap<HouseholdDay, Vec<Fact>> = BTreeMap::new();
        for check in store::chains(tx, &last).await? {
            facts.entry(check.key()).or_default().push(check.fact());
        }
        // An earlier check's answers count again, so who is a key person must be known again; and
        // only where something was told before can something have been raised before.
        let answered = |facts: &[Fact]| facts.iter().any(|fact| fact.answers.is_some());
        let again: Vec<_> = facts.iter().filter(|(_, facts)| answered(facts)).map(|(key, _)| *key).collect();
        self.get_to_know(tx, again.iter().map(|(town, household, _)| (*town, *household)).collect()).await?;
        let mut findings: BTreeMap<HouseholdDay, Vec<FindingRow>> = BTreeMap::new();
        for finding in store::findings_of(tx, &again).await? {
            findings.entry(finding.key()).or_default().push(finding);
        }
        let mut last: BTreeMap<_, _> = self.counted.iter().map(|(key, row)| (*key, row.last)).collect();
        for row in &mut self.rows {
            row.previous = last.insert(row.key(), row.id);
            facts.entry(row.key()).or_default().push(row.fact());
        }
        Ok(Told { facts, findings })
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
        let members = self.members_of(key.0, key.1);
        let key_persons = members.iter().filter(|m| m.is_key_person(key.2)).map(|m| m.id).collect();
        let playbook = playbook.on(day);
        let standing = standing::stand(facts, &playbook.time, day, playbook.temperature, &key_persons)?;
        let due = place.occupancy == "lived-in";
        if let Some(before) = self.counted.get(&key) {
            standing::count(deltas, day, division, before.due, &before.standing()?, -1);
        }
        standing::count(deltas, day, division, due, &standing, 1);
        Some(StandingRow { key, division: place.division, due, standing, last: facts.last()?.id })
    }

    /// Who went away or came back is so in the register too: nobody writes it twice. By day, in the
    /// order in which they are put down.
    fn presences(&self, told: &Told) -> BTreeMap<i32, Vec<Presence>> {
        let mut presences: BTreeMap<i32, Vec<Presence>> = BTreeMap::new();
        for key in self.rows.iter().map(CheckRow::key).collect::<BTreeSet<_>>() {
            let told = told.facts.get(&key).map(|facts| standing::whereabouts(facts)).unwrap_or_default();
            let presence = |(resident, told)| Presence { town: key.0, day: key.2, resident, told };
            presences.entry(key.2).or_default().extend(told.into_iter().map(presence));
        }
        presences
    }

    /// Puts down where residents are as one day tells it; the register's history tells by which check.
    async fn put_presences(
        &self,
        tx: &mut Tx,
        vault: &Vault,
        day: Day,
        presences: &[Presence],
    ) -> db::Result<()> {
        let mut before = BTreeMap::new();
        for town in presences.iter().map(|presence| presence.town).collect::<BTreeSet<_>>() {
            let residents = presences.iter().filter(|of| of.town == town).map(|of| of.resident);
            before.insert(town, history::stands(tx, vault, town, [], residents).await?);
        }
        store::put_presences(tx, presences).await?;
        for (town, before) in before {
            history::changed_by(tx, vault, before, |(household, _)| self.deed(town, household, day)).await?;
        }
        Ok(())
    }

    /// What the last new check of a household's day does to the register.
    fn deed(&self, town: i64, household: i64, day: Day) -> Deed<'static> {
        let check = self.rows.iter().rfind(|row| row.key() == (town, household, day.number()));
        let deed = Deed::of_program(town, day, self.now);
        match check {
            Some(check) => Deed {
                at: Moment(check.entered_at),
                source: Source::Check(check.id),
                account: Some(check.entered_by),
                ..deed
            },
            None => deed,
        }
    }
}
