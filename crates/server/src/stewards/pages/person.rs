//! One steward: what he answers for and answered for, who stands in, and handing over.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use axum_extra::extract::Query;
use base::{Day, Level};
use serde::Deserialize;
use uuid::Uuid;

use super::assign::HouseRow;
use super::{
    Choice, Done, Faults, GiveForm, Names, choices, chosen, day, head, person_path, picks, title,
    with_villages,
};
use crate::access::Action;
use crate::divisions;
use crate::site::Site;
use crate::stewards::hand_over::{self, HandOver, StandIn};
use crate::stewards::model::{Pick, Span, above};
use crate::stewards::store::{self, Absence, Past, StewardRow, Which};
use crate::web::{Error, Form, Html, NumberPage, Page, Visit};

/// A division he answers for.
struct Post {
    path: String,
    title: String,
    name: String,
    from: String,
    /// Empty while it lasts.
    last: String,
    /// What a hand-over sends; empty where the visitor may not give it away.
    pick: String,
    chosen: bool,
}

/// A household he had.
struct PastHouse {
    path: String,
    name: String,
    from: String,
    last: String,
}

struct AbsenceRow {
    id: String,
    /// Of this steward; else he stood in for the other.
    own: bool,
    path: String,
    name: String,
    from: String,
    last: String,
    /// May still be ended.
    open: bool,
}

#[derive(Template)]
#[template(path = "stewards/person.html")]
struct PersonPage {
    page: Page,
    faults: Faults,
    done: Option<usize>,
    path: String,
    steward: StewardRow,
    phone: String,
    place: String,
    over: bool,
    limit: i64,
    may_call: bool,
    may_assign: bool,
    may_change: bool,
    /// Where his account is chosen; empty where the visitor may not.
    account_path: String,
    posts: Vec<Post>,
    past_posts: Vec<Post>,
    houses: Vec<HouseRow>,
    past_houses: Vec<PastHouse>,
    absences: Vec<AbsenceRow>,
    form: GiveForm,
    stand_in: StandInForm,
    choices: Vec<Choice>,
    substitutes: Vec<Choice>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct StandInForm {
    to: String,
    first: String,
    last: String,
}

pub async fn show(
    visit: Visit,
    State(site): State<Site>,
    Path(who): Path<(i64, i64)>,
    Query(done): Query<Done>,
) -> Result<Response, Error> {
    let forms = (GiveForm::blank(&visit), StandInForm::default());
    page(&visit, &site, who, forms, Faults::default(), done.done).await
}

/// Shows a steward's phone number in full, to call him.
pub async fn call(
    visit: Visit,
    State(site): State<Site>,
    Path((town, id)): Path<(i64, i64)>,
) -> Result<Html, Error> {
    let (name, number) = hand_over::call(&site, &visit, town, id).await?;
    let (page, back) = (visit.page.clone(), person_path(town, id));
    Html::of(&NumberPage {
        page,
        back,
        title: say!(visit.words, "call-title", name = name),
        number,
        call: true,
    })
}

async fn page(
    visit: &Visit,
    site: &Site,
    (town, id): (i64, i64),
    (form, stand_in): (GiveForm, StandInForm),
    faults: Faults,
    done: Option<usize>,
) -> Result<Response, Error> {
    let scope = visit.may(Action::SeeStewards)?;
    let today = visit.today;
    let mut tx = site.db.read().await?;
    let steward = store::one(&mut tx, &site.vault, &scope, town, id, today).await?.ok_or(Error::NotFound)?;
    let houses = store::houses(&mut tx, &scope, town, Which::Steward(id), today).await?;
    let spans = store::past_divisions(&mut tx, &scope, town, id).await?;
    let past = store::past_households(&mut tx, &scope, town, id, today).await?;
    let absences = store::stand_ins(&mut tx, town, id).await?;
    let assign = visit.person.may(Action::AssignStewards);
    let mut people = match &assign {
        Some(scope) => store::candidates(&mut tx, &site.vault, scope, steward.division, today).await?,
        None => Vec::new(),
    };
    people.retain(|row| row.id != id);
    let may_change = may_change(&mut tx, assign.as_ref(), town, &steward, today).await?;
    let divisions = spans.iter().filter_map(|span| span.node.division()).chain([steward.division]);
    let names = Names::of(divisions::names(&mut tx, &with_villages(divisions), today).await?);
    let (posts, past_posts) = spans
        .iter()
        .map(|span| (span, post(visit, &names, span, &form.pick)))
        .partition::<Vec<_>, _>(|(span, _)| span.until.is_none_or(|until| until > today));
    let limit = site.playbook.round.contact_limit;
    let status = faults.status();
    let page = PersonPage {
        page: visit.page.clone(),
        faults,
        done,
        path: person_path(town, id),
        phone: steward.phone.clone().unwrap_or_default(),
        place: names.full(steward.division),
        over: steward.load > limit,
        limit,
        account_path: account_path(visit, town, &steward),
        may_call: visit.person.may(Action::CallPhones).is_some(),
        may_change,
        may_assign: assign.is_some(),
        posts: posts.into_iter().map(|(_, post)| post).collect(),
        past_posts: past_posts.into_iter().map(|(_, post)| post).collect(),
        houses: houses.iter().map(|house| HouseRow::of(&visit.words, house, &form.pick)).collect(),
        past_houses: past.into_iter().filter_map(|past| past_house(visit, town, past)).collect(),
        absences: absences
            .into_iter()
            .filter_map(|absence| absence_row(visit, (town, id), absence))
            .collect(),
        choices: choices(&visit.words, &people, &form.to),
        substitutes: choices(&visit.words, &people, &stand_in.to),
        steward,
        form,
        stand_in,
    };
    Ok(Html::of(&page)?.with_status(status).into_response())
}

/// Whether what is known of a steward may be changed: he belongs to the scope, and so does all that he
/// answers for.
async fn may_change(
    tx: &mut db::Snapshot,
    assign: Option<&crate::access::Scope>,
    town: i64,
    steward: &StewardRow,
    today: Day,
) -> db::Result<bool> {
    match assign.filter(|scope| scope.covers(steward.division)) {
        Some(scope) => Ok(!store::holds_beyond(tx, scope, town, steward.id, today).await?),
        None => Ok(false),
    }
}

fn account_path(visit: &Visit, town: i64, steward: &StewardRow) -> String {
    let scope = visit.person.may(Action::ManageAccounts);
    let may = scope.is_some_and(|scope| scope.covers(steward.division));
    if may { format!("/accounts/stewards/{town}/{}", steward.id) } else { String::new() }
}

fn post(visit: &Visit, names: &Names, span: &Span, chosen: &[String]) -> Post {
    let division = span.node.division().unwrap_or(base::Division::COUNTRY);
    let may = |scope: crate::access::Scope| scope.covers(above(division));
    let open = span.until.is_none() && visit.person.may(Action::AssignStewards).is_some_and(may);
    let pick = Pick { node: span.node, shown: Some(span.steward) }.to_string();
    Post {
        path: format!("/stewards/nodes/{}", division.code()),
        title: title(&visit.words, span.node.tier()),
        name: names.full(division),
        from: visit.words.day(span.from),
        last: span.last().map(|day| visit.words.day(day)).unwrap_or_default(),
        chosen: chosen.contains(&pick),
        pick: if open { pick } else { String::new() },
    }
}

fn past_house(visit: &Visit, town: i64, past: Past) -> Option<PastHouse> {
    Some(PastHouse {
        path: format!("/stewards/households/{town}/{}", past.household),
        name: format!("{} {}", head(&visit.words, &past.head), past.house_number),
        from: visit.words.day(Day::from_number(past.from_day)?),
        last: visit.words.day(Day::from_number(past.until_day)?.previous()),
    })
}

fn absence_row(visit: &Visit, (town, id): (i64, i64), absence: Absence) -> Option<AbsenceRow> {
    let own = absence.steward == id;
    let (other, name) = if own {
        (absence.substitute, absence.substitute_name)
    } else {
        (absence.steward, absence.steward_name)
    };
    let until = Day::from_number(absence.until_day)?;
    Some(AbsenceRow {
        id: absence.id.to_string(),
        own,
        path: person_path(town, other),
        name,
        from: visit.words.day(Day::from_number(absence.from_day)?),
        last: visit.words.day(until.previous()),
        open: own && until > visit.today,
    })
}

pub async fn hand_over(
    visit: Visit,
    State(site): State<Site>,
    Path(who): Path<(i64, i64)>,
    Form(sent): Form<GiveForm>,
) -> Result<Response, Error> {
    match handed_over(&visit, &site, who, &sent).await {
        Ok(count) => Ok(Redirect::to(&format!("{}?done={count}", person_path(who.0, who.1))).into_response()),
        Err(error) => {
            let faults = Faults::of(&visit.words, error)?;
            page(&visit, &site, who, (sent, StandInForm::default()), faults, None).await
        }
    }
}

async fn handed_over(
    visit: &Visit,
    site: &Site,
    (town, id): (i64, i64),
    sent: &GiveForm,
) -> Result<usize, Error> {
    let scope = visit.may(Action::AssignStewards)?;
    let picks = if sent.all { everything(visit, site, &scope, town, id).await? } else { picks(&sent.pick)? };
    if picks.iter().any(|pick| pick.shown != Some(id)) {
        return Err(Error::NotFound);
    }
    if picks.is_empty() {
        return Err(Error::field("pick", "stewards-none-chosen"));
    }
    let (to, from) = (chosen(&sent.to)?, day("from", &sent.from)?);
    if to == Some(id) {
        return Err(Error::field("to", "stewards-to-himself"));
    }
    hand_over::hand_over(site, visit, &HandOver { town, picks, to, from }).await
}

/// All that a steward holds without an end and the visitor may give away.
async fn everything(
    visit: &Visit,
    site: &Site,
    scope: &crate::access::Scope,
    town: i64,
    id: i64,
) -> Result<Vec<Pick>, Error> {
    let mut tx = site.db.read().await?;
    let houses = store::houses(&mut tx, scope, town, Which::Steward(id), visit.today).await?;
    let spans = store::past_divisions(&mut tx, scope, town, id).await?;
    let open = |span: &&Span| {
        let may = |division: base::Division| division.level() >= Level::Town && scope.covers(above(division));
        span.until.is_none() && span.node.division().is_some_and(may)
    };
    let posts = spans.iter().filter(open).map(|span| Pick { node: span.node, shown: Some(id) });
    let houses = houses.iter().map(crate::stewards::model::House::pick).filter(|pick| pick.shown == Some(id));
    Ok(posts.chain(houses).collect())
}

pub async fn add_stand_in(
    visit: Visit,
    State(site): State<Site>,
    Path(who): Path<(i64, i64)>,
    Form(sent): Form<StandInForm>,
) -> Result<Response, Error> {
    let wanted = || -> Result<StandIn, Error> {
        let substitute = chosen(&sent.to)?.ok_or(Error::field("to", "stewards-choose"))?;
        let (first, last) = (day("first", &sent.first)?, day("last", &sent.last)?);
        Ok(StandIn { town: who.0, steward: who.1, substitute, first, last })
    };
    let done = match wanted() {
        Ok(wanted) => hand_over::stand_in(&site, &visit, wanted).await,
        Err(error) => Err(error),
    };
    match done {
        Ok(()) => Ok(Redirect::to(&person_path(who.0, who.1)).into_response()),
        Err(error) => stand_in_refused(&visit, &site, who, sent, error).await,
    }
}

async fn stand_in_refused(
    visit: &Visit,
    site: &Site,
    who: (i64, i64),
    sent: StandInForm,
    error: Error,
) -> Result<Response, Error> {
    visit.may(Action::AssignStewards)?;
    let mut faults = Faults::of(&visit.words, error)?;
    for fault in faults.list.iter_mut().filter(|fault| fault.name == "to") {
        fault.name = "substitute";
    }
    page(visit, site, who, (GiveForm::blank(visit), sent), faults, None).await
}

pub async fn end_stand_in(
    visit: Visit,
    State(site): State<Site>,
    Path((town, id, absence)): Path<(i64, i64, Uuid)>,
) -> Result<Response, Error> {
    match hand_over::end_stand_in(&site, &visit, town, id, absence).await {
        Ok(()) => Ok(Redirect::to(&person_path(town, id)).into_response()),
        Err(error) => stand_in_refused(&visit, &site, (town, id), StandInForm::default(), error).await,
    }
}
