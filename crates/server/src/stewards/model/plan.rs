//! A proposal of contacts for the households of a street that have none: near house numbers go
//! together, nobody gets more than he can carry, and loads come out even. Depends on nothing but
//! what is passed in, so the same street gives the same proposal.

use super::Pick;

/// A household of the street, in the order of its house numbers.
#[derive(Clone, Copy, Debug)]
pub struct Place {
    pub pick: Pick,
    /// Who is its contact; nothing: it is to be given.
    pub contact: Option<i64>,
}

/// Somebody who may become contact.
#[derive(Clone, Copy, Debug)]
pub struct Candidate {
    pub steward: i64,
    /// Households he has, here and elsewhere.
    pub load: i64,
    /// Belongs to the team area itself, not only to a branch that serves it.
    pub near: bool,
}

/// Who would get which household, in the order of the street.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    pub given: Vec<(Pick, i64)>,
    /// Households for which nobody had room.
    pub left: Vec<Pick>,
}

/// What a household costs that goes to somebody of another team area, in house numbers of distance.
const ELSEWHERE: i64 = 30;

/// Proposes contacts so that nobody comes to have more than `most` households.
pub fn propose(street: &[Place], candidates: &[Candidate], most: i64) -> Plan {
    let open: Vec<usize> = (0..street.len()).filter(|place| street[*place].contact.is_none()).collect();
    let mut runners: Vec<Runner> = candidates.iter().map(|c| Runner::of(c, street, most)).collect();
    runners.retain(|runner| runner.room > 0);
    let room: usize = runners.iter().map(|runner| runner.room).sum();
    let (open, left) = open.split_at(room.min(open.len()));
    let first_free = |runner: &Runner| (runner.anchors.first().copied(), !runner.near, runner.steward);
    runners.sort_by_key(first_free);
    let newcomers_first = cut(open, &runners);
    runners.sort_by_key(|runner| (runner.anchors.is_empty(), first_free(runner)));
    let newcomers_last = cut(open, &runners);
    let best = if newcomers_first.cost < newcomers_last.cost { newcomers_first } else { newcomers_last };
    let given = open.iter().zip(best.stewards).map(|(place, steward)| (street[*place].pick, steward));
    Plan { given: given.collect(), left: left.iter().map(|place| street[*place].pick).collect() }
}

/// A candidate at work in this street.
struct Runner {
    steward: i64,
    load: i64,
    room: usize,
    near: bool,
    /// Where his households of this street lie.
    anchors: Vec<usize>,
}

impl Runner {
    fn of(candidate: &Candidate, street: &[Place], most: i64) -> Runner {
        let own = |place: &usize| street[*place].contact == Some(candidate.steward);
        Runner {
            steward: candidate.steward,
            load: candidate.load,
            room: usize::try_from(most - candidate.load).unwrap_or(0),
            near: candidate.near,
            anchors: (0..street.len()).filter(own).collect(),
        }
    }

    /// What it costs that he takes the household at a place: how far his nearest one is.
    fn distance(&self, place: usize) -> i64 {
        let away = |anchor: &usize| i64::try_from(anchor.abs_diff(place)).unwrap_or(i64::MAX);
        let own = self.anchors.iter().map(away).min();
        own.unwrap_or(if self.near { 0 } else { ELSEWHERE })
    }

    /// What it costs that he takes one more when he took `taken` already: the more he has, the
    /// dearer, which makes loads even.
    fn burden(&self, taken: usize) -> i64 {
        2 * (self.load + i64::try_from(taken).unwrap_or(i64::MAX / 4)) + 1
    }
}

struct Cut {
    cost: i64,
    /// The steward of each household, in order.
    stewards: Vec<i64>,
}

const NEVER: i64 = i64::MAX / 2;

/// Cuts the households in order into one run for each runner, in order, at the least cost.
fn cut(open: &[usize], runners: &[Runner]) -> Cut {
    let mut cost = vec![NEVER; open.len() + 1];
    cost[0] = 0;
    // For each runner and end of his run: how many he takes.
    let mut takes: Vec<Vec<usize>> = Vec::with_capacity(runners.len());
    for runner in runners {
        let mut next = cost.clone();
        let mut taken = vec![0; open.len() + 1];
        for start in 0..open.len() {
            let mut sum = cost[start];
            for count in 1..=runner.room.min(open.len() - start) {
                sum += runner.distance(open[start + count - 1]) + runner.burden(count - 1);
                if sum < next[start + count] {
                    next[start + count] = sum;
                    taken[start + count] = count;
                }
            }
        }
        cost = next;
        takes.push(taken);
    }
    Cut { cost: cost[open.len()], stewards: walk_back(open.len(), runners, &takes) }
}

fn walk_back(count: usize, runners: &[Runner], takes: &[Vec<usize>]) -> Vec<i64> {
    let mut stewards = vec![0; count];
    let mut end = count;
    for (runner, taken) in runners.iter().zip(takes).rev() {
        let start = end - taken[end];
        stewards[start..end].fill(runner.steward);
        end = start;
    }
    stewards
}

impl Plan {
    /// A digest of all that the plan says: what was shown is confirmed only if it still says so.
    pub fn digest(&self) -> String {
        let mut text = String::new();
        for (pick, steward) in &self.given {
            text += &format!("{pick}>{steward}\n");
        }
        for pick in &self.left {
            text += &format!("{pick}\n");
        }
        blake3::hash(text.as_bytes()).to_hex()[..32].to_owned()
    }
}

#[cfg(test)]
mod tests;
