//! A program begins with the key that its database was sealed with, or not at all.

use std::fs;

use super::*;
use crate::testing::on_both_engines;

async fn refused(source: Source, db: &Db) -> String {
    format!("{:#}", Vault::unlock(source, db).await.err().expect("a refusal"))
}

fn file(app: &TestApp) -> std::path::PathBuf {
    app.keys.path().join("vault.key")
}

on_both_engines! {
    async fn a_missing_key_is_not_replaced_beside_sealed_values(app) {
        fill(app).await;
        fs::remove_file(file(app)).unwrap();
        let told = refused(Source::file(app.keys.path()), &app.test.db).await;
        assert!(told.contains(&file(app).display().to_string()), "{told}");
        assert!(told.contains("is missing") && told.contains("put the file back from your copy of the key"), "{told}");
        assert!(!file(app).exists());
        // Nor where the database was filled before it knew its keys.
        run(&app.test.db, "DELETE FROM vault_key").await;
        assert!(refused(Source::file(app.keys.path()), &app.test.db).await.contains("is missing"));
        assert!(!file(app).exists());
    }

    async fn another_key_is_refused_in_words(app) {
        fill(app).await;
        Source::file(app.keys.path()).put(&[Key::new([9; 32])]).unwrap();
        let told = refused(Source::file(app.keys.path()), &app.test.db).await;
        let ids = [Key::new([7; 32]).id(), Key::new([9; 32]).id()].map(|id| id.to_string());
        assert!(told.contains("was sealed with another key") && told.contains("from your copy of it"), "{told}");
        assert!(ids.iter().all(|id| told.contains(id)) && told.contains("vault.key"), "{told}");
        let told = refused(Source::Variable("09".repeat(32)), &app.test.db).await;
        assert!(told.contains("the variable FIREBREAK_VAULT_KEY gives"), "{told}");
        run(&app.test.db, "DELETE FROM vault_key").await;
        let told = refused(Source::file(app.keys.path()), &app.test.db).await;
        assert!(told.contains("was sealed with another key"), "{told}");
    }

    async fn a_database_that_did_not_know_its_key_takes_note_of_the_one_that_opens_it(app) {
        fill(app).await;
        run(&app.test.db, "DELETE FROM vault_key").await;
        let vault = Vault::unlock(Source::file(app.keys.path()), &app.test.db).await.unwrap();
        assert_eq!(vault.ring().known.len(), 1);
        let known = known::known(&mut app.test.db.read().await.unwrap()).await.unwrap();
        assert_eq!(known[0].id, Key::new([7; 32]).id());
        // Whoever lost a key and went on with another puts both into the file.
        run(&app.test.db, "DELETE FROM vault_key").await;
        let both = Source::Variable(["09".repeat(32), "07".repeat(32)].join("\n"));
        let vault = Vault::unlock(both, &app.test.db).await.unwrap();
        assert_eq!((vault.ring().newest().id(), vault.ring().known.len()), (Key::new([9; 32]).id(), 2));
    }

    async fn a_database_with_nothing_but_slips_does_not_get_a_new_key(app) {
        fill(app).await;
        for sql in ["DELETE FROM vault_key", "DELETE FROM audit_key", "DELETE FROM register_upload", "DELETE FROM register_change",
            "DELETE FROM doubles", "DELETE FROM rights_request",
            "UPDATE slip SET sealed = NULL", "UPDATE account SET phone_sealed = NULL",
            "UPDATE steward SET phone_sealed = NULL", "UPDATE household SET phone_sealed = NULL",
            "UPDATE resident SET phone_sealed = NULL, identity_sealed = NULL"] {
            run(&app.test.db, sql).await;
        }
        fs::remove_file(file(app)).unwrap();
        assert!(refused(Source::file(app.keys.path()), &app.test.db).await.contains("is missing"));
        run(&app.test.db, "DELETE FROM slip").await;
        let made = Vault::unlock(Source::file(app.keys.path()), &app.test.db).await.unwrap();
        assert!(file(app).exists());
        let again = Vault::unlock(Source::file(app.keys.path()), &app.test.db).await.unwrap();
        assert_eq!(again.open(&made.seal("x")).as_deref(), Some("x"));
    }

    async fn two_programs_that_begin_at_once_make_one_key(app) {
        run(&app.test.db, "DELETE FROM vault_key").await;
        fs::remove_file(file(app)).unwrap();
        let begin = || Vault::unlock(Source::file(app.keys.path()), &app.test.db);
        let (one, other) = tokio::join!(begin(), begin());
        assert_eq!(other.unwrap().open(&one.unwrap().seal("x")).as_deref(), Some("x"));
    }

    async fn what_an_older_program_sealed_is_opened(app) {
        fill(app).await;
        let mut tx = app.test.db.write().await.unwrap();
        let sql = "UPDATE steward SET phone_sealed = substr(phone_sealed, 9) WHERE phone_sealed IS NOT NULL";
        on_db!(tx, c => sqlx::query(sql).execute(c).await.map(|_| ())).unwrap();
        let sql = "SELECT phone_sealed FROM steward WHERE phone_sealed IS NOT NULL";
        let sealed: Vec<u8> = on_db!(tx, c => sqlx::query_scalar(sql).fetch_one(c).await).unwrap();
        assert_eq!(app.app.site.vault.open(&sealed), Some(phone(2_000)));
    }

    async fn a_program_that_cannot_have_the_new_key_ends(app) {
        let told = Vault::unlock(Source::Variable("07".repeat(32)), &app.test.db).await.unwrap();
        let (look, patience) = (Duration::from_millis(10), Duration::from_millis(50));
        let watching = watch_for(&told, &app.test.db, look, patience);
        let mut tx = app.test.db.write().await.unwrap();
        known::note(&mut tx, 2, &Key::new([9; 32])).await.unwrap();
        tx.commit().await.unwrap();
        let error = tokio::time::timeout(Duration::from_secs(20), watching).await.unwrap();
        let told = format!("{error:#}");
        assert!(told.contains("the program ends") && told.contains("FIREBREAK_VAULT_KEY"), "{told}");
    }
}
