//! Who did what: one entry for every write, appended in the transaction that it tells of.

use base::Moment;
use db::{Rows, Tx};
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

impl<'a> Entry<'a> {
    /// What is done while nobody is signed in: by the program itself, or from its own console.
    pub fn of_program(action: &'a str, object: &'a str, detail: serde_json::Value) -> Entry<'a> {
        Entry { account: None, address: "", action, object, detail }
    }
}

/// Appends an entry.
pub async fn record(tx: &mut Tx, id: Uuid, at: Moment, entry: Entry<'_>) -> db::Result<()> {
    record_all(tx, at, &[(id, entry)]).await
}

/// Appends the entries of things that were done in one transaction.
pub async fn record_all(tx: &mut Tx, at: Moment, entries: &[(Uuid, Entry<'_>)]) -> db::Result<()> {
    let details: Vec<_> = entries.iter().map(|(id, entry)| (id, entry, entry.detail.to_string())).collect();
    let sql = "INSERT INTO audit_entry (id, at, account, address, action, object, detail) {rows}";
    Rows::of(&details)
        .id(|(id, ..)| **id)
        .big(|_| at.0)
        .big(|(_, entry, _)| entry.account)
        .text(|(_, entry, _)| entry.address)
        .text(|(_, entry, _)| entry.action)
        .text(|(_, entry, _)| entry.object)
        .text(|(.., detail)| detail.as_str())
        .execute(tx, sql)
        .await
        .map(|_| ())
}
