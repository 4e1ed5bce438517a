//! The made-up town and its people, from a seed, at any size: food for the demonstration, the live
//! simulation, tests and benches. Plain values only: no database, no network, no clock.
//!
//! One seed gives the same town on every machine: the dice are a fixed algorithm, and whatever is
//! drawn for a household on a day depends on (seed, town, household, day) alone, so that any day
//! can be had without the days before it. Nobody here is real: identity numbers carry sequence
//! 000, telephones a prefix that is nobody's (see [`PHONE_PREFIX`]).

mod appoint;
mod check;
mod dice;
mod episode;
mod family;
mod finding;
mod household;
mod layout;
mod loads;
mod names;
mod papers;
mod places;
mod plot;
mod round;
mod site;
mod stewards;
mod tags;
mod town;
mod travel;
mod walk;
mod words;

pub use check::{Check, Details, Outcome, Reading, Source, Visitor, Whereabouts};
pub use household::{Household, Resident};
pub use papers::{PHONE_PREFIX, VISITOR_PHONE_PREFIX};
pub use round::Round;
pub use site::{Place, Site, Towns, XIANGLING};
pub use stewards::{Node, Steward, Stewardship};
pub use town::{Group, ROUND_DAYS, Town, Village, XIANGLING_HOUSEHOLDS};
pub use travel::{Back, Travel};
pub use words::{Kind, Need, Occupancy, Purpose, Reason, Relation, Symptom, Tag, Transport};
