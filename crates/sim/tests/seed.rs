//! One seed, one town; any size.

use std::collections::BTreeSet;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::LazyLock;

use base::{Day, TownTime};
use firebreak_sim::{Occupancy, Town};

static TODAY: LazyLock<Day> = LazyLock::new(|| Day::new(2020, 2, 5).expect("a day"));
static TOWN: LazyLock<Town> = LazyLock::new(|| Town::xiangling(1, *TODAY));

fn hash(town: &Town) -> u64 {
    let mut hasher = DefaultHasher::new();
    town.hash(&mut hasher);
    hasher.finish()
}

#[test]
fn one_seed_gives_one_town() {
    assert_eq!(hash(&TOWN), hash(&Town::xiangling(1, *TODAY)));
    assert_ne!(hash(&TOWN), hash(&Town::xiangling(2, *TODAY)));
}

/// What is drawn from one seed is part of the promise: who changes it changes these lines, and
/// every figure that others took from this town.
#[test]
fn the_town_of_seed_one_never_changes() {
    let household = TOWN.households.iter().find(|household| household.residents.len() == 4).unwrap();
    let people = household.residents.iter().map(|r| format!("{} {} {}", r.name, r.birth, r.relation.zh()));
    let written: Vec<_> = std::iter::once(household.address.clone()).chain(people).collect();
    assert_eq!(
        written,
        [
            "井头村北街2号",
            "张俊鹏 1986-02-13 户主",
            "郭晓婷 1987-12-04 配偶",
            "张欣琪 2013-11-21 女",
            "张一轩 2018-07-12 子",
        ]
    );
    assert_eq!((TOWN.residents().count(), TOWN.stewards.len()), (41_304, 653));
}

#[test]
fn any_size_is_made_of_towns_one_at_a_time() {
    let towns = Town::of_size(3, *TODAY, 25_000);
    assert_eq!(towns.len(), 3);
    let towns: Vec<_> = towns.collect();
    assert_eq!(towns.iter().map(|town| town.households.len()).sum::<usize>(), 25_000);
    let codes: BTreeSet<_> = towns.iter().map(|town| town.place.division).collect();
    assert_eq!(codes.len(), 3);
    assert_eq!(Town::of_size(3, *TODAY, 25_000).town(2).as_ref(), towns.last());
    let phones: Vec<_> = towns.iter().flat_map(Town::residents).filter_map(|r| r.phone.as_ref()).collect();
    assert_eq!(phones.iter().collect::<BTreeSet<_>>().len(), phones.len());
}

#[test]
fn the_smallest_towns_are_towns_too() {
    for size in [0, 1, 5, 40, 300] {
        let households: usize = Town::of_size(3, *TODAY, size).map(|town| town.households.len()).sum();
        assert_eq!(households as u64, size);
    }
}

#[test]
fn a_town_of_any_day_has_its_rounds_and_returnees() {
    let time = TownTime::new("Asia/Shanghai", "16:00").unwrap();
    for today in [Day::new(2024, 2, 29).unwrap(), Day::new(2026, 7, 1).unwrap()] {
        let town = Town::of_size(3, today, 2_000).next().unwrap();
        assert_eq!(town.days().last(), Some(today));
        let lived = town.households.iter().filter(|h| h.occupancy == Occupancy::Lived).count();
        for day in town.days() {
            let checks = town.round(day, &time).checks().count();
            assert!(checks <= lived && checks * 100 > lived * 90, "{day}: {checks} of {lived}");
        }
        let back = town.residents().filter_map(|resident| resident.travel.as_ref()?.back.as_ref());
        assert!(back.filter(|back| back.day >= town.first_day()).count() > 20);
    }
}
