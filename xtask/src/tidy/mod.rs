//! `cargo xtask tidy`: the rules of the house as code. Each rule looks at the whole tree and complains;
//! each has a test with a sample that breaks it.

mod direction;
mod docs;
mod guides;
mod layers;
mod length;
mod manifest;
mod messages;
mod paths;
mod rooms;
mod rust;
mod tree;
mod words;

use anyhow::{Result, bail};
use std::fmt;
use tree::Tree;

/// What a rule found: where, and what to do about it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Complaint {
    path: String,
    line: usize,
    text: String,
}

impl Complaint {
    fn new(path: &str, line: usize, text: impl Into<String>) -> Self {
        Self { path: path.to_owned(), line, text: text.into() }
    }
}

impl fmt::Display for Complaint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.path, self.line, self.text)
    }
}

const RULES: &[fn(&Tree) -> Vec<Complaint>] = &[
    manifest::rule,
    direction::rule,
    layers::imports,
    layers::sql,
    length::rule,
    docs::rule,
    guides::rule,
    messages::rule,
    words::rule,
];

/// Reads the tree and applies every rule.
///
/// # Errors
/// When a rule complains; the complaints are printed, one a line, as path:line: text.
pub fn run() -> Result<()> {
    let tree = Tree::read(&crate::shell::root())?;
    let mut complaints: Vec<Complaint> = RULES.iter().flat_map(|rule| rule(&tree)).collect();
    complaints.sort();
    for complaint in &complaints {
        eprintln!("{complaint}");
    }
    if !complaints.is_empty() {
        bail!("tidy has {} complaint(s)", complaints.len());
    }
    println!("tidy: {} files, no complaint", tree.files().len());
    Ok(())
}
