//! The register of households and residents: who lives where, from which day on. A household's
//! place and whether it is lived in are spans of days, so that any past day can be asked for and
//! the round's denominators follow. Identity and phone numbers are sealed before they are stored.

pub mod load;
mod model;

pub use model::{NewHousehold, NewResident, Occupancy, house_order};
