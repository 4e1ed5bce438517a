//! From the sheets of a file to one table: headers found, merged cells spread, sheets of one make put
//! together, lines that are nobody's passed over.

use std::collections::BTreeMap;

use office::{Grid, Remark};

use super::columns::{self, Column, REASON};
use super::correct::Reading;
use super::layout::{self, Head, Label};
use super::sheet::{BETWEEN, Cells, Passed, Sheet, Unread, plain};

/// What begins a line that sums up or signs, and is no person's.
const TOTALS: &[&str] = &["合计", "小计", "总计", "共计", "总人数", "填表人", "制表人", "审核人", "填报人"];

/// The rows of the sheets that are taken, with all their cells.
pub(super) struct Draft {
    /// Which sheet decides what the columns are, and between which of its lines the header stands.
    pub main: usize,
    pub lines: (usize, usize),
    pub header: Vec<Label>,
    pub columns: Vec<Option<Column>>,
    /// The sheets that are read, by their places.
    pub read: Vec<usize>,
    rows: Vec<Raw>,
    /// What the names of the sheets say, where no column does.
    by_sheet: Option<Column>,
    /// The file does not tell merged cells: blanks below a cell may mean it.
    blanks: bool,
    sheets: Vec<String>,
    unread: Vec<String>,
    /// The sheet's place, the line, and what begins it.
    passed: Vec<(usize, u32, String)>,
}

/// A row with all its cells.
struct Raw {
    line: u32,
    /// Its sheet's place among the names.
    sheet: usize,
    cells: Vec<String>,
    /// The cells as they are written.
    whole: String,
    lost: Vec<usize>,
    faulty: Vec<usize>,
    /// Places of cells that are merged with one above.
    spread: Vec<usize>,
}

impl Draft {
    /// Nothing where no sheet has a line that could be a header.
    pub fn of(grids: &[Grid], reading: &Reading) -> Option<Draft> {
        let heads: Vec<Option<Head>> = (0..grids.len()).map(|at| reading.head(grids, at)).collect();
        let known = |at: &usize| heads[*at].as_ref().map_or(0, |head| head.known);
        let main = main_sheet(&heads, reading);
        let main = main.or_else(|| (0..heads.len()).rev().max_by_key(known)).unwrap_or(0);
        let head = heads.get(main)?.as_ref()?;
        let (header, columns) = columns_of(&grids[main], head, reading);
        let mut draft = Draft {
            main,
            lines: (head.first, head.below),
            header,
            columns,
            read: vec![],
            rows: vec![],
            by_sheet: None,
            blanks: grids[main].merges.is_none(),
            sheets: vec![],
            unread: vec![],
            passed: vec![],
        };
        for (at, (grid, head)) in grids.iter().zip(&heads).enumerate().filter(|(at, _)| reading.wants(*at)) {
            match head.as_ref().and_then(|head| Some((head, draft.places(head)?))) {
                Some((head, places)) => {
                    draft.read.push(at);
                    draft.take(grid, head, &places);
                }
                None => draft.unread.extend(grid.sheet.clone()),
            }
        }
        if reading.layout.is_none() {
            draft.number_by_serial();
        }
        draft.name_by_sheet();
        Some(draft)
    }

    /// Where the columns stand in another sheet; nothing where it is of another make.
    fn places(&self, head: &Head) -> Option<Vec<Option<usize>>> {
        let width = head.labels.len();
        if layout::digest(&head.labels) == layout::digest(&self.header) {
            return Some((0..self.header.len()).map(|at| (at < width).then_some(at)).collect());
        }
        let theirs = columns::assign(&head.labels).into_iter().zip(&head.labels).map(|(own, label)| {
            // The same words mean the same, whatever they would mean by themselves.
            let same = self.header.iter().position(|other| !other.own.is_empty() && other == label);
            same.map_or(own, |at| self.columns[at])
        });
        let theirs: Vec<Option<Column>> = theirs.collect();
        if theirs.iter().flatten().any(|column| !self.columns.contains(&Some(*column))) {
            return None;
        }
        let mine = self.header.iter().zip(&self.columns);
        let place = |(label, column): (&Label, &Option<Column>)| {
            let same_word = || head.labels.iter().position(|other| other == label);
            let same = theirs.iter().position(|other| column.is_some() && other == column).or_else(same_word);
            (same.is_some() || column.is_none()).then_some(same)
        };
        mine.map(place).collect()
    }

    fn take(&mut self, grid: &Grid, head: &Head, places: &[Option<usize>]) {
        let sheet = self.sheets.len();
        self.sheets.push(grid.sheet.clone().unwrap_or_default());
        let merges = grid.merges.as_deref().unwrap_or_default();
        let mut down: Vec<_> = merges.iter().filter(|m| m.last.0 > m.first.0).collect();
        down.sort_by_key(|merge| merge.first.0);
        // Merged cells that reach down to the line at hand, with the text of the first: one for each
        // column, since cells are in one merge only, however many a file says.
        let (mut next, mut open) = (0, BTreeMap::new());
        for line in &grid.lines[head.below..] {
            open.retain(|_, (last, _): &mut (u32, String)| *last >= line.number);
            let mut cells = line.cells.clone();
            let mut spread = Vec::new();
            for (column, (_, text)) in &open {
                if cells.len() <= *column {
                    cells.resize(column + 1, String::new());
                }
                if cells[*column].trim().is_empty() {
                    cells[*column].clone_from(text);
                    spread.push(*column);
                }
            }
            while let Some(merge) = down.get(next).filter(|merge| merge.first.0 <= line.number) {
                let text = cells.get(merge.first.1).filter(|_| merge.first.0 == line.number);
                open.extend(text.map(|text| (merge.first.1, (merge.last.0, text.clone()))));
                next += 1;
            }
            if let Some(why) = passed_over(&line.cells, &head.labels) {
                self.passed.push((sheet, line.number, why));
                continue;
            }
            let cell = |at: &Option<usize>| at.and_then(|at| cells.get(at)).map(|c| plain(c));
            let written =
                |at: &Option<usize>| at.and_then(|at| line.cells.get(at)).map_or("", String::as_str);
            let whole: Vec<&str> = places.iter().map(written).collect();
            let marked = |wanted: Remark| place_of(places, |at| line.remarks.contains(&(at, wanted)));
            let raw = Raw {
                line: line.number,
                sheet,
                cells: places.iter().map(|at| cell(at).unwrap_or_default()).collect(),
                whole: whole.join(&BETWEEN.to_string()),
                lost: marked(Remark::DigitsLost),
                faulty: marked(Remark::ErrorValue),
                spread: place_of(places, |at| spread.contains(&at)),
            };
            if raw.cells.iter().enumerate().any(|(at, cell)| !cell.is_empty() && !raw.spread.contains(&at)) {
                self.rows.push(raw);
            }
        }
    }

    /// A serial number merged over several lines numbers households.
    fn number_by_serial(&mut self) {
        let serial = self.header.iter().position(columns::is_serial);
        if let Some(at) = serial.filter(|_| !self.columns.contains(&Some(Column::Number)))
            && self.rows.iter().any(|row| row.spread.contains(&at))
        {
            self.columns[at] = Some(Column::Number);
        }
    }

    fn name_by_sheet(&mut self) {
        let ends = |ends: &[&str]| self.sheets.iter().all(|name| ends.iter().any(|end| name.ends_with(end)));
        let lacks = |column| !self.columns.contains(&Some(column));
        self.by_sheet = if ends(&["村", "社区"]) && lacks(Column::Village) {
            Some(Column::Village)
        } else if ends(&["组", "街", "队", "巷", "路", "片", "段", "庄"]) && lacks(Column::Group) {
            // 在村人员 is the name of no street.
            Some(Column::Group)
        } else {
            None
        };
    }

    /// The words over the columns, for people.
    fn found(&self) -> String {
        let words = self.header.iter().map(Label::text).filter(|text| !text.is_empty());
        words.collect::<Vec<_>>().join("、")
    }

    /// The table as the columns are understood.
    pub fn sheet(self) -> Result<Sheet, Unread> {
        if self.rows.is_empty() {
            return Err(Unread::NoRows);
        }
        columns::check(&self.columns, &self.found())?;
        let mut taken: Vec<usize> =
            (0..self.columns.len()).filter(|at| self.columns[*at].is_some()).collect();
        let words: Vec<String> = self.header.iter().map(Label::text).collect();
        let named = || words.iter().zip(&self.columns);
        let ignored =
            named().filter(|(word, column)| column.is_none() && !word.is_empty() && *word != REASON);
        let ignored = ignored.map(|(word, _)| word.clone()).collect();
        let mut columns: Vec<_> =
            named().filter_map(|(word, column)| Some(((*column)?, word.clone()))).collect();
        let by_sheet = self.by_sheet.filter(|column| !self.columns.contains(&Some(*column)));
        columns.extend(by_sheet.map(|column| (column, column.word().to_owned())));
        // Without its merged cells, a serial number does not tell households.
        let numbered = |(label, column): (&Label, &Option<Column>)| match column {
            Some(Column::Number) if columns::is_serial(label) => Column::Number.word().to_owned(),
            _ => label.text(),
        };
        let mut header: Vec<String> = self.header.iter().zip(&self.columns).map(numbered).collect();
        header.extend(by_sheet.map(|column| column.word().to_owned()));
        let several = self.sheets.len() > 1;
        let passed = |(sheet, line, text): (usize, u32, String)| {
            let sheet = if several { self.sheets[sheet].clone() } else { String::new() };
            Passed { sheet, line, text }
        };
        let (unread, passed) = (self.unread, self.passed.into_iter().map(passed).collect());
        let row = |raw: Raw| {
            let own = |at: &usize| {
                let shared = self.columns[*at].is_some_and(Column::is_shared);
                if raw.spread.contains(at) && !shared { String::new() } else { raw.cells[*at].clone() }
            };
            let name = &self.sheets[raw.sheet];
            let places =
                |wanted: &[usize]| (0..taken.len()).filter(|p| wanted.contains(&taken[*p])).collect();
            let mut cells: Vec<String> = taken.iter().map(own).collect();
            cells.extend(by_sheet.map(|_| plain(name)));
            Cells {
                whole: raw.whole,
                line: raw.line,
                sheet: if several { name.clone() } else { String::new() },
                cells,
                lost: places(&raw.lost),
                faulty: places(&raw.faulty),
            }
        };
        let rows = self.rows.into_iter().map(row).filter(|row| row.cells.iter().any(|c| !c.is_empty()));
        let rows: Vec<Cells> = rows.collect();
        if rows.is_empty() {
            return Err(Unread::NoRows);
        }
        taken.extend(by_sheet.map(|_| header.len() - 1));
        let mut sheet = Sheet { columns, header, taken, rows, ignored, unread, passed, ..Sheet::default() };
        if self.blanks {
            sheet.fill_blanks();
        }
        Ok(sheet)
    }
}

/// The sheet that decides: the first with the header that is asked for, else the first that is a list.
fn main_sheet(heads: &[Option<Head>], reading: &Reading) -> Option<usize> {
    let asked = |head: &Head| match &reading.layout {
        Some(layout) => layout::digest(&head.labels) == layout.header,
        None => columns::check(&columns::assign(&head.labels), "").is_ok(),
    };
    heads.iter().position(|head| head.as_ref().is_some_and(asked))
}

/// The words over all columns of a sheet, those over which there are none as well, and what they mean.
fn columns_of(grid: &Grid, head: &Head, reading: &Reading) -> (Vec<Label>, Vec<Option<Column>>) {
    let below = grid.lines[head.below..].iter().map(|line| line.cells.len());
    let width = below.max().unwrap_or(0).max(head.labels.len());
    let mut header = head.labels.clone();
    header.resize(width, Label::default());
    let said = reading.layout.as_ref().filter(|layout| layout.header == layout::digest(&head.labels));
    let mut columns = said.map_or_else(|| columns::assign(&header), |layout| layout.columns.clone());
    columns.resize(width, None);
    (header, columns)
}

fn place_of(places: &[Option<usize>], wanted: impl Fn(usize) -> bool) -> Vec<usize> {
    let marked = places.iter().enumerate().filter(|(_, at)| at.is_some_and(&wanted));
    marked.map(|(place, _)| place).collect()
}

/// What stands in a line that is nobody's: a total, a signature, the header once more.
fn passed_over(cells: &[String], labels: &[Label]) -> Option<String> {
    let filled = || cells.iter().enumerate().filter(|(_, cell)| !cell.trim().is_empty());
    let first: String = filled().next()?.1.split_whitespace().collect();
    let again = |(at, cell): (usize, &String)| {
        let label = labels.get(at);
        label.is_some_and(|label| [&label.own, &label.group].into_iter().any(|word| word == cell.trim()))
    };
    let is_total = TOTALS.iter().any(|word| first.starts_with(word));
    let is_header = filled().count() > 1 && filled().all(again);
    (is_total || is_header).then(|| first.chars().take(20).collect())
}
