//! The line that each bench prints.

use serde_json::json;

/// What a line tells beside its figures.
#[derive(Clone, Copy)]
pub struct Line<'a> {
    pub bench: &'a str,
    pub engine: &'a str,
    pub size: i64,
    pub clients: usize,
    pub batch: usize,
    pub limit_per_second: f64,
    pub rss_mb: f64,
    /// Cores that the server kept busy; the engine's own processes are not in it.
    pub cores: f64,
}

impl Line<'_> {
    /// Prints the line; `latencies` are in microseconds, one for each answer.
    pub fn print(&self, latencies: &[u32], per_second: f64) {
        let ratio = (self.limit_per_second > 0.0).then(|| round(per_second / self.limit_per_second, 3));
        let line = json!({
            "bench": self.bench,
            "engine": self.engine,
            "size": self.size,
            "clients": self.clients,
            "batch": self.batch,
            "per_second": per_second.round(),
            "p50_ms": percentile(latencies, 50),
            "p99_ms": percentile(latencies, 99),
            "limit_per_second": self.limit_per_second.round(),
            "ratio": ratio,
            "rss_mb": self.rss_mb.round(),
            "cores": round(self.cores, 2),
        });
        println!("{line}");
    }
}

fn percentile(latencies: &[u32], percent: usize) -> f64 {
    let mut sorted = latencies.to_vec();
    sorted.sort_unstable();
    let place = (sorted.len() * percent / 100).min(sorted.len().saturating_sub(1));
    round(f64::from(sorted.get(place).copied().unwrap_or_default()) / 1_000.0, 2)
}

fn round(value: f64, places: i32) -> f64 {
    let scale = 10_f64.powi(places);
    (value * scale).round() / scale
}
