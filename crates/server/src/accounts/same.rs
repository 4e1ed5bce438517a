//! Which steward and which account are one person, where a list of each was taken by itself. Somebody
//! else's households are worse than none, so that only what is certain is joined.

use std::collections::HashMap;

/// A steward without account and an account, of one name and one town.
#[derive(Clone, Copy, Debug)]
pub struct Namesakes {
    /// Town and number.
    pub steward: (i64, i64),
    pub account: i64,
    /// Whether the phone numbers are the same; nothing where one is not known.
    pub same_phone: Option<bool>,
    /// Of one village.
    pub near: bool,
}

/// A steward (town, number) and his account.
pub type Pair = ((i64, i64), i64);

/// The pairs that are one person: by name and phone; where a phone is not known by name and village.
/// Whoever has a namesake that fits as well stays as he is.
pub fn same(namesakes: &[Namesakes]) -> Vec<Pair> {
    let by_phone = |n: &&Namesakes| n.same_phone == Some(true);
    let mut found = alone(namesakes.iter().filter(by_phone));
    let free = |n: &&Namesakes| {
        let taken = |(steward, account): &Pair| {
            *steward == n.steward || (*account == n.account && steward.0 == n.steward.0)
        };
        n.same_phone.unwrap_or(n.near) && !found.iter().any(taken)
    };
    let rest = alone(namesakes.iter().filter(free));
    found.extend(rest);
    found
}

/// Those whose steward and account, in its town, are in no other pair.
fn alone<'a>(fitting: impl Iterator<Item = &'a Namesakes>) -> Vec<Pair> {
    let fitting: Vec<&Namesakes> = fitting.collect();
    let (mut stewards, mut accounts) = (HashMap::new(), HashMap::new());
    for n in &fitting {
        *stewards.entry(n.steward).or_insert(0) += 1;
        *accounts.entry((n.steward.0, n.account)).or_insert(0) += 1;
    }
    let single = |n: &&&Namesakes| stewards[&n.steward] == 1 && accounts[&(n.steward.0, n.account)] == 1;
    fitting.iter().filter(single).map(|n| (n.steward, n.account)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pair(steward: i64, account: i64, same_phone: Option<bool>, near: bool) -> Namesakes {
        Namesakes { steward: (141_023_105, steward), account, same_phone, near }
    }

    fn found(namesakes: &[Namesakes]) -> Vec<(i64, i64)> {
        same(namesakes).into_iter().map(|((_, steward), account)| (steward, account)).collect()
    }

    #[test]
    fn the_phone_tells_namesakes_of_one_village_apart() {
        let rows = [
            pair(1, 8, Some(true), true),
            pair(1, 9, Some(false), true),
            pair(2, 8, Some(false), true),
            pair(2, 9, None, true),
        ];
        assert_eq!(found(&rows), [(1, 8), (2, 9)]);
    }

    #[test]
    fn a_name_alone_joins_nobody() {
        assert!(found(&[pair(1, 8, None, false)]).is_empty());
        assert!(found(&[pair(1, 8, Some(false), true)]).is_empty());
        assert_eq!(found(&[pair(1, 8, None, true)]), [(1, 8)]);
    }

    #[test]
    fn two_who_fit_alike_are_left_to_a_hand() {
        assert!(found(&[pair(1, 8, None, true), pair(1, 9, None, true)]).is_empty());
        assert!(found(&[pair(1, 8, None, true), pair(2, 8, None, true)]).is_empty());
        assert!(found(&[pair(1, 8, Some(true), true), pair(1, 9, Some(true), true)]).is_empty());
    }
}
