//! The list of households.

use askama::Template;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use base::{Day, Division};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use super::super::filter::{Filter, Find};
use super::super::model::{Occupancy, TAGS};
use super::super::store::list::{self, Key, ListRow};
use super::{Names, day_of, household_path};
use crate::access::{Action, Scope};
use crate::site::Site;
use crate::web::{Error, Form, Html, Page, Visit};

/// Households on one page.
const PAGE: usize = 50;

/// Which households are wanted, as pages and programs ask for them.
#[derive(Clone, Debug, Default, Deserialize, IntoParams, ToSchema)]
#[into_params(parameter_in = Query)]
#[schema(as = HouseholdsWanted)]
#[serde(default)]
pub struct Asked {
    /// Code of a village (12 digits) or team area (15 digits).
    pub under: String,
    /// A tag, such as `living-alone`.
    pub tag: String,
    /// `lived-in`, `vacant` or `away`.
    pub occupancy: String,
    /// `none`: only those without a contact.
    pub contact: String,
    /// Part of a name, pinyin initials or the beginning of a house number; in a search that is
    /// posted, a whole phone or identity number as well.
    pub q: String,
    /// A day of the past, like `2020-02-01`: as the register was then, by all that is known of it now.
    pub day: String,
    /// What the page before said in `next`.
    pub after: String,
}

impl Asked {
    pub fn filter(&self) -> Filter {
        Filter {
            under: Division::from_code(&self.under),
            tag: TAGS.contains(&self.tag.as_str()).then(|| self.tag.clone()),
            occupancy: Occupancy::of_key(&self.occupancy),
            without_contact: self.contact == "none",
            find: Find::parse(&self.q),
        }
    }

    /// The day as of which the register is wanted: today, or one before.
    ///
    /// # Errors
    /// Refused for what is no day or still to come, and where names or circumstances are looked for, which
    /// are known of today alone.
    pub fn day(&self, today: Day) -> Result<Day, Error> {
        let day = day_of(&self.day, today).filter(|day| *day <= today);
        let day = day.ok_or(Error::field("day", "household-day-wrong"))?;
        if day < today && !(self.q.is_empty() && self.tag.is_empty()) {
            return Err(Error::field("day", "households-day-find"));
        }
        Ok(day)
    }

    /// Where the page begins.
    pub fn key(&self) -> Option<Key> {
        let mut parts = self.after.splitn(3, '.');
        let mut number = || parts.next()?.parse().ok();
        let (division, id) = (number()?, number()?);
        Some(Key { division, id, house_order: parts.next()?.to_owned() })
    }

    fn href(&self) -> String {
        let all = [
            ("under", &self.under),
            ("tag", &self.tag),
            ("occupancy", &self.occupancy),
            ("contact", &self.contact),
            ("q", &self.q),
            ("day", &self.day),
            ("after", &self.after),
        ];
        let given = all.into_iter().filter(|(_, value)| !value.is_empty());
        let pairs = given.filter_map(|(name, value)| {
            let value = askama::filters::urlencode_strict(value).ok()?;
            Some(format!("{name}={value}"))
        });
        format!("/households?{}", pairs.collect::<Vec<_>>().join("&"))
    }

    /// The list that this is, of another day.
    fn with_day(&self, day: &str) -> String {
        self.with(|to| day.clone_into(&mut to.day))
    }

    /// What narrows the list of any day.
    fn narrowing(&self) -> impl Iterator<Item = (&'static str, &str)> {
        let all = [("under", &self.under), ("occupancy", &self.occupancy), ("contact", &self.contact)];
        all.into_iter().map(|(name, value)| (name, value.as_str())).filter(|(_, value)| !value.is_empty())
    }

    fn with(&self, change: impl FnOnce(&mut Asked)) -> String {
        let mut changed = Asked { after: String::new(), ..self.clone() };
        change(&mut changed);
        changed.href()
    }
}

/// The key of a page's last household, as the address of the next page holds it.
pub fn after(row: &ListRow) -> String {
    format!("{}.{}.{}", row.division, row.id, row.house_order)
}

/// A filter: what is chosen, and what else could be.
struct Pick {
    chosen: String,
    options: Vec<(String, String, bool)>,
}

struct Item {
    path: String,
    head: String,
    house: String,
    place: String,
    people: i64,
    away: i64,
    occupancy: Occupancy,
    tags: Vec<String>,
    contact: Option<String>,
}

#[derive(Template)]
#[template(path = "register/list.html")]
struct ListPage {
    page: Page,
    picks: Vec<Pick>,
    typed: String,
    /// The day as of which the list is; none for today.
    as_of: Option<String>,
    asked: Asked,
    /// The last day that may be asked for.
    today: Day,
    /// Whether anything narrows the list.
    narrowed: bool,
    all_path: String,
    count: i64,
    items: Vec<Item>,
    next: Option<String>,
    may_change: bool,
    /// Where the list is taken along; empty for who may not.
    export: String,
    printed: String,
}

pub async fn list(State(site): State<Site>, visit: Visit, Query(asked): Query<Asked>) -> Result<Html, Error> {
    visit.may(Action::SeeHouseholds)?;
    if asked.filter().hides() {
        return Err(Error::field("q", "households-number-in-address"));
    }
    Html::of(&page(&site, &visit, &asked).await?)
}

/// Whole phone and identity numbers do not stand in an address, which browsers and proxies keep:
/// what they find is shown at once.
pub async fn find(
    State(site): State<Site>,
    visit: Visit,
    Form(asked): Form<Asked>,
) -> Result<Response, Error> {
    visit.may(Action::SeeHouseholds)?;
    if asked.filter().hides() {
        return Ok(Html::of(&page(&site, &visit, &asked).await?)?.into_response());
    }
    Ok(Redirect::to(&asked.href()).into_response())
}

async fn page(site: &Site, visit: &Visit, asked: &Asked) -> Result<ListPage, Error> {
    let scope = visit.may(Action::SeeHouseholds)?;
    let filter = asked.filter();
    // What stands in no address stands in no link either.
    let asked = &if filter.hides() { Asked { q: String::new(), ..asked.clone() } } else { asked.clone() };
    let mut tx = site.db.read().await?;
    let (key, day) = (asked.key(), asked.day(visit.today)?);
    let names = Names::of_town(&mut tx, visit, day).await?;
    let limit = i64::try_from(PAGE).unwrap_or(i64::MAX) + 1;
    let mut rows = list::page(&mut tx, &scope, &site.vault, day, &filter, key.as_ref(), limit).await?;
    let count = list::count(&mut tx, &scope, &site.vault, day, &filter).await?;
    let more = rows.len() > PAGE;
    rows.truncate(PAGE);
    let next = rows.last().filter(|_| more).map(|last| asked.with(|to| to.after = after(last)));
    let as_of = (day < visit.today).then_some(day);
    if let Some(day) = as_of {
        list::put_then(&mut tx, &site.vault, &mut rows, day).await?;
    }
    let words = &visit.words;
    let when = words.moment(&site.playbook.time, visit.now);
    // What was is looked at, not changed.
    let may = |action| as_of.is_none() && visit.person.may(action).is_some();
    Ok(ListPage {
        page: visit.page.clone(),
        picks: picks(visit, &scope, &names, asked, &filter),
        typed: asked.q.clone(),
        as_of: as_of.map(|day| words.day(day)),
        asked: asked.clone(),
        today: visit.today,
        narrowed: filter.find.is_some() || asked.with(|to| to.day.clear()) != "/households?",
        all_path: as_of.map_or_else(|| "/households".to_owned(), |day| format!("/households?day={day}")),
        count,
        items: rows.iter().map(|row| item(row, &names, visit, as_of)).collect(),
        next,
        may_change: may(Action::ChangeHouseholds),
        export: if may(Action::ExportHouseholds) { export_path(asked) } else { String::new() },
        printed: say!(words, "households-printed", when = when, who = visit.person.name.clone()),
    })
}

/// The form that takes along what stands where the list was narrowed to.
fn export_path(asked: &Asked) -> String {
    let under = Division::from_code(&asked.under).map(|under| format!("?under={}", under.code()));
    format!("/households/export{}", under.unwrap_or_default())
}

fn item(row: &ListRow, names: &Names, visit: &Visit, as_of: Option<Day>) -> Item {
    let day = as_of.map(|day| format!("?day={day}")).unwrap_or_default();
    Item {
        path: household_path(row.town, row.id) + &day,
        head: row.head.clone(),
        house: row.house_number.clone(),
        place: row.division().map(|division| names.full(division)).unwrap_or_default(),
        people: row.people,
        away: row.away,
        occupancy: Occupancy::of_key(&row.occupancy).unwrap_or(Occupancy::LivedIn),
        tags: row.tags.split_whitespace().map(|tag| visit.words.get(&format!("tag-{tag}"))).collect(),
        contact: row.contact.clone(),
    }
}

fn picks(visit: &Visit, scope: &Scope, names: &Names, asked: &Asked, filter: &Filter) -> Vec<Pick> {
    let words = &visit.words;
    let pick = |all: String, options: Vec<(String, String, bool)>, every: String| {
        let chosen = options.iter().find(|option| option.2).map(|option| option.0.clone());
        let first = (all.clone(), every, chosen.is_none());
        Pick { chosen: chosen.unwrap_or(all), options: std::iter::once(first).chain(options).collect() }
    };
    let places = names.within(scope).map(|division| {
        let href = asked.with(|to| to.under = division.code());
        (names.full(division), href, filter.under == Some(division))
    });
    let occupancies = Occupancy::ALL.map(|occupancy| {
        let href = asked.with(|to| to.occupancy = occupancy.key().to_owned());
        (words.get(&format!("occupancy-{}", occupancy.key())), href, filter.occupancy == Some(occupancy))
    });
    let tags = TAGS.map(|tag| {
        let href = asked.with(|to| to.tag = tag.to_owned());
        (words.get(&format!("tag-{tag}")), href, filter.tag.as_deref() == Some(tag))
    });
    let without = asked.with(|to| to.contact = "none".to_owned());
    let contacts = vec![(say!(words, "households-without-contact"), without, filter.without_contact)];
    // Circumstances are known of today alone.
    let tags = asked
        .day
        .is_empty()
        .then(|| pick(say!(words, "households-any-tag"), tags.to_vec(), asked.with(|to| to.tag.clear())));
    let first = [
        pick(say!(words, "households-everywhere"), places.collect(), asked.with(|to| to.under.clear())),
        pick(
            say!(words, "households-any-occupancy"),
            occupancies.to_vec(),
            asked.with(|to| to.occupancy.clear()),
        ),
    ];
    let last = pick(say!(words, "households-any-contact"), contacts, asked.with(|to| to.contact.clear()));
    first.into_iter().chain(tags).chain([last]).collect()
}
