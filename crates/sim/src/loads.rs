//! How a street is split among its contacts.

use crate::dice::Dice;

/// Least and most households of a contact.
const LOAD: (u32, u32) = (10, 40);

/// How many households each contact of a team area has: about 18 to 28, within [`LOAD`].
pub(crate) fn loads(dice: &mut Dice, households: u32) -> Vec<usize> {
    let wanted = dice.between(18, 28).unsigned_abs();
    let most = (households / LOAD.0).max(1);
    let count = ((households + wanted / 2) / wanted).max(households.div_ceil(LOAD.1)).clamp(1, most);
    let even = households / count;
    let play = (even.saturating_sub(LOAD.0) / 2).min(LOAD.1.saturating_sub(even + 1) / 2).min(4) as i32;
    let bound = |dice: &mut Dice, n: u32| {
        let at = households * n / count;
        if n == 0 || n == count { at } else { at.saturating_add_signed(dice.between(-play, play)) }
    };
    let bounds: Vec<u32> = (0..=count).map(|n| bound(dice, n)).collect();
    bounds.windows(2).map(|pair| (pair[1] - pair[0]) as usize).filter(|load| *load > 0).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn loads_add_up_and_stay_between_ten_and_forty() {
        let mut dice = Dice::of(2, &[]);
        for households in 10..400 {
            let loads = loads(&mut dice, households);
            assert_eq!(loads.iter().sum::<usize>(), households as usize);
            assert!(loads.iter().all(|load| (10..=40).contains(load)), "{households}: {loads:?}");
        }
        assert!(loads(&mut dice, 0).is_empty());
        assert_eq!(loads(&mut dice, 4), [4]);
    }
}
