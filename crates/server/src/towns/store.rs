//! The rows of towns.

use base::{Day, Division};
use db::{Snapshot, Tx, on_db};

use crate::playbook::Playbook;

/// A town that is run with this program.
#[derive(Clone, Debug)]
pub struct Operation<'a> {
    pub town: Division,
    pub name: &'a str,
    pub playbook: &'a Playbook,
    /// The first day of its rounds.
    pub started: Day,
    /// Its people and figures are made up.
    pub demonstration: bool,
}

/// Starts running a town.
pub async fn start(tx: &mut Tx, operation: &Operation<'_>) -> db::Result<()> {
    let sql = "INSERT INTO operation (town, name, zone, cut_off, playbook, playbook_version, started_day, \
               demonstration) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    let playbook = operation.playbook;
    on_db!(tx, c => sqlx::query(sql)
        .bind(operation.town.town()).bind(operation.name).bind(&playbook.zone).bind(&playbook.cut_off)
        .bind(&playbook.key).bind(playbook.version).bind(operation.started.number())
        .bind(operation.demonstration)
        .execute(c).await.map(|_| ()))
}

/// The towns that are run here, with their names.
pub async fn settled(tx: &mut Snapshot) -> db::Result<Vec<(i64, String)>> {
    on_db!(tx, c => sqlx::query_as("SELECT town, name FROM operation ORDER BY town").fetch_all(c).await)
}
