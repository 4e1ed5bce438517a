//! Who did what: one entry for every write, appended in the transaction that it tells of. Soon after,
//! the entries are put into a chain of keyed hashes, so that none can be changed, removed or put
//! elsewhere unseen (ADR 9). What is worth an entry and writes nothing else (a refusal, a look at a
//! household's file) is written in the background.

mod chain;
mod changes;
mod deeds;
mod head;
mod later;
mod link;
mod store;
mod verify;

use base::{Division, Moment};
use db::{Rows, Tx};
use uuid::Uuid;

use crate::web::Visit;

pub use changes::Changes;
pub use deeds::{DEEDS, field_message, message};
pub use head::{Head, file as head_file, told as head_told};
pub use later::{Late, Trail, done_by, keep};
pub use link::{NotLinked, Since, begin_head_anew, link};
pub use store::{Filter, Row, about, called, last, newest, page};
pub use verify::{Checked, Fault, verify};

/// An entry of the audit trail. `action` is a word of [`DEEDS`], `object` what it was done to;
/// `detail` is JSON without personal values.
#[derive(Clone, Debug)]
pub struct Entry<'a> {
    pub account: Option<i64>,
    /// The roles held at that moment, and the division they lie in, as a `Capacity` tells them.
    pub roles: &'a str,
    pub division: Option<Division>,
    pub address: &'a str,
    pub action: &'a str,
    pub object: &'a str,
    pub detail: serde_json::Value,
}

impl<'a> Entry<'a> {
    /// What is done while nobody is signed in: by the program itself, or from its own console.
    pub fn of_program(action: &'a str, object: &'a str, detail: serde_json::Value) -> Entry<'a> {
        Entry { account: None, roles: "", division: None, address: "", action, object, detail }
    }

    /// What a signed-in person does.
    pub fn by(visit: &'a Visit, action: &'a str, object: &'a str, detail: serde_json::Value) -> Entry<'a> {
        let person = &*visit.person;
        Entry {
            account: Some(person.account),
            roles: &person.capacity.roles,
            division: person.capacity.division,
            address: &visit.address,
            ..Entry::of_program(action, object, detail)
        }
    }
}

/// The object of what is about a household.
pub fn household((town, household): (i64, i64)) -> String {
    format!("household/{town}/{household}")
}

/// Appends an entry.
pub async fn record(tx: &mut Tx, id: Uuid, at: Moment, entry: Entry<'_>) -> db::Result<()> {
    record_all(tx, &[(id, at, entry)]).await
}

/// Appends entries, each with its id and the moment of the deed.
pub async fn record_all(tx: &mut Tx, entries: &[(Uuid, Moment, Entry<'_>)]) -> db::Result<()> {
    let details: Vec<_> = entries.iter().map(|of| (of, of.2.detail.to_string())).collect();
    debug_assert!(
        entries.iter().all(|(.., entry)| deeds::is_deed(entry.action)),
        "name the deed in audit/deeds.rs: {entries:?}"
    );
    let sql = "INSERT INTO audit_entry \
               (id, at, account, roles, division, address, action, object, detail) {rows}";
    Rows::of(&details)
        .id(|((id, ..), _)| *id)
        .big(|((_, at, _), _)| at.0)
        .big(|((.., entry), _)| entry.account)
        .text(|((.., entry), _)| entry.roles)
        .big(|((.., entry), _)| entry.division.map(Division::number))
        .text(|((.., entry), _)| entry.address)
        .text(|((.., entry), _)| entry.action)
        .text(|((.., entry), _)| entry.object)
        .text(|(_, detail)| detail.as_str())
        .execute(tx, sql)
        .await
        .map(|_| ())
}

#[cfg(test)]
mod tests;
