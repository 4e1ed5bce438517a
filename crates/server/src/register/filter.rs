//! What somebody looks for in the register: the filters of the list and the words typed.

use base::{Division, Identity, fold_width, phone};

use super::model::{Occupancy, house_order};

/// Which households are wanted.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// A village or team area, or all within scope.
    pub under: Option<Division>,
    /// A tag's key.
    pub tag: Option<String>,
    pub occupancy: Option<Occupancy>,
    /// Only those whom nobody answers for.
    pub without_contact: bool,
    pub find: Option<Find>,
}

impl Filter {
    /// Whether it looks for what stands in no address: browsers and proxies keep those.
    pub fn hides(&self) -> bool {
        matches!(self.find, Some(Find::Identity(_) | Find::Phone(_)))
    }
}

/// What was typed into the search field, understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Find {
    /// A whole identity number: found by its digest.
    Identity(String),
    /// A whole phone number: found by its digest.
    Phone(String),
    /// The beginning of a house number, as houses are ordered.
    House(String),
    /// The beginning of a name's pinyin initials, or of a house number in Latin letters.
    Initials(String),
    /// A part of the head's or a resident's name, or of a house number.
    Name(String),
}

/// Digits from which a number is a phone's and not a house's.
const PHONE: usize = 7;

impl Find {
    /// Understands what was typed; nothing where nothing was.
    pub fn parse(typed: &str) -> Option<Find> {
        let typed: String = fold_width(typed).split_whitespace().collect();
        if typed.is_empty() {
            return None;
        }
        if let Ok((identity, _)) = Identity::parse(&typed) {
            return Some(Find::Identity(identity.as_str().to_owned()));
        }
        if typed.chars().filter(char::is_ascii_digit).count() >= PHONE
            && let Some(phone) = phone(&typed)
        {
            return Some(Find::Phone(phone));
        }
        if typed.starts_with(|c: char| c.is_ascii_digit()) {
            return Some(Find::House(house_order(&typed)));
        }
        if typed.bytes().all(|b| b.is_ascii_alphanumeric()) {
            return Some(Find::Initials(typed.to_ascii_lowercase()));
        }
        Some(Find::Name(typed))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_typed_is_understood() {
        let find = |typed| Find::parse(typed).unwrap();
        assert_eq!(find("34052419800101001x"), Find::Identity("34052419800101001X".to_owned()));
        assert_eq!(find("129 0000 0412"), Find::Phone("12900000412".to_owned()));
        assert_eq!(find("１２号"), Find::House("000012号".to_owned()));
        assert_eq!(find("WJG"), Find::Initials("wjg".to_owned()));
        assert_eq!(find("王 建国"), Find::Name("王建国".to_owned()));
        assert_eq!(Find::parse(" 　"), None);
    }
}
