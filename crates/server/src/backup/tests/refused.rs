//! What cannot be restored or made is refused with what to do, and nothing is half done.

use super::*;
use crate::testing::on_both_engines;

/// A backup of the small town, and its folder.
async fn one(app: &TestApp) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = backup(app, folder.path()).await;
    (folder, path)
}

/// What is said of a file, read with a key; nothing where it is sound.
async fn fault(path: &Path, key: &Key) -> Option<String> {
    let read = async {
        let sealed = Sealed::open(path)?;
        sealed.check(key)?;
        let tables = db::tables(sealed.header.schema).await.unwrap();
        let mut reader = sealed.unseal(key, tables.into())?;
        while reader.next()?.is_some() {}
        Ok::<_, Unreadable>(())
    };
    read.await.err().map(|fault| fault.to_string())
}

#[tokio::test]
async fn a_flipped_byte_a_cut_off_file_and_a_wrong_key_are_told_apart() {
    let app = TestApp::sqlite().await;
    let (_folder, path) = one(&app).await;
    assert_eq!(fault(&path, &key()).await, None);
    let told = fault(&path, &Key::new([4; 32])).await.unwrap();
    assert!(told.contains(&key().id()) && told.contains("give the one it was made with"), "{told}");
    let whole = std::fs::read(&path).unwrap();
    let header = whole.iter().enumerate().filter(|(_, byte)| **byte == b'\n').nth(1).unwrap().0;
    let places = (0..whole.len()).step_by(97).chain([header, header + 1, whole.len() - 1]);
    for at in places {
        let mut flipped = whole.clone();
        flipped[at] ^= 1;
        std::fs::write(&path, &flipped).unwrap();
        let told = fault(&path, &key()).await;
        assert!(told.is_some(), "a flipped byte at {at} is not noticed");
        if at > header && at < whole.len() - 21 {
            assert!(told.as_ref().unwrap().contains("it is damaged"), "{at}: {told:?}");
        }
    }
    for length in [0, 10, header, header + 1, whole.len() / 2, whole.len() - 1] {
        std::fs::write(&path, &whole[..length]).unwrap();
        let told = fault(&path, &key()).await.unwrap();
        assert!(told.contains("cut off") || (length <= 10 && told.contains("no backup")), "{length}: {told}");
    }
    std::fs::write(&path, [&whole[..whole.len() / 2], &whole[whole.len() / 2 + 1..]].concat()).unwrap();
    assert!(fault(&path, &key()).await.unwrap().contains("it is damaged"));
}

#[tokio::test]
async fn a_backup_of_a_newer_program_or_format_is_refused() {
    let app = TestApp::sqlite().await;
    let (_folder, path) = one(&app).await;
    let whole = std::fs::read(&path).unwrap();
    let version = format!("\"schema\":{}", db::latest_version());
    let at = whole.windows(version.len()).position(|part| part == version.as_bytes()).unwrap();
    let newer = [&whole[..at], b"\"schema\":9999".as_slice(), &whole[at + version.len()..]].concat();
    std::fs::write(&path, &newer).unwrap();
    let told = fault(&path, &key()).await.unwrap();
    assert!(told.contains("version 9999") && told.contains("use a newer program"), "{told}");
    let later = [b"firebreak backup 2\n".as_slice(), &whole[19..]].concat();
    std::fs::write(&path, &later).unwrap();
    assert!(fault(&path, &key()).await.unwrap().contains("use a newer one"));
}

on_both_engines! {
    async fn a_database_with_anything_in_it_is_not_restored_into(app) {
        let (_folder, path) = one(app).await;
        let before = state_of(&app.test.db).await;
        let refused = restore_into(&app.test.db, &path).await.unwrap_err();
        assert!(matches!(refused, NotRestored::NotEmpty), "{refused}");
        assert!(refused.to_string().contains("new data folder"), "{refused}");
        assert_eq!(state_of(&app.test.db).await, before);
    }

    async fn nothing_is_half_restored(app) {
        let (_folder, path) = one(app).await;
        let mut bytes = std::fs::read(&path).unwrap();
        // The last chunk: all that stands before it is sound, and loaded when it is found.
        let near_the_end = bytes.len() - 60;
        bytes[near_the_end] ^= 1;
        let damaged = path.with_extension("damaged");
        std::fs::write(&damaged, bytes).unwrap();
        for test in bare().await {
            let refused = restore_into(&test.db, &damaged).await.unwrap_err();
            assert!(matches!(refused, NotRestored::Unreadable(Unreadable::Damaged)), "{refused}");
            assert_eq!(test.db.read().await.unwrap().version().await.unwrap(), None, "not even tables are left");
            restore_into(&test.db, &path).await.unwrap();
        }
    }

    async fn the_vault_of_another_installation_is_refused_before_anything_is_kept(app) {
        audit::link(&app.app.site, audit::Since::Ever).await.unwrap();
        let contact = app.contact(village(1)).await;
        enter(&contact, vec![check(1, MORNING)]).await;
        audit::link(&app.app.site, audit::Since::Ever).await.unwrap();
        let (_folder, path) = one(app).await;
        for test in bare().await {
            let sealed = Sealed::open(&path).unwrap();
            let refused = restore(&test.db, &app.clock, keys(8), (sealed, &key()), None, &mut untold).await.unwrap_err();
            assert!(refused.to_string().contains("put back the key that belongs to this database"), "{refused}");
            assert!(test.db.read().await.unwrap().is_empty().await.unwrap());
        }
    }

    async fn a_place_that_cannot_be_written_to_is_told(app) {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("file");
        std::fs::write(&file, "").unwrap();
        let refused = make_at(&app.test.db, &app.clock, &file).await.unwrap_err();
        assert!(refused.to_string().contains("nothing can be written at"), "{refused}");
        let taken = folder.path().join("one.backup");
        backup(app, &taken).await;
        let refused = make_at(&app.test.db, &app.clock, &taken).await.unwrap_err();
        assert!(refused.to_string().contains("is there already"), "{refused}");
    }

    async fn a_backup_nobody_waits_for_any_more_leaves_no_file(app) {
        let folder = tempfile::tempdir().unwrap();
        let (begun, key) = (tokio::sync::Notify::new(), key());
        let mut told = |_: &str, _: u64, _: u64| begun.notify_one();
        let wanted = Wanted { key: &key, to: folder.path(), zone: ZONE };
        tokio::select! {
            biased;
            () = begun.notified() => (),
            made = make(&app.test.db, &app.clock, wanted, &mut told) => panic!("it was done at once: {made:?}"),
        }
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
    }
}

#[tokio::test]
async fn an_empty_database_is_not_backed_up() {
    for test in bare().await {
        let folder = tempfile::tempdir().unwrap();
        let refused = make_at(&test.db, &Clock::fixed(MORNING), folder.path()).await.unwrap_err();
        assert!(matches!(refused, NotMade::Empty), "{refused}");
    }
}
