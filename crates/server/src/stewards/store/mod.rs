//! The stewards' rows.

mod answer;
mod cover;
mod give;
pub mod load;
mod people;
mod stand_in;
mod street;

use crate::access::holds;
use crate::vault::{Vault, masked_phone};

pub use answer::{holders, of_division, of_divisions, responsible};
pub use cover::house_counts;
pub use give::{Given, give, in_scope};
pub use people::{Filter, StewardRow, candidates, change, list, one, over_limit, sealed_phone};
pub use stand_in::{Absence, add_stand_in, end_stand_in, holds_beyond, stand_ins, started};
pub use street::{Past, Which, held, home, houses, past_divisions, past_households, spans};

/// Rows of one statement.
const ROWS: usize = 1_000;

/// A stored phone number, masked.
fn masked(vault: &Vault, sealed: Option<&[u8]>) -> Option<String> {
    sealed.and_then(|sealed| vault.open(sealed)).map(|phone| masked_phone(&phone))
}
