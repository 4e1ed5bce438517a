//! One row: the cells of a person, each understood or remarked on.

use base::{Day, Identity, IdentityError, Normalised, Sex, phone};

use super::columns::Column;
use super::compare::is_head;
use super::sheet::{Cells, Sheet};
use super::{Remark, Weight, cells};

/// Characters of a name or house number, and of an address or place.
pub const SHORT: usize = 50;
const LONG: usize = 200;

/// What a row says.
#[derive(Clone, Debug, Default)]
pub struct Row {
    /// The sheet it stands in; empty where the file has one.
    pub sheet: String,
    pub line: u32,
    pub number: String,
    pub house: String,
    pub head: String,
    pub relation: String,
    pub name: String,
    pub sex: Option<Sex>,
    pub birth: Option<Day>,
    pub identity: Option<Identity>,
    pub phone: Option<String>,
    /// The household's.
    pub house_phone: Option<String>,
    pub village: String,
    pub group: String,
    pub address: String,
    /// Whether somebody lodges; nothing where the list does not say.
    pub lodging: Option<bool>,
    pub away: Option<(String, Option<Day>)>,
    /// The list says that somebody is at home; it may say neither.
    pub at_home: bool,
    pub tags: Vec<&'static str>,
    /// The row stands for a house in which nobody lives.
    pub vacant: bool,
    pub contact: String,
    /// Why somebody is to be listed as a key person; none for who is not.
    pub key_reason: Option<String>,
    pub remarks: Vec<Remark>,
}

impl Row {
    pub fn is_head(&self) -> bool {
        is_head(&self.relation)
    }

    /// The weight of the heaviest remark.
    pub fn weight(&self) -> Option<Weight> {
        self.remarks.iter().map(|remark| remark.weight).max()
    }

    pub fn remark(&mut self, weight: Weight, key: &'static str) {
        self.remarks.push(Remark::new(weight, key));
    }
}

/// Reads the cells of one row; `today` is the day after which nobody was born.
pub fn read(sheet: &Sheet, raw: &Cells, today: Day) -> Row {
    let mut reader =
        Reader { sheet, raw, row: Row { sheet: raw.sheet.clone(), line: raw.line, ..Row::default() } };
    reader.faults();
    reader.texts();
    reader.person(today);
    reader.stay(today);
    reader.rest();
    reader.row
}

struct Reader<'a> {
    sheet: &'a Sheet,
    raw: &'a Cells,
    row: Row,
}

impl Reader<'_> {
    fn cell(&self, column: Column) -> &str {
        self.sheet.place(column).map_or("", |at| self.raw.cells[at].as_str())
    }

    /// A text without spaces; too long a one rejects the row.
    fn text(&mut self, column: Column, longest: usize) -> String {
        let text: String = self.cell(column).split_whitespace().collect();
        if text.chars().count() > longest {
            self.row.remarks.push(
                Remark::new(Weight::Rejected, "cell-too-long")
                    .with("column", self.header(column))
                    .with("limit", longest),
            );
        }
        text.chars().take(longest).collect()
    }

    fn header(&self, column: Column) -> String {
        self.sheet.place(column).map_or_else(String::new, |at| self.sheet.columns[at].1.clone())
    }

    fn odd(&mut self, weight: Weight, key: &'static str, column: Column) {
        let value: String = self.cell(column).chars().take(20).collect();
        self.row.remarks.push(Remark::new(weight, key).with("value", value));
    }

    fn faults(&mut self) {
        for at in &self.raw.faulty {
            let column = self.sheet.columns[*at].1.clone();
            self.row.remarks.push(Remark::new(Weight::Rejected, "cell-error").with("column", column));
        }
    }

    fn texts(&mut self) {
        self.row.number = self.text(Column::Number, SHORT);
        self.row.house = self.text(Column::House, SHORT);
        self.row.head = self.text(Column::Head, SHORT);
        self.row.relation = self.text(Column::Relation, SHORT);
        self.row.name = self.text(Column::Name, SHORT);
        self.row.village = self.text(Column::Village, SHORT);
        self.row.group = self.text(Column::Group, SHORT);
        self.row.address = self.text(Column::Address, LONG);
        self.row.contact = self.text(Column::Contact, SHORT);
        // In some lists the column 户主 says whether somebody is the head.
        if matches!(self.row.head.as_str(), "是" | "户主" | "√") {
            self.row.head.clone_from(&self.row.name);
            self.row.relation = "户主".to_owned();
        } else if matches!(self.row.head.as_str(), "否" | "×") {
            self.row.head.clear();
        }
        if cells::speaks_of_vacancy(&self.row.name) {
            self.row.name.clear();
        }
        let says = if self.row.name.is_empty() { cells::speaks_of_vacancy } else { cells::is_vacant };
        self.row.vacant =
            [Column::Name, Column::Tags, Column::Presence].iter().any(|column| says(self.cell(*column)));
        if self.row.name.is_empty() && !self.sheet.has(Column::Name) && !self.row.vacant {
            self.row.name.clone_from(&self.row.head);
            self.row.relation = "户主".to_owned();
        }
        if self.row.name.is_empty() && !self.row.vacant {
            self.row.remark(Weight::Rejected, "name-missing");
        }
    }

    fn person(&mut self, today: Day) {
        self.identity();
        self.birth(today);
        let written = self.cell(Column::Sex).to_owned();
        self.row.sex = cells::sex(&written);
        if self.row.sex.is_none() && !written.is_empty() {
            self.odd(Weight::Doubt, "sex-unreadable", Column::Sex);
        }
        if let Some(identity) = &self.row.identity {
            // Sequence 000 is nobody's: its last digit says nothing of the sex.
            let told = (&identity.as_str()[14..17] != "000").then(|| identity.sex());
            match (self.row.sex, told) {
                (Some(sex), Some(told)) if sex != told => self.row.remark(Weight::Doubt, "sex-contradicts"),
                (None, told) => self.row.sex = told,
                _ => {}
            }
        }
        self.row.phone = self.phone(Column::Phone);
        self.row.house_phone = self.phone(Column::HousePhone);
    }

    /// The number of a cell, the first of several.
    fn phone(&mut self, column: Column) -> Option<String> {
        let written = self.cell(column).to_owned();
        if matches!(written.as_str(), "" | "无" | "没有" | "-" | "/") {
            return None;
        }
        let first = written.split(['、', '/', ',', ';', '，', '；']).next().unwrap_or_default();
        let number = phone(first);
        // A number with one digit missing may be somebody's: it is not repeated.
        let digits = written.chars().filter(char::is_ascii_digit).count();
        if number.is_some() {
            if first.len() < written.len() {
                self.row.remark(Weight::Note, "phone-first");
            }
        } else if digits < 7 {
            self.odd(Weight::Doubt, "phone-unreadable", column);
        } else {
            self.row.remarks.push(Remark::new(Weight::Doubt, "phone-digits").with("digits", digits));
        }
        number
    }

    fn identity(&mut self) {
        let written = self.cell(Column::Identity).to_owned();
        if written.is_empty() || matches!(written.as_str(), "无" | "-" | "/") {
            return;
        }
        if self.sheet.place(Column::Identity).is_some_and(|at| self.raw.lost.contains(&at)) {
            return self.row.remark(Weight::Doubt, "identity-digits-lost");
        }
        match Identity::parse(&written) {
            Ok((identity, changed)) => {
                self.row.identity = Some(identity);
                if changed == Some(Normalised::FromFifteen) {
                    self.row.remark(Weight::Note, "identity-fifteen");
                }
            }
            // The number itself is not repeated: it may be a real one with one digit mistyped.
            Err(error) => self.row.remark(
                Weight::Doubt,
                match error {
                    IdentityError::Length => "identity-length",
                    IdentityError::Characters => "identity-characters",
                    IdentityError::BirthDate => "identity-birth",
                    IdentityError::CheckDigit => "identity-check-digit",
                },
            ),
        }
    }

    fn birth(&mut self, today: Day) {
        let told = self.row.identity.as_ref().and_then(Identity::birth);
        let text = self.cell(Column::Birth).to_owned();
        let short = cells::day_of_short_year(&text, today);
        let written = cells::day(&text).or(short);
        if short.is_some() && told.is_none() {
            self.odd(Weight::Note, "birth-short-year", Column::Birth);
        }
        self.row.birth = told.or(written);
        if written.is_none() && cells::is_month(&text) {
            if told.is_none() {
                self.row.remark(Weight::Note, "birth-month");
            }
        } else if written.is_none() && !text.is_empty() {
            self.odd(Weight::Doubt, "birth-unreadable", Column::Birth);
        } else if written.zip(told).is_some_and(|(written, told)| written != told) {
            self.row.remark(Weight::Doubt, "birth-contradicts");
        }
        if self.row.birth.is_some_and(|birth| birth > today || birth.age_on(today) > 130) {
            self.row.birth = None;
            self.odd(Weight::Doubt, "birth-impossible", Column::Birth);
        }
    }

    fn stay(&mut self, today: Day) {
        let registration = self.cell(Column::Registration).to_owned();
        let lodging = cells::is_lodging(&registration);
        if lodging.is_none() && !registration.is_empty() {
            self.odd(Weight::Doubt, "registration-unreadable", Column::Registration);
        }
        self.row.lodging = lodging;
        let place = self.text(Column::Whereabouts, LONG);
        let (presence, flag) = (self.cell(Column::Presence).to_owned(), self.cell(Column::Away).to_owned());
        let told = cells::is_away(&presence).or_else(|| cells::is_yes(&flag));
        if told.is_none() && !(presence.is_empty() && flag.is_empty()) && !self.row.vacant {
            let column = if presence.is_empty() { Column::Away } else { Column::Presence };
            self.odd(Weight::Doubt, "presence-unreadable", column);
        }
        self.row.at_home = told == Some(false);
        if told.unwrap_or(!place.is_empty()) {
            let written = self.cell(Column::AwaySince).to_owned();
            let since = cells::day(&written);
            // Nobody left on a day that is to come: the form takes none either.
            let since = since.filter(|day| *day <= today);
            if since.is_none() && !written.is_empty() {
                self.odd(Weight::Note, "away-since-unreadable", Column::AwaySince);
            }
            self.row.away = Some((place, since));
        }
    }

    fn rest(&mut self) {
        let (tags, more) = cells::tags(self.cell(Column::Tags));
        self.row.tags = tags;
        if more && !self.row.vacant {
            self.odd(Weight::Note, "remark-not-kept", Column::Tags);
        }
        let key = self.text(Column::Key, LONG);
        self.row.key_reason = match cells::is_listed(&key) {
            Some(false) => None,
            Some(true) => Some(self.header(Column::Key)),
            None => Some(key),
        };
    }
}
