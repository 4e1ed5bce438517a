//! What uploaded lists come to, reckoned once and kept in memory while people look at them page by
//! page. What is confirmed is reckoned anew, against the register as it is then.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use uuid::Uuid;

use super::import::{Plan, Sheet};

/// Lists that are kept; a list of 40,000 rows takes some 40 MB.
const MOST: usize = 4;

/// A list and what it comes to.
pub struct Looked {
    pub sheet: Sheet,
    pub plan: Plan,
}

/// The lists that were looked at last.
#[derive(Clone, Default)]
pub struct Plans(Arc<Mutex<Kept>>);

/// The last one first.
type Kept = VecDeque<(Uuid, Arc<Looked>)>;

impl Plans {
    pub fn get(&self, upload: Uuid) -> Option<Arc<Looked>> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.iter().find(|(id, _)| *id == upload).map(|(_, looked)| looked.clone())
    }

    /// Keeps a list in place of what it came to before.
    pub fn keep(&self, upload: Uuid, looked: Arc<Looked>) {
        self.drop(upload);
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.push_front((upload, looked));
        kept.truncate(MOST);
    }

    pub fn drop(&self, upload: Uuid) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.retain(|(id, _)| *id != upload);
    }
}
