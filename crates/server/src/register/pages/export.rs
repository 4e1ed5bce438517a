//! The register, or a village's or street's part of it, is taken along: by whom, when and what for stands in
//! the workbook and in the audit trail before it leaves.

use askama::Template;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Response};
use base::{Division, Level};
use db::Snapshot;
use office::WriteError;
use serde::Deserialize;
use serde_json::json;
use tokio::sync::mpsc;
use tokio::task::spawn_blocking;

use super::super::export::{Count, Writer};
use super::super::store::export::{ExportRow, part};
use super::{Choice, Faults, Names, record};
use crate::access::{Action, Scope};
use crate::site::Site;
use crate::web::{Error, Form, Html, Page, Visit, workbook};

/// Characters of a purpose.
const PURPOSE: usize = 200;

/// What is asked for, as the form tells it.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Sent {
    /// Code of a village or team area; empty for all within scope.
    under: String,
    purpose: String,
}

#[derive(Template)]
#[template(path = "register/export.html")]
struct ExportPage {
    page: Page,
    places: Vec<Choice>,
    purpose: String,
    faults: Faults,
}

pub async fn ask(
    State(site): State<Site>,
    visit: Visit,
    Query(sent): Query<Sent>,
) -> Result<Response, Error> {
    form(&site, &visit, sent, Faults::default()).await
}

async fn form(site: &Site, visit: &Visit, sent: Sent, faults: Faults) -> Result<Response, Error> {
    let scope = visit.may(Action::ExportHouseholds)?;
    let mut tx = site.db.read().await?;
    let names = Names::of_town(&mut tx, visit, visit.today).await?;
    let chosen = Division::from_code(&sent.under);
    let places = names.within(&scope).map(|division| names.choice(division, chosen)).collect();
    let status = faults.status();
    let page = ExportPage { page: visit.page.clone(), places, purpose: sent.purpose, faults };
    Ok(Html::of(&page)?.with_status(status).into_response())
}

pub async fn take(State(site): State<Site>, visit: Visit, Form(sent): Form<Sent>) -> Result<Response, Error> {
    let scope = visit.may(Action::ExportHouseholds)?;
    let town = visit.person.town().ok_or(Error::NotAllowed)?;
    let purpose = sent.purpose.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut faults = Faults::default();
    if purpose.is_empty() || purpose.chars().count() > PURPOSE {
        faults.add(&visit.words, "purpose", "export-purpose-missing");
        return form(&site, &visit, sent, faults).await;
    }
    let mut tx = site.db.read().await?;
    let names = Names::of_town(&mut tx, &visit, visit.today).await?;
    let (under, places) = match sent.under.as_str() {
        "" => (town, scope.roots().into_iter().filter(|root| town.contains(*root)).collect()),
        code => {
            let chosen = names.within(&scope).find(|division| division.code() == code);
            let chosen = chosen.ok_or(Error::NotFound)?;
            (chosen, vec![chosen])
        }
    };
    visit.take_list(&site)?;
    let codes: Vec<String> = places.iter().map(|place| place.code()).collect();
    let writer = open(&site, &visit, &names, &places, &purpose).map_err(unwritten)?;
    let (file, count) = written(tx, &site, &visit, &scope, under, names, writer).await?;
    if count.households == 0 {
        faults.add(&visit.words, "under", "export-nobody");
        return form(&site, &visit, sent, faults).await;
    }
    let Count { households, residents, identities, phones } = count;
    let detail = json!({ "under": codes.join(" "), "purpose": purpose, "households": households,
        "residents": residents, "identities": identities, "phones": phones });
    let mut tx = site.db.write().await?;
    record(&mut tx, &site, &visit, "register.export", (town.town(), 0), detail).await?;
    tx.commit().await?;
    let (code, day) = (codes.join("-"), visit.today);
    let name = say!(visit.words, "export-file", code = code.as_str(), day = day.to_string());
    Ok(workbook(&format!("households_{code}_{day}.xlsx"), &format!("{name}.xlsx"), file))
}

/// Begins the workbook with what stands above its rows.
fn open(
    site: &Site,
    visit: &Visit,
    names: &Names,
    places: &[Division],
    purpose: &str,
) -> Result<Writer, WriteError> {
    let words = &visit.words;
    let name = |place: &Division| match place.level() {
        Level::Village | Level::Group => names.full(*place),
        _ => names.one(*place),
    };
    let places = places.iter().map(name).collect::<Vec<_>>().join("、");
    let title = say!(words, "export-name", place = places);
    let (who, at) = (visit.person.name.as_str(), words.moment(&site.playbook.time, visit.now));
    let taken = say!(words, "export-taken", name = who, at = at, purpose = purpose);
    let mark = site.settings.demonstration.then(|| say!(words, "demonstration-mark"));
    Writer::open(title, taken, mark, visit.now)
}

/// The file and what it holds. Households are read while others are written, so that few are held at once.
async fn written(
    mut tx: Snapshot,
    site: &Site,
    visit: &Visit,
    scope: &Scope,
    under: Division,
    names: Names,
    mut writer: Writer,
) -> Result<(Vec<u8>, Count), Error> {
    let (give, mut take) = mpsc::channel::<Vec<ExportRow>>(1);
    let own = site.clone();
    let writing = spawn_blocking(move || {
        while let Some(rows) = take.blocking_recv() {
            rows.iter().try_for_each(|row| writer.row(row, &names, &own.vault))?;
        }
        writer.finish()
    });
    let mut after = None;
    loop {
        let rows = part(&mut tx, scope, &site.vault, visit.today, under, after.as_ref()).await?;
        let Some(last) = rows.last() else { break };
        after = Some(last.key());
        // Who writes no more has failed, and says why.
        if give.send(rows).await.is_err() {
            break;
        }
    }
    drop((give, tx));
    writing.await.map_err(|error| Error::Failed(error.to_string()))?.map_err(unwritten)
}

fn unwritten(error: WriteError) -> Error {
    Error::Failed(error.to_string())
}
