//! What a proposal never does, for any street.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::super::Node;
use super::*;

fn place(n: usize, contact: Option<i64>) -> Place {
    let household = i64::try_from(n).unwrap() + 1;
    Place { pick: Pick { node: Node::Household(household), shown: contact }, contact }
}

fn street(contacts: &[i64]) -> Vec<Place> {
    contacts.iter().enumerate().map(|(n, who)| place(n, (*who != 0).then_some(*who))).collect()
}

fn candidate(steward: i64, load: i64) -> Candidate {
    Candidate { steward, load, near: true }
}

fn stewards(plan: &Plan) -> Vec<i64> {
    plan.given.iter().map(|(_, steward)| *steward).collect()
}

/// Streets in which stewards 1 to 5 have some of the houses and others (10) some; loads are at
/// least what they have here.
fn any_street() -> impl Strategy<Value = (Vec<Place>, Vec<Candidate>, i64)> {
    let houses = prop::collection::vec(prop_oneof![3 => Just(0_i64), 1 => 1..=5_i64, 1 => Just(10)], 0..60);
    let extra = prop::collection::vec((0..30_i64, any::<bool>()), 1..=5);
    (houses, extra, 1..45_i64).prop_map(|(houses, extra, most)| {
        let candidates = (1..).zip(extra).map(|(steward, (extra, near))| {
            let here = i64::try_from(houses.iter().filter(|who| **who == steward).count()).unwrap();
            Candidate { steward, load: here + extra, near }
        });
        let candidates = candidates.collect();
        (street(&houses), candidates, most)
    })
}

proptest! {
    #[test]
    fn nobody_gets_more_than_the_limit_and_nobody_is_forgotten((street, candidates, most) in any_street()) {
        let plan = propose(&street, &candidates, most);
        let mut gets: BTreeMap<i64, i64> = BTreeMap::new();
        for (_, steward) in &plan.given {
            *gets.entry(*steward).or_default() += 1;
        }
        let mut room = 0;
        for c in &candidates {
            let got = gets.remove(&c.steward).unwrap_or(0);
            prop_assert!(got == 0 || c.load + got <= most);
            room += (most - c.load).max(0);
        }
        prop_assert!(gets.is_empty(), "only candidates get households");
        let open: Vec<Pick> = street.iter().filter(|p| p.contact.is_none()).map(|p| p.pick).collect();
        let told: Vec<Pick> = plan.given.iter().map(|(pick, _)| *pick).chain(plan.left.iter().copied()).collect();
        prop_assert_eq!(&told, &open);
        prop_assert_eq!(plan.given.len(), open.len().min(usize::try_from(room).unwrap()));
    }

    #[test]
    fn each_gets_one_unbroken_run_of_the_street((street, candidates, most) in any_street()) {
        let given = stewards(&propose(&street, &candidates, most));
        let mut runs = given.clone();
        runs.dedup();
        let mut once = runs.clone();
        once.sort_unstable();
        once.dedup();
        prop_assert_eq!(runs.len(), once.len());
    }

    #[test]
    fn the_order_of_the_candidates_changes_nothing((street, mut candidates, most) in any_street()) {
        let plan = propose(&street, &candidates, most);
        candidates.reverse();
        prop_assert_eq!(propose(&street, &candidates, most), plan);
    }

    #[test]
    fn newcomers_share_an_empty_street_evenly(houses in 1..80_usize, people in 1..8_i64) {
        let street = street(&vec![0; houses]);
        let candidates: Vec<_> = (1..=people).map(|n| candidate(n, 0)).collect();
        let plan = propose(&street, &candidates, 80);
        let count = |n: i64| plan.given.iter().filter(|(_, steward)| *steward == n).count();
        let counts: Vec<_> = (1..=people).map(count).collect();
        prop_assert!(counts.iter().max().unwrap() - counts.iter().min().unwrap() <= 1, "{counts:?}");
    }
}

#[test]
fn a_house_between_two_of_one_contact_goes_to_him() {
    let street = street(&[1, 1, 0, 1, 1, 2, 2, 0, 2, 2]);
    let plan = propose(&street, &[candidate(1, 14), candidate(2, 13)], 40);
    assert_eq!(stewards(&plan), [1, 2]);
}

#[test]
fn a_newcomer_takes_the_end_of_the_street_that_nobody_has() {
    let plan = propose(&street(&[0, 0, 0, 0, 1, 1, 1, 1]), &[candidate(1, 4), candidate(2, 0)], 40);
    assert_eq!(stewards(&plan), [2, 2, 2, 2]);
}

#[test]
fn somebody_of_another_team_area_comes_in_only_when_it_is_needed() {
    let street = street(&[0, 0, 0, 0]);
    let far = Candidate { near: false, ..candidate(2, 0) };
    assert_eq!(stewards(&propose(&street, &[candidate(1, 0), far], 40)), [1, 1, 1, 1]);
    let plan = propose(&street, &[candidate(1, 0), far], 3);
    assert_eq!(plan.given.iter().filter(|(_, steward)| *steward == 2).count(), 1);
}

#[test]
fn a_plan_that_says_something_else_has_another_digest() {
    let plan = propose(&street(&[0, 0, 1]), &[candidate(1, 1)], 40);
    let fewer = propose(&street(&[0, 1, 1]), &[candidate(1, 2)], 40);
    assert_ne!(plan.digest(), fewer.digest());
    assert_eq!(plan.digest(), plan.clone().digest());
}
