//! The pairs of a list that waits to be taken.

use askama::Template;
use axum::Extension;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use base::Moment;
use serde_json::json;
use uuid::Uuid;

use super::super::super::doubles::{Decisions, Double, State as Standing, Verdict, Whose, states};
use super::super::super::plans::Plans;
use super::super::super::store::doubles;
use super::super::super::store::upload::UploadRow;
use super::super::{preview, record};
use super::{Answer, Card, PAGE, Shown, Tab, card};
use crate::access::Action;
use crate::site::Site;
use crate::web::{Error, Form, Html, Page, Visit};

const VERDICTS: &[(Verdict, &str)] =
    &[(Verdict::Same, "double-same"), (Verdict::Two, "double-two"), (Verdict::Later, "double-later")];
/// The tabs, with what stands in them.
const TABS: [(&str, Standing); 3] =
    [("open", Standing::Open), ("later", Standing::Later), ("decided", Standing::Decided)];

#[derive(Template)]
#[template(path = "register/doubles.html")]
struct DoublesPage {
    page: Page,
    path: String,
    back: String,
    file_name: String,
    tabs: Vec<Tab>,
    shown: &'static str,
    under: String,
    open: usize,
    cards: Vec<Card>,
    next: Option<usize>,
}

fn path(upload: Uuid) -> String {
    format!("/households/import/{upload}/doubles")
}

/// The tab of this key; the first where there is none.
fn tab(key: &str) -> (&'static str, Standing) {
    TABS.into_iter().find(|(own, _)| *own == key).unwrap_or(TABS[0])
}

/// What was decided of the pairs of a list.
async fn decided(tx: &mut db::Snapshot, upload: &UploadRow) -> db::Result<Decisions> {
    Ok(doubles::decisions(tx, upload.town).await?.since(Moment(upload.uploaded_at)))
}

pub async fn list(
    State(site): State<Site>,
    visit: Visit,
    Extension(plans): Extension<Plans>,
    Path(id): Path<Uuid>,
    Query(shown): Query<Shown>,
) -> Result<Response, Error> {
    let mut tx = site.db.read().await?;
    let upload = preview::find(&mut tx, &visit, id).await?;
    let back = format!("/households/import/{id}");
    if upload.result.is_some() {
        return Ok(Redirect::to(&back).into_response());
    }
    let decisions = decided(&mut tx, &upload).await?;
    let looked = match plans.get(id) {
        Some(looked) => looked,
        None => preview::look(&site, &visit, &plans, tx, &upload).await?.ok_or(Error::NotFound)?,
    };
    let of = |double: &Double| decisions.of(&site.vault, &double.question);
    let states = states(&looked.doubles, |double| of(double).map(|decision| decision.verdict));
    let (chosen, wanted) = tab(&shown.show);
    let count = |wanted| states.iter().filter(|state| **state == wanted).count();
    let tab = |(key, state)| Tab { key, count: count(state), current: key == chosen };
    let from = shown.page.saturating_mul(PAGE);
    let pairs = looked.doubles.iter().zip(&states).filter(|(_, state)| **state == wanted);
    let card = |(double, _)| card(&site, &visit, upload.town, double, of(double), VERDICTS);
    Ok(Html::of(&DoublesPage {
        page: visit.page.clone(),
        path: path(id),
        back,
        file_name: upload.file_name.clone(),
        tabs: TABS.map(tab).into(),
        shown: chosen,
        under: String::new(),
        open: count(Standing::Open),
        cards: pairs.skip(from).take(PAGE).map(card).collect(),
        next: (count(wanted) > from + PAGE).then_some(shown.page + 1),
    })?
    .into_response())
}

pub async fn decide(
    State(site): State<Site>,
    visit: Visit,
    Extension(plans): Extension<Plans>,
    Path(id): Path<Uuid>,
    Form(answer): Form<Answer>,
) -> Result<Redirect, Error> {
    let scope = visit.may(Action::ChangeHouseholds)?;
    let mut tx = site.db.write().await?;
    let upload = preview::find(&mut tx, &visit, id).await?;
    let (tab, _) = tab(&answer.show);
    let shown = Redirect::to(&format!("{}?show={tab}#next", path(id)));
    let looked = plans.get(id).filter(|_| upload.result.is_none());
    // What is asked no more, or was shown long ago, is shown as it is now.
    let Some((looked, verdict)) = looked.zip(Verdict::of_key(&answer.verdict)) else { return Ok(shown) };
    let asked = looked.doubles.iter().find(|double| double.question.key(&site.vault) == answer.pair);
    let Some(double) = asked else { return Ok(shown) };
    if !double.divisions().all(|division| scope.covers(division)) {
        return Err(Error::NotFound);
    }
    tx.hold(&[upload.town].into()).await?;
    let before = decided(&mut tx, &upload).await?;
    let before = before.of(&site.vault, &double.question).map(|decision| decision.verdict.key());
    let by = (visit.person.account, visit.now);
    doubles::decide(&mut tx, &site.vault, upload.town, &double.question, verdict, by).await?;
    let sides: Vec<_> = double.sides.iter().map(told).collect();
    let detail = json!({ "upload": id, "pair": sides.join(" / "),
        "changes": { "verdict": { "before": before, "after": verdict.key() } } });
    record(&mut tx, &site, &visit, "register.decide", (upload.town, household(double)), detail).await?;
    tx.commit().await?;
    plans.decided(id);
    Ok(shown)
}

/// One of two, for the audit trail.
pub fn told(whose: &Whose) -> String {
    match whose {
        Whose::Row { line, .. } => format!("row {line}"),
        Whose::Resident { id, .. } => format!("resident {id}"),
    }
}

/// The household that is about, where one of two is in the register.
pub fn household(double: &Double) -> i64 {
    let household = |whose: &Whose| match whose {
        Whose::Resident { household, .. } => Some(*household),
        Whose::Row { .. } => None,
    };
    double.sides.iter().find_map(household).unwrap_or_default()
}
