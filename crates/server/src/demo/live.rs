//! The live demonstration: the day's contacts go on with their rounds, faster than life, through
//! the real HTTP API, each with a token of his own, so that the screens move. It ends when the last
//! household that has a contact on his way is checked; who was to stay silent stays silent.

use std::collections::{BTreeMap, BTreeSet};
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use axum::body::{Body, to_bytes};
use base::Clock;
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper::{Request, header};
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};
use sim::Town;
use tokio::net::TcpStream;
use tokio::sync::{Mutex, mpsc};

use super::cast::Numbers;
use super::fill::visited;
use super::{store, translate};
use crate::access::{Kind, Secret, start_session};
use crate::site::Site;

/// The connections that are open at once.
const CONNECTIONS: usize = 8;
/// The rest of a day's round is gone through in this time, in checks a second between these.
const SECONDS: usize = 600;
const PACE: (usize, usize) = (4, 40);
/// By this name its tokens are known, and those of an earlier run ended.
const DEVICE: &str = "demo --live";
/// Bytes of an answer to one check.
const ANSWER: usize = 64 * 1024;

/// What came of a live round.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Walked {
    pub stored: usize,
    /// Refused by the API, or repeated: somebody else may have changed the town meanwhile.
    pub refused: usize,
}

/// The checks still to be made today, in the order of the day, with the token of who enters each.
pub struct Walk {
    pace: usize,
    steps: Vec<(Arc<Secret>, sim::Check)>,
}

impl Walk {
    pub fn len(&self) -> usize {
        self.steps.len()
    }

    pub fn is_empty(&self) -> bool {
        self.steps.is_empty()
    }

    /// Checks a second.
    pub fn pace(&self) -> usize {
        self.pace
    }

    /// The same at another pace, at least one check a second.
    pub fn at_pace(self, pace: usize) -> Walk {
        Walk { pace: pace.max(1), ..self }
    }

    /// Finds who is still silent and gives each contact on his way a token.
    pub async fn prepare(site: &Site, town: &Town) -> db::Result<Walk> {
        let numbers = Numbers::of(town);
        let mut tx = site.db.write().await?;
        let visited = visited(&mut tx, town).await?;
        let round = town.round(town.today, &site.playbook.time);
        let mut left: Vec<sim::Check> =
            round.checks().filter(|check| !visited.contains(&check.household)).collect();
        left.sort_by_key(|check| (check.entered_at, check.household));
        store::end_sessions(&mut tx, DEVICE).await?;
        let mut tokens: BTreeMap<u32, Arc<Secret>> = BTreeMap::new();
        let now = site.clock.now();
        for by in left.iter().map(|check| check.entered_by).collect::<BTreeSet<u32>>() {
            let token = start_session(&mut tx, numbers.account(by), Kind::Token, DEVICE, now).await?;
            tokens.insert(by, Arc::new(token));
        }
        tx.commit().await?;
        site.people.forget();
        let pace = left.len().div_ceil(SECONDS).clamp(PACE.0, PACE.1);
        let steps =
            left.into_iter().filter_map(|check| Some((tokens.get(&check.entered_by)?.clone(), check)));
        Ok(Walk { pace, steps: steps.collect() })
    }

    /// Goes through the walk against the program that listens on `address`.
    pub async fn go(self, address: SocketAddr, clock: Clock, town: Arc<Town>) -> Walked {
        let (queue, waiting) = mpsc::channel(CONNECTIONS);
        let waiting = Arc::new(Mutex::new(waiting));
        let numbers = Arc::new(Numbers::of(&town));
        let walkers: Vec<_> = (0..CONNECTIONS)
            .map(|_| {
                let walker = Walker {
                    address,
                    clock: clock.clone(),
                    town: town.clone(),
                    numbers: numbers.clone(),
                    connection: None,
                };
                tokio::spawn(walker.walk(waiting.clone()))
            })
            .collect();
        // Only the walkers hold it: once they have all given up, the next step finds nobody.
        drop(waiting);
        let beat = Duration::from_secs(1) / u32::try_from(self.pace).unwrap_or(1);
        let mut beats = tokio::time::interval(beat);
        for step in self.steps {
            beats.tick().await;
            if queue.send(step).await.is_err() {
                break;
            }
        }
        drop(queue);
        let mut walked = Walked::default();
        for walker in walkers {
            let part = walker.await.unwrap_or_default();
            walked.stored += part.stored;
            walked.refused += part.refused;
        }
        walked
    }
}

type Steps = Arc<Mutex<mpsc::Receiver<(Arc<Secret>, sim::Check)>>>;

/// One connection, used by whichever contact is next.
struct Walker {
    address: SocketAddr,
    clock: Clock,
    town: Arc<Town>,
    numbers: Arc<Numbers>,
    connection: Option<SendRequest<Body>>,
}

impl Walker {
    /// Sends whatever is next, until nothing is left or nobody listens any more.
    async fn walk(mut self, steps: Steps) -> Walked {
        let mut walked = Walked::default();
        loop {
            let next = steps.lock().await.recv().await;
            let Some((token, check)) = next else { return walked };
            if let Err(error) = self.connect().await {
                tracing::info!(%error, "the live contacts end their round");
                return walked;
            }
            match self.send(&token, &check).await {
                Ok(true) => walked.stored += 1,
                Ok(false) => walked.refused += 1,
                Err(error) => {
                    tracing::info!(%error, "a live check was not sent");
                    self.connection = None;
                    walked.refused += 1;
                }
            }
        }
    }

    /// Posts one check, as it happens now; whether it was stored.
    async fn send(&mut self, token: &Secret, made: &sim::Check) -> anyhow::Result<bool> {
        let (id, now) = (self.clock.new_id(), self.clock.now());
        let check = translate::check(&self.town, &self.numbers, made, id, now);
        let request = Request::post("/api/v1/checks")
            .header(header::HOST, self.address.to_string())
            .header(header::AUTHORIZATION, format!("Bearer {}", token.reveal()))
            .header(header::CONTENT_TYPE, "application/json")
            .body(Body::from(json!({ "checks": [check] }).to_string()))?;
        let open = self.connection.as_mut().context("no connection")?;
        open.ready().await?;
        let response = open.send_request(request).await?;
        let answer = to_bytes(Body::new(response.into_body()), ANSWER).await?;
        let answer: Value = serde_json::from_slice(&answer)?;
        Ok(answer["results"][0]["result"] == "stored")
    }

    /// Opens the connection, where it is not open.
    async fn connect(&mut self) -> anyhow::Result<()> {
        if self.connection.as_ref().is_none_or(SendRequest::is_closed) {
            let stream = TcpStream::connect(self.address).await.context("cannot reach the program")?;
            let (open, driven) = handshake(TokioIo::new(stream)).await?;
            tokio::spawn(driven);
            self.connection = Some(open);
        }
        Ok(())
    }
}
