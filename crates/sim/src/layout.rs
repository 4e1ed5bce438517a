//! How a town is divided: into villages, team areas, house numbers.

use crate::dice::Dice;

/// Splits `total` into `parts` of uneven weight that add up to it.
pub(crate) fn share(dice: &mut Dice, total: u32, parts: usize, weight: (i32, i32)) -> Vec<u32> {
    let weights: Vec<u64> =
        (0..parts).map(|_| u64::from(dice.between(weight.0, weight.1).unsigned_abs())).collect();
    let sum: u64 = weights.iter().sum();
    let mut before = 0;
    let bounds = weights.iter().map(|weight| {
        let from = u64::from(total) * before / sum;
        before += weight;
        (u64::from(total) * before / sum - from) as u32
    });
    bounds.collect()
}

/// The team areas of a village in its own way: by street in the town's centre, elsewhere by villager
/// group, by team, or by quarter.
pub(crate) fn group_names(dice: &mut Dice, village: &str) -> &'static [&'static str] {
    const STREETS: [&str; 8] = ["正街", "鼓楼巷", "后巷", "前巷", "学巷", "仓巷", "新巷", "城壕巷"];
    const WAYS: [[&str; 8]; 3] = [
        ["一组", "二组", "三组", "四组", "五组", "六组", "七组", "八组"],
        ["一队", "二队", "三队", "四队", "五队", "六队", "七队", "八队"],
        ["北街", "南街", "东街", "西街", "中街", "新街", "前街", "后街"],
    ];
    if village.ends_with("街村") { &STREETS } else { &WAYS[dice.below(3) as usize] }
}

/// House numbers along a street: some are skipped, some houses were divided.
pub(crate) fn houses(dice: &mut Dice, count: u32) -> Vec<String> {
    let (mut number, mut annex) = (0, 0);
    let house = |_| {
        if number > 0 && dice.chance(400) {
            annex += 1;
            return format!("{number}号附{annex}");
        }
        number += if dice.chance(500) { 2 } else { 1 };
        annex = 0;
        format!("{number}号")
    };
    (0..count).map(house).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_add_up() {
        let mut dice = Dice::of(4, &[]);
        for total in [0, 7, 62, 10_600] {
            assert_eq!(share(&mut dice, total, 5, (60, 140)).iter().sum::<u32>(), total);
        }
        assert!(share(&mut dice, 9, 0, (60, 140)).is_empty());
    }

    #[test]
    fn no_house_number_stands_twice_in_a_street() {
        let houses = houses(&mut Dice::of(4, &[]), 200);
        let distinct: std::collections::BTreeSet<_> = houses.iter().collect();
        assert_eq!(distinct.len(), 200);
    }
}
