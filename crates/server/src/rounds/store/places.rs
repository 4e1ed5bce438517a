//! What the writer has to know of a household before it takes a check.

use std::collections::{BTreeMap, BTreeSet};

use base::Day;
use db::{Rows, Snapshot, Tx};
use serde::Deserialize;

use super::super::standing::Whereabouts;
use super::HouseholdDay;

/// Where a household stood on a day, and who its contact is today.
#[derive(Clone, Debug, Deserialize, sqlx::FromRow)]
pub struct Place {
    pub town: i64,
    pub household: i64,
    pub day: i32,
    pub division: i64,
    pub occupancy: String,
    /// The contact of today.
    pub steward: Option<i64>,
}

/// Looks up households as they stood on given days. What is not in the register of that day is
/// missing from the answer.
pub async fn places(
    tx: &mut Snapshot,
    wanted: &BTreeSet<HouseholdDay>,
    today: Day,
) -> db::Result<BTreeMap<HouseholdDay, Place>> {
    let wanted: Vec<_> = wanted.iter().copied().collect();
    // CROSS JOIN keeps SQLite from scanning the register to look the wanted up in it; the contact is
    // asked for by itself, so that no engine looks for contacts first, however little it knows of
    // its tables.
    let sql = "WITH wanted(town, household, day, today) AS ({rows}) \
               SELECT w.town, w.household, w.day, s.division, s.occupancy, \
               (SELECT own.steward FROM stewardship own WHERE own.town = w.town \
               AND own.level = 'household' AND own.node = w.household AND own.from_day <= w.today \
               AND (own.until_day IS NULL OR own.until_day > w.today) \
               ORDER BY own.from_day DESC LIMIT 1) AS steward \
               FROM wanted w CROSS JOIN household_span s \
               WHERE s.town = w.town AND s.household = w.household \
               AND s.from_day <= w.day AND s.until_day > w.day";
    let rows = Rows::of(&wanted).big(|w| w.0).big(|w| w.1).int(|w| w.2).int(|_| today.number());
    let found: Vec<Place> = rows.fetch_packed(tx, 6, sql).await?;
    Ok(found.into_iter().map(|place| ((place.town, place.household, place.day), place)).collect())
}

/// From which day to which (included) a town is run with this program, and how it stands with a day of
/// its round.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Operation {
    town: i64,
    day: i32,
    pub started_day: i32,
    pub ended_day: Option<i32>,
    pub is_open: bool,
    /// Records of the day were destroyed: its figures stand still for good.
    pub is_frozen: bool,
}

/// The operations of towns, seen from a day (town, day); a town that is not run with this program has
/// none.
pub async fn operations(
    tx: &mut Snapshot,
    days: &BTreeSet<(i64, i32)>,
) -> db::Result<BTreeMap<(i64, i32), Operation>> {
    let days: Vec<_> = days.iter().copied().collect();
    let sql = "WITH wanted(town_, day_) AS ({rows}) \
               SELECT o.town, day_ AS day, o.started_day, o.ended_day, d.day IS NOT NULL AS is_open, \
               EXISTS (SELECT 1 FROM destruction x WHERE x.town = town_ AND x.day = day_ \
               AND x.record IN ('checks', 'findings')) AS is_frozen \
               FROM wanted CROSS JOIN operation o \
               LEFT JOIN round_day d ON d.town = town_ AND d.day = day_ WHERE o.town = town_";
    let found: Vec<Operation> =
        Rows::of(&days).big(|(town, _)| *town).int(|(_, day)| *day).fetch(tx, sql).await?;
    Ok(found.into_iter().map(|operation| ((operation.town, operation.day), operation)).collect())
}

/// A resident of a household, with the days between which he is listed as a key person.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Member {
    pub town: i64,
    pub household: i64,
    pub id: i64,
    pub key_from: Option<i32>,
    pub key_until: Option<i32>,
    pub gone_from: Option<i32>,
}

impl Member {
    /// Whether he lives there on a day.
    pub fn is_here(&self, day: i32) -> bool {
        self.gone_from.is_none_or(|gone| day < gone)
    }

    pub fn is_key_person(&self, day: i32) -> bool {
        self.key_from.is_some_and(|from| from <= day) && self.key_until.is_none_or(|until| day < until)
    }
}

/// The residents of some households (town, household).
pub async fn members(tx: &mut Snapshot, households: &BTreeSet<(i64, i64)>) -> db::Result<Vec<Member>> {
    let households: Vec<_> = households.iter().copied().collect();
    let sql = "WITH wanted(town_, household_) AS ({rows}) \
               SELECT town, household, id, key_from, key_until, gone_from FROM wanted CROSS JOIN resident \
               WHERE town = town_ AND household = household_";
    Rows::of(&households).big(|h| h.0).big(|h| h.1).fetch(tx, sql).await
}

/// Where a resident is, as the checks of a day told it.
#[derive(Clone, Debug)]
pub struct Presence {
    pub town: i64,
    pub day: i32,
    pub resident: i64,
    pub told: Whereabouts,
}

impl Presence {
    /// The word, since when, and where, as they are stored.
    fn told(&self) -> Option<(&'static str, i32, &str)> {
        match &self.told {
            Whereabouts::Away(away) => Some(("away", away.since.number(), &away.place)),
            Whereabouts::Back(on) => Some(("present", on.number(), "")),
            Whereabouts::AsBefore => None,
        }
    }
}

/// Puts down where residents are as one day tells it, each of them at most once, unless a later day
/// has told it already; what stood before the day is kept until
/// another day tells something, and comes back where all that was told is taken back.
pub async fn put_presences(tx: &mut Tx, presences: &[Presence]) -> db::Result<()> {
    let (told, taken_back): (Vec<_>, Vec<_>) =
        presences.iter().partition(|presence| presence.told().is_some());
    let sql = "WITH told(town_, id_, day_, presence_, since_, whereabouts_) AS ({rows}) \
               UPDATE resident SET \
               before_presence = CASE WHEN told_day = day_ THEN before_presence ELSE presence END, \
               before_since = CASE WHEN told_day = day_ THEN before_since ELSE presence_since END, \
               before_whereabouts = CASE WHEN told_day = day_ THEN before_whereabouts ELSE whereabouts END, \
               told_day = day_, presence = presence_, presence_since = since_, whereabouts = whereabouts_ \
               FROM told WHERE resident.town = told.town_ AND resident.id = told.id_ \
               AND (resident.told_day IS NULL OR resident.told_day <= told.day_)";
    let rows = Rows::of(&told).big(|p| p.town).big(|p| p.resident).int(|p| p.day);
    let rows = rows.text(|p| p.told().map(|told| told.0)).int(|p| p.told().map(|told| told.1));
    rows.text(|p| p.told().map(|told| told.2)).execute(tx, sql).await?;
    let sql = "WITH taken(town_, id_, day_) AS ({rows}) \
               UPDATE resident SET presence = before_presence, presence_since = before_since, \
               whereabouts = before_whereabouts, told_day = NULL \
               FROM taken WHERE resident.town = taken.town_ AND resident.id = taken.id_ \
               AND resident.told_day = taken.day_";
    let rows = Rows::of(&taken_back).big(|p| p.town).big(|p| p.resident).int(|p| p.day);
    rows.execute(tx, sql).await.map(|_| ())
}
