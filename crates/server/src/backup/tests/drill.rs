//! The drill: a backup that is made while people work is restored into both engines, and is what was.

use super::*;
use crate::rounds;
use crate::site::Settings;
use crate::testing::on_both_engines;

/// Enters checks one after the other, for ever.
async fn work(app: &TestApp, contact: &Asker<'_>, entered: &mut i64) {
    loop {
        app.clock.set(app.clock.now().plus_minutes(1));
        enter(contact, vec![check(1 + *entered % 3, app.clock.now())]).await;
        *entered += 1;
    }
}

/// Whether two states are the same, but for the one entry that tells of the restore.
fn is_what_was(restored: BTreeMap<String, Vec<String>>, mut was: BTreeMap<String, Vec<String>>) {
    for (table, rows) in restored {
        let mut rows = rows;
        if table == "audit_entry" {
            let before = rows.len();
            rows.retain(|row| !row.contains("\"backup.restore\""));
            assert_eq!(rows.len() + 1, before, "the restore is written down once");
        }
        assert_eq!(Some(rows), was.remove(&table), "{table}");
    }
    assert!(was.is_empty(), "{was:?}");
}

/// The restored town goes on: signing in, its figures, its audit trail.
async fn goes_on(test: TestDb) {
    let folder = tempfile::tempdir().unwrap();
    let head = audit::head_file(folder.path());
    std::fs::write(&head, "of another database").unwrap();
    let app = TestApp::over(test, Settings { audit_head: Some(head), ..Settings::default() }).await;
    let site = &app.app.site;
    audit::begin_head_anew(site).await.unwrap();
    audit::link(site, audit::Since::Ever).await.unwrap();
    let checked = audit::verify(site, |_, _| ()).await.unwrap();
    assert_eq!((checked.fault, checked.waiting), (None, 0));
    let counted =
        rounds::recount(&mut site.db.read().await.unwrap(), &site.playbook, TOWN().town()).await.unwrap();
    assert_eq!((counted.differences.len(), counted.lost), (0, 0));
    assert!(counted.checks > 3);
    let form = [("login", "headquarters5"), ("password", PASSWORD), ("next", "/me")];
    let answer = app.stranger().post("/sign-in", &form).await;
    done(&answer);
    let me = Asker::with_cookie(&app, &answer).unwrap();
    assert!(me.get("/me").await.text.contains("headquarters5"));
    // Numbers and ids go on where they stood, and so does the round.
    let contact = app.signed_in(1).await;
    enter(&contact, vec![check(1, app.clock.now())]).await;
}

on_both_engines! {
    async fn what_is_backed_up_while_people_work_is_restored_whole_into_either_engine(app) {
        lived_in(app).await;
        let folder = tempfile::tempdir().unwrap();
        let mut snapshot = app.test.db.read().await.unwrap();
        let was = state(&mut snapshot, &db::tables(db::latest_version()).await.unwrap()).await;
        for (table, rows) in &was {
            assert!(!rows.is_empty(), "the drill proves nothing about {table}: put a row there");
        }
        let contact = app.signed_in(1).await;
        enter(&contact, vec![check(1, MORNING)]).await;
        let (mut entered, key, mut told) = (0, key(), untold);
        // Again, where a slow machine had nobody work meanwhile: the snapshot stands still.
        let made = loop {
            let to = folder.path().join(format!("{}.backup", app.clock.new_id()));
            let of = (app.test.db.engine(), app.clock.now());
            let wanted = Wanted { key: &key, to: &to, zone: ZONE };
            let made = tokio::select! {
                made = make::of_snapshot(&mut snapshot, of, wanted, &mut told) => made.unwrap(),
                () = work(app, &contact, &mut entered) => unreachable!("nobody stops working"),
            };
            if entered > 0 {
                break made;
            }
        };
        drop(snapshot);
        assert_ne!(state_of(&app.test.db).await["round_check"], was["round_check"]);
        assert_eq!(made.rows, was.values().map(|rows| rows.len() as u64).sum::<u64>());
        for test in bare().await {
            let restored = restore_into(&test.db, &made.path).await.unwrap();
            assert_eq!(restored.rows, made.rows);
            is_what_was(state_of(&test.db).await, was.clone());
            goes_on(test).await;
        }
    }

    async fn only_the_owner_reads_a_backup_and_nothing_of_the_town_stands_in_it(app) {
        lived_in(app).await;
        let folder = tempfile::tempdir().unwrap();
        let path = backup(app, folder.path()).await;
        let names: Vec<_> = std::fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        assert_eq!(names, ["firebreak-2020-02-03-160000.backup"]);
        let bytes = std::fs::read(&path).unwrap();
        assert!(!bytes.windows("户主".len()).any(|part| part == "户主".as_bytes()));
        #[cfg(unix)]
        {
            let about = std::fs::metadata(&path).unwrap();
            assert_eq!(std::os::unix::fs::PermissionsExt::mode(&about.permissions()) & 0o777, 0o600);
        }
        let shelf = Shelf::of(folder.path()).unwrap();
        assert_eq!(shelf.backups[0].header.towns[0].name, "襄陵镇");
        assert_eq!(shelf.backups[0].header.at, app.clock.now());
    }
}
