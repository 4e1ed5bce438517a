//! The households behind the figures of a day as of a moment, each in the state it was in then.

use std::collections::BTreeMap;

use db::Snapshot;

use super::AsOf;
use crate::access::Scope;
use crate::rounds::standing::{State, Which};
use crate::rounds::store::{self, HouseholdRow, Listing};
use crate::tally::Deltas;

impl AsOf<'_> {
    /// One page of the households due, as [`store::households`] lists them, with their states of
    /// the moment. Looks through all that follow the page before, since no index knows those.
    pub async fn households(
        &self,
        tx: &mut Snapshot,
        scope: &Scope,
        listing: Listing,
        after: Option<(i64, &str, i64)>,
        limit: i64,
    ) -> db::Result<Vec<HouseholdRow>> {
        let earlier = self.states(tx).await?;
        let all = Listing { which: Which::Due, ..listing };
        let mut rows = store::households(tx, scope, all, after, i64::MAX).await?;
        for row in &mut rows {
            if let Some(state) = earlier.get(&row.household) {
                row.state = state.key().to_owned();
            }
        }
        rows.retain(|row| listing.which.lists(row.state()));
        rows.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
        Ok(rows)
    }

    /// The states of those households for which something happened later.
    async fn states(&self, tx: &mut Snapshot) -> db::Result<BTreeMap<i64, State>> {
        let earlier = self.earlier(tx, &mut Deltas::default()).await?;
        let state = |standing: Option<super::Standing>| standing.map_or(State::Silent, |s| s.state);
        Ok(earlier.into_iter().map(|(household, then)| (household, state(then.standing))).collect())
    }
}
