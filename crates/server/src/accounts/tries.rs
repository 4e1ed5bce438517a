//! Who has failed how often: by address, and by names that are no accounts. Failures of accounts
//! are counted in the database; those of unknown names here, so that both wait alike and nobody
//! learns from the door which names exist.

use std::collections::{HashMap, HashSet};

use base::Moment;

use super::model::locked_until;

/// Failures of one address (behind trusted proxies: the asker's) within [`WINDOW`] minutes after which it waits for the rest of them. A
/// whole village may stand behind one address.
const ADDRESS_FAILURES: u32 = 60;
const WINDOW: i64 = 10;
/// Entries kept; beyond, all is forgotten, which only a flood brings about.
const MOST: usize = 20_000;

/// What becomes of somebody at the door.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Entry {
    In,
    /// Another attempt for the name is under way.
    Busy,
    /// The address has failed too often, and waits until then.
    Wait(Moment),
}

#[derive(Debug, Default)]
pub struct Tries {
    under_way: HashSet<String>,
    addresses: HashMap<String, (u32, Moment)>,
    strangers: HashMap<String, (i32, Option<Moment>)>,
}

impl Tries {
    /// Whether an attempt may begin; it then ends with [`Tries::leave`].
    pub fn enter(&mut self, address: &str, name: &str, now: Moment) -> Entry {
        let failed = self.addresses.get(address).filter(|(_, since)| within(*since, now));
        match failed {
            Some((failures, since)) if *failures >= ADDRESS_FAILURES => {
                Entry::Wait(since.plus_minutes(WINDOW))
            }
            _ if self.under_way.insert(name.to_owned()) => Entry::In,
            _ => Entry::Busy,
        }
    }

    pub fn leave(&mut self, name: &str) {
        self.under_way.remove(name);
    }

    /// Counts a failure of an address.
    pub fn address_failed(&mut self, address: &str, now: Moment) {
        room(&mut self.addresses);
        let entry = self.addresses.entry(address.to_owned()).or_insert((0, now));
        if !within(entry.1, now) {
            *entry = (0, now);
        }
        entry.0 += 1;
    }

    /// Until when a name that is no account waits.
    pub fn stranger(&self, name: &str) -> Option<Moment> {
        self.strangers.get(name).and_then(|(_, until)| *until)
    }

    /// Counts a failure of a name that is no account, as an account's is counted.
    pub fn stranger_failed(&mut self, name: &str, now: Moment) {
        room(&mut self.strangers);
        let entry = self.strangers.entry(name.to_owned()).or_insert((0, None));
        entry.0 += 1;
        entry.1 = locked_until(entry.0, now);
    }
}

fn within(since: Moment, now: Moment) -> bool {
    (0..WINDOW * 60).contains(&now.seconds_since(since))
}

fn room<T>(entries: &mut HashMap<String, T>) {
    if entries.len() >= MOST {
        entries.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_that_fails_too_often_waits_and_others_do_not() {
        let mut tries = Tries::default();
        for _ in 0..ADDRESS_FAILURES {
            tries.address_failed("a", Moment(0));
        }
        let until = Moment(0).plus_minutes(WINDOW);
        assert_eq!(tries.enter("a", "zhang", Moment(0).plus_minutes(WINDOW - 1)), Entry::Wait(until));
        assert_eq!(tries.enter("b", "zhang", Moment(0)), Entry::In);
        assert_eq!(tries.enter("c", "zhang", Moment(0)), Entry::Busy);
        tries.leave("zhang");
        assert_eq!(tries.enter("a", "zhang", until), Entry::In);
    }

    #[test]
    fn a_name_that_is_no_account_waits_as_an_account_does() {
        let mut tries = Tries::default();
        for _ in 0..4 {
            tries.stranger_failed("nobody", Moment(0));
        }
        assert_eq!(tries.stranger("nobody"), None);
        tries.stranger_failed("nobody", Moment(0));
        assert_eq!(tries.stranger("nobody"), Some(Moment(60_000)));
    }
}
