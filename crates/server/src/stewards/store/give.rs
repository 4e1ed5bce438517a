//! Giving nodes to stewards: the old stewardship ends and the new begins on the same day, in the
//! same transaction.

use std::collections::{BTreeMap, BTreeSet};

use base::{Clock, Day, Division};
use db::{Snapshot, Tx, on_db};
use sqlx::{Database, Encode, QueryBuilder, Type};

use super::{ROWS, holds, load};
use crate::access::Scope;
use crate::stewards::model::{NewStewardship, Node, Pick, above};

/// What came of giving.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Given {
    Done,
    /// Somebody else changed one of the nodes since it was shown: nothing may be committed.
    Changed,
}

/// Gives nodes of one town to a steward from a day on, or to nobody. What was settled for later
/// days gives way. Undo the transaction when the answer is [`Given::Changed`].
pub async fn give(
    tx: &mut Tx,
    clock: &Clock,
    town: i64,
    given_by: i64,
    picks: &[Pick],
    to: Option<i64>,
    from: Day,
) -> db::Result<Given> {
    let mut shown: BTreeMap<i64, Vec<Node>> = BTreeMap::new();
    for pick in picks {
        shown.entry(pick.shown.unwrap_or(0)).or_default().push(pick.node);
    }
    for (steward, nodes) in &shown {
        let ended = end_open(tx, town, *steward, nodes, from).await?;
        if *steward != 0 && ended != nodes.len() {
            return Ok(Given::Changed);
        }
        end_later(tx, town, nodes, from).await?;
    }
    let Some(steward) = to else { return Ok(Given::Done) };
    let new = |pick: &Pick| NewStewardship { steward, node: pick.node, from };
    let new: Vec<NewStewardship> = picks.iter().map(new).collect();
    match load::assign(tx, clock, town, load::Giver { account: Some(given_by), import: None }, &new).await {
        Ok(()) => Ok(Given::Done),
        Err(error) if db::is_taken(&error) => Ok(Given::Changed),
        Err(error) => Err(error),
    }
}

/// Ends what a steward holds without an end; answers how many of the nodes that were.
async fn end_open(tx: &mut Tx, town: i64, steward: i64, nodes: &[Node], from: Day) -> db::Result<usize> {
    let mut ended = 0;
    for nodes in nodes.chunks(ROWS) {
        let rows = on_db!(tx, c => {
            let mut sql = ending(town, nodes, from);
            sql.push(" AND until_day IS NULL AND steward = ").push_bind(steward);
            sql.build().execute(c).await.map(|done| done.rows_affected())
        })?;
        ended += usize::try_from(rows).unwrap_or(usize::MAX);
    }
    Ok(ended)
}

/// Shortens what ends on a later day than `from`.
async fn end_later(tx: &mut Tx, town: i64, nodes: &[Node], from: Day) -> db::Result<()> {
    for nodes in nodes.chunks(ROWS) {
        on_db!(tx, c => {
            let mut sql = ending(town, nodes, from);
            sql.push(" AND until_day > ").push_bind(from.number());
            sql.build().execute(c).await.map(|_| ())
        })?;
    }
    Ok(())
}

/// Ends stewardships of these nodes when others begin on `from`, though none before it began
/// itself; open for conditions.
fn ending<DB>(town: i64, nodes: &[Node], from: Day) -> QueryBuilder<DB>
where
    DB: Database,
    i64: for<'q> Encode<'q, DB> + Type<DB>,
    i32: for<'q> Encode<'q, DB> + Type<DB>,
    &'static str: Encode<'static, DB> + Type<DB>,
{
    let mut sql = QueryBuilder::new("UPDATE stewardship SET until_day = CASE WHEN from_day > ");
    sql.push_bind(from.number()).push(" THEN from_day ELSE ").push_bind(from.number());
    sql.push(" END WHERE town = ").push_bind(town).push(" AND (level, node) IN (");
    sql.push_values(nodes, |mut row, node| {
        row.push_bind(node.tier().key()).push_bind(node.number());
    });
    sql.push(")");
    sql
}

/// Whether all these nodes may be given away by somebody with this scope: households within it,
/// divisions whose next above is within it, so that nobody appoints who is to watch over him.
pub async fn in_scope(
    tx: &mut Snapshot,
    scope: &Scope,
    town: i64,
    picks: &[Pick],
    today: Day,
) -> db::Result<bool> {
    let (mut households, mut divisions) = (BTreeSet::new(), BTreeSet::new());
    for pick in picks {
        match pick.node {
            Node::Household(household) => _ = households.insert(household),
            Node::Division(division) if division.town() == town && scope.covers(above(division)) => {
                divisions.insert(division);
            }
            Node::Division(_) => return Ok(false),
        }
    }
    let divisions: Vec<Division> = divisions.into_iter().collect();
    if crate::divisions::names(tx, &divisions, today).await?.len() != divisions.len() {
        return Ok(false);
    }
    let households: Vec<i64> = households.into_iter().collect();
    let mut found = 0;
    for part in households.chunks(ROWS) {
        let rows: Vec<i64> = on_db!(tx, c => {
            let mut sql = QueryBuilder::new("SELECT v.household FROM household_span v WHERE v.town = ");
            sql.push_bind(town).push(" AND ");
            holds(&mut sql, "v", today);
            sql.push(" AND ");
            scope.restrict(&mut sql, "v");
            sql.push(" AND v.household IN (");
            let mut list = sql.separated(", ");
            for household in part {
                list.push_bind(*household);
            }
            sql.push(")");
            sql.build_query_scalar().fetch_all(c).await
        })?;
        found += rows.len();
    }
    Ok(found == households.len())
}
