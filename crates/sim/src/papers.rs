//! Identity numbers and telephone numbers that are nobody's.

use std::collections::HashMap;

use base::{Day, Division, Identity, Level};

/// Telephones of residents and stewards: 129 and eight digits. In China's numbering plan mobile
/// numbers begin with 13 to 19; 12 opens short service numbers only (120, 122, 12345, ...), so
/// that no eleven digits beginning with 129 reach anybody.
pub const PHONE_PREFIX: &str = "129";

/// Telephones of visitors: another unassigned prefix, so that none is by chance a resident's.
pub const VISITOR_PHONE_PREFIX: &str = "128";

/// Each town takes its numbers from a block of its own, up to some 17 million households in all;
/// beyond that, towns share numbers (never two people of one town).
const PHONES_PER_TOWN: u64 = 60_000;
const PHONES: u64 = 100_000_000;
/// Without a common factor with `PHONES`: it scatters the serials and repeats none.
const STRIDE: u64 = 61_803_399;

/// The last two digits of county codes; with sequence 000 for everybody, people born on one day
/// are told apart by the county that issued the number. Linfen (1410) has all of these.
const COUNTIES: [u32; 17] = [21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 2, 81, 82];

/// Hands out the numbers of one town, none twice.
pub(crate) struct Papers {
    regions: Vec<u32>,
    born: HashMap<i32, usize>,
    next_phone: u64,
}

impl Papers {
    /// `serial` counts the towns of one generation from 0.
    pub fn of_town(town: Division, serial: u64) -> Papers {
        let county = town.at(Level::County).and_then(|county| county.code().parse().ok()).unwrap_or(141_023);
        let mut regions: Vec<u32> = COUNTIES.iter().map(|last| county / 100 * 100 + last).collect();
        regions.sort_by_key(|region| *region != county);
        Papers { regions, born: HashMap::new(), next_phone: serial * PHONES_PER_TOWN }
    }

    /// A number of sequence 000 for somebody born on `birth`: the town's own county first. Nothing
    /// where more people share the day than the prefecture has counties: then the number is not
    /// known yet, as it happens in every real register.
    pub fn identity(&mut self, birth: Day) -> Option<Identity> {
        let taken = self.born.entry(birth.number()).or_default();
        let region = *self.regions.get(*taken)?;
        *taken += 1;
        Identity::compose(region, birth, 0)
    }

    pub fn phone(&mut self) -> String {
        self.next_phone += 1;
        format!("{PHONE_PREFIX}{:08}", (self.next_phone % PHONES) * STRIDE % PHONES)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_born_on_one_day_have_numbers_of_different_counties() {
        let town = Division::from_code("141023105").unwrap();
        let mut papers = Papers::of_town(town, 0);
        let birth = Day::new(1988, 8, 8).unwrap();
        let numbers: Vec<_> = (0..17).map(|_| papers.identity(birth).unwrap()).collect();
        assert!(numbers[0].as_str().starts_with("141023"));
        let distinct: std::collections::BTreeSet<_> = numbers.iter().collect();
        assert_eq!(distinct.len(), 17);
        assert_eq!(papers.identity(birth), None);
        assert!(papers.identity(birth.next()).is_some());
    }

    #[test]
    fn towns_do_not_share_telephones() {
        let town = Division::from_code("141023105").unwrap();
        let phones: std::collections::BTreeSet<_> = [0, 1, 1_600]
            .into_iter()
            .flat_map(|serial| {
                let mut papers = Papers::of_town(town, serial);
                (0..60_000).map(move |_| papers.phone()).collect::<Vec<_>>()
            })
            .collect();
        assert_eq!(phones.len(), 180_000);
    }
}
