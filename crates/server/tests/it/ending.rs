//! The program ends when it is asked to, also while somebody watches a live page.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use db::TestDb;

use super::load::{self, Contact};
use super::program::{Program, ask};

/// What five seconds may take on a busy machine.
const FIVE_SECONDS: Duration = Duration::from_millis(6_500);

/// Opens a stream of events that stays open, once it has begun to answer.
fn watch(address: SocketAddr, contact: &Contact) -> TcpStream {
    let mut stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
    let secret = contact.secret.reveal();
    let head = format!("GET /findings/live HTTP/1.1\r\nhost: test\r\nauthorization: Bearer {secret}\r\n\r\n");
    stream.write_all(head.as_bytes()).unwrap();
    let mut begun = [0; 15];
    stream.read_exact(&mut begun).unwrap();
    assert_eq!(&begun, b"HTTP/1.1 200 OK");
    stream
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn asked_to_end_it_ends_well_within_five_seconds_with_a_live_page_open() {
    let test = TestDb::sqlite().await;
    let folder = tempfile::tempdir().unwrap();
    let towns = load::settle(&test.url, folder.path(), 40).await.unwrap();
    for watched in [true, false] {
        let mut program = Program::serve(folder.path(), &test.url);
        // It takes the port before it opens its database: asked any earlier it ends at once, by the
        // signal itself.
        let (status, _) = ask(program.address, "GET /healthz HTTP/1.1", b"").unwrap();
        assert_eq!(status, 200);
        let open = watched.then(|| watch(program.address, &towns.contacts[0]));
        let (code, took) = program.terminate();
        assert_eq!(code, Some(0), "watched: {watched}");
        assert!(took < FIVE_SECONDS, "it took {took:?}, watched: {watched}");
        drop(open);
    }
}
