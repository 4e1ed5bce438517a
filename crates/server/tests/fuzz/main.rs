//! Sound input with something changed, fed to all targets for some seconds. More by hand:
//! `FIREBREAK_FUZZ_SECONDS=600 FIREBREAK_FUZZ_SEED=7 cargo test -p firebreak --test fuzz`.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "what a test needs and lacks ends it")]

mod seeds;
mod targets;

use std::panic::{catch_unwind, set_hook};
use std::time::{Duration, Instant};

use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};

use seeds::Seed;
use targets::Target;

/// What readers of text and of markup look out for.
const TOKENS: &[&str] = &[
    "\"",
    ",",
    "\n",
    "\r\n",
    "\t",
    "=",
    "'",
    "-",
    ".",
    "/",
    "0",
    "9",
    "X",
    "年",
    "月",
    "日",
    "（",
    "·",
    "\0",
    "\u{feff}",
    "\u{3000}",
    "\u{200b}",
    "＝",
    "户主",
    "姓名",
    "合计",
    "<",
    ">",
    "&amp;",
    "A1",
    "XFD1048576",
    "t=\"s\"",
    "1e309",
    "-1",
    "99999999999999999999",
    "true",
    "[",
    "]",
    "#",
    "{",
];

fn from_env(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}

#[test]
fn no_input_brings_a_reader_down() {
    // The workbook reader's own panics are caught where it is called; they need not be told each.
    set_hook(Box::new(|_| {}));
    let seconds = from_env("FIREBREAK_FUZZ_SECONDS").unwrap_or(9);
    let share = Duration::from_secs(seconds) / u32::try_from(targets::ALL.len()).unwrap();
    let mut rng = StdRng::seed_from_u64(from_env("FIREBREAK_FUZZ_SEED").unwrap_or(1));
    for (name, target) in targets::ALL {
        let seeds = seeds::of(name);
        let (mut runs, until) = (0, Instant::now() + share);
        seeds.iter().for_each(|seed| run(name, target, &seed.whole()));
        while Instant::now() < until {
            run(name, target, &changed(&seeds, &mut rng));
            runs += 1;
        }
        assert!(runs > 20, "{name}: {runs} runs are too few to show anything");
    }
}

fn run(name: &str, target: Target, input: &[u8]) {
    if let Err(panic) = catch_unwind(|| target(input)) {
        let told = panic.downcast_ref::<String>().cloned();
        let told = told.or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned()));
        let file = std::env::temp_dir().join(format!("firebreak-{name}-{}", std::process::id()));
        std::fs::write(&file, input).unwrap();
        panic!("{name}: {} (the input lies in {})", told.unwrap_or_default(), file.display());
    }
}

/// A seed with a few changes, of a workbook in one of its parts.
fn changed(seeds: &[Seed], rng: &mut StdRng) -> Vec<u8> {
    let mut seed = seeds[rng.random_range(0..seeds.len())].clone();
    let other = &seeds[rng.random_range(0..seeds.len())];
    let (place, from) = (rng.random_range(0..seed.parts.len()), rng.random_range(0..other.parts.len()));
    for _ in 0..rng.random_range(1..5) {
        change(&mut seed.parts[place].1, &other.parts[from].1, rng);
    }
    seed.whole()
}

fn change(bytes: &mut Vec<u8>, other: &[u8], rng: &mut StdRng) {
    let at = rng.random_range(0..=bytes.len());
    let end = (at + rng.random_range(0..40)).min(bytes.len());
    match rng.random_range(0..5) {
        0 if at < bytes.len() => bytes[at] ^= 1 << rng.random_range(0..8),
        1 => drop(bytes.drain(at..end)),
        2 => bytes.truncate(at),
        3 => {
            let from = rng.random_range(0..=other.len());
            let to = (from + rng.random_range(0..40)).min(other.len());
            drop(bytes.splice(at..end, other[from..to].iter().copied()));
        }
        _ => {
            let token = TOKENS[rng.random_range(0..TOKENS.len())];
            drop(bytes.splice(at..at, token.bytes()));
        }
    }
}
