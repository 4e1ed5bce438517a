//! What the page of a report shows.

use std::collections::BTreeMap;

use askama::Template;
use base::Division;

use super::cells::{Column, ROUND, THREE, Written, groups};
use super::export;
use super::model::{Change, Figures, Line, Signature};
use super::report::{Report, State};
use crate::access::Action;
use crate::rounds::grouped;
use crate::site::Site;
use crate::web::{Page, Visit, Words};

/// A form that comes back.
pub struct Problem {
    pub message: String,
    /// What was typed.
    pub why: String,
}

/// Changes since the figures were fixed: their hash, themselves, and villages whose rows changed
/// without any figure.
pub type Moved = (String, Vec<Change>, Vec<String>);

#[derive(Template)]
#[template(path = "reports/report.html")]
pub struct ReportPage {
    pub page: Page,
    town: String,
    standing: String,
    /// Whom the next step waits for.
    waits: Option<String>,
    /// The address of this report; the steps' addresses begin with it.
    path: String,
    tables: Vec<Table>,
    heads: Vec<Head>,
    total: Option<Figures>,
    missing: Vec<String>,
    notes: Vec<String>,
    signatures: Vec<String>,
    hash: Option<String>,
    words_of: Vec<VillageWord>,
    step: Option<Next>,
    compiled_at: i64,
    moved: Option<Shift>,
    problem: Option<Problem>,
    printed: String,
    /// The town whose changes move live figures; none once they stand still.
    live: Option<i64>,
}

/// One of the two tables: its columns, a row for each village, the sums.
pub struct Table {
    key: &'static str,
    groups: Vec<(String, usize)>,
    columns: Vec<String>,
    rows: Vec<(String, Vec<Cell>)>,
    total: Option<Vec<Cell>>,
}

/// A cell of a table. What is not known for several figures side by side is said once.
struct Cell {
    figure: Written,
    span: usize,
}

/// A head figure of the town: large, with what it counts and what else is worth knowing.
pub struct Head {
    figure: Written,
    label: String,
    small: String,
}

/// A village that may give or take back its word, and who gave it.
pub struct VillageWord {
    division: String,
    name: String,
    confirmed: Option<String>,
}

/// The step that this person may take next.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Next {
    Compile,
    CompileAgain,
    Check,
    Sign,
}

/// What stands beside a report that is on its way: who said since that nothing else happened, who may
/// check and sign.
pub struct Way {
    pub confirmed: BTreeMap<Division, Signature>,
    pub approvers: Vec<(i64, String)>,
}

/// What moved since the figures were fixed.
pub struct Shift {
    sealed: bool,
    seen: String,
    changes: Vec<String>,
    quiet: String,
}

impl Next {
    fn key(self) -> &'static str {
        match self {
            Next::Compile => "report-step-compile",
            Next::CompileAgain => "report-step-compile-again",
            Next::Check => "report-step-check",
            Next::Sign => "report-step-sign",
        }
    }

    fn path(self) -> &'static str {
        match self {
            Next::Compile | Next::CompileAgain => "compilation",
            Next::Check => "check",
            Next::Sign => "signature",
        }
    }
}

impl ReportPage {
    pub fn new(
        site: &Site,
        visit: &Visit,
        report: &Report,
        way: &Way,
        moved: Option<Moved>,
        problem: Option<Problem>,
    ) -> ReportPage {
        let (words, playbook) = (&visit.words, &site.playbook);
        let at = words.moment(&playbook.time, visit.now);
        let signs = [
            ("report-compiled-by", &report.compiled),
            ("report-checked-by", &report.checked),
            ("report-signed-by", &report.signed),
        ];
        let shift = moved.map(|(seen, changes, quiet)| Shift {
            sealed: report.state == State::Sealed,
            seen,
            changes: changes.iter().map(|change| export::written_change(words, change)).collect(),
            quiet: quiet.join("、"),
        });
        let works = [Action::CompileReports, Action::ApproveReports]
            .iter()
            .any(|action| visit.person.may(*action).is_some_and(|scope| scope.covers(report.town)));
        ReportPage {
            page: visit.page.clone(),
            town: report.content.name.clone(),
            standing: export::standing(words, playbook, report),
            waits: works.then(|| waits(words, report, way)).flatten(),
            path: format!("/reports/{}/{}", report.content.town, report.day),
            tables: vec![
                Table::new(visit, report, "report-three", THREE),
                Table::new(visit, report, "report-round", ROUND),
            ],
            heads: heads(visit, report),
            total: report.content.total,
            missing: export::missing(words, report),
            notes: export::corrections(words, playbook, report),
            signatures: signs
                .map(|(key, sign)| export::signature(words, playbook, key, sign.as_ref()))
                .to_vec(),
            hash: report.hash.clone(),
            words_of: village_words(site, visit, report, way),
            step: next(site, visit, report, shift.as_ref()),
            compiled_at: report.compiled.as_ref().map_or(0, |sign| sign.at.0),
            moved: shift,
            problem,
            live: live(visit, report),
            printed: say!(words, "report-printed", name = visit.person.name.as_str(), at = at),
        }
    }
}

fn live(visit: &Visit, report: &Report) -> Option<i64> {
    let watches = visit.person.may(Action::SeeFigures).is_some_and(|scope| scope.covers(report.town));
    (report.state == State::Live && watches).then(|| report.town.number())
}

/// The step that is due and that this person may take.
fn next(site: &Site, visit: &Visit, report: &Report, moved: Option<&Shift>) -> Option<Next> {
    let may = |action| visit.person.may(action).is_some_and(|scope| scope.covers(report.town));
    let me =
        |sign: &Option<Signature>| sign.as_ref().is_some_and(|sign| sign.account == visit.person.account);
    let closed = visit.now >= site.playbook.on(report.day).time.cut_off(report.day);
    let changed = moved.is_some_and(|moved| !moved.changes.is_empty());
    match report.state {
        State::Live if closed && may(Action::CompileReports) => Some(Next::Compile),
        State::Compiled | State::Checked if changed => Some(Next::CompileAgain),
        State::Compiled if may(Action::ApproveReports) && !me(&report.compiled) => Some(Next::Check),
        State::Checked if may(Action::ApproveReports) && !me(&report.compiled) && !me(&report.checked) => {
            Some(Next::Sign)
        }
        _ => None,
    }
}

/// Who may check or sign what waits for it; whoever did a step before does not.
fn waits(words: &Words, report: &Report, way: &Way) -> Option<String> {
    let key = match report.state {
        State::Compiled => "report-waits-check",
        State::Checked => "report-waits-sign",
        State::Live | State::Sealed => return None,
    };
    let did = [&report.compiled, &report.checked].map(|sign| sign.as_ref().map(|sign| sign.account));
    let others = way.approvers.iter().filter(|(account, _)| !did.contains(&Some(*account)));
    let names: Vec<&str> = others.map(|(_, name)| name.as_str()).collect();
    Some(if names.is_empty() {
        say!(words, "report-waits-nobody")
    } else {
        words.get_with(key, &[("names", names.join("、"))])
    })
}

fn village_words(site: &Site, visit: &Visit, report: &Report, way: &Way) -> Vec<VillageWord> {
    let Some(scope) = visit.person.may(Action::ConfirmZeros) else { return Vec::new() };
    let early = visit.now < site.playbook.on(report.day).time.cut_off(report.day);
    if report.state == State::Sealed || early {
        return Vec::new();
    }
    let covered = |line: &&Line| Division::from_code(&line.division).is_some_and(|d| scope.covers(d));
    let word = |line: &Line| VillageWord {
        division: line.division.clone(),
        name: line.name.clone(),
        // As it is now: what was compiled may be older.
        confirmed: Division::from_code(&line.division).and_then(|village| way.confirmed.get(&village)).map(
            |sign| {
                let at = visit.words.clock(&site.playbook.time, sign.at);
                say!(visit.words, "report-confirmed", name = sign.name.as_str(), at = at)
            },
        ),
    };
    report.content.villages.iter().filter(covered).map(word).collect()
}

impl Table {
    fn new(visit: &Visit, report: &Report, key: &'static str, columns: &[Column]) -> Table {
        let (words, content) = (&visit.words, &report.content);
        let write = |division: &str, figures: &Figures| {
            let written = columns.iter().map(|column| column.write(words, content, division, figures));
            cells(&written.collect::<Vec<_>>())
        };
        let row = |line: &Line| (line.name.clone(), write(&line.division, &line.figures));
        Table {
            key,
            groups: groups(columns).into_iter().map(|(key, span)| (words.get(key), span)).collect(),
            columns: columns.iter().map(|column| column.short_title(words)).collect(),
            rows: content.villages.iter().map(row).collect(),
            total: content.total.as_ref().map(|total| write(&content.town, total)),
        }
    }
}

fn cells(written: &[Written]) -> Vec<Cell> {
    let runs = written.chunk_by(|left, right| left.unknown && left == right);
    runs.map(|run| Cell { figure: run[0].clone(), span: run.len() }).collect()
}

/// The head figures: 三报 first, then who is silent.
fn heads(visit: &Visit, report: &Report) -> Vec<Head> {
    let Some(total) = &report.content.total else { return Vec::new() };
    let (words, content) = (&visit.words, &report.content);
    let write = |key: &str| {
        let column = THREE.iter().chain(ROUND).find(|column| column.key == key)?;
        Some(column.write(words, content, &content.town, total))
    };
    let sums = |since: &str, all: &str| {
        let text = |key| write(key).filter(|figure| !figure.unknown).map(|figure| figure.text);
        let text = |key| text(key).unwrap_or_else(|| say!(words, "report-unknown"));
        say!(words, "report-head-sums", since = text(since), total = text(all))
    };
    let measured = total.key_measured.day.unwrap_or(0);
    let heads = [
        ("returnees-day", sums("returnees-since", "returnees-total")),
        ("visitors-day", sums("visitors-since", "visitors-total")),
        (
            "key-feverish",
            say!(words, "report-head-measured", due = grouped(total.key_due), measured = grouped(measured)),
        ),
        ("fevers", say!(words, "report-head-everybody")),
        ("silent", say!(words, "report-head-expected", expected = grouped(total.expected))),
    ];
    let head = |(key, small): (&str, String)| {
        let label = words.get(&format!("report-head-{key}"));
        let figure = write(key)?;
        // The large type has room for one word; what is missing stands below in small.
        let (figure, small) = match figure.unknown {
            true => (Written { text: say!(words, "report-unknown"), ..figure.clone() }, figure.text),
            false => (figure, small),
        };
        Some(Head { figure, label, small })
    };
    heads.into_iter().filter_map(head).collect()
}
