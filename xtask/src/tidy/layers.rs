//! What each file of a feature may know: rules without IO in `model.rs`, SQL without the web in `store.rs`,
//! and SQL nowhere else.

use super::Complaint;
use super::paths::reaches;
use super::rooms::{self, Room};
use super::rust::{Literal, Rust};
use super::tree::Tree;

const MODEL_NEVER: &[&str] =
    &["axum", "axum_extra", "sqlx", "rusqlite", "tokio", "tower", "tower_http", "db"];
const STORE_NEVER: &[&str] =
    &["axum", "axum_extra", "askama", "tower", "tower_http", "i18n_embed", "i18n_embed_fl", "fluent"];

/// `model.rs` knows no axum, no SQL, no async; `store.rs` knows no axum and no messages.
pub fn imports(tree: &Tree) -> Vec<Complaint> {
    let mut complaints = Vec::new();
    for file in tree.rust() {
        match rooms::part(&file.path) {
            Some("model") => {
                complaints.extend(never(file, "model.rs", MODEL_NEVER));
                complaints.extend(words(file, "model.rs", &["async", "await"]));
            }
            Some("store") => {
                complaints.extend(never(file, "store.rs", STORE_NEVER));
                complaints.extend(words(file, "store.rs", &["fl"]));
            }
            _ => {}
        }
    }
    complaints
}

fn never(file: &Rust, name: &str, crates: &[&str]) -> Vec<Complaint> {
    let found = reaches(file).into_iter().filter(|reach| !reach.test && crates.contains(&reach.first()));
    found
        .map(|reach| {
            Complaint::new(&file.path, reach.line, format!("{name} may not know `{}`", reach.first()))
        })
        .collect()
}

fn words(file: &Rust, name: &str, words: &[&str]) -> Vec<Complaint> {
    let found = file.tokens.iter().filter(|t| words.contains(&t.text.as_str()) && !file.is_test(t.line));
    found.map(|t| Complaint::new(&file.path, t.line, format!("{name} may not know `{}`", t.text))).collect()
}

/// In the product SQL stands in `store.rs`, in shared machinery, in `crates/db` and in tests, nowhere else.
pub fn sql(tree: &Tree) -> Vec<Complaint> {
    let closed = tree.rust().iter().filter(|file| !may_hold_sql(&file.path));
    let found = closed.flat_map(|file| file.literals.iter().map(move |literal| (file, literal)));
    found
        .filter(|(file, literal)| is_sql(literal) && !file.is_test(literal.line))
        .map(|(file, literal)| Complaint::new(&file.path, literal.line, "SQL belongs into store.rs"))
        .collect()
}

fn may_hold_sql(path: &str) -> bool {
    let in_shared_folder = || rooms::room(path) == Some(Room::Shared) && rooms::part(path).is_some();
    !path.starts_with("crates/")
        || path.starts_with("crates/db/")
        || rooms::part(path) == Some("store")
        || path.ends_with("/store.rs")
        || in_shared_folder()
}

/// Statements are written in capitals here, so that a sentence of English is none.
fn is_sql(literal: &Literal) -> bool {
    let text = literal.text.trim_start_matches(|c: char| c.is_whitespace() || c == '\\' || c == '(');
    let begins = ["SELECT ", "SELECT\n", "INSERT INTO ", "DELETE FROM ", "WITH ", "UPDATE "];
    let holds = [" SET ", " FROM ", " VALUES ", "INSERT INTO ", "DELETE FROM "];
    begins.iter().any(|start| text.starts_with(start)) || holds.iter().any(|inner| text.contains(inner))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn count(rule: fn(&Tree) -> Vec<Complaint>, path: &str, source: &str) -> usize {
        rule(&Tree::sample(&[(path, source)])).len()
    }

    const MODEL: &str = "crates/server/src/rounds/model.rs";
    const STORE: &str = "crates/server/src/rounds/store.rs";
    const PAGES: &str = "crates/server/src/rounds/pages.rs";

    #[test]
    fn a_model_knows_no_web_no_sql_and_no_async() {
        assert_eq!(count(imports, MODEL, "use axum::Json;"), 1);
        assert_eq!(count(imports, MODEL, "#[derive(sqlx::FromRow)] struct A;"), 1);
        assert_eq!(count(imports, MODEL, "pub async fn f() {}"), 1);
        assert_eq!(count(imports, MODEL, "use base::Day; // async axum"), 0);
    }

    #[test]
    fn a_store_knows_no_web_and_no_messages() {
        assert_eq!(count(imports, STORE, "use axum::http::StatusCode;"), 1);
        assert_eq!(count(imports, STORE, "fn f() { fl!(loader, \"key\") }"), 1);
        assert_eq!(count(imports, "crates/server/src/rounds/store/day.rs", "use axum::Json;"), 1);
        assert_eq!(count(imports, STORE, "use sqlx::Row; async fn f() {}"), 0);
    }

    #[test]
    fn sql_stands_in_stores_and_machinery_only() {
        let query = "fn f() { q(\"SELECT id FROM household\") }";
        assert_eq!(count(sql, PAGES, query), 1);
        assert_eq!(count(sql, "crates/sim/src/lib.rs", query), 1);
        assert_eq!(count(sql, "crates/server/src/app.rs", query), 1);
        assert_eq!(count(sql, STORE, query), 0);
        assert_eq!(count(sql, "crates/server/src/tally/mod.rs", query), 0);
        assert_eq!(count(sql, "crates/db/src/lib.rs", query), 0);
        assert_eq!(count(sql, "crates/server/src/rounds/tests.rs", query), 0);
    }

    #[test]
    fn every_statement_is_known_and_a_sentence_is_none() {
        for statement in
            ["\\n  INSERT INTO a VALUES (1)", "UPDATE a SET b = 1", "WITH x AS (SELECT 1)", "DELETE FROM a"]
        {
            assert_eq!(count(sql, PAGES, &format!("const A: &str = \"{statement}\";")), 1, "{statement}");
        }
        assert_eq!(
            count(sql, PAGES, "const A: &str = \"Select a village from the list, then update it\";"),
            0
        );
    }
}
