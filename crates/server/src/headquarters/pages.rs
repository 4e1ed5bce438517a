//! The wall of a town or a village: six figures, a sheet of what is below, what needs somebody.

use std::borrow::Borrow;

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Redirect;
use base::{Day, Division, Level, Moment};
use db::Snapshot;

use super::model::{Span, fit, most_behind};
use crate::access::{Action, Scope};
use crate::findings::{self, Open};
use crate::rounds::{
    Bar, Choice, Coverage, Standing, Which, choices, day_path, division_names, grouped, list_path, mark,
    own_division, place_name,
};
use crate::site::Site;
use crate::tally;
use crate::web::{Error, Html, Page, Visit};

#[derive(Template)]
#[template(path = "headquarters/wall.html")]
struct WallPage {
    page: Page,
    division: Division,
    day: Day,
    name: String,
    choices: Vec<Choice>,
    day_name: String,
    cut_off: CutOff,
    /// When these figures were counted.
    counted: String,
    coverage: Coverage,
    bar: Bar,
    tiles: Vec<Tile>,
    /// Divisions that the sheet has no room for.
    left_out: usize,
    behind: Vec<(String, Coverage)>,
    open: i64,
    kinds: Vec<Open>,
    /// How long the first of them has waited.
    waits: Option<String>,
}

/// How long there is until the day closes; nothing once it has.
struct CutOff {
    clock: String,
    left: Option<String>,
}

/// A village or street of the sheet.
struct Tile {
    division: Division,
    name: String,
    coverage: Coverage,
    bar: Bar,
}

impl WallPage {
    /// The shape of a division where some are silent: wholly silent is nobody's fault either while
    /// the day is open.
    fn mark_of(&self, tile: &Tile) -> &'static str {
        match (tile.coverage.silent == tile.coverage.expected, self.cut_off.left.is_none()) {
            (true, true) => "needs",
            (true, false) => "",
            (false, _) => "partly",
        }
    }

    /// Silence is nobody's fault before the cut-off.
    fn needs_somebody(&self, state: impl Borrow<Standing>) -> bool {
        *state.borrow() == Standing::Silent && self.coverage.silent > 0 && self.cut_off.left.is_none()
    }
}

/// The wall of the division that the visitor answers for.
pub async fn my_wall(visit: Visit, State(site): State<Site>) -> Result<Redirect, Error> {
    let scope = visit.may(Action::SeeFigures)?;
    let mut tx = site.db.read().await?;
    let root = own_division(&mut tx, &scope).await?.ok_or(Error::NotFound)?;
    Ok(Redirect::to(&format!("/wall/{}", root.number())))
}

/// A division's day as it stands now.
pub async fn wall(visit: Visit, State(site): State<Site>, Path(division): Path<i64>) -> Result<Html, Error> {
    let scope = visit.may(Action::SeeFigures)?;
    let division = Division::from_number(division).filter(|d| scope.covers(*d)).ok_or(Error::NotFound)?;
    if !has_wall(division) {
        return Err(Error::NotFound);
    }
    let mut tx = site.db.read().await?;
    Html::of(&shown(&visit, &site, &mut tx, &scope, division).await?)
}

fn has_wall(division: Division) -> bool {
    matches!(division.level(), Level::Town | Level::Village)
}

async fn shown(
    visit: &Visit,
    site: &Site,
    tx: &mut Snapshot,
    scope: &Scope,
    division: Division,
) -> Result<WallPage, Error> {
    let (day, words) = (visit.today, &visit.words);
    let figures = tally::figures(tx, division, day).await?;
    let mut names = division_names(tx, division, day).await?;
    let own = names.remove(&division.number()).unwrap_or_default();
    let name = if division.level() == Level::Town { own } else { place_name(tx, division, day).await? };
    let bar = |coverage| Bar { coverage, words: words.clone() };
    let tile = |(code, name)| {
        let division = Division::from_number(code)?;
        let coverage = Coverage::of(&figures, division);
        Some(Tile { division, name, coverage, bar: bar(coverage) })
    };
    let mut tiles: Vec<Tile> = names.into_iter().filter_map(tile).collect();
    let silent = |tile: &Tile| tile.coverage.silent;
    let behind = most_behind(&tiles, silent).into_iter().map(|tile| (tile.name.clone(), tile.coverage));
    let kinds = findings::open(tx, scope, division).await?;
    let wall = |to: Division| has_wall(to).then(|| format!("/wall/{}", to.number()));
    let first = kinds.iter().map(|open| open.first).min();
    let coverage = Coverage::of(&figures, division);
    Ok(WallPage {
        choices: choices(tx, scope, division, day, wall).await?,
        behind: behind.collect(),
        left_out: fit(&mut tiles, silent),
        open: kinds.iter().map(|open| open.number).sum(),
        waits: first.map(|first| told(visit, Span::between(first, visit.now))),
        cut_off: cut_off(visit, site),
        counted: words.clock(&site.playbook.time, visit.now),
        day_name: words.day(day),
        page: visit.page.clone(),
        bar: bar(coverage),
        division,
        day,
        name,
        coverage,
        kinds,
        tiles,
    })
}

fn cut_off(visit: &Visit, site: &Site) -> CutOff {
    let time = &site.playbook.on(visit.today).time;
    let at: Moment = time.cut_off(visit.today);
    let left = (visit.now < at).then(|| told(visit, Span::between(visit.now, at)));
    CutOff { clock: visit.words.clock(time, at), left }
}

fn told(visit: &Visit, span: Span) -> String {
    match span {
        Span::Days(days) => say!(visit.words, "span-days", n = days),
        Span::Hours(hours, minutes) => say!(visit.words, "span-hours", hours = hours, minutes = minutes),
        Span::Minutes(minutes) => say!(visit.words, "span-minutes", n = minutes),
    }
}
