use super::*;

fn paths(path: &str, source: &str) -> Vec<String> {
    reaches(&Rust::parse(path, source)).iter().map(Reach::text).collect()
}

const STORE: &str = "crates/server/src/rounds/store.rs";

#[test]
fn a_use_tree_is_written_out() {
    let source = "pub use crate::{web::{self, Error as E}, stewards::*};\nuse axum::Router;";
    assert_eq!(paths(STORE, source), ["crate::web", "crate::web::Error", "crate::stewards", "axum::Router"]);
}

#[test]
fn super_and_self_are_resolved_also_inside_inline_modules() {
    let source = "use super::model::Check; use super::super::stewards::store;\n\
        mod inner { use super::super::model; fn f() { self::g() } } fn h() { self::k() }";
    let expected = [
        "crate::rounds::model::Check",
        "crate::stewards::store",
        "crate::rounds::model",
        "crate::rounds::store::inner::g",
        "crate::rounds::store::k",
    ];
    assert_eq!(paths(STORE, source), expected);
}

#[test]
fn paths_inside_the_code_are_seen_through_imported_names() {
    let source = "use crate::stewards as s;\nfn f() { s::store::all(); ::sqlx::query(x.y::<u8>()); }";
    assert_eq!(paths(STORE, source), ["crate::stewards", "crate::stewards::store::all", "sqlx::query"]);
}

#[test]
fn what_stands_in_tests_is_marked() {
    let source = "use axum::Router;\n#[cfg(test)]\nmod tests {\n use sqlx::query;\n}";
    let found = reaches(&Rust::parse(STORE, source));
    assert_eq!(found.iter().map(|reach| reach.test).collect::<Vec<_>>(), [false, true]);
}
