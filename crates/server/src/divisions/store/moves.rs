//! What hangs on a division and moves with it when it is closed or merged: households from a day
//! on, stewards and their nodes, roles. What happened before that day stays where it was.

use std::collections::BTreeMap;

use base::{Day, Division};
use db::{Snapshot, Tx, on_db};
use uuid::Uuid;

/// Households of a town by the division they stand in on a day.
pub(in crate::divisions) async fn household_counts(
    tx: &mut Snapshot,
    root: Division,
    day: Day,
) -> db::Result<BTreeMap<i64, i64>> {
    let range = root.range();
    let sql = "SELECT division, COUNT(*) FROM household_span WHERE town = $1 AND division BETWEEN $2 AND $3 \
               AND from_day <= $4 AND until_day > $4 GROUP BY division";
    let rows: Vec<(i64, i64)> = on_db!(tx, c => sqlx::query_as(sql)
        .bind(root.town()).bind(range.low).bind(range.high).bind(day.number()).fetch_all(c).await)?;
    Ok(rows.into_iter().collect())
}

/// Whether any household stands in a division, or anywhere below it, on a day or later.
pub(in crate::divisions) async fn is_lived_in(
    tx: &mut Snapshot,
    division: Division,
    from: Day,
) -> db::Result<bool> {
    let range = division.range();
    stands(tx, division.town(), range.low, range.high, from).await
}

/// Whether any household stands in a village itself, outside its team areas, on a day or later.
pub(in crate::divisions) async fn has_own_households(
    tx: &mut Snapshot,
    village: Division,
    from: Day,
) -> db::Result<bool> {
    stands(tx, village.town(), village.number(), village.number(), from).await
}

async fn stands(tx: &mut Snapshot, town: i64, low: i64, high: i64, from: Day) -> db::Result<bool> {
    let sql = "SELECT household FROM household_span \
               WHERE town = $1 AND division BETWEEN $2 AND $3 AND until_day > $4 LIMIT 1";
    let found: Option<i64> = on_db!(tx, c => sqlx::query_scalar(sql)
        .bind(town).bind(low).bind(high).bind(from.number()).fetch_optional(c).await)?;
    Ok(found.is_some())
}

/// Whether the round of a day or of a later one was opened: its expected numbers stand then.
pub(in crate::divisions) async fn round_opened_since(
    tx: &mut Snapshot,
    town: i64,
    from: Day,
) -> db::Result<bool> {
    let sql = "SELECT day FROM round_day WHERE town = $1 AND day >= $2 LIMIT 1";
    let found: Option<i32> = on_db!(tx, c => sqlx::query_scalar(sql)
        .bind(town).bind(from.number()).fetch_optional(c).await)?;
    Ok(found.is_some())
}

/// Stewards who belong to a division that was merged by a day belong to the one that took it in;
/// answers how many moved.
pub(in crate::divisions) async fn move_stewards(tx: &mut Tx, by: Day) -> db::Result<u64> {
    // A code that was given out anew after its merger stands for itself.
    let sql = "UPDATE steward SET division = COALESCE((SELECT d.successor FROM division d \
               WHERE d.code = steward.division AND d.successor IS NOT NULL AND d.until_day <= $1 \
               ORDER BY d.from_day DESC LIMIT 1), division) \
               WHERE EXISTS (SELECT 1 FROM division d \
               WHERE d.code = steward.division AND d.successor IS NOT NULL AND d.until_day <= $1) \
               AND NOT EXISTS (SELECT 1 FROM division n WHERE n.code = steward.division AND n.until_day > $1)";
    on_db!(tx, c => sqlx::query(sql).bind(by.number()).execute(c).await.map(|done| done.rows_affected()))
}

/// Gives the roles that go on elsewhere by a day, once; answers how many. Whoever has one keeps the
/// old one as well, to read the past.
pub(in crate::divisions) async fn move_roles(tx: &mut Tx, by: Day) -> db::Result<u64> {
    let sql = "INSERT INTO appointment (account, role, division) \
               SELECT a.account, a.role, m.target FROM role_move m JOIN appointment a ON a.division = m.source \
               WHERE m.on_day <= $1 ON CONFLICT (account, role, division) DO NOTHING";
    let given = on_db!(tx, c => sqlx::query(sql)
        .bind(by.number()).execute(c).await.map(|done| done.rows_affected()))?;
    let sql = "DELETE FROM role_move WHERE on_day <= $1";
    on_db!(tx, c => sqlx::query(sql).bind(by.number()).execute(c).await.map(|_| ()))?;
    Ok(given)
}

/// A move of everything from one division to another on a day.
#[derive(Clone, Copy, Debug)]
pub(in crate::divisions) struct Moves {
    pub from: Division,
    pub to: Division,
    pub on: Day,
}

impl Moves {
    /// Households that stand in `from` stand in `to` from the day on.
    pub(in crate::divisions) async fn households(self, tx: &mut Tx) -> db::Result<()> {
        let later = "UPDATE household_span SET division = $1 \
                     WHERE town = $2 AND division = $3 AND from_day >= $4";
        let divide = "INSERT INTO household_span (town, household, from_day, until_day, division, occupancy) \
                      SELECT town, household, $4, until_day, $1, occupancy FROM household_span \
                      WHERE town = $2 AND division = $3 AND from_day < $4 AND until_day > $4";
        let end = "UPDATE household_span SET until_day = $4 \
                   WHERE town = $2 AND division = $3 AND from_day < $4 AND until_day > $4 AND $1 <> division";
        for sql in [later, divide, end] {
            on_db!(tx, c => sqlx::query(sql)
                .bind(self.to.number()).bind(self.from.town()).bind(self.from.number()).bind(self.on.number())
                .execute(c).await.map(|_| ()))?;
        }
        Ok(())
    }

    /// Whoever answers for the node `from` answers for `to` from the day on, under the given id.
    pub(in crate::divisions) async fn stewardship(
        self,
        tx: &mut Tx,
        by: Option<i64>,
        now: i64,
        id: Uuid,
    ) -> db::Result<()> {
        let sql = "INSERT INTO stewardship (town, id, level, node, steward, from_day, given_by, given_at) \
                   SELECT town, $1, level, $2, steward, $3, $4, $5 FROM stewardship \
                   WHERE town = $6 AND level = 'group' AND node = $7 AND until_day IS NULL";
        on_db!(tx, c => sqlx::query(sql)
            .bind(id).bind(self.to.number()).bind(self.on.number()).bind(by).bind(now)
            .bind(self.from.town()).bind(self.from.number())
            .execute(c).await.map(|_| ()))
    }

    /// Whoever then has a role in `from` has it in `to` as well from the day on, see [`move_roles`].
    pub(in crate::divisions) async fn roles(self, tx: &mut Tx) -> db::Result<()> {
        let sql = "INSERT INTO role_move (source, target, on_day) VALUES ($1, $2, $3)";
        on_db!(tx, c => sqlx::query(sql)
            .bind(self.from.number()).bind(self.to.number()).bind(self.on.number())
            .execute(c).await.map(|_| ()))
    }

    /// Nobody answers for the node `from` any more.
    pub(in crate::divisions) async fn end_stewardship(self, tx: &mut Tx) -> db::Result<()> {
        let sql = "UPDATE stewardship SET until_day = CASE WHEN from_day > $1 THEN from_day ELSE $1 END \
                   WHERE town = $2 AND level IN ('village', 'group') AND node = $3 \
                   AND (until_day IS NULL OR until_day > $1)";
        on_db!(tx, c => sqlx::query(sql)
            .bind(self.on.number()).bind(self.from.town()).bind(self.from.number())
            .execute(c).await.map(|_| ()))
    }
}
