//! Live pages: after a commit, whoever watches a division that changed is told so, and fetches
//! what it may see. The message itself holds no data.

use std::convert::Infallible;
use std::time::Duration;

use axum::response::sse::{Event, KeepAlive, Sse};
use base::{Division, Range};
use futures_util::Stream;
use tokio::sync::broadcast;
use tokio_stream::StreamExt as _;
use tokio_stream::wrappers::BroadcastStream;

/// Some rows of these divisions changed.
#[derive(Clone, Debug)]
pub struct Changed(pub Vec<Division>);

/// Tells watchers that something changed.
#[derive(Clone, Debug)]
pub struct Live(broadcast::Sender<Changed>);

/// Changes that a slow watcher may fall behind before it is told only that it missed some.
const BEHIND: usize = 256;
/// A watcher is told at most this often: a burst of checks is one change to look at.
const PACE: Duration = Duration::from_millis(400);

impl Default for Live {
    fn default() -> Live {
        Live(broadcast::channel(BEHIND).0)
    }
}

impl Live {
    pub fn tell(&self, changed: Changed) {
        // Nobody watching is no error.
        let _ = self.0.send(changed);
    }

    /// An event stream that says `changed` whenever something in one of the ranges did.
    pub fn watch(&self, ranges: Vec<Range>) -> Sse<impl Stream<Item = Result<Event, Infallible>> + use<>> {
        let mine = move |changed: &Changed| {
            changed.0.iter().any(|division| ranges.iter().any(|range| range.contains(*division)))
        };
        let changes = BroadcastStream::new(self.0.subscribe())
            .filter(move |change| change.as_ref().map_or(true, &mine))
            .chunks_timeout(BEHIND, PACE)
            // Browsers drop an event without data.
            .map(|_| Ok(Event::default().event("changed").data("look")));
        Sse::new(changes).keep_alive(KeepAlive::new().interval(Duration::from_secs(20)))
    }
}
