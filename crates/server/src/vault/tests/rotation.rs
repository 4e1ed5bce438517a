//! Another key, while people work.

use std::fs;
use std::sync::atomic::{AtomicBool, Ordering};

use axum::http::StatusCode;

use super::*;
use crate::app::App;
use crate::audit::Since;
use crate::playbook::{BUILT_IN, Playbook};
use crate::site::Settings;
use crate::testing::on_both_engines;

const AT_ONCE: Pace = Pace { notice: Duration::ZERO, grace: Duration::ZERO, pause: Duration::ZERO };

/// The command, as a program of its own beside the one that serves.
async fn beside(app: &TestApp) -> App {
    let (db, clock) = (app.test.db.clone(), app.clock.clone());
    let vault = Vault::unlock(Source::file(app.keys.path()), &db).await.unwrap();
    App::new(db, clock, Playbook::parse(BUILT_IN).unwrap(), vault, Settings::default()).unwrap()
}

fn lines(app: &TestApp) -> Vec<String> {
    let text = fs::read_to_string(app.keys.path().join("vault.key")).unwrap();
    text.lines().map(str::to_owned).collect()
}

async fn details(app: &TestApp, action: &'static str) -> Vec<String> {
    let mut tx = app.test.db.read().await.unwrap();
    let sql = "SELECT detail FROM audit_entry WHERE action = $1 ORDER BY id";
    on_db!(tx, c => sqlx::query_scalar(sql).bind(action).fetch_all(c).await).unwrap()
}

/// A resident and the head's household are found by their numbers.
async fn found(app: &TestApp, n: usize) -> bool {
    let who = app.headquarters().await;
    for number in [phone(n), identity(n).as_str().to_owned()] {
        let page = who.post("/households/find", &[("q", &number)]).await;
        if !page.text.contains(&format!("张{n}<")) {
            return false;
        }
    }
    true
}

/// How many people have these numbers of n, by their digests.
async fn holders(app: &TestApp, n: usize) -> i64 {
    let mut tx = app.test.db.read().await.unwrap();
    on_db!(tx, c => {
        let mut sql = QueryBuilder::new("SELECT COUNT(*) FROM resident WHERE ");
        app.app.site.vault.push_is(&mut sql, "identity_index", identity(n).as_str());
        sql.push(" AND ");
        app.app.site.vault.push_is(&mut sql, "phone_index", &phone(n));
        sql.build_query_scalar().fetch_one(c).await
    })
    .unwrap()
}

on_both_engines! {
    async fn everything_is_sealed_anew_while_people_work(app) {
        let code = fill(app).await;
        let (site, db) = (&app.app.site, &app.test.db);
        let there = all(db).await;
        assert!(there.iter().all(|count| *count > 0), "{there:?}");
        let old = Key::new([7; 32]);
        let command = beside(app).await;
        let pace = Pace { notice: Duration::from_millis(300), grace: Duration::from_millis(600), ..AT_ONCE };
        let watching = watch_for(&site.vault, db, Duration::from_millis(20), Duration::from_secs(5));
        let over = AtomicBool::new(false);
        let working = async {
            // Whoever works all the while, in another program, finds every number and loses none.
            let mut n = 1_200;
            while !over.load(Ordering::Relaxed) {
                let mut tx = db.write().await.unwrap();
                settle(&mut tx, &site.vault, n..n + 1).await;
                tx.commit().await.unwrap();
                assert_eq!((holders(app, n).await, holders(app, n - 1_200).await), (1, 1), "{n}");
                n += 1;
            }
            n
        };
        let rotating = async {
            let rotated = rotate(&command.site, pace, |_, _| ()).await;
            over.store(true, Ordering::Relaxed);
            rotated
        };
        let (rotated, then) = tokio::select! {
            (rotated, n) = async { tokio::join!(rotating, working) } => (rotated.unwrap(), n),
            error = watching => panic!("{error:#}"),
        };
        assert_eq!(rotated.dropped, [old.id().to_string()]);
        assert_eq!((rotated.unread, rotated.voided, rotated.left_in.clone()), (0, 0, None));
        assert!(rotated.resealed >= 3 * 1_200 + 5, "{rotated:?}");

        site.vault.refresh(&mut db.read().await.unwrap()).await.unwrap();
        assert_eq!(behind(&site.vault, db).await, vec![0; places::PLACES.len()]);
        assert_eq!(lines(app).len(), 1);
        assert_ne!(lines(app)[0], old.reveal());
        assert!(then > 1_200, "nobody worked meanwhile");
        for n in [0, 700, 1_199, then - 1] {
            assert!(found(app, n).await, "{n}");
        }
        assert_eq!(app.stranger().post("/slip", &[("code", code.as_str())]).await.status, StatusCode::SEE_OTHER);
        // The old key opens nothing any more, not even the program.
        Source::file(app.keys.path()).put(&[old]).unwrap();
        let refused = Vault::unlock(Source::file(app.keys.path()), db).await.err().unwrap().to_string();
        assert!(refused.contains("was sealed with another key"), "{refused}");
    }

    async fn a_key_that_the_database_does_not_know_is_tried_before_it_goes(app) {
        fill(app).await;
        let (kept, other) = (Key::new([7; 32]), Key::new([9; 32]));
        let number = phone(5);
        let (sealed, index) = (other.seal(number.as_bytes()), app.app.site.vault.index(&number));
        let mut tx = app.test.db.write().await.unwrap();
        let sql = "UPDATE resident SET phone_sealed = $1 WHERE phone_index = $2";
        on_db!(tx, c => sqlx::query(sql).bind(&sealed).bind(&index).execute(c).await.map(|_| ())).unwrap();
        tx.commit().await.unwrap();
        Source::file(app.keys.path()).put(&[kept.clone(), other.clone()]).unwrap();
        let rotated = rotate(&beside(app).await.site, AT_ONCE, |_, _| ()).await.unwrap();
        assert_eq!((rotated.dropped, rotated.unread), (vec![other.id().to_string()], 0));
        assert_eq!(lines(app), [kept.reveal()]);
        let mut tx = app.test.db.read().await.unwrap();
        let sql = "SELECT phone_sealed FROM resident WHERE phone_index = $1";
        let sealed: Vec<u8> = on_db!(tx, c => sqlx::query_scalar(sql).bind(&index).fetch_one(c).await).unwrap();
        assert_eq!(kept.open(&sealed).as_deref(), Some(number.as_bytes()));
    }

    async fn the_audit_trail_stays_whole_and_tells_of_it(app) {
        fill(app).await;
        let command = beside(app).await;
        rotate(&command.site, AT_ONCE, |_, _| ()).await.unwrap();
        audit::link(&command.site, Since::Ever).await.unwrap();
        let checked = audit::verify(&command.site, |_, _| ()).await.unwrap();
        assert_eq!((checked.fault, checked.waiting), (None, 0));
        let (begun, ended) = (details(app, "vault.rotate").await, details(app, "vault.drop-key").await);
        let new = Key::parse(&lines(app)[0]).unwrap().id().to_string();
        let old = Key::new([7; 32]).id().to_string();
        for detail in [&begun, &ended] {
            assert!(detail.len() == 1 && detail[0].contains(&new) && detail[0].contains(&old), "{detail:?}");
        }
    }

    async fn an_interrupted_rotation_is_taken_up_again(app) {
        let code = fill(app).await;
        let db = &app.test.db;
        let all = all(db).await.iter().sum::<i64>();
        let command = beside(app).await;
        // Ended before it sealed anything, and again in the middle.
        let slow = Pace { pause: Duration::from_secs(60), ..AT_ONCE };
        for pace in [Pace { notice: Duration::from_secs(60), ..AT_ONCE }, slow] {
            let begun = rotate(&command.site, pace, |_, _| ());
            assert!(tokio::time::timeout(Duration::from_millis(1_500), begun).await.is_err());
        }
        let left = behind(&command.site.vault, db).await.iter().sum::<i64>();
        assert!(0 < left && left < all, "{left} of {all}");
        assert_eq!(lines(app).len(), 2);
        // All is found, by programs that begin now.
        app.app.site.vault.refresh(&mut db.read().await.unwrap()).await.unwrap();
        assert!(found(app, 0).await && found(app, 1_199).await);
        // Without the old key nobody begins: what is left would be lost.
        let both = [Key::parse(&lines(app)[0]).unwrap(), Key::parse(&lines(app)[1]).unwrap()];
        let file = Source::file(app.keys.path());
        file.put(&both[..1]).unwrap();
        let refused = Vault::unlock(Source::file(app.keys.path()), db).await.err().unwrap().to_string();
        assert!(refused.contains("firebreak vault rotate finish"), "{refused}");
        file.put(&both).unwrap();

        let rotated = rotate(&beside(app).await.site, AT_ONCE, |_, _| ()).await.unwrap();
        assert_eq!((rotated.key, rotated.resealed), (both[0].id().to_string(), u64::try_from(left).unwrap()));
        assert_eq!(lines(app), [both[0].reveal()]);
        app.app.site.vault.refresh(&mut db.read().await.unwrap()).await.unwrap();
        assert_eq!(behind(&app.app.site.vault, db).await, vec![0; places::PLACES.len()]);
        assert_eq!(app.stranger().post("/slip", &[("code", code.as_str())]).await.status, StatusCode::SEE_OTHER);
        assert_eq!(details(app, "vault.rotate").await.len(), 1);
    }

    async fn a_file_that_kept_the_old_key_loses_it(app) {
        fill(app).await;
        let command = beside(app).await;
        rotate(&command.site, AT_ONCE, |_, _| ()).await.unwrap();
        let new = Key::parse(&lines(app)[0]).unwrap();
        Source::file(app.keys.path()).put(&[new.clone(), Key::new([7; 32])]).unwrap();
        let rotated = rotate(&beside(app).await.site, AT_ONCE, |_, _| ()).await.unwrap();
        assert_eq!((rotated.resealed, rotated.dropped), (0, vec![Key::new([7; 32]).id().to_string()]));
        assert_eq!(lines(app), [new.reveal()]);
    }

    async fn a_key_from_elsewhere_is_changed_where_it_comes_from(app) {
        fill(app).await;
        let db = &app.test.db;
        let unlocked = async |keys: &[&str]| {
            let vault = Vault::unlock(Source::Variable(keys.join(",")), db).await.unwrap();
            App::new(db.clone(), app.clock.clone(), Playbook::parse(BUILT_IN).unwrap(), vault, Settings::default())
                .unwrap()
        };
        let (old, new) = ("07".repeat(32), "09".repeat(32));
        let told = rotate(&unlocked(&[&old]).await.site, AT_ONCE, |_, _| ()).await.unwrap_err().to_string();
        assert!(told.contains("put a new one of 64 hex digits before it"), "{told}");
        let both = unlocked(&[&new, &old]).await;
        // Until the rotation begins the old one seals: other programs may not have the new one.
        assert_eq!(both.site.vault.ring().newest().id(), Key::parse(&old).unwrap().id());
        let rotated = rotate(&both.site, AT_ONCE, |_, _| ()).await.unwrap();
        assert_eq!(rotated.left_in.as_deref(), Some("the variable FIREBREAK_VAULT_KEY"));
        assert_eq!(behind(&unlocked(&[&new]).await.site.vault, db).await, vec![0; places::PLACES.len()]);
    }

    async fn what_no_key_opens_and_slips_whose_code_was_not_kept_are_told(app) {
        fill(app).await;
        run(&app.test.db, "UPDATE slip SET sealed = NULL").await;
        let mut tx = app.test.db.write().await.unwrap();
        let (sql, lost) = ("UPDATE account SET phone_sealed = $1", Vault::new([1; 32]).seal("12900000001"));
        on_db!(tx, c => sqlx::query(sql).bind(lost).execute(c).await.map(|_| ())).unwrap();
        tx.commit().await.unwrap();
        let rotated = rotate(&beside(app).await.site, AT_ONCE, |_, _| ()).await.unwrap();
        let accounts = all(&app.test.db).await[1];
        assert_eq!((rotated.unread, rotated.voided), (u64::try_from(accounts).unwrap(), 1));
    }

    async fn a_value_that_was_changed_meanwhile_stays_as_it_was_changed(app) {
        fill(app).await;
        let place = places::PLACES.iter().find(|place| place.table == "steward").unwrap();
        let mut tx = app.test.db.write().await.unwrap();
        let sql = "SELECT town, id, phone_sealed FROM steward WHERE phone_sealed IS NOT NULL";
        let (town, id, old): (i64, i64, Vec<u8>) =
            on_db!(tx, c => sqlx::query_as(sql).fetch_one(c).await).unwrap();
        let anew = |old: &[u8]| places::Row { walk: (town, id), old: old.to_vec(), new: vec![9; 40], index: None };
        place.put(&mut tx, &[anew(b"what stood there when it was read")]).await.unwrap();
        assert_eq!(place.any(&mut tx).await.unwrap().as_ref(), Some(&old));
        place.put(&mut tx, &[anew(&old)]).await.unwrap();
        assert_eq!(place.any(&mut tx).await.unwrap(), Some(vec![9; 40]));
    }
}
