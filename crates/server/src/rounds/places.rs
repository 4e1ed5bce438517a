//! Names of places, looked up once for a whole list.

use std::collections::BTreeMap;

use base::{Day, Division};
use db::Snapshot;

use super::store::place_name;

/// The names found so far: village and team area, as they were called on a day.
#[derive(Default)]
pub struct Places(BTreeMap<(Division, Day), String>);

impl Places {
    pub async fn name(&mut self, tx: &mut Snapshot, division: Division, day: Day) -> db::Result<String> {
        if let Some(name) = self.0.get(&(division, day)) {
            return Ok(name.clone());
        }
        let name = place_name(tx, division, day).await?;
        self.0.insert((division, day), name.clone());
        Ok(name)
    }
}
