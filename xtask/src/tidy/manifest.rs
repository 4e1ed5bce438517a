//! Which crate may depend on which, read from their manifests.

use super::Complaint;
use super::tree::Tree;

/// A crate, those of ours that it may have, and outside crates that it may not.
const ALLOWED: &[(&str, &[&str], &[&str])] = &[
    ("base", &[], &["axum", "sqlx", "tokio", "rusqlite"]),
    ("db", &["base"], &["axum"]),
    ("office", &["base"], &["axum", "sqlx"]),
    ("sim", &["base"], &["axum", "sqlx"]),
];

const SECTIONS: &[&str] = &["dependencies", "dev-dependencies", "build-dependencies"];

pub fn rule(tree: &Tree) -> Vec<Complaint> {
    let manifests = ALLOWED.iter().filter_map(|(name, ours, never)| {
        let path = format!("crates/{name}/Cargo.toml");
        Some((tree.text(&path)?.to_owned(), path, ours, never))
    });
    manifests.flat_map(|(text, path, ours, never)| check(tree, &path, &text, ours, never)).collect()
}

fn check(tree: &Tree, path: &str, text: &str, ours: &[&str], never: &[&str]) -> Vec<Complaint> {
    let table: toml::Table = match text.parse() {
        Ok(table) => table,
        Err(error) => return vec![Complaint::new(path, 1, format!("cannot be read: {error}"))],
    };
    let own = table.get("package").and_then(|package| package.get("name")?.as_str());
    let named = SECTIONS.iter().filter_map(|section| table.get(*section)?.as_table());
    let mut complaints = Vec::new();
    // A crate names itself to switch on what it lends to tests.
    for name in named.flat_map(toml::Table::keys).filter(|name| Some(name.as_str()) != own) {
        let short = name.strip_prefix("firebreak-").unwrap_or(name);
        let is_ours = tree.has(&format!("crates/{short}")) || name == "firebreak";
        if is_ours && !ours.contains(&short) || never.contains(&name.as_str()) {
            let line = text.lines().position(|line| line.starts_with(name.as_str())).map_or(1, |at| at + 1);
            complaints.push(Complaint::new(path, line, format!("this crate may not depend on `{name}`")));
        }
    }
    complaints
}

#[cfg(test)]
mod tests {
    use super::*;

    fn complaints(name: &str, dependency: &str) -> usize {
        let path = format!("crates/{name}/Cargo.toml");
        let text = format!(
            "[package]\nname = \"firebreak-{name}\"\n[dependencies]\n{dependency}.workspace = true\n"
        );
        let tree =
            Tree::sample(&[(&path, &text), ("crates/db/src/lib.rs", ""), ("crates/base/src/lib.rs", "")]);
        rule(&tree).len()
    }

    #[test]
    fn base_depends_on_nothing_of_ours() {
        assert_eq!(complaints("base", "db"), 1);
        assert_eq!(complaints("base", "serde"), 0);
    }

    #[test]
    fn db_and_office_know_base_but_neither_each_other_nor_the_web() {
        assert_eq!(complaints("db", "base"), 0);
        assert_eq!(complaints("db", "firebreak-db"), 0);
        assert_eq!(complaints("office", "db"), 1);
        assert_eq!(complaints("office", "firebreak-db"), 1);
        assert_eq!(complaints("db", "axum"), 1);
    }
}
