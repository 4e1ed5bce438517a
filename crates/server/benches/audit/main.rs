//! What the audit trail costs the round: its share of a batch of checks, in the batch's own
//! transaction, and what linking an entry costs afterwards, in the background. Batch and share are
//! taken by turns in one process on one database, so that a busy machine slows both.
//!
//! One JSON object per line. `cargo xtask bench audit` starts it with a PostgreSQL of its own.

#[path = "../round/load.rs"]
#[expect(dead_code, reason = "the round's bench uses more of it")]
mod load;

use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use base::Clock;
use clap::Parser;
use db::Db;
use firebreak::access::{Action, Person};
use firebreak::app::App;
use firebreak::audit::{self, Entry, Since};
use firebreak::playbook::{BUILT_IN, Playbook};
use firebreak::rounds::{Check, Outcome, Source, Wanted};
use firebreak::site::Settings;
use firebreak::vault::{self, Vault};
use serde_json::json;

/// Rows of a batch of the writer.
const ROWS: usize = 700;
const HOUSEHOLDS: i64 = 40_000;

#[derive(Debug, Parser)]
struct Args {
    /// Batches of each measurement.
    #[arg(long, default_value_t = 40)]
    rounds: usize,
    /// Checks in one post: each post is one entry.
    #[arg(long, value_delimiter = ',', default_value = "1,20")]
    posts: Vec<usize>,
    /// A PostgreSQL server, as postgres://USER@HOST:PORT/postgres.
    #[arg(long, env = "FIREBREAK_BENCH_POSTGRES")]
    postgres: Option<String>,
    /// Given by `cargo bench`; says nothing here.
    #[arg(long, hide = true)]
    bench: bool,
}

fn main() -> Result<()> {
    let args = Args::parse();
    let folder = tempfile::tempdir()?;
    let mut places = vec![format!("sqlite://{}", folder.path().join("firebreak.db").display())];
    if let Some(server) = &args.postgres {
        places.push(load::new_database(server)?);
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    places.iter().try_for_each(|url| runtime.block_on(bench(&args, url, folder.path())))
}

async fn bench(args: &Args, url: &str, folder: &std::path::Path) -> Result<()> {
    let towns = load::settle(url, folder, HOUSEHOLDS).await?;
    let db = Db::open(url).await?;
    let vault = Vault::unlock(vault::Source::file(folder), &db).await?;
    let app = App::new(db, Clock::System, Playbook::parse(BUILT_IN)?, vault, Settings::default())?;
    let mut households = (0..).flat_map(|_| 0..towns.contacts.len() * ROWS);
    for post in &args.posts {
        let (mut batches, mut shares, mut linked) = (Duration::ZERO, Duration::ZERO, Duration::ZERO);
        let mut entries = 0;
        for _ in 0..args.rounds {
            batches += batch(&app, &towns, *post, &mut households).await?;
            shares += share(&app, &towns, ROWS / post).await?;
            let begun = Instant::now();
            entries += audit::link(&app.site, Since::Ever).await?;
            linked += begun.elapsed();
        }
        let rounds = u32::try_from(args.rounds)?;
        println!(
            "{}",
            json!({
                "bench": "audit", "engine": app.site.db.engine(), "checks_per_post": post,
                "batch_ms": millis(batches / rounds), "audit_ms": millis(shares / rounds),
                "share": (shares.as_secs_f64() / batches.as_secs_f64() * 1_000.0).round() / 1_000.0,
                "link_us_per_entry": (linked.as_secs_f64() * 1e7 / f64::from(u32::try_from(entries)?)).round() / 10.0,
            })
        );
    }
    app.site.db.close().await;
    Ok(())
}

fn millis(time: Duration) -> f64 {
    (time.as_secs_f64() * 100_000.0).round() / 100.0
}

async fn person(app: &App, towns: &load::Towns, contact: usize) -> Result<Arc<Person>> {
    let secret = &towns.contacts[contact % towns.contacts.len()].secret;
    let found = app.site.people.find(&app.site.db, app.site.clock.now(), towns.today, secret, true).await?;
    found.context("the contact is signed in")
}

/// So many posts at once, as the writer takes them into one batch: from the first post to the last
/// answer.
async fn batch(
    app: &App,
    towns: &load::Towns,
    post: usize,
    households: &mut impl Iterator<Item = usize>,
) -> Result<Duration> {
    let mut wanted = Vec::new();
    for _ in 0..ROWS / post {
        let first = households.by_ref().next().context("a contact")?;
        let contact = &towns.contacts[first % towns.contacts.len()];
        let person = person(app, towns, first).await?;
        let check = |n: usize| -> Result<Check> {
            Ok(Check {
                id: app.site.clock.new_id(),
                town: contact.town,
                household: contact.first + i64::try_from((n + first) % 30)?,
                outcome: Outcome::Well,
                happened_at: app.site.clock.now(),
                source: Source::App,
                checked_by: None,
                corrects: None,
                reason: None,
                answers: None,
            })
        };
        wanted.push(Wanted {
            account: person.account,
            capacity: person.capacity.clone(),
            address: "192.0.2.1".to_owned(),
            scope: person.may(Action::EnterChecks).context("a contact may")?,
            for_others: None,
            checks: (0..post).map(check).collect::<Result<_>>()?,
            refused: 0,
        });
    }
    let begun = Instant::now();
    let entered = futures_util::future::join_all(wanted.into_iter().map(|job| app.rounds.enter(job))).await;
    let took = begun.elapsed();
    entered.into_iter().collect::<Result<Vec<_>, _>>()?;
    Ok(took)
}

/// The entries of such a batch alone, in a transaction that is undone.
async fn share(app: &App, towns: &load::Towns, entries: usize) -> Result<Duration> {
    let person = person(app, towns, 0).await?;
    let (clock, object) = (&app.site.clock, app.site.clock.new_id().to_string());
    let mut tx = app.site.db.write().await?;
    let begun = Instant::now();
    let entry = || Entry {
        account: Some(person.account),
        roles: &person.capacity.roles,
        division: person.capacity.division,
        address: "192.0.2.1",
        ..Entry::of_program("checks.enter", &object, json!({ "stored": 1, "repeated": 0, "refused": 0 }))
    };
    let all: Vec<_> = (0..entries).map(|_| (clock.new_id(), clock.now(), entry())).collect();
    audit::record_all(&mut tx, &all).await?;
    Ok(begun.elapsed())
}
