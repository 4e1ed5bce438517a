//! The files that the rules look at: what git tracks or would track, never what a build left behind.

use super::rust::Rust;
use anyhow::{Context, Result};
use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

/// The text files by their path from the root, and the parsed Rust among them.
#[derive(Default)]
pub struct Tree {
    /// Every path, also of files that are no text.
    paths: Vec<String>,
    texts: BTreeMap<String, String>,
    rust: Vec<Rust>,
}

impl Tree {
    /// # Errors
    /// When git cannot list the files or one cannot be read.
    pub fn read(root: &Path) -> Result<Self> {
        let list = ["ls-files", "-z", "--cached", "--others", "--exclude-standard"];
        let listed = crate::shell::output(Command::new("git").args(list).current_dir(root))?;
        let mut files = Vec::new();
        for path in listed.split('\0').filter(|path| !path.is_empty()) {
            let file = root.join(path);
            if file.is_file() {
                files.push((path.to_owned(), std::fs::read(&file).with_context(|| path.to_owned())?));
            }
        }
        Ok(Self::of(files))
    }

    fn of(files: Vec<(String, Vec<u8>)>) -> Self {
        let mut tree = Self::default();
        for (path, bytes) in files {
            if let Ok(text) = String::from_utf8(bytes) {
                tree.texts.insert(path.clone(), text);
            }
            tree.paths.push(path);
        }
        let sources = tree.texts.iter().filter(|(path, _)| path.ends_with(".rs"));
        tree.rust = sources.map(|(path, text)| Rust::parse(path, text)).collect();
        let test_modules: Vec<String> = tree.rust.iter().flat_map(Rust::test_modules).collect();
        for file in &mut tree.rust {
            file.mark_if_under(&test_modules);
        }
        tree
    }

    /// A made-up tree for the rules' own tests.
    #[cfg(test)]
    pub fn sample(files: &[(&str, &str)]) -> Self {
        Self::of(files.iter().map(|(path, text)| ((*path).to_owned(), text.as_bytes().to_vec())).collect())
    }

    /// Every path, text or not.
    pub fn files(&self) -> &[String] {
        &self.paths
    }

    /// Path and content of every text file.
    pub fn texts(&self) -> impl Iterator<Item = (&str, &str)> {
        self.texts.iter().map(|(path, text)| (path.as_str(), text.as_str()))
    }

    pub fn text(&self, path: &str) -> Option<&str> {
        self.texts.get(path).map(String::as_str)
    }

    pub fn rust(&self) -> &[Rust] {
        &self.rust
    }

    /// Whether there is such a file or folder.
    pub fn has(&self, path: &str) -> bool {
        let path = path.trim_end_matches('/');
        let folder = format!("{path}/");
        self.paths.iter().any(|file| file == path || file.starts_with(&folder))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_is_there_when_a_file_is_in_it() {
        let tree = Tree::sample(&[("docs/adr/0001.md", "")]);
        assert!(tree.has("docs/adr/") && tree.has("docs") && tree.has("docs/adr/0001.md"));
        assert!(!tree.has("docs/ad"));
    }

    #[test]
    fn a_module_declared_for_tests_is_test_code_in_its_own_file() {
        let tree = Tree::sample(&[
            ("crates/server/src/main.rs", "#[cfg(test)]\nmod testing;\nmod app;"),
            ("crates/server/src/testing.rs", "fn a() {}"),
            ("crates/server/src/app.rs", "fn a() {}"),
        ]);
        let is_test = |name: &str| tree.rust().iter().find(|f| f.path.ends_with(name)).unwrap().is_test(1);
        assert!(is_test("testing.rs"));
        assert!(!is_test("app.rs"));
    }
}
