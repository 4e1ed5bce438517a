//! The empty sheet of a street, printed to be taken along and typed in afterwards.

use askama::Template;
use axum::extract::{Path, State};
use base::Day;
use serde_json::json;

use super::paper::{lines, paper_path, silent, street};
use crate::audit;
use crate::rounds::paper::Line;
use crate::rounds::places;
use crate::site::Site;
use crate::web::{Error, Html, Page, Visit};

#[derive(Template)]
#[template(path = "rounds/sheet.html")]
struct SheetPage {
    page: Page,
    name: String,
    day_name: String,
    lines: Vec<Line>,
    printed: String,
    back: Option<String>,
}

/// The sheet of a day up to tomorrow: it is printed the evening before. Names leave the house with
/// it: who took them stands on the paper and in the audit trail.
pub async fn print_sheet(
    visit: Visit,
    State(site): State<Site>,
    Path((division, day)): Path<(i64, Day)>,
) -> Result<Html, Error> {
    let division = street(&visit, division)?;
    if day > visit.today.next() {
        return Err(Error::NotFound);
    }
    let mut tx = site.db.write().await?;
    let (rows, _) = silent(&mut tx, &visit, division, day).await?;
    let object = format!("{}/{day}", division.code());
    let entry = audit::Entry::by(&visit, "sheet.print", &object, json!({ "households": rows.len() }));
    audit::record(&mut tx, site.clock.new_id(), visit.now, entry).await?;
    let html = Html::of(&SheetPage {
        page: visit.page.clone(),
        name: places::place_name(&mut tx, division, day).await?,
        day_name: visit.words.day(day),
        lines: lines(&mut tx, &site, rows, day).await?,
        printed: visit.words.moment(&site.playbook.time, visit.now),
        back: (day <= visit.today).then(|| paper_path(division, day)),
    })?;
    tx.commit().await?;
    Ok(html)
}
