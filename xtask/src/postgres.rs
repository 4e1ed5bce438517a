//! A PostgreSQL of our own for the tests, in a temporary folder and on a free loopback port, gone afterwards.
//!
//! A small watchdog process in its own process group holds the reading end of a pipe. However we end
//! (done, failed, interrupted, killed), the pipe closes and the watchdog stops the server and removes its folder.

use crate::shell;
use anyhow::{Context, Result, bail};
use std::net::TcpListener;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

/// The oldest major version that the migrations are written for.
pub const OLDEST: u32 = 15;

/// Another program may take the free port between our look and the server's start: then we look again.
const STARTS: usize = 3;

/// The folder with `initdb` and `pg_ctl` of the newest PostgreSQL on this machine that is new enough.
pub fn binaries() -> Option<PathBuf> {
    let debian = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let on_path = shell::find("initdb").and_then(|initdb| Some(initdb.parent()?.to_path_buf()));
    debian
        .map(|version| version.path().join("bin"))
        .chain(on_path)
        .filter(|folder| ["initdb", "pg_ctl", "postgres"].iter().all(|name| folder.join(name).is_file()))
        .filter_map(|folder| Some((major(&folder)?, folder)))
        .filter(|(version, _)| *version >= OLDEST)
        .max()
        .map(|(_, folder)| folder)
}

fn major(folder: &Path) -> Option<u32> {
    let said = shell::output(Command::new(folder.join("postgres")).arg("--version")).ok()?;
    major_in(&said)
}

/// The major version in a line such as `postgres (PostgreSQL) 15.13 (Debian 15.13-0+deb12u1)`.
fn major_in(said: &str) -> Option<u32> {
    let number = said.split_whitespace().find(|word| word.starts_with(|c: char| c.is_ascii_digit()))?;
    number.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
}

/// A running server; dropping it stops it and removes its folder.
pub struct Postgres {
    url: String,
    watchdog: Child,
}

/// Whether what is committed survives the machine's loss of power.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Durability {
    /// For tests: they end our own process in hard ways, never the database's machine.
    None,
    /// For benches: a commit is on disk, as in real use.
    Full,
}

impl Postgres {
    /// Makes a cluster and starts it.
    pub fn start(bin: &Path, durability: Durability) -> Result<Self> {
        let home = tempfile::Builder::new().prefix("firebreak-postgres-").tempdir()?.keep();
        let watchdog = watch(bin, &home)?;
        let mut server = Self { url: String::new(), watchdog };
        if shell::is_root() {
            shell::output(Command::new("chown").arg("postgres").arg(&home))
                .context("PostgreSQL refuses to run as root and needs the system user `postgres`")?;
        }
        create(bin, &home)?;
        let port = (0..STARTS).find_map(|_| open(bin, &home, durability));
        let Some(port) = port else {
            let log = std::fs::read_to_string(home.join("log")).unwrap_or_default();
            bail!("PostgreSQL did not start; its log says:\n{log}");
        };
        server.url = format!("postgres://postgres@127.0.0.1:{port}/postgres");
        Ok(server)
    }

    /// Where the server listens, with the superuser `postgres` and no password.
    pub fn url(&self) -> &str {
        &self.url
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        drop(self.watchdog.stdin.take());
        if let Err(error) = self.watchdog.wait() {
            eprintln!("PostgreSQL's watchdog was lost ({error}); look for a `postgres` still running");
        }
    }
}

/// As the user that PostgreSQL accepts: ourselves, or `postgres` when we are root.
fn as_owner(program: &Path, home: &Path) -> Command {
    let mut command = if shell::is_root() {
        let mut command = Command::new("runuser");
        command.args(["-u", "postgres", "--"]).arg(program);
        command
    } else {
        Command::new(program)
    };
    command.current_dir(home);
    command
}

fn create(bin: &Path, home: &Path) -> Result<()> {
    let mut initdb = as_owner(&bin.join("initdb"), home);
    initdb.arg("-D").arg(home.join("data")).args(["-U", "postgres", "--auth=trust", "--no-sync"]);
    initdb.args(["--encoding=UTF8", "--locale=C.UTF-8"]);
    shell::output(&mut initdb).map(drop)
}

/// Starts the server on a free port; the port once it answers.
fn open(bin: &Path, home: &Path, durability: Durability) -> Option<u16> {
    let port = TcpListener::bind(("127.0.0.1", 0)).ok()?.local_addr().ok()?.port();
    let durable = if durability == Durability::Full { "on" } else { "off" };
    let settings = format!(
        "-c listen_addresses=127.0.0.1 -c port={port} -c unix_socket_directories={} -c max_connections=300 \
         -c fsync={durable} -c full_page_writes={durable} -c shared_buffers=512MB -c max_wal_size=4GB",
        home.display()
    );
    let mut start = as_owner(&bin.join("pg_ctl"), home);
    start.arg("-D").arg(home.join("data")).arg("-l").arg(home.join("log"));
    start.args(["-w", "-t", "60", "-o", &settings, "start"]);
    start.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    start.status().is_ok_and(|status| status.success()).then_some(port)
}

fn watch(bin: &Path, home: &Path) -> Result<Child> {
    let stop = "read -r _; \
        if [ -f \"$2/data/postmaster.pid\" ]; then $3 \"$1/pg_ctl\" -D \"$2/data\" -m immediate -w stop; fi; \
        rm -rf \"$2\"";
    let owner = if shell::is_root() { "runuser -u postgres --" } else { "" };
    let mut command = Command::new("sh");
    command.args(["-c", stop, "sh"]).arg(bin).arg(home).arg(owner).current_dir("/");
    command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null()).process_group(0);
    command.spawn().context("cannot start PostgreSQL's watchdog")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_version_is_read_from_what_the_server_says() {
        assert_eq!(major_in("postgres (PostgreSQL) 15.13 (Debian 15.13-0+deb12u1)"), Some(15));
        assert_eq!(major_in("postgres (PostgreSQL) 18beta1"), Some(18));
        assert_eq!(major_in("postgres"), None);
    }

    #[test]
    fn a_server_answers_while_it_is_held_and_leaves_nothing_behind() {
        let Some(bin) = binaries() else {
            eprintln!("left out: no PostgreSQL {OLDEST} or newer on this machine");
            return;
        };
        let server = Postgres::start(&bin, Durability::None).unwrap();
        let address = server.url().split(['@', '/']).nth(3).unwrap().to_owned();
        assert!(std::net::TcpStream::connect(&address).is_ok(), "{address} does not answer");
        drop(server);
        assert!(std::net::TcpStream::connect(&address).is_err(), "{address} still answers");
    }
}
