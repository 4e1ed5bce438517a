//! Starting and asking the program.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::time::{Duration, Instant};

pub fn firebreak() -> Command {
    Command::new(env!("CARGO_BIN_EXE_firebreak"))
}

/// What the program said when it ended by itself, which it has to do within a minute.
pub fn ended(command: &mut Command) -> (i32, String) {
    let piped = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = piped.spawn().unwrap();
    let (pid, (told, over)) = (child.id(), mpsc::channel::<()>());
    std::thread::scope(|scope| {
        scope.spawn(move || {
            if over.recv_timeout(Duration::from_mins(1)) == Err(mpsc::RecvTimeoutError::Timeout) {
                eprintln!("the program did not end; what its threads wait for:\n{}", threads(pid));
                // Its pipes close, and the test fails by what it said.
                let _ = Command::new("kill").args(["-KILL", &pid.to_string()]).status();
            }
        });
        let out = child.stdout.take();
        scope.spawn(move || out.map(|mut out| std::io::copy(&mut out, &mut std::io::sink())));
        let mut said = Vec::new();
        child.stderr.take().unwrap().read_to_end(&mut said).unwrap();
        let status = child.wait().unwrap();
        drop(told);
        (status.code().unwrap_or(-1), String::from_utf8_lossy(&said).into_owned())
    })
}

/// The threads of a process and the call of the system that each is in.
fn threads(pid: u32) -> String {
    let Ok(tasks) = std::fs::read_dir(format!("/proc/{pid}/task")) else { return String::new() };
    let about = |task: std::fs::DirEntry| {
        let read = |name| std::fs::read_to_string(task.path().join(name)).unwrap_or_default();
        ["comm", "wchan", "syscall"].map(|name| read(name).trim().to_owned()).join(" ")
    };
    tasks.flatten().map(|task| about(task) + "\n").collect()
}

/// A serving program; ended hard when dropped.
pub struct Program {
    pub address: SocketAddr,
    child: Child,
}

impl Program {
    pub fn serve(folder: &Path, url: &str) -> Program {
        let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let child = firebreak()
            .args(["serve", "--listen", &address.to_string(), "--database-url", url, "--data"])
            .arg(folder)
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        let until = Instant::now() + Duration::from_secs(20);
        while TcpStream::connect(address).is_err() {
            assert!(Instant::now() < until, "the program does not answer");
            std::thread::sleep(Duration::from_millis(20));
        }
        Program { address, child }
    }

    /// The most memory that it has held, in MiB.
    #[cfg(target_os = "linux")]
    pub fn peak_mb(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
        line.trim().trim_end_matches(" kB").parse::<u64>().unwrap() / 1_024
    }

    /// SIGKILL: no chance to tidy up.
    pub fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// SIGTERM, as service managers send it: how the program ended and how long it took; nothing
    /// where it did not end in half a minute.
    pub fn terminate(&mut self) -> (Option<i32>, Duration) {
        let asked = Instant::now();
        let pid = self.child.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &pid]).status().unwrap().success());
        while asked.elapsed() < Duration::from_secs(30) {
            if let Some(status) = self.child.try_wait().unwrap() {
                return (status.code(), asked.elapsed());
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        (None, asked.elapsed())
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // It may have been ended by the test.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// One request over a connection of its own: status and body; nothing where the program went away.
pub fn ask(address: SocketAddr, head: &str, body: &[u8]) -> Option<(u16, String)> {
    let mut stream = TcpStream::connect(address).ok()?;
    // As long as the program itself gives a request.
    stream.set_read_timeout(Some(Duration::from_mins(1))).ok()?;
    let head = format!("{head}\r\nhost: test\r\nconnection: close\r\ncontent-length: {}\r\n\r\n", body.len());
    stream.write_all(head.as_bytes()).ok()?;
    // A program that refuses a large body hangs up before all of it is sent.
    let _ = stream.write_all(body);
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer);
    let answer = String::from_utf8_lossy(&answer).into_owned();
    let status = answer.get(9..12)?.parse().ok()?;
    Some((status, answer.split_once("\r\n\r\n")?.1.to_owned()))
}
