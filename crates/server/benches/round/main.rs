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

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use clap::Parser;

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

/// The program under test, in a process of its own.
struct Server {
    child: Child,
    address: String,
}

impl Server {
    async fn start(folder: &Path, url: &str) -> Result<Server> {
        let port = std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let address = format!("127.0.0.1:{port}");
        let program = PathBuf::from(env!("CARGO_BIN_EXE_firebreak"));
        let child = Command::new(program)
            .args(["serve", "--listen", &address, "--database-url", url, "--data"])
            .arg(folder)
            .stdout(Stdio::null())
            .spawn()
            .context("the server starts")?;
        let server = Server { child, address };
        for _ in 0..200 {
            if tokio::net::TcpStream::connect(&server.address).await.is_ok() {
                return Ok(server);
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        anyhow::bail!("the server did not answer within 10 s")
    }

    /// Time that the server's threads have been running, where the system tells it: in hundredths of a
    /// second, the 14th and 15th word of its line, counted behind the program's name.
    fn busy(&self) -> Duration {
        let line = std::fs::read_to_string(format!("/proc/{}/stat", self.child.id())).unwrap_or_default();
        let words = line.rsplit_once(") ").map(|(_, rest)| rest.split(' ').skip(11).take(2));
        let ticks = words.into_iter().flatten().filter_map(|word| word.parse::<u64>().ok()).sum::<u64>();
        Duration::from_millis(ticks * 10)
    }

    /// Resident memory in MiB, where the system tells it.
    fn resident_mb(&self) -> f64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap_or_default();
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        let kib = line.and_then(|line| line.split_whitespace().next()?.parse::<f64>().ok());
        kib.unwrap_or_default() / 1024.0
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended by itself; then there is nothing to end.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
