//! What was acknowledged is on disk, also when the program is killed in the middle of a load.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use base::Clock;
use db::{Db, TestDb, on_db};
use firebreak::playbook::{BUILT_IN, Playbook};
use firebreak::rounds;
use uuid::Uuid;

use super::load::{self, Contact, LOAD, Towns};
use super::program::{Program, ask};

const SIZE: i64 = 600;
const PER_POST: i64 = 3;

#[tokio::test(flavor = "multi_thread")]
async fn sqlite_loses_no_acknowledged_check() {
    let test = TestDb::sqlite().await;
    killed(&test.url).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn postgres_loses_no_acknowledged_check() {
    if let Some(test) = TestDb::postgres().await {
        killed(&test.url).await;
    }
}

async fn killed(url: &str) {
    let folder = tempfile::tempdir().unwrap();
    let towns = load::settle(url, folder.path(), SIZE).await.unwrap();
    let mut acknowledged = Vec::new();
    for _ in 0..3 {
        let mut program = Program::serve(folder.path(), url);
        acknowledged.extend(load_until_killed(&mut program, &towns));
    }
    assert!(acknowledged.len() > 100, "only {} checks were sent: nothing is shown", acknowledged.len());
    let db = Db::open(url).await.unwrap();
    let mut tx = db.read().await.unwrap();
    for id in &acknowledged {
        let sql = "SELECT COUNT(*) FROM round_check WHERE town = $1 AND id = $2";
        let town = towns.contacts[0].town;
        let found: i64 =
            on_db!(tx, c => sqlx::query_scalar(sql).bind(town).bind(id).fetch_one(c).await).unwrap();
        assert_eq!(found, 1, "{id} was acknowledged and is lost");
    }
    let playbook = Playbook::parse(BUILT_IN).unwrap();
    let recount = rounds::recount(&mut tx, &playbook, towns.contacts[0].town).await.unwrap();
    assert!(recount.agrees(), "{recount:?}");
}

/// Sends checks from several threads until the program is killed; the ids it acknowledged.
fn load_until_killed(program: &mut Program, towns: &Towns) -> Vec<Uuid> {
    let gone = AtomicBool::new(false);
    let address = program.address;
    std::thread::scope(|scope| {
        let senders: Vec<_> = towns
            .contacts
            .iter()
            .take(6)
            .map(|contact| {
                let gone = &gone;
                scope.spawn(move || {
                    let mut stored = Vec::new();
                    while !gone.load(Ordering::Relaxed) {
                        stored.extend(send(address, contact, towns).unwrap_or_default());
                    }
                    stored
                })
            })
            .collect();
        std::thread::sleep(Duration::from_millis(600));
        program.kill();
        gone.store(true, Ordering::Relaxed);
        senders.into_iter().flat_map(|sender| sender.join().unwrap()).collect()
    })
}

fn send(address: std::net::SocketAddr, contact: &Contact, towns: &Towns) -> Option<Vec<Uuid>> {
    let mut ids = Vec::new();
    let mut checks = Vec::new();
    for k in 0..PER_POST {
        let id = Clock::System.new_id();
        let household = contact.first + (i64::from(id.as_bytes()[15]) + k) % LOAD;
        let (town, at) = (contact.town, towns.now.0);
        checks.push(format!(
            "{{\"id\":\"{id}\",\"town\":{town},\"household\":{household},\"outcome\":\"well\",\"happened_at\":{at}}}"
        ));
        ids.push(id);
    }
    let body = format!("{{\"checks\":[{}]}}", checks.join(","));
    let head = format!(
        "POST /api/v1/checks HTTP/1.1\r\ncontent-type: application/json\r\nauthorization: Bearer {}",
        contact.secret.reveal()
    );
    let (status, answer) = ask(address, &head, body.as_bytes())?;
    // Cut off in the middle, the answer acknowledges nothing that can be read.
    (status == 200 && answer.matches("\"stored\"").count() == ids.len()).then_some(ids)
}
