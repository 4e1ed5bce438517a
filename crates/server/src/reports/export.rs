//! The report as a workbook.

use base::Moment;
use office::{Book, Cell, Kind, Sheet, WriteError};

use super::cells::{Column, Exact, ROUND, THREE, Written};
use super::model::{Figures, Line, Signature};
use super::report::{Report, State};
use crate::playbook::Playbook;
use crate::rounds::grouped;
use crate::web::Words;

/// The file's name: 襄陵镇_疫情日报_2020-02-03.xlsx.
pub fn file_name(words: &Words, report: &Report) -> String {
    let day = report.day.to_string();
    say!(words, "report-file-name", town = report.content.name.as_str(), day = day)
}

/// Writes the report; `taken` says who took it and when, where that is known.
pub fn write(
    words: &Words,
    playbook: &Playbook,
    report: &Report,
    made: Moment,
    taken: Option<String>,
) -> Result<Vec<u8>, WriteError> {
    let mut sheet = Sheet::new(say!(words, "report-sheet"), columns(words));
    sheet.titles = titles(words, playbook, report);
    sheet.watermark = taken;
    sheet.mark = report.demonstration.then(|| say!(words, "demonstration-mark"));
    sheet.notes = notes(words, playbook, report);
    let mut open = Book::new(made).open(&sheet)?;
    for line in &report.content.villages {
        open.row(row(words, report, &line.name, &line.division, &line.figures))?;
    }
    if let Some(total) = &report.content.total {
        open.total(row(words, report, &say!(words, "report-total"), &report.content.town, total))?;
    }
    let mut file = Vec::new();
    open.finish()?.save(&mut file)?;
    Ok(file)
}

/// The report as plain lines: its figures separated by tabs, then what stands below them.
pub fn lines(words: &Words, playbook: &Playbook, report: &Report) -> Vec<String> {
    let line = |name: &str, division: &str, figures: &Figures| {
        let figures = all().map(|column| column.write(words, &report.content, division, figures).text);
        std::iter::once(name.to_owned()).chain(figures).collect::<Vec<_>>().join("\t")
    };
    let header = columns(words).into_iter().map(|column| column.title).collect::<Vec<_>>().join("\t");
    let mut lines = titles(words, playbook, report);
    lines.push(header);
    lines.extend(report.content.villages.iter().map(|l| line(&l.name, &l.division, &l.figures)));
    let total = say!(words, "report-total");
    lines.extend(report.content.total.iter().map(|sum| line(&total, &report.content.town, sum)));
    lines.extend(notes(words, playbook, report));
    lines
}

fn all() -> impl Iterator<Item = &'static Column> {
    THREE.iter().chain(ROUND)
}

fn columns(words: &Words) -> Vec<office::Column> {
    let village = office::Column::new(say!(words, "report-village"), Kind::Text);
    let figure = |column: &Column| {
        let kind = if column.is_share() { Kind::Decimal(1) } else { Kind::Integer };
        office::Column::new(column.title(words), kind)
    };
    std::iter::once(village).chain(all().map(figure)).collect()
}

fn row(words: &Words, report: &Report, name: &str, division: &str, figures: &Figures) -> Vec<Cell> {
    #[expect(clippy::cast_precision_loss, reason = "tenths of a percent")]
    let cell = |written: Written| match written.exact {
        Some(Exact::Whole(figure)) => Cell::Integer(figure),
        Some(Exact::Tenths(figure)) => Cell::Decimal(figure as f64 / 10.0),
        None => Cell::Text(written.text),
    };
    let figures = all().map(|column| cell(column.write(words, &report.content, division, figures)));
    std::iter::once(Cell::from(name)).chain(figures).collect()
}

fn titles(words: &Words, playbook: &Playbook, report: &Report) -> Vec<String> {
    let title = say!(words, "report-title", town = report.content.name.as_str());
    vec![title, standing(words, playbook, report)]
}

/// What the report is: its day, up to when it counts, its number or that it has none yet.
pub fn standing(words: &Words, playbook: &Playbook, report: &Report) -> String {
    let day = words.day(report.day);
    let as_of = words.clock(&playbook.time, report.content.as_of);
    match (report.state, report.number) {
        (State::Sealed, Some(number)) => {
            say!(words, "report-standing-sealed", day = day, at = as_of, number = number)
        }
        (State::Checked, _) => say!(words, "report-standing-checked", day = day, at = as_of),
        (State::Compiled, _) => say!(words, "report-standing-compiled", day = day, at = as_of),
        _ => say!(words, "report-standing-live", day = day, at = as_of),
    }
}

fn notes(words: &Words, playbook: &Playbook, report: &Report) -> Vec<String> {
    let mut notes = missing(words, report);
    notes.extend(corrections(words, playbook, report));
    let signs = [
        ("report-compiled-by", &report.compiled),
        ("report-checked-by", &report.checked),
        ("report-signed-by", &report.signed),
    ];
    notes.extend(signs.map(|(key, sign)| signature(words, playbook, key, sign.as_ref())));
    notes.extend(report.hash.as_ref().map(|hash| say!(words, "report-hash", hash = hash.as_str())));
    notes
}

/// 汇总：张三 2月3日 周一 16:05, or that nobody has yet.
pub fn signature(words: &Words, playbook: &Playbook, key: &str, sign: Option<&Signature>) -> String {
    let what = words.get(key);
    match sign {
        Some(sign) => {
            let at = words.moment(&playbook.time, sign.at);
            say!(words, "report-sign", what = what, name = sign.name.as_str(), at = at)
        }
        None => say!(words, "report-no-sign", what = what),
    }
}

/// What is missing, village by village, with who owes it where that may be said.
pub fn missing(words: &Words, report: &Report) -> Vec<String> {
    report.content.villages.iter().filter_map(|line| missing_of(words, line)).collect()
}

fn missing_of(words: &Words, line: &Line) -> Option<String> {
    let what = what_is_missing(words, line.figures.silent, line.figures.key_missing())?;
    let mut text = say!(words, "report-missing", village = line.name.as_str(), what = what);
    let Some(owing) = &line.owing else { return Some(text) };
    let cadre = who_owes(words, owing.cadre.as_deref(), owing.stand_in.as_deref());
    text += &say!(words, "report-missing-cadre", name = cadre);
    for group in &owing.groups {
        let Some(what) = what_is_missing(words, group.silent, group.unmeasured) else { continue };
        let lead = who_owes(words, group.lead.as_deref(), group.stand_in.as_deref());
        let group = group.name.as_str();
        text += &say!(words, "report-missing-group", group = group, what = what, name = lead);
    }
    Some(text)
}

/// Households that are silent, key persons who were not measured; nothing where nothing is missing.
fn what_is_missing(words: &Words, silent: i64, unmeasured: i64) -> Option<String> {
    let (n, people) = (grouped(silent), grouped(unmeasured));
    match (silent > 0, unmeasured > 0) {
        (true, true) => Some(say!(words, "report-missing-both", n = n, people = people)),
        (true, false) => Some(say!(words, "report-missing-silent", n = n)),
        (false, true) => Some(say!(words, "report-missing-measured", people = people)),
        (false, false) => None,
    }
}

/// A steward, with who stood in for him; or that there is nobody yet.
fn who_owes(words: &Words, name: Option<&str>, stand_in: Option<&str>) -> String {
    match (name, stand_in) {
        (None, _) => say!(words, "stewards-nobody"),
        (Some(name), None) => name.to_owned(),
        (Some(name), Some(other)) => say!(words, "report-stood-in", name = name, other = other),
    }
}

/// The notes that correct the report, one line for each figure.
pub fn corrections(words: &Words, playbook: &Playbook, report: &Report) -> Vec<String> {
    let mut lines = Vec::new();
    for note in &report.notes {
        let (number, why) = (note.head.number, note.why.as_str());
        let (name, at) = (note.written.name.as_str(), words.moment(&playbook.time, note.written.at));
        lines.push(say!(words, "report-correction", number = number, why = why, name = name, at = at));
        lines.extend(note.changes.iter().map(|change| written_change(words, change)));
    }
    lines
}

/// 东街村 返乡人数 当天：3 改为 4, by the names that stand above the column.
pub fn written_change(words: &Words, change: &super::model::Change) -> String {
    let unknown = say!(words, "report-unknown");
    let text = |figure: Option<i64>| figure.map_or_else(|| unknown.clone(), |figure| figure.to_string());
    let column = Column::of_figure(&change.figure);
    let figure = column.map_or_else(|| change.figure.clone(), |column| column.whole_title(words));
    let (village, old, new) = (change.name.as_str(), text(change.old), text(change.new));
    say!(words, "report-change", village = village, figure = figure, old = old, new = new)
}
