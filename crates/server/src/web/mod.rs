//! The shell of every page: who visits and in which language, errors, assets, live updates.

pub(crate) mod assets;
mod body;
mod description;
mod error;
mod form;
mod guard;
mod hold;
mod live;
mod number;
mod page;
mod reading;
mod refused;
mod upload;
mod visit;
mod words;
mod workbook;

pub use assets::asset_path;
pub use body::{Body, Each, EachBody, ProblemBody, ProblemField, Unreadable};
pub use description::{describe_problems, description};
pub use error::{Error, Field, Problem, Result};
pub use form::{Errors, Form, own_path, seen};
pub use guard::{shell, with_guards};
pub use hold::{Parked, SignInPage, UnlockPage};
pub use live::{Changed, Live};
pub use number::{NumberPage, Phone, Sight};
pub use page::{Html, Page};
pub use reading::{READ_APART, reading, sheets};
pub use upload::Upload;
pub use visit::{Address, Chosen, Visit, ended_cookie, session_cookie};
pub use words::{Language, Languages, Words, grouped, short_name, village_key};
pub use workbook::workbook;

#[cfg(test)]
mod tests;
