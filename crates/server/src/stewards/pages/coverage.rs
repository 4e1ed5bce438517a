//! Coverage: how many nodes have nobody, and which.

use askama::Template;
use axum::extract::State;
use axum_extra::extract::Query;
use base::{Division, Level};
use serde::Deserialize;

use super::{Names, Who, division, head, title, with_villages};
use crate::access::{Action, Scope};
use crate::divisions;
use crate::site::Site;
use crate::stewards::cover::{self, Sight};
use crate::stewards::model::{Cover, House, Node, Tier, above};
use crate::stewards::store::{self, Which};
use crate::web::{Error, Html, Page, Visit, short_name};

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    division: String,
    level: String,
    after: String,
}

/// A line of the table: a village of the town, or a street of the village.
struct Row {
    path: String,
    code: String,
    name: String,
    who: Option<Who>,
    cover: Cover,
}

#[derive(Template)]
#[template(path = "stewards/coverage.html")]
struct CoveragePage {
    page: Page,
    name: String,
    code: String,
    is_town: bool,
    is_group: bool,
    /// The division above, if it may be seen: name and code.
    up: Option<(String, String)>,
    who: Option<Who>,
    title: String,
    cover: Cover,
    over_limit: i64,
    limit: i64,
    gaps: i64,
    rows: Vec<Row>,
    /// Divisions to choose among, for who has several: name and code.
    roots: Vec<(String, String)>,
}

pub async fn show(visit: Visit, State(site): State<Site>, Query(asked): Query<Asked>) -> Result<Html, Error> {
    let scope = visit.may(Action::SeeStewards)?;
    let root = cover::root(&scope, Some(&asked.division))?;
    let mut tx = site.db.read().await?;
    let sight = cover::look(&mut tx, &site, &scope, root, visit.today).await?;
    let answers = store::of_division(&mut tx, &site.vault, root, visit.today).await?;
    let mut near = scope.roots();
    near.extend(root.parent());
    let names = Names::of(divisions::names(&mut tx, &near, visit.today).await?);
    let town = root.town();
    let named = |d: Division| (names.full(d), d.code());
    let up = root.parent().filter(|up| scope.covers(*up) && up.level() >= Level::Town);
    let at_level = Tier::of(root).unwrap_or(Tier::Town);
    Html::of(&CoveragePage {
        name: sight.names.get(&root).map(|name| short_name(name)).unwrap_or_default(),
        code: root.code(),
        is_town: root.level() == Level::Town,
        is_group: root.level() == Level::Group,
        up: up.map(named),
        who: answers.map(|who| Who::of(&visit.words, town, &who)),
        title: title(&visit.words, at_level),
        over_limit: sight.over_limit,
        limit: site.playbook.round.contact_limit,
        gaps: gap_count(&sight, root),
        rows: sight.lines.iter().map(|line| row(&visit, &sight, line)).collect(),
        cover: sight.cover,
        roots: if scope.roots().len() > 1 { scope.roots().into_iter().map(named).collect() } else { vec![] },
        page: visit.page,
    })
}

/// Everything that has to come down to zero.
fn gap_count(sight: &Sight, root: Division) -> i64 {
    let own = root.level() == Level::Town && !sight.held.contains_key(&Node::Division(root));
    let cover = &sight.cover;
    i64::from(own) + cover.villages_open + cover.groups_open + cover.households_open + sight.over_limit
}

fn row(visit: &Visit, sight: &Sight, line: &crate::stewards::model::Line) -> Row {
    let code = line.division.code();
    let path = match line.division.level() {
        Level::Group => format!("/stewards/streets/{code}"),
        _ => format!("/stewards?division={code}"),
    };
    let who = sight.held.get(&Node::Division(line.division));
    let who = who.map(|who| Who::of(&visit.words, line.division.town(), who));
    Row { path, code, name: line.name.clone(), who, cover: line.cover.clone() }
}

/// Something that has nobody.
struct Gap {
    /// Where it is put right; empty where the visitor may not.
    path: String,
    name: String,
    place: String,
    who: Option<Who>,
}

#[derive(Template)]
#[template(path = "stewards/gaps.html")]
struct GapsPage {
    page: Page,
    heading: String,
    code: String,
    place: String,
    level: &'static str,
    gaps: Vec<Gap>,
    after: Option<String>,
}

/// Rows of a page of households.
const MOST: i64 = 200;

pub async fn gaps(visit: Visit, State(site): State<Site>, Query(asked): Query<Asked>) -> Result<Html, Error> {
    let scope = visit.may(Action::SeeStewards)?;
    let root = cover::root(&scope, Some(&asked.division))?;
    let tier = Tier::of_key(&asked.level).ok_or(Error::NotFound)?;
    let mut after = None;
    let gaps = match tier {
        Tier::Household => {
            let houses = open_houses(&visit, &site, &scope, root, &asked.after).await?;
            let last = houses.last().filter(|_| i64::try_from(houses.len()).is_ok_and(|n| n == MOST));
            after = last.map(|house| format!("{}:{}", house.division.number(), house.household));
            house_gaps(&visit, &site, houses).await?
        }
        tier => division_gaps(&visit, &site, &scope, root, tier).await?,
    };
    let mut tx = site.db.read().await?;
    let names = Names::of(divisions::names(&mut tx, &with_villages([root]), visit.today).await?);
    Html::of(&GapsPage {
        heading: visit.words.get(&format!("stewards-gaps-{}", tier.key())),
        code: root.code(),
        place: names.full(root),
        level: tier.key(),
        gaps,
        after,
        page: visit.page,
    })
}

async fn open_houses(
    visit: &Visit,
    site: &Site,
    scope: &Scope,
    root: Division,
    after: &str,
) -> Result<Vec<House>, Error> {
    let after = match after {
        "" => None,
        text => {
            let parts = text.split_once(':').and_then(|(d, h)| Some((d.parse().ok()?, h.parse().ok()?)));
            Some(parts.ok_or(Error::NotFound)?)
        }
    };
    let mut tx = site.db.read().await?;
    let which = Which::Open(root, after, MOST);
    Ok(store::houses(&mut tx, scope, root.town(), which, visit.today).await?)
}

async fn house_gaps(visit: &Visit, site: &Site, houses: Vec<House>) -> Result<Vec<Gap>, Error> {
    let Some(town) = houses.first().map(|house| house.division.town()) else { return Ok(Vec::new()) };
    let mut divisions: Vec<Division> = houses.iter().map(|house| house.division).collect();
    divisions.dedup();
    let mut tx = site.db.read().await?;
    let names = Names::of(divisions::names(&mut tx, &with_villages(divisions.clone()), visit.today).await?);
    let answers = store::of_divisions(&mut tx, &site.vault, town, &divisions, visit.today).await?;
    let assign = visit.person.may(Action::AssignStewards);
    let gap = |house: House| {
        let may = assign.as_ref().is_some_and(|scope| scope.covers(house.division));
        let path = format!("/stewards/streets/{}#h{}", house.division.code(), house.household);
        let who = answers.get(&house.division).cloned();
        let who = who.map(|who| crate::stewards::model::Answerer { provisional: true, ..who });
        Gap {
            path: if may { path } else { String::new() },
            name: format!("{} {}", head(&visit.words, &house.head), house.house_number),
            place: names.full(house.division),
            who: who.map(|who| Who::of(&visit.words, town, &who)),
        }
    };
    Ok(houses.into_iter().map(gap).collect())
}

async fn division_gaps(
    visit: &Visit,
    site: &Site,
    scope: &Scope,
    root: Division,
    tier: Tier,
) -> Result<Vec<Gap>, Error> {
    let mut tx = site.db.read().await?;
    let open = cover::open_divisions(&mut tx, site, scope, root, tier, visit.today).await?;
    let answers = store::of_divisions(&mut tx, &site.vault, root.town(), &open, visit.today).await?;
    let names = Names::of(divisions::names(&mut tx, &with_villages(open.clone()), visit.today).await?);
    let assign = visit.person.may(Action::AssignStewards);
    let gap = |division: Division| {
        let may = assign.as_ref().is_some_and(|scope| scope.covers(above(division)));
        let path = format!("/stewards/nodes/{}", division.code());
        Gap {
            path: if may { path } else { String::new() },
            name: names.full(division),
            place: String::new(),
            who: answers.get(&division).map(|who| Who::of(&visit.words, root.town(), who)),
        }
    };
    Ok(open.into_iter().map(gap).collect())
}

/// The division a filter names, if it names one.
pub fn filter(code: &str) -> Result<Option<Division>, Error> {
    if code.is_empty() { Ok(None) } else { division(code).map(Some) }
}
