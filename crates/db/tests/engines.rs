//! What every store relies on, shown on both engines.

#![allow(clippy::unwrap_used)]

use firebreak_db::{Apply, Db, GroupCommit, NotWritten, Result, Tx, is_taken, on_both, on_db};
use sqlx::AssertSqlSafe;

const INSERT: &str = "INSERT INTO tally (town, day, division, indicator, value) VALUES ($1, $2, $3, $4, $5)";

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
