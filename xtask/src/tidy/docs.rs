//! Paths that the documents name must be there: in links, and in `code` that begins with one of our folders.

use super::Complaint;
use super::tree::Tree;

/// The rooms of the house, also those that may not be furnished yet.
const ROOMS: &[&str] =
    &["crates", "docs", "locales", "migrations", "playbooks", "tests", "web", "xtask", ".ci", ".config"];

pub fn rule(tree: &Tree) -> Vec<Complaint> {
    let documents = tree.texts().filter(|(path, _)| path.ends_with(".md"));
    documents.flat_map(|(path, text)| document(tree, path, text)).collect()
}

fn document(tree: &Tree, path: &str, text: &str) -> Vec<Complaint> {
    let mut complaints = Vec::new();
    let mut in_fence = false;
    for (at, line) in text.lines().enumerate() {
        if line.trim_start().starts_with("```") {
            in_fence = !in_fence;
        }
        if in_fence {
            continue;
        }
        let lost_links = links(line).filter(|link| !tree.has(&joined(path, link)));
        let lost_paths = code(line).filter(|word| names_path(word) && !exists(tree, word));
        for name in lost_links.chain(lost_paths) {
            complaints.push(Complaint::new(path, at + 1, format!("`{name}` is named here but is not there")));
        }
    }
    complaints
}

/// The targets of `[text](target)` that lead to a file of ours, without their anchor.
fn links(line: &str) -> impl Iterator<Item = &str> {
    let targets = line.split("](").skip(1).filter_map(|rest| rest.split([')', ' ']).next());
    let ours = targets.filter(|target| !target.contains(':') && !target.starts_with('#'));
    ours.filter_map(|target| target.split('#').next())
}

/// What stands between single backticks.
fn code(line: &str) -> impl Iterator<Item = &str> {
    line.split('`').skip(1).step_by(2)
}

/// Whether a piece of code is a path of ours and no command or pattern with a blank to fill in.
fn names_path(word: &str) -> bool {
    let (first, rest) = word.split_once('/').unwrap_or((word, ""));
    let in_room = !rest.is_empty() && ROOMS.contains(&first);
    let document = !word.contains('/') && word.len() > 3 && word.ends_with(".md");
    (in_room || document) && !word.contains([' ', '<', '{', '$', '('])
}

/// A `*` stands for anything but a slash; a line number after a colon is left aside.
fn exists(tree: &Tree, word: &str) -> bool {
    let path = word.split(':').next().unwrap_or(word).trim_end_matches('/');
    if !path.contains('*') {
        return tree.has(path);
    }
    let depth = path.split('/').count();
    tree.files().iter().any(|file| {
        let parts: Vec<&str> = file.split('/').collect();
        parts.len() >= depth && path.split('/').zip(&parts).all(|(pattern, part)| matches(pattern, part))
    })
}

/// Whether a name fits a pattern in which `*` stands for any run of characters.
fn matches(pattern: &str, name: &str) -> bool {
    let Some((start, rest)) = pattern.split_once('*') else { return pattern == name };
    let Some(name) = name.strip_prefix(start) else { return false };
    name.char_indices().map(|(at, _)| at).chain([name.len()]).any(|at| matches(rest, &name[at..]))
}

/// A link's target from the root: relative to its document, or to the root when it begins with a slash.
fn joined(document: &str, link: &str) -> String {
    let mut parts: Vec<&str> = document.split('/').collect();
    parts.pop();
    if link.starts_with('/') {
        parts.clear();
    }
    for part in link.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()),
            name => parts.push(name),
        }
    }
    parts.join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn complaints(text: &str) -> Vec<String> {
        let tree = Tree::sample(&[
            ("docs/operations.md", text),
            ("docs/adr/0001-engine-pair.md", ""),
            ("crates/base/src/day.rs", ""),
            ("README.md", ""),
        ]);
        rule(&tree).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn paths_that_are_there_pass() {
        let text = "See `crates/base/src/day.rs:12`, `crates/*/src/*.rs`, `docs/adr/`, `README.md`,\n\
            [one](adr/0001-engine-pair.md#why), [two](../README.md), [three](https://example.org/x), [four](#here),\n\
            `crates/<name>/mod.rs`, `cargo xtask test`, `application/json`.\n```\ntarget/debug/firebreak `docs/no`\n```\n";
        assert_eq!(complaints(text), Vec::<String>::new());
    }

    #[test]
    fn a_path_that_is_not_there_is_named_with_its_line() {
        let found = complaints("\nSee `crates/base/src/days.rs`.");
        assert_eq!(found, ["docs/operations.md:2: `crates/base/src/days.rs` is named here but is not there"]);
        assert_eq!(complaints("`crates/*/lib/*.rs`").len(), 1);
        assert_eq!(complaints("`CONTRIBUTING.md`").len(), 1);
        assert_eq!(complaints("[text](adr/0002-tallies.md)").len(), 1);
    }
}
