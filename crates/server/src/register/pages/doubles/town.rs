//! People of the register who may be one.

use std::collections::HashMap;

use askama::Template;
use axum::extract::{Query, State};
use axum::response::Redirect;
use base::{Division, Level};
use db::Snapshot;
use serde_json::json;

use super::super::super::doubles::{
    Called, Decisions, Double, People, Person, Question, Side, State as Standing, Verdict, Whose, facts,
    states,
};
use super::super::super::store::doubles;
use super::super::super::store::known::{self, KnownHousehold, KnownResident};
use super::super::{Names, record};
use super::list::{household, told};
use super::{Answer, Card, PAGE, Shown, Tab, card};
use crate::access::{Action, Scope};
use crate::site::Site;
use crate::vault::Vault;
use crate::web::{Error, Form, Html, Page, Visit, reading};

/// Two who are one are put right by hand, in either's household.
const VERDICTS: &[(Verdict, &str)] = &[(Verdict::Two, "double-two"), (Verdict::Later, "double-again")];
const PATH: &str = "/households/doubles";

#[derive(Template)]
#[template(path = "register/likely.html")]
struct DoublesPage {
    page: Page,
    /// The place whose people are shown, and all there are, each with its address.
    place: String,
    places: Vec<(String, String, bool)>,
    under: String,
    path: String,
    tabs: Vec<Tab>,
    shown: &'static str,
    cards: Vec<Card>,
    next: Option<usize>,
}

/// The people within a scope as they stand today, with what was decided of them.
struct Registered {
    scope: Scope,
    names: Names,
    households: Vec<KnownHousehold>,
    residents: Vec<KnownResident>,
    decisions: Decisions,
}

impl Registered {
    async fn of(tx: &mut Snapshot, visit: &Visit) -> Result<Registered, Error> {
        let scope = visit.may(Action::ChangeHouseholds)?;
        let town = visit.person.town().ok_or(Error::NotFound)?.town();
        Ok(Registered {
            scope,
            names: Names::of(tx, town, visit.today).await?,
            households: known::households(tx, town, visit.today).await?,
            residents: known::residents(tx, town).await?,
            decisions: doubles::decisions(tx, town).await?,
        })
    }

    /// Everybody who may be somebody else within scope; with `under` one of the two at least lives there.
    fn doubles(&self, under: Option<Division>, vault: &Vault) -> Vec<Double> {
        let seen = |home: &&KnownHousehold| {
            Division::from_number(home.division).is_some_and(|division| self.scope.covers(division))
        };
        let homes: HashMap<i64, &KnownHousehold> =
            self.households.iter().filter(seen).map(|home| (home.id, home)).collect();
        let (mut people, mut all) = (People::default(), Vec::new());
        for resident in &self.residents {
            let home = homes.get(&resident.household).copied();
            if let Some((home, person)) = home.and_then(|home| Some((home, Person::of(resident, home)?))) {
                people.add(person);
                all.push((resident, home));
            }
        }
        let within = |(_, home): (&KnownResident, &KnownHousehold)| {
            let division = Division::from_number(home.division);
            under.is_none_or(|under| division.is_some_and(|division| under.contains(division)))
        };
        let pairs = (0..all.len()).flat_map(|at| people.before(at).into_iter().map(move |like| (at, like)));
        let pairs = pairs.filter(|(at, (other, _))| within(all[*at]) || within(all[*other]));
        let double = |(at, (other, why)): (usize, (usize, _))| {
            let called = |at: usize| Called::resident(all[at].0.id, people.one(at).mark(), true);
            let [one, two] = [other, at].map(|at| self.side(all[at], vault));
            Some(Double {
                sides: [whose(all[other])?, whose(all[at])?],
                why,
                question: Question::new(&called(other), &called(at), why),
                facts: facts(&one, &two),
                soft: false,
                verdict: None,
            })
        };
        let mut doubles: Vec<Double> = pairs.filter_map(double).collect();
        doubles.sort_by_key(|double| double.why);
        doubles
    }

    fn side(&self, (resident, home): (&KnownResident, &KnownHousehold), vault: &Vault) -> Side {
        let place = Division::from_number(home.division).map(|division| self.names.full(division));
        Side::of(resident, home, place.unwrap_or_default(), vault)
    }
}

fn whose((resident, home): (&KnownResident, &KnownHousehold)) -> Option<Whose> {
    let division = Division::from_number(home.division)?;
    Some(Whose::Resident { id: resident.id, household: home.id, division })
}

/// What was decided of residents: to decide later is said of a list only.
fn verdict(decisions: &Decisions, vault: &Vault, double: &Double) -> Option<Verdict> {
    let decision = decisions.of(vault, &double.question)?;
    Some(decision.verdict).filter(|verdict| *verdict == Verdict::Two)
}

pub async fn list(State(site): State<Site>, visit: Visit, Query(shown): Query<Shown>) -> Result<Html, Error> {
    visit.may(Action::ChangeHouseholds)?;
    let town = visit.person.town().ok_or(Error::NotFound)?.town();
    let mut tx = site.db.read().await?;
    let registered = Registered::of(&mut tx, &visit).await?;
    drop(tx);
    let under = Division::from_code(&shown.under);
    let own = site.clone();
    let (registered, doubles) = reading(move || {
        let doubles = registered.doubles(under, &own.vault);
        (registered, doubles)
    })
    .await?;
    let Registered { scope, names, decisions, .. } = &registered;
    let states = states(&doubles, |double| verdict(decisions, &site.vault, double));
    let decided = shown.show == "decided";
    let wanted = if decided { Standing::Decided } else { Standing::Open };
    let count = |wanted| states.iter().filter(|state| **state == wanted).count();
    let from = shown.page.saturating_mul(PAGE);
    let pairs = doubles.iter().zip(&states).filter(|(_, state)| **state == wanted);
    let shown_card = |(double, _): (&Double, _)| {
        let decision = decisions.of(&site.vault, &double.question).filter(|_| decided);
        let presses = if decided { &VERDICTS[1..] } else { &VERDICTS[..1] };
        card(&site, &visit, town, double, decision, presses)
    };
    let villages = names.within(scope).filter(|division| division.level() == Level::Village);
    let place = |division: Division| {
        let path = format!("{PATH}?under={}", division.code());
        (names.full(division), path, under == Some(division))
    };
    Html::of(&DoublesPage {
        page: visit.page.clone(),
        place: under.map(|under| names.full(under)).unwrap_or_default(),
        places: villages.map(place).collect(),
        under: under.map(Division::code).unwrap_or_default(),
        path: PATH.to_owned(),
        tabs: vec![
            Tab { key: "open", count: count(Standing::Open), current: !decided },
            Tab { key: "decided", count: count(Standing::Decided), current: decided },
        ],
        shown: if decided { "decided" } else { "open" },
        cards: pairs.skip(from).take(PAGE).map(shown_card).collect(),
        next: (count(wanted) > from + PAGE).then_some(shown.page + 1),
    })
}

pub async fn decide(
    State(site): State<Site>,
    visit: Visit,
    Form(answer): Form<Answer>,
) -> Result<Redirect, Error> {
    visit.may(Action::ChangeHouseholds)?;
    let verdict = Verdict::of_key(&answer.verdict).filter(|verdict| *verdict != Verdict::Same);
    let town = visit.person.town().ok_or(Error::NotFound)?.town();
    let registered = Registered::of(&mut site.db.read().await?, &visit).await?;
    let own = site.clone();
    let doubles = reading(move || registered.doubles(None, &own.vault)).await?;
    let under = Division::from_code(&answer.under).map(|under| format!("under={}&", under.code()));
    let show = if answer.show == "decided" { "decided" } else { "open" };
    let shown = Redirect::to(&format!("{PATH}?{}show={show}#next", under.unwrap_or_default()));
    // What is asked no more is not decided.
    let asked = doubles.iter().find(|double| double.question.key(&site.vault) == answer.pair);
    let Some((double, verdict)) = asked.zip(verdict) else { return Ok(shown) };
    let mut tx = site.db.write().await?;
    tx.hold(&[town].into()).await?;
    let before = doubles::decisions(&mut tx, town).await?;
    let before = before.of(&site.vault, &double.question).map(|decision| decision.verdict.key());
    let by = (visit.person.account, visit.now);
    doubles::decide(&mut tx, &site.vault, town, &double.question, verdict, by).await?;
    let detail = json!({ "pair": format!("{} / {}", told(&double.sides[0]), told(&double.sides[1])),
        "changes": { "verdict": { "before": before, "after": verdict.key() } } });
    record(&mut tx, &site, &visit, "register.decide", (town, household(double)), detail).await?;
    tx.commit().await?;
    Ok(shown)
}
