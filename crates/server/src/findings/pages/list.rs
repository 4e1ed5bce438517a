//! The list: open findings first, narrowed by a sentence of place, day, kind and state.

use askama::Template;
use axum::extract::{Query, State as Shared};
use axum::response::{IntoResponse, Response};
use base::{Day, Division, Level, Moment};
use db::Snapshot;
use serde::Deserialize;

use crate::access::{Action, Scope, reach};
use crate::findings::model::{Filter, State, parse_after};
use crate::findings::store::{self, FindingRow};
use crate::findings::view::{Told, mark};
use crate::playbook::Record;
use crate::retention;
use crate::rounds::{Kind, division_names, grouped, place_name};
use crate::site::Site;
use crate::web::{Error, Html, Page, Visit};

/// Findings on one page.
const ROWS: usize = 50;

#[derive(Debug, Default, Deserialize)]
pub struct Asked {
    division: Option<i64>,
    day: Option<Day>,
    kind: Option<String>,
    state: Option<String>,
    /// Moments before which, and from which on, the check that found it was made.
    before: Option<Moment>,
    since: Option<Moment>,
    /// The last row of the page before.
    after: Option<String>,
}

impl Asked {
    /// The filter asked for.
    ///
    /// # Errors
    /// 'Not found' for what is no division in scope, no kind or no state.
    fn filter(&self, scope: &Scope) -> Result<Filter, Error> {
        let covered = |number| Division::from_number(number).filter(|division| scope.covers(*division));
        Ok(Filter {
            division: self.division.map(|n| covered(n).ok_or(Error::NotFound)).transpose()?,
            day: self.day,
            before: self.before,
            since: self.since,
            kind: self.kind.as_deref().map(|k| Kind::of_key(k).ok_or(Error::NotFound)).transpose()?,
            state: self.state.as_deref().map(|s| State::of_key(s).ok_or(Error::NotFound)).transpose()?,
        })
    }
}

#[derive(Template)]
#[template(path = "findings/list.html")]
struct ListPage {
    page: Page,
    /// Findings that nobody has taken, under the filter.
    open: String,
    picks: Vec<Pick>,
    groups: Vec<Group>,
    next: Option<String>,
    /// Whether anything narrows the list.
    narrowed: bool,
    /// What a report counts was found before its cut-off only, and since that of the one before.
    until: Option<String>,
    since: Option<String>,
    printed: String,
    /// What became of the findings of the day, where they were destroyed.
    destroyed: Option<String>,
}

/// A filter of the sentence: what is chosen, and what else could be.
struct Pick {
    chosen: String,
    options: Vec<Choice>,
}

struct Choice {
    name: String,
    path: String,
    count: Option<String>,
    chosen: bool,
}

/// The findings of one state.
struct Group {
    state: State,
    count: String,
    lines: Vec<Line>,
}

struct Line {
    row: FindingRow,
    told: Told,
    can_take: bool,
}

/// The findings that the visitor may see, those that nobody has taken first.
pub async fn list(
    visit: Visit,
    Shared(site): Shared<Site>,
    Query(asked): Query<Asked>,
) -> Result<Html, Error> {
    let scope = visit.may(Action::SeeFindings)?;
    let filter = asked.filter(&scope)?;
    let after = asked.after.as_deref().and_then(parse_after);
    let mut tx = site.db.read().await?;
    let limit = i64::try_from(ROWS).unwrap_or(i64::MAX - 1) + 1;
    let mut rows = store::findings(&mut tx, &scope, &filter, after, limit).await?;
    let more = rows.len() > ROWS;
    rows.truncate(ROWS);
    let next = rows.last().filter(|_| more).map(|row| filter.path(Some((row.rank(), row.id))));
    let counts = store::counts(&mut tx, &scope, &filter).await?;
    let count = |state: State| counts.get(&state).copied().unwrap_or(0);
    let mut picks = places(&mut tx, &visit, &scope, &filter).await?;
    let town = filter.division.or(visit.person.town()).map(|division| division.town());
    let destroyed = match (town, filter.day) {
        (Some(town), Some(day)) => {
            let of = (town, Record::Findings, day);
            retention::instead(&mut tx, &visit.words, &site.playbook.time, of).await?
        }
        _ => None,
    };
    picks.extend([days(&visit, &filter), kinds(&visit, &filter), states(&visit, &filter, &count)]);
    Html::of(&ListPage {
        page: visit.page.clone(),
        open: grouped(count(State::Open)),
        picks,
        groups: groups(rows, &visit, &site, &count),
        next,
        until: filter.before.map(|before| visit.words.moment(&site.playbook.time, before)),
        since: filter.since.map(|since| visit.words.moment(&site.playbook.time, since)),
        narrowed: filter != Filter::default(),
        printed: visit.words.moment(&site.playbook.time, visit.now),
        destroyed,
    })
}

fn groups(rows: Vec<FindingRow>, visit: &Visit, site: &Site, count: &dyn Fn(State) -> i64) -> Vec<Group> {
    let handles = visit.person.may(Action::HandleFindings);
    let mut groups: Vec<Group> = Vec::new();
    for row in rows {
        let state = row.state();
        let division = Division::from_number(row.division);
        let may = handles.as_ref().zip(division).is_some_and(|(scope, division)| scope.covers(division));
        let line = Line { told: Told::of(&row, visit, site), can_take: may && state == State::Open, row };
        match groups.last_mut().filter(|group| group.state == state) {
            Some(group) => group.lines.push(line),
            None => groups.push(Group { state, count: grouped(count(state)), lines: vec![line] }),
        }
    }
    groups
}

/// The pick of a division, with the one above and those right below; nothing for who sees his own
/// households only.
async fn places(
    tx: &mut Snapshot,
    visit: &Visit,
    scope: &Scope,
    filter: &Filter,
) -> Result<Vec<Pick>, Error> {
    let roots = scope.roots();
    let Some(root) = filter.division.or(roots.first().copied().filter(|_| roots.len() == 1)) else {
        return Ok(Vec::new());
    };
    let day = filter.day.unwrap_or(visit.today);
    let mut names = division_names(tx, root, day).await?;
    let own = names.remove(&root.number()).unwrap_or_default();
    let own = if root.level() == Level::Group { place_name(tx, root, day).await? } else { own };
    let to = |division: Option<Division>| Filter { division, ..*filter }.path(None);
    let whole = say!(visit.words, "findings-everywhere");
    let mut options = vec![choice(whole.clone(), to(None), filter.division.is_none())];
    let parent = root.parent().filter(|parent| filter.division.is_some() && scope.covers(*parent));
    if let Some(parent) = parent.filter(|parent| parent.level() >= Level::Town) {
        let name = division_names(tx, parent, day).await?.remove(&parent.number()).unwrap_or_default();
        options.push(choice(name, to(Some(parent)), false));
    }
    options.push(choice(own.clone(), to(Some(root)), filter.division.is_some()));
    for (code, name) in names {
        options.push(choice(name, to(Division::from_number(code)), false));
    }
    let chosen = if filter.division.is_some() { own } else { whole };
    Ok(vec![Pick { chosen, options }])
}

fn choice(name: String, path: String, chosen: bool) -> Choice {
    Choice { name, path, count: None, chosen }
}

fn pick(options: Vec<Choice>) -> Pick {
    let chosen = options.iter().find(|option| option.chosen).map(|option| option.name.clone());
    Pick { chosen: chosen.unwrap_or_default(), options }
}

fn days(visit: &Visit, filter: &Filter) -> Pick {
    let to = |day: Option<Day>| Filter { day, ..*filter }.path(None);
    let mut days = vec![visit.today, visit.today.previous()];
    days.extend(filter.day.filter(|day| !days.contains(day)));
    let mut options = vec![choice(say!(visit.words, "findings-all-days"), to(None), filter.day.is_none())];
    for day in days {
        let name = visit.words.day(day);
        let name = if day == visit.today { format!("{} {name}", say!(visit.words, "today")) } else { name };
        options.push(choice(name, to(Some(day)), filter.day == Some(day)));
    }
    pick(options)
}

fn kinds(visit: &Visit, filter: &Filter) -> Pick {
    let to = |kind: Option<Kind>| Filter { kind, ..*filter }.path(None);
    let mut options = vec![choice(say!(visit.words, "findings-all-kinds"), to(None), filter.kind.is_none())];
    for kind in Kind::ALL {
        options.push(choice(visit.words.get(kind.message()), to(Some(kind)), filter.kind == Some(kind)));
    }
    pick(options)
}

fn states(visit: &Visit, filter: &Filter, count: &dyn Fn(State) -> i64) -> Pick {
    let to = |state: Option<State>| Filter { state, ..*filter }.path(None);
    let standing = State::ALL.into_iter().filter(|state| *state != State::Withdrawn);
    let all = say!(visit.words, "findings-all-states");
    let all = Choice {
        count: Some(grouped(standing.map(count).sum::<i64>())),
        ..choice(all, to(None), filter.state.is_none())
    };
    let mut options = vec![all];
    for state in State::ALL {
        let name = visit.words.get(state.message());
        let option = choice(name, to(Some(state)), filter.state == Some(state));
        options.push(Choice { count: Some(grouped(count(state))), ..option });
    }
    pick(options)
}

/// Says when something changes in the divisions whose findings the visitor sees.
pub async fn watch(visit: Visit, Shared(site): Shared<Site>) -> Result<Response, Error> {
    visit.may(Action::SeeFindings)?;
    let held = visit.person.appointments.iter();
    let seen = held.filter(|(role, _)| reach(*role, Action::SeeFindings).is_some());
    Ok(site.live.watch(seen.map(|(_, division)| division.range()).collect()).into_response())
}
