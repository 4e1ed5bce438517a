//! The demonstration's figures are the made-up town's, and every tally is what the rows come to.

use std::collections::{BTreeMap, BTreeSet};

use base::{Day, Indicator, Moment};
use db::{Db, Snapshot, on_both, on_db};
use sim::{Outcome, Town, Whereabouts};

use super::{NOON, empty_app, small_town};
use crate::demo::{Filled, catch_up, fill};
use crate::rounds;
use crate::rounds::indicators::*;
use crate::site::Site;
use crate::tally;

async fn numbers(tx: &mut Snapshot, sql: &'static str) -> BTreeMap<(i32, i64, String), i64> {
    let rows: Vec<(i32, i64, String, i64)> = on_db!(tx, c => sqlx::query_as(sql).fetch_all(c).await).unwrap();
    rows.into_iter().map(|(day, division, key, value)| ((day, division, key), value)).collect()
}

/// All figures, counted from the rows: of team areas by the database, and added up here for the
/// villages and the town above them.
async fn recount(db: &Db) -> BTreeMap<(i32, i64, String), i64> {
    const COUNTS: [&str; 5] = [
        "SELECT d.day, s.division, 'round.expected', COUNT(*) FROM round_day d JOIN household_span s \
         ON s.town = d.town AND s.from_day <= d.day AND s.until_day > d.day AND s.occupancy = 'lived-in' \
         GROUP BY d.day, s.division",
        "SELECT day, division, 'round.' || state, COUNT(*) FROM round_standing WHERE due \
         GROUP BY day, division, state",
        "SELECT day, division, 'round.reached-' || SUBSTR('0' || CAST(reached_hour AS TEXT), \
         LENGTH(CAST(reached_hour AS TEXT)), 2), COUNT(*) FROM round_standing \
         WHERE due AND state IN ('done', 'late') GROUP BY day, division, reached_hour",
        "SELECT day, division, 'finding.' || kind, COUNT(*) FROM finding WHERE state <> 'withdrawn' \
         GROUP BY day, division, kind",
        "SELECT day, division, which, CAST(SUM(people) AS BIGINT) FROM ( \
         SELECT day, division, 'round.measured' AS which, measured AS people FROM round_standing UNION ALL \
         SELECT day, division, 'round.feverish', feverish FROM round_standing UNION ALL \
         SELECT day, division, 'round.key-measured', key_measured FROM round_standing UNION ALL \
         SELECT day, division, 'round.key-feverish', key_feverish FROM round_standing) counted \
         GROUP BY day, division, which HAVING SUM(people) <> 0",
    ];
    let mut tx = db.read().await.unwrap();
    let mut counted: BTreeMap<_, i64> = BTreeMap::new();
    for sql in COUNTS {
        for ((day, division, indicator), value) in numbers(&mut tx, sql).await {
            for level in [1, 1_000, 1_000_000] {
                let division = division - division % level;
                *counted.entry((day, division, indicator.clone())).or_default() += value;
            }
        }
    }
    counted
}

async fn tallied(db: &Db) -> BTreeMap<(i32, i64, String), i64> {
    let mut tx = db.read().await.unwrap();
    numbers(&mut tx, "SELECT day, division, indicator, value FROM tally WHERE value <> 0").await
}

/// The figures of a day as the made-up town tells them itself.
fn told_by(town: &Town, site: &Site, day: Day, until: Moment) -> BTreeMap<&'static str, i64> {
    let time = &site.playbook.time;
    let mut figures = BTreeMap::new();
    let mut add = |indicator: Indicator, value: usize| {
        *figures.entry(indicator.key).or_default() += i64::try_from(value).unwrap();
    };
    add(EXPECTED, town.households.iter().filter(|h| h.occupancy == sim::Occupancy::Lived).count());
    for check in town.round(day, time).until(until) {
        let late = check.entered_at >= time.cut_off(day);
        match &check.outcome {
            Outcome::Unreachable(_) => add(UNREACHABLE, 1),
            _ if late => add(LATE, 1),
            _ => add(DONE, 1),
        }
        let Outcome::Detailed(details) = &check.outcome else { continue };
        let readings = || details.readings.iter();
        let temperatures = || readings().filter_map(|reading| reading.temperature);
        add(MEASURED, temperatures().count());
        add(FEVERISH, temperatures().filter(|tenths| *tenths >= 373).count());
        add(FEVERS, temperatures().filter(|tenths| *tenths >= 373).count());
        add(SYMPTOMS, readings().filter(|r| r.symptoms.iter().any(|s| *s != sim::Symptom::Fever)).count());
        add(RETURNEES, readings().filter(|r| matches!(r.whereabouts, Whereabouts::Back { .. })).count());
        add(VISITORS, details.visitors.iter().map(|visitor| &visitor.name).collect::<BTreeSet<_>>().len());
        add(NEEDS, details.needs.len());
    }
    figures
}

async fn count(db: &Db, sql: &'static str) -> usize {
    let mut tx = db.read().await.unwrap();
    let count: i64 = on_db!(tx, c => sqlx::query_scalar(sql).fetch_one(c).await).unwrap();
    usize::try_from(count).unwrap()
}

on_both! {
    async fn the_counts_are_the_made_up_towns(db) {
        let (town, (app, _)) = (small_town(), empty_app(db));
        let Filled { checks, .. } = fill(&app.site, &town, NOON, |_| ()).await.unwrap();
        assert_eq!(count(db, "SELECT COUNT(*) FROM household").await, town.households.len());
        assert_eq!(count(db, "SELECT COUNT(*) FROM resident").await, town.residents().count());
        assert_eq!(count(db, "SELECT COUNT(*) FROM steward WHERE account IS NOT NULL").await, town.stewards.len());
        assert_eq!(count(db, "SELECT COUNT(*) FROM stewardship").await, town.stewardships().count());
        assert_eq!(count(db, "SELECT COUNT(*) FROM round_check").await, checks);
        let mut tx = db.read().await.unwrap();
        for day in town.days() {
            let figures = tally::figures(&mut tx, town.place.division, day).await.unwrap();
            for (key, value) in told_by(&town, &app.site, day, NOON) {
                let indicator = all().find(|indicator| indicator.key == key).unwrap();
                assert_eq!(figures.get(town.place.division, indicator), value, "{day} {key}");
            }
        }
    }

    async fn every_tally_is_what_the_rows_come_to(db) {
        let (town, (app, clock)) = (small_town(), empty_app(db));
        fill(&app.site, &town, NOON, |_| ()).await.unwrap();
        assert_eq!(tallied(db).await, recount(db).await);
        let evening = NOON.plus_minutes(9 * 60);
        clock.set(evening);
        assert!(catch_up(&app.site, &town, evening).await.unwrap() > 0);
        assert_eq!(catch_up(&app.site, &town, evening).await.unwrap(), 0);
        assert_eq!(tallied(db).await, recount(db).await);
        let mut tx = db.read().await.unwrap();
        let code = town.place.division.town();
        let found = rounds::recount(&mut tx, &app.site.playbook, code).await.unwrap();
        assert!(found.agrees() && found.days == 14, "{found:?}");
    }

    async fn numbers_of_people_are_sealed_and_nobodys(db) {
        let (town, (app, _)) = (small_town(), empty_app(db));
        fill(&app.site, &town, NOON, |_| ()).await.unwrap();
        let mut tx = db.read().await.unwrap();
        let sql = "SELECT identity_sealed FROM resident WHERE identity_sealed IS NOT NULL";
        let sealed: Vec<Vec<u8>> = on_db!(tx, c => sqlx::query_scalar(sql).fetch_all(c).await).unwrap();
        assert_eq!(sealed.len(), town.residents().filter(|resident| resident.identity.is_some()).count());
        for sealed in sealed {
            assert_eq!(&app.site.vault.open(&sealed).unwrap()[14..17], "000");
        }
    }

    async fn a_database_with_people_in_it_is_refused(db) {
        let (town, (app, _)) = (small_town(), empty_app(db));
        fill(&app.site, &town, NOON, |_| ()).await.unwrap();
        assert!(fill(&app.site, &town, NOON, |_| ()).await.is_err());
    }

    async fn the_register_is_what_the_checks_have_told_so_far(db) {
        let (town, (app, _)) = (small_town(), empty_app(db));
        fill(&app.site, &town, NOON.plus_minutes(12 * 60 - 1), |_| ()).await.unwrap();
        let sql = "SELECT COUNT(*) FROM resident r JOIN household_span s ON s.town = r.town \
                   AND s.household = r.household WHERE r.presence = 'away' AND s.occupancy = 'lived-in'";
        let lived = town.households.iter().filter(|h| h.occupancy == sim::Occupancy::Lived);
        let people = || lived.clone().flat_map(|household| &household.residents);
        let on_eve = people().filter(|r| r.away_on(town.first_day().previous())).count();
        let today = people().filter(|r| r.away_on(town.today)).count();
        let away = count(db, sql).await;
        // Whoever was not met since he moved is still written down where he was.
        assert!(away < on_eve && away.abs_diff(today) <= 3, "{on_eve} on the eve, {away}, {today} today");
    }
}

on_both! {
    async fn what_was_found_before_today_is_handled_and_todays_waits(db) {
        let (town, (app, _)) = (small_town(), empty_app(db));
        fill(&app.site, &town, NOON, |_| ()).await.unwrap();
        let mut tx = db.read().await.unwrap();
        let sql = "SELECT DISTINCT day, kind = 'need', state FROM finding ORDER BY day";
        let rows: Vec<(i32, bool, String)> =
            on_db!(tx, c => sqlx::query_as(sql).fetch_all(c).await).unwrap();
        assert!(rows.iter().any(|(day, ..)| *day == town.today.number()), "{rows:?}");
        for (day, need, state) in rows {
            let expected = match Day::from_number(day).unwrap() {
                day if day == town.today => "open",
                day if day == town.today.previous() && need => "taken",
                _ => "closed",
            };
            assert_eq!(state, expected, "{day} {need}");
        }
        let sql = "SELECT COUNT(*) FROM finding WHERE closed_at > $1 OR taken_at > closed_at \
                   OR (closed_at IS NULL) <> (closing_note IS NULL)";
        let odd: i64 = on_db!(tx, c => sqlx::query_scalar(sql).bind(NOON.0).fetch_one(c).await).unwrap();
        assert_eq!(odd, 0);
    }
}
