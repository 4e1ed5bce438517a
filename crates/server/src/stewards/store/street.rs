//! Households with their contacts, and who answered when.

use base::{Day, Division};
use db::{Snapshot, on_db};
use sqlx::QueryBuilder;

use super::holds;
use crate::access::Scope;
use crate::stewards::model::{House, Node, Span, Tier};

/// Which households are listed.
#[derive(Clone, Copy, Debug)]
pub enum Which {
    /// Of exactly this team area (or village without any).
    Of(Division),
    /// Below this division, without contact; after (division, household), at most so many.
    Open(Division, Option<(i64, i64)>, i64),
    /// Of this steward, today or from a later day on.
    Steward(i64),
}

#[derive(sqlx::FromRow)]
struct Row {
    household: i64,
    house_number: String,
    house_order: String,
    head: String,
    division: i64,
    steward: Option<i64>,
    steward_name: Option<String>,
    until_day: Option<i32>,
    next: Option<i64>,
    next_name: Option<String>,
    next_from: Option<i32>,
}

impl Row {
    fn read(self) -> Option<House> {
        Some(House {
            household: self.household,
            house_number: self.house_number,
            house_order: self.house_order,
            head: self.head,
            division: Division::from_number(self.division)?,
            contact: self.steward.zip(self.steward_name),
            next: match (self.next, self.next_name, self.next_from.and_then(Day::from_number)) {
                (Some(steward), Some(name), Some(from)) => Some((steward, name, from)),
                _ => None,
            },
            ends: self.until_day.and_then(Day::from_number),
        })
    }
}

/// Households in scope with the contact of a day, by division and house number.
pub async fn houses(
    tx: &mut Snapshot,
    scope: &Scope,
    town: i64,
    which: Which,
    day: Day,
) -> db::Result<Vec<House>> {
    let rows: Vec<Row> = on_db!(tx, c => {
        let mut sql = QueryBuilder::new(
            "SELECT v.household, h.house_number, h.house_order, h.head, v.division, s.steward, \
             w.name AS steward_name, s.until_day, n.steward AS next, x.name AS next_name, \
             n.from_day AS next_from \
             FROM household_span v JOIN household h ON h.town = v.town AND h.id = v.household \
             LEFT JOIN stewardship s ON s.town = v.town AND s.level = 'household' AND s.node = v.household AND ",
        );
        holds(&mut sql, "s", day);
        sql.push(
            " LEFT JOIN steward w ON w.town = s.town AND w.id = s.steward \
             LEFT JOIN stewardship n ON n.town = v.town AND n.level = 'household' AND n.node = v.household \
             AND n.until_day IS NULL AND n.from_day > ",
        );
        sql.push_bind(day.number());
        sql.push(" LEFT JOIN steward x ON x.town = n.town AND x.id = n.steward WHERE v.town = ").push_bind(town);
        sql.push(" AND ");
        holds(&mut sql, "v", day);
        sql.push(" AND ");
        scope.restrict(&mut sql, "v");
        match which {
            Which::Of(division) => {
                sql.push(" AND v.division = ").push_bind(division.number());
            }
            Which::Steward(steward) => {
                sql.push(" AND (s.steward = ").push_bind(steward).push(" OR n.steward = ").push_bind(steward);
                sql.push(")");
            }
            Which::Open(root, after, most) => {
                sql.push(" AND s.steward IS NULL AND v.division BETWEEN ").push_bind(root.range().low);
                sql.push(" AND ").push_bind(root.range().high);
                if let Some((division, household)) = after {
                    sql.push(" AND (v.division, v.household) > (").push_bind(division).push(", ");
                    sql.push_bind(household).push(")");
                }
                sql.push(" ORDER BY v.division, v.household LIMIT ").push_bind(most);
            }
        }
        sql.build_query_as().fetch_all(c).await
    })?;
    let mut houses: Vec<House> = rows.into_iter().filter_map(Row::read).collect();
    if !matches!(which, Which::Open(..)) {
        // Sorted here: the engines' own orders of text differ.
        houses.sort_by(|a, b| {
            (a.division, &a.house_order, a.household).cmp(&(b.division, &b.house_order, b.household))
        });
    }
    Ok(houses)
}

/// A household as its page of stewards names it.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Home {
    pub house_number: String,
    pub head: String,
    pub division: i64,
}

/// A household that is in scope on a day.
pub async fn home(
    tx: &mut Snapshot,
    scope: &Scope,
    town: i64,
    household: i64,
    day: Day,
) -> db::Result<Option<Home>> {
    on_db!(tx, c => {
        let mut sql = QueryBuilder::new(
            "SELECT h.house_number, h.head, v.division FROM household_span v \
             JOIN household h ON h.town = v.town AND h.id = v.household WHERE v.town = ",
        );
        sql.push_bind(town).push(" AND v.household = ").push_bind(household).push(" AND ");
        holds(&mut sql, "v", day);
        sql.push(" AND ");
        scope.restrict(&mut sql, "v");
        sql.build_query_as().fetch_optional(c).await
    })
}

#[derive(sqlx::FromRow)]
struct SpanRow {
    level: String,
    node: i64,
    steward: i64,
    name: String,
    from_day: i32,
    until_day: Option<i32>,
}

impl SpanRow {
    fn read(self) -> Option<Span> {
        Some(Span {
            node: Node::stored(&self.level, self.node)?,
            steward: self.steward,
            name: self.name,
            from: Day::from_number(self.from_day)?,
            until: self.until_day.and_then(Day::from_number),
        })
    }
}

/// Who answered for a node from when to when, the latest first. What was called off before it
/// began is left out.
pub async fn spans(tx: &mut Snapshot, town: i64, node: Node) -> db::Result<Vec<Span>> {
    let sql = "SELECT s.level, s.node, s.steward, w.name, s.from_day, s.until_day FROM stewardship s \
               JOIN steward w ON w.town = s.town AND w.id = s.steward \
               WHERE s.town = $1 AND s.level = $2 AND s.node = $3 \
               AND (s.until_day IS NULL OR s.until_day > s.from_day) ORDER BY s.from_day DESC";
    let rows: Vec<SpanRow> = on_db!(tx, c => sqlx::query_as(sql)
        .bind(town).bind(node.tier().key()).bind(node.number()).fetch_all(c).await)?;
    Ok(rows.into_iter().filter_map(SpanRow::read).collect())
}

/// The divisions in scope that a steward answered or answers for, the latest first.
pub async fn past_divisions(
    tx: &mut Snapshot,
    scope: &Scope,
    town: i64,
    steward: i64,
) -> db::Result<Vec<Span>> {
    let sql = "SELECT s.level, s.node, s.steward, w.name, s.from_day, s.until_day FROM stewardship s \
               JOIN steward w ON w.town = s.town AND w.id = s.steward \
               WHERE s.town = $1 AND s.steward = $2 AND s.level <> 'household' \
               AND (s.until_day IS NULL OR s.until_day > s.from_day) ORDER BY s.from_day DESC, s.node";
    let rows: Vec<SpanRow> =
        on_db!(tx, c => sqlx::query_as(sql).bind(town).bind(steward).fetch_all(c).await)?;
    let seen = |span: &Span| matches!(span.node, Node::Division(division) if scope.covers(division));
    Ok(rows.into_iter().filter_map(SpanRow::read).filter(seen).collect())
}

/// A household that a steward was contact of.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Past {
    pub household: i64,
    pub head: String,
    pub house_number: String,
    pub from_day: i32,
    pub until_day: i32,
}

/// The households in scope that a steward handed over, the latest first; at most 200.
pub async fn past_households(
    tx: &mut Snapshot,
    scope: &Scope,
    town: i64,
    steward: i64,
    today: Day,
) -> db::Result<Vec<Past>> {
    on_db!(tx, c => {
        let mut sql = QueryBuilder::new(
            "SELECT v.household, h.head, h.house_number, s.from_day, s.until_day FROM stewardship s \
             JOIN household_span v ON v.town = s.town AND v.household = s.node AND ",
        );
        holds(&mut sql, "v", today);
        sql.push(" JOIN household h ON h.town = v.town AND h.id = v.household WHERE s.town = ").push_bind(town);
        sql.push(" AND s.steward = ").push_bind(steward);
        sql.push(" AND s.level = 'household' AND s.until_day > s.from_day AND s.until_day <= ");
        sql.push_bind(today.number()).push(" AND ");
        scope.restrict(&mut sql, "v");
        sql.push(" ORDER BY s.until_day DESC, v.household LIMIT 200");
        sql.build_query_as().fetch_all(c).await
    })
}

#[derive(sqlx::FromRow)]
struct HeldRow {
    division: i64,
    #[sqlx(flatten)]
    span: SpanRow,
}

/// What is held on a day below `root`, in scope, with the division where it lies: ordered by level
/// and node, after the given one, at most so many.
pub async fn held(
    tx: &mut Snapshot,
    scope: &Scope,
    root: Division,
    day: Day,
    after: Option<(Tier, i64)>,
    most: i64,
) -> db::Result<Vec<(Span, Division)>> {
    let rows: Vec<HeldRow> = on_db!(tx, c => {
        let mut sql = QueryBuilder::new(
            "SELECT q.level, q.node, q.steward, w.name, q.from_day, q.until_day, q.division FROM ( \
             SELECT s.town, s.level, s.node, s.steward, s.from_day, s.until_day, s.node AS division, \
             0 AS household FROM stewardship s WHERE s.level <> 'household' UNION ALL \
             SELECT s.town, s.level, s.node, s.steward, s.from_day, s.until_day, v.division, v.household \
             FROM stewardship s JOIN household_span v ON v.town = s.town AND v.household = s.node AND ",
        );
        holds(&mut sql, "v", day);
        sql.push(" WHERE s.level = 'household') q JOIN steward w ON w.town = q.town AND w.id = q.steward ");
        sql.push("WHERE q.town = ").push_bind(root.town());
        sql.push(" AND q.division BETWEEN ").push_bind(root.range().low).push(" AND ");
        sql.push_bind(root.range().high).push(" AND ");
        holds(&mut sql, "q", day);
        sql.push(" AND ");
        scope.restrict(&mut sql, "q");
        if let Some((tier, node)) = after {
            // The levels' words are told apart by their order here, which no collation changes.
            sql.push(" AND (").push(RANK).push(", q.node) > (").push_bind(rank(tier)).push(", ");
            sql.push_bind(node).push(")");
        }
        sql.push(" ORDER BY ").push(RANK).push(", q.node LIMIT ").push_bind(most);
        sql.build_query_as().fetch_all(c).await
    })?;
    Ok(rows
        .into_iter()
        .filter_map(|row| Some((row.span.read()?, Division::from_number(row.division)?)))
        .collect())
}

const RANK: &str = "CASE q.level WHEN 'town' THEN 0 WHEN 'village' THEN 1 WHEN 'group' THEN 2 ELSE 3 END";

fn rank(tier: Tier) -> i32 {
    match tier {
        Tier::Town => 0,
        Tier::Village => 1,
        Tier::Group => 2,
        Tier::Household => 3,
    }
}
