//! The form of a check: how what was typed becomes a check, and how a check fills the form again.

use std::collections::BTreeMap;

use base::{Day, Moment};
use uuid::Uuid;

use super::model::{Answers, Away, Back, Check, Outcome, ResidentAnswer, Source, Visitor};
use super::rules::{Refusal, accept};
use super::store::Resident;
use crate::playbook::{Playbook, Temperatures};

/// The fields of a form as they were sent: names, each with its values.
#[derive(Clone, Debug, Default)]
pub struct Fields(BTreeMap<String, Vec<String>>);

/// What is wrong, and at which field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wrong {
    pub field: String,
    pub key: Refusal,
}

impl Fields {
    pub fn new(pairs: Vec<(String, String)>) -> Fields {
        let mut fields = BTreeMap::<_, Vec<_>>::new();
        for (name, value) in pairs {
            fields.entry(name).or_default().push(value.trim().to_owned());
        }
        Fields(fields)
    }

    /// The first value of a field; empty where it was not sent.
    pub fn get(&self, name: &str) -> &str {
        self.all(name).first().map_or("", String::as_str)
    }

    /// The `n`th value of a field that stands there several times.
    pub fn nth(&self, name: &str, n: impl std::borrow::Borrow<usize>) -> &str {
        self.all(name).get(*n.borrow()).map_or("", String::as_str)
    }

    /// The value of a resident's field.
    pub fn of(&self, name: &str, resident: &i64) -> &str {
        self.get(&format!("{name}-{resident}"))
    }

    pub fn all(&self, name: &str) -> &[String] {
        self.0.get(name).map_or(&[], Vec::as_slice)
    }

    pub fn has(&self, name: &str, value: &str) -> bool {
        self.all(name).iter().any(|own| own == value)
    }

    pub fn has_of(&self, name: &str, resident: &i64, value: &str) -> bool {
        self.has(&format!("{name}-{resident}"), value)
    }

    fn put(&mut self, name: impl Into<String>, value: impl Into<String>) {
        self.0.entry(name.into()).or_default().push(value.into());
    }

    /// The form filled with the answers of a check that is to be put right.
    pub fn filled(answers: &Answers) -> Fields {
        let mut fields = Fields::default();
        for answer in &answers.residents {
            let who = answer.resident;
            if let Some(degrees) = answer.temperature {
                fields.put(format!("temperature-{who}"), format!("{degrees:.1}"));
            }
            for symptom in &answer.symptoms {
                fields.put(format!("symptom-{who}"), symptom.clone());
            }
            if let Some(away) = &answer.away {
                fields.put(format!("where-{who}"), "away");
                fields.put(format!("place-{who}"), away.place.clone());
                fields.put(format!("since-{who}"), away.since.to_string());
            }
            if let Some(back) = &answer.back {
                fields.put(format!("where-{who}"), "back");
                fields.put(format!("place-{who}"), back.from.clone());
                fields.put(format!("since-{who}"), back.on.to_string());
                fields.put(format!("transport-{who}"), back.transport.clone().unwrap_or_default());
            }
        }
        for visitor in &answers.visitors {
            fields.put("visitor-name", visitor.name.clone());
            fields.put("visitor-from", visitor.from.clone());
        }
        for need in &answers.needs {
            fields.put("need", need.clone());
        }
        fields.put("note", answers.note.clone());
        fields
    }
}

/// What a form becomes a check of.
pub struct Context<'a> {
    pub town: i64,
    pub household: i64,
    pub residents: &'a [Resident],
    pub playbook: &'a Playbook,
    pub now: Moment,
    /// When it happened, where the form does not say: now, or when what is put right happened.
    pub happened_at: Moment,
    pub today: Day,
    /// The answers of the check that is put right: they stand in the form without being typed.
    pub before: Option<Answers>,
}

/// The check that a form tells.
///
/// # Errors
/// Every field that cannot be taken, with what to do.
pub fn read(fields: &Fields, context: &Context<'_>) -> Result<Check, Vec<Wrong>> {
    let mut wrong = Vec::new();
    let reason = Some(fields.get("reason")).filter(|reason| !reason.is_empty());
    let happened_at = read_moment(fields, context, &mut wrong);
    let day = context.playbook.time.day(happened_at);
    let mut amiss = Vec::new();
    let answers = read_answers(fields, context, day, &mut amiss);
    let outcome = match (reason, fields.get("outcome")) {
        (Some(_), _) => Outcome::Unreachable,
        (None, "well") => Outcome::Well,
        (None, _) => Outcome::Detailed,
    };
    let id = fields.get("id").parse().unwrap_or(Uuid::nil());
    let checked_by = fields.get("checked-by").parse().ok();
    let paper = fields.has("source", "paper");
    let check = Check {
        id,
        town: context.town,
        household: context.household,
        outcome,
        reason: reason.map(str::to_owned),
        answers: (outcome == Outcome::Detailed).then(|| answers.clone()),
        happened_at,
        source: match (paper, checked_by) {
            (true, _) => Source::Paper,
            (false, Some(_)) => Source::Proxy,
            (false, None) => Source::App,
        },
        checked_by,
        corrects: fields.get("corrects").parse().ok(),
    };
    let typed =
        !amiss.is_empty() || (answers != Answers::default() && context.before.as_ref() != Some(&answers));
    match outcome {
        Outcome::Detailed => wrong.append(&mut amiss),
        // What cannot be kept is not dropped in silence.
        Outcome::Unreachable if typed => wrong.push(on_form("check-unreachable-filled")),
        _ if typed => wrong.push(on_form("check-well")),
        _ => (),
    }
    if wrong.is_empty()
        && let Err(key) = accept(&check, context.playbook, context.now)
    {
        wrong.push(on_form(key));
    }
    if wrong.is_empty() { Ok(check) } else { Err(wrong) }
}

/// What is wrong with the form as a whole.
fn on_form(key: Refusal) -> Wrong {
    Wrong { field: "main".to_owned(), key }
}

fn read_answers(fields: &Fields, context: &Context<'_>, day: Day, wrong: &mut Vec<Wrong>) -> Answers {
    let residents = context.residents.iter().map(|r| read_resident(fields, r.id, context, day, wrong));
    let residents: Vec<_> = residents.collect();
    let told = |answer: &ResidentAnswer| {
        *answer != ResidentAnswer { resident: answer.resident, ..ResidentAnswer::default() }
    };
    let visitors = (0..fields.all("visitor-name").len()).map(|place| Visitor {
        name: fields.nth("visitor-name", place).to_owned(),
        from: fields.nth("visitor-from", place).to_owned(),
    });
    let visitors = visitors.filter(|visitor| !(visitor.name.is_empty() && visitor.from.is_empty()));
    Answers {
        visitors: visitors.collect(),
        needs: fields.all("need").to_vec(),
        note: fields.get("note").to_owned(),
        residents: residents.into_iter().filter(told).collect(),
    }
}

fn read_resident(
    fields: &Fields,
    resident: i64,
    context: &Context<'_>,
    day: Day,
    wrong: &mut Vec<Wrong>,
) -> ResidentAnswer {
    let field = |name: &str| format!("{name}-{resident}");
    let typed = fields.get(&field("temperature"));
    let temperature = read_temperature(typed, context.playbook.temperature);
    if let Err(key) = temperature {
        wrong.push(Wrong { field: field("temperature"), key });
    }
    let mut answer = ResidentAnswer {
        resident,
        temperature: temperature.unwrap_or_default(),
        symptoms: fields.all(&field("symptom")).to_vec(),
        ..ResidentAnswer::default()
    };
    let place = fields.get(&field("place")).to_owned();
    let since = match fields.get(&field("since")) {
        "" => Some(day),
        text => text.parse().ok(),
    };
    let Some(since) = since.filter(|since| *since <= day) else {
        wrong.push(Wrong { field: field("since"), key: "check-since" });
        return answer;
    };
    match fields.get(&field("where")) {
        "away" => answer.away = Some(Away { place, since }),
        "back" if place.is_empty() => wrong.push(Wrong { field: field("place"), key: "check-back" }),
        "back" => {
            let transport = Some(fields.get(&field("transport")).to_owned()).filter(|key| !key.is_empty());
            answer.back = Some(Back { from: place, on: since, transport });
        }
        _ if !place.is_empty() => wrong.push(Wrong { field: field("place"), key: "check-where" }),
        _ => (),
    }
    answer
}

/// A temperature as people type it: full-width digits and a comma or a unit are taken.
///
/// # Errors
/// The message of one that is odd and has to be asked back.
pub fn read_temperature(typed: &str, bounds: Temperatures) -> Result<Option<f64>, Refusal> {
    let typed = base::fold_width(typed).replace([',', '。'], ".");
    let typed = typed.trim_end_matches(['℃', '度', 'C', '°', ' ']);
    if typed.is_empty() {
        return Ok(None);
    }
    let degrees = typed.parse::<f64>().ok();
    let sound = degrees.filter(|degrees| super::rules::tenths(*degrees, bounds).is_some());
    sound.map(Some).ok_or("check-temperature")
}

/// Hour and minute as people type them: 9:30, 9.30, 9点半, 9点, 9.
pub fn read_clock(typed: &str) -> Option<(i8, i8)> {
    let typed = base::fold_width(typed).replace(['：', '.', '点', '點', '时', '時'], ":").replace('半', "30");
    let (hour, minute) = typed.split_once(':').unwrap_or((&typed, ""));
    let minute = minute.trim_end_matches('分').trim();
    let minute = if minute.is_empty() { 0 } else { minute.parse().ok()? };
    Some((hour.trim().parse().ok()?, minute))
}

/// When it happened: the day and hour that were given for a check entered later, if any.
fn read_moment(fields: &Fields, context: &Context<'_>, wrong: &mut Vec<Wrong>) -> Moment {
    let (day, clock) = (fields.get("day"), base::fold_width(fields.get("clock")));
    if day.is_empty() && clock.is_empty() {
        return context.happened_at;
    }
    let day = if day.is_empty() { Ok(context.today) } else { day.parse() };
    let at = day
        .ok()
        .zip(read_clock(&clock))
        .and_then(|(day, (hour, minute))| context.playbook.time.moment(day, hour, minute));
    if at.is_none() {
        wrong.push(Wrong { field: "clock".to_owned(), key: "check-clock" });
    }
    at.unwrap_or(context.happened_at)
}

#[cfg(test)]
mod tests;
