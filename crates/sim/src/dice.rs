//! Dice that fall alike on every machine and in every version: PCG by its published algorithm, and
//! our own few lines from its bits to a choice, because libraries reserve the right to change theirs.

use rand_pcg::Pcg64Mcg;
use rand_pcg::rand_core::{Rng, SeedableRng};

pub(crate) struct Dice(Pcg64Mcg);

impl Dice {
    /// Dice of their own for whatever `parts` name below a seed.
    pub fn of(seed: u64, parts: &[u64]) -> Dice {
        Dice(Pcg64Mcg::seed_from_u64(derive(seed, parts)))
    }

    /// A number from 0 to `n` - 1; 0 where `n` is 0.
    pub fn below(&mut self, n: u32) -> u32 {
        let bits = self.0.next_u64() >> 32;
        u32::try_from((bits * u64::from(n)) >> 32).unwrap_or(0)
    }

    /// A number from `low` to `high`, both included; `low` where they are crossed.
    pub fn between(&mut self, low: i32, high: i32) -> i32 {
        let span = u32::try_from(i64::from(high) - i64::from(low) + 1).unwrap_or(0);
        low.saturating_add_unsigned(self.below(span))
    }

    /// True in `n` of 10,000 throws.
    pub fn chance(&mut self, n: u32) -> bool {
        self.below(10_000) < n
    }

    /// One of a table that has at least one row.
    pub fn pick<T: Copy>(&mut self, table: &[T]) -> T {
        table[self.below(u32::try_from(table.len()).unwrap_or(u32::MAX)) as usize]
    }

    /// One of a table of (choice, weight) that has at least one row.
    pub fn weigh<T: Copy>(&mut self, table: &[(T, u32)]) -> T {
        let mut left = self.below(table.iter().map(|row| row.1).sum());
        for &(choice, weight) in table {
            if left < weight {
                return choice;
            }
            left -= weight;
        }
        table[0].0
    }
}

/// A seed below a seed: one round of SplitMix64 for each part.
pub(crate) fn derive(seed: u64, parts: &[u64]) -> u64 {
    parts.iter().fold(mix(seed), |state, part| mix(state ^ part.wrapping_mul(0xd6e8_feb8_6659_fd93)))
}

fn mix(state: u64) -> u64 {
    let z = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dice_fall_alike_everywhere() {
        let mut dice = Dice::of(1, &[2, 3]);
        let thrown: Vec<_> = (0..6).map(|_| dice.below(1_000)).collect();
        assert_eq!(thrown, [505, 31, 922, 119, 512, 891]);
    }

    #[test]
    fn every_face_falls_about_equally_often() {
        let mut faces = [0_u32; 6];
        for n in 0..6_000 {
            faces[Dice::of(7, &[n]).below(6) as usize] += 1;
        }
        assert!(faces.iter().all(|face| (900..1_100).contains(face)), "{faces:?}");
    }

    #[test]
    fn a_weight_of_nothing_is_never_chosen() {
        let mut dice = Dice::of(1, &[]);
        let drawn: Vec<_> = (0..500).map(|_| dice.weigh(&[('a', 0), ('b', 3), ('c', 1)])).collect();
        assert!(!drawn.contains(&'a'));
        assert!(drawn.iter().filter(|c| **c == 'b').count() > drawn.iter().filter(|c| **c == 'c').count());
    }

    #[test]
    fn between_holds_both_ends() {
        let mut dice = Dice::of(1, &[]);
        let drawn: std::collections::BTreeSet<_> = (0..200).map(|_| dice.between(-1, 2)).collect();
        assert_eq!(drawn.into_iter().collect::<Vec<_>>(), [-1, 0, 1, 2]);
        assert_eq!(dice.between(5, 4), 5);
    }
}
