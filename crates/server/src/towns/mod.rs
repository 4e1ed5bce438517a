//! The towns that are run with this program: what a town is called, how it reckons time, by which
//! playbook it works. One is founded once in a data folder, in one transaction or not at all.

mod founding;
mod officers;
mod store;

pub use founding::{Founded, Founding, Refused, Seat, found};
pub use store::{Operation, settled, start};

#[cfg(test)]
mod tests;
