//! The rows of a list that were not taken come back as a workbook, with the reasons: put right, it is
//! brought again.

use axum::extract::{Path, State};
use axum::response::Response;
use base::Moment;
use office::{Book, Cell, Kind, WriteError};
use serde_json::json;
use uuid::Uuid;

use super::super::import::{Outcome, Plan, REASON, Sheet, Weight};
use super::preview::{self, Compared};
use super::record;
use crate::site::Site;
use crate::web::{Error, Visit, Words, reading, workbook};

pub async fn take(State(site): State<Site>, visit: Visit, Path(id): Path<Uuid>) -> Result<Response, Error> {
    let mut tx = site.db.read().await?;
    let upload = preview::find(&mut tx, &visit, id).await?;
    let compared = Compared::of(&mut tx, &visit, &upload).await?.ok_or(Error::NotFound)?;
    drop(tx);
    let words = &visit.words;
    let (who, at) = (visit.person.name.as_str(), words.moment(&site.playbook.time, visit.now));
    let purpose = say!(words, "import-returned-purpose");
    let sheet = office::Sheet::new(say!(words, "import-returned"), vec![])
        .title(say!(words, "import-returned-of", file = upload.file_name.as_str()))
        .watermark(say!(words, "export-taken", name = who, at = at, purpose = purpose));
    let (own, own_words, now) = (site.clone(), words.clone(), visit.now);
    let finished = upload.result.is_some();
    let written = reading(move || {
        let (list, plan) = compared.look(&own)?;
        // What an import left comes back whole, also where its reason is gone since.
        let back = if finished { (0..plan.lines.len()).collect() } else { plan.returned() };
        (!back.is_empty())
            .then(|| Ok((back.len(), write(sheet, &list, (&plan, finished), &back, &own_words, now)?)))
    });
    let written = written.await?.ok_or(Error::NotFound)?;
    let (rows, file) = written.map_err(|error: WriteError| Error::Failed(error.to_string()))?;
    let mut tx = site.db.write().await?;
    record(
        &mut tx,
        &site,
        &visit,
        "register.return",
        (upload.town, 0),
        json!({ "upload": id, "rows": rows }),
    )
    .await?;
    tx.commit().await?;
    let name = format!("{}.xlsx", say!(visit.words, "import-returned"));
    Ok(workbook("rejected.xlsx", &name, file))
}

/// A sheet for each of the file's, since the same household number may stand in several.
fn write(
    like: office::Sheet,
    list: &Sheet,
    (plan, finished): (&Plan, bool),
    back: &[usize],
    words: &Words,
    now: Moment,
) -> Result<Vec<u8>, WriteError> {
    // The reasons of an earlier time are not the rows' own.
    let kept: Vec<usize> = (0..list.header.len()).filter(|at| list.header[*at] != REASON).collect();
    let mut columns: Vec<_> =
        kept.iter().map(|at| office::Column::new(list.header[*at].as_str(), Kind::Text)).collect();
    columns.push(office::Column::new(REASON, Kind::Text).width(40));
    let mut book = Book::new(now);
    for rows in back.chunk_by(|one, other| list.rows[*one].sheet == list.rows[*other].sheet) {
        let own = &list.rows[rows[0]].sheet;
        let name = if own.is_empty() { like.name.clone() } else { own.clone() };
        let mut sheet = book.open(&office::Sheet { name, columns: columns.clone(), ..like.clone() })?;
        for at in rows {
            let whole = list.whole(&list.rows[*at]);
            let line = &plan.lines[*at];
            let asked = line.remarks.iter().any(|remark| remark.weight >= Weight::Doubt);
            let reason = match line.outcome {
                _ if asked => super::preview::reasons(words, line).join("\n"),
                Outcome::New if finished => say!(words, "import-returned-now"),
                _ => say!(words, "import-returned-beside"),
            };
            let cells = kept.iter().map(|at| whole[*at].as_str()).chain([reason.as_str()]);
            sheet.row(cells.map(|cell| if cell.is_empty() { Cell::Empty } else { cell.into() }).collect())?;
        }
        book = sheet.finish()?;
    }
    let mut file = Vec::new();
    book.save(&mut file)?;
    Ok(file)
}
