//! Makes a report's figures from the round.

use std::collections::{BTreeMap, BTreeSet};

use base::{Day, Division, Indicator, Level, Moment};
use db::Snapshot;

use super::chain::Head;
use super::model::{Content, Count, Figures, Line, Owing, OwingGroup, Sealed, known};
use super::report::read_body;
use super::store::{self, Operation};
use crate::divisions::{self, Names};
use crate::playbook::Playbook;
use crate::rounds::{AsOf, Measured, indicators as of};
use crate::tally;
use crate::web::short_name;

/// The figures of a day: as of its cut-off, or of the present while that is still to come. They
/// are the tallies without what happened after the cut-off.
pub async fn content(
    tx: &mut Snapshot,
    playbook: &Playbook,
    operation: &Operation,
    day: Day,
    now: Moment,
) -> db::Result<Option<Content>> {
    let Some(town) = Division::of_town(operation.town) else { return Ok(None) };
    let spans = Spans::read(tx, playbook, operation, town, day, now).await?;
    let register = Register::read(tx, town, day).await?;
    let villages = register.names.keys().filter_map(|division| division.at(Level::Village));
    let counted = spans.today.divisions().into_iter().chain(spans.key_persons.keys().copied());
    let villages: BTreeSet<_> = villages.chain(counted.filter_map(|d| d.at(Level::Village))).collect();
    let lines: Vec<Line> = villages.into_iter().map(|village| spans.line(&register, village)).collect();
    let complete = lines.iter().all(|line| line.figures.complete);
    let total = spans.figures(town, complete);
    Ok(Some(Content {
        town: town.code(),
        name: operation.name.clone(),
        day,
        as_of: spans.as_of,
        since: spans.since,
        villages: lines,
        total: Some(total),
    }))
}

/// What the register says of a day.
struct Register {
    names: Names,
    leads: BTreeMap<Division, store::Lead>,
    confirmations: BTreeMap<Division, super::model::Signature>,
}

impl Register {
    async fn read(tx: &mut Snapshot, town: Division, day: Day) -> db::Result<Register> {
        Ok(Register {
            names: divisions::names_below(tx, town, Level::Group, day).await?,
            leads: store::leads(tx, town, day).await?,
            confirmations: store::confirmations(tx, town, day).await?,
        })
    }

    fn name(&self, division: Division) -> String {
        self.names.get(&division).map_or_else(|| division.code(), |name| short_name(name))
    }
}

/// The figures of the spans of days that a report speaks of.
struct Spans {
    as_of: Moment,
    since: Option<Moment>,
    /// The day up to `as_of`, and for each village the hash of the rows behind.
    today: tally::Figures,
    rows: Option<BTreeMap<Division, String>>,
    /// How the key persons of that day were measured, by where their households stand.
    key_persons: BTreeMap<Division, Measured>,
    /// All days before, since the operation began.
    before: tally::Figures,
    /// Of these, what the report before left to this one: whole days, and the evening of its own.
    after_last: tally::Figures,
    last_whole: tally::Figures,
    last_reported: tally::Figures,
}

impl Spans {
    async fn read(
        tx: &mut Snapshot,
        playbook: &Playbook,
        operation: &Operation,
        town: Division,
        day: Day,
        now: Moment,
    ) -> db::Result<Spans> {
        let cut_off = playbook.on(day).time.cut_off(day);
        let today = AsOf { town, day, before: (now >= cut_off).then_some(cut_off), playbook };
        let started = Day::from_number(operation.started_day).unwrap_or(day);
        let last = store::reports_before(tx, town, day, 1).await?.pop();
        let last: Option<Sealed> = last.map(|entry| read_body(&entry.body)).transpose()?;
        let mut spans = Spans {
            as_of: cut_off.min(now),
            since: last.as_ref().map(|last| last.content.as_of),
            today: today.figures(tx).await?,
            rows: if now < cut_off { None } else { Some(today.rows(tx).await?) },
            key_persons: today.key_persons(tx, town).await?,
            before: tally::figures_between(tx, town, started, day.previous()).await?,
            after_last: tally::Figures::default(),
            last_whole: tally::Figures::default(),
            last_reported: tally::Figures::default(),
        };
        match last {
            Some(Sealed { head: Head { day: last, .. }, content, .. }) => {
                spans.after_last = tally::figures_between(tx, town, last.next(), day.previous()).await?;
                spans.last_whole = tally::figures(tx, town, last).await?;
                let reported = AsOf { town, day: last, before: Some(content.as_of), playbook };
                spans.last_reported = reported.figures(tx).await?;
            }
            None => spans.after_last = spans.before.clone(),
        }
        Ok(spans)
    }

    fn count(&self, division: Division, indicator: Indicator, complete: bool) -> Count {
        self.count_from(self.today.get(division, indicator), division, indicator, complete)
    }

    /// What an indicator comes to where `day` is its figure of the day.
    fn count_from(&self, day: i64, division: Division, indicator: Indicator, complete: bool) -> Count {
        let get = |figures: &tally::Figures| figures.get(division, indicator);
        let evening = get(&self.last_whole) - get(&self.last_reported);
        Count {
            day: known(day, complete),
            since: known(day + get(&self.after_last) + evening, complete),
            total: known(day + get(&self.before), complete),
        }
    }

    fn silent(&self, division: Division) -> i64 {
        let get = |indicator| self.today.get(division, indicator);
        get(of::EXPECTED) - get(of::DONE) - get(of::LATE) - get(of::UNREACHABLE)
    }

    fn key_persons(&self, division: Division) -> Measured {
        let within = self.key_persons.iter().filter(|(place, _)| division.contains(**place));
        within.map(|(_, measured)| *measured).sum()
    }

    fn figures(&self, division: Division, complete: bool) -> Figures {
        let get = |indicator| self.today.get(division, indicator);
        let key = self.key_persons(division);
        // Where nobody is listed, nobody has fever among them, and nothing is known by that.
        let all_measured = key.due > 0 && key.missing() == 0;
        Figures {
            expected: get(of::EXPECTED),
            done: get(of::DONE),
            late: get(of::LATE),
            unreachable: get(of::UNREACHABLE),
            silent: self.silent(division),
            complete,
            returnees: self.count(division, of::RETURNEES, complete),
            visitors: self.count(division, of::VISITORS, complete),
            key_due: key.due,
            key_measured: self.count_from(key.measured, division, of::KEY_MEASURED, true),
            key_feverish: self.count(division, of::KEY_FEVERISH, all_measured),
            fevers: known(get(of::FEVERS), complete),
            symptoms: known(get(of::SYMPTOMS), complete),
            needs: known(get(of::NEEDS), complete),
        }
    }

    fn line(&self, register: &Register, village: Division) -> Line {
        let confirmed = register.confirmations.get(&village).cloned();
        let silent = self.silent(village);
        // Where nobody is registered nobody can be silent, and still nothing is known.
        let complete = confirmed.is_some() || (self.today.get(village, of::EXPECTED) > 0 && silent <= 0);
        let missing = silent > 0 || self.key_persons(village).missing() > 0;
        Line {
            division: village.code(),
            name: register.name(village),
            figures: self.figures(village, complete),
            confirmed,
            owing: missing.then(|| self.owing(register, village)),
            rows: self.rows.as_ref().map(|rows| rows.get(&village).cloned().unwrap_or_default()),
        }
    }

    fn owing(&self, register: &Register, village: Division) -> Owing {
        let places: BTreeSet<_> =
            self.today.divisions().into_iter().chain(self.key_persons.keys().copied()).collect();
        let groups = places.into_iter().filter(|d| d.level() == Level::Group && village.contains(*d));
        let lead = |division: &Division| match register.leads.get(division).cloned() {
            Some(store::Lead { name, stand_in, .. }) => (Some(name), stand_in),
            None => (None, None),
        };
        let owing = |group: Division| {
            let (silent, unmeasured) = (self.silent(group), self.key_persons(group).missing());
            let (name, (lead, stand_in)) = (register.name(group), lead(&group));
            OwingGroup { name, silent, unmeasured, lead, stand_in }
        };
        let (cadre, stand_in) = lead(&village);
        let missing = |group: &OwingGroup| group.silent > 0 || group.unmeasured > 0;
        Owing { cadre, stand_in, groups: groups.map(owing).filter(missing).collect() }
    }
}
