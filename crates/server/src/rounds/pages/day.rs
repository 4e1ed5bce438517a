//! A division's day: coverage by village or street, the findings, the curve of the day; or, where a
//! state is asked for or there is nothing below, the households themselves. Every figure opens to
//! its rows.

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use base::{Day, Division, Level, Moment};
use db::Snapshot;
use serde::Deserialize;

use super::super::apart::{self, Summary};
use super::super::as_of::AsOf;
use super::super::chart::Chart;
use super::paper::{may_type, paper_path};
use super::saved::{Saved, Told};
use crate::access::{Action, Scope};
use crate::playbook::Record;
use crate::retention;
use crate::rounds::model::indicators;
use crate::rounds::own::{Choice, choices, own_division};
use crate::rounds::places::{self, Places};
use crate::rounds::standing::{Kind, State as Standing, Which};
use crate::rounds::store::{self, HouseholdRow, Listing};
use crate::rounds::view::{Bar, Coverage, Keys, curve, day_path, grouped, list_path, mark};
use crate::site::Site;
use crate::tally::{self, Figures};
use crate::vault::masked_phone;
use crate::web::{Error, Html, Page, Visit};

/// The kinds of findings among the six figures above; all kinds are in the list they open.
const SHOWN: [Kind; 4] = [Kind::Fever, Kind::Returnee, Kind::Visitor, Kind::Need];

/// Households on one page of a list.
const ROWS: i64 = 100;

#[derive(Debug, Default, Deserialize)]
pub struct Asked {
    state: Option<String>,
    /// A moment of the day: the list is as of it, as a report counts.
    before: Option<Moment>,
    /// The last row of the page before: division, order of its house, number.
    after: Option<String>,
}

#[derive(Template)]
#[template(path = "rounds/coverage.html")]
struct CoveragePage {
    page: Page,
    head: Head,
    coverage: Coverage,
    keys: Keys,
    rows: Vec<Row>,
    found: Vec<Found>,
    chart: Chart,
    saved: Option<Saved>,
}

/// What stands above every page of a division's day.
struct Head {
    division: Division,
    day: Day,
    name: String,
    day_name: String,
    is_today: bool,
    /// The cut-off has passed: who is silent now needs somebody.
    is_closed: bool,
    until: String,
    /// When the page was made, for paper.
    printed: String,
    parent: Option<Division>,
    /// The households that are not due every day.
    apart: Option<Summary>,
    choices: Vec<Choice>,
    /// What became of the records of the day, where they were destroyed: its figures stand still.
    destroyed: Option<String>,
}

/// A village or street in the table.
struct Row {
    division: Division,
    name: String,
    coverage: Coverage,
    bar: Bar,
    returnees: Option<i64>,
}

/// A kind of finding, with its number.
struct Found {
    kind: Kind,
    number: i64,
}

#[derive(Template)]
#[template(path = "rounds/households.html")]
struct ListPage {
    page: Page,
    head: Head,
    coverage: Coverage,
    keys: Keys,
    which: Which,
    until: Option<String>,
    rows: Vec<Line>,
    next: Option<String>,
    can_check: bool,
    /// A street's sheet may be typed here.
    paper: Option<String>,
    saved: Option<Saved>,
}

impl ListPage {
    /// The same list of another day.
    fn on(&self, day: Day) -> String {
        list_path(self.head.division, day, self.which)
    }

    /// What is listed, and how many.
    fn title(&self) -> String {
        let (words, coverage) = (&self.page.words, self.coverage);
        match self.which {
            Which::Due => say!(words, "figure-expected", n = grouped(coverage.expected)),
            Which::Reached => {
                format!("{} {}", grouped(coverage.done + coverage.late), words.get("figure-reached"))
            }
            Which::In(state) => format!("{} {}", words.get(state.message()), grouped(coverage.count(state))),
        }
    }
}

/// A household in the list.
struct Line {
    row: HouseholdRow,
    place: String,
    /// The contact's number, masked, for who may call: the call itself is written down.
    phone: Option<String>,
}

/// The day of the division that the visitor answers for.
pub async fn my_division(visit: Visit, State(site): State<Site>) -> Result<Redirect, Error> {
    let scope = visit.may(Action::SeeFigures)?;
    let mut tx = site.db.read().await?;
    let root = own_division(&mut tx, &scope).await?.ok_or(Error::NotFound)?;
    Ok(Redirect::to(&day_path(root, visit.today)))
}

/// A division's day as one visitor asks for it.
struct Asking<'a> {
    visit: &'a Visit,
    site: &'a Site,
    scope: Scope,
    division: Division,
    day: Day,
    before: Option<Moment>,
}

/// Coverage of a division's day by what is below it, or its households.
pub async fn coverage_or_list(
    visit: Visit,
    State(site): State<Site>,
    Path((division, day)): Path<(i64, Day)>,
    Query(asked): Query<Asked>,
    Query(told): Query<Told>,
) -> Result<Response, Error> {
    let scope = visit.may(Action::SeeFigures)?;
    let division = Division::from_number(division).filter(|d| scope.covers(*d)).ok_or(Error::NotFound)?;
    if division.level() < Level::Town || day > visit.today {
        return Err(Error::NotFound);
    }
    let which = match asked.state.as_deref() {
        None => Which::Due,
        Some(key) => Which::of_key(key).ok_or(Error::NotFound)?,
    };
    let before = asked.before;
    let asking = Asking { visit: &visit, site: &site, scope, division, day, before };
    let mut tx = site.db.read().await?;
    let frozen = retention::of_day(&mut tx, division.town(), Record::Checks, day).await?.is_some();
    let figures = match asking.as_of().filter(|_| !frozen) {
        Some(as_of) => as_of.figures(&mut tx).await?,
        None => tally::figures(&mut tx, division, day).await?,
    };
    let saved = told.saved(&visit, &site, &mut tx).await?;
    let html = if asked.state.is_some() || division.level() == Level::Group {
        let page = asking.list(&mut tx, &figures, which, &asked).await?;
        Html::of(&ListPage { saved, ..page })?
    } else {
        Html::of(&CoveragePage { saved, ..asking.coverage(&mut tx, &figures).await? })?
    };
    Ok(html.into_response())
}

impl Asking<'_> {
    /// The day up to the moment asked for, if one was.
    fn as_of(&self) -> Option<AsOf<'_>> {
        let (town, playbook) = (self.division.at(Level::Town)?, &self.site.playbook);
        self.before.map(|before| AsOf { town, day: self.day, before: Some(before), playbook })
    }

    async fn coverage(&self, tx: &mut Snapshot, figures: &Figures) -> Result<CoveragePage, Error> {
        let (division, day, words) = (self.division, self.day, &self.visit.words);
        let names = places::division_names(tx, division, day).await?;
        let below = names.into_iter().filter(|(code, _)| *code != division.number());
        let mut rows: Vec<Row> = below.filter_map(|(code, name)| self.row(figures, code, name)).collect();
        rows.sort_by_key(|row| (-row.coverage.silent, row.division));
        let coverage = Coverage::of(figures, division);
        let time = &self.site.playbook.on(day).time;
        let today = curve(figures, division);
        let before = curve(&tally::figures(tx, division, day.previous()).await?, division);
        let number = |kind: Kind| figures.get(division, kind.indicator());
        Ok(CoveragePage {
            keys: Keys::new(coverage, words, division, day),
            found: SHOWN.into_iter().map(|kind| Found { kind, number: number(kind) }).collect(),
            chart: Chart::new(self.visit, time, day, coverage.expected, today, before),
            page: self.visit.page.clone(),
            head: self.head(tx).await?,
            coverage,
            rows,
            saved: None,
        })
    }

    fn row(&self, figures: &Figures, code: i64, name: String) -> Option<Row> {
        let division = Division::from_number(code)?;
        let coverage = Coverage::of(figures, division);
        let bar = Bar { coverage, words: self.visit.words.clone() };
        // A zero is written only where it is known: the round of that division is complete.
        let counted = figures.get(division, indicators::RETURNEES);
        let returnees = (counted > 0 || coverage.is_complete()).then_some(counted);
        Some(Row { division, name, coverage, bar, returnees })
    }

    async fn head(&self, tx: &mut Snapshot) -> Result<Head, Error> {
        let (division, day) = (self.division, self.day);
        let name = match division.level() {
            Level::Village | Level::Group => places::place_name(tx, division, day).await?,
            _ => {
                let mut names = places::division_names(tx, division, day).await?;
                names.remove(&division.number()).unwrap_or_default()
            }
        };
        let time = &self.site.playbook.on(day).time;
        let up = |parent: &Division| self.scope.covers(*parent) && parent.level() >= Level::Town;
        Ok(Head {
            division,
            day,
            name,
            day_name: self.visit.words.day(day),
            is_today: day == self.visit.today,
            is_closed: self.visit.now >= time.cut_off(day),
            until: self.visit.words.clock(time, time.cut_off(day)),
            printed: self.visit.words.moment(time, self.visit.now),
            parent: division.parent().filter(up),
            choices: choices(tx, &self.scope, division, day, |to| Some(day_path(to, day))).await?,
            destroyed: retention::instead(
                tx,
                &self.visit.words,
                &self.site.playbook.time,
                (division.town(), Record::Checks, day),
            )
            .await?,
            apart: apart::pages::summary(tx, self.visit, self.site, &self.scope, division, day).await?,
        })
    }

    async fn list(
        &self,
        tx: &mut Snapshot,
        figures: &Figures,
        which: Which,
        asked: &Asked,
    ) -> Result<ListPage, Error> {
        let scope = self.visit.may(Action::SeeHouseholds)?;
        let listing = Listing { division: self.division, day: self.day, which };
        let head = self.head(tx).await?;
        let after = asked.after.as_deref().and_then(parse_after);
        let mut rows = match self.as_of() {
            _ if head.destroyed.is_some() => Vec::new(),
            Some(as_of) => as_of.households(tx, &scope, listing, after, ROWS + 1).await?,
            None => store::households(tx, &scope, listing, after, ROWS + 1).await?,
        };
        let more = i64::try_from(rows.len()).unwrap_or(0) > ROWS;
        rows.truncate(usize::try_from(ROWS).unwrap_or(0));
        let next = rows.last().filter(|_| more).map(|row| {
            let state = asked.state.as_ref().map(|state| format!("state={state}&")).unwrap_or_default();
            let before = self.before.map(|before| format!("before={}&", before.0)).unwrap_or_default();
            format!("?{state}{before}after={}~{}~{}", row.division, row.house_order, row.household)
        });
        let divisions = rows.iter().filter_map(|row| Division::from_number(row.division));
        let places = Places::of(tx, divisions.map(|division| (division, self.day))).await?;
        let lines = rows.into_iter().map(|row| self.line(&places, row)).collect();
        let coverage = Coverage::of(figures, self.division);
        Ok(ListPage {
            keys: Keys::new(coverage, &self.visit.words, self.division, self.day),
            page: self.visit.page.clone(),
            head,
            coverage,
            which,
            until: self.before.map(|at| self.visit.words.moment(&self.site.playbook.time, at)),
            rows: lines,
            next,
            paper: may_type(self.visit, self.division).then(|| paper_path(self.division, self.day)),
            can_check: self.visit.person.may(Action::EnterChecks).is_some(),
            saved: None,
        })
    }

    fn line(&self, places: &Places, row: HouseholdRow) -> Line {
        let division = Division::from_number(row.division).unwrap_or(self.division);
        let phone = self.site.vault.open_stored(row.contact_phone.as_deref()).as_deref().map(masked_phone);
        let calls = self.visit.person.may(Action::CallPhones);
        let phone = phone.filter(|_| calls.is_some_and(|scope| scope.covers(division)));
        Line { row, place: places.name(division, self.day), phone }
    }
}

fn parse_after(text: &str) -> Option<(i64, &str, i64)> {
    let (division, rest) = text.split_once('~')?;
    let (order, household) = rest.rsplit_once('~')?;
    Some((division.parse().ok()?, order, household.parse().ok()?))
}

/// Says when something in a division changes.
pub async fn watch(
    visit: Visit,
    State(site): State<Site>,
    Path(division): Path<i64>,
) -> Result<Response, Error> {
    let scope = visit.may(Action::SeeFigures)?;
    let division = Division::from_number(division).filter(|d| scope.covers(*d)).ok_or(Error::NotFound)?;
    Ok(site.live.watch(vec![division.range()]).into_response())
}
