//! The server: features in folders of their own, on shared machinery. `app` is the only place
//! that knows all features; ARCHITECTURE.md has the map.

/// A message of the page at hand, checked at compile time: `t!(self, "key", n = 3)` where `self`
/// has a `page`. Outside templates: `say!(words, "key")`.
macro_rules! t {
    ($template:expr, $($message:tt)+) => { i18n_embed_fl::fl!($template.page.words.loader(), $($message)+) };
}

/// A message in the language of `words`, checked at compile time.
macro_rules! say {
    ($words:expr, $($message:tt)+) => { i18n_embed_fl::fl!($words.loader(), $($message)+) };
}

pub mod access;
pub mod accounts;
pub mod app;
pub mod audit;
pub mod backup;
pub mod cli;
pub mod demo;
pub mod divisions;
pub mod ending;
pub mod findings;
pub mod first_steps;
pub mod headquarters;
pub mod history;
pub mod home;
pub mod playbook;
mod private;
pub mod records;
pub mod register;
pub mod reports;
pub mod retention;
pub mod rights;
pub mod rounds;
pub mod site;
pub mod stewards;
pub mod tally;
#[cfg(test)]
mod testing;
pub mod towns;
pub mod trail;
pub mod vault;
pub mod web;
