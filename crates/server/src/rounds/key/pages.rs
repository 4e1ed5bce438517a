//! The list that the figures of key persons open to.

use askama::Template;
use axum::extract::{Path, Query, State};
use base::{Day, Division, Level, Moment};
use db::Snapshot;
use serde::Deserialize;

use super::store::After;
use super::{Asking, KeyPerson, List, Measured, Show};
use crate::access::Action;
use crate::playbook::Record;
use crate::retention;
use crate::rounds::as_of::AsOf;
use crate::rounds::places::{Places, division_names, place_name};
use crate::rounds::view::{day_path, grouped};
use crate::site::Site;
use crate::web::{Error, Html, Page, Visit};

#[derive(Debug, Default, Deserialize)]
pub struct Asked {
    show: Option<String>,
    /// A moment of the day: what happened later is left out.
    before: Option<Moment>,
    /// All days up to this one: of those with fever only.
    #[serde(default)]
    total: bool,
    /// The last row of the page before.
    after: Option<String>,
}

/// Key persons on one page.
const ROWS: usize = 100;

#[derive(Template)]
#[template(path = "rounds/key_persons.html")]
struct KeyPage {
    page: Page,
    back: String,
    title: String,
    number: String,
    name: String,
    day_name: String,
    total: bool,
    until: Option<String>,
    picks: Vec<Pick>,
    next: Option<String>,
    lines: Vec<Line>,
    /// What became of the checks that the list was made from.
    destroyed: Option<String>,
}

/// Another part of the list.
struct Pick {
    name: String,
    path: String,
    number: String,
    chosen: bool,
}

struct Line {
    person: KeyPerson,
    place: String,
    /// 36.5
    degrees: Option<String>,
    day: String,
    /// The household's page, for who may see it.
    path: Option<String>,
}

/// The key persons of a division's day.
pub async fn list(
    visit: Visit,
    State(site): State<Site>,
    Path((division, day)): Path<(i64, Day)>,
    Query(asked): Query<Asked>,
) -> Result<Html, Error> {
    let scope = visit.may(Action::SeeFindings)?;
    let listed = List::asked(asked.show.as_deref(), asked.total).ok_or(Error::NotFound)?;
    let asking = Asking::open(&visit, &site, &scope, (division, day), asked.before, listed)?;
    let after = asked.after.as_deref().and_then(|after| after.parse().ok());
    let mut tx = site.db.read().await?;
    let (words, time, town) = (&visit.words, &site.playbook.time, asking.as_of.town.town());
    let destroyed = match listed {
        List::FeverishSoFar => retention::left_out(&mut tx, words, town).await?,
        List::OfDay(_) => retention::instead(&mut tx, words, time, (town, Record::Checks, day)).await?,
    };
    let (people, next) = match listed {
        List::OfDay(_) if destroyed.is_some() => (Vec::new(), None),
        _ => asking.page(&mut tx, after, ROWS).await?,
    };
    let (picks, number) = match listed {
        List::FeverishSoFar => (Vec::new(), asking.fevers_so_far(&mut tx).await?),
        List::OfDay(show) => {
            let counted = asking.counted(&mut tx).await?;
            (picks(&visit, &asking, counted), counted.of(show))
        }
    };
    let division = asking.division;
    Html::of(&KeyPage {
        back: day_path(division, day),
        title: visit.words.get(listed.show().message()),
        number: grouped(number),
        name: name_of(&mut tx, division, day).await?,
        day_name: visit.words.day(day),
        total: asked.total,
        until: asked.before.map(|before| visit.words.moment(&site.playbook.time, before)),
        picks,
        next: next.map(|after| path(&asking, listed, Some(&after))),
        lines: lines(&mut tx, &visit, people).await?,
        destroyed,
        page: visit.page,
    })
}

/// The address of a page of a list.
fn path(asking: &Asking, list: List, after: Option<&After>) -> String {
    let AsOf { day, before, .. } = asking.as_of;
    let pairs = [
        Some(match list {
            List::FeverishSoFar => ("total", "true".to_owned()),
            List::OfDay(show) => ("show", show.key().to_owned()),
        }),
        before.map(|before| ("before", before.0.to_string())),
        after.map(|after| ("after", after.to_string())),
    ];
    let query =
        form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs.into_iter().flatten()).finish();
    format!("/round/{}/{day}/key-persons?{query}", asking.division.number())
}

async fn name_of(tx: &mut Snapshot, division: Division, day: Day) -> Result<String, Error> {
    if division.level() > Level::Town {
        return Ok(place_name(tx, division, day).await?);
    }
    let mut names = division_names(tx, division, day).await?;
    Ok(names.remove(&division.number()).unwrap_or_default())
}

fn picks(visit: &Visit, asking: &Asking, counted: Measured) -> Vec<Pick> {
    let pick = |show: Show| Pick {
        name: visit.words.get(show.message()),
        path: path(asking, List::OfDay(show), None),
        number: grouped(counted.of(show)),
        chosen: asking.list == List::OfDay(show),
    };
    Show::ALL.map(pick).into()
}

async fn lines(tx: &mut Snapshot, visit: &Visit, people: Vec<KeyPerson>) -> Result<Vec<Line>, Error> {
    let households = visit.person.may(Action::SeeHouseholds);
    let place = |person: &KeyPerson| {
        Some((Division::from_number(person.row.division)?, Day::from_number(person.row.day)?))
    };
    let places = Places::of(tx, people.iter().filter_map(place)).await?;
    let mut lines = Vec::with_capacity(people.len());
    for person in people {
        let row = &person.row;
        let (division, day) = place(&person).ok_or(Error::NotFound)?;
        let seen = households.as_ref().is_some_and(|scope| scope.covers(division));
        lines.push(Line {
            place: places.name(division, day),
            degrees: person.tenths.map(|tenths| format!("{}.{}", tenths / 10, tenths % 10)),
            day: visit.words.day(day),
            path: seen.then(|| format!("/households/{}/{}", row.town, row.household)),
            person,
        });
    }
    Ok(lines)
}
