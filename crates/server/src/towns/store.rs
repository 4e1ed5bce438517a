//! The rows of towns.

use base::{Day, Division};
use db::{Snapshot, Tx, on_db};

/// A town that is run with this program.
#[derive(Clone, Debug)]
pub struct Operation<'a> {
    pub town: Division,
    pub name: &'a str,
    /// The first day of its rounds.
    pub started: Day,
    /// Its people and figures are made up.
    pub demonstration: bool,
}

/// Starts running a town.
pub async fn start(tx: &mut Tx, operation: &Operation<'_>) -> db::Result<()> {
    let sql = "INSERT INTO operation (town, name, started_day, demonstration) VALUES ($1, $2, $3, $4)";
    on_db!(tx, c => sqlx::query(sql)
        .bind(operation.town.town()).bind(operation.name).bind(operation.started.number())
        .bind(operation.demonstration)
        .execute(c).await.map(|_| ()))
}

/// The towns that are run here, with their names.
pub async fn settled(tx: &mut Snapshot) -> db::Result<Vec<(i64, String)>> {
    on_db!(tx, c => sqlx::query_as("SELECT town, name FROM operation ORDER BY town").fetch_all(c).await)
}
