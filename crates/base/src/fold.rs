//! Small foldings of what people type, so that what is meant is found.

use pinyin::ToPinyin;

/// Full-width digits, letters and marks to their plain forms, the ideographic space to a space,
/// trimmed. Chinese text is left as it is.
pub fn fold_width(text: &str) -> String {
    let plain = |c: char| match c {
        '\u{3000}' => ' ',
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(c as u32 - 0xfee0).unwrap_or(c),
        other => other,
    };
    text.chars().map(plain).collect::<String>().trim().to_owned()
}

/// Text without control characters, which come along when it is pasted and which neither databases
/// nor workbooks take: they are read as spaces. Tabs and line ends stay.
pub fn without_controls(text: String) -> String {
    let odd = |c: char| c.is_control() && !"\t\r\n".contains(c);
    if !text.contains(odd) {
        return text;
    }
    text.chars().map(|c| if odd(c) { ' ' } else { c }).collect()
}

/// The pinyin initials of a name, as people type them to find it: 北街村 is `bjc`. Latin letters
/// and digits stay (lower case); what has no reading is left out.
pub fn initials(name: &str) -> String {
    let first = |c: char| match c.to_pinyin() {
        Some(reading) => reading.plain().chars().next(),
        None => c.is_ascii_alphanumeric().then(|| c.to_ascii_lowercase()),
    };
    fold_width(name).chars().filter_map(first).collect()
}

/// The whole pinyin of a name without tones: 张文秀 is `zhangwenxiu`. What has no reading is left out
/// as in [`initials`].
pub fn pinyin(name: &str) -> String {
    let reading = |c: char| match c.to_pinyin() {
        Some(reading) => reading.plain().replace('ü', "v"),
        None if c.is_ascii_alphanumeric() => c.to_ascii_lowercase().to_string(),
        None => String::new(),
    };
    fold_width(name).chars().map(reading).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn initials_are_what_people_type() {
        assert_eq!(initials("北街村"), "bjc");
        assert_eq!(initials("第３组 A-2"), "d3za2");
        assert_eq!(initials(""), "");
    }

    #[test]
    fn pinyin_is_plain_letters() {
        assert_eq!(pinyin("张文秀"), "zhangwenxiu");
        assert_eq!(pinyin("吕·A１"), "lva1");
    }

    #[test]
    fn full_width_becomes_plain() {
        assert_eq!(fold_width("　３７．２℃ "), "37.2℃");
    }
}
