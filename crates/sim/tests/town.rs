//! The made-up town: its size and its people.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use base::{Day, Identity, Sex};
use firebreak_sim::{Household, Occupancy, PHONE_PREFIX, Relation, Resident, Tag, Town};

static TODAY: LazyLock<Day> = LazyLock::new(|| Day::new(2020, 2, 5).expect("a day"));
static TOWN: LazyLock<Town> = LazyLock::new(|| Town::xiangling(1, *TODAY));

/// Share of households, in a thousand.
fn per_mille(fits: impl Fn(&&Household) -> bool) -> usize {
    TOWN.households.iter().filter(fits).count() * 1_000 / TOWN.households.len()
}

#[test]
fn the_town_has_the_published_size() {
    assert_eq!(TOWN.place.division.code(), "141023105");
    assert_eq!(TOWN.villages.len(), 29);
    assert_eq!(TOWN.households.len(), 10_600);
    let people = TOWN.residents().count();
    assert!((41_000..42_200).contains(&people), "{people}");
    assert!(TOWN.villages.iter().all(|village| (3..=8).contains(&village.groups.len())));
}

#[test]
fn households_stand_in_the_team_areas_in_order() {
    let mut next = 0;
    for village in &TOWN.villages {
        for group in &village.groups {
            assert_eq!(group.households.0, next);
            assert_eq!(group.division.parent(), Some(village.place.division));
            next = group.households.1;
            let members = &TOWN.households[group.households.0 as usize..next as usize];
            assert!(members.len() >= 20, "{} {}", village.name, group.name);
            assert!(members.iter().all(|household| household.division == group.division));
        }
    }
    assert_eq!(next as usize, TOWN.households.len());
    let addresses: BTreeSet<_> = TOWN.households.iter().map(|household| &household.address).collect();
    assert_eq!(addresses.len(), TOWN.households.len());
}

#[test]
fn some_houses_are_vacant_and_some_families_away() {
    let vacant = per_mille(|household| household.occupancy == Occupancy::Vacant);
    let away = per_mille(|household| household.occupancy == Occupancy::Away);
    assert!((34..=46).contains(&vacant), "{vacant}");
    assert!((24..=36).contains(&away), "{away}");
    for household in &TOWN.households {
        let home = household.residents.iter().filter(|resident| !resident.away_on(*TODAY)).count();
        assert_eq!(household.residents.is_empty(), household.occupancy == Occupancy::Vacant);
        assert_eq!(home > 0, household.occupancy == Occupancy::Lived, "{household:?}");
    }
}

#[test]
fn every_identity_number_is_valid_nobodys_and_unique() {
    let mut seen = BTreeSet::new();
    for resident in TOWN.residents() {
        let Some(identity) = &resident.identity else { continue };
        let (parsed, changed) = Identity::parse(identity.as_str()).unwrap();
        assert_eq!((&parsed, changed), (identity, None));
        assert_eq!(&identity.as_str()[14..17], "000");
        assert_eq!(&identity.as_str()[..4], "1410");
        assert_eq!(identity.birth(), Some(resident.birth));
        assert!(seen.insert(identity.as_str()), "{identity:?} stands twice");
    }
    let without = TOWN.residents().count() - seen.len();
    assert!(without < 400, "{without} without a number");
}

#[test]
fn every_telephone_is_of_the_unassigned_prefix_and_unique() {
    let residents = TOWN.residents().filter_map(|resident| resident.phone.as_deref());
    let sent = TOWN.stewards.iter().filter(|steward| steward.resident.is_none());
    let phones: Vec<_> = residents.chain(sent.map(|steward| steward.phone.as_str())).collect();
    assert!(phones.iter().all(|phone| phone.len() == 11 && phone.starts_with(PHONE_PREFIX)));
    assert_eq!(phones.iter().collect::<BTreeSet<_>>().len(), phones.len());
    let none = per_mille(|h| h.occupancy == Occupancy::Lived && h.phone.is_none());
    assert!((5..80).contains(&none), "{none}");
}

#[test]
fn parents_are_sixteen_years_older_than_children() {
    let ages = |household: &Household, of: &[Relation]| -> Vec<i32> {
        let fits = household.residents.iter().filter(|resident| of.contains(&resident.relation));
        fits.map(|resident| resident.birth.age_on(*TODAY)).collect()
    };
    const CHILDREN: [Relation; 2] = [Relation::Son, Relation::Daughter];
    const GRANDCHILDREN: [Relation; 2] = [Relation::Grandson, Relation::Granddaughter];
    const HEADS: [Relation; 2] = [Relation::Head, Relation::Spouse];
    let lines = [
        (&[Relation::Father, Relation::Mother][..], &[Relation::Head][..]),
        (&HEADS, &CHILDREN),
        (&[Relation::DaughterInLaw], &GRANDCHILDREN),
        (&[Relation::Son], &GRANDCHILDREN),
    ];
    for household in &TOWN.households {
        for (elder, younger) in lines {
            let (elder, younger) = (ages(household, elder), ages(household, younger));
            let gap = elder.iter().flat_map(|elder| younger.iter().map(move |younger| elder - younger)).min();
            assert!(gap.is_none_or(|years| years >= 16), "{household:?}");
        }
    }
}

#[test]
fn families_are_as_they_are_in_villages() {
    let ages: Vec<_> = TOWN.residents().map(|resident| resident.birth.age_on(*TODAY)).collect();
    assert!(ages.iter().all(|age| (0..=100).contains(age)));
    let share =
        |from: i32, to: i32| ages.iter().filter(|age| (from..to).contains(*age)).count() * 100 / ages.len();
    assert!((14..30).contains(&share(0, 16)), "{}", share(0, 16));
    assert!((10..26).contains(&share(60, 200)), "{}", share(60, 200));
    let men = TOWN.residents().filter(|resident| resident.sex == Sex::Male).count() * 100 / ages.len();
    assert!((48..=54).contains(&men), "{men}");
    for household in TOWN.households.iter().filter(|household| household.occupancy == Occupancy::Lived) {
        assert_eq!(household.residents[0].relation, Relation::Head);
        let grown = |r: &Resident| r.birth.age_on(*TODAY) >= 18 && r.travel.is_none();
        assert!(household.residents.iter().any(grown), "{household:?}");
    }
}

#[test]
fn every_tag_occurs_and_lodgers_come_from_elsewhere() {
    for tag in Tag::ALL {
        assert!(TOWN.households.iter().any(|household| household.tags.contains(tag)), "{tag:?}");
    }
    for resident in TOWN.residents() {
        assert_eq!(resident.relation == Relation::Lodger, resident.registered_elsewhere.is_some());
    }
}
