//! Where somebody's figures begin, and which others he may choose: whoever has roles in several towns,
//! villages or streets finds their names above the figures.

use base::{Day, Division, Level};
use db::Snapshot;

use super::store;
use crate::access::Scope;
use crate::divisions;
use crate::web::short_name;

/// One of the divisions that somebody may choose.
pub struct Choice {
    pub name: String,
    pub path: String,
    /// It is the one that is shown, or what is shown lies in it.
    pub chosen: bool,
}

/// Somebody's divisions; of who answers for more than a town, the towns that are run with this
/// program.
async fn own_divisions(tx: &mut Snapshot, scope: &Scope) -> db::Result<Vec<Division>> {
    let roots = scope.roots().into_iter();
    let (mut own, above): (Vec<_>, Vec<_>) = roots.partition(|root| root.level() >= Level::Town);
    if !above.is_empty() {
        let within = |town: &Division| above.iter().any(|root| root.contains(*town));
        own.extend(store::towns(tx).await?.into_iter().filter(within));
    }
    own.sort_unstable();
    own.dedup();
    Ok(own)
}

/// Where somebody's figures begin: his first division; nothing where there is none.
pub async fn own_division(tx: &mut Snapshot, scope: &Scope) -> db::Result<Option<Division>> {
    Ok(own_divisions(tx, scope).await?.into_iter().next())
}

/// What somebody may choose while he sees a division's day: those that have an address. Nothing
/// where there is no choice.
pub async fn choices(
    tx: &mut Snapshot,
    scope: &Scope,
    shown: Division,
    day: Day,
    path: impl Fn(Division) -> Option<String>,
) -> db::Result<Vec<Choice>> {
    let own = own_divisions(tx, scope).await?;
    let own: Vec<_> = own.into_iter().filter_map(|division| Some((division, path(division)?))).collect();
    if own.len() < 2 {
        return Ok(Vec::new());
    }
    let codes: Vec<Division> = own.iter().map(|(division, _)| *division).collect();
    let names = divisions::names(tx, &codes, day).await?;
    let choice = |(division, path): (Division, String)| {
        let name = names.get(&division).map_or_else(|| division.code(), |name| short_name(name));
        Choice { name, path, chosen: division.contains(shown) }
    };
    Ok(own.into_iter().map(choice).collect())
}
