//! Who did what: one entry for every write, appended in the transaction that it tells of.

use base::Moment;
use db::{Tx, on_db};
use uuid::Uuid;

/// An entry of the audit trail. `action` is a word like `check.enter`, `object` what it was done
/// to; `detail` is JSON without personal values.
#[derive(Clone, Debug)]
pub struct Entry<'a> {
    pub account: Option<i64>,
    pub address: &'a str,
    pub action: &'a str,
    pub object: &'a str,
    pub detail: serde_json::Value,
}

/// Appends an entry.
pub async fn record(tx: &mut Tx, id: Uuid, at: Moment, entry: Entry<'_>) -> db::Result<()> {
    let sql = "INSERT INTO audit_entry (id, at, account, address, action, object, detail) \
               VALUES ($1, $2, $3, $4, $5, $6, $7)";
    let detail = entry.detail.to_string();
    on_db!(tx, c => sqlx::query(sql)
        .bind(id).bind(at.0).bind(entry.account).bind(entry.address)
        .bind(entry.action).bind(entry.object).bind(&detail)
        .execute(c).await.map(|_| ()))
}
