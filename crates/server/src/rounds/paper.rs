//! A street's paper sheet as it is typed: what each line says, and which checks that makes.

use std::collections::BTreeSet;

use base::{Day, Moment};
use uuid::Uuid;

use super::form::{Fields, Wrong, read_clock, read_temperature};
use super::model::{Answers, Check, Outcome, ResidentAnswer, Source};
use super::rules::accept;
use super::standing::State;
use super::store::{HouseholdRow, Resident};
use crate::playbook::Playbook;

/// The value of 'checked by' of who types what he himself wrote.
const MYSELF: &str = "me";

/// A household's line.
#[derive(Clone, Debug)]
pub struct Line {
    pub row: HouseholdRow,
    pub residents: Vec<Resident>,
    /// The id of the line's check, made with the page: sending twice stores once.
    pub id: Uuid,
}

/// What a sheet is read with.
pub struct Context<'a> {
    pub day: Day,
    pub now: Moment,
    pub playbook: &'a Playbook,
    pub stewards: &'a [(i64, String)],
    /// Ids of the lines' checks that are stored: the sheet was sent before.
    pub stored: &'a BTreeSet<Uuid>,
}

/// What a sheet tells.
#[derive(Debug, Default, PartialEq)]
pub struct Told {
    pub checks: Vec<Check>,
    /// Households left blank that somebody has told of since the page was made: 'all others well'
    /// does not speak for them.
    pub meanwhile: Vec<i64>,
}

/// The checks that a sheet makes.
///
/// # Errors
/// Every field that cannot be taken, with what to do.
pub fn read(fields: &Fields, lines: &[Line], context: &Context<'_>) -> Result<Told, Vec<Wrong>> {
    let mut wrong = Vec::new();
    let checked_by = read_steward(fields, context, &mut wrong);
    let happened_at = read_moment(fields, context, &mut wrong);
    let others = fields.has("others", "well");
    let mut told = Told::default();
    for line in lines {
        let said = read_line(fields, line, context, &mut wrong);
        let blank = said.is_none();
        let Some(said) = said.or(others.then_some(Said::Well)) else { continue };
        let told_since = line.row.state() != State::Silent && !context.stored.contains(&line.id);
        if blank && told_since {
            told.meanwhile.push(line.row.household);
            continue;
        }
        let check = check(line, said, happened_at, checked_by);
        if let Err(key) = accept(&check, context.playbook, context.now) {
            let of_sheet = matches!(key, "check-future" | "check-too-old");
            put(&mut wrong, &if of_sheet { "clock".to_owned() } else { of("state", line) }, key);
        }
        told.checks.push(check);
    }
    if wrong.is_empty() && told == Told::default() {
        put(&mut wrong, "others", "paper-nothing");
    }
    if wrong.is_empty() { Ok(told) } else { Err(wrong) }
}

/// What a line says.
enum Said {
    Well,
    Unreachable(String),
    Detailed(Answers),
}

/// The name of a line's field.
pub fn of(name: &str, line: &Line) -> String {
    format!("{name}-{}", line.row.household)
}

/// Puts down what is wrong, each thing once.
fn put(wrong: &mut Vec<Wrong>, field: &str, key: &'static str) {
    let new = Wrong { field: field.to_owned(), key };
    if !wrong.contains(&new) {
        wrong.push(new);
    }
}

/// What a line says; nothing for one left blank.
fn read_line(fields: &Fields, line: &Line, context: &Context<'_>, wrong: &mut Vec<Wrong>) -> Option<Said> {
    let state = fields.get(&of("state", line));
    let note = fields.get(&of("note", line)).to_owned();
    let measured = read_measured(fields, line, context, wrong);
    match state {
        "" | "well" if measured.is_some() || !note.is_empty() => {
            let residents = measured.into_iter().collect();
            Some(Said::Detailed(Answers { residents, note, ..Answers::default() }))
        }
        "" => None,
        "well" => Some(Said::Well),
        reason => {
            // What cannot be kept is not dropped in silence.
            if measured.is_some() {
                put(wrong, &of("state", line), "paper-unreachable-measured");
            }
            if !note.is_empty() {
                put(wrong, &of("note", line), "paper-unreachable-note");
            }
            Some(Said::Unreachable(reason.to_owned()))
        }
    }
}

/// The highest temperature of a household and whose it is; of one who lives alone it is clear.
fn read_measured(
    fields: &Fields,
    line: &Line,
    context: &Context<'_>,
    wrong: &mut Vec<Wrong>,
) -> Option<ResidentAnswer> {
    let who = fields.get(&of("who", line));
    let field = of("temperature", line);
    let temperature = match read_temperature(fields.get(&field), context.playbook.temperature) {
        Ok(Some(degrees)) => degrees,
        Ok(None) if who.is_empty() => return None,
        Ok(None) => {
            put(wrong, &field, "paper-temperature-missing");
            return None;
        }
        Err(key) => {
            put(wrong, &field, key);
            return None;
        }
    };
    let resident = match (who, line.residents.as_slice()) {
        ("", [only]) => Some(only.id),
        (who, residents) => residents.iter().map(|r| r.id).find(|id| id.to_string() == who),
    };
    if resident.is_none() {
        put(wrong, &of("who", line), "paper-who-missing");
    }
    Some(ResidentAnswer { resident: resident?, temperature: Some(temperature), ..ResidentAnswer::default() })
}

/// The steward who made the checks; nothing for who types his own sheet.
fn read_steward(fields: &Fields, context: &Context<'_>, wrong: &mut Vec<Wrong>) -> Option<i64> {
    let typed = fields.get("checked-by");
    let steward = context.stewards.iter().map(|(id, _)| *id).find(|id| id.to_string() == typed);
    if steward.is_none() && typed != MYSELF {
        put(wrong, "checked-by", "paper-checked-by");
    }
    steward
}

/// When the checks were made: the sheet's day at the hour given.
fn read_moment(fields: &Fields, context: &Context<'_>, wrong: &mut Vec<Wrong>) -> Moment {
    let clock = read_clock(fields.get("clock"));
    let at = clock.and_then(|(hour, minute)| context.playbook.time.moment(context.day, hour, minute));
    if at.is_none() {
        put(wrong, "clock", "check-clock");
    }
    at.unwrap_or(context.now)
}

fn check(line: &Line, said: Said, happened_at: Moment, checked_by: Option<i64>) -> Check {
    let (outcome, reason, answers) = match said {
        Said::Well => (Outcome::Well, None, None),
        Said::Unreachable(reason) => (Outcome::Unreachable, Some(reason), None),
        Said::Detailed(answers) => (Outcome::Detailed, None, Some(answers)),
    };
    Check {
        id: line.id,
        town: line.row.town,
        household: line.row.household,
        outcome,
        reason,
        answers,
        happened_at,
        source: Source::Paper,
        checked_by,
        corrects: None,
    }
}
