//! Durable checks per second with everything a check means: session, scope, validation, standing,
//! tallies, audit. A closed loop: every connection sends its next post when the last is answered.
//! The load generator runs on the same cores. Beside each figure stands what the engine gives for
//! the same rows in bulk, without any of that, in the same run.
//!
//! One JSON object per line. `cargo xtask bench round` starts it with a PostgreSQL of its own.

mod client;
mod limit;
mod load;
mod report;
#[expect(dead_code, reason = "the bench of the import uses more of it")]
mod server;

use std::time::{Duration, Instant};

use anyhow::Result;
use clap::Parser;

use server::Server;

/// Benches the round.
#[derive(Debug, Parser)]
struct Args {
    /// Households in the database.
    #[arg(long, value_delimiter = ',', default_value = "40000")]
    sizes: Vec<i64>,
    #[arg(long, value_delimiter = ',', default_value = "1,8,64")]
    clients: Vec<usize>,
    /// Checks in one post.
    #[arg(long, value_delimiter = ',', default_value = "1,20")]
    batches: Vec<usize>,
    /// Seconds of each measurement.
    #[arg(long, default_value_t = 5)]
    seconds: u64,
    /// Checks per second at which posts are due; without it every connection sends as fast as it is
    /// answered.
    #[arg(long)]
    pace: Option<u32>,
    /// Engines: sqlite, postgres.
    #[arg(long, value_delimiter = ',', default_value = "sqlite,postgres")]
    engines: Vec<String>,
    /// A PostgreSQL server, as postgres://USER@HOST:PORT/postgres.
    #[arg(long, env = "FIREBREAK_BENCH_POSTGRES")]
    postgres: Option<String>,
    /// Given by `cargo bench`; says nothing here.
    #[arg(long, hide = true)]
    bench: bool,
}

fn main() -> Result<()> {
    let args = Args::parse();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    for size in &args.sizes {
        for engine in &args.engines {
            let Some(place) = Place::new(engine, args.postgres.as_deref())? else {
                eprintln!("left out: {engine} (name a server with --postgres)");
                continue;
            };
            runtime.block_on(bench(&args, &place, *size))?;
        }
    }
    Ok(())
}

/// Where one database lies.
struct Place {
    engine: String,
    folder: tempfile::TempDir,
    url: String,
}

impl Place {
    fn new(engine: &str, postgres: Option<&str>) -> Result<Option<Place>> {
        let folder = tempfile::tempdir()?;
        let url = match (engine, postgres) {
            ("sqlite", _) => format!("sqlite://{}", folder.path().join("firebreak.db").display()),
            ("postgres", Some(server)) => load::new_database(server)?,
            _ => return Ok(None),
        };
        Ok(Some(Place { engine: engine.to_owned(), folder, url }))
    }
}

async fn bench(args: &Args, place: &Place, size: i64) -> Result<()> {
    let town = load::settle(&place.url, place.folder.path(), size).await?;
    let limit = limit::measure(&place.engine, args.postgres.as_deref(), size).await?;
    let server = Server::start(place.folder.path(), &place.url).await?;
    for batch in &args.batches {
        for clients in &args.clients {
            let work = client::Work {
                batch: *batch,
                clients: *clients,
                duration: Duration::from_secs(args.seconds),
                pace: args.pace,
            };
            let (begun, busy) = (Instant::now(), server.busy());
            let run = client::run(&server.address, &town, work).await?;
            let line = report::Line {
                bench: if args.pace.is_some() { "round-paced" } else { "round" },
                engine: &place.engine,
                size,
                clients: *clients,
                batch: *batch,
                limit_per_second: limit,
                rss_mb: server.resident_mb(),
                cores: (server.busy() - busy).as_secs_f64() / begun.elapsed().as_secs_f64(),
            };
            line.print(&run.checks, run.per_second);
            let line =
                report::Line { bench: "round-reads", clients: 1, batch: 1, limit_per_second: 0.0, ..line };
            line.print(&run.reads, run.reads_per_second);
        }
    }
    Ok(())
}
