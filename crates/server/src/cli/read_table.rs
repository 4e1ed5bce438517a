//! `firebreak read-table`: reads an .xls or .ods file for another process of this program, within
//! bounded memory.

use std::io::{Read as _, stdin, stdout};

use office::Limits;

/// Bytes of memory: a list of 40,000 people takes a quarter of it.
#[cfg(unix)]
const MEMORY: u64 = 512 << 20;

pub fn run() -> anyhow::Result<()> {
    bound_memory()?;
    let mut file = Vec::new();
    stdin().take(Limits::default().file_bytes.saturating_add(1)).read_to_end(&mut file)?;
    Ok(office::send(&file, stdout().lock())?)
}

#[cfg(unix)]
fn bound_memory() -> anyhow::Result<()> {
    use rustix::process::{Resource, Rlimit, setrlimit};
    let limit = Rlimit { current: Some(MEMORY), maximum: Some(MEMORY) };
    Ok(setrlimit(Resource::As, limit)?)
}

#[cfg(not(unix))]
fn bound_memory() -> anyhow::Result<()> {
    Ok(())
}
