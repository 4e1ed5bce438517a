//! Standings as they are stored, one for a household's day, with where each is counted.

use std::collections::BTreeSet;

use base::Moment;
use db::{Rows, Snapshot, Tx};
use uuid::Uuid;

use super::super::standing::{Standing, State};
use super::HouseholdDay;

/// A standing to be stored, with the division it is counted in and the last check to arrive.
#[derive(Clone, Debug)]
pub struct StandingRow {
    pub key: HouseholdDay,
    pub division: i64,
    pub due: bool,
    pub standing: Standing,
    pub last: Uuid,
}

/// Stores standings, replacing what stood before.
pub async fn put_standings(tx: &mut Tx, rows: &[StandingRow]) -> db::Result<()> {
    let sql = "INSERT INTO round_standing (town, day, household, division, due, state, standing, last, \
               reached_at, reached_hour, measured, feverish, key_measured, key_feverish) {rows} \
               ON CONFLICT (town, day, household) DO UPDATE SET division = excluded.division, \
               due = excluded.due, state = excluded.state, standing = excluded.standing, \
               last = excluded.last, reached_at = excluded.reached_at, \
               reached_hour = excluded.reached_hour, measured = excluded.measured, \
               feverish = excluded.feverish, key_measured = excluded.key_measured, \
               key_feverish = excluded.key_feverish";
    Rows::of(rows)
        .big(|r| r.key.0)
        .int(|r| r.key.2)
        .big(|r| r.key.1)
        .big(|r| r.division)
        .flag(|r| r.due)
        .text(|r| r.standing.state.key())
        .id(|r| r.standing.standing)
        .id(|r| r.last)
        .big(|r| r.standing.reached_at.map(|at| at.0))
        .int(|r| r.standing.reached_hour)
        .int(|r| r.standing.measured)
        .int(|r| r.standing.feverish)
        .int(|r| r.standing.key_measured)
        .int(|r| r.standing.key_feverish)
        .execute(tx, sql)
        .await
        .map(|_| ())
}

/// A standing as it is stored.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Counted {
    pub town: i64,
    pub household: i64,
    pub day: i32,
    pub division: i64,
    pub due: bool,
    state: String,
    standing: Uuid,
    /// The last check to arrive.
    pub last: Uuid,
    reached_at: Option<i64>,
    reached_hour: Option<i32>,
    measured: i32,
    feverish: i32,
    key_measured: i32,
    key_feverish: i32,
}

impl Counted {
    pub fn key(&self) -> HouseholdDay {
        (self.town, self.household, self.day)
    }

    pub fn standing(&self) -> Option<Standing> {
        Some(Standing {
            state: State::of_key(&self.state)?,
            standing: self.standing,
            reached_at: self.reached_at.map(Moment),
            reached_hour: self.reached_hour,
            measured: self.measured,
            feverish: self.feverish,
            key_measured: self.key_measured,
            key_feverish: self.key_feverish,
        })
    }
}

/// The standings of these households' days; a day without a check has none.
pub async fn counted(tx: &mut Snapshot, wanted: &BTreeSet<HouseholdDay>) -> db::Result<Vec<Counted>> {
    let wanted: Vec<_> = wanted.iter().copied().collect();
    let sql = "WITH wanted(town_, household_, day_) AS ({rows}) \
               SELECT town, household, day, division, due, state, standing, last, reached_at, reached_hour, measured, \
               feverish, key_measured, key_feverish FROM wanted CROSS JOIN round_standing \
               WHERE town = town_ AND day = day_ AND household = household_";
    Rows::of(&wanted).big(|w| w.0).big(|w| w.1).int(|w| w.2).fetch(tx, sql).await
}
