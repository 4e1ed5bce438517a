//! One visit of the daily round, as its contact records it.

use base::{Day, Moment};

use crate::travel::Back;
use crate::words::{Need, Purpose, Reason, Symptom};

/// A check of a household.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Check {
    /// A place in `Town::households`.
    pub household: u32,
    pub day: Day,
    /// Who was at the door, in `Town::stewards`: the contact, or the street lead for a household
    /// that has none.
    pub by: u32,
    /// Who entered it: another person only for paper.
    pub entered_by: u32,
    pub source: Source,
    pub happened_at: Moment,
    /// Never before `happened_at`, always on the same day; at or after the cut-off it is late.
    pub entered_at: Moment,
    pub outcome: Outcome,
}

/// How a check came into the register.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Source {
    /// On the contact's phone, at the door or when the signal came back.
    Phone,
    /// From a street's paper sheet, typed in by the street lead.
    Paper,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Outcome {
    AllWell,
    Detailed(Details),
    Unreachable(Reason),
}

/// What a contact found; at least one of its parts is filled.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Details {
    /// Residents of whom there is something to say, in their order.
    pub readings: Vec<Reading>,
    pub visitors: Vec<Visitor>,
    pub needs: Vec<Need>,
    pub note: Option<&'static str>,
}

/// What there is to say of one resident.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Reading {
    /// Place in `Household::residents`.
    pub resident: u16,
    /// Tenths of a degree Celsius: 368; from 373 it is a fever.
    pub temperature: Option<u16>,
    pub symptoms: Vec<Symptom>,
    pub whereabouts: Whereabouts,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Whereabouts {
    Home,
    /// Left for a place.
    Away {
        place: &'static str,
        since: Day,
    },
    /// Came home: a returnee.
    Back {
        from: &'static str,
        /// From the affected area: a key person from now on.
        affected: bool,
        how: Back,
    },
}

/// A person from elsewhere found with a household.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Visitor {
    pub name: String,
    /// See [`crate::VISITOR_PHONE_PREFIX`].
    pub phone: Option<String>,
    pub from: &'static str,
    pub purpose: Purpose,
}
