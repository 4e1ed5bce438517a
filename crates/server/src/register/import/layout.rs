//! Where the header of a sheet stands, and what its columns are called: under title rows, in one
//! line or in two, the upper of which names groups of columns.

use std::collections::BTreeSet;

use office::{Grid, Merge, Row};
use serde::{Deserialize, Serialize};

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

/// What the columns of a list mean, and the header by which such a list is known again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Layout {
    pub header: String,
    /// Nothing for a column that is not taken; those after the last that is are left out.
    pub columns: Vec<Option<Column>>,
}

impl Layout {
    pub fn new(labels: &[Label], columns: &[Option<Column>]) -> Layout {
        let width = columns.iter().rposition(Option::is_some).map_or(0, |last| last + 1);
        Layout { header: digest(labels), columns: columns[..width].to_vec() }
    }
}

/// By which a header is known again: of its words, without what people put around them. Only the digest
/// is stored, since somebody may take a line of people for the header.
pub fn digest(labels: &[Label]) -> String {
    let word =
        |label: &Label| format!("{}\u{1f}{}", columns::plain(&label.group), columns::plain(&label.own));
    let words: Vec<String> = labels.iter().map(word).collect();
    let width = words.iter().rposition(|word| word.len() > 1).map_or(0, |last| last + 1);
    blake3::hash(words[..width].join("\u{1e}").as_bytes()).to_hex()[..32].to_owned()
}

/// The header of a sheet.
#[derive(Clone, Debug)]
pub struct Head {
    pub labels: Vec<Label>,
    /// Its first line, and where the rows below it begin, among the lines of the sheet.
    pub first: usize,
    pub below: usize,
    /// How many different columns were recognised.
    pub known: usize,
}

/// Every line, and every two lines, that may be a header.
pub fn heads(grid: &Grid) -> impl Iterator<Item = Head> {
    let merges = grid.merges.as_deref().unwrap_or_default();
    let lines = &grid.lines[..grid.lines.len().min(DEEPEST)];
    (0..lines.len()).flat_map(move |at| {
        let two = lines.get(at + 1).and_then(|lower| double(&lines[at], lower, merges));
        let two = two.map(|labels| Head::new(labels, at, at + 2));
        std::iter::once(Head::new(single(&lines[at]), at, at + 1)).chain(two)
    })
}

/// The header of this digest.
pub fn known(grid: &Grid, header: &str) -> Option<Head> {
    heads(grid).find(|head| digest(&head.labels) == header)
}

/// The line or two lines in which most columns are recognised, the first of equals; where no more than
/// one is, which a line of people does as well (户主 is a word for a column, too), the first line of several
/// cells.
pub fn find(grid: &Grid) -> Option<Head> {
    let merges = grid.merges.as_deref().unwrap_or_default();
    let lines = &grid.lines[..grid.lines.len().min(DEEPEST)];
    let mut best: Option<Head> = None;
    for (at, line) in lines.iter().enumerate() {
        let one = Head::new(single(line), at, at + 1);
        // Two lines are a header where they tell more than either: a title over a header tells nothing.
        let lower = lines.get(at + 1);
        let either = one.known.max(lower.map_or(0, |lower| Head::new(single(lower), 0, 0).known));
        let two =
            lower.and_then(|lower| double(line, lower, merges)).map(|labels| Head::new(labels, at, at + 2));
        let two = two.filter(|two| two.known > either);
        let head = two.unwrap_or(one);
        if head.known > best.as_ref().map_or(0, |best| best.known) {
            best = Some(head);
        }
    }
    let wide = |line: &Row| line.cells.iter().filter(|cell| !cell.trim().is_empty()).count() > 1;
    let first = || lines.iter().position(wide).map(|at| Head::new(single(&lines[at]), at, at + 1));
    if best.as_ref().is_some_and(|best| best.known > 1) { best } else { first().or(best) }
}

impl Head {
    fn new(labels: Vec<Label>, first: usize, below: usize) -> Head {
        let known: BTreeSet<Column> = columns::assign(&labels).into_iter().flatten().collect();
        Head { labels, first, below, known: known.len() }
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
    fn a_header_is_known_again_whatever_stands_around_its_words() {
        let lines: &[&[&str]] =
            &[&["北街村花名册", "2020"], &["姓 名*", "电话（必填）", ""], &["张三", "1", "x"]];
        let grid = grid(lines, None);
        let header = digest(&[Label::of("姓名"), Label::of("电话")]);
        assert_eq!(known(&grid, &header).map(|head| (head.first, head.below)), Some((1, 2)));
        assert!(known(&grid, &digest(&[Label::of("姓名"), Label::of("手机")])).is_none());
        // Which of two words stands in a group matters.
        assert_ne!(digest(&[Label::of("户主·姓名")]), digest(&[Label::of("户主姓名")]));
    }

    #[test]
    fn a_row_of_people_is_no_header_where_no_column_is_known() {
        let lines: &[&[&str]] = &[&["摸底"], &["称呼啥", "和当家的"], &["张三", "户主"]];
        assert_eq!(found(&grid(lines, None)).1, 2);
    }

    #[test]
    fn a_first_row_that_says_head_is_no_header() {
        let lines: &[&[&str]] =
            &[&["姓名", "与户主关系", "", "现状"], &["张三", "户主", "x", "外出"], &["李四", "妻", "", ""]];
        assert_eq!(found(&grid(lines, None)).1, 1);
    }
}
