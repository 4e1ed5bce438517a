//! What became of a household and its people, or of one person: the newest first.

use std::collections::{BTreeMap, BTreeSet};

use askama::Template;
use axum::extract::{Path, Query, State};
use base::{Day, Identity, Moment};
use db::Snapshot;
use serde::Deserialize;
use serde_json::Value;

use super::super::store::one::{residents, stays};
use super::{household, household_path};
use crate::access::Action;
use crate::history::{self, Change, Difference, Fields, Key, Kind, Note, Step};
use crate::rounds;
use crate::site::Site;
use crate::vault::masked_phone;
use crate::web::{Error, Html, Page, Visit, Words};

/// Changes on one page.
const ROWS: usize = 50;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    /// The page begins after this change.
    after: Option<i64>,
}

/// What of somebody was so before, and after.
struct Told {
    what: String,
    was: String,
    is: String,
}

struct Line {
    from: String,
    kind: String,
    /// Whom it is about; none where the household itself is meant.
    name: Option<String>,
    path: Option<String>,
    told: Vec<Told>,
    /// Who told of it, and what is to be known besides.
    note: String,
    /// When and by whom it was entered, and what told it.
    entered: String,
    source: String,
    source_path: Option<String>,
}

#[derive(Template)]
#[template(path = "register/history.html")]
struct HistoryPage {
    page: Page,
    title: String,
    back: String,
    lines: Vec<Line>,
    next: Option<String>,
}

/// The history of a household, with that of its people.
pub async fn of_household(
    State(site): State<Site>,
    visit: Visit,
    Path(key): Path<(i64, i64)>,
    Query(asked): Query<Asked>,
) -> Result<Html, Error> {
    let mut tx = site.db.read().await?;
    let row = household(&mut tx, &visit, Action::SeeHouseholds, key).await?;
    let people: Vec<i64> = residents(&mut tx, &row).await?.iter().map(|resident| resident.id).collect();
    let changes = history::of_household(&mut tx, &site.vault, key).await?;
    let told = Teller { site: &site, visit: &visit, town: key.0 };
    let lines = told.lines(&mut tx, &changes, &people, true).await?;
    drop(tx);
    site.trail.saw(&site, &visit, key);
    let path = household_path(key.0, key.1);
    let title = match row.head.as_str() {
        "" => say!(visit.words, "history-title"),
        head => say!(visit.words, "history-of-household", head = head),
    };
    show(&visit, title, (&path, &format!("{path}/history")), lines, &asked)
}

/// The history of one person.
pub async fn of_person(
    State(site): State<Site>,
    visit: Visit,
    Path((town, id, resident)): Path<(i64, i64, i64)>,
    Query(asked): Query<Asked>,
) -> Result<Html, Error> {
    let mut tx = site.db.read().await?;
    let row = household(&mut tx, &visit, Action::SeeHouseholds, (town, id)).await?;
    let person = residents(&mut tx, &row).await?.into_iter().find(|row| row.id == resident);
    let person = person.ok_or(Error::NotFound)?;
    // Whoever moved has one history, wherever he lived.
    let stays = stays(&mut tx, town, resident).await?;
    let (households, people): (BTreeSet<_>, Vec<_>) = stays.into_iter().unzip();
    let households: Vec<_> = households.into_iter().map(|household| (town, household)).collect();
    let mut changes = history::since(&mut tx, &site.vault, &households).await?;
    changes.retain(|change| change.resident.is_some_and(|own| people.contains(&own)));
    let told = Teller { site: &site, visit: &visit, town };
    let lines = told.lines(&mut tx, &changes, &people, false).await?;
    drop(tx);
    site.trail.saw(&site, &visit, (town, id));
    let path = household_path(town, id);
    let title = say!(visit.words, "history-of-person", name = person.name);
    show(&visit, title, (&path, &format!("{path}/residents/{resident}/history")), lines, &asked)
}

fn show(
    visit: &Visit,
    title: String,
    (back, path): (&str, &str),
    lines: Vec<(i64, Line)>,
    asked: &Asked,
) -> Result<Html, Error> {
    let mut lines: Vec<_> =
        lines.into_iter().filter(|(n, _)| asked.after.is_none_or(|after| *n < after)).collect();
    let more = lines.len() > ROWS;
    lines.truncate(ROWS);
    let next = lines.last().filter(|_| more).map(|(n, _)| format!("{path}?after={n}"));
    let lines = lines.into_iter().map(|(_, line)| line).collect();
    Html::of(&HistoryPage { page: visit.page.clone(), title, back: back.to_owned(), lines, next })
}

/// What is needed to tell a household's changes in words.
struct Teller<'a> {
    site: &'a Site,
    visit: &'a Visit,
    town: i64,
}

/// Where households stood by their numbers and days, by name.
type Places = BTreeMap<(i64, Day), String>;

impl Teller<'_> {
    /// The changes in words, with their numbers, the newest first.
    async fn lines(
        &self,
        tx: &mut Snapshot,
        changes: &[Change],
        people: &[i64],
        named: bool,
    ) -> db::Result<Vec<(i64, Line)>> {
        let households = changes.iter().map(|change| change.household);
        let people = people.iter().copied();
        let stood = history::stands(tx, &self.site.vault, self.town, households, people).await?;
        let mut steps: Vec<Step<'_>> = Vec::new();
        for key in changes.iter().map(Change::key).collect::<BTreeSet<Key>>() {
            let own = changes.iter().filter(|change| change.key() == key);
            steps.extend(history::steps(stood.objects().get(&key), own));
        }
        steps.sort_by_key(|step| std::cmp::Reverse(step.change.n));
        let places = places(tx, &steps).await?;
        let there = |key: &Key| stood.objects().contains_key(key);
        Ok(steps.iter().map(|step| (step.change.n, self.line(step, &places, &there, named))).collect())
    }

    fn line(&self, step: &Step<'_>, places: &Places, there: &impl Fn(&Key) -> bool, named: bool) -> Line {
        let (words, change) = (&self.visit.words, step.change);
        let path = household_path(self.town, change.household);
        let kind = Kind::of_key(&change.kind).map(|kind| words.get(&kind.message())).unwrap_or_default();
        let resident = change.resident.filter(|_| named);
        let name = resident.map(|_| step.name.clone().unwrap_or_else(|| say!(words, "history-nobody")));
        let person = resident.filter(|_| there(&change.key()));
        let day = Day::from_number(change.from_day);
        let differences = step.differences.iter();
        let when = words.moment(&self.site.playbook.time, Moment(change.entered_at));
        let import = change.reference.filter(|_| change.source == "import");
        let may_undo = self.visit.person.may(Action::ChangeHouseholds).is_some();
        Line {
            from: day.map(|day| words.day(day)).unwrap_or_default(),
            kind,
            name,
            path: person.map(|resident| format!("{path}/residents/{resident}/history")),
            told: differences.flat_map(|of| told(words, of, day, places)).collect(),
            note: change.note.as_ref().map(|note| noted(words, note)).unwrap_or_default(),
            entered: [Some(when), change.name.clone(), roles(words, &change.roles)]
                .into_iter()
                .flatten()
                .collect::<Vec<_>>()
                .join(" "),
            source: words.get(&format!("history-by-{}", change.source)),
            source_path: import.filter(|_| may_undo).map(|id| format!("/households/imports/{id}")),
        }
    }
}

fn noted(words: &Words, note: &Note) -> String {
    let by = say!(words, "history-told", by = words.get(&format!("told-by-{}", note.by)));
    [by.as_str(), &note.text].join(" ").trim().to_owned()
}

/// As what somebody did it: 村干部.
fn roles(words: &Words, roles: &str) -> Option<String> {
    let mut named: Vec<_> = roles.split_whitespace().filter_map(|held| held.split('@').next()).collect();
    named.dedup();
    let named: Vec<_> = named.iter().map(|role| words.get(&format!("role-{role}"))).collect();
    Some(format!("({})", named.join("、"))).filter(|_| !named.is_empty())
}

/// Where the household stood before and after each move, by the names of that day.
async fn places(tx: &mut Snapshot, steps: &[Step<'_>]) -> db::Result<Places> {
    let mut places = Places::new();
    for step in steps {
        let Some(day) = Day::from_number(step.change.from_day) else { continue };
        let spans = step.differences.iter().filter(|difference| difference.field == "spans");
        for value in spans.flat_map(|difference| [&difference.was, &difference.is]) {
            let Some((number, _)) = history::stands_on(&household_of(value), day) else { continue };
            let Some(division) = base::Division::from_number(number) else { continue };
            let name = rounds::place_name(tx, division, day).await?;
            places.insert((number, day), name);
        }
    }
    Ok(places)
}

fn household_of(spans: &Value) -> Fields {
    Fields::from_iter([("spans".to_owned(), spans.clone())])
}

/// What a field's change is in words.
fn told(words: &Words, of: &Difference, day: Option<Day>, places: &Places) -> Vec<Told> {
    if of.field == "spans" {
        return day.map(|day| turned(words, of, day, places)).unwrap_or_default();
    }
    let (was, is) = (said(words, &of.field, &of.was), said(words, &of.field, &of.is));
    // Masked, two numbers may look the same.
    let is = if was == is { say!(words, "history-other-number") } else { is };
    vec![Told { what: words.get(&label(&of.field)), was, is }]
}

/// Where a household stood and stands, and how, where that changed.
fn turned(words: &Words, of: &Difference, day: Day, places: &Places) -> Vec<Told> {
    let none = || say!(words, "history-none");
    let stood = |value: &Value| {
        let fields = household_of(value);
        let (place, occupancy) = history::stands_on(&fields, day)?;
        let place = places.get(&(place, day)).cloned().unwrap_or_else(none);
        Some((place, words.get(&format!("occupancy-{occupancy}"))))
    };
    let (was, is) = (stood(&of.was), stood(&of.is));
    let (was, is) = (was.unwrap_or_else(|| (none(), none())), is.unwrap_or_else(|| (none(), none())));
    let told = |what: &str, was: String, is: String| Told { what: words.get(what), was, is };
    let both = [told("household-place", was.0, is.0), told("household-occupancy", was.1, is.1)];
    both.into_iter().filter(|told| told.was != told.is).collect()
}

/// The message that names a field.
fn label(field: &str) -> String {
    match field {
        "house_number" => "household-house".to_owned(),
        "tags" => "household-know".to_owned(),
        "head" | "address" | "phone" => format!("household-{field}"),
        "birth_day" => "resident-birth".to_owned(),
        "presence_since" => "history-since".to_owned(),
        "key_from" | "key_until" | "key_reason" => format!("resident-{}", field.replace('_', "-")),
        field => format!("resident-{field}"),
    }
}

/// What stood in a field, in words; numbers masked.
fn said(words: &Words, field: &str, value: &Value) -> String {
    let day = || Day::from_number(value.as_i64()?.try_into().ok()?);
    let text = value.as_str().unwrap_or_default().trim();
    let said = match field {
        "birth_day" => day().map(|day| day.to_string()),
        "presence_since" | "key_from" | "key_until" => day().map(|day| words.day(day)),
        _ if text.is_empty() => None,
        "sex" | "registration" | "presence" => Some(words.get(&format!("{field}-{text}"))),
        "identity" => Identity::parse(text).ok().map(|(identity, _)| identity.masked()),
        "phone" => Some(masked_phone(text)),
        "tags" => {
            let tags = text.split_whitespace().map(|tag| words.get(&format!("tag-{tag}")));
            Some(tags.collect::<Vec<_>>().join("、"))
        }
        _ => Some(text.to_owned()),
    };
    said.unwrap_or_else(|| say!(words, "history-none"))
}
