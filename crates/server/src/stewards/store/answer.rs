//! Who answers on a day: steward or stand-in of each node.

use std::collections::BTreeMap;

use base::{Day, Division};
use db::{Snapshot, on_db};
use sqlx::QueryBuilder;

use super::{ROWS, holds, masked};
use crate::stewards::model::{Answerer, Held, Node, Responsible, Tier, answers_at};
use crate::vault::Vault;

#[derive(sqlx::FromRow)]
struct HolderRow {
    level: String,
    node: i64,
    steward: i64,
    name: String,
    phone_sealed: Option<Vec<u8>>,
    stands_in_for: Option<String>,
}

/// Who answers on a day for these nodes of a town by their own stewardship; a node that has nobody
/// is missing.
pub async fn holders(
    tx: &mut Snapshot,
    vault: &Vault,
    town: i64,
    day: Day,
    nodes: &[Node],
) -> db::Result<BTreeMap<Node, Answerer>> {
    let mut found = BTreeMap::new();
    for nodes in nodes.chunks(ROWS) {
        let rows: Vec<HolderRow> = on_db!(tx, c => {
            let mut sql = QueryBuilder::new("WITH wanted(level_, node_) AS (");
            sql.push_values(nodes, |mut row, node| {
                row.push_bind(node.tier().key()).push_bind(node.number());
            });
            sql.push(
                ") SELECT s.level, s.node, COALESCE(u.id, w.id) AS steward, COALESCE(u.name, w.name) AS name, \
                 CASE WHEN u.id IS NULL THEN w.phone_sealed ELSE u.phone_sealed END AS phone_sealed, \
                 CASE WHEN u.id IS NULL THEN NULL ELSE w.name END AS stands_in_for \
                 FROM wanted CROSS JOIN stewardship s JOIN steward w ON w.town = s.town AND w.id = s.steward \
                 LEFT JOIN stand_in i ON i.town = s.town AND i.steward = s.steward AND ",
            );
            holds(&mut sql, "i", day);
            sql.push(" LEFT JOIN steward u ON u.town = i.town AND u.id = i.substitute WHERE s.town = ");
            sql.push_bind(town).push(" AND s.level = level_ AND s.node = node_ AND ");
            holds(&mut sql, "s", day);
            sql.build_query_as().fetch_all(c).await
        })?;
        found.extend(rows.into_iter().filter_map(|row| row.answerer(vault)));
    }
    Ok(found)
}

impl HolderRow {
    fn answerer(self, vault: &Vault) -> Option<(Node, Answerer)> {
        let node = Node::stored(&self.level, self.node)?;
        let phone = masked(vault, self.phone_sealed.as_deref());
        let HolderRow { steward, name, stands_in_for, .. } = self;
        let level = node.tier();
        Some((node, Answerer { steward, name, phone, level, provisional: false, stands_in_for }))
    }
}

/// The team area (or village) in which a household stood on a day; nothing where it was not on the
/// register.
pub async fn division_of(
    tx: &mut Snapshot,
    town: i64,
    household: i64,
    day: Day,
) -> db::Result<Option<Division>> {
    let sql = "SELECT division FROM household_span WHERE town = $1 AND household = $2 AND from_day <= $3 \
               AND until_day > $3";
    let found: Option<i64> = on_db!(tx, c => sqlx::query_scalar(sql)
        .bind(town).bind(household).bind(day.number()).fetch_optional(c).await)?;
    Ok(found.and_then(Division::from_number))
}

/// Who answers for a household on a day; nothing where it was not on the register that day.
/// Whether the asker may know is the caller's to see to.
pub async fn responsible(
    tx: &mut Snapshot,
    vault: &Vault,
    town: i64,
    household: i64,
    day: Day,
) -> db::Result<Option<Responsible>> {
    let Some(division) = division_of(tx, town, household, day).await? else { return Ok(None) };
    let mut nodes: Vec<Node> = path(division).map(Node::Division).collect();
    nodes.push(Node::Household(household));
    let held = holders(tx, vault, town, day, &nodes).await?;
    let held: Held = held.into_iter().map(|(node, answerer)| (node.tier(), answerer)).collect();
    Ok(Some(Responsible::of(&held)))
}

/// Who answers for a division on a day: its own steward, else provisionally the next above.
pub async fn of_division(
    tx: &mut Snapshot,
    vault: &Vault,
    division: Division,
    day: Day,
) -> db::Result<Option<Answerer>> {
    Ok(of_divisions(tx, vault, division.town(), &[division], day).await?.remove(&division))
}

/// Who answers for each of these divisions of a town; missing where nobody up to the town does.
pub async fn of_divisions(
    tx: &mut Snapshot,
    vault: &Vault,
    town: i64,
    divisions: &[Division],
    day: Day,
) -> db::Result<BTreeMap<Division, Answerer>> {
    let mut nodes: Vec<Node> = divisions.iter().flat_map(|d| path(*d)).map(Node::Division).collect();
    nodes.sort_unstable();
    nodes.dedup();
    let held = holders(tx, vault, town, day, &nodes).await?;
    let answers = divisions.iter().filter_map(|division| {
        let own = path(*division).filter_map(|d| {
            let node = Node::Division(d);
            Some((node.tier(), held.get(&node)?.clone()))
        });
        Some((*division, answers_at(&own.collect(), Tier::of(*division)?)?))
    });
    Ok(answers.collect())
}

/// The nodes from the town down to a division.
fn path(division: Division) -> impl Iterator<Item = Division> {
    division.path().into_iter().filter(|division| Tier::of(*division).is_some())
}
