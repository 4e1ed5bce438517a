//! What the columns of a list are called in the villages.

use std::collections::BTreeSet;

use base::fold_width;
use serde::{Deserialize, Serialize};

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

const CALLED: &[(Column, &[&str])] = &[
    (Column::Number, &["户号", "户编号", "户编码", "家庭编号", "家庭编码", "户主编号"]),
    (Column::House, &["门牌号", "门牌", "门牌号码", "户门牌号", "门牌编号"]),
    (Column::Head, &["户主", "户主姓名", "户主名"]),
    (Column::Relation, &["与户主关系", "与户主的关系", "关系", "家庭关系", "成员关系", "称谓"]),
    (Column::Name, &["姓名", "名字", "人员姓名", "家庭成员", "成员姓名", "居民姓名", "家庭成员姓名"]),
    (Column::Sex, &["性别"]),
    (Column::Birth, &["出生日期", "出生年月日", "出生年月", "生日", "出生"]),
    (
        Column::Identity,
        &["身份证号", "身份证号码", "公民身份号码", "公民身份证号码", "身份证", "证件号码", "证件号"],
    ),
    (
        Column::Phone,
        &["电话", "联系电话", "手机", "手机号", "手机号码", "电话号码", "联系方式", "联系电话号码"],
    ),
    (Column::Village, &["村", "村名", "行政村", "所属村", "所在村", "村居", "社区", "村委会", "村社区"]),
    (
        Column::Group,
        &[
            "组",
            "街",
            "队",
            "街队",
            "组街队",
            "街队组",
            "村民小组",
            "小组",
            "街巷",
            "生产队",
            "组别",
            "所属组",
        ],
    ),
    (
        Column::Address,
        &["住址", "现住址", "地址", "家庭住址", "家庭地址", "居住地址", "现居住地", "现居住地址", "详细地址"],
    ),
    (
        Column::Registration,
        &["户籍", "是否本村", "是否本村户籍", "是否户籍人口", "户口", "户籍情况", "户籍类型", "户籍是否本村"],
    ),
    (
        Column::Presence,
        &["在家外出", "是否在家", "在家情况", "居住状态", "居住情况", "现状", "在家或外出", "是否在村"],
    ),
    (Column::Away, &["是否外出", "外出", "是否在外"]),
    (Column::Whereabouts, &["外出地点", "外出地", "外出地址", "去向", "务工地", "务工地点", "外出务工地"]),
    (Column::AwaySince, &["外出时间", "外出日期", "离开日期", "离村时间"]),
    (Column::Tags, &["标签", "备注", "人员类别", "重点类别", "特殊情况"]),
    (Column::Key, &["重点人员", "是否重点人员", "重点人员原因", "重点原因", "列为重点人员原因"]),
    (Column::Contact, &["包户人", "包联人", "包户干部", "包保人", "包户责任人", "包户党员", "包户人员"]),
];

/// Why a header line cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HeadFault {
    #[error("no column of names (姓名 or 户主) among: {0}")]
    NoName(String),
    #[error(
        "no column tells who lives together: add one called 户号, 与户主关系, 户主 or 门牌号 (found: {0})"
    )]
    NoHousehold(String),
}

impl HeadFault {
    /// The key of the message for people; it speaks of `found`.
    pub fn key(&self) -> &'static str {
        match self {
            HeadFault::NoName(_) => "import-no-name",
            HeadFault::NoHousehold(_) => "import-no-household",
        }
    }

    pub fn found(&self) -> &str {
        match self {
            HeadFault::NoName(found) | HeadFault::NoHousehold(found) => found,
        }
    }
}

/// Which column holds what; nothing for a column that is not taken.
pub fn recognise(header: &[String]) -> Result<Vec<Option<Column>>, HeadFault> {
    let mut seen = BTreeSet::new();
    let columns: Vec<_> =
        header.iter().map(|cell| meant(cell).filter(|column| seen.insert(*column))).collect();
    let found = || header.iter().filter(|cell| !cell.is_empty()).cloned().collect::<Vec<_>>().join("、");
    if !seen.contains(&Column::Name) && !seen.contains(&Column::Head) {
        return Err(HeadFault::NoName(found()));
    }
    let together = [Column::Number, Column::Relation, Column::Head, Column::House];
    if !together.iter().any(|column| seen.contains(column)) {
        return Err(HeadFault::NoHousehold(found()));
    }
    Ok(columns)
}

fn meant(cell: &str) -> Option<Column> {
    let plain = plain(cell);
    CALLED.iter().find(|(_, names)| names.contains(&plain.as_str())).map(|(column, _)| *column)
}

/// A header without what people put around it: spaces, line ends, marks, a note in parentheses.
fn plain(cell: &str) -> String {
    let folded = fold_width(cell);
    let noted = folded.find('(').filter(|at| *at > 0).map_or(folded.as_str(), |at| &folded[..at]);
    noted.chars().filter(|c| c.is_alphanumeric()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header(cells: &[&str]) -> Vec<String> {
        cells.iter().map(|cell| (*cell).to_owned()).collect()
    }

    #[test]
    fn columns_are_known_by_what_villages_call_them() {
        let columns =
            recognise(&header(&["序号", " 户 主 ", "姓名*", "身份证号（18位）", "组/街/队", "手机", "电话"]));
        let expected = [
            None,
            Some(Column::Head),
            Some(Column::Name),
            Some(Column::Identity),
            Some(Column::Group),
            Some(Column::Phone),
            None,
        ];
        assert_eq!(columns.unwrap(), expected);
    }

    #[test]
    fn a_table_of_something_else_says_what_was_found() {
        let fault = recognise(&header(&["物资", "数量"])).unwrap_err();
        assert_eq!((fault.key(), fault.found()), ("import-no-name", "物资、数量"));
        assert_eq!(recognise(&header(&["姓名", "性别"])).unwrap_err().key(), "import-no-household");
    }
}
