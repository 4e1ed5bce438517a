//! Taking in many stewards and stewardships at once.

use base::{Clock, Day};
use db::{Tx, on_db, take_numbers};
use sqlx::QueryBuilder;
use uuid::Uuid;

use super::ROWS;
use crate::stewards::model::{NewSteward, NewStewardship};
use crate::vault::Vault;

/// Takes in stewards of one town; answers their numbers, in the order given.
pub async fn insert(tx: &mut Tx, vault: &Vault, town: i64, new: &[NewSteward]) -> db::Result<Vec<i64>> {
    let first = take_numbers(tx, town, "steward", new.len()).await?;
    let numbered: Vec<(i64, &NewSteward)> = (first..).zip(new).collect();
    for part in numbered.chunks(ROWS) {
        on_db!(tx, c => {
            let mut sql = QueryBuilder::new(
                "INSERT INTO steward (town, id, name, initials, phone_sealed, branch, division, account) ",
            );
            sql.push_values(part, |mut row, (id, s)| {
                row.push_bind(town).push_bind(*id).push_bind(&s.name).push_bind(base::initials(&s.name));
                row.push_bind(s.phone.as_ref().map(|phone| vault.seal(phone)));
                row.push_bind(&s.branch).push_bind(s.division.number()).push_bind(s.account);
            });
            sql.build().execute(c).await.map(|_| ())
        })?;
    }
    Ok(numbered.into_iter().map(|(number, _)| number).collect())
}

/// Who gives nodes, and by which import.
#[derive(Clone, Copy, Debug, Default)]
pub struct Giver {
    pub account: Option<i64>,
    pub import: Option<Uuid>,
}

/// Gives nodes of one town to stewards. Fails as taken where a node has a steward already.
pub async fn assign(
    tx: &mut Tx,
    clock: &Clock,
    town: i64,
    by: Giver,
    new: &[NewStewardship],
) -> db::Result<()> {
    let now = clock.now().0;
    for part in new.chunks(ROWS) {
        on_db!(tx, c => {
            let mut sql = QueryBuilder::new(
                "INSERT INTO stewardship (town, id, level, node, steward, from_day, given_by, given_at, import) ",
            );
            sql.push_values(part, |mut row, s| {
                let (level, node) = (s.node.tier().key(), s.node.number());
                row.push_bind(town).push_bind(clock.new_id()).push_bind(level).push_bind(node);
                row.push_bind(s.steward).push_bind(Day::number(s.from)).push_bind(by.account).push_bind(now);
                row.push_bind(by.import);
            });
            sql.build().execute(c).await.map(|_| ())
        })?;
    }
    Ok(())
}
