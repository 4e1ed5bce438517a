//! The words of Firebreak that need neither database nor network: days and moments, divisions,
//! identity numbers, roles, indicators. Everything here is plain values; nothing waits.

mod clock;
mod day;
mod division;
mod fold;
mod identity;
mod indicator;
mod near;
mod phone;
mod role;

pub use clock::{Clock, Moment};
pub use day::{Day, TownTime};
pub use division::{Division, Level, Range};
pub use fold::{fold_width, initials, pinyin, without_controls};
pub use identity::{Identity, IdentityError, Normalised, Sex};
pub use indicator::{Indicator, Unit};
pub use near::{shape, sound};
pub use phone::phone;
pub use role::Role;
