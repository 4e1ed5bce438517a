//! The stewards: who answers for the town, for each village, street and household. At most one
//! person answers for a node at a time, which the database holds; where nobody does, the household
//! falls to its street lead and is counted until it is put right.

pub mod load;
mod model;

pub use model::{NewSteward, NewStewardship, Node};
