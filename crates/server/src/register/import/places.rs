//! Villages and team areas by the names that lists use for them.

use std::collections::{BTreeSet, HashMap};

use base::{Division, Level, fold_width};

use crate::divisions::Names;
use crate::web::{short_name, village_key};

/// The villages and team areas of a town, to be found by name.
#[derive(Clone, Debug, Default)]
pub struct Places {
    names: HashMap<Division, String>,
    /// Those that will be closed or merged.
    ending: BTreeSet<Division>,
    /// Nothing where two have the same name.
    villages: HashMap<String, Option<Division>>,
    groups: HashMap<(Division, String), Option<Division>>,
}

impl Places {
    /// The places of a town from its divisions and their names, and those of them that are to end.
    pub fn new(names: Names, ending: BTreeSet<Division>) -> Places {
        let mut places = Places { ending, ..Places::default() };
        for (division, name) in names {
            match (division.level(), division.parent()) {
                (Level::Village, _) => {
                    let same = places.villages.entry(village_key(&name));
                    same.and_modify(|known| *known = None).or_insert(Some(division));
                }
                (Level::Group, Some(village)) => {
                    let same = places.groups.entry((village, group_key(&name)));
                    same.and_modify(|known| *known = None).or_insert(Some(division));
                }
                _ => {}
            }
            places.names.insert(division, short_name(&name));
        }
        places
    }

    /// A village by its code of 12 digits or its name, with or without 村 or 村民委员会.
    pub fn village(&self, text: &str) -> Option<Division> {
        let coded = Division::from_code(text).filter(|d| d.level() == Level::Village);
        coded.filter(|d| self.names.contains_key(d)).or_else(|| *self.villages.get(&village_key(text))?)
    }

    /// A team area of a village by its name: 三组, 第3组 and 3 are one.
    pub fn group(&self, village: Division, text: &str) -> Option<Division> {
        let key = group_key(text);
        let mut tried = vec![key.clone()];
        if key.bytes().all(|b| b.is_ascii_digit()) {
            tried.extend(["组", "队", "街"].map(|end| key.clone() + end));
        }
        tried.into_iter().find_map(|key| *self.groups.get(&(village, key))?)
    }

    /// The team area that an address begins with, after the village where it says so, and what stands
    /// behind it: 东街村一组71号 is in 一组, at 71号.
    pub fn addressed<'t>(&self, village: Division, address: &'t str) -> Option<(Division, &'t str)> {
        let name = village_key(self.names.get(&village)?);
        let after = address.find(&name).map_or(0, |at| at + name.len());
        let rest =
            ["村民委员会", "村委会", "村"].into_iter().find_map(|end| address[after..].strip_prefix(end));
        let rest = rest.unwrap_or(&address[after..]).trim_start();
        // A number alone may be that of the house.
        let is_name = |last: char| last.is_alphabetic() && !(DIGITS.contains(last) || last == '十');
        let ends =
            rest.char_indices().filter(|(_, last)| is_name(*last)).map(|(at, last)| at + last.len_utf8());
        let mut found =
            ends.filter_map(|end| Some((self.group(village, &rest[..end])?, rest[end..].trim_start())));
        // Of 北街 and 北街东巷 the longer one.
        found.next_back()
    }

    /// What a team area that a village does not have would be called; nothing for what is no name, or
    /// that of two.
    pub fn new_group(&self, village: Division, text: &str) -> Option<String> {
        let key = group_key(text);
        let nothing = ["无", "没有", "不详", "0"].contains(&key.as_str());
        // 三 as well as 3: another list's 三组 is to find it.
        let number = key.bytes().all(|b| b.is_ascii_digit());
        if nothing || !key.chars().any(char::is_alphanumeric) || self.groups.contains_key(&(village, key)) {
            return None;
        }
        Some(if number { format!("{text}组") } else { text.to_owned() })
    }

    /// Another village that an address names, where it does not name that of `division` too.
    pub fn other_village(&self, division: Division, address: &str) -> Option<&str> {
        let own = division.at(Level::Village)?;
        let named = |village: &Division| {
            let name = self.names.get(village).map(String::as_str).filter(|name| name.ends_with('村'))?;
            address.contains(name).then_some(name)
        };
        if named(&own).is_some() {
            return None;
        }
        let mut villages = self.names.keys().filter(|one| one.level() == Level::Village && **one != own);
        villages.find_map(named)
    }

    pub fn is_ending(&self, division: Division) -> bool {
        self.ending.contains(&division)
    }

    pub fn has_groups(&self, village: Division) -> bool {
        self.groups.keys().any(|(own, _)| *own == village)
    }

    /// Village and team area as people say them.
    pub fn name(&self, division: Division) -> String {
        let path = [division.at(Level::Village), division.at(Level::Group)];
        let names = path.into_iter().flatten().filter_map(|part| self.names.get(&part));
        names.cloned().collect::<Vec<_>>().join(" ")
    }
}

/// Chinese digits, each at the place of its value.
const DIGITS: &str = "零一二三四五六七八九";

/// The same for all ways to write the name of a team area.
pub fn group_key(name: &str) -> String {
    let folded: String = fold_width(name).split_whitespace().collect();
    let plain = folded.replace("村民小组", "组").replace("小组", "组").replace("生产队", "队");
    numbered(plain.strip_prefix('第').unwrap_or(&plain))
}

/// A leading Chinese number up to 99 as digits: 十二组 is 12组.
fn numbered(text: &str) -> String {
    let digit = |c: char| DIGITS.chars().position(|d| d == c);
    let end = text.find(|c| digit(c).is_none() && c != '十').unwrap_or(text.len());
    let (number, rest) = text.split_at(end);
    // 一街 is First Street, but 三里 may be part of a name: only what counts is turned.
    if number.is_empty() || !(rest.is_empty() || ["组", "队", "街"].contains(&rest)) {
        return text.to_owned();
    }
    let value = match number.split_once('十') {
        Some((tens, ones)) => {
            let of = |part: &str, blank| part.chars().next().map_or(Some(blank), digit);
            of(tens, 1).zip(of(ones, 0)).map(|(tens, ones)| tens * 10 + ones)
        }
        None => number.chars().next().and_then(digit).filter(|_| number.chars().count() == 1),
    };
    value.map_or_else(|| text.to_owned(), |value| format!("{value}{rest}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_found_by_what_lists_call_them() {
        let village = Division::from_code("141023105203").unwrap();
        let names = [
            (village, "北街村民委员会"),
            (village.child(1).unwrap(), "第三村民小组"),
            (village.child(2).unwrap(), "12组"),
            (village.child(3).unwrap(), "鼓楼巷"),
        ];
        let places = Places::new(names.map(|(d, name)| (d, name.to_owned())).into(), BTreeSet::new());
        for name in ["北街", "北街村", "北街村委会", "北街村民委员会", "141023105203"] {
            assert_eq!(places.village(name), Some(village), "{name}");
        }
        assert_eq!(places.village("南街村"), None);
        for (name, n) in [("3组", 1), ("三组", 1), ("3", 1), ("第三组", 1), ("十二组", 2), ("鼓楼巷", 3)]
        {
            assert_eq!(places.group(village, name), village.child(n), "{name}");
        }
        assert_eq!(places.name(village.child(3).unwrap()), "北街村 鼓楼巷");
        for (address, n, house) in [
            ("北街村三组71号", 1, "71号"),
            ("襄陵镇北街村民委员会第三组 71号", 1, "71号"),
            ("12组5号院", 2, "5号院"),
            ("北街鼓楼巷", 3, ""),
        ] {
            let found = village.child(n).map(|group| (group, house));
            assert_eq!(places.addressed(village, address), found, "{address}");
        }
        for (text, name) in
            [("4", Some("4组")), ("四", Some("四组")), ("第四组", Some("第四组")), ("无", None)]
        {
            assert_eq!(places.new_group(village, text).as_deref(), name, "{text}");
        }
        assert_eq!(places.other_village(village, "北街村三组71号"), None);
        assert_eq!(
            places.other_village(Division::from_code("141023105201").unwrap(), "北街村71号"),
            Some("北街村")
        );
        for address in ["", "北街村3号", "北街村三号", "九组3号"] {
            assert_eq!(places.addressed(village, address), None, "{address}");
        }
    }
}
