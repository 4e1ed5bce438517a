//! Backups that the program makes by itself, and what an administrator sees of them.

use super::*;
use crate::site::Settings;
use crate::testing::on_both_engines;

/// The program of a test's town, with a plan for backups in a folder.
async fn planned(app: &TestApp, folder: &Path) -> TestApp {
    let plan = Plan { folder: folder.to_owned(), at: (3, 30), keep: "2 daily".parse().unwrap(), key: key() };
    app.with(Settings { backups: Some(plan), ..Settings::default() }).await
}

on_both_engines! {
    async fn one_is_made_each_day_old_ones_go_and_all_is_written_down(app) {
        let folder = tempfile::tempdir().unwrap();
        let app = planned(app, folder.path()).await;
        let foreign = folder.path().join("firebreak-2001-01-01-000000.backup");
        std::fs::write(&foreign, "of somebody else").unwrap();
        for day in 0..4 {
            app.clock.set(MORNING.plus_minutes(day * 24 * 60));
            assert!(make_due(&app.app.site).await.unwrap().is_some(), "day {day}");
            assert!(make_due(&app.app.site).await.unwrap().is_none(), "day {day}: twice");
        }
        let shelf = Shelf::of(folder.path()).unwrap();
        assert_eq!(shelf.backups.len(), 2);
        assert_eq!(shelf.backups[0].header.at, MORNING.plus_minutes(3 * 24 * 60));
        assert!(foreign.exists());
        let mut tx = app.test.db.read().await.unwrap();
        let told = audit::about(&mut tx, OBJECT, None, 100).await.unwrap();
        let count = |action: &str| told.iter().filter(|entry| entry.action == action).count();
        assert_eq!((count("backup.make"), count("backup.remove"), count("backup.fail")), (4, 2, 0));
    }

    async fn an_administrator_sees_how_the_last_one_went_and_why_it_failed(app) {
        let folder = tempfile::tempdir().unwrap();
        let place = folder.path().join("backups");
        let app = planned(app, &place).await;
        let administrator = app.person(Role::Administrator, TOWN()).await;
        assert!(administrator.get("/accounts").await.text.contains("第一份备份还没有做"));
        make_due(&app.app.site).await.unwrap().unwrap();
        assert!(administrator.get("/accounts").await.text.contains("最近备份：2月3日 周一 10:00"));
        let health = app.stranger().get("/healthz").await.json();
        assert_eq!(health["backup"], json!({ "planned": true, "made_at": MORNING, "failed_at": null }));
        std::fs::remove_dir_all(&place).unwrap();
        std::fs::write(&place, "a file in its place").unwrap();
        app.clock.set(MORNING.plus_minutes(24 * 60));
        assert!(make_due(&app.app.site).await.unwrap().is_none());
        let page = administrator.get("/accounts").await.text;
        assert!(page.contains("2月4日 周二 10:00 的备份没有做成：存放备份的地方写不进去"), "{page}");
        assert!(page.contains("最近做成的：2月3日 周一 10:00"), "{page}");
        let health = app.stranger().get("/healthz").await.json();
        assert_eq!(health["backup"]["failed_at"], json!(app.clock.now()));
        // Tried again within the hour, and all is well once more.
        std::fs::remove_file(&place).unwrap();
        app.clock.set(MORNING.plus_minutes(25 * 60));
        assert!(make_due(&app.app.site).await.unwrap().is_some());
        assert!(administrator.get("/accounts").await.text.contains("最近备份：2月4日 周二 11:00"));
    }

    async fn one_made_by_hand_neither_counts_for_the_day_nor_is_removed(app) {
        let folder = tempfile::tempdir().unwrap();
        let app = planned(app, folder.path()).await;
        let named = folder.path().join("before the move.backup");
        let wanted = Wanted { key: &key(), to: &named, zone: "Asia/Shanghai" };
        let made = make(&app.test.db, &app.clock, wanted, &mut untold).await;
        assert!(made.is_ok());
        record_made(&app.test.db, &app.clock, By::Hand, &made).await.unwrap();
        for day in 0..4 {
            app.clock.set(MORNING.plus_minutes(day * 24 * 60));
            assert!(make_due(&app.app.site).await.unwrap().is_some(), "day {day}");
        }
        assert_eq!(Shelf::of(folder.path()).unwrap().backups.len(), 3);
        assert!(named.exists());
        // One that failed by hand raises no alarm, and one that was made lifts none.
        let failed = Err(NotMade::Full(named));
        record_made(&app.test.db, &app.clock, By::Hand, &failed).await.unwrap();
        let tx = &mut app.test.db.read().await.unwrap();
        assert_eq!(status(tx, true).await.unwrap(), Status { made: Some(app.clock.now()), failed: None });
        assert!(status(tx, false).await.unwrap().failed.is_some());
    }

    async fn a_town_without_backups_is_told_and_so_is_one_whose_last_is_old(app) {
        let administrator = app.person(Role::Administrator, TOWN()).await;
        assert!(administrator.get("/accounts").await.text.contains("本系统没有自动备份"));
        let folder = tempfile::tempdir().unwrap();
        let made = make_at(&app.test.db, &app.clock, folder.path()).await;
        record_made(&app.test.db, &app.clock, By::Hand, &made).await.unwrap();
        assert!(administrator.get("/accounts").await.text.contains("最近备份：2月3日 周一 10:00，已核对"));
        app.clock.set(MORNING.plus_minutes(3 * 24 * 60));
        assert!(administrator.get("/accounts").await.text.contains("之后没有再做"));
    }
}
