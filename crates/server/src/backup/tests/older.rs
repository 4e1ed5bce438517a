//! A database as an older program left it is brought up with all its rows, whether it is opened or
//! restored from a backup.

use db::{Row, Table, latest_version};

use super::*;
use crate::rounds;
use crate::site::Settings;

/// A town as version 7 kept it, table by table, in the lines of a backup.
const TOWN_AT_7: &str = include_str!("town_at_7.jsonl");
const OLD: i64 = 7;

/// Tables to which later versions add rows, or in which they change what stands there.
const GROWN: [&str; 2] = ["tally", "appointment"];

/// The old tables with those of their columns that there still are.
async fn kept() -> Vec<Table> {
    let (mut tables, now) = (db::tables(OLD).await.unwrap(), db::tables(latest_version()).await.unwrap());
    for table in &mut tables {
        let now = now.iter().find(|now| now.name == table.name).unwrap();
        table.columns.retain(|column| now.columns.contains(column));
    }
    tables
}

/// The rows of the old town, by table.
fn old_town(tables: &[Table]) -> Vec<Batch> {
    let mut batches: Vec<Batch> = Vec::new();
    for text in TOWN_AT_7.lines() {
        match text.strip_prefix("{\"table\":\"") {
            Some(name) => {
                let name = name.trim_end_matches("\"}");
                let table = tables.iter().position(|table| table.name == name).unwrap();
                batches.push(Batch { table, rows: Vec::new() });
            }
            None => {
                let batch = batches.last_mut().unwrap();
                let row: Row =
                    line::read(text.as_bytes(), &tables[batch.table]).unwrap_or_else(|| panic!("{text}"));
                batch.rows.push(row);
            }
        }
    }
    batches
}

/// A database of the old version with the old town in it.
async fn old_database(test: &TestDb) {
    let tables = db::tables(OLD).await.unwrap();
    let mut tx = test.db.write().await.unwrap();
    tx.migrate_to(OLD).await.unwrap();
    for batch in old_town(&tables) {
        tables[batch.table].append(&mut tx, &batch.rows).await.unwrap();
    }
    tx.commit().await.unwrap();
}

/// Every row of the old town is still there, and the town goes on.
async fn is_brought_up(test: TestDb, was: BTreeMap<String, Vec<String>>) {
    let now = state(&mut test.db.read().await.unwrap(), &kept().await).await;
    for (table, rows) in was {
        assert!(!rows.is_empty(), "the old town proves nothing about {table}");
        let now: Vec<&String> = now[&table].iter().filter(|row| !row.contains("backup.restore")).collect();
        for row in &rows {
            // Since version 15 what is about a household says so.
            let named = row.replacen("\"141023105/", "\"household/141023105/", 1);
            assert!(now.iter().any(|now| **now == *row || **now == named), "{table} has lost {row}");
        }
        let grown = GROWN.contains(&table.as_str());
        assert!(now.len() == rows.len() || grown && now.len() > rows.len(), "{table}");
    }
    let app = TestApp::over(test, Settings::default()).await;
    let site = &app.app.site;
    let counted =
        rounds::recount(&mut site.db.read().await.unwrap(), &site.playbook, TOWN().town()).await.unwrap();
    assert_eq!((counted.differences, counted.lost), (Vec::new(), 0));
    assert!(counted.checks > 0);
    let form = [("login", "headquarters5"), ("password", PASSWORD), ("next", "/me")];
    done(&app.stranger().post("/sign-in", &form).await);
    audit::link(site, audit::Since::Ever).await.unwrap();
    assert_eq!(audit::verify(site, |_, _| ()).await.unwrap().fault, None);
}

#[tokio::test]
async fn an_older_database_is_brought_up_with_all_its_rows_when_it_is_opened() {
    for test in bare().await {
        old_database(&test).await;
        let was = state(&mut test.db.read().await.unwrap(), &kept().await).await;
        Db::open(&test.url).await.unwrap().close().await;
        assert_eq!(test.db.read().await.unwrap().version().await.unwrap(), Some(latest_version()));
        is_brought_up(test, was).await;
    }
}

#[tokio::test]
async fn an_older_database_is_backed_up_as_it_is_and_restored_brought_up() {
    let folder = tempfile::tempdir().unwrap();
    for old in bare().await {
        old_database(&old).await;
        let was = state(&mut old.db.read().await.unwrap(), &kept().await).await;
        let path = folder.path().join(format!("{}.backup", old.db.engine()));
        let made = make_at(&old.db, &Clock::fixed(MORNING), &path).await.unwrap();
        assert_eq!(made.header.schema, OLD);
        for test in bare().await {
            restore_into(&test.db, &path).await.unwrap();
            is_brought_up(test, was.clone()).await;
        }
        let made_already = TestDb::sqlite().await;
        let refused = restore_into(&made_already.db, &path).await.unwrap_err();
        assert!(refused.to_string().contains("take a new data folder"), "{refused}");
    }
}
