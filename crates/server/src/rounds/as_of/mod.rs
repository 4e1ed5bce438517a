//! A day of the round as of a moment: only what happened before it counts, with what is known of
//! that now. The tallies hold the whole day; a report that closes at its cut-off needs this. It
//! takes from the tallies what the households did for which something happened later, so that its
//! cost is that of the evening.

mod rows;
mod store;

use std::collections::{BTreeMap, BTreeSet};

use base::{Day, Division, Level, Moment};
use db::Snapshot;

use super::model::indicators::EXPECTED;
use super::standing::{self, Fact, Found, Standing};
use super::store::{Member, expected, members};
use crate::playbook::Playbook;
use crate::tally::{self, Deltas, Figures};

/// A day of a town's round, up to a moment.
#[derive(Clone, Copy, Debug)]
pub struct AsOf<'a> {
    pub town: Division,
    pub day: Day,
    /// What happened at this moment or later does not count; none: everything so far does.
    pub before: Option<Moment>,
    pub playbook: &'a Playbook,
}

/// A household for which something happened later: what it came to before.
struct Earlier {
    division: Division,
    due: bool,
    standing: Option<Standing>,
    found: BTreeSet<Found>,
}

impl AsOf<'_> {
    /// The figures of the town, its villages and team areas.
    pub async fn figures(&self, tx: &mut Snapshot) -> db::Result<Figures> {
        let figures = tally::whole_day(tx, self.town.town(), self.day).await?;
        let mut changes = Deltas::default();
        if !store::is_open(tx, self.town.town(), self.day).await? {
            // Nobody was checked yet, and still everybody is expected.
            for (division, households) in expected(tx, self.town.town(), self.day).await? {
                changes.add(self.day, division, EXPECTED, households);
            }
        }
        self.earlier(tx, &mut changes).await?;
        Ok(figures.plus(&changes.figures()))
    }

    /// For each village the BLAKE3 of the rows that its figures count: a changed row shows even
    /// where no figure changed.
    pub async fn rows(&self, tx: &mut Snapshot) -> db::Result<BTreeMap<Division, String>> {
        let earlier = self.earlier(tx, &mut Deltas::default()).await?;
        let mut rows = Rows::default();
        let mut places = BTreeMap::new();
        for stored in store::standings(tx, self.town.town(), self.day).await? {
            let Some(division) = Division::from_number(stored.division) else { continue };
            places.insert(stored.household, division);
            if !earlier.contains_key(&stored.household) {
                let line = format!("{} {} {}", stored.due, stored.state, stored.standing);
                rows.add(division, stored.household, line);
            }
        }
        for (household, kind, subject) in store::findings(tx, self.town.town(), self.day).await? {
            if let Some(division) = places.get(&household).filter(|_| !earlier.contains_key(&household)) {
                rows.add(*division, household, format!("{kind} {subject}"));
            }
        }
        for (household, Earlier { division, due, standing, found }) in earlier {
            let Some(standing) = standing else { continue };
            rows.add(division, household, format!("{due} {} {}", standing.state.key(), standing.standing));
            for (kind, subject) in found {
                rows.add(division, household, format!("{} {subject}", kind.key()));
            }
        }
        Ok(rows.hashes())
    }

    /// What those households came to before, for which something happened later. `changes` takes
    /// the difference.
    async fn earlier(&self, tx: &mut Snapshot, changes: &mut Deltas) -> db::Result<BTreeMap<i64, Earlier>> {
        let (day, playbook) = (self.day, self.playbook.on(self.day));
        let Some(moment) = self.before else { return Ok(BTreeMap::new()) };
        let mut facts: BTreeMap<(i64, i64, bool), Vec<Fact>> = BTreeMap::new();
        for check in store::checks_of_late(tx, self.town.town(), day, moment).await? {
            let store::DayCheck { counted_in, due, check } = check;
            facts.entry((check.household, counted_in, due)).or_default().push(check.fact());
        }
        let households = facts.keys().map(|(household, ..)| (self.town.town(), *household)).collect();
        let key_persons = key_persons(members(tx, &households).await?, day);
        let none = BTreeSet::new();
        let mut earlier = BTreeMap::new();
        for ((household, division, due), facts) in facts {
            let Some(division) = Division::from_number(division) else { continue };
            let key_persons = key_persons.get(&household).unwrap_or(&none);
            let told = |facts: &[Fact]| {
                let standing = standing::stand(facts, &playbook.time, day, playbook.temperature, key_persons);
                let found: BTreeSet<Found> =
                    standing::findings(facts, playbook.temperature).into_keys().collect();
                (standing, found)
            };
            let before = standing::before(&facts, moment);
            for (sign, (standing, found)) in [(1, told(&before)), (-1, told(&facts))] {
                if let Some(standing) = &standing {
                    standing::count(changes, day, division, due, standing, sign);
                }
                for (kind, _) in &found {
                    changes.add(day, division, kind.indicator(), sign);
                }
                if sign > 0 {
                    earlier.insert(household, Earlier { division, due, standing, found });
                }
            }
        }
        Ok(earlier)
    }
}

/// The key persons of a day, by household.
fn key_persons(members: Vec<Member>, day: Day) -> BTreeMap<i64, BTreeSet<i64>> {
    let mut listed: BTreeMap<i64, BTreeSet<i64>> = BTreeMap::new();
    for member in members.iter().filter(|member| member.is_key_person(day.number())) {
        listed.entry(member.household).or_default().insert(member.id);
    }
    listed
}

/// Lines to be hashed, by village; in an order of their own, so that it is always the same.
#[derive(Default)]
struct Rows(BTreeMap<Division, BTreeSet<(i64, String)>>);

impl Rows {
    fn add(&mut self, division: Division, household: i64, line: String) {
        let village = division.at(Level::Village).unwrap_or(division);
        self.0.entry(village).or_default().insert((household, line));
    }

    fn hashes(self) -> BTreeMap<Division, String> {
        let hash = |(village, lines): (Division, BTreeSet<(i64, String)>)| {
            let mut hasher = blake3::Hasher::new();
            for (household, line) in lines {
                hasher.update(format!("{household} {line}\n").as_bytes());
            }
            (village, hasher.finalize().to_hex().to_string())
        };
        self.0.into_iter().map(hash).collect()
    }
}
