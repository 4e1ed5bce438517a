//! What every store relies on, shown on both engines.

#![allow(clippy::unwrap_used)]

use firebreak_db::{Apply, Db, GroupCommit, NotWritten, Result, Rows, Tx, is_taken, on_both, on_db};
use sqlx::AssertSqlSafe;
use uuid::Uuid;

const INSERT: &str =
    "INSERT INTO tally (town, level, day, division, indicator, value) VALUES ($1, 'group', $2, $3, $4, $5)";

async fn insert(tx: &mut Tx, indicator: &str, value: i64) -> Result<()> {
    on_db!(tx, c => sqlx::query(INSERT)
        .bind(1_i64).bind(20_200_203_i32).bind(1_000_001_i64).bind(indicator).bind(value)
        .execute(c).await.map(|_| ()))
}

async fn sum(db: &Db) -> i64 {
    let mut snapshot = db.read().await.unwrap();
    let sql = "SELECT CAST(COALESCE(SUM(value), 0) AS BIGINT) FROM tally";
    on_db!(snapshot, c => sqlx::query_scalar(sql).fetch_one(c).await).unwrap()
}

/// One column of every kind.
#[derive(Clone, Debug, Default, PartialEq, sqlx::FromRow)]
struct Kinds {
    a: i64,
    b: Option<String>,
    c: Option<bool>,
    d: Option<Uuid>,
    e: Option<Vec<u8>>,
    f: Option<i32>,
}

on_both! {
    async fn only_what_is_committed_stays(db) {
        let mut tx = db.write().await.unwrap();
        insert(&mut tx, "done", 3).await.unwrap();
        drop(tx);
        assert_eq!(sum(db).await, 0);
        let mut tx = db.write().await.unwrap();
        insert(&mut tx, "done", 3).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(sum(db).await, 3);
    }

    async fn a_second_row_of_one_key_is_refused_as_taken(db) {
        let mut tx = db.write().await.unwrap();
        insert(&mut tx, "done", 3).await.unwrap();
        let error = insert(&mut tx, "done", 4).await.unwrap_err();
        assert!(is_taken(&error), "{error}");
    }

    async fn any_number_of_rows_is_written_and_found_again(db) {
        // Two parts on SQLite, the second filled up from 5 to 8.
        let wanted: Vec<i64> = (1..=1_029).collect();
        let mut tx = db.write().await.unwrap();
        let sql = "INSERT INTO tally (town, level, day, division, indicator, value) {rows} \
                   ON CONFLICT (town, level, day, division, indicator) DO UPDATE SET value = tally.value + excluded.value";
        let rows = Rows::of(&wanted).big(|n| *n).text(|_| "group").int(|_| 20_200_203).big(|n| *n).text(|_| "done");
        let rows = rows.big(|n| n * 2);
        assert_eq!(rows.execute(&mut tx, sql).await.unwrap(), 1_029);
        assert_eq!(rows.execute(&mut tx, sql).await.unwrap(), 1_029);
        let sql = "WITH wanted(town_) AS ({rows}) SELECT town, value FROM wanted CROSS JOIN tally WHERE town = town_";
        let rows = Rows::of(&wanted).big(|n| *n);
        let mut found: Vec<(i64, i64)> = rows.fetch(&mut tx, sql).await.unwrap();
        found.sort_unstable();
        assert_eq!(found, wanted.iter().map(|n| (*n, n * 4)).collect::<Vec<_>>());
        let mut many: Vec<(i64, i64)> = rows.fetch_packed(&mut tx, 2, sql).await.unwrap();
        many.sort_unstable();
        assert_eq!(many, found);
        let none: Vec<i64> = Vec::new();
        let nothing: Vec<(i64, i64)> = Rows::of(&none).big(|n| *n).fetch(&mut tx, sql).await.unwrap();
        assert!(nothing.is_empty());
    }

    async fn every_kind_of_column_keeps_its_value_and_its_absence(db) {
        let wanted = vec![
            Kinds { a: 1, b: Some("一".into()), c: Some(true), d: Some(Uuid::max()), e: Some(b"\0x".to_vec()), f: Some(7) },
            Kinds { a: 2, ..Kinds::default() },
        ];
        let mut tx = db.write().await.unwrap();
        let sql = "WITH told(a, b, c, d, e, f) AS ({rows}) SELECT a, b, c, d, e, f FROM told ORDER BY a";
        let rows = Rows::of(&wanted).big(|k| k.a).text(|k| k.b.as_deref()).flag(|k| k.c).id(|k| k.d);
        let rows = rows.bytes(|k| k.e.as_deref()).int(|k| k.f);
        assert_eq!(rows.fetch::<Kinds>(&mut tx, sql).await.unwrap(), wanted);
    }

    async fn a_snapshot_stands_still_and_cannot_write(db) {
        let mut snapshot = db.read().await.unwrap();
        let sql = "SELECT COUNT(*) FROM tally";
        let count: i64 = on_db!(snapshot, c => sqlx::query_scalar(sql).fetch_one(c).await).unwrap();
        let mut tx = db.write().await.unwrap();
        insert(&mut tx, "done", 3).await.unwrap();
        tx.commit().await.unwrap();
        let again: i64 = on_db!(snapshot, c => sqlx::query_scalar(sql).fetch_one(c).await).unwrap();
        assert_eq!((count, again), (0, 0));
        assert!(on_db!(snapshot, c => sqlx::query("DELETE FROM tally").execute(c).await.map(|_| ())).is_err());
    }

    async fn one_bad_job_does_not_take_its_neighbours_with_it(db) {
        let writer = GroupCommit::start(db.clone(), Insert);
        let jobs = ["a", "b", "broken", "c"];
        let written = futures(jobs.map(|job| { let w = writer.clone(); async move { w.write(job).await } })).await;
        let stored: Vec<_> = written.iter().map(Result::is_ok).collect();
        assert_eq!(stored, [true, true, false, true]);
        assert!(matches!(&written[2], Err(NotWritten::Database(_))));
        assert_eq!(sum(db).await, 3);
    }

    async fn a_database_of_a_newer_program_is_refused(db) {
        let sql = "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) \
                   VALUES (9999, 'from the future', TRUE, $1, 0)";
        let mut tx = db.write().await.unwrap();
        on_db!(tx, c => sqlx::query(sql).bind(vec![1_u8]).execute(c).await.map(|_| ())).unwrap();
        tx.commit().await.unwrap();
        let error = db.migrate().await.unwrap_err().to_string();
        assert!(error.contains("version 9999") && error.contains("use a newer program"), "{error}");
    }
}

/// Without being told that a file holds one town, SQLite reads all of its residents.
#[tokio::test]
async fn a_households_residents_are_found_by_their_index() {
    let test = firebreak_db::TestDb::sqlite().await;
    let sql = "EXPLAIN QUERY PLAN SELECT id FROM resident WHERE town = $1 AND household = $2";
    let again = Db::open(&test.url).await.unwrap();
    for db in [&test.db, &again] {
        let mut snapshot = db.read().await.unwrap();
        let plan: (i64, i64, i64, String) =
            on_db!(snapshot, c => sqlx::query_as(sql).bind(1_i64).bind(1_i64).fetch_one(c).await).unwrap();
        assert!(plan.3.contains("resident_by_household (town=? AND household=?)"), "{}", plan.3);
    }
}

struct Insert;

impl Apply for Insert {
    type Job = &'static str;
    type Done = ();

    fn weight(_: &&'static str) -> usize {
        1
    }

    async fn apply(&self, tx: &mut Tx, jobs: &[&'static str]) -> Result<Vec<()>> {
        for job in jobs {
            if *job == "broken" {
                on_db!(tx, c => sqlx::query(AssertSqlSafe("SELECT nonsense")).execute(c).await.map(|_| ()))?;
            }
            insert(tx, job, 1).await?;
        }
        Ok(jobs.iter().map(|_| ()).collect())
    }
}

/// Runs all at once, so that they meet in one batch.
async fn futures<F>(jobs: impl IntoIterator<Item = F>) -> Vec<F::Output>
where
    F: Future<Output: Send> + Send + 'static,
{
    let tasks: Vec<_> = jobs.into_iter().map(tokio::spawn).collect();
    let mut done = Vec::new();
    for task in tasks {
        done.push(task.await.unwrap());
    }
    done
}
