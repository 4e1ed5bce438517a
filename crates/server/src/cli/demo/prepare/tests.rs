//! What becomes of a folder.

use base::Day;
use db::Db;
use sim::Site;

use super::*;
use crate::cli::{Data, KeyCommand};

fn options(folder: &Path) -> Demo {
    Demo {
        listen: ([127, 0, 0, 1], 0).into(),
        data: folder.to_owned(),
        database_url: None,
        live: false,
        today: None,
        time: None,
        key: KeyCommand::default(),
    }
}

/// A small town on a day of February 2020, at 12:00 on its clock.
fn noon(day: i8) -> (Town, Clock) {
    let mut site = Site::xiangling();
    site.villages.truncate(2);
    let today = Day::new(2020, 2, day).unwrap();
    let clock = Clock::fixed(Moment(1_580_529_600_000).plus_minutes(i64::from(day - 1) * 24 * 60));
    (Town::settle(1, today, &site, 60, 0), clock)
}

async fn count(app: &App, sql: &'static str) -> i64 {
    let mut tx = app.site.db.read().await.unwrap();
    db::on_db!(tx, c => sqlx::query_scalar(sql).fetch_one(c).await).unwrap()
}

const CHECKS: &str = "SELECT COUNT(*) FROM round_check";
const FIRST_DAY: &str = "SELECT CAST(MIN(day) AS BIGINT) FROM round_day";

#[tokio::test]
async fn a_demonstration_of_today_is_kept_and_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let (town, clock) = noon(3);
    let app = prepare(&options(folder.path()), &clock, &town).await.unwrap();
    let before = count(&app, CHECKS).await;
    app.site.db.close().await;
    clock.set(clock.now().plus_minutes(11 * 60));
    let app = prepare(&options(folder.path()), &clock, &town).await.unwrap();
    let time = &app.site.playbook.time;
    let whole = town.days().flat_map(|day| town.round(day, time).checks()).count();
    let after = count(&app, CHECKS).await;
    assert!(before < after, "{before} {after}");
    assert_eq!(after, i64::try_from(whole).unwrap());
}

#[tokio::test]
async fn a_demonstration_of_another_day_or_hour_is_made_anew() {
    let folder = tempfile::tempdir().unwrap();
    let (town, clock) = noon(3);
    let app = prepare(&options(folder.path()), &clock, &town).await.unwrap();
    let before = count(&app, CHECKS).await;
    app.site.db.close().await;
    clock.set(clock.now().plus_minutes(-3 * 60));
    let app = prepare(&options(folder.path()), &clock, &town).await.unwrap();
    assert!(count(&app, CHECKS).await < before);
    app.site.db.close().await;
    let (town, clock) = noon(4);
    let app = prepare(&options(folder.path()), &clock, &town).await.unwrap();
    assert_eq!(count(&app, FIRST_DAY).await, 20_200_122);
}

#[tokio::test]
async fn one_that_was_broken_off_is_made_anew() {
    let folder = tempfile::tempdir().unwrap();
    let (town, clock) = noon(3);
    let app = prepare(&options(folder.path()), &clock, &town).await.unwrap();
    let whole = count(&app, CHECKS).await;
    // Another command may have opened today meanwhile.
    let mut tx = app.site.db.write().await.unwrap();
    for sql in [
        "DELETE FROM round_day WHERE day BETWEEN 20200130 AND 20200202",
        "DELETE FROM round_check WHERE day >= 20200130",
    ] {
        db::on_db!(tx, c => sqlx::query(sql).execute(c).await.map(|_| ())).unwrap();
    }
    tx.commit().await.unwrap();
    app.site.db.close().await;
    let app = prepare(&options(folder.path()), &clock, &town).await.unwrap();
    assert_eq!(count(&app, "SELECT COUNT(*) FROM round_day").await, 14);
    assert_eq!(count(&app, CHECKS).await, whole);
}

#[tokio::test]
async fn a_real_town_is_never_touched() {
    let folder = tempfile::tempdir().unwrap();
    let (town, clock) = noon(3);
    let db = Db::open(&format!("sqlite://{}", folder::database_file(folder.path()).display())).await.unwrap();
    let mut tx = db.write().await.unwrap();
    let sql = "INSERT INTO operation (town, name, started_day, demonstration) \
               VALUES (141023105, '襄陵镇', 20200125, FALSE)";
    db::on_db!(tx, c => sqlx::query(sql).execute(c).await.map(|_| ())).unwrap();
    tx.commit().await.unwrap();
    db.close().await;
    let error = prepare(&options(folder.path()), &clock, &town).await.err().unwrap().to_string();
    assert!(error.contains("holds 襄陵镇") && error.contains("--data"), "{error}");
    let app = open(&options(folder.path()), &clock).await.unwrap();
    assert_eq!(count(&app, "SELECT COUNT(*) FROM operation WHERE NOT demonstration").await, 1);
    assert_eq!(count(&app, "SELECT COUNT(*) FROM household").await, 0);
}

#[tokio::test]
async fn a_demonstration_stays_marked_when_it_is_served() {
    let folder = tempfile::tempdir().unwrap();
    let (town, clock) = noon(3);
    let data = Data {
        data: folder.path().to_owned(),
        database_url: None,
        playbook: None,
        key: KeyCommand::default(),
    };
    let empty = serve::open_to_serve(&data, clock.clone(), Settings::default()).await.unwrap();
    assert!(!empty.site.settings.demonstration);
    empty.site.db.close().await;
    prepare(&options(folder.path()), &clock, &town).await.unwrap().site.db.close().await;
    let served = serve::open(&data, clock.clone(), Settings::default()).await.unwrap();
    assert!(served.site.settings.demonstration);
}
