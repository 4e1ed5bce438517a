//! The built program, in a process of its own: what happens when it is ended hard, or asked for
//! what it cannot do.

#![allow(clippy::unwrap_used)]

#[path = "../../benches/round/load.rs"]
#[expect(dead_code, reason = "the bench uses more of it")]
mod load;

mod audit;
mod backup;
mod certificate;
mod ending;
#[cfg(target_os = "linux")]
mod hostile;
mod kill;
mod program;
mod reading;
mod refusals;
mod vault;
