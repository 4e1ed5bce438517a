//! The coverage of a division: what page and API both show.

use std::collections::{BTreeMap, BTreeSet};

use base::{Day, Division, Level};
use db::Snapshot;

use super::model::{Answerer, Cover, Line, Node, Tier};
use super::store;
use crate::access::Scope;
use crate::divisions::{self, Names};
use crate::site::Site;
use crate::web::Error;

/// What has nobody, in a division and right below it.
pub struct Sight {
    pub names: BTreeMap<Division, String>,
    /// Who answers for which division of its own.
    pub held: BTreeMap<Node, Answerer>,
    pub cover: Cover,
    pub lines: Vec<Line>,
    pub over_limit: i64,
}

/// The division asked for, or the first one of the scope; it must be in scope, and a town or below.
pub fn root(scope: &Scope, code: Option<&str>) -> Result<Division, Error> {
    let root = match code {
        None | Some("") => scope.roots().first().copied(),
        Some(code) => Division::from_code(code),
    };
    root.filter(|root| root.level() >= Level::Town && scope.covers(*root)).ok_or(Error::NotFound)
}

/// The divisions of `root` down to the team areas, as they are on a day, with their names; those
/// in scope.
pub async fn divisions_of(tx: &mut Snapshot, scope: &Scope, root: Division, day: Day) -> db::Result<Names> {
    let mut names = divisions::names_below(tx, root, Level::Group, day).await?;
    names.retain(|division, _| scope.covers(*division));
    Ok(names)
}

/// Looks at the coverage of a division on a day.
pub async fn look(
    tx: &mut Snapshot,
    site: &Site,
    scope: &Scope,
    root: Division,
    day: Day,
) -> Result<Sight, Error> {
    let names = divisions_of(tx, scope, root, day).await?;
    if !names.contains_key(&root) {
        return Err(Error::NotFound);
    }
    let nodes: Vec<Node> = names.keys().copied().map(Node::Division).collect();
    let held = store::holders(tx, &site.vault, root.town(), day, &nodes).await?;
    let counts = store::house_counts(tx, scope, root, day).await?;
    let counts: Vec<(Division, i64, i64)> = counts
        .into_iter()
        .filter_map(|count| Some((Division::from_number(count.division)?, count.households, count.held)))
        .collect();
    let limit = site.playbook.round.contact_limit;
    let over_limit = store::over_limit(tx, scope, root, day, limit).await?;
    let own: BTreeSet<Division> = held.keys().filter_map(|node| node.division()).collect();
    let lines = names.iter().filter(|(division, _)| division.parent() == Some(root) && **division != root);
    let line = |(division, name): (&Division, &String)| Line {
        division: *division,
        name: crate::web::short_name(name),
        cover: Cover::of(*division, &names, &own, &counts),
    };
    let lines = lines.map(line).collect();
    let cover = Cover::of(root, &names, &own, &counts);
    Ok(Sight { names, held, cover, lines, over_limit })
}

/// The divisions of a level, `root` or below, that have nobody on a day.
pub async fn open_divisions(
    tx: &mut Snapshot,
    site: &Site,
    scope: &Scope,
    root: Division,
    tier: Tier,
    day: Day,
) -> Result<Vec<Division>, Error> {
    let names = divisions_of(tx, scope, root, day).await?;
    let of_tier = names.keys().copied().filter(|division| Tier::of(*division) == Some(tier));
    let nodes: Vec<Node> = of_tier.map(Node::Division).collect();
    let held = store::holders(tx, &site.vault, root.town(), day, &nodes).await?;
    let open = nodes.iter().filter(|node| !held.contains_key(node));
    Ok(open.filter_map(|node| node.division()).collect())
}
