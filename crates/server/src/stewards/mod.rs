//! The stewards: who answers for the town, for each village, street and household. At most one
//! person answers for a node at a time, which the database holds. Where nobody does, the next
//! above answers provisionally and the gap is counted until it is put right. Hand-overs are dated:
//! who answered on any past day can be asked. Stand-ins answer while a steward is away.

pub mod load;
mod model;
mod store;

pub use model::{Answerer, NewSteward, NewStewardship, Node, Responsible, Tier};
pub use store::{of_division, of_divisions, responsible};
