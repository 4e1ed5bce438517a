//! The words of the screen: Fluent messages in three languages, chosen per request.

use std::borrow::Borrow;
use std::collections::HashMap;
use std::sync::Arc;

use base::{Day, Moment, TownTime};
use i18n_embed::LanguageLoader as _;
use i18n_embed::fluent::FluentLanguageLoader;
use i18n_embed::unic_langid::LanguageIdentifier;
use rust_embed::RustEmbed;

#[derive(RustEmbed)]
#[folder = "i18n/"]
struct Locales;

/// A language that the screen speaks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Language {
    #[default]
    Simplified,
    Traditional,
    English,
}

impl Language {
    pub const ALL: [Language; 3] = [Language::Simplified, Language::Traditional, Language::English];

    /// The tag as `lang` attributes and the account hold it.
    pub fn tag(self) -> &'static str {
        match self {
            Language::Simplified => "zh-Hans",
            Language::Traditional => "zh-Hant",
            Language::English => "en",
        }
    }

    /// The language of a tag, or nothing where the screen does not speak it.
    pub fn of_tag(tag: &str) -> Option<Language> {
        Language::ALL.into_iter().find(|language| language.tag() == tag)
    }

    /// The first language of an `Accept-Language` header that the screen speaks.
    pub fn accepted(header: &str) -> Option<Language> {
        header.split(',').find_map(|part| {
            let tag = part.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
            let traditional = ["zh-hant", "zh-tw", "zh-hk", "zh-mo"].iter().any(|t| tag.starts_with(t));
            match tag.split('-').next()? {
                "zh" if traditional => Some(Language::Traditional),
                "zh" => Some(Language::Simplified),
                "en" => Some(Language::English),
                _ => None,
            }
        })
    }

    fn id(self) -> LanguageIdentifier {
        self.tag().parse().unwrap_or_default()
    }
}

/// All languages, loaded once.
pub struct Languages(Vec<Words>);

impl Languages {
    /// Loads the messages that are built into the program.
    pub fn load() -> anyhow::Result<Languages> {
        let all = FluentLanguageLoader::new("firebreak", Language::Simplified.id());
        all.load_languages(&Locales, &Language::ALL.map(Language::id))?;
        // Isolating marks would stand in CSV cells and search fields.
        all.set_use_isolating(false);
        let words =
            |language: Language| Words { language, loader: Arc::new(all.select_languages(&[language.id()])) };
        Ok(Languages(Language::ALL.map(words).into()))
    }

    pub fn of(&self, language: Language) -> Words {
        self.0[language as usize].clone()
    }
}

/// The messages of one language. Cloning shares them.
#[derive(Clone, Debug)]
pub struct Words {
    pub language: Language,
    loader: Arc<FluentLanguageLoader>,
}

impl Words {
    /// For the `t!` and `say!` macros, which check keys at compile time.
    pub fn loader(&self) -> &FluentLanguageLoader {
        &self.loader
    }

    /// The message of a key that is made at run time (`role-inspector`). Each family of such keys
    /// has a test that all its members exist.
    pub fn get(&self, key: &str) -> String {
        self.loader.get(key)
    }

    /// The same with what the message speaks of.
    pub fn get_with(&self, key: &str, args: &[(&'static str, String)]) -> String {
        let args: HashMap<&str, &str> = args.iter().map(|(name, value)| (*name, value.as_str())).collect();
        self.loader.get_args(key, args)
    }

    pub fn has(&self, key: &str) -> bool {
        self.loader.has(key)
    }

    /// 2月3日 周一.
    pub fn day(&self, day: Day) -> String {
        let weekday = self.get(&format!("weekday-{}", day.weekday()));
        say!(self, "day-short", month = day.month(), day = day.day_of_month(), weekday = weekday)
    }

    /// 14:05, on the town's clock.
    pub fn clock(&self, time: &TownTime, at: Moment) -> String {
        let (hour, minute) = time.hour_minute(at);
        format!("{hour}:{minute:02}")
    }

    /// 2月3日 周一 14:05, on the town's clock.
    pub fn moment(&self, time: &TownTime, at: Moment) -> String {
        format!("{} {}", self.day(time.day(at)), self.clock(time, at))
    }
}

/// What official names of villages and communities end in, the longest first.
const COMMITTEES: [&str; 4] = ["村民委员会", "居民委员会", "村委会", "居委会"];

/// The name before its committee, and the committee's word; nothing where there is none.
fn committee(official: &str) -> Option<(&str, &'static str)> {
    let parts = COMMITTEES.iter().find_map(|end| Some((official.strip_suffix(end)?, *end)));
    parts.filter(|(name, _)| !name.is_empty())
}

/// A division's name as people say it: 北街村民委员会 is 北街村, 东关社区居民委员会 is 东关社区.
pub fn short_name(official: &str) -> String {
    match committee(official) {
        // 李村村民委员会 is the committee of 李村.
        Some((name, end)) if end.starts_with('村') => name.trim_end_matches('村').to_owned() + "村",
        Some((name, _)) => name.to_owned(),
        None => official.to_owned(),
    }
}

/// What stays of a village's name however a list writes it: 北街 for 北街村, 北街村委会 and
/// 北街村民委员会.
pub fn village_key(name: &str) -> String {
    let folded: String = base::fold_width(name).split_whitespace().collect();
    let short = short_name(&folded);
    let bare = ["行政村", "社区", "村"].iter().find_map(|end| short.strip_suffix(end));
    bare.filter(|bare| !bare.is_empty()).unwrap_or(&short).to_owned()
}

/// A number with its thousands set apart: 10,283.
pub fn grouped(number: impl Borrow<i64>) -> String {
    let number = *number.borrow();
    let digits = number.unsigned_abs().to_string();
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place) % 3 == 0 {
            text.push(',');
        }
        text.push(digit);
    }
    if number < 0 { format!("-{text}") } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_are_set_apart() {
        assert_eq!(grouped(0), "0");
        assert_eq!(grouped(999), "999");
        assert_eq!(grouped(10_283), "10,283");
        assert_eq!(grouped(-1_234_567), "-1,234,567");
    }

    #[test]
    fn the_browser_chooses_among_what_the_screen_speaks() {
        assert_eq!(Language::accepted("fr, zh-TW;q=0.9, en"), Some(Language::Traditional));
        assert_eq!(Language::accepted("zh-CN,zh;q=0.9"), Some(Language::Simplified));
        assert_eq!(Language::accepted("fr"), None);
    }

    #[test]
    fn days_are_written_as_people_say_them() {
        let words = Languages::load().unwrap().of(Language::Simplified);
        assert_eq!(words.day(Day::new(2020, 2, 3).unwrap()), "2月3日 周一");
    }

    #[test]
    fn a_village_is_called_by_its_short_name() {
        for (official, short) in [
            ("北街村民委员会", "北街村"),
            ("北街村委会", "北街村"),
            ("李村村民委员会", "李村"),
            ("东关社区居民委员会", "东关社区"),
            ("东关居民委员会", "东关"),
            ("东关社区居委会", "东关社区"),
            ("居民委员会", "居民委员会"),
            ("襄陵镇", "襄陵镇"),
            ("一组", "一组"),
        ] {
            assert_eq!(short_name(official), short, "{official}");
        }
    }

    #[test]
    fn a_village_is_one_however_it_is_written() {
        for name in ["北街", "北街村", "北街村委会", "北街村民委员会", "北街行政村", " 北街 村"]
        {
            assert_eq!(village_key(name), "北街", "{name}");
        }
        for name in ["东关社区", "东关居委会", "东关社区居民委员会"] {
            assert_eq!(village_key(name), "东关", "{name}");
        }
        assert_eq!(village_key("村"), "村");
    }

    #[test]
    fn every_role_has_a_name() {
        for language in Language::ALL {
            let words = Languages::load().unwrap().of(language);
            for role in base::Role::ALL {
                assert!(words.has(&format!("role-{role}")), "{role} {language:?}");
            }
        }
    }
}
