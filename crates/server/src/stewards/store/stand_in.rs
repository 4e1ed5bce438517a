//! Stand-ins: who answers in a steward's place for a period.

use base::{Clock, Day, Division};
use db::{Snapshot, Tx, on_db};
use sqlx::QueryBuilder;
use uuid::Uuid;

use crate::access::Scope;
use crate::stewards::model::above;

/// A period in which somebody stands in for somebody.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Absence {
    pub id: Uuid,
    pub steward: i64,
    pub steward_name: String,
    pub substitute: i64,
    pub substitute_name: String,
    pub from_day: i32,
    /// Not included.
    pub until_day: i32,
}

const ABSENCE: &str = "SELECT i.id, i.steward, w.name AS steward_name, i.substitute, \
                       u.name AS substitute_name, i.from_day, i.until_day FROM stand_in i \
                       JOIN steward w ON w.town = i.town AND w.id = i.steward \
                       JOIN steward u ON u.town = i.town AND u.id = i.substitute \
                       WHERE i.town = $1 AND (i.steward = $2 OR i.substitute = $2) ORDER BY i.from_day DESC, i.id";

/// When a steward was or will be away, and for whom he stood or will stand in; the latest first.
pub async fn stand_ins(tx: &mut Snapshot, town: i64, steward: i64) -> db::Result<Vec<Absence>> {
    on_db!(tx, c => sqlx::query_as(ABSENCE).bind(town).bind(steward).fetch_all(c).await)
}

/// Whether a steward answers, today or later, for something that nobody of this scope may give away:
/// a household outside, or a division that is given from further up.
pub async fn holds_beyond(
    tx: &mut Snapshot,
    scope: &Scope,
    town: i64,
    steward: i64,
    today: Day,
) -> db::Result<bool> {
    let leads = leads(tx, town, steward, today).await?;
    if !leads.into_iter().all(|division| scope.covers(above(division))) {
        return Ok(true);
    }
    let outside: Option<i64> = on_db!(tx, c => {
        let mut sql = QueryBuilder::new(
            "SELECT v.household FROM stewardship s JOIN household_span v ON v.town = s.town \
             AND v.household = s.node AND v.until_day > ",
        );
        sql.push_bind(today.number()).push(" WHERE s.town = ").push_bind(town);
        sql.push(" AND s.steward = ").push_bind(steward).push(" AND s.level = 'household' AND (s.until_day IS NULL ");
        sql.push("OR s.until_day > ").push_bind(today.number()).push(") AND NOT ");
        scope.restrict(&mut sql, "v");
        sql.push(" LIMIT 1");
        sql.build_query_scalar().fetch_optional(c).await
    })?;
    Ok(outside.is_some())
}

/// The divisions a steward answers for today or later, wherever they are.
async fn leads(tx: &mut Snapshot, town: i64, steward: i64, today: Day) -> db::Result<Vec<Division>> {
    let sql = "SELECT node FROM stewardship WHERE town = $1 AND steward = $2 \
               AND level IN ('group', 'village', 'town') AND (until_day IS NULL OR until_day > $3)";
    let nodes: Vec<i64> = on_db!(tx, c => sqlx::query_scalar(sql)
        .bind(town).bind(steward).bind(today.number()).fetch_all(c).await)?;
    Ok(nodes.into_iter().filter_map(Division::from_number).collect())
}

/// Adds a stand-in from a day to another (not included). The error is a message: a steward has one
/// stand-in at a time, and who is away or stands in himself cannot stand in or be away.
pub async fn add_stand_in(
    tx: &mut Tx,
    clock: &Clock,
    town: i64,
    given_by: i64,
    (steward, substitute): (i64, i64),
    (from, until): (Day, Day),
) -> db::Result<Result<Uuid, &'static str>> {
    lock(tx, town, steward, substitute).await?;
    let mut known = stand_ins(tx, town, steward).await?;
    known.extend(stand_ins(tx, town, substitute).await?);
    let meets = |absence: &&Absence| absence.from_day < until.number() && from.number() < absence.until_day;
    for absence in known.iter().filter(meets) {
        if absence.steward == steward {
            return Ok(Err("stewards-stand-in-twice"));
        }
        if absence.steward == substitute {
            return Ok(Err("stewards-stand-in-away"));
        }
        if absence.substitute == steward {
            return Ok(Err("stewards-stand-in-busy"));
        }
    }
    let id = clock.new_id();
    let sql = "INSERT INTO stand_in (town, id, steward, substitute, from_day, until_day, given_by, given_at) \
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    on_db!(tx, c => sqlx::query(sql)
        .bind(town).bind(id).bind(steward).bind(substitute).bind(from.number()).bind(until.number())
        .bind(given_by).bind(clock.now().0).execute(c).await.map(|_| ()))?;
    Ok(Ok(id))
}

/// Keeps two stand-ins of the same people from being settled at once: where several write at a
/// time, the second waits here for the first.
async fn lock(tx: &mut Tx, town: i64, steward: i64, substitute: i64) -> db::Result<()> {
    let sql = "UPDATE steward SET branch = branch WHERE town = $1 AND id = $2";
    for id in [steward.min(substitute), steward.max(substitute)] {
        on_db!(tx, c => sqlx::query(sql).bind(town).bind(id).execute(c).await.map(|_| ()))?;
    }
    Ok(())
}

/// Ends a stand-in for a steward today; one that has not begun is called off. Answers whether
/// there was one to end.
pub async fn end_stand_in(tx: &mut Tx, town: i64, steward: i64, id: Uuid, today: Day) -> db::Result<bool> {
    let sql = "DELETE FROM stand_in WHERE town = $1 AND steward = $2 AND id = $3 AND from_day >= $4";
    let called_off = on_db!(tx, c => sqlx::query(sql)
        .bind(town).bind(steward).bind(id).bind(today.number()).execute(c).await.map(|d| d.rows_affected()))?;
    let sql = "UPDATE stand_in SET until_day = $4 \
               WHERE town = $1 AND steward = $2 AND id = $3 AND from_day < $4 AND until_day > $4";
    let ended = on_db!(tx, c => sqlx::query(sql)
        .bind(town).bind(steward).bind(id).bind(today.number()).execute(c).await.map(|d| d.rows_affected()))?;
    Ok(called_off + ended > 0)
}

/// The first day of a town's operation; nothing where the town is not run with this program.
pub async fn started(tx: &mut Snapshot, town: i64) -> db::Result<Option<Day>> {
    let sql = "SELECT started_day FROM operation WHERE town = $1";
    let day: Option<i32> = on_db!(tx, c => sqlx::query_scalar(sql).bind(town).fetch_optional(c).await)?;
    Ok(day.and_then(Day::from_number))
}
