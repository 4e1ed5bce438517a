//! Which room of the house a file stands in: told by its place, so that a new room needs no entry here.

/// The folders of the server that all features share. Every other folder there is a feature.
pub const SHARED: &[&str] = &[
    "web",
    "access",
    "audit",
    "backup",
    "history",
    "vault",
    "jobs",
    "tally",
    "playbook",
    "retention",
    "notify",
    "attachments",
];

/// The modules of the server that stand above all features: the list of features, the command line, and what
/// is lent to tests.
pub const TOP: &[&str] = &["main", "lib", "app", "cli", "bin", "testing"];

const SERVER: &str = "crates/server/src/";

/// What a file of the server is.
#[derive(Debug, PartialEq, Eq, Clone, Copy)]
pub enum Room<'a> {
    /// May name every feature.
    Top,
    /// Machinery, in its own folder or a file beside the folders.
    Shared,
    /// A feature, by the name of its folder.
    Feature(&'a str),
}

/// The room of a file; none outside the server.
pub fn room(path: &str) -> Option<Room<'_>> {
    let inside = path.strip_prefix(SERVER)?;
    let (first, nested) = match inside.split_once('/') {
        Some((folder, _)) => (folder, true),
        None => (inside.trim_end_matches(".rs"), false),
    };
    Some(match first {
        top if TOP.contains(&top) => Room::Top,
        feature if nested && !SHARED.contains(&feature) => Room::Feature(feature),
        _ => Room::Shared,
    })
}

/// The feature's module that a file belongs to, such as `store` for `rounds/store.rs` and `rounds/store/day.rs`.
pub fn part(path: &str) -> Option<&str> {
    let inside = path.strip_prefix(SERVER)?;
    let (_, rest) = inside.split_once('/')?;
    rest.split(['/', '.']).next()
}

/// Whether all of a file is test code by its place; `testing` is what a crate lends to other crates' tests.
pub fn is_test_file(path: &str) -> bool {
    let named = |part: &str| matches!(part, "tests" | "testing" | "benches") || part.ends_with("_tests");
    path.trim_end_matches(".rs").split('/').any(named)
}

/// The folder in which a file's child modules lie.
pub fn module_folder(path: &str) -> String {
    let stem = path.trim_end_matches(".rs");
    let folder = ["/mod", "/main", "/lib"].iter().find_map(|name| stem.strip_suffix(name));
    folder.unwrap_or(stem).to_owned()
}

/// The module path of a file within its crate: `["crate", "rounds", "store"]`.
pub fn module(path: &str) -> Vec<String> {
    let folder = module_folder(path);
    let inside = folder.split_once("/src/").map_or("", |(_, inside)| inside);
    let names = inside.split('/').filter(|name| !name.is_empty());
    std::iter::once("crate").chain(names).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_that_is_not_shared_is_a_feature() {
        assert_eq!(room("crates/server/src/rounds/store.rs"), Some(Room::Feature("rounds")));
        assert_eq!(room("crates/server/src/web/mod.rs"), Some(Room::Shared));
        assert_eq!(room("crates/server/src/error.rs"), Some(Room::Shared));
        assert_eq!(room("crates/server/src/app.rs"), Some(Room::Top));
        assert_eq!(room("crates/server/src/cli/serve.rs"), Some(Room::Top));
        assert_eq!(room("crates/server/src/testing/town.rs"), Some(Room::Top));
        assert_eq!(room("crates/base/src/day.rs"), None);
    }

    #[test]
    fn tests_are_told_by_their_place() {
        for path in
            ["crates/db/tests/engines.rs", "crates/db/src/testing.rs", "crates/server/src/rounds/tests.rs"]
        {
            assert!(is_test_file(path), "{path}");
        }
        assert!(!is_test_file("crates/server/src/rounds/model.rs"));
    }

    #[test]
    fn a_file_knows_its_module() {
        assert_eq!(module("crates/server/src/rounds/mod.rs"), ["crate", "rounds"]);
        assert_eq!(module("crates/server/src/rounds/store.rs"), ["crate", "rounds", "store"]);
        assert_eq!(module("crates/server/src/main.rs"), ["crate"]);
        assert_eq!(module("crates/base/src/day.rs"), ["crate", "day"]);
        assert_eq!(part("crates/server/src/rounds/store/day.rs"), Some("store"));
    }
}
