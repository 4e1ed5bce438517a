//! The register through the real router, on both engines.

mod api;
mod as_of;
mod changed;
mod columns;
mod doubles;
mod export;
mod figures;
mod forms;
mod history;
mod import;
mod life;
mod lists;
mod numbers;
mod replay;
mod returned;
mod told;
mod undo;

use crate::testing::{Answer, Asker};

/// Made-up people of sequence 000, whose numbers are nobody's.
const IDENTITY: &str = "141023198002090007";
const PHONE: &str = "12900000412";

/// Adds a household by form to the first group of the first village; gives its page's address.
async fn add(who: &Asker<'_>, change: &[(&str, &str)]) -> Answer {
    let mut form = vec![
        ("division", "141023105200001"),
        ("house_number", "88号"),
        ("head", "王建国"),
        ("address", ""),
        ("phone", PHONE),
        ("occupancy", "lived-in"),
        ("from", "2020-02-01"),
    ];
    form.retain(|(own, _)| change.iter().all(|(name, _)| own != name));
    form.extend(change);
    who.post("/households", &form).await
}

/// Where an answer leads.
fn location(answer: &Answer) -> String {
    answer.headers["location"].to_str().expect("an address").to_owned()
}
