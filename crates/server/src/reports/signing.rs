//! The steps of a report: a village's word, compiling, checking, signing, correcting. Who compiled
//! does not check, and who did either does not sign.

use base::{Division, Level, Moment};
use db::Tx;
use serde_json::json;

use super::chain::{self, Entry, Head, Kind};
use super::correction::differences;
use super::model::{Change, Content, Note, Sealed, Signature};
use super::report::{Place, read_body};
use super::{compile, store};
use crate::access::Action;
use crate::audit;
use crate::playbook::Playbook;
use crate::retention;
use crate::site::Site;
use crate::web::{Error, Visit};

/// The form of the bodies that are sealed now.
const FORMAT: i64 = 1;
/// Characters of a correction's reason.
pub const REASON: usize = 500;

/// A step that somebody takes: all of it in one transaction.
pub struct Step<'a> {
    pub site: &'a Site,
    pub visit: &'a Visit,
    pub place: &'a Place,
}

impl Step<'_> {
    fn signature(&self) -> Signature {
        let person = &self.visit.person;
        Signature { account: person.account, name: person.name.clone(), at: self.visit.now }
    }

    /// Refused where the action is not this person's for the whole town.
    fn may(&self, action: Action) -> Result<(), Error> {
        let scope = self.visit.may(action)?;
        if scope.covers(self.place.town) { Ok(()) } else { Err(Error::NotFound) }
    }

    async fn audit(&self, tx: &mut Tx, action: &str, detail: serde_json::Value) -> db::Result<()> {
        let object = format!("{}/{}", self.place.town.town(), self.place.day);
        let entry = audit::Entry::by(self.visit, action, &object, detail);
        audit::record(tx, self.site.clock.new_id(), self.visit.now, entry).await
    }

    async fn content(&self, tx: &mut Tx) -> Result<Content, Error> {
        let Place { operation, day, .. } = self.place;
        let playbook: &Playbook = &self.site.playbook;
        let content = compile::content(tx, playbook, operation, *day, self.visit.now).await?;
        content.ok_or(Error::NotFound)
    }

    /// Refused where records of the day were destroyed: nothing can be counted anew.
    async fn countable(&self, tx: &mut Tx) -> Result<(), Error> {
        let frozen = retention::frozen_days(tx, self.place.town.town()).await?;
        if frozen.contains(&self.place.day) { Err(Error::Conflict("report-day-destroyed")) } else { Ok(()) }
    }

    /// Refused when the day is sealed, or a later one is: the later report says what happened
    /// since the one before, so none may come between.
    async fn still_open(&self, tx: &mut Tx) -> Result<i64, Error> {
        let Place { town, day, .. } = self.place;
        if !store::sealed(tx, *town, *day).await?.is_empty() {
            return Err(Error::Conflict("report-is-sealed"));
        }
        let (reports, later) = store::standing(tx, *town, *day).await?;
        if later { Err(Error::Conflict("report-later-sealed")) } else { Ok(reports) }
    }

    /// A village says that nothing else happened, or takes it back. Before the cut-off nobody can
    /// say so: the word makes the whole day's zeros known.
    pub async fn confirm(&self, tx: &mut Tx, village: &str, nothing_else: bool) -> Result<(), Error> {
        let scope = self.visit.may(Action::ConfirmZeros)?;
        let village = Division::from_code(village).filter(|d| d.level() == Level::Village);
        let village = village.filter(|d| self.place.town.contains(*d) && scope.covers(*d));
        let village = village.ok_or(Error::NotFound)?;
        self.still_open(tx).await?;
        if nothing_else && self.visit.now < self.site.playbook.on(self.place.day).time.cut_off(self.place.day)
        {
            return Err(Error::Conflict("report-word-early"));
        }
        let account = self.visit.person.account;
        let action = if nothing_else {
            store::confirm(tx, village, self.place.day, account, self.visit.now).await?;
            "report.confirm-zeros"
        } else {
            store::withdraw(tx, village, self.place.day).await?;
            // What was compiled may hold zeros that nobody knows any more.
            store::drop_draft(tx, self.place.town, self.place.day).await?;
            "report.withdraw-zeros"
        };
        Ok(self.audit(tx, action, json!({ "division": village.code() })).await?)
    }

    /// Fixes the figures for checking and signing; again where they have changed since.
    pub async fn compile(&self, tx: &mut Tx) -> Result<(), Error> {
        self.may(Action::CompileReports)?;
        let Place { town, day, .. } = self.place;
        if self.visit.now < self.site.playbook.on(*day).time.cut_off(*day) {
            return Err(Error::Conflict("report-before-cut-off"));
        }
        self.still_open(tx).await?;
        self.countable(tx).await?;
        let content = self.content(tx).await?;
        let text = chain::canonical(&content).map_err(unwritable)?;
        store::put_draft(tx, *town, *day, &text, self.visit.person.account, self.visit.now).await?;
        Ok(self.audit(tx, "report.compile", json!({})).await?)
    }

    /// Notes that another person has checked the figures compiled at `compiled_at`.
    pub async fn check(&self, tx: &mut Tx, compiled_at: Moment) -> Result<(), Error> {
        self.may(Action::ApproveReports)?;
        let Place { town, day, .. } = self.place;
        let draft = store::draft(tx, *town, *day).await?.ok_or(Error::Conflict("report-not-compiled"))?;
        if draft.compiled_by == self.visit.person.account {
            return Err(Error::Conflict("report-same-person"));
        }
        let me = self.visit.person.account;
        if !store::check_draft(tx, *town, *day, compiled_at, me, self.visit.now).await? {
            return Err(Error::Conflict("report-recompiled"));
        }
        Ok(self.audit(tx, "report.check", json!({})).await?)
    }

    /// Signs and seals: from here on the report never changes.
    pub async fn sign(&self, tx: &mut Tx, compiled_at: Moment) -> Result<(), Error> {
        self.may(Action::ApproveReports)?;
        let Place { town, day, .. } = self.place;
        let number = self.still_open(tx).await? + 1;
        let draft = store::draft(tx, *town, *day).await?.ok_or(Error::Conflict("report-not-compiled"))?;
        let checked = draft.checked().ok_or(Error::Conflict("report-not-checked"))?;
        let compiled = draft.compiled();
        if [compiled.account, checked.account].contains(&self.visit.person.account) {
            return Err(Error::Conflict("report-same-person"));
        }
        if !store::take_draft(tx, *town, *day, compiled_at).await? {
            return Err(Error::Conflict("report-recompiled"));
        }
        let head = self.head(tx, Kind::Report, number).await?;
        let content = read_body(&draft.content)?;
        let body = Sealed { head, content, compiled, checked, signed: self.signature() };
        self.append(tx, &body.head, &body).await?;
        Ok(self.audit(tx, "report.seal", json!({ "number": number })).await?)
    }

    /// What a correction of the sealed report would say now.
    pub async fn differences(&self, tx: &mut Tx) -> Result<Vec<Change>, Error> {
        let now = self.content(tx).await?;
        let (sealed, notes) = self.sealed(tx).await?;
        Ok(differences(&sealed.content, &notes, &now))
    }

    /// Seals a note of everything that differs; `seen` is the hash of the changes that were shown.
    pub async fn correct(&self, tx: &mut Tx, why: &str, seen: &str) -> Result<(), Error> {
        self.may(Action::CompileReports)?;
        let why = why.trim();
        if why.is_empty() {
            return Err(Error::field("why", "report-why-empty"));
        }
        if why.chars().count() > REASON {
            return Err(Error::field("why", "report-why-long"));
        }
        self.countable(tx).await?;
        let changes = self.differences(tx).await?;
        if changes.is_empty() {
            return Err(Error::Conflict("report-nothing-to-correct"));
        }
        if digest(&changes)? != seen {
            return Err(Error::Conflict("report-changes-moved"));
        }
        let number = i64::try_from(self.sealed(tx).await?.1.len()).unwrap_or(i64::MAX) + 1;
        let head = self.head(tx, Kind::Correction, number).await?;
        let (why, written) = (why.to_owned(), self.signature());
        let body = Note { head, changes, why, written };
        self.append(tx, &body.head, &body).await?;
        Ok(self.audit(tx, "report.correct", json!({ "changes": body.changes.len() })).await?)
    }

    async fn sealed(&self, tx: &mut Tx) -> Result<(Sealed, Vec<Note>), Error> {
        let mut entries = store::sealed(tx, self.place.town, self.place.day).await?.into_iter();
        let sealed = entries.next().ok_or(Error::Conflict("report-not-sealed"))?;
        let notes = entries.map(|entry| read_body(&entry.body)).collect::<db::Result<_>>()?;
        Ok((read_body(&sealed.body)?, notes))
    }

    /// The next place in the town's chain.
    async fn head(&self, tx: &mut Tx, kind: Kind, number: i64) -> Result<Head, Error> {
        let newest = store::newest(tx, self.place.town).await?;
        Ok(Head {
            format: FORMAT,
            kind,
            town: self.place.town.town(),
            sequence: newest.as_ref().map_or(0, |entry| entry.sequence) + 1,
            day: self.place.day,
            number,
            sealed_at: self.visit.now,
            previous: newest.map(|entry| entry.hash),
        })
    }

    async fn append(&self, tx: &mut Tx, head: &Head, body: &impl serde::Serialize) -> Result<(), Error> {
        let entry = Entry::of(head, body).map_err(unwritable)?;
        match store::append(tx, &entry).await {
            Err(error) if db::is_taken(&error) => Err(Error::Conflict("report-sealed-meanwhile")),
            other => Ok(other?),
        }
    }
}

/// The hash by which a form says which changes it showed.
pub fn digest(changes: &[Change]) -> Result<String, Error> {
    Ok(chain::hash(&chain::canonical(&changes).map_err(unwritable)?))
}

fn unwritable(error: serde_json::Error) -> Error {
    Error::Database(db::Error::Encode(error.into()))
}
