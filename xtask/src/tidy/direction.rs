//! Which way things may point inside the server: shared machinery knows no feature, a feature knows another
//! only by its face and never in a circle, and the list of features is complete.

use super::Complaint;
use super::paths::{Reach, reaches};
use super::rooms::{self, Room};
use super::rust::Rust;
use super::tree::Tree;
use std::collections::{BTreeMap, BTreeSet};

const APP: &str = "crates/server/src/app.rs";

pub fn rule(tree: &Tree) -> Vec<Complaint> {
    let features = features(tree);
    let mut complaints = Vec::new();
    let mut edges = Edges::new();
    for file in tree.rust() {
        let Some(room) = rooms::room(&file.path) else { continue };
        for reach in reaches(file).iter().filter(|reach| !reach.test) {
            complaints.extend(crossing(file, room, reach, &features, &mut edges));
        }
    }
    complaints.extend(circles(&edges));
    complaints.extend(unlisted(tree, &features));
    complaints
}

/// Each feature with the names of its modules.
type Features<'a> = BTreeMap<&'a str, BTreeSet<&'a str>>;

/// From feature to feature, with one place where it happens.
type Edges = BTreeMap<String, BTreeMap<String, (String, usize)>>;

fn features(tree: &Tree) -> Features<'_> {
    let mut features = Features::new();
    for file in tree.rust() {
        if let (Some(Room::Feature(name)), Some(part)) = (rooms::room(&file.path), rooms::part(&file.path)) {
            features.entry(name).or_default().insert(part);
        }
    }
    features
}

/// What is wrong with one path from one file, if it leads into a feature.
fn crossing(
    file: &Rust,
    room: Room,
    reach: &Reach,
    features: &Features,
    edges: &mut Edges,
) -> Option<Complaint> {
    let inside = reach.inside()?;
    let (target, modules) = features.get_key_value(inside.first()?.as_str())?;
    let complain = |text: String| Some(Complaint::new(&file.path, reach.line, text));
    match room {
        Room::Top => None,
        Room::Shared => complain(format!(
            "shared code knows no feature, but this names `{}`: move the shared word down or pass it in from app.rs",
            reach.text()
        )),
        Room::Feature(own) if own == *target => None,
        Room::Feature(own) => {
            let place = (file.path.clone(), reach.line);
            edges.entry(own.to_owned()).or_default().entry((*target).to_owned()).or_insert(place);
            // Two words alone name what the face offers, also where a module has the same name: the
            // module itself is private.
            let part = inside.get(1).filter(|part| inside.len() > 2 && modules.contains(part.as_str()))?;
            complain(format!(
                "`{}` goes past the face of `{target}`: let {target}/mod.rs offer what is needed from `{part}`",
                reach.text()
            ))
        }
    }
}

/// One complaint for each feature that reaches itself through others, at the place where the circle leaves it.
fn circles(edges: &Edges) -> Vec<Complaint> {
    let mut complaints = Vec::new();
    for (from, targets) in edges {
        for (to, (path, line)) in targets {
            if let Some(way) = way(edges, to, from) {
                let circle = format!("{from} -> {}", way.join(" -> "));
                let text = format!("features go in a circle: {circle}; move the shared word down");
                complaints.push(Complaint::new(path, *line, text));
            }
        }
    }
    complaints
}

/// The shortest way from one feature to another.
fn way(edges: &Edges, from: &str, to: &str) -> Option<Vec<String>> {
    let mut ways = std::collections::VecDeque::from([vec![from.to_owned()]]);
    let mut seen = BTreeSet::from([from.to_owned()]);
    while let Some(way) = ways.pop_front() {
        let last = way.last()?;
        if last == to {
            return Some(way);
        }
        for next in edges.get(last).into_iter().flat_map(BTreeMap::keys) {
            if seen.insert(next.clone()) {
                ways.push_back(way.iter().chain([next]).cloned().collect());
            }
        }
    }
    None
}

/// Features whose routes `app.rs` does not name: nobody would reach them.
fn unlisted(tree: &Tree, features: &Features) -> Vec<Complaint> {
    let app = tree.rust().iter().find(|file| file.path == APP);
    let names: BTreeSet<&str> =
        app.into_iter().flat_map(|file| &file.tokens).map(|token| token.text.as_str()).collect();
    let has_routes = |feature: &str| {
        let face = format!("crates/server/src/{feature}/mod.rs");
        let face = tree.rust().iter().find(|file| file.path == face);
        face.is_some_and(|face| face.tokens.iter().any(|token| token.text == "routes"))
    };
    let missing = features.keys().filter(|feature| !names.contains(*feature) && has_routes(feature));
    missing
        .map(|feature| {
            let text = format!("the feature `{feature}` is not named here: app.rs lists them all");
            Complaint::new(APP, 1, text)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What the rule says of a server with the features `rounds` and `stewards`, with this file in it.
    fn complaints(path: &str, source: &str) -> Vec<String> {
        let tree = Tree::sample(&[
            (APP, "use crate::{rounds, stewards};"),
            ("crates/server/src/stewards/mod.rs", "mod store; pub use store::steward_of;"),
            ("crates/server/src/stewards/store.rs", "pub fn steward_of() {}"),
            ("crates/server/src/rounds/mod.rs", "use crate::stewards::steward_of;"),
            (path, source),
        ]);
        rule(&tree).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_feature_may_use_the_face_of_another_and_its_own_modules() {
        let source =
            "use crate::stewards::{self, steward_of}; use crate::rounds::store; use crate::web::Error;";
        assert!(complaints("crates/server/src/rounds/pages.rs", source).is_empty());
    }

    #[test]
    fn a_feature_may_not_go_past_the_face_of_another() {
        for source in ["use crate::stewards::store::steward_of;", "fn f() { crate::stewards::store::x() }"] {
            let found = complaints("crates/server/src/rounds/pages.rs", source);
            assert_eq!(found.len(), 1, "{found:?}");
            assert!(found[0].contains("face of `stewards`"), "{found:?}");
        }
    }

    #[test]
    fn shared_code_may_not_know_a_feature_but_its_tests_may() {
        let found = complaints("crates/server/src/web/layout.rs", "use crate::rounds::Check;");
        assert!(found[0].starts_with("crates/server/src/web/layout.rs:1: shared code"), "{found:?}");
        assert!(complaints("crates/server/src/web/tests.rs", "use crate::rounds::Check;").is_empty());
        assert!(complaints("crates/server/src/cli/serve.rs", "use crate::rounds::Check;").is_empty());
    }

    #[test]
    fn features_may_not_go_in_a_circle() {
        let found = complaints("crates/server/src/stewards/pages.rs", "use crate::rounds::Check;");
        assert_eq!(found.len(), 2, "{found:?}");
        assert!(found.iter().any(|text| text.contains("stewards -> rounds -> stewards")), "{found:?}");
    }

    #[test]
    fn a_feature_that_the_list_leaves_out_is_named() {
        let found = complaints("crates/server/src/gates/mod.rs", "pub fn routes() {}");
        assert!(found[0].contains("`gates` is not named"), "{found:?}");
    }
}
