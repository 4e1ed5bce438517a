//! The module paths that a source file reaches: its `use` trees written out, and the paths inside its code,
//! with `self`, `super` and imported names resolved.

use super::rooms;
use super::rust::{Rust, Token};
use std::collections::BTreeMap;

/// A path that the code names, from `crate` or from a crate's name, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reach {
    pub segments: Vec<String>,
    pub line: usize,
    pub test: bool,
}

impl Reach {
    pub fn first(&self) -> &str {
        self.segments.first().map_or("", String::as_str)
    }

    /// The segments after `crate`; none for a path that begins with another crate.
    pub fn inside(&self) -> Option<&[String]> {
        (self.first() == "crate").then(|| &self.segments[1..])
    }

    pub fn text(&self) -> String {
        self.segments.join("::")
    }
}

/// All paths of the file, in order.
pub fn reaches(file: &Rust) -> Vec<Reach> {
    let mut walk = Walk {
        file,
        tokens: &file.tokens,
        at: 0,
        depth: 0,
        modules: vec![],
        imports: BTreeMap::new(),
        found: vec![],
    };
    while walk.at < walk.tokens.len() {
        walk.step();
    }
    walk.found
}

struct Walk<'a> {
    file: &'a Rust,
    tokens: &'a [Token],
    at: usize,
    depth: usize,
    /// Inline modules that we are inside of, with the depth of their braces.
    modules: Vec<(String, usize)>,
    /// What a `use` has given a short name.
    imports: BTreeMap<String, Vec<String>>,
    found: Vec<Reach>,
}

impl<'a> Walk<'a> {
    fn text(&self, at: usize) -> &'a str {
        self.tokens.get(at).map_or("", |token| token.text.as_str())
    }

    fn step(&mut self) {
        match self.text(self.at) {
            "{" => self.depth += 1,
            "}" => self.close(),
            "mod" if self.text(self.at + 2) == "{" => {
                let name = self.text(self.at + 1).to_owned();
                self.modules.push((name, self.depth));
                self.at += 1;
            }
            "use" if self.text(self.at + 1) != "<" => {
                self.at += 1;
                self.tree(Vec::new());
                return;
            }
            word if is_word(word) && self.text(self.at + 1) == "::" && !self.continues() => {
                let (line, segments) = (self.tokens[self.at].line, self.plain());
                self.add(segments, line);
                return;
            }
            _ => {}
        }
        self.at += 1;
    }

    fn close(&mut self) {
        self.depth = self.depth.saturating_sub(1);
        if self.modules.last().is_some_and(|(_, depth)| *depth == self.depth) {
            self.modules.pop();
        }
    }

    /// Whether the word here belongs to something that began before: a field, a method, a macro's `$crate`.
    fn continues(&self) -> bool {
        let before = self.at.checked_sub(1).map_or("", |at| self.text(at));
        let absolute = before == "::" && !self.at.checked_sub(2).is_some_and(|at| is_word(self.text(at)));
        matches!(before, "." | "$") || before == "::" && !absolute
    }

    /// `a::b::c`, as far as it goes.
    fn plain(&mut self) -> Vec<String> {
        let mut segments = vec![self.text(self.at).to_owned()];
        self.at += 1;
        while self.text(self.at) == "::" && is_word(self.text(self.at + 1)) {
            segments.push(self.text(self.at + 1).to_owned());
            self.at += 2;
        }
        segments
    }

    /// One branch of a `use` tree; every leaf is a path of its own.
    fn tree(&mut self, mut prefix: Vec<String>) {
        let line = self.tokens.get(self.at).map_or(0, |token| token.line);
        loop {
            match self.text(self.at) {
                "{" => return self.branches(&prefix),
                "::" => self.at += 1,
                "*" => {
                    self.at += 1;
                    return self.add(prefix, line);
                }
                word if is_word(word) => {
                    prefix.push(word.to_owned());
                    self.at += 1;
                    if self.text(self.at) != "::" {
                        return self.leaf(prefix, line);
                    }
                }
                _ => return,
            }
        }
    }

    fn branches(&mut self, prefix: &[String]) {
        self.at += 1;
        while self.at < self.tokens.len() {
            match self.text(self.at) {
                "}" => {
                    self.at += 1;
                    return;
                }
                "," => self.at += 1,
                _ => {
                    let before = self.at;
                    self.tree(prefix.to_vec());
                    // A sign that no `use` tree has: step over it rather than stand still.
                    self.at = self.at.max(before + 1);
                }
            }
        }
    }

    fn leaf(&mut self, mut path: Vec<String>, line: usize) {
        if path.len() > 1 && path.last().is_some_and(|last| last == "self") {
            path.pop();
        }
        let mut name = path.last().cloned().unwrap_or_default();
        if self.text(self.at) == "as" {
            name = self.text(self.at + 1).to_owned();
            self.at += 2;
        }
        let whole = self.resolve(path.clone());
        self.add(path, line);
        self.imports.insert(name, whole);
    }

    fn add(&mut self, path: Vec<String>, line: usize) {
        let segments = self.resolve(path);
        self.found.push(Reach { segments, line, test: self.file.is_test(line) });
    }

    fn resolve(&self, path: Vec<String>) -> Vec<String> {
        let mut here = rooms::module(&self.file.path);
        here.extend(self.modules.iter().map(|(name, _)| name.clone()));
        let mut rest = path.as_slice();
        let mut base = match rest.first().map(String::as_str) {
            Some("self") => here,
            Some("super") => {
                while rest.get(1).is_some_and(|next| next == "super") {
                    here.pop();
                    rest = &rest[1..];
                }
                here.pop();
                here
            }
            Some(first) if rest.len() > 1 && self.imports.contains_key(first) => self.imports[first].clone(),
            _ => return path,
        };
        base.extend_from_slice(&rest[1..]);
        base
    }
}

fn is_word(text: &str) -> bool {
    text.starts_with(|c: char| c.is_alphabetic() || c == '_')
}

#[cfg(test)]
mod tests;
