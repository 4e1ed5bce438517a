//! The load: plain HTTP/1.1 over kept-alive connections, as little work as possible of our own.

use std::fmt::Write as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use base::{Clock, Moment};
use firebreak::access::Secret;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::load::{Contact, DAYS, LOAD, Towns};

#[derive(Clone, Copy)]
pub struct Work {
    pub batch: usize,
    pub clients: usize,
    pub duration: Duration,
    /// Checks per second at which posts are due, whatever becomes of those before; none: every
    /// connection sends its next post when the last is answered.
    pub pace: Option<u32>,
}

/// What a measurement gave; latencies in microseconds.
pub struct Run {
    pub checks: Vec<u32>,
    pub per_second: f64,
    pub reads: Vec<u32>,
    pub reads_per_second: f64,
}

/// Sends checks on all connections at once, while one more reads pages.
pub async fn run(address: &str, towns: &Towns, work: Work) -> Result<Run> {
    let stop = Arc::new(AtomicBool::new(false));
    let posts = Posts::new(towns, work);
    let begun = Instant::now();
    let until = begun + work.duration;
    let mut tasks = Vec::new();
    for _ in 0..work.clients {
        tasks.push(tokio::spawn(send(address.to_owned(), posts.clone(), begun, until)));
    }
    let page = format!("/round/{}/{}", towns.town, towns.today);
    let reader = tokio::spawn(read(address.to_owned(), towns.reader.clone(), page, stop.clone()));
    let mut checks = Vec::new();
    for task in tasks {
        checks.append(&mut task.await??);
    }
    let seconds = begun.elapsed().as_secs_f64();
    stop.store(true, Ordering::Relaxed);
    let reads = reader.await??;
    let per_second = |count: usize| f64::from(u32::try_from(count).unwrap_or(u32::MAX)) / seconds;
    Ok(Run {
        per_second: per_second(checks.len() * work.batch),
        reads_per_second: per_second(reads.len()),
        checks,
        reads,
    })
}

/// Which contact sends which of his households next: all contacts in turn, scattered, each day
/// before the next.
#[derive(Clone)]
struct Posts {
    contacts: Arc<Vec<(Secret, i64, i64, i64)>>,
    next: Arc<AtomicUsize>,
    batch: usize,
    now: Moment,
    /// How long after the post before each is due.
    gap: Option<Duration>,
}

/// Posts of all measurements so far, so that a later one does not repeat an earlier one's days.
static SENT: AtomicUsize = AtomicUsize::new(0);

impl Posts {
    fn new(towns: &Towns, work: Work) -> Posts {
        let of = |c: &Contact| (c.secret.clone(), c.town, c.first, c.resident);
        Posts {
            contacts: Arc::new(towns.contacts.iter().map(of).collect()),
            next: Arc::new(AtomicUsize::new(0)),
            batch: work.batch,
            now: towns.now,
            gap: work.pace.map(|pace| Duration::from_secs(1) * u32::try_from(work.batch).unwrap_or(1) / pace),
        }
    }

    /// Writes the next post; gives its number and who sends it.
    fn next(&self, body: &mut String) -> (usize, Secret) {
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        let households = SENT.fetch_add(self.batch, Ordering::Relaxed);
        let all = self.contacts.len();
        // A stride that has no factor in common with the number of contacts scatters the posts.
        let place = number.wrapping_mul(7_919) % all;
        let (secret, town, first, resident) = &self.contacts[place];
        let load = usize::try_from(LOAD).unwrap_or(1);
        let day = i64::try_from(households / (all * load)).unwrap_or(0) % DAYS;
        let at = self.now.plus_minutes(-day * 24 * 60);
        body.clear();
        body.push_str("{\"checks\":[");
        for k in 0..self.batch {
            let offset = (number / all * self.batch + k) % load;
            let household = first + i64::try_from(offset).unwrap_or(0);
            let id = Clock::System.new_id();
            let comma = if k == 0 { "" } else { "," };
            let _ = write!(
                body,
                "{comma}{{\"id\":\"{id}\",\"town\":{town},\"household\":{household},\"happened_at\":{}",
                at.0
            );
            if offset == 0 {
                let _ = write!(
                    body,
                    ",\"outcome\":\"detailed\",\"answers\":{{\"residents\":[{{\"resident\":{resident},\"temperature\":36.5}}]}}}}"
                );
            } else {
                body.push_str(",\"outcome\":\"well\"}");
            }
        }
        body.push_str("]}");
        (number, secret.clone())
    }
}

async fn send(address: String, posts: Posts, start: Instant, until: Instant) -> Result<Vec<u32>> {
    let mut connection = Connection::open(&address).await?;
    let mut latencies = Vec::new();
    let mut body = String::new();
    while Instant::now() < until {
        let (number, secret) = posts.next(&mut body);
        let mut begun = Instant::now();
        if let Some(gap) = posts.gap {
            // A post that has to wait for a connection has waited since it was due.
            begun = start + gap * u32::try_from(number).unwrap_or(u32::MAX);
            tokio::time::sleep_until(begun.into()).await;
        }
        let answer = connection.ask("POST", "/api/v1/checks", &secret, &body).await?;
        latencies.push(u32::try_from(begun.elapsed().as_micros()).unwrap_or(u32::MAX));
        if answer.matches("\"stored\"").count() != posts.batch {
            bail!("not every check was stored: {answer}");
        }
    }
    Ok(latencies)
}

async fn read(address: String, secret: Secret, page: String, stop: Arc<AtomicBool>) -> Result<Vec<u32>> {
    let mut connection = Connection::open(&address).await?;
    let mut latencies = Vec::new();
    while !stop.load(Ordering::Relaxed) {
        let begun = Instant::now();
        connection.ask("GET", &page, &secret, "").await?;
        latencies.push(u32::try_from(begun.elapsed().as_micros()).unwrap_or(u32::MAX));
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    Ok(latencies)
}

pub struct Connection {
    stream: TcpStream,
    read: Vec<u8>,
}

impl Connection {
    pub async fn open(address: &str) -> Result<Connection> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Connection { stream, read: vec![0; 256 * 1024] })
    }

    /// One request; the body of its answer, which must be 200 with a known length.
    pub async fn ask(&mut self, method: &str, path: &str, secret: &Secret, body: &str) -> Result<&str> {
        let request = format!(
            "{method} {path} HTTP/1.1\r\nhost: bench\r\nauthorization: Bearer {}\r\n\
             content-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
            secret.reveal(),
            body.len()
        );
        self.stream.write_all(request.as_bytes()).await?;
        let mut filled = 0;
        loop {
            let read = self.stream.read(&mut self.read[filled..]).await?;
            if read == 0 {
                bail!("the server hung up");
            }
            filled += read;
            let Some(end) = self.read[..filled].windows(4).position(|bytes| bytes == b"\r\n\r\n") else {
                continue;
            };
            let head = std::str::from_utf8(&self.read[..end])?;
            if !head.starts_with("HTTP/1.1 200") {
                bail!("{}", String::from_utf8_lossy(&self.read[..filled]));
            }
            let lower = head.to_ascii_lowercase();
            let length = lower.lines().find_map(|line| line.strip_prefix("content-length: "));
            let length: usize = length.context("a length")?.trim().parse()?;
            if filled >= end + 4 + length {
                return Ok(std::str::from_utf8(&self.read[end + 4..end + 4 + length])?);
            }
        }
    }
}
