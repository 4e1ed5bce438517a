//! A day's report in whatever state it is: live, compiled, checked or sealed.

use base::{Day, Division, Moment};
use db::Snapshot;
use serde::de::DeserializeOwned;

use super::chain::Entry;
use super::compile;
use super::model::{Content, Note, Sealed, Signature};
use super::store::{self, Operation};
use crate::access::{Action, Person, Scope};
use crate::playbook::Playbook;

/// How far a report has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// Nobody has compiled it: its figures still move.
    Live,
    Compiled,
    Checked,
    Sealed,
}

/// A report as it is shown.
#[derive(Clone, Debug)]
pub struct Report {
    pub town: Division,
    pub day: Day,
    pub state: State,
    pub content: Content,
    pub compiled: Option<Signature>,
    pub checked: Option<Signature>,
    pub signed: Option<Signature>,
    pub number: Option<i64>,
    pub hash: Option<String>,
    /// The sealed body, byte for byte as it was hashed.
    pub body: Option<String>,
    pub notes: Vec<Note>,
    pub demonstration: bool,
}

/// What is asked for: the report of a town's day.
#[derive(Clone, Debug)]
pub struct Place {
    pub town: Division,
    pub day: Day,
    pub operation: Operation,
}

impl Place {
    /// Finds the town of a nine-digit code on a day like 2020-02-03; nothing where no operation
    /// ran there that day, or the day is still to come.
    pub async fn find(tx: &mut Snapshot, town: &str, day: &str, today: Day) -> db::Result<Option<Place>> {
        let town = town.parse().ok().and_then(Division::of_town);
        let (Some(town), Ok(day)) = (town, day.parse::<Day>()) else { return Ok(None) };
        let operations = store::operations(tx).await?;
        let operation = operations.into_iter().find(|operation| operation.town == town.town());
        let running = operation.filter(|operation| operation.runs_on(day) && day <= today);
        Ok(running.map(|operation| Place { town, day, operation }))
    }

    /// Reads the report: the sealed one as it was sealed, else the draft, else live figures.
    pub async fn report(
        &self,
        tx: &mut Snapshot,
        playbook: &Playbook,
        now: Moment,
    ) -> db::Result<Option<Report>> {
        let mut entries = store::sealed(tx, self.town, self.day).await?.into_iter();
        if let Some(entry) = entries.next() {
            let notes = entries.map(|entry| read_body(&entry.body)).collect::<db::Result<_>>()?;
            return self.sealed(&entry, notes).map(Some);
        }
        if let Some(draft) = store::draft(tx, self.town, self.day).await? {
            let (compiled, checked) = (draft.compiled(), draft.checked());
            let state = if checked.is_some() { State::Checked } else { State::Compiled };
            let content = read_body(&draft.content)?;
            return Ok(Some(Report { compiled: Some(compiled), checked, ..self.plain(state, content) }));
        }
        let content = compile::content(tx, playbook, &self.operation, self.day, now).await?;
        Ok(content.map(|content| self.plain(State::Live, content)))
    }

    fn sealed(&self, entry: &Entry, notes: Vec<Note>) -> db::Result<Report> {
        let Sealed { head, content, compiled, checked, signed } = read_body(&entry.body)?;
        Ok(Report {
            compiled: Some(compiled),
            checked: Some(checked),
            signed: Some(signed),
            number: Some(head.number),
            hash: Some(entry.hash.clone()),
            body: Some(entry.body.clone()),
            notes,
            ..self.plain(State::Sealed, content)
        })
    }

    fn plain(&self, state: State, content: Content) -> Report {
        Report {
            town: self.town,
            day: self.day,
            state,
            content,
            compiled: None,
            checked: None,
            signed: None,
            number: None,
            hash: None,
            body: None,
            notes: Vec::new(),
            demonstration: self.operation.demonstration,
        }
    }
}

impl Report {
    /// Leaves what a person may see: own villages, and names of who owes only for those who work
    /// with the stewards or answer for the report.
    pub fn seen_by(mut self, person: &Person, scope: &Scope) -> Report {
        let of = |code: &str| Division::from_code(code);
        let covers = |code: &str| of(code).is_some_and(|division| scope.covers(division));
        let working = [Action::SeeStewards, Action::ApproveReports].map(|action| person.may(action));
        let names = |code: &str| {
            of(code).is_some_and(|division| working.iter().flatten().any(|scope| scope.covers(division)))
        };
        self.content.villages.retain(|line| covers(&line.division));
        for line in self.content.villages.iter_mut().filter(|line| !names(&line.division)) {
            line.owing = None;
        }
        if !scope.covers(self.town) {
            self.content.total = None;
        }
        for note in &mut self.notes {
            note.changes.retain(|change| covers(&change.division));
        }
        self.notes.retain(|note| !note.changes.is_empty());
        self
    }
}

/// Reads a stored body.
pub fn read_body<T: DeserializeOwned>(body: &str) -> db::Result<T> {
    serde_json::from_str(body).map_err(|error| db::Error::Decode(error.into()))
}
