//! Who may do what, and to which rows: the policy table, the signed-in person, and the only maker
//! of a [`Scope`].

mod capacity;
mod holding;
mod idle;
mod people;
mod policy;
mod posts;
mod scope;
mod store;

pub use capacity::Capacity;
pub use holding::holds;
pub use idle::Idle;
#[cfg(test)]
pub use people::test_person;
pub use people::{People, Person, Secret, keep_used};
pub use policy::{Action, Reach, reach};
pub use posts::{posts, role_at};
pub use scope::Scope;
pub use store::{Kind, capacity, end_session, start_session};

#[cfg(test)]
pub(crate) mod tests;
