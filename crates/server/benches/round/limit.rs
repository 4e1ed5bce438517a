//! What the engine gives for the same rows in bulk: the check and its standing, a thousand to a
//! transaction, by rusqlite; or by COPY into the same tables.

use std::time::Instant;

use anyhow::Result;
use base::Clock;
use db::Db;
use rusqlite::params;
use sqlx::{Connection as _, PgConnection};

use crate::load;

const ROWS: i64 = 200_000;
const PER_TRANSACTION: i64 = 1_000;

/// Checks per second.
pub async fn measure(engine: &str, server: Option<&str>, size: i64) -> Result<f64> {
    match (engine, server) {
        ("postgres", Some(server)) => postgres(server, size).await,
        _ => sqlite(size).await,
    }
}

/// Households in a scattered order, as they come in.
fn household(number: i64, size: i64) -> i64 {
    number.wrapping_mul(7_919) % size
}

async fn sqlite(size: i64) -> Result<f64> {
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("limit.db");
    Db::open(&format!("sqlite://{}", file.display())).await?.close().await;
    let mut db = rusqlite::Connection::open(&file)?;
    db.execute_batch(
        "PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 8000; PRAGMA cache_size = -262144",
    )?;
    let ids: Vec<_> = (0..ROWS).map(|_| Clock::System.new_id()).collect();
    let begun = Instant::now();
    for first in (0..ROWS).step_by(usize::try_from(PER_TRANSACTION)?) {
        let tx = db.transaction()?;
        {
            let mut check = tx.prepare_cached(
                "INSERT INTO round_check (town, id, household, day, division, outcome, happened_at, entered_at, \
                 entered_by, source, playbook_version) VALUES (?1, ?2, ?3, ?4, ?5, 'well', ?6, ?6, 1, 'app', 1)",
            )?;
            let mut standing = tx.prepare_cached(
                "INSERT OR REPLACE INTO round_standing (town, day, household, division, due, state, standing, last, \
                 measured, feverish, key_measured, key_feverish) \
                 VALUES (?1, ?2, ?3, ?4, TRUE, 'done', ?5, ?5, 0, 0, 0, 0)",
            )?;
            for number in first..first + PER_TRANSACTION {
                let id = ids[usize::try_from(number)?].as_bytes().as_slice();
                let (household, day) = (household(number, size), 20_200_203 + number / size);
                check.execute(params![1, id, household, day, 1_001_001, 1_580_695_200_000_i64])?;
                standing.execute(params![1, day, household, 1_001_001, id])?;
            }
        }
        tx.commit()?;
    }
    Ok(per_second(begun))
}

async fn postgres(server: &str, size: i64) -> Result<f64> {
    let url = {
        let server = server.to_owned();
        tokio::task::spawn_blocking(move || load::new_database(&server)).await??
    };
    Db::open(&url).await?.close().await;
    let mut db = PgConnection::connect(&url).await?;
    let (mut checks, mut standings) = (String::new(), String::new());
    for number in 0..ROWS {
        let id = Clock::System.new_id();
        let (household, day) = (household(number, size), 20_200_203 + number / size);
        checks +=
            &format!("1\t{id}\t{household}\t{day}\t1001001\twell\t1580695200000\t1580695200000\t1\tapp\t1\n");
        standings += &format!("1\t{day}\t{household}\t1001001\tt\tdone\t{id}\t{id}\t0\t0\t0\t0\n");
    }
    let begun = Instant::now();
    let check = "COPY round_check (town, id, household, day, division, outcome, happened_at, entered_at, entered_by, \
                 source, playbook_version) FROM STDIN";
    let standing = "COPY round_standing (town, day, household, division, due, state, standing, last, measured, \
                    feverish, key_measured, key_feverish) FROM STDIN";
    for (sql, rows) in [(check, checks), (standing, standings)] {
        let mut copy = db.copy_in_raw(sql).await?;
        copy.send(rows.into_bytes()).await?;
        copy.finish().await?;
    }
    Ok(per_second(begun))
}

fn per_second(begun: Instant) -> f64 {
    f64::from(u32::try_from(ROWS).unwrap_or(u32::MAX)) / begun.elapsed().as_secs_f64()
}
