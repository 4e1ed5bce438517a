//! The rounds of the made-up town: how many, when, by whom.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use base::{Day, TownTime};
use firebreak_sim::{Check, Occupancy, Outcome, Source, Town};

static TOWN: LazyLock<Town> = LazyLock::new(|| Town::xiangling(1, Day::new(2020, 2, 5).expect("a day")));
static TIME: LazyLock<TownTime> = LazyLock::new(|| TownTime::new("Asia/Shanghai", "16:00").expect("a zone"));
static DAYS: LazyLock<Vec<Vec<Check>>> =
    LazyLock::new(|| TOWN.days().map(|day| TOWN.round(day, &TIME).checks().collect()).collect());

fn all() -> impl Iterator<Item = &'static Check> {
    DAYS.iter().flatten()
}

/// Per mille of `whole`.
fn share(part: usize, whole: usize) -> usize {
    part * 1_000 / whole
}

#[test]
fn fourteen_days_end_today() {
    assert_eq!(DAYS.len(), 14);
    assert_eq!(TOWN.first_day(), Day::new(2020, 1, 23).unwrap());
    assert_eq!(TOWN.round(TOWN.today.next(), &TIME).checks().count(), 0);
    assert_eq!(TOWN.round(TOWN.first_day().previous(), &TIME).checks().count(), 0);
}

#[test]
fn most_are_well_and_few_are_silent_unreachable_or_late() {
    let due = TOWN.households.iter().filter(|household| household.occupancy == Occupancy::Lived).count();
    for (day, checks) in TOWN.days().zip(DAYS.iter()) {
        let count = |fits: fn(&Outcome) -> bool| {
            share(checks.iter().filter(|check| fits(&check.outcome)).count(), checks.len())
        };
        let well = count(|outcome| *outcome == Outcome::AllWell);
        let unreachable = count(|outcome| matches!(outcome, Outcome::Unreachable(_)));
        let silent = share(due - checks.len(), due);
        let late = checks.iter().filter(|check| check.entered_at >= TIME.cut_off(day)).count();
        let late = share(late, checks.len());
        assert!((930..=975).contains(&well), "{day}: {well} well");
        assert!((10..=20).contains(&unreachable), "{day}: {unreachable} unreachable");
        assert!((3..=35).contains(&silent), "{day}: {silent} silent");
        assert!((10..=90).contains(&late), "{day}: {late} late");
    }
}

#[test]
fn three_villages_are_a_few_percent_behind() {
    let behind = |village: u16| TOWN.villages[usize::from(village)].behind;
    assert_eq!((0..29).filter(|village| behind(*village)).count(), 3);
    let covered = |lagging: bool| {
        let lived = TOWN.households.iter().filter(|household| household.occupancy == Occupancy::Lived);
        let due = lived.filter(|household| behind(household.village) == lagging).count() * DAYS.len();
        let village = |check: &Check| TOWN.households[check.household as usize].village;
        share(all().filter(|check| behind(village(check)) == lagging).count(), due)
    };
    assert!((925..975).contains(&covered(true)), "{}", covered(true));
    assert!((988..1_000).contains(&covered(false)), "{}", covered(false));
}

#[test]
fn one_day_alone_is_that_day_in_sequence() {
    let town = Town::xiangling(1, TOWN.today);
    let day = TOWN.first_day().plus(9);
    let round = town.round(day, &TIME);
    assert_eq!(round.checks().collect::<Vec<_>>(), DAYS[9]);
    let last = DAYS[9].last().unwrap();
    assert_eq!(round.check(last.household).as_ref(), Some(last));
    let other = Town::xiangling(2, TOWN.today);
    assert_ne!(other.round(day, &TIME).checks().collect::<Vec<_>>(), DAYS[9]);
}

#[test]
fn a_day_in_progress_is_the_part_entered_so_far() {
    let round = TOWN.round(TOWN.today, &TIME);
    let at = |hour| TIME.moment(TOWN.today, hour, 0).unwrap();
    let counts: Vec<_> = [7, 10, 12, 16, 23].map(|hour| round.until(at(hour)).count()).into();
    assert_eq!(counts[0], 0);
    assert!(counts.windows(2).all(|pair| pair[0] < pair[1]), "{counts:?}");
    assert_eq!(counts[4], DAYS[13].len());
    assert!(round.until(at(12)).all(|check| check.entered_at <= at(12)));
}

#[test]
fn a_check_happens_and_is_entered_on_its_day() {
    for check in all() {
        assert_eq!(TIME.day(check.happened_at), check.day);
        assert_eq!(TIME.day(check.entered_at), check.day);
        assert!(check.happened_at < check.entered_at);
        assert!((8..23).contains(&TIME.hour_minute(check.happened_at).0), "{check:?}");
        assert!(check.source == Source::Paper || check.by == check.entered_by);
    }
    let paper = all().filter(|check| check.source == Source::Paper).count();
    assert!((15..80).contains(&share(paper, all().count())), "{paper}");
}

#[test]
fn a_contact_walks_at_a_human_pace() {
    let mut walks: BTreeMap<u32, Vec<_>> = BTreeMap::new();
    for check in &DAYS[5] {
        walks.entry(check.by).or_default().push(check.happened_at);
    }
    for times in walks.values() {
        let pace = times.windows(2).map(|pair| pair[1].seconds_since(pair[0]));
        assert!(pace.min().unwrap_or(60) >= 30);
    }
    let hour = |from: i8, to: i8| {
        DAYS[5].iter().filter(|check| (from..to).contains(&TIME.hour_minute(check.happened_at).0)).count()
    };
    assert!(hour(9, 11) > hour(12, 14) && hour(14, 16) > hour(12, 14));
}
