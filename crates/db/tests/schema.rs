//! What is copied of a database: every table and column that the migrations make, on both engines.

#![allow(clippy::unwrap_used)]

use std::collections::BTreeSet;

use firebreak_db::{Db, Table, Value, latest_version, on_both, on_db, read_all, tables};
use tokio::sync::mpsc;

/// Tables and columns as the engine tells them, with the word that it has for the type.
async fn catalogue(db: &Db) -> BTreeSet<(String, String, String)> {
    let mut snapshot = db.read().await.unwrap();
    let sql = match db {
        Db::Sqlite(_) => {
            "SELECT t.name, c.name, c.type FROM pragma_table_list t JOIN pragma_table_xinfo(t.name) c \
             WHERE t.schema = 'main' AND t.type <> 'view' AND t.name NOT LIKE 'sqlite%' AND t.name <> '_sqlx_migrations'"
        }
        Db::Postgres(_) => {
            "SELECT CAST(table_name AS TEXT), CAST(column_name AS TEXT), CAST(data_type AS TEXT) \
             FROM information_schema.columns WHERE table_schema = current_schema() AND table_name <> '_sqlx_migrations'"
        }
    };
    let found: Vec<(String, String, String)> =
        on_db!(snapshot, c => sqlx::query_as(sql).fetch_all(c).await).unwrap();
    found.into_iter().map(|(table, column, kind)| (table, column, kind.to_uppercase())).collect()
}

/// The tables that a table refers to.
async fn references(db: &Db) -> Vec<(String, String)> {
    let mut snapshot = db.read().await.unwrap();
    let sql = match db {
        Db::Sqlite(_) => {
            "SELECT t.name, f.\"table\" FROM pragma_table_list t JOIN pragma_foreign_key_list(t.name) f"
        }
        Db::Postgres(_) => {
            "SELECT CAST(conrelid::regclass AS TEXT), CAST(confrelid::regclass AS TEXT) FROM pg_constraint WHERE contype = 'f'"
        }
    };
    on_db!(snapshot, c => sqlx::query_as(sql).fetch_all(c).await).unwrap()
}

on_both! {
    async fn no_table_or_column_of_the_migrations_is_left_out(db) {
        let told = tables(latest_version()).await.unwrap();
        let kind = |kind| format!("{kind:?}").to_uppercase();
        let told: BTreeSet<_> = told.iter().flat_map(|table| {
            table.columns.iter().map(|column| (table.name.clone(), column.name.clone(), kind(column.kind)))
        }).collect();
        let known = |declared: &str| match declared {
            "BIGINT" => "BIG",
            "INTEGER" => "INT",
            "BOOLEAN" => "FLAG",
            "UUID" => "ID",
            "TEXT" => "TEXT",
            "BYTEA" => "BYTES",
            other => panic!("{other} is no type of a backup"),
        }.to_owned();
        let there: BTreeSet<_> = catalogue(db).await.into_iter()
            .map(|(table, column, declared)| (table, column, known(&declared))).collect();
        assert_eq!(told, there);
    }

    async fn a_table_comes_after_those_it_refers_to(db) {
        let told = tables(latest_version()).await.unwrap();
        let place = |name: &str| told.iter().position(|table| table.name == name);
        for (table, other) in references(db).await {
            assert!(place(&other) < place(&table), "{table} refers to {other}: load {other} first");
        }
    }

    async fn every_kind_of_value_is_copied_as_it_is(db) {
        let told = tables(latest_version()).await.unwrap();
        let place = told.iter().position(|table| table.name == "report_seal").unwrap();
        let row = vec![
            Value::Number(1), Value::Number(2), Value::Text("report".into()), Value::Number(20_200_203),
            Value::Number(1), Value::Text("{\"一\":\"\u{1f6a7}\"}".into()), Value::Text(String::new()), Value::Number(i64::MIN),
        ];
        assert!(told[place].takes(&row));
        let session = told.iter().position(|table| table.name == "operation").unwrap();
        let mut other = vec![Value::Null; told[session].columns.len()];
        for (value, column) in other.iter_mut().zip(&told[session].columns) {
            *value = match column.name.as_str() {
                "demonstration" => Value::Flag(true),
                "ended_day" => Value::Null,
                "town" | "playbook_version" | "started_day" => Value::Number(7),
                _ => Value::Text("x".into()),
            };
        }
        let mut tx = db.write().await.unwrap();
        told[place].append(&mut tx, std::slice::from_ref(&row)).await.unwrap();
        told[session].append(&mut tx, std::slice::from_ref(&other)).await.unwrap();
        tx.commit().await.unwrap();
        let (to, mut from) = mpsc::channel(8);
        read_all(&mut db.read().await.unwrap(), &told, &to).await.unwrap();
        drop(to);
        let mut found = Vec::new();
        while let Some(batch) = from.recv().await {
            found.push((batch.table, batch.rows));
        }
        found.sort_by_key(|(table, _)| *table);
        let mut wanted = vec![(place, vec![row]), (session, vec![other])];
        wanted.sort_by_key(|(table, _)| *table);
        assert_eq!(found, wanted);
    }

    async fn a_database_tells_its_version_and_whether_anything_was_written(db) {
        assert_eq!(db.read().await.unwrap().version().await.unwrap(), Some(latest_version()));
        assert!(db.read().await.unwrap().is_empty().await.unwrap());
        let mut tx = db.write().await.unwrap();
        firebreak_db::take_numbers(&mut tx, 1, "household", 1).await.unwrap();
        assert!(!tx.is_empty().await.unwrap());
    }
}

#[tokio::test]
async fn many_rows_of_the_widest_table_fit_into_one_statement() {
    let widest = tables(latest_version()).await.unwrap().iter().map(|table| table.columns.len()).max();
    assert!(widest.unwrap() * 1_024 <= 32_766, "SQLite takes no more values at once");
}

#[tokio::test]
async fn the_first_column_of_every_table_is_never_null() {
    let test = firebreak_db::TestDb::sqlite().await;
    let mut snapshot = test.db.read().await.unwrap();
    for Table { name, columns } in tables(latest_version()).await.unwrap() {
        let sql = "SELECT \"notnull\" FROM pragma_table_info($1) WHERE name = $2";
        let never: bool = on_db!(snapshot, c => sqlx::query_scalar(sql)
            .bind(&name).bind(&columns[0].name).fetch_one(c).await)
        .unwrap();
        assert!(
            never,
            "{name}.{}: rows with NULL there would be lost when many are written",
            columns[0].name
        );
    }
}
