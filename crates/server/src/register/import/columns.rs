//! What the columns of a list are called in the villages.

use std::collections::BTreeSet;

use base::fold_width;
use serde::{Deserialize, Serialize};

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

const CALLED: &[(Column, &[&str])] = &[
    (
        Column::Number,
        &["户号", "户编号", "户编码", "家庭编号", "家庭编码", "户主编号", "户序号", "户籍编号", "家庭户号"],
    ),
    (
        Column::House,
        &[
            "门牌号",
            "门牌",
            "门牌号码",
            "户门牌号",
            "门牌编号",
            "门号",
            "院号",
            "房号",
            "楼门号",
            "楼栋门牌",
            "幢室号",
        ],
    ),
    (Column::Head, &["户主", "户主姓名", "户主名", "户主名字", "所属户主", "家长姓名"]),
    (
        Column::Relation,
        &[
            "与户主关系",
            "与户主的关系",
            "关系",
            "家庭关系",
            "成员关系",
            "称谓",
            "和户主关系",
            "户主关系",
            "与户主之关系",
            "与本户户主关系",
        ],
    ),
    (
        Column::Name,
        &[
            "姓名",
            "名字",
            "人员姓名",
            "家庭成员",
            "成员姓名",
            "居民姓名",
            "家庭成员姓名",
            "村民姓名",
            "人口姓名",
            "常住人口姓名",
            "本人姓名",
        ],
    ),
    (Column::Sex, &["性别", "男女", "性別"]),
    (
        Column::Birth,
        &["出生日期", "出生年月日", "出生年月", "生日", "出生", "出生时间", "生年月日", "出生日"],
    ),
    (
        Column::Identity,
        &[
            "身份证号",
            "身份证号码",
            "公民身份号码",
            "公民身份证号码",
            "身份证",
            "证件号码",
            "证件号",
            "居民身份证号",
            "居民身份证号码",
            "公民身份证号",
            "身份号码",
            "身份证编号",
        ],
    ),
    (
        Column::Phone,
        &[
            "电话",
            "联系电话",
            "手机",
            "手机号",
            "手机号码",
            "电话号码",
            "联系方式",
            "联系电话号码",
            "移动电话",
            "联系手机",
            "本人电话",
            "手机电话",
        ],
    ),
    (Column::HousePhone, &["户联系电话", "户电话", "家庭电话"]),
    (
        Column::Village,
        &[
            "村",
            "村名",
            "行政村",
            "所属村",
            "所在村",
            "村居",
            "社区",
            "村委会",
            "村社区",
            "村庄",
            "自然村",
            "行政村名称",
            "村名称",
        ],
    ),
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
            "村组",
            "街道巷",
            "片区",
            "街名",
            "队别",
            "村民组",
        ],
    ),
    (
        Column::Address,
        &[
            "住址",
            "现住址",
            "地址",
            "家庭住址",
            "家庭地址",
            "居住地址",
            "现居住地",
            "现居住地址",
            "详细地址",
            "居住地",
            "现住地址",
            "家庭详细住址",
        ],
    ),
    (
        Column::Registration,
        &[
            "户籍",
            "是否本村",
            "是否本村户籍",
            "是否户籍人口",
            "户口",
            "户籍情况",
            "户籍类型",
            "户籍是否本村",
            "户籍性质",
            "户口类别",
            "人户情况",
        ],
    ),
    (
        Column::Presence,
        &[
            "在家外出",
            "是否在家",
            "在家情况",
            "居住状态",
            "居住情况",
            "现状",
            "在家或外出",
            "是否在村",
            "是否常住",
            "在村情况",
        ],
    ),
    (Column::Away, &["是否外出", "外出", "是否在外"]),
    (
        Column::Whereabouts,
        &[
            "外出地点",
            "外出地",
            "外出地址",
            "去向",
            "务工地",
            "务工地点",
            "外出务工地",
            "外出去向",
            "现在何地",
        ],
    ),
    (Column::AwaySince, &["外出时间", "外出日期", "离开日期", "离村时间"]),
    (Column::Tags, &["标签", "备注", "人员类别", "重点类别", "特殊情况", "说明", "人员属性"]),
    (Column::Key, &["重点人员", "是否重点人员", "重点人员原因", "重点原因", "列为重点人员原因"]),
    (
        Column::Contact,
        &[
            "包户人",
            "包联人",
            "包户干部",
            "包保人",
            "包户责任人",
            "包户党员",
            "包户人员",
            "包保责任人",
            "联户人",
            "联系人",
            "网格员",
        ],
    ),
];

/// Numbers of lines, or of households where cells below are merged with them.
const SERIAL: &[&str] = &["序号", "编号"];

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

impl Column {
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

/// Whether the columns tell who somebody is and with whom he lives.
pub fn check(columns: &[Option<Column>], found: &str) -> Result<(), HeadFault> {
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
fn plain(cell: &str) -> String {
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
