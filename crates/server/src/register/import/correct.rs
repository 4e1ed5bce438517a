//! How a file is read: as the program would by itself, or as somebody said of this list or of an
//! earlier one with the same header.

use std::collections::HashMap;
use std::path::Path;

use office::{Grid, Limits, column_name};
use serde::{Deserialize, Serialize};

use super::cells;
use super::columns::Column;
use super::draft::Draft;
use super::layout::{self, Head, Layout};
use super::sheet::{Sheet, Unread, plain};
use crate::web::sheets;

/// What was said of the columns of earlier lists, by the digests of their headers.
pub type Layouts = HashMap<String, Vec<Option<Column>>>;

/// Headers of one sheet that can be chosen, values of one column that are shown, and characters of each.
const HEADS: usize = 12;
const VALUES: usize = 3;
const SHORT: usize = 16;
/// Digits of a value that may be somebody's number.
const NUMBER: usize = 7;

/// How a file is read.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Reading {
    /// What was said of the columns; without it, they are known by their words.
    pub layout: Option<Layout>,
    /// Whether it was said of an earlier list.
    pub remembered: bool,
    /// The sheets that are read, by their places; all that fit where none is named.
    pub sheets: Vec<usize>,
}

impl Reading {
    /// As was said of an earlier list, where one had a header of this file.
    pub fn remembered(grids: &[Grid], layouts: &Layouts) -> Reading {
        let mut headers = grids.iter().flat_map(layout::heads).map(|head| layout::digest(&head.labels));
        let layout = headers.find_map(|header| {
            let columns = layouts.get(&header)?.clone();
            Some(Layout { header, columns })
        });
        Reading { remembered: layout.is_some(), layout, sheets: vec![] }
    }

    /// As the program would by itself.
    pub fn by_itself(&self) -> Reading {
        Reading { sheets: self.sheets.clone(), ..Reading::default() }
    }

    /// With another header or other sheets, where they are named. What was said of the columns holds for the
    /// header of which it was said.
    pub fn turned(self, grids: &[Grid], head: &str, sheets: &[usize]) -> Reading {
        let sheets: Vec<usize> = sheets.iter().copied().filter(|at| *at < grids.len()).collect();
        let mut turned = if sheets.is_empty() { self } else { Reading { sheets, ..self } };
        let Some((sheet, head)) = chosen(grids, head) else { return turned };
        if !turned.sheets.is_empty() && !turned.sheets.contains(&sheet) {
            turned.sheets.push(sheet);
        }
        let header = layout::digest(&head.labels);
        let is_header = |draft: Draft| layout::digest(&draft.header) == header;
        if turned.layout.as_ref().is_some_and(|layout| layout.header == header) {
            turned
        } else if Draft::of(grids, &turned.by_itself()).is_some_and(is_header) {
            turned.by_itself()
        } else {
            let columns = super::columns::assign(&head.labels);
            Reading { layout: Some(Layout { header, columns }), remembered: false, ..turned }
        }
    }

    /// With what somebody says of the columns, each as [`Seen::value`] has it: its place before what it means.
    pub fn said(self, grids: &[Grid], columns: &[String]) -> Reading {
        let Some(draft) = Draft::of(grids, &self) else { return self };
        let mut said = vec![None; draft.header.len()];
        for (at, key) in columns.iter().filter_map(|column| column.split_once('.')) {
            if let Some(place) = at.parse().ok().and_then(|at: usize| said.get_mut(at)) {
                *place = Column::of(key);
            }
        }
        let layout = Layout::new(&draft.header, &said);
        let by_itself = Draft::of(grids, &self.by_itself());
        let is_same = by_itself.is_some_and(|own| Layout::new(&own.header, &own.columns) == layout);
        let layout = (!is_same).then_some(layout);
        Reading { layout, remembered: false, ..self }
    }

    pub(super) fn wants(&self, sheet: usize) -> bool {
        self.sheets.is_empty() || self.sheets.contains(&sheet)
    }

    /// The header of a sheet that is read.
    pub(super) fn head(&self, grids: &[Grid], sheet: usize) -> Option<Head> {
        let grid = grids.get(sheet).filter(|_| self.wants(sheet))?;
        let said = self.layout.as_ref().and_then(|layout| layout::known(grid, &layout.header));
        said.or_else(|| layout::find(grid))
    }
}

/// What is kept of an upload.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum Kept {
    /// The sheets of a file, and how they are read.
    File { grids: Vec<Grid>, reading: Reading },
    /// Of a list that was imported, the rows that came back.
    Back(Sheet),
}

impl Kept {
    /// Reads a file of any make; `program` as in [`sheets`].
    pub fn read(file: &[u8], program: Option<&Path>, layouts: &Layouts) -> Result<Kept, Unread> {
        let grids = sheets(file, program, &Limits::default())?;
        let reading = Reading::remembered(&grids, layouts);
        Ok(Kept::File { grids, reading })
    }

    /// The list, as it is read.
    pub fn sheet(&self) -> Result<Sheet, Unread> {
        match self {
            Kept::File { grids, reading } => {
                let sheet = Draft::of(grids, reading).ok_or(Unread::NoRows)?.sheet()?;
                Ok(Sheet { remembered: reading.remembered, ..sheet })
            }
            Kept::Back(sheet) => Ok(sheet.clone()),
        }
    }

    /// How the file is read.
    pub fn reading(&self) -> Option<&Reading> {
        match self {
            Kept::File { reading, .. } => Some(reading),
            Kept::Back(_) => None,
        }
    }
}

/// A file, as its columns are looked at and put right.
pub struct View {
    pub sheets: Vec<SheetSeen>,
    /// The sheets that somebody chose, by their places.
    pub chosen: Vec<usize>,
    pub heads: Vec<HeadSeen>,
    pub columns: Vec<Seen>,
}

pub struct SheetSeen {
    pub at: usize,
    pub name: String,
    pub lines: usize,
    pub read: bool,
}

/// A line, or two, that may be the header.
pub struct HeadSeen {
    /// How a form names it.
    pub value: String,
    /// The sheet; empty where the file has one.
    pub sheet: String,
    /// Its lines as the spreadsheet program counts them: `3` or `3–4`.
    pub lines: String,
    pub words: String,
    pub chosen: bool,
}

/// A column of the list.
pub struct Seen {
    pub at: usize,
    /// A, B, .. as over the column.
    pub letter: String,
    pub word: String,
    /// The first few values, masked where they may be somebody's number.
    pub values: String,
    pub meaning: Option<Column>,
}

impl Seen {
    /// How a form says that the column means this; nothing means that it is not taken.
    pub fn value(&self, column: Option<Column>) -> String {
        format!("{}.{}", self.at, column.map_or("", Column::key))
    }
}

impl View {
    pub fn of(grids: &[Grid], reading: &Reading) -> Option<View> {
        let draft = Draft::of(grids, reading)?;
        let lines = &grids[draft.main].lines[draft.lines.1..];
        let column = |at: usize| Seen {
            at,
            letter: column_name(at),
            word: draft.header[at].text(),
            values: first_values(lines.iter().filter_map(|line| line.cells.get(at))),
            meaning: draft.columns[at],
        };
        let columns = (0..draft.header.len()).map(column);
        let sheet = |(at, grid): (usize, &Grid)| SheetSeen {
            at,
            name: grid.sheet.clone().unwrap_or_default(),
            lines: grid.lines.len(),
            read: draft.read.contains(&at),
        };
        Some(View {
            sheets: grids.iter().enumerate().map(sheet).collect(),
            chosen: reading.sheets.clone(),
            heads: (0..grids.len()).flat_map(|at| heads_of(grids, at, &draft)).collect(),
            columns: columns.filter(|seen| !(seen.word.is_empty() && seen.values.is_empty())).collect(),
        })
    }

    /// The header that is chosen, as a form names it.
    pub fn head(&self) -> &str {
        self.heads.iter().find(|head| head.chosen).map_or("", |head| head.value.as_str())
    }
}

fn heads_of(grids: &[Grid], sheet: usize, draft: &Draft) -> Vec<HeadSeen> {
    let grid = &grids[sheet];
    let is_chosen = |head: &Head| sheet == draft.main && (head.first, head.below) == draft.lines;
    let may_be = |head: &Head| {
        let filled = head.labels.iter().filter(|label| !label.text().is_empty()).count();
        filled > 1 && (head.below == head.first + 1 || head.known > 0)
    };
    let several = grids.len() > 1;
    let seen = |(place, head): (usize, Head)| {
        let (from, to) = (grid.lines[head.first].number, grid.lines[head.below - 1].number);
        let words = head.labels.iter().map(|label| masked(&label.text())).filter(|word| !word.is_empty());
        let chosen = is_chosen(&head);
        (place < HEADS || chosen).then(|| HeadSeen {
            value: format!("{sheet}.{}.{}", head.first, head.below),
            sheet: grid.sheet.clone().filter(|_| several).unwrap_or_default(),
            lines: if from == to { from.to_string() } else { format!("{from}–{to}") },
            words: words.take(6).collect::<Vec<_>>().join("、"),
            chosen,
        })
    };
    let heads = layout::heads(grid).filter(|head| may_be(head) || is_chosen(head));
    heads.enumerate().filter_map(seen).collect()
}

/// The header that a form names, with its sheet.
fn chosen(grids: &[Grid], value: &str) -> Option<(usize, Head)> {
    let mut parts = value.split('.').map(|part| part.parse::<usize>().ok());
    let (sheet, first, below) = (parts.next()??, parts.next()??, parts.next()??);
    let mut heads = layout::heads(grids.get(sheet)?);
    Some((sheet, heads.find(|head| (head.first, head.below) == (first, below))?))
}

fn first_values<'a>(cells: impl Iterator<Item = &'a String>) -> String {
    let mut values: Vec<String> = Vec::new();
    for value in cells.map(|cell| masked(&plain(cell))).filter(|value| !value.is_empty()) {
        if !values.contains(&value) {
            values.push(value);
        }
        if values.len() == VALUES {
            break;
        }
    }
    values.join("、")
}

/// A text as it is shown to tell what a column holds: shortened, and of digits that may be somebody's
/// number only the first three and the last.
fn masked(text: &str) -> String {
    // An identity number may end in a letter.
    let is_digit = |c: &char| c.is_ascii_digit() || matches!(c, 'x' | 'X');
    let digits = text.chars().filter(is_digit).count();
    let hidden = digits >= NUMBER && cells::day(text).is_none();
    let mut nth = 0;
    let shown = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut shown = shown.chars().map(|c| {
        nth += usize::from(is_digit(&c));
        if hidden && is_digit(&c) && (4..digits).contains(&nth) { '*' } else { c }
    });
    let mut short: String = shown.by_ref().take(SHORT).collect();
    if shown.next().is_some() {
        short.push('…');
    }
    short
}
