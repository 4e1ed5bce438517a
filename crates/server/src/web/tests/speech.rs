//! What tells one language's page from another's: its letters, and what no page may show.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use crate::web::Language;

/// What is data, and so the same in every language: names of places and people, what was typed.
const DATA: &[&str] = &[
    "户号、姓名、与户主关系、村、组、门牌号",
    "襄陵镇",
    "东街村",
    "北街村",
    "东街",
    "北街",
    "一组",
    "二组",
    "第一支部",
    "想看看都记了什么",
    "户主",
    "配偶",
    "居民",
    "包户",
    "号",
    "武汉",
    "来客",
    "临汾",
    "降压药",
    "王建国",
    "无此村",
    "已送药",
    "简体中文",
    "繁體中文",
];

/// Data that is the whole of a text: relations, as the household book has them and the register keeps
/// them, and the words over the columns of a list.
const WHOLE: &[&str] = &[
    "子",
    "女",
    "儿媳",
    "女婿",
    "孙子",
    "孙女",
    "父亲",
    "母亲",
    "兄弟姐妹",
    "其他亲属",
    "租住",
    "其他",
    "户号",
    "姓名",
    "与户主关系",
    "村",
    "组",
    "门牌号",
];

/// Attributes that are read to people.
const READ: &[&str] = &["aria-label=\"", "placeholder=\"", "alt=\"", "title=\"", "data-mark=\""];

/// The letters of each language's own words, and the keys of all messages.
pub struct Speech {
    simplified_only: BTreeSet<char>,
    traditional_only: BTreeSet<char>,
    keys: BTreeSet<String>,
    /// English messages that speak of Chinese words, such as a sheet's columns.
    quoting: BTreeSet<String>,
}

/// Everything a page shows or has read aloud, without its markup.
pub fn words_of(html: &str) -> Vec<String> {
    let mut words = Vec::new();
    for (tag, text) in html.split('<').skip(1).filter_map(|part| part.split_once('>')) {
        words.push(text.trim().to_owned());
        let read = READ.iter().filter_map(|name| tag.split(name).nth(1)?.split('"').next());
        words.extend(read.map(str::to_owned));
    }
    words.retain(|text| !text.is_empty());
    words
}

/// Words of the mainland that Traditional readers do not use, or use for something else: a 列 is a
/// row to them, and this program's columns are 欄.
const MAINLAND: &[&str] = &[
    "導入",
    "文件",
    "打印",
    "保存",
    "軟件",
    "字符",
    "字節",
    "着",
    "列名",
    "這一列",
    "這列",
    "這些列",
    "加一列",
    "現有的列",
    "} 列",
];

#[test]
fn traditional_characters_come_with_their_own_words() {
    let text = messages(Language::Traditional);
    let found: Vec<&str> =
        text.lines().filter(|line| MAINLAND.iter().any(|word| line.contains(word))).collect();
    assert!(found.is_empty(), "{found:#?}");
}

fn is_chinese(letter: char) -> bool {
    ('\u{3400}'..='\u{9fff}').contains(&letter)
}

/// The messages of a language, as they are written.
fn messages(language: Language) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../locales").join(language.tag());
    fs::read_dir(folder).unwrap().map(|file| fs::read_to_string(file.unwrap().path()).unwrap()).collect()
}

impl Speech {
    /// Learns both scripts from the messages themselves: a letter that only one of them uses is
    /// that one's.
    pub fn load() -> Speech {
        let letters = |language| messages(language).chars().filter(|c| is_chinese(*c)).collect();
        let (simplified, traditional): (BTreeSet<char>, BTreeSet<char>) =
            (letters(Language::Simplified), letters(Language::Traditional));
        let english = messages(Language::English);
        let messages = || english.lines().filter_map(|line| line.split_once(" = "));
        let quoting = messages().map(|(_, text)| text.to_owned()).filter(|text| text.contains(is_chinese));
        let keys = messages().map(|(key, _)| key.to_owned());
        Speech {
            simplified_only: simplified.difference(&traditional).copied().collect(),
            traditional_only: traditional.difference(&simplified).copied().collect(),
            quoting: quoting.collect(),
            keys: keys.filter(|key| key.contains('-')).collect(),
        }
    }

    /// What a page in this language should not show.
    pub fn faults(&self, words: &[String], language: Language) -> Vec<String> {
        let wrong = |text: &&String| {
            if WHOLE.contains(&text.as_str()) {
                return false;
            }
            if language == Language::English && self.quoting.contains(*text) {
                return false;
            }
            let mut own = (*text).clone();
            for data in DATA {
                own = own.replace(data, "");
            }
            self.keys.contains(own.as_str())
                || own.contains(['{', '}'])
                || own.contains("No localization")
                || own.chars().any(|letter| self.is_foreign(letter, language))
        };
        words.iter().filter(wrong).cloned().collect()
    }

    fn is_foreign(&self, letter: char, language: Language) -> bool {
        match language {
            Language::Simplified => self.traditional_only.contains(&letter),
            Language::Traditional => self.simplified_only.contains(&letter),
            Language::English => is_chinese(letter),
        }
    }
}
