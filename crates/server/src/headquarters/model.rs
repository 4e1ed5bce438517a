//! What a wall has room for, and how long something has been so.

use base::Moment;

/// Divisions that the sheet has room for: four columns of eight, read from six metres.
const ROOM: usize = 32;
/// Divisions that are named as most behind.
const NAMED: usize = 4;

/// Keeps what the sheet has room for, in its order, so that each has its place from day to day: of
/// too many those with most silent households. Gives how many are left out.
pub fn fit<T>(rows: &mut Vec<T>, silent: impl Fn(&T) -> i64) -> usize {
    let left_out = rows.len().saturating_sub(ROOM);
    let mut ranks: Vec<(i64, usize)> = rows.iter().map(|row| -silent(row)).zip(0..).collect();
    ranks.sort_unstable();
    let last = ranks.get(ROOM - 1).copied().unwrap_or((i64::MAX, 0));
    let mut place = 0..;
    rows.retain(|row| place.next().is_some_and(|place| (-silent(row), place) <= last));
    left_out
}

/// Those most behind, the worst first; nobody who is complete.
pub fn most_behind<T>(rows: &[T], silent: impl Fn(&T) -> i64) -> Vec<&T> {
    let mut behind: Vec<&T> = rows.iter().filter(|row| silent(row) > 0).collect();
    behind.sort_by_key(|row| -silent(row));
    behind.truncate(NAMED);
    behind
}

/// A time that has passed or is left, as coarse as it is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Span {
    Days(i64),
    /// Hours and minutes.
    Hours(i64, i64),
    Minutes(i64),
}

impl Span {
    /// From one moment to a later one; nothing has passed where it is not later. A part of a minute
    /// counts as none.
    pub fn between(from: Moment, to: Moment) -> Span {
        let minutes = to.seconds_since(from).max(0) / 60;
        match minutes {
            0..60 => Span::Minutes(minutes),
            60..2_880 => Span::Hours(minutes / 60, minutes % 60),
            _ => Span::Days(minutes / 1_440),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_that_fit_stay_in_their_places() {
        let mut rows = vec![3, 0, 7];
        assert_eq!(fit(&mut rows, |n| *n), 0);
        assert_eq!(rows, [3, 0, 7]);
    }

    #[test]
    fn of_too_many_the_most_silent_stay_in_their_order() {
        let mut rows: Vec<i64> = (0..40).map(|n| if n % 10 == 0 { 0 } else { 5 + n % 2 }).collect();
        let all = rows.clone();
        assert_eq!(fit(&mut rows, |n| *n), 8);
        assert_eq!(rows.len(), 32);
        assert!(!rows.contains(&0));
        let sixes = |rows: &[i64]| rows.iter().filter(|silent| **silent == 6).count();
        assert_eq!(sixes(&rows), sixes(&all));
        let mut rest = all.iter();
        assert!(rows.iter().all(|row| rest.any(|other| other == row)), "the order is kept");
    }

    #[test]
    fn who_is_complete_is_not_behind() {
        assert_eq!(most_behind(&[0, 3, 9, 0], |n| *n), [&9, &3]);
        assert_eq!(most_behind(&[1, 2, 3, 4, 5, 6], |n| *n).len(), 4);
    }

    #[test]
    fn a_span_is_told_as_coarse_as_people_tell_it() {
        let after = |minutes: i64| Span::between(Moment(0), Moment(0).plus_minutes(minutes));
        assert_eq!(after(-5), Span::Minutes(0));
        assert_eq!(after(59), Span::Minutes(59));
        assert_eq!(after(330), Span::Hours(5, 30));
        assert_eq!(after(2_879), Span::Hours(47, 59));
        assert_eq!(after(2_880), Span::Days(2));
    }
}
