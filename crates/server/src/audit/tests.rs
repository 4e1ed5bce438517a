//! The trail as somebody with the database file in his hands would forge it: triggers dropped, rows
//! changed at will. Whatever he does without the key is found.

use std::path::Path;

use base::{Clock, Moment};
use db::{Db, on_both, on_db};
use serde_json::json;
use sqlx::AssertSqlSafe;
use uuid::Uuid;

use super::head::{self, Kept};
use super::link::{Since, link, open_key};
use super::store::{first_id, newest, sealed_key, waiting};
use super::{Checked, Entry, Fault, Late, head_file, record, verify};
use crate::app::App;
use crate::playbook::{BUILT_IN, Playbook};
use crate::site::{Settings, Site};
use crate::testing::MORNING;
use crate::vault::Vault;

/// A running program on a database, its head in a folder.
fn site(db: &Db, folder: &Path) -> Site {
    let (clock, playbook) = (Clock::fixed(MORNING), Playbook::parse(BUILT_IN).unwrap());
    let settings = Settings { audit_head: Some(head_file(folder)), ..Settings::default() };
    App::new(db.clone(), clock, playbook, Vault::new([7; 32]), settings).unwrap().site
}

async fn write(site: &Site, object: &str) -> Uuid {
    let (id, entry) = (site.clock.new_id(), Entry::of_program("sheet.print", object, json!({})));
    let mut tx = site.db.write().await.unwrap();
    record(&mut tx, id, site.clock.now(), entry).await.unwrap();
    tx.commit().await.unwrap();
    id
}

/// Five entries, a minute apart and linked.
async fn five(site: &Site) -> Vec<Uuid> {
    let mut ids = Vec::new();
    for n in 0..5 {
        site.clock.set(MORNING.plus_minutes(n));
        ids.push(write(site, &format!("{n}")).await);
    }
    assert_eq!(link(site, Since::Ever).await.unwrap(), 5);
    ids
}

async fn run(db: &Db, sql: &str) -> db::Result<()> {
    let mut tx = db.write().await?;
    on_db!(tx, c => sqlx::raw_sql(AssertSqlSafe(sql.to_owned())).execute(c).await.map(|_| ()))?;
    tx.commit().await
}

/// What a thief does: the guards go first.
async fn forge(db: &Db, sql: &str) {
    let guards = match db {
        Db::Sqlite(_) => {
            "DROP TRIGGER IF EXISTS audit_entry_no_update; DROP TRIGGER IF EXISTS audit_entry_no_delete; \
             DROP TRIGGER IF EXISTS audit_link_no_update; DROP TRIGGER IF EXISTS audit_link_no_delete;"
        }
        Db::Postgres(_) => {
            "DROP TRIGGER IF EXISTS audit_entry_kept ON audit_entry; \
             DROP TRIGGER IF EXISTS audit_link_kept ON audit_link;"
        }
    };
    run(db, guards).await.unwrap();
    run(db, sql).await.unwrap();
}

/// An id as either engine writes it.
fn quoted(db: &Db, id: Uuid) -> String {
    match db {
        Db::Sqlite(_) => format!("x'{}'", id.simple()),
        Db::Postgres(_) => format!("'{id}'"),
    }
}

async fn looked(site: &Site) -> Checked {
    verify(site, |_, _| ()).await.unwrap()
}

async fn fault(site: &Site) -> Fault {
    looked(site).await.fault.expect("a fault")
}

on_both! {
    async fn an_untouched_trail_is_sound_and_what_is_not_linked_yet_is_counted(db) {
        let folder = tempfile::tempdir().unwrap();
        let site = site(db, folder.path());
        assert_eq!(looked(&site).await.fault, None);
        five(&site).await;
        write(&site, "new").await;
        let mut told = Vec::new();
        let checked = verify(&site, |done, of| told.push((done, of))).await.unwrap();
        assert_eq!((checked.fault, checked.waiting), (None, 1));
        assert_eq!(checked.head.unwrap().n, 5);
        assert_eq!(told.first(), Some(&(5, 5)));
        let key = open_key(&site, &sealed_key(&mut db.read().await.unwrap()).await.unwrap().unwrap()).unwrap();
        assert_eq!(head::read(&head_file(folder.path()), &key).unwrap(), Kept::Head(checked.head.unwrap()));
    }

    async fn entries_and_links_are_only_appended_to(db) {
        let folder = tempfile::tempdir().unwrap();
        five(&site(db, folder.path())).await;
        for sql in [
            "UPDATE audit_entry SET object = 'x'",
            "DELETE FROM audit_entry",
            "UPDATE audit_link SET linked_at = 0",
            "DELETE FROM audit_link",
        ] {
            let refused = run(db, sql).await.unwrap_err().to_string();
            assert!(refused.contains("only appended to"), "{sql}: {refused}");
        }
    }

    async fn a_changed_entry_is_named(db) {
        let folder = tempfile::tempdir().unwrap();
        let site = site(db, folder.path());
        let ids = five(&site).await;
        forge(db, "UPDATE audit_entry SET roles = 'auditor@14' WHERE object = '2'").await;
        assert_eq!(fault(&site).await, Fault::Changed { n: 3, entry: ids[2] });
    }

    async fn a_removed_entry_is_named(db) {
        let folder = tempfile::tempdir().unwrap();
        let site = site(db, folder.path());
        let ids = five(&site).await;
        forge(db, "DELETE FROM audit_entry WHERE object = '1'").await;
        assert_eq!(fault(&site).await, Fault::Removed { n: 2, entry: ids[1] });
        // With its link gone too, and with the later ones put into the gap.
        forge(db, "DELETE FROM audit_link WHERE n = 2").await;
        assert_eq!(fault(&site).await, Fault::Gap { n: 2, found: 3 });
        for n in 3..=5 {
            forge(db, &format!("UPDATE audit_link SET n = {} WHERE n = {n}", n - 1)).await;
        }
        assert_eq!(fault(&site).await, Fault::Changed { n: 2, entry: ids[2] });
    }

    async fn entries_put_in_each_others_place_are_found(db) {
        let folder = tempfile::tempdir().unwrap();
        let site = site(db, folder.path());
        let ids = five(&site).await;
        for (from, to) in [(2, 9), (3, 2), (9, 3)] {
            forge(db, &format!("UPDATE audit_link SET n = {to} WHERE n = {from}")).await;
        }
        assert_eq!(fault(&site).await, Fault::Changed { n: 2, entry: ids[2] });
    }

    async fn an_inserted_entry_is_found_before_and_after_it_is_linked(db) {
        let folder = tempfile::tempdir().unwrap();
        let site = site(db, folder.path());
        five(&site).await;
        site.clock.set(MORNING.plus_minutes(300));
        write(&site, "later").await;
        link(&site, Since::Ever).await.unwrap();
        let forged = first_id(MORNING.plus_minutes(2));
        let at = MORNING.plus_minutes(2).0;
        forge(db, &format!(
            "INSERT INTO audit_entry (id, at, address, action, object, detail) \
             VALUES ({}, {at}, '', 'sheet.print', 'forged', '{{}}')", quoted(db, forged))).await;
        assert_eq!(fault(&site).await, Fault::Inserted { entry: forged });
        // The program itself links it, but not as if it had been there.
        assert_eq!(link(&site, Since::Ever).await.unwrap(), 1);
        assert_eq!(fault(&site).await, Fault::Inserted { entry: forged });
    }

    async fn an_inserted_link_fits_nothing(db) {
        let folder = tempfile::tempdir().unwrap();
        let site = site(db, folder.path());
        five(&site).await;
        let entry = write(&site, "forged").await;
        let hash = match db { Db::Sqlite(_) => "zeroblob(32)", Db::Postgres(_) => "'\\x00'" };
        forge(db, &format!(
            "INSERT INTO audit_link (n, entry, linked_at, hash) VALUES (6, {}, 0, {hash})", quoted(db, entry))).await;
        assert_eq!(fault(&site).await, Fault::Changed { n: 6, entry });
    }

    async fn a_cut_off_end_is_told_by_the_head_and_the_proof_is_left(db) {
        let folder = tempfile::tempdir().unwrap();
        let site = site(db, folder.path());
        five(&site).await;
        forge(db, "DELETE FROM audit_link WHERE n > 3; DELETE FROM audit_entry WHERE object IN ('3', '4')").await;
        assert_eq!(fault(&site).await, Fault::CutOff { n: 4, last: 5 });
        // The program goes on, and what is written behind the cut does not hide it.
        for n in 0..3 {
            write(&site, &format!("behind {n}")).await;
            assert!(link(&site, Since::Ever).await.is_err());
        }
        assert_eq!(fault(&site).await, Fault::Replaced { n: 5 });
    }

    async fn a_head_that_is_gone_is_a_fault_and_beginning_it_anew_is_written_down(db) {
        let folder = tempfile::tempdir().unwrap();
        let site = site(db, folder.path());
        five(&site).await;
        std::fs::remove_file(head_file(folder.path())).unwrap();
        assert_eq!(fault(&site).await, Fault::NoHead);
        write(&site, "next").await;
        link(&site, Since::Ever).await.unwrap();
        let (left, oldest) = waiting(&mut db.read().await.unwrap()).await.unwrap();
        assert_eq!((left, oldest.unwrap().action.as_str()), (1, "audit.head-missing"));
        assert_eq!(looked(&site).await.fault, None);
    }

    async fn without_its_key_nothing_is_linked_and_nothing_is_sound(db) {
        let folder = tempfile::tempdir().unwrap();
        let site = site(db, folder.path());
        five(&site).await;
        forge(db, "DELETE FROM audit_key").await;
        assert_eq!(fault(&site).await, Fault::NoKey);
        write(&site, "next").await;
        assert!(link(&site, Since::Ever).await.is_err());
        assert_eq!(newest(&mut db.read().await.unwrap()).await.unwrap().unwrap().0.n, 5);
    }

    async fn two_linkers_at_once_link_each_entry_once(db) {
        let folder = tempfile::tempdir().unwrap();
        let site = site(db, folder.path());
        five(&site).await;
        for n in 0..40 {
            write(&site, &format!("more {n}")).await;
        }
        let both = tokio::join!(link(&site, Since::Ever), link(&site, Since::Moment(MORNING)));
        let linked = both.0.unwrap_or_default() + both.1.unwrap_or_default();
        let rest = link(&site, Since::Ever).await.unwrap();
        assert_eq!(linked + rest, 40);
        assert_eq!(looked(&site).await.head.unwrap().n, 45);
    }

    async fn what_waits_is_written_once_and_kept_where_it_cannot_be(db) {
        let folder = tempfile::tempdir().unwrap();
        let site = site(db, folder.path());
        let late = |object: &str| Late {
            id: site.clock.new_id(), at: MORNING, account: None, capacity: crate::access::Capacity::default(),
            address: String::new(), action: "household.see", object: object.to_owned(), detail: json!({}),
        };
        let twice = late("household/1/1");
        site.trail.later(twice.clone());
        site.trail.write(db, MORNING).await.unwrap();
        site.trail.write(db, MORNING).await.unwrap();
        assert_eq!(waiting(&mut db.read().await.unwrap()).await.unwrap().0, 1);
        // The same id is refused by the database: all of the batch waits on.
        site.trail.later(late("household/1/2"));
        site.trail.later(twice);
        assert!(site.trail.write(db, MORNING).await.is_err());
        assert_eq!(waiting(&mut db.read().await.unwrap()).await.unwrap().0, 1);
        assert_eq!(site.trail.waiting(), 2);
    }
}

/// As at an orderly end: the last writing waits for one under way, which may come to nothing.
#[tokio::test]
async fn a_second_writing_waits_for_the_first() {
    let (folder, test) = (tempfile::tempdir().unwrap(), db::TestDb::sqlite().await);
    let site = site(&test.db, folder.path());
    let (id, address, capacity) = (site.clock.new_id(), String::new(), crate::access::Capacity::default());
    let (action, object, detail) = ("household.see", String::new(), json!({}));
    site.trail.later(Late { id, at: MORNING, account: None, capacity, address, action, object, detail });
    let busy = test.db.write().await.unwrap();
    let first = {
        let site = site.clone();
        tokio::spawn(async move { site.trail.write(&site.db, MORNING).await })
    };
    while site.trail.waiting() > 0 {
        tokio::task::yield_now().await;
    }
    let second = std::time::Duration::from_millis(30);
    assert!(tokio::time::timeout(second, site.trail.write(&test.db, MORNING)).await.is_err());
    drop(busy);
    first.await.unwrap().unwrap();
    site.trail.write(&test.db, MORNING).await.unwrap();
    assert_eq!(waiting(&mut test.db.read().await.unwrap()).await.unwrap().0, 1);
}

#[test]
fn the_same_is_told_again_only_after_its_time() {
    let trail = super::Trail::default();
    let asks = |minute| trail.is_new("3 /households".into(), 10, Moment(0).plus_minutes(minute));
    assert_eq!([asks(0), asks(9), asks(10), asks(11)], [true, false, true, false]);
}

/// Words of the form `household.see` in the program's text that tell of no deed: files and actions of
/// the policy.
fn is_deed_like(word: &str) -> bool {
    let Some((noun, verb)) = word.split_once('.') else { return false };
    let plain = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_lowercase() || b == b'-');
    let file = ["toml", "db", "key", "csv", "html", "js", "xlsx", "head", "new", "svg", "css", "txt", "id"];
    // Aliases of tables are short.
    noun.len() > 2 && plain(noun) && plain(verb) && !file.contains(&verb)
}

fn read_folder(folder: &Path, found: &mut Vec<(String, String)>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.display().to_string();
        let apart = name.contains("tests") || name.ends_with("policy.rs") || name.ends_with("deeds.rs");
        if path.is_dir() {
            read_folder(&path, found);
        } else if name.ends_with(".rs") && !apart {
            let text = std::fs::read_to_string(&path).unwrap();
            let code = text.split("#[cfg(test)]\nmod tests {").next().unwrap();
            let writes = ["audit", "note(", "note_by(", "note_many(", "note_grants(", "record("];
            if !writes.iter().any(|word| code.contains(word)) {
                continue;
            }
            let words = code.split('"').filter(|word| is_deed_like(word));
            found.extend(words.map(|word| (word.to_owned(), name.clone())));
        }
    }
}

#[test]
fn every_deed_of_the_program_has_its_words_and_no_other_is_listed() {
    let mut found = Vec::new();
    read_folder(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut found);
    let unlisted: Vec<_> = found.iter().filter(|(word, _)| !super::DEEDS.contains(&word.as_str())).collect();
    assert!(unlisted.is_empty(), "name these in audit/deeds.rs, with messages: {unlisted:#?}");
    let idle: Vec<_> =
        super::DEEDS.iter().filter(|deed| !found.iter().any(|(word, _)| word == *deed)).collect();
    assert!(idle.is_empty(), "nothing does these: {idle:?}");
    let languages = crate::web::Languages::load().unwrap();
    for words in crate::web::Language::ALL.map(|language| languages.of(language)) {
        for deed in super::DEEDS {
            assert!(words.has(&super::message(deed)), "{deed} {:?}", words.language);
        }
    }
}
