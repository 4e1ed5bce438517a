//! The program under test, in a process of its own.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use anyhow::{Context as _, Result};

pub struct Server {
    child: Child,
    pub address: String,
}

impl Server {
    pub async fn start(folder: &Path, url: &str) -> Result<Server> {
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
    pub fn busy(&self) -> Duration {
        let line = std::fs::read_to_string(format!("/proc/{}/stat", self.child.id())).unwrap_or_default();
        let words = line.rsplit_once(") ").map(|(_, rest)| rest.split(' ').skip(11).take(2));
        let ticks = words.into_iter().flatten().filter_map(|word| word.parse::<u64>().ok()).sum::<u64>();
        Duration::from_millis(ticks * 10)
    }

    /// Resident memory in MiB, where the system tells it.
    pub fn resident_mb(&self) -> f64 {
        self.status("VmRSS:")
    }

    /// The most that it has been.
    pub fn peak_mb(&self) -> f64 {
        self.status("VmHWM:")
    }

    fn status(&self, word: &str) -> f64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap_or_default();
        let line = status.lines().find_map(|line| line.strip_prefix(word));
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
