//! What people write into single cells, understood.

use base::{Day, Sex};

/// The words that our own lists are written with.
pub const REGISTERED: &str = "本村";
pub const LODGING: &str = "外来";
pub const AT_HOME: &str = "在家";
pub const AWAY: &str = "外出";
pub const VACANT: &str = "空户";

/// A day, as it is written: 1980-02-29, 1980/2/29, 1980.2.29, 1980年2月29日, 19800229. Also as a
/// spreadsheet counts days, which is what is left of a date whose cell was made a number or a text.
pub fn day(text: &str) -> Option<Day> {
    let text = text.split([' ', 'T']).next().unwrap_or_default();
    if text.bytes().all(|b| b.is_ascii_digit()) {
        return match text.len() {
            8 => Day::from_number(text.parse().ok()?),
            5 => Some(Day::new(1899, 12, 30)?.plus(text.parse().ok()?)),
            _ => None,
        };
    }
    let (year, month, day) = parts(text).filter(|(year, _, _)| year.len() == 4)?;
    Day::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?)
}

/// A day whose year has two digits: the latest that is not to come.
pub fn day_of_short_year(text: &str, today: Day) -> Option<Day> {
    let (year, month, day) = parts(text).filter(|(year, _, _)| year.len() == 2)?;
    let (year, month, day): (i16, i8, i8) = (year.parse().ok()?, month.parse().ok()?, day.parse().ok()?);
    let of_century = |century| Day::new(century + year, month, day).filter(|day| *day <= today);
    of_century(2000).or_else(|| of_century(1900))
}

fn parts(text: &str) -> Option<(&str, &str, &str)> {
    let parts: Vec<&str> = text.trim_end_matches(['日', '号']).split(['-', '/', '.', '年', '月']).collect();
    let [year, month, day] = parts[..] else { return None };
    Some((year, month, day))
}

/// A month without a day (1980-02, 1980年2月): it is understood, and too little.
pub fn is_month(text: &str) -> bool {
    let parts: Vec<&str> = text.trim_end_matches('月').split(['-', '/', '.', '年']).collect();
    let number = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    parts.len() == 2 && parts[0].len() == 4 && parts[1].len() <= 2 && parts.iter().all(|part| number(part))
}

pub fn sex_word(sex: Sex) -> &'static str {
    match sex {
        Sex::Male => "男",
        Sex::Female => "女",
    }
}

pub fn sex(text: &str) -> Option<Sex> {
    match text {
        "男" | "男性" | "M" | "m" => Some(Sex::Male),
        "女" | "女性" | "F" | "f" => Some(Sex::Female),
        _ => None,
    }
}

/// Whether somebody lodges, in a column that asks for the registration.
pub fn is_lodging(text: &str) -> Option<bool> {
    const HERE: &[&str] =
        &["本村", "本地", "本镇", "户籍", "在册", "是", "常住", "户籍人口", "本村户籍", "有"];
    const ELSEWHERE: &[&str] =
        &["外村", "外地", "外来", "外籍", "否", "寄住", "租住", "租户", "流动", "流动人口", "非本村", "无"];
    match text {
        text if HERE.contains(&text) => Some(false),
        text if ELSEWHERE.contains(&text) => Some(true),
        _ => None,
    }
}

/// Whether somebody is away, in a column that asks whether one is at home.
pub fn is_away(text: &str) -> Option<bool> {
    match text {
        "在家" | "在村" | "是" | "在" | "常住" | "在家居住" => Some(false),
        "否" | "外出" | "在外" | "不在" | "不在家" | "不在村" | "外出务工" | "务工" | "外地" => {
            Some(true)
        }
        _ => None,
    }
}

/// Yes or no.
pub fn is_yes(text: &str) -> Option<bool> {
    match text {
        "是" | "有" | "外出" | "在外" | "√" | "1" => Some(true),
        "否" | "无" | "没有" | "在家" | "×" | "0" => Some(false),
        _ => None,
    }
}

/// Whether somebody is on a list, in a column that may say why instead.
pub fn is_listed(text: &str) -> Option<bool> {
    match text {
        "是" | "有" | "√" | "1" => Some(true),
        "" | "否" | "不是" | "无" | "没有" | "×" | "0" | "-" | "/" => Some(false),
        _ => None,
    }
}

const VACANCIES: [&str; 6] = [VACANT, "空房", "空宅", "空置", "空置房", "无人居住"];

/// Whether a cell, or one of the remarks in it, says that nobody lives in the house: 独居、空户.
pub fn is_vacant(text: &str) -> bool {
    let separators = ['、', '，', ',', '；', ';', '。', '/', ' '];
    text.split(separators).any(|part| VACANCIES.contains(&part.trim()))
}

/// Whether a cell speaks of it at all, which is enough where nobody is named. Of somebody who is, 有空房出租
/// says something else.
pub fn speaks_of_vacancy(text: &str) -> bool {
    VACANCIES.iter().any(|word| text.contains(word))
}

/// What lists call the tags; the most usual word first.
const TAG_WORDS: &[(&str, &[&str])] = &[
    ("living-alone", &["独居老人", "独居", "孤寡"]),
    ("elderly", &["老年户", "老人户", "空巢", "高龄"]),
    ("no-phone", &["无智能手机", "无电话", "没电话", "无手机"]),
    ("disabled", &["残疾人", "残疾", "行动不便"]),
    ("chronic", &["慢性病", "慢病"]),
    ("infant", &["婴幼儿", "婴儿", "幼儿"]),
    ("pregnant", &["孕妇", "孕产妇"]),
    ("left-behind", &["留守儿童", "留守"]),
    ("low-income", &["低保户", "低保", "五保", "贫困户"]),
    ("lodgers", &["有租户", "有租客", "出租"]),
];

/// The most usual word for a tag.
pub fn tag_word(tag: &str) -> Option<&'static str> {
    TAG_WORDS.iter().find(|(own, _)| *own == tag).map(|(_, words)| words[0])
}

/// The tags that a cell names, and whether it says anything else.
pub fn tags(text: &str) -> (Vec<&'static str>, bool) {
    let mut rest = text.to_owned();
    let mut found = Vec::new();
    for (tag, words) in TAG_WORDS {
        for word in *words {
            if rest.contains(word) {
                rest = rest.replace(word, "");
                found.push(*tag);
            }
        }
    }
    found.dedup();
    let filler = |c: char| c.is_whitespace() || "、，,;；。/户".contains(c);
    (found, !rest.chars().all(filler))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_read_in_the_forms_people_write() {
        let expected = Day::new(1980, 2, 9);
        for text in ["1980-02-09", "1980/2/9", "1980.2.9", "1980年2月9日", "19800209", "1980-02-09 00:00:00"]
        {
            assert_eq!(day(text), expected, "{text}");
        }
        assert_eq!(day("29260"), expected, "as LibreOffice counts it");
        for text in ["1980-02-30", "去年", "1980-02", "", "1980", "80-2-9", "2926", "292600"] {
            assert_eq!(day(text), None, "{text}");
        }
        assert!(is_month("1980年2月") && is_month("1980.02") && !is_month("1980-02-09"));
    }

    #[test]
    fn a_year_of_two_digits_is_the_latest_that_is_not_to_come() {
        let today = Day::new(2020, 2, 3).unwrap();
        let read = |text| day_of_short_year(text, today);
        assert_eq!(read("80.2.9"), Day::new(1980, 2, 9));
        assert_eq!(read("05年11月3日"), Day::new(2005, 11, 3));
        assert_eq!(read("20-2-3"), Day::new(2020, 2, 3));
        assert_eq!(read("20-2-4"), Day::new(1920, 2, 4));
        for text in ["1980-2-9", "2/9/80", "80-02", "80"] {
            assert_eq!(read(text), None, "{text}");
        }
    }

    #[test]
    fn tags_are_found_in_remarks_and_other_words_are_told() {
        assert_eq!(tags("独居老人、低保户"), (vec!["living-alone", "low-income"], false));
        assert_eq!(tags("独居，常去镇上"), (vec!["living-alone"], true));
        assert_eq!(tags(""), (vec![], false));
    }

    #[test]
    fn the_words_that_are_written_are_read_again() {
        let all = crate::register::TAGS;
        let words: Vec<_> = all.iter().map(|tag| tag_word(tag).unwrap()).collect();
        assert_eq!(tags(&words.join("、")), (all.to_vec(), false));
        assert_eq!((is_lodging(REGISTERED), is_lodging(LODGING)), (Some(false), Some(true)));
        assert_eq!((is_away(AT_HOME), is_away(AWAY)), (Some(false), Some(true)));
        assert_eq!(
            [Sex::Male, Sex::Female].map(|one| sex(sex_word(one))),
            [Some(Sex::Male), Some(Sex::Female)]
        );
        assert!(is_vacant(VACANT));
    }

    #[test]
    fn a_remark_that_mentions_an_empty_room_empties_no_house() {
        for text in ["空户", "空置房", "无人居住。", "独居、空户"] {
            assert!(is_vacant(text), "{text}");
        }
        for text in ["有空房出租", "隔壁空宅", "家里空房三间", ""] {
            assert!(!is_vacant(text), "{text}");
        }
        assert!(speaks_of_vacancy("老宅，空房子一座"));
    }
}
