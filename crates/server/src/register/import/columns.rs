//! What the columns of a list mean, by what stands over them.

use std::collections::BTreeSet;

use base::fold_width;
use serde::{Deserialize, Serialize};

use super::called::{CALLED, SERIAL};
use super::layout::Label;

/// The word over the reasons with which rejected rows are given back. A column so called is passed over.
pub const REASON: &str = "不能导的原因";

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Column {
    /// A number that all rows of a household share.
    Number,
    House,
    Head,
    Relation,
    Name,
    Sex,
    Birth,
    Identity,
    Phone,
    /// Where the household is called, beside each person's own number.
    HousePhone,
    Village,
    Group,
    Address,
    Registration,
    /// 在家 or 外出.
    Presence,
    /// 是 for who is away.
    Away,
    Whereabouts,
    AwaySince,
    Tags,
    Contact,
    /// Why somebody is a key person, or 是.
    Key,
}

/// Why a header line cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HeadFault {
    #[error("no column of names (姓名 or 户主) among: {0}")]
    NoName(String),
    #[error(
        "no column tells who lives together: add one called 户号, 与户主关系, 户主 or 门牌号 (found: {0})"
    )]
    NoHousehold(String),
    #[error("two columns are said to be {0}: one is enough")]
    Twice(String),
}

impl HeadFault {
    /// The key of the message for people; it speaks of `found`.
    pub fn key(&self) -> &'static str {
        match self {
            HeadFault::NoName(_) => "import-no-name",
            HeadFault::NoHousehold(_) => "import-no-household",
            HeadFault::Twice(_) => "import-column-twice",
        }
    }

    pub fn found(&self) -> &str {
        match self {
            HeadFault::NoName(found) | HeadFault::NoHousehold(found) | HeadFault::Twice(found) => found,
        }
    }
}

impl Column {
    /// In the order in which a person fills in a list.
    pub fn all() -> impl Iterator<Item = Column> {
        CALLED.iter().map(|(column, _)| *column)
    }

    /// By which forms and the database call it, and the message `import-column-<key>`.
    pub fn key(self) -> &'static str {
        match self {
            Column::Number => "number",
            Column::House => "house",
            Column::Head => "head",
            Column::Relation => "relation",
            Column::Name => "name",
            Column::Sex => "sex",
            Column::Birth => "birth",
            Column::Identity => "identity",
            Column::Phone => "phone",
            Column::HousePhone => "house-phone",
            Column::Village => "village",
            Column::Group => "group",
            Column::Address => "address",
            Column::Registration => "registration",
            Column::Presence => "presence",
            Column::Away => "away",
            Column::Whereabouts => "whereabouts",
            Column::AwaySince => "away-since",
            Column::Tags => "tags",
            Column::Contact => "contact",
            Column::Key => "key-person",
        }
    }

    pub fn of(key: &str) -> Option<Column> {
        Column::all().find(|column| column.key() == key)
    }

    /// Its most usual word.
    pub fn word(self) -> &'static str {
        CALLED.iter().find(|(column, _)| *column == self).map_or("", |(_, names)| names[0])
    }

    /// Whether rows with an equal cell belong together, so that merged cells say so.
    pub fn is_shared(self) -> bool {
        use Column::*;
        matches!(self, Number | House | Head | Village | Group | Address | Contact)
    }
}

/// Which column holds what; nothing for a column that is not taken. What stands in a group that
/// speaks of the head is the person's own only where the list has no other names.
pub fn assign(labels: &[Label]) -> Vec<Option<Column>> {
    let of_head = |label: &Label| plain(&label.group).contains("户主");
    let meanings: Vec<_> = labels.iter().map(|label| (meaning(label), of_head(label))).collect();
    let others_named = meanings.contains(&(Some(Column::Name), false));
    let mut seen = BTreeSet::new();
    let take = |(meaning, of_head): (Option<Column>, bool)| {
        let own = !of_head || !others_named || meaning == Some(Column::Head);
        meaning.filter(|column| own && seen.insert(*column))
    };
    meanings.into_iter().map(take).collect()
}

fn meaning(label: &Label) -> Option<Column> {
    let own = meant(&label.own);
    let whole = meant(&format!("{}{}", plain(&label.group), plain(&label.own)));
    let head = plain(&label.group).contains("户主") && own == Some(Column::Name);
    if head { Some(Column::Head) } else { whole.or(own) }
}

pub fn is_serial(label: &Label) -> bool {
    SERIAL.contains(&plain(&label.own).as_str())
}

/// Whether the columns tell who somebody is and with whom he lives, and each once.
pub fn check(columns: &[Option<Column>], found: &str) -> Result<(), HeadFault> {
    let mut seen = BTreeSet::new();
    if let Some(twice) = columns.iter().flatten().find(|column| !seen.insert(**column)) {
        return Err(HeadFault::Twice(twice.word().to_owned()));
    }
    let has = |column| columns.contains(&Some(column));
    if !has(Column::Name) && !has(Column::Head) {
        return Err(HeadFault::NoName(found.to_owned()));
    }
    let together = [Column::Number, Column::Relation, Column::Head, Column::House];
    if together.into_iter().any(has) { Ok(()) } else { Err(HeadFault::NoHousehold(found.to_owned())) }
}

pub fn meant(cell: &str) -> Option<Column> {
    let plain = plain(cell);
    CALLED.iter().find(|(_, names)| names.contains(&plain.as_str())).map(|(column, _)| *column)
}

/// A header without what people put around it: spaces, line ends, marks, a note in parentheses.
pub fn plain(cell: &str) -> String {
    let folded = fold_width(cell);
    let noted = folded.find('(').filter(|at| *at > 0).map_or(folded.as_str(), |at| &folded[..at]);
    noted.chars().filter(|c| c.is_alphanumeric()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(cells: &[(&str, &str)]) -> Vec<Label> {
        let label = |(group, own): &(&str, &str)| Label { group: (*group).into(), own: (*own).into() };
        cells.iter().map(label).collect()
    }

    #[test]
    fn columns_are_known_by_what_villages_call_them() {
        let header =
            ["序号", " 户 主 ", "姓名*", "身份证号（18位）", "组/街/队", "手机", "电话"].map(|own| ("", own));
        let expected = [
            None,
            Some(Column::Head),
            Some(Column::Name),
            Some(Column::Identity),
            Some(Column::Group),
            Some(Column::Phone),
            None,
        ];
        assert_eq!(assign(&labels(&header)), expected);
    }

    #[test]
    fn a_group_tells_whose_name_and_phone_it_is() {
        let header = [("户主信息", "姓名"), ("户主信息", "电话"), ("家庭成员", "姓名"), ("家庭成员", "电话")];
        let expected = [Some(Column::Head), None, Some(Column::Name), Some(Column::Phone)];
        assert_eq!(assign(&labels(&header)), expected);
        assert_eq!(assign(&labels(&header[..2])), [Some(Column::Head), Some(Column::Phone)]);
    }

    #[test]
    fn a_word_is_a_columns_name() {
        for (column, _) in CALLED {
            assert_eq!(meant(column.word()), Some(*column));
        }
    }

    #[test]
    fn a_table_of_something_else_says_what_was_found() {
        let fault = check(&[None, None], "物资、数量").unwrap_err();
        assert_eq!((fault.key(), fault.found()), ("import-no-name", "物资、数量"));
        assert_eq!(check(&[Some(Column::Name)], "").unwrap_err().key(), "import-no-household");
    }
}
