//! Where the header of a sheet stands, and what its columns are called: under title rows, in one
//! line or in two, the upper of which names groups of columns.

use std::collections::BTreeSet;

use office::{Grid, Merge, Row};

use super::columns::{self, Column};

/// Lines from the top in which a header is looked for.
const DEEPEST: usize = 30;

/// Stands between a group's name and a column's own where both are told in one.
const MIDDLE: char = '·';

/// What stands over a column: the group's name where there is one, and its own.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Label {
    pub group: String,
    pub own: String,
}

impl Label {
    /// A label as it stands in one cell: `户主信息·姓名`, as [`Label::text`] writes it.
    fn of(cell: &str) -> Label {
        let (group, own) = cell.trim().split_once(MIDDLE).unwrap_or(("", cell.trim()));
        Label { group: group.to_owned(), own: own.to_owned() }
    }

    /// As people are shown it.
    pub fn text(&self) -> String {
        if self.group.is_empty() { self.own.clone() } else { format!("{}{MIDDLE}{}", self.group, self.own) }
    }
}

/// The header of a sheet.
#[derive(Clone, Debug)]
pub struct Head {
    pub labels: Vec<Label>,
    /// Where the rows below it begin, among the lines of the sheet.
    pub below: usize,
    /// How many different columns were recognised.
    pub known: usize,
}

/// The line or two lines in which most columns are recognised, the first of equals; where none is,
/// the first line of several cells.
pub fn find(grid: &Grid) -> Option<Head> {
    let merges = grid.merges.as_deref().unwrap_or_default();
    let lines = &grid.lines[..grid.lines.len().min(DEEPEST)];
    let mut best: Option<Head> = None;
    for (at, line) in lines.iter().enumerate() {
        let one = Head::new(single(line), at + 1);
        // Two lines are a header where they tell more than either: a title over a header tells nothing.
        let lower = lines.get(at + 1);
        let either = one.known.max(lower.map_or(0, |lower| Head::new(single(lower), 0).known));
        let two = lower.and_then(|lower| double(line, lower, merges)).map(|labels| Head::new(labels, at + 2));
        let two = two.filter(|two| two.known > either);
        let head = two.unwrap_or(one);
        if head.known > best.as_ref().map_or(0, |best| best.known) {
            best = Some(head);
        }
    }
    best.or_else(|| {
        let wide = |line: &&Row| line.cells.iter().filter(|cell| !cell.trim().is_empty()).count() > 1;
        let at = lines.iter().position(|line| wide(&line))?;
        Some(Head::new(single(&lines[at]), at + 1))
    })
}

impl Head {
    fn new(labels: Vec<Label>, below: usize) -> Head {
        let known: BTreeSet<Column> = columns::assign(&labels).into_iter().flatten().collect();
        Head { labels, below, known: known.len() }
    }
}

fn single(line: &Row) -> Vec<Label> {
    line.cells.iter().map(|cell| Label::of(cell)).collect()
}

/// The labels of two lines; nothing where the lower one holds a person and no words for columns.
fn double(upper: &Row, lower: &Row, merges: &[Merge]) -> Option<Vec<Label>> {
    let width = upper.cells.len().max(lower.cells.len());
    let cell = |line: &Row, at: usize| line.cells.get(at).map_or("", |cell| cell.trim()).to_owned();
    // Which upper cell stands over a column: its own, that of its merged cells, or else, over a
    // lower one that has none, the next to the left.
    let mut over: Vec<Option<usize>> = Vec::with_capacity(width);
    for at in 0..width {
        let merged = merges.iter().find(|m| {
            m.first.0 == upper.number && m.last.0 == upper.number && (m.first.1..=m.last.1).contains(&at)
        });
        let left = over.last().copied().flatten();
        over.push(match merged {
            Some(merge) => Some(merge.first.1),
            None if !cell(upper, at).is_empty() => Some(at),
            None if !cell(lower, at).is_empty() => left,
            None => None,
        });
    }
    let mut labels = Vec::with_capacity(width);
    let mut grouped = false;
    for at in 0..width {
        let above = over[at].map(|from| cell(upper, from)).unwrap_or_default();
        let own = cell(lower, at);
        let is_group = over[at].is_some() && over.iter().filter(|other| **other == over[at]).count() > 1;
        if own.is_empty() {
            labels.push(Label { group: String::new(), own: above });
            continue;
        }
        if !is_group && columns::meant(&above).is_some() && columns::meant(&own).is_none() {
            return None;
        }
        grouped |= is_group;
        labels.push(Label { group: above, own });
    }
    grouped.then_some(labels)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grid(lines: &[&[&str]], merges: Option<Vec<Merge>>) -> Grid {
        let line = |(at, cells): (usize, &&[&str])| Row {
            number: at as u32 + 1,
            cells: cells.iter().map(|cell| (*cell).to_owned()).collect(),
            remarks: vec![],
        };
        Grid { sheet: None, lines: lines.iter().enumerate().map(line).collect(), merges }
    }

    fn found(grid: &Grid) -> (Vec<String>, usize) {
        let head = find(grid).unwrap();
        (head.labels.iter().map(Label::text).collect(), head.below)
    }

    #[test]
    fn a_header_is_found_under_titles() {
        let lines: &[&[&str]] = &[
            &["北街村花名册"],
            &["填报：", "北街村"],
            &["姓名", "门牌号", "关系"],
            &["张三", "1号", "户主"],
        ];
        assert_eq!(found(&grid(lines, None)), (["姓名", "门牌号", "关系"].map(str::to_owned).into(), 3));
    }

    #[test]
    fn two_lines_are_one_header_by_merges_or_by_blanks() {
        let lines: &[&[&str]] = &[
            &["户号", "户主信息", "", "家庭成员", "", "备注"],
            &["", "姓名", "电话", "姓名", "关系", ""],
            &["1", "张三", "", "李四", "妻", ""],
        ];
        let labels = ["户号", "户主信息·姓名", "户主信息·电话", "家庭成员·姓名", "家庭成员·关系", "备注"];
        let merges = [(1, 2), (3, 4)].map(|(a, b)| Merge { first: (1, a), last: (1, b) }).to_vec();
        for merges in [None, Some(merges)] {
            assert_eq!(found(&grid(lines, merges)), (labels.map(str::to_owned).into(), 2));
        }
    }

    #[test]
    fn a_label_that_was_told_in_one_is_read_again() {
        let label = Label { group: "户主信息".into(), own: "姓名".into() };
        assert_eq!(Label::of(&label.text()), label);
        assert_eq!(Label::of(" 姓名 ").text(), "姓名");
    }

    #[test]
    fn a_first_row_that_says_head_is_no_header() {
        let lines: &[&[&str]] =
            &[&["姓名", "与户主关系", "", "现状"], &["张三", "户主", "x", "外出"], &["李四", "妻", "", ""]];
        assert_eq!(found(&grid(lines, None)).1, 1);
    }
}
