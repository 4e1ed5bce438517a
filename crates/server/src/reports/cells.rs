//! The columns of a report, the same on the page, on paper and in the file.

use base::{Day, Division};

use super::model::{Content, Figures, Shown, shown};
use crate::rounds::grouped;
use crate::web::Words;

/// A column: how its figure is read, and where its rows stand.
pub struct Column {
    /// The message `report-column-<key>` names it where it stands alone.
    pub key: &'static str,
    /// The message that names it below its group's name, and that of the group.
    short: &'static str,
    group: &'static str,
    read: fn(&Figures) -> Value,
    rows: Rows,
}

/// What kind of figure stands in a column.
#[derive(Clone, Copy)]
enum Value {
    /// Known in any case.
    Plain(i64),
    /// What the round found: known as far as the round is complete.
    Found(Option<i64>),
    /// Fever among key persons: known as far as they were measured.
    Key(Option<i64>),
    /// Tenths of a percent.
    Share(Option<i64>),
}

/// Which list shows the rows of a figure.
#[derive(Clone, Copy)]
enum Rows {
    /// Findings of a kind: of the day, since the report before, since the operation began.
    Findings(&'static str),
    Since(&'static str),
    Total(&'static str),
    /// Households due, or in a state.
    Round(&'static str),
    /// Key persons, as the query says.
    Key(&'static str),
}

macro_rules! columns {
    ($($group:literal { $($key:literal as $short:literal: $read:expr, $rows:expr;)+ })+) => {
        &[$($(Column { key: $key, short: $short, group: $group, read: $read, rows: $rows }),+),+]
    };
}

/// 三报: returnees, persons from elsewhere, temperatures of key persons.
pub const THREE: &[Column] = columns! {
    "report-group-returnees" {
        "returnees-day" as "report-short-day": |f| Value::Found(f.returnees.day), Rows::Findings("returnee");
        "returnees-since" as "report-short-since": |f| Value::Found(f.returnees.since), Rows::Since("returnee");
        "returnees-total" as "report-short-total": |f| Value::Found(f.returnees.total), Rows::Total("returnee");
    }
    "report-group-visitors" {
        "visitors-day" as "report-short-day": |f| Value::Found(f.visitors.day), Rows::Findings("visitor");
        "visitors-since" as "report-short-since": |f| Value::Found(f.visitors.since), Rows::Since("visitor");
        "visitors-total" as "report-short-total": |f| Value::Found(f.visitors.total), Rows::Total("visitor");
    }
    "report-group-key" {
        "key-due" as "report-short-due": |f| Value::Plain(f.key_due), Rows::Key("show=due");
        "key-measured" as "report-column-key-measured":
            |f| Value::Plain(f.key_measured.day.unwrap_or(0)), Rows::Key("show=measured");
        "key-feverish" as "report-short-feverish":
            |f| Value::Key(f.key_feverish.day), Rows::Key("show=feverish");
        "key-feverish-total" as "report-short-feverish-total":
            |f| Value::Key(f.key_feverish.total), Rows::Key("total=true");
    }
};

/// The round, and what else it found.
pub const ROUND: &[Column] = columns! {
    "report-group-round" {
        "expected" as "report-column-expected": |f| Value::Plain(f.expected), Rows::Round("due");
        "done" as "report-column-done": |f| Value::Plain(f.done), Rows::Round("done");
        "late" as "report-column-late": |f| Value::Plain(f.late), Rows::Round("late");
        "unreachable" as "report-column-unreachable":
            |f| Value::Plain(f.unreachable), Rows::Round("unreachable");
        "silent" as "report-column-silent": |f| Value::Plain(f.silent), Rows::Round("silent");
        "coverage" as "report-column-coverage": |f| Value::Share(f.coverage()), Rows::Round("due");
    }
    "report-group-found" {
        "fevers" as "report-column-fevers": |f| Value::Found(f.fevers), Rows::Findings("fever");
        "symptoms" as "report-column-symptoms": |f| Value::Found(f.symptoms), Rows::Findings("symptom");
        "needs" as "report-column-needs": |f| Value::Found(f.needs), Rows::Findings("need");
    }
};

/// The groups of some columns: the message of each, and how many columns it spans.
pub fn groups(columns: &[Column]) -> Vec<(&'static str, usize)> {
    let runs = columns.chunk_by(|left, right| left.group == right.group);
    runs.map(|run| (run[0].group, run.len())).collect()
}

/// A figure that may be reckoned with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exact {
    Whole(i64),
    Tenths(i64),
}

/// A figure as it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    pub text: String,
    /// The figure itself, where it stands alone.
    pub exact: Option<Exact>,
    /// Whether the text says that it is not known.
    pub unknown: bool,
    /// The list of its rows.
    pub href: Option<String>,
}

impl Column {
    pub fn title(&self, words: &Words) -> String {
        words.get(&format!("report-column-{}", self.key))
    }

    /// The column of a figure that a correction changes.
    pub fn of_figure(figure: &str) -> Option<&'static Column> {
        let is_it = |column: &&Column| column.key.strip_suffix("-day").unwrap_or(column.key) == figure;
        THREE.iter().chain(ROUND).find(is_it)
    }

    /// Its title with that of its group, as they stand above each other in the table.
    pub fn whole_title(&self, words: &Words) -> String {
        let (group, column) = (words.get(self.group), self.short_title(words));
        say!(words, "report-figure", group = group, column = column)
    }

    /// Whether it holds a share in percent, with one decimal.
    pub fn is_share(&self) -> bool {
        matches!((self.read)(&Figures::default()), Value::Share(_))
    }

    /// Its title below that of its group.
    pub fn short_title(&self, words: &Words) -> String {
        words.get(self.short)
    }

    /// Writes the figure of a division (its code).
    pub fn write(&self, words: &Words, content: &Content, division: &str, figures: &Figures) -> Written {
        let all_measured = figures.key_missing() == 0;
        let href = self.rows.of(division, content);
        let told = match (self.read)(figures) {
            Value::Plain(figure) => Shown::Exactly(figure),
            Value::Found(figure) => shown(figure, figures.complete),
            // A zero that was sealed while nobody was listed says as little.
            Value::Key(figure) if figures.key_due == 0 => shown(figure.filter(|n| *n > 0), false),
            Value::Key(figure) => shown(figure, all_measured),
            Value::Share(share) => return share_of(share, href),
        };
        match told {
            Shown::Exactly(n) => {
                Written { text: grouped(n), exact: Some(Exact::Whole(n)), unknown: false, href }
            }
            Shown::AtLeast(n) => {
                let text = say!(words, "report-at-least", n = grouped(n));
                Written { text, exact: None, unknown: false, href }
            }
            Shown::Unknown => {
                Written { text: self.unknown(words, figures), exact: None, unknown: true, href: None }
            }
        }
    }

    /// What is missing before this figure is known.
    fn unknown(&self, words: &Words, figures: &Figures) -> String {
        match (self.read)(figures) {
            Value::Key(_) if figures.key_due == 0 => say!(words, "report-unknown-listed"),
            Value::Key(_) => say!(words, "report-unknown-measured", n = grouped(figures.key_missing())),
            _ if figures.silent > 0 => say!(words, "report-unknown-silent", n = grouped(figures.silent)),
            _ => say!(words, "report-unknown-register"),
        }
    }
}

fn share_of(share: Option<i64>, href: Option<String>) -> Written {
    let text = share.map_or_else(|| "–".to_owned(), |share| format!("{}.{}", share / 10, share % 10));
    let unknown = share.is_none();
    Written { text, exact: share.map(Exact::Tenths), unknown, href: href.filter(|_| !unknown) }
}

impl Rows {
    /// The address of the list; `before` and `since` hold it to what the report counts.
    fn of(self, division: &str, content: &Content) -> Option<String> {
        let Content { day, as_of, since, .. } = content;
        let division = Division::from_code(division)?;
        let number = division.number();
        // Live figures count everything so far.
        let closed = content.villages.iter().any(|line| line.rows.is_some());
        let before = if closed { format!("&before={}", as_of.0) } else { String::new() };
        let findings = |kind, more: &str| format!("/findings?division={number}{more}&kind={kind}{before}");
        Some(match (self, since) {
            (Rows::Findings(kind), _) => findings(kind, &format!("&day={day}")),
            (Rows::Since(kind), Some(since)) => findings(kind, &format!("&since={}", since.0)),
            (Rows::Since(kind), None) | (Rows::Total(kind), _) => findings(kind, ""),
            (Rows::Round(state), _) => {
                format!("{}?state={state}{before}", round_path(division, *day))
            }
            (Rows::Key(query), _) => {
                format!("{}/key-persons?{query}{before}", round_path(division, *day))
            }
        })
    }
}

fn round_path(division: Division, day: Day) -> String {
    format!("/round/{}/{day}", division.number())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::web::{Language, Languages};

    #[test]
    fn every_column_has_a_title_in_every_language() {
        let languages = Languages::load().unwrap();
        for language in Language::ALL {
            let words = languages.of(language);
            for column in THREE.iter().chain(ROUND) {
                assert!(words.has(column.short) && words.has(column.group), "{} {language:?}", column.key);
                assert!(words.has(&format!("report-column-{}", column.key)), "{} {language:?}", column.key);
            }
            for (figure, _) in super::super::correction::FIGURES {
                let title = Column::of_figure(figure).unwrap().whole_title(&words);
                assert!(!title.contains("report-"), "{figure} {language:?}");
            }
        }
    }
}
