//! When two names may be one that was written down in two ways: by ear, or by a hand that is hard to
//! read.

use std::collections::HashMap;
use std::sync::LazyLock;

use pinyin::ToPinyin;

use crate::fold_width;

/// Characters that are taken for each other, a group a line: by their shape, or as the traditional
/// and the simplified form of one.
const ALIKE: &str = include_str!("alike.txt");

static FIRST_ALIKE: LazyLock<HashMap<char, char>> = LazyLock::new(|| {
    let group = |line: &'static str| {
        let first = line.chars().next();
        line.chars().filter_map(move |c| Some((c, first?)))
    };
    ALIKE.lines().flat_map(group).collect()
});

/// How a name sounds to who does not tell zh, ch, sh from z, c, s, nor ng from n: 张明 and 章敏 are
/// `zan min`. Tones are left out, and so is what has no reading and is no letter or digit.
pub fn sound(name: &str) -> String {
    let heard = |c: char| match c.to_pinyin() {
        Some(reading) => Some(flat(reading.plain())),
        None => c.is_alphanumeric().then(|| c.to_lowercase().collect()),
    };
    let heard: Vec<String> = fold_width(name).chars().filter_map(heard).collect();
    heard.join(" ")
}

fn flat(reading: &str) -> String {
    let begun = ["zh", "ch", "sh"].into_iter().find_map(|two| {
        let rest = reading.strip_prefix(two)?;
        Some(format!("{}{rest}", &two[..1]))
    });
    let begun = begun.unwrap_or_else(|| reading.to_owned());
    begun.strip_suffix('g').unwrap_or(&begun).replace('ü', "v")
}

/// How a name looks: the same for names that differ only in characters that are taken for each other,
/// such as 瑞 and 端.
pub fn shape(name: &str) -> String {
    let looks = |c: char| FIRST_ALIKE.get(&c).copied().unwrap_or(c);
    fold_width(name).chars().filter(|c| c.is_alphanumeric()).map(looks).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_sound_alike_have_one_sound() {
        assert_eq!(sound("张明"), "zan min");
        assert_eq!(sound("章敏"), sound("张明"));
        assert_eq!(sound("王维"), sound("王伟"));
        assert_eq!(sound("吕·Ａ１"), "lv a 1");
        assert_ne!(sound("李秀芳"), sound("李秀英"));
    }

    #[test]
    fn names_that_look_alike_have_one_shape() {
        assert_eq!(shape("王瑞"), shape("王端"));
        assert_eq!(shape("劉未"), shape("刘末"));
        assert_ne!(shape("王瑞"), shape("王芳"));
        assert_ne!(shape("王明明"), shape("王明"));
    }

    #[test]
    fn a_character_looks_like_those_of_one_group_only() {
        let all: Vec<char> = ALIKE.lines().flat_map(str::chars).collect();
        assert_eq!(FIRST_ALIKE.len(), all.len(), "a character stands in two lines");
        assert!(ALIKE.lines().all(|line| line.chars().count() > 1));
    }
}
