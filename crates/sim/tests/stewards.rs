//! The made-up town: who answers for whom.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use base::{Day, Level};
use firebreak_sim::{Kind, Node, Town};

static TODAY: LazyLock<Day> = LazyLock::new(|| Day::new(2020, 2, 5).expect("a day"));
static TOWN: LazyLock<Town> = LazyLock::new(|| Town::xiangling(1, *TODAY));

#[test]
fn contacts_have_ten_to_forty_households_near_by() {
    let mut loads: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
    for (at, household) in (0_u32..).zip(&TOWN.households) {
        if let Some(contact) = household.contact {
            assert_eq!(TOWN.stewards[contact as usize].division, household.division);
            loads.entry(contact).or_default().push(at);
        }
    }
    assert!(loads.len() >= 400, "{}", loads.len());
    for (contact, households) in loads {
        assert!((10..=40).contains(&households.len()), "{}", households.len());
        assert_eq!(usize::from(TOWN.stewards[contact as usize].load), households.len());
        assert!(households[households.len() - 1] - households[0] < households.len() as u32 + 5);
    }
}

#[test]
fn no_node_has_two_stewards_and_few_have_none() {
    let mut nodes = BTreeSet::new();
    let mut levels: BTreeMap<Level, usize> = BTreeMap::new();
    for link in TOWN.stewardships() {
        assert!(nodes.insert(link.node), "{:?} has two stewards", link.node);
        if let Node::Division(division) = link.node {
            *levels.entry(division.level()).or_default() += 1;
        }
    }
    assert_eq!((levels[&Level::Town], levels[&Level::Village]), (1, 29));
    let groups: usize = TOWN.villages.iter().map(|village| village.groups.len()).sum();
    assert_eq!(levels[&Level::Group], groups - 1);
    let without = TOWN.households.iter().filter(|household| household.contact.is_none()).count();
    assert!((10..60).contains(&without), "{without}");
    assert!(TOWN.households.iter().all(|household| TOWN.answers(household).is_some()));
}

#[test]
fn a_steward_of_the_village_is_one_of_its_residents() {
    let mut people = BTreeSet::new();
    for steward in &TOWN.stewards {
        let Some((household, resident)) = steward.resident else { continue };
        let own = &TOWN.households[household as usize].residents[usize::from(resident)];
        assert_eq!((&own.name, own.phone.as_deref()), (&steward.name, Some(steward.phone.as_str())));
        assert!(own.travel.is_none());
        assert!(people.insert((household, resident)), "{} answers twice", steward.name);
    }
    let local = TOWN.stewards.iter().filter(|steward| steward.kind >= Kind::VillageCadre).count();
    assert!(people.len() * 100 >= local * 99);
}
