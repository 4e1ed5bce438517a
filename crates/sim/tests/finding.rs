//! The rounds of the made-up town: what is found.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use base::{Day, TownTime};
use firebreak_sim::{Check, Outcome, Reading, Town, VISITOR_PHONE_PREFIX, Whereabouts};

static TOWN: LazyLock<Town> = LazyLock::new(|| Town::xiangling(1, Day::new(2020, 2, 5).expect("a day")));
static TIME: LazyLock<TownTime> = LazyLock::new(|| TownTime::new("Asia/Shanghai", "16:00").expect("a zone"));
static DAYS: LazyLock<Vec<Vec<Check>>> =
    LazyLock::new(|| TOWN.days().map(|day| TOWN.round(day, &TIME).checks().collect()).collect());

fn all() -> impl Iterator<Item = &'static Check> {
    DAYS.iter().flatten()
}

fn readings(day: &[Check]) -> impl Iterator<Item = (&Check, &Reading)> {
    day.iter().flat_map(|check| match &check.outcome {
        Outcome::Detailed(details) => details.readings.iter().map(|reading| (check, reading)).collect(),
        _ => Vec::new(),
    })
}

fn returnees(day: &[Check]) -> usize {
    readings(day).filter(|(_, reading)| matches!(reading.whereabouts, Whereabouts::Back { .. })).count()
}

#[test]
fn returnees_come_before_the_festival_and_fall_off() {
    let daily: Vec<_> = DAYS.iter().map(|day| returnees(day)).collect();
    assert!(daily[0] > 80, "{daily:?}");
    assert!(daily[..2].iter().sum::<usize>() > daily[7..].iter().sum::<usize>(), "{daily:?}");
    assert!(daily[2..].iter().all(|count| *count > 0), "{daily:?}");
}

#[test]
fn nobody_comes_back_twice() {
    let mut seen = BTreeSet::new();
    for (check, reading) in DAYS.iter().flat_map(|day| readings(day)) {
        let Whereabouts::Back { how, .. } = &reading.whereabouts else { continue };
        assert!(seen.insert((check.household, reading.resident)), "{check:?}");
        assert!((0..4).contains(&check.day.days_since(how.day)));
    }
    let back = TOWN.residents().filter_map(|resident| resident.travel.as_ref()?.back.as_ref());
    let due = back.filter(|back| back.day >= TOWN.first_day()).count();
    assert!(seen.len() <= due && seen.len() * 100 >= due * 97, "{} of {due}", seen.len());
}

#[test]
fn key_persons_are_measured_every_day_they_are_met() {
    for (day, checks) in TOWN.days().zip(DAYS.iter()) {
        let measured: BTreeSet<_> = readings(checks)
            .filter(|(_, reading)| reading.temperature.is_some())
            .map(|(check, reading)| (check.household, reading.resident))
            .collect();
        let mut key = 0;
        for check in checks.iter().filter(|check| !matches!(check.outcome, Outcome::Unreachable(_))) {
            let residents = &TOWN.households[check.household as usize].residents;
            for (place, _) in (0_u16..).zip(residents).filter(|(_, resident)| resident.key_on(day)) {
                assert!(measured.contains(&(check.household, place)));
                key += 1;
            }
        }
        assert!((5..120).contains(&key), "{day}: {key}");
    }
}

#[test]
fn a_few_have_fever_and_temperatures_are_possible() {
    let temperatures: Vec<_> =
        DAYS.iter().flat_map(|day| readings(day)).filter_map(|(_, reading)| reading.temperature).collect();
    assert!(temperatures.iter().all(|tenths| (355..=389).contains(tenths)));
    let fevers = temperatures.iter().filter(|tenths| **tenths >= 373).count();
    assert!((20..250).contains(&fevers), "{fevers}");
}

#[test]
fn nobody_away_has_a_temperature() {
    for (check, reading) in DAYS.iter().flat_map(|day| readings(day)) {
        let resident = &TOWN.households[check.household as usize].residents[usize::from(reading.resident)];
        let away = matches!(reading.whereabouts, Whereabouts::Away { .. });
        assert_eq!(away, resident.away_on(check.day));
        assert_eq!(away, reading.temperature.is_none());
    }
}

#[test]
fn visitors_and_needs_occur_and_visitors_are_nobody() {
    let details: Vec<_> = all()
        .filter_map(|check| match &check.outcome {
            Outcome::Detailed(details) => Some(details),
            _ => None,
        })
        .collect();
    let visitors: Vec<_> = details.iter().flat_map(|details| &details.visitors).collect();
    let needs = details.iter().map(|details| details.needs.len()).sum::<usize>();
    assert!((400..2_000).contains(&visitors.len()), "{}", visitors.len());
    assert!((400..1_500).contains(&needs), "{needs}");
    let phones = visitors.iter().filter_map(|visitor| visitor.phone.as_ref());
    assert!(phones.into_iter().all(|phone| phone.len() == 11 && phone.starts_with(VISITOR_PHONE_PREFIX)));
    assert!(details.iter().all(|details| **details != firebreak_sim::Details::default()));
}
