//! Progress of long work: a bar on a terminal, now and then a line in a pipe.

use std::io::IsTerminal as _;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// How far a piece of work is. Shown on the error stream, so that the output stays for results.
pub struct Progress {
    bar: Option<ProgressBar>,
    of: u64,
    done: u64,
    told: Instant,
}

/// Between two lines in a pipe.
const PACE: Duration = Duration::from_secs(2);

impl Progress {
    /// Work of `of` steps.
    pub fn of(of: u64) -> Progress {
        let bar = std::io::stderr().is_terminal().then(|| {
            let style = ProgressStyle::with_template("{msg} {wide_bar} {human_pos} / {human_len}");
            let bar = ProgressBar::with_draw_target(Some(of), ProgressDrawTarget::stderr());
            bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
            bar
        });
        Progress { bar, of, done: 0, told: Instant::now() }
    }

    /// So many steps of `what` are done.
    pub fn at(&mut self, what: &str, done: u64) {
        self.done = done;
        match &self.bar {
            Some(bar) => {
                bar.set_message(what.to_owned());
                bar.set_position(done);
            }
            None if self.told.elapsed() >= PACE => {
                self.told = Instant::now();
                eprintln!("{what} {done} / {}", self.of);
            }
            None => (),
        }
    }

    /// One more step is done: `what`.
    pub fn step(&mut self, what: &str) {
        self.at(what, self.done + 1);
    }

    /// Takes the bar away.
    pub fn end(self) {
        if let Some(bar) = self.bar {
            bar.finish_and_clear();
        }
    }
}
