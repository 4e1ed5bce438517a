//! A street's paper sheet, typed as one grid: every household that is still silent has a line.
//! What is wrong comes back at its line with everything kept; what is stored leaves the grid.

use std::collections::BTreeSet;

use askama::Template;
use axum::Extension;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use base::{Day, Division, Level};
use db::Snapshot;
use serde::Deserialize;
use uuid::Uuid;

use crate::access::Action;
use crate::playbook::{Choice, Playbook};
use crate::rounds::entry;
use crate::rounds::form::{Fields, Wrong};
use crate::rounds::paper::{Context, Line, Told, of, read};
use crate::rounds::places;
use crate::rounds::standing::{State as Standing, Which};
use crate::rounds::store::{self, HouseholdRow, Listing};
use crate::rounds::view::day_path;
use crate::rounds::writer::{Rounds, Verdict};
use crate::site::Site;
use crate::web::{Error, Form, Html, Page, Visit};

/// Lines of one grid; the rest comes when these are stored.
const LINES: usize = 300;
/// Households looked through for the lines that were sent: more than any street has.
const STREET: i64 = 5_000;
/// Mistakes named above the grid; each also stands at its line.
const NAMED: usize = 12;

#[derive(Template)]
#[template(path = "rounds/paper.html")]
struct PaperPage {
    page: Page,
    day: Day,
    /// The addresses of the grid and of the street's list.
    path: String,
    back: String,
    name: String,
    day_name: String,
    playbook: Playbook,
    stewards: Vec<(i64, String)>,
    lines: Vec<Line>,
    /// There are more silent households than lines.
    more: bool,
    /// What is entered now counts as late.
    late: bool,
    /// The day lies too far back to be entered.
    too_old: bool,
    fields: Fields,
    wrong: Vec<Wrong>,
    sent: Sent,
}

/// What became of the sheet sent before.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
pub struct Sent {
    /// Checks stored.
    stored: Option<usize>,
    /// Households left blank that somebody else had told of meanwhile.
    #[serde(default)]
    meanwhile: usize,
}

impl PaperPage {
    fn error(&self, field: &str) -> Option<String> {
        let wrong = self.wrong.iter().find(|wrong| wrong.field == field)?;
        Some(self.page.words.get(wrong.key))
    }

    fn error_of(&self, name: &str, line: &Line) -> Option<String> {
        self.error(&of(name, line))
    }

    /// What became of the sheet sent before, in words.
    fn outcome(&self) -> Option<String> {
        let words = &self.page.words;
        let stored = say!(words, "paper-stored", n = self.sent.stored?);
        if self.sent.meanwhile == 0 {
            return Some(stored);
        }
        let meanwhile = say!(words, "paper-meanwhile", n = self.sent.meanwhile);
        Some(format!("{stored} {meanwhile}"))
    }

    fn first_wrong(&self) -> &[Wrong] {
        &self.wrong[..self.wrong.len().min(NAMED)]
    }

    /// What is wrong, named for the list above the grid: with its household.
    fn named(&self, wrong: &Wrong) -> String {
        let line = self.lines.iter().find(|line| wrong.field.ends_with(&of("", line)));
        let what = self.page.words.get(wrong.key);
        match line {
            Some(Line { row, .. }) => format!("{} {}：{what}", row.house_number, row.head),
            None => what,
        }
    }

    fn name_of<'a>(&self, choice: &'a Choice) -> &'a str {
        choice.name.of(self.page.words.language)
    }
}

/// Whether the visitor may type the sheet of a division: a street of his.
pub fn may_type(visit: &Visit, division: Division) -> bool {
    let scope = visit.person.may(Action::EnterChecksForOthers);
    scope.is_some_and(|scope| scope.covers(division)) && division.level() == Level::Group
}

/// The address of a street's sheet.
pub fn paper_path(division: Division, day: Day) -> String {
    format!("{}/paper", day_path(division, day))
}

/// The street of an address.
///
/// # Errors
/// 'Not allowed' for who never types for others, 'not found' for what is not a street of his.
pub fn street(visit: &Visit, division: i64) -> Result<Division, Error> {
    visit.may(Action::EnterChecksForOthers)?;
    let division = Division::from_number(division).ok_or(Error::NotFound)?;
    if may_type(visit, division) { Ok(division) } else { Err(Error::NotFound) }
}

/// The lines of some households: their people, and a fresh id for each check.
pub async fn lines(
    tx: &mut Snapshot,
    site: &Site,
    rows: Vec<HouseholdRow>,
    day: Day,
) -> db::Result<Vec<Line>> {
    let mut residents = store::residents_of(tx, &rows, day).await?;
    let line = |row: HouseholdRow| Line {
        residents: residents.remove(&row.household).unwrap_or_default(),
        id: site.clock.new_id(),
        row,
    };
    Ok(rows.into_iter().map(line).collect())
}

/// The households of a street that nobody has told of on a day, as far as one grid goes.
pub async fn silent(
    tx: &mut Snapshot,
    visit: &Visit,
    division: Division,
    day: Day,
) -> Result<(Vec<HouseholdRow>, bool), Error> {
    let scope = visit.may(Action::EnterChecksForOthers)?;
    let listing = Listing { division, day, which: Standing::Silent.into() };
    let limit = i64::try_from(LINES).unwrap_or(i64::MAX - 1) + 1;
    let mut rows = store::households(tx, &scope, listing, None, limit).await?;
    let more = rows.len() > LINES;
    rows.truncate(LINES);
    Ok((rows, more))
}

async fn load(
    visit: &Visit,
    site: &Site,
    tx: &mut Snapshot,
    division: Division,
    day: Day,
) -> Result<PaperPage, Error> {
    if day > visit.today {
        return Err(Error::NotFound);
    }
    Ok(PaperPage {
        page: visit.page.clone(),
        path: paper_path(division, day),
        back: day_path(division, day),
        day,
        name: places::place_name(tx, division, day).await?,
        day_name: visit.words.day(day),
        playbook: site.playbook.on(day).clone(),
        stewards: store::stewards_near(tx, division).await?,
        lines: Vec::new(),
        more: false,
        late: visit.now >= site.playbook.on(day).time.cut_off(day),
        too_old: visit.today.days_since(day) > site.playbook.round.late_days,
        fields: Fields::default(),
        wrong: Vec::new(),
        sent: Sent::default(),
    })
}

/// The grid of a street's day.
pub async fn show_paper(
    visit: Visit,
    State(site): State<Site>,
    Path((division, day)): Path<(i64, Day)>,
    Query(sent): Query<Sent>,
) -> Result<Html, Error> {
    let division = street(&visit, division)?;
    let mut tx = site.db.read().await?;
    let page = load(&visit, &site, &mut tx, division, day).await?;
    let (rows, more) = silent(&mut tx, &visit, division, day).await?;
    let lines = lines(&mut tx, &site, rows, day).await?;
    Html::of(&PaperPage { lines, more, sent, ..page })
}

/// Takes the grid: nothing is stored while something is wrong.
pub async fn enter_paper(
    visit: Visit,
    State(site): State<Site>,
    Extension(rounds): Extension<Rounds>,
    Path((division, day)): Path<(i64, Day)>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, Error> {
    let division = street(&visit, division)?;
    let fields = Fields::new(pairs);
    let mut tx = site.db.read().await?;
    let mut page = load(&visit, &site, &mut tx, division, day).await?;
    page.lines = sent_lines(&mut tx, &visit, &site, &fields, division, day).await?;
    let ids = page.lines.iter().map(|line| (line.row.town, line.id)).collect();
    let stored = store::checks(&mut tx, &ids).await?.into_keys().map(|(_, id)| id).collect();
    drop(tx);
    let told = read(&fields, &page.lines, &context(&page, &visit, &stored));
    page.fields = fields;
    match told {
        Ok(told) => store_told(&visit, &site, &rounds, page, told).await,
        Err(wrong) => {
            let page = PaperPage { wrong, ..page };
            Ok(Html::of(&page)?.with_status(StatusCode::UNPROCESSABLE_ENTITY).into_response())
        }
    }
}

fn context<'a>(page: &'a PaperPage, visit: &Visit, stored: &'a BTreeSet<Uuid>) -> Context<'a> {
    Context { day: page.day, now: visit.now, playbook: &page.playbook, stewards: &page.stewards, stored }
}

/// The lines that were sent, whatever their households' state is by now, with the ids they were
/// sent with.
async fn sent_lines(
    tx: &mut Snapshot,
    visit: &Visit,
    site: &Site,
    fields: &Fields,
    division: Division,
    day: Day,
) -> Result<Vec<Line>, Error> {
    let scope = visit.may(Action::EnterChecksForOthers)?;
    let sent: BTreeSet<i64> = fields.all("household").iter().filter_map(|text| text.parse().ok()).collect();
    let listing = Listing { division, day, which: Which::Due };
    let mut rows = store::households(tx, &scope, listing, None, STREET).await?;
    rows.retain(|row| sent.contains(&row.household));
    let mut lines = lines(tx, site, rows, day).await?;
    for line in &mut lines {
        line.id = fields.get(&of("id", line)).parse().unwrap_or(line.id);
    }
    Ok(lines)
}

/// Stores a sheet as one batch. What the writer refuses stays in the grid, with why.
async fn store_told(
    visit: &Visit,
    site: &Site,
    rounds: &Rounds,
    mut page: PaperPage,
    told: Told,
) -> Result<Response, Error> {
    let households: Vec<i64> = told.checks.iter().map(|check| check.household).collect();
    let checks = told.checks.into_iter().map(Ok).collect();
    let verdicts = entry::enter(visit, &site.db, rounds, checks).await?;
    let mut settled: BTreeSet<i64> = told.meanwhile.iter().copied().collect();
    for (household, verdict) in households.iter().zip(&verdicts) {
        match verdict {
            Verdict::Refused(key) => {
                page.wrong.push(Wrong { field: format!("state-{household}"), key });
            }
            Verdict::Stored | Verdict::Repeated => drop(settled.insert(*household)),
        }
    }
    let stored = settled.len() - told.meanwhile.len();
    if page.wrong.is_empty() {
        let path = format!("{}?stored={stored}&meanwhile={}", page.path, told.meanwhile.len());
        return Ok(Redirect::to(&path).into_response());
    }
    page.lines.retain(|line| !settled.contains(&line.row.household));
    for line in &mut page.lines {
        // A refused id may be another check's: it is not sent again.
        line.id = site.clock.new_id();
    }
    page.sent = Sent { stored: Some(stored), meanwhile: told.meanwhile.len() };
    Ok(Html::of(&page)?.with_status(StatusCode::UNPROCESSABLE_ENTITY).into_response())
}
